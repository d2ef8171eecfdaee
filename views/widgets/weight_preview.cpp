// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/weight_preview.h"

#include "views/models/map_table_model.h"
#include "views/plan/method_texts.h"
#include "views/session/session.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>

namespace espalier::views {
namespace {

constexpr int kMapHeight = 220;
constexpr double kGuessedSpeed = 400e6; ///< bytes per second: a plain SSD
const QString kSpeedKey = QStringLiteral("weights/bytesPerSecond");
constexpr std::uint64_t kTooSmallToTime = 64 << 20; ///< below, starting the program is what takes the time

bool isUnderway(const Job& job)
{
    return job.state() == Job::State::Queued || job.state() == Job::State::Running ||
           job.state() == Job::State::Cancelling;
}

double speed()
{
    const double known = QSettings().value(kSpeedKey).toDouble();
    return known > 0 ? known : kGuessedSpeed;
}

} // namespace

bool wantsWeightScores(const Session& session)
{
    return session.hasModel() && !session.modelFolder().isEmpty() && session.model()->experts > 0 &&
           session.model()->bytes.routedExperts <= kScoredOnOpening && session.statistics()->weights == nullptr &&
           session.statistics()->domains.empty();
}

double weightScoreSeconds(const model::ModelSummary& model)
{
    return static_cast<double>(model.bytes.routedExperts) / speed();
}

void rememberWeightSpeed(const model::ModelSummary& model, double seconds)
{
    if (seconds > 0 && model.bytes.routedExperts >= kTooSmallToTime)
        QSettings().setValue(kSpeedKey, static_cast<double>(model.bytes.routedExperts) / seconds);
}

Job* weightJob(Session& session)
{
    const auto& jobs = session.jobs().jobs();
    const auto found = std::find_if(jobs.rbegin(), jobs.rend(), [&](const Job* job) {
        return job->spec().kind == QLatin1String("weights") && job->spec().arguments.contains(session.modelFolder());
    });
    return found == jobs.rend() ? nullptr : *found;
}

WeightPreview::WeightPreview(Session* session, QWidget* parent)
    : QWidget(parent), m_session(session), m_controls(new QWidget), m_method(new QComboBox),
      m_asTable(new QPushButton(tr("Table"))), m_stack(new QStackedWidget), m_heatmap(new HeatmapWidget),
      m_table(new MapTableModel(this)), m_tableView(new QTableView), m_state(caption()), m_button(new QPushButton)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(sectionHead(tr("First look, from the weights alone")));
    auto* controls = new QHBoxLayout(m_controls);
    controls->setContentsMargins(0, 0, 0, 0);
    m_method->setAccessibleName(tr("Score of the first look"));
    m_asTable->setCheckable(true);
    m_asTable->setToolTip(tr("The same numbers as a table"));
    controls->addWidget(m_method);
    controls->addWidget(m_asTable);
    controls->addStretch(1);
    m_method->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    column->addWidget(m_controls);
    m_heatmap->setObjectName(QStringLiteral("previewMap"));
    m_heatmap->setAccessibleName(tr("Experts, scored from the weights alone"));
    m_heatmap->setToolTipProvider([this](int row, int expert) { return toolTip(row, expert); });
    m_tableView->setAccessibleName(tr("Scores from the weights as a table"));
    makePlainTable(m_tableView);
    m_tableView->setModel(m_table);
    m_stack->addWidget(m_heatmap);
    m_stack->addWidget(m_tableView);
    m_stack->setMinimumHeight(kMapHeight);
    column->addWidget(m_stack, 100);
    auto* line = new QHBoxLayout;
    line->addWidget(m_state, 1);
    line->addWidget(m_button, 0, Qt::AlignTop);
    column->addLayout(line);
    column->addStretch(1);

    connect(m_method, &QComboBox::currentIndexChanged, this, &WeightPreview::showScores);
    connect(m_asTable, &QPushButton::toggled, m_stack, [this](bool table) { m_stack->setCurrentIndex(table ? 1 : 0); });
    connect(m_button, &QPushButton::clicked, this, &WeightPreview::buttonPressed);
    for (const auto signal : {&JobRunner::jobAdded, &JobRunner::jobChanged, &JobRunner::jobFinished})
        connect(&session->jobs(), signal, this, [this](const Job* job) {
            if (job->spec().kind == QLatin1String("weights"))
                showState();
        });
}

void WeightPreview::refresh()
{
    if (!m_session || !m_session->hasModel() || m_session->model()->experts == 0) {
        hide();
        return;
    }
    show();
    if (m_statistics != m_session->statistics()) {
        m_statistics = m_session->statistics();
        const QSignalBlocker quiet(m_method);
        const QVariant before = m_method->currentData();
        m_method->clear();
        for (const MapQuantity& quantity : weightQuantities(*m_statistics))
            m_method->addItem(quantity.title, QString::fromStdString(quantity.id));
        m_method->setCurrentIndex(std::max(0, m_method->findData(before)));
        showScores();
    }
    showState();
}

void WeightPreview::showScores()
{
    m_map.reset();
    const auto quantities = m_statistics ? weightQuantities(*m_statistics) : std::vector<MapQuantity>();
    if (m_method->currentIndex() >= 0 && !quantities.empty())
        if (auto made = weightMap(*m_statistics, quantities[static_cast<std::size_t>(m_method->currentIndex())]))
            m_map = std::make_shared<const OverviewMap>(std::move(*made));
    m_controls->setVisible(m_map != nullptr);
    m_stack->setVisible(m_map != nullptr);
    m_table->setMap(m_map, 0);
    if (!m_map)
        return;
    HeatmapData cells = heatmapOf(*m_map, false, 0);
    cells.title = m_map->quantity.title;
    m_heatmap->setData(std::move(cells));
    m_method->setToolTip(methodMeaning(m_map->quantity.id));
}

QString WeightPreview::toolTip(int row, int expert) const
{
    if (!m_map || row < 0 || row >= static_cast<int>(m_map->layers.size()))
        return {};
    const MapCell& cell = m_map->at(row, expert);
    return tr("Layer %1, expert %2: %3 %4, rank %5 of %6")
        .arg(m_map->layers[static_cast<std::size_t>(row)])
        .arg(expert)
        .arg(m_map->quantity.title, valueText(*m_map, cell.value))
        .arg(m_map->rankInLayer(row, expert))
        .arg(m_map->experts);
}

QString WeightPreview::stateText() const
{
    return m_state->text();
}

void WeightPreview::showState()
{
    if (!m_session || !m_session->hasModel())
        return;
    const Job* job = weightJob(*m_session);
    const bool underway = job != nullptr && isUnderway(*job);
    const auto bytes = m_session->model()->bytes.routedExperts;
    QString text, action;
    if (m_map) {
        text = tr("No text was run: this knows the weights, not your use. Bright experts stay first. Profile before "
                  "you cut.");
    } else if (m_session->modelFolder().isEmpty()) {
        text = tr("The folder of this study's model is not known. Open the model itself once.");
    } else if (underway && job->state() == Job::State::Queued) {
        text = tr("Waits for the job that runs now.");
        action = tr("Cancel");
    } else if (underway) {
        text = job->percent() >= 0 ? tr("Reading the experts, %1…").arg(format::percent(job->percent() / 100, 0))
                                   : tr("Reading the experts…");
        action = tr("Cancel");
    } else {
        text = tr("One read of %1 of experts, about %2 on this machine. No texts are needed.")
                   .arg(format::bytes(bytes), format::duration(std::max(1.0, weightScoreSeconds(*m_session->model()))));
        action = tr("Score the weights");
        if (job != nullptr && job->state() == Job::State::Failed)
            text = tr("The scores could not be computed. %1").arg(job->errorText());
        else if (job != nullptr && job->state() == Job::State::Cancelled)
            text = tr("Cancelled.") + QLatin1Char(' ') + text;
    }
    m_state->setText(text);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
}

void WeightPreview::buttonPressed()
{
    Job* job = m_session ? weightJob(*m_session) : nullptr;
    if (job != nullptr && isUnderway(*job))
        job->cancel();
    else
        emit scoreRequested();
}

} // namespace espalier::views
