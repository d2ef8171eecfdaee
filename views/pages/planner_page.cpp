// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/planner_page.h"

#include "views/models/device_list_model.h"
#include "views/models/plan_cut_model.h"
#include "views/models/plan_domain_model.h"
#include "views/models/plan_list_model.h"
#include "views/models/table_text.h"
#include "views/pages/planner_marks.h"
#include "views/plan/method_texts.h"
#include "views/plan/plan_loading.h"
#include "views/plan/plan_texts.h"
#include "views/plots/device_bars.h"
#include "views/plots/heatmap_widget.h"
#include "views/plots/layer_counts.h"
#include "views/plots/stack_bar.h"
#include "views/theme/format.h"
#include "views/widgets/labels.h"

#include <QDateTime>
#include <QInputDialog>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QTime>
#include <QUndoView>

#include <algorithm>

namespace espalier::views {

PlannerPage::PlannerPage(Session* session, QWidget* parent) : Page(session, tr("Planner"), parent)
{
    buildActions();
    buildColumns();
    connect(&m_editor, &PlanEditor::changed, this, &PlannerPage::showPlan);
    connect(m_editor.undoStack(), &QUndoStack::cleanChanged, this, &PlannerPage::showPlan);
    connect(&m_editor, &PlanEditor::refused, this, [this](const QString& why) { setReadout(why); });
    connect(&m_editor, &PlanEditor::journalDue, this, [this](const QString& text, const base::OrderedJson& state) {
        if (!this->session())
            return;
        this->session()->addJournal(text, state);
    });
    connect(session, &Session::journalWritten, this, [this](const QString& fault) {
        m_journal->setText(fault.isEmpty()
                               ? tr("journal saved %1").arg(QTime::currentTime().toString(QStringLiteral("HH:mm:ss")))
                               : tr("journal not saved"));
        m_journal->setToolTip(fault);
    });
}

PlannerPage::~PlannerPage() = default;

QString PlannerPage::stateText() const
{
    if (!session() || !canPlanWith(*session()->statistics()))
        return tr("needs a profile");
    return tr("%n plan(s)", nullptr, static_cast<int>(session()->plans().size()));
}

bool PlannerPage::usable() const
{
    return session() && canPlanWith(*session()->statistics());
}

QString PlannerPage::keysText() const
{
    return tr("Space keeps or drops · L locks · drag selects a block · U same count in every layer");
}

void PlannerPage::refresh()
{
    const auto model = session()->model();
    const auto statistics = session()->statistics();
    if (!model || !canPlanWith(*statistics)) {
        m_model.reset();
        m_editor.setData({}, {});
        setSubtitle({});
        if (model)
            showEmpty(tr("A plan needs to know which experts your texts use: measure the model on a few texts first. "
                         "Or score the weights alone (Study > Score the weights): a preview that knows no texts."),
                      tr("New profile…"), [this] { emit actionRequested(QStringLiteral("profile")); });
        else
            showEmpty(tr("Open a model and measure it; then choose here which experts stay."), tr("Open the sample"),
                      [this] { emit actionRequested(QStringLiteral("sample")); });
        return;
    }
    showContent();
    // A saved plan or a finished validation must not throw away the steps of the plan at hand.
    if (!m_model || !sameData(*model, *statistics)) {
        m_model = model;
        m_editor.setData(model, statistics);
        offerUnsaved();
    }
    showPlans();
}

void PlannerPage::offerUnsaved()
{
    const auto step = session()->lastStep();
    const auto state =
        step ? unsavedState(*step, session()->plans(), m_editor.statistics(), m_editor.state()) : std::nullopt;
    if (!state)
        return;
    const QString when = format::locale().toString(
        QDateTime::fromString(QString::fromStdString(step->created), Qt::ISODate).toLocalTime(), QLocale::ShortFormat);
    showNote(tr("Work on “%1” of %2 was not saved. Last step: %3.")
                 .arg(QString::fromStdString(state->request.name), when, QString::fromStdString(step->text)),
             {{tr("Take it up"), [this, state = *state] { m_editor.takeUp(state); }},
              {tr("Forget it"), [this] { this->session()->addJournal(tr("Begin anew"), m_editor.state().toJson()); }}});
}

bool PlannerPage::sameData(const model::ModelSummary& model, const stats::Statistics& statistics) const
{
    const auto& now = m_editor.statistics().domains;
    if ((m_editor.statistics().weights == nullptr) != (statistics.weights == nullptr))
        return false;
    return m_editor.ready() && m_editor.model() == model &&
           std::equal(now.begin(), now.end(), statistics.domains.begin(), statistics.domains.end(),
                      [](const stats::DomainStats& a, const stats::DomainStats& b) {
                          return a.name == b.name && a.tokens == b.tokens && a.windows == b.windows &&
                                 a.dataSha256 == b.dataSha256;
                      });
}

// ---- plans ----------------------------------------------------------------------------------------------------------

QString PlannerPage::freeName(const QString& stem) const
{
    for (int n = 1;; ++n)
        if (const QString name = QStringLiteral("%1-%2").arg(stem).arg(n); m_plans->rowOf(name) < 0)
            return name;
}

void PlannerPage::newPlan()
{
    if (m_editor.ready())
        m_editor.duplicate(freeName(QStringLiteral("plan")));
}

void PlannerPage::savePlan()
{
    if (!m_editor.ready() || !m_editor.problem().isEmpty())
        return;
    if (session()->savePlan(m_editor.planToSave()))
        m_editor.markSaved();
}

void PlannerPage::openPlan(const QString& name)
{
    if (!m_editor.ready())
        return;
    for (const auto& record : session()->plans()) {
        if (QString::fromStdString(record.name) != name)
            continue;
        auto read = plan::Plan::fromJson(record.document, session()->studyPath().toStdString(), m_editor.model());
        if (!read) {
            showError(QString::fromStdString(read.error().text()));
            return;
        }
        read->name = record.name;
        m_editor.load(*read);
        return;
    }
}

void PlannerPage::renamePlan()
{
    bool ok = false;
    const QString name = QInputDialog::getText(this, tr("Rename plan"), tr("Name"), QLineEdit::Normal,
                                               QString::fromStdString(m_editor.state().request.name), &ok);
    if (ok)
        m_editor.rename(name);
}

// ---- what is shown --------------------------------------------------------------------------------------------------

void PlannerPage::showPlan()
{
    if (!m_editor.ready() || !session()) // the history is emptied when the window ends, after its session
        return;
    const auto& request = m_editor.state().request;
    const QString name = QString::fromStdString(request.name);
    const auto validated = validatedPlans(session()->validations());
    const bool measured =
        !m_editor.modified() && std::find(validated.begin(), validated.end(), request.name) != validated.end();
    setSubtitle((measured ? tr("%1, %2, %3. Validated.") : tr("%1, %2, %3. Predicted, not validated."))
                    .arg(name, methodTitle(request.score.method), allocatorTitle(request.allocator)));
    showError(m_editor.problem());
    m_save->setEnabled(m_editor.problem().isEmpty());
    m_validate->setEnabled(m_editor.problem().isEmpty());
    m_plans->setCurrent(name, m_editor.modified());
    showMemory();
    showExperts();
    emit stateChanged();
}

void PlannerPage::showMemory()
{
    const auto& predicted = m_editor.plan().predicted;
    const auto& bytes = predicted.bytes;
    const std::uint64_t need = predicted.memory.total(), budget = m_editor.state().budget;
    const std::uint64_t whole = m_editor.wholeMemory();
    m_memoryHead->setText(format::bytes(need));
    m_memoryText->setText(need <= budget
                              ? tr("of %1 budget, %2 free; whole model %3")
                                    .arg(format::bytes(budget), format::bytes(budget - need), format::bytes(whole))
                              : tr("of %1 budget, %2 too much; whole model %3")
                                    .arg(format::bytes(budget), format::bytes(need - budget), format::bytes(whole)));
    const bool over = m_editor.overBudget();
    const auto& split = m_editor.split();
    m_memoryVerdict->setText(!over   ? tr("fits")
                             : split ? tr("over on %1").arg(deviceName(m_editor.state(), *split->tooFull))
                                     : tr("over"));
    setTone(m_memoryVerdict, over ? ColorRole::Danger : ColorRole::Text);
    m_bar->setParts({{tr("experts kept"), bytes.routedExperts, ColorRole::SeriesBlue, false},
                     {tr("other weights"), bytes.total() - bytes.routedExperts, ColorRole::ControlEdge, false},
                     {tr("cache"), predicted.memory.kvCache, ColorRole::SeriesOrange, false},
                     {tr("workspace"), predicted.memory.workspace, ColorRole::TextThird, true}});
    m_bar->setRemoved(whole > need ? whole - need : 0);
    m_bar->setLines({{tr("budget"), budget, true}});
    showDevices();
}

void PlannerPage::showDevices()
{
    const auto& split = m_editor.split();
    m_deviceBars->setVisible(split.has_value());
    if (!split)
        return;
    QList<DeviceBars::Row> rows;
    for (std::size_t d = 0; d < split->loads.size(); ++d) {
        const auto& load = split->loads[d];
        rows.append({deviceName(m_editor.state(), d), layersText(load), m_editor.state().devices[d].bytes,
                     load.bytes.routedExperts, load.memory.weights - load.bytes.routedExperts, load.memory.kvCache,
                     load.memory.workspace});
    }
    m_deviceBars->setRows(std::move(rows));
}

void PlannerPage::showExperts()
{
    if (m_editor.scores() != m_shownScores) {
        m_shownScores = m_editor.scores();
        m_heatmap->setData(plannerHeatmap(m_editor));
    } else {
        m_heatmap->setMarks(plannerMarks(m_editor));
    }
    std::vector<int> counts;
    for (const auto& layer : m_editor.plan().layers)
        counts.push_back(static_cast<int>(layer.keep.size()));
    m_counts->setCounts(std::move(counts), m_editor.model().topK, m_editor.model().experts);
    const QPoint cursor = m_heatmap->cursorCell();
    if (cursor.y() >= 0)
        showReadout(cursor.y(), cursor.x());
}

void PlannerPage::showPlans()
{
    m_plans->setPlans(session()->plans(), session()->validations());
    m_plans->setCurrent(QString::fromStdString(m_editor.state().request.name), m_editor.modified());
}

void PlannerPage::showReadout(int row, int expert)
{
    if (row < 0 || row >= static_cast<int>(m_editor.plan().layers.size())) {
        setReadout({});
        return;
    }
    const int layer = m_editor.plan().layers[static_cast<std::size_t>(row)].layer.value();
    setReadout(
        (m_editor.kept(row, expert) ? tr("Layer %1, expert %2: kept, %3") : tr("Layer %1, expert %2: dropped, %3"))
            .arg(layer)
            .arg(expert)
            .arg(PlanTexts::reason(m_editor, row, expert)));
}

QString PlannerPage::copyText() const
{
    return m_heatmap->hasFocus() ? m_heatmap->toTsv() : tableText(*m_domains, QLatin1Char('\t'));
}

QString PlannerPage::exportFigure(const QString& path)
{
    return m_heatmap->exportFigure(path);
}

QString PlannerPage::exportTable(const QString& path)
{
    return writeTable(*m_domains, path);
}

} // namespace espalier::views
