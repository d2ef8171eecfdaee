// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/validation_page.h"

#include "views/models/gate_model.h"
#include "views/models/table_text.h"
#include "views/models/validation_model.h"
#include "views/pages/answers_panel.h"
#include "views/pages/gate_panel.h"
#include "views/pages/validation_form.h"
#include "views/plan/method_texts.h"
#include "views/plots/pareto_plot.h"
#include "views/theme/format.h"
#include "views/widgets/banner.h"
#include "views/widgets/labels.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <set>

namespace espalier::views {

namespace {

constexpr int kNamesInBanner = 5;

} // namespace

ValidationPage::ValidationPage(Session* session, QWidget* parent) : Page(session, tr("Validation"), parent)
{
    setSubtitle(tr("base and plans scored in the same run, on texts not used for the scores"));
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->hide();
    contentLayout()->addWidget(m_progress);
    buildViews();
}

void ValidationPage::buildViews()
{
    auto* results = new QWidget;
    auto* column = new QVBoxLayout(results);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kGroupGap);
    m_resultArea = buildResults();
    column->addWidget(m_resultArea, 1);
    m_nothing = caption(tr("Nothing was compared yet. Choose plans and texts below: the page will show what each cut "
                           "costs, domain by domain, beside the memory it needs."));
    m_nothing->setAlignment(Qt::AlignCenter);
    column->addWidget(m_nothing, 1);
    column->addWidget(rule(Qt::Horizontal));
    column->addWidget(sectionHead(tr("New comparison")));
    m_form = new ValidationForm;
    m_form->setMaximumHeight(208);
    column->addWidget(m_form);
    m_answers = new AnswersPanel;
    m_gate = new GatePanel;
    m_stack = new QStackedWidget;
    m_views = new QButtonGroup(this);
    const std::pair<QWidget*, QString> views[] = {
        {results, tr("Results")}, {m_answers, tr("Answers")}, {m_gate, tr("Gate")}};
    for (const auto& [widget, title] : views) {
        auto* button = new QPushButton(title);
        button->setCheckable(true);
        m_views->addButton(button, m_stack->addWidget(widget));
        titleActions()->addWidget(button);
    }
    contentLayout()->addWidget(m_stack, 1);
    connect(m_views, &QButtonGroup::idClicked, this, [this](int id) { showView(static_cast<View>(id)); });
    connect(m_form, &ValidationForm::startRequested, this, &ValidationPage::start);
    connect(m_gate, &GatePanel::failed, this, &Page::showError);
    connect(m_gate, &GatePanel::changed, this, [this] { m_form->setGate(m_gate->file()); });
    connect(m_answers, &AnswersPanel::answersChanged, this, &Page::stateChanged);
    showView(Results);
}

void ValidationPage::showView(View view)
{
    m_stack->setCurrentIndex(view);
    m_views->button(view)->setChecked(true);
    if (view == Gate)
        if (const auto job = m_form->job())
            m_gate->setArguments(job->arguments);
    emit stateChanged();
}

ValidationPage::~ValidationPage() = default;

QWidget* ValidationPage::buildResults()
{
    auto* area = new QWidget;
    auto* columns = new QHBoxLayout(area);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(grid::kColumnGap);
    auto* left = new QVBoxLayout;
    left->setSpacing(grid::kLabelGap);
    left->addWidget(sectionHead(tr("Memory against loss")));
    left->addWidget(caption(tr("mean KL of the domains each plan was made for")));
    m_plot = new ParetoPlot;
    left->addWidget(m_plot, 1);
    left->addWidget(
        caption(tr("dotted: best plan up to each size · points at 1e-5 are at or below it"), ColorRole::TextThird));
    columns->addLayout(left, 4);
    columns->addWidget(rule(Qt::Vertical));

    auto* right = new QVBoxLayout;
    right->setSpacing(grid::kInsideGap);
    m_broken = new Banner;
    m_broken->setProperty("place", QStringLiteral("broken"));
    auto* head = new QHBoxLayout;
    m_head = sectionHead();
    m_headDetail = caption();
    m_choice = new QComboBox;
    m_choice->setObjectName(QStringLiteral("plan"));
    m_choice->setAccessibleName(tr("Plan"));
    m_choice->setMinimumWidth(140);
    head->addWidget(m_head);
    head->addWidget(m_headDetail, 1);
    head->addWidget(m_choice);
    right->addLayout(head);
    right->addWidget(m_broken);
    m_model = new ValidationModel(this);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("results"));
    m_table->setAccessibleName(tr("Plan against base, per domain"));
    makePlainTable(m_table);
    m_table->setModel(m_model);
    auto* header = m_table->horizontalHeader();
    const int widths[] = {128, 82, 54, 54, 90, 102, 74, 66, 66};
    for (int column = 0; column < ValidationModel::ColumnCount; ++column)
        header->resizeSection(column, widths[column]);
    header->setSectionResizeMode(ValidationModel::Domain, QHeaderView::Stretch);
    header->setMinimumSectionSize(40);
    right->addWidget(m_table, 1);
    m_caption = caption({}, ColorRole::TextThird);
    right->addWidget(m_caption);
    m_sentence = new QLabel;
    m_sentence->setWordWrap(true);
    Theme::setTextStyle(m_sentence, TextStyle::SectionHead);
    right->addWidget(m_sentence);
    m_examples = caption();
    m_examples->setTextInteractionFlags(Qt::TextSelectableByMouse);
    right->addWidget(m_examples);
    columns->addLayout(right, 7);

    connect(m_choice, &QComboBox::activated, this, [this] { showPlan(m_choice->currentText()); });
    connect(m_plot, &ParetoPlot::selectionChanged, this, &ValidationPage::showPlan);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
        QStringList lines;
        if (const MeasuredDomain* domain = m_model->domainAt(index.row()))
            for (const QString& example : domain->lostExamples)
                lines << tr("lost: %1").arg(example);
        m_examples->setText(lines.join(QLatin1Char('\n')));
    });
    return area;
}

QString ValidationPage::stateText() const
{
    if (!usable())
        return tr("needs a plan");
    std::set<std::string> names;
    for (const auto& record : session()->validations())
        for (const auto& plan : record.document.value("plans", base::OrderedJson::array()))
            if (plan.is_object() && !plan.value("control", false))
                names.insert(plan.value("name", ""));
    return names.empty() ? tr("nothing compared yet")
                         : tr("%n plan(s) validated", nullptr, static_cast<int>(names.size()));
}

bool ValidationPage::usable() const
{
    return session() && (!session()->plans().empty() || !session()->validations().empty());
}

QString ValidationPage::keysText() const
{
    switch (m_stack->currentIndex()) {
    case Answers:
        return tr("Ctrl+Return asks base and plan");
    case Gate:
        return tr("F2 or typing edits a limit; an empty field is no limit");
    default:
        return tr("Left and Right step through the points");
    }
}

void ValidationPage::refresh()
{
    if (!usable()) {
        showEmpty(tr("A validation compares saved plans with the whole model. Make and save a plan first."),
                  tr("Go to the planner"), [this] { emit pageRequested(QStringLiteral("planner")); });
        return;
    }
    showContent();
    m_form->setSession(session());
    m_answers->setSession(session());
    m_gate->setValidations(session()->validations());
    m_results = readValidations(session()->validations(), session()->plans());
    m_resultArea->setVisible(!m_results.empty());
    m_nothing->setVisible(m_results.empty());
    std::vector<ParetoPoint> points;
    m_choice->clear();
    for (const auto& plan : m_results) {
        m_choice->addItem(plan.name);
        if (const double kl = plan.kl(); std::isfinite(kl))
            points.push_back({plan.name, methodTitle(plan.method.toStdString()), plan.memory, kl, 0, 0, plan.control});
    }
    m_plot->setPoints(std::move(points));
    if (!m_results.empty()) {
        const QString now = m_model->plan().name;
        const bool still = std::any_of(m_results.begin(), m_results.end(),
                                       [&](const ValidatedPlan& plan) { return plan.name == now; });
        showPlan(still ? now : m_results.front().name);
    }
}

void ValidationPage::preparePlan(const QString& name)
{
    if (session())
        m_form->setSession(session());
    m_form->checkPlan(name);
    showView(Results);
}

void ValidationPage::showPlan(const QString& name)
{
    const auto found =
        std::find_if(m_results.begin(), m_results.end(), [&](const ValidatedPlan& plan) { return plan.name == name; });
    if (found == m_results.end())
        return;
    m_model->setPlan(*found);
    m_table->clearSpans();
    if (m_model->groupRow() >= 0)
        m_table->setSpan(m_model->groupRow(), 0, 1, ValidationModel::ColumnCount);
    m_head->setText(found->name);
    m_headDetail->setText(
        tr("%1, %2, against base").arg(methodTitle(found->method.toStdString()), format::bytes(found->memory)));
    std::int64_t items = 0;
    for (const auto& domain : found->domains)
        items = std::max(items, domain.items);
    QString text = items > 0
                       ? tr("up to %n item(s) per task, greedy · flips: right to wrong / wrong to right · McNemar, "
                            "not corrected for several tasks",
                            nullptr, static_cast<int>(items))
                       : tr("texts only: no task was scored");
    if (found->stale)
        text = tr("The plan was changed after this run: validate again.") + QLatin1Char(' ') + text;
    m_caption->setText(text);
    setTone(m_caption, found->stale ? ColorRole::Warning : ColorRole::TextThird);
    m_sentence->setText(ValidationModel::sentence(*found));
    showBroken(*found);
    m_gate->choosePlan(name);
    m_examples->clear();
    m_choice->setCurrentText(name);
    m_plot->select(name);
    setReadout(tr("%1 selected · %2 · KL %3 nats per token on its own domains")
                   .arg(name, format::bytes(found->memory),
                        std::isfinite(found->kl()) ? format::kl(found->kl()) : format::unknown()));
}

/// A cut is good for what it was made for; that it ruins the rest must not be found out in use.
void ValidationPage::showBroken(const ValidatedPlan& plan)
{
    QStringList names;
    for (const auto& domain : plan.domains)
        if (!domain.calibrated && domain.breaks())
            names << domain.name;
    const auto count = static_cast<int>(names.size());
    if (count > kNamesInBanner)
        names = names.mid(0, kNamesInBanner) << QStringLiteral("+%1").arg(count - kNamesInBanner);
    if (names.isEmpty() || plan.control)
        m_broken->clear();
    else
        m_broken->showMessage(
            Banner::Kind::Error,
            tr("%n domain(s) outside the calibration: %1. Keep such texts away from this plan, or add "
               "them to the plan’s domains.",
               nullptr, count)
                .arg(names.join(QStringLiteral(", "))),
            {}, tr("Breaks"));
}

void ValidationPage::start()
{
    const auto spec = m_form->job();
    if (!spec)
        return;
    showError({});
    watch(session()->jobs().start(*spec));
}

void ValidationPage::watch(Job* job)
{
    m_progress->setRange(0, 0);
    m_progress->show();
    connect(job, &Job::changed, this, [this, job] {
        m_progress->setRange(0, job->percent() >= 0 ? 100 : 0);
        m_progress->setValue(static_cast<int>(job->percent()));
    });
    connect(job, &Job::finished, this, [this, job] {
        m_progress->hide();
        if (job->state() == Job::State::Failed)
            showError(job->errorText());
        const QJsonObject gate = job->result().value(QLatin1String("gate")).toObject();
        if (job->state() == Job::State::Finished && gate.contains(QLatin1String("ok")) &&
            !gate.value(QLatin1String("ok")).toBool())
            showError(tr("The gate is broken in %n place(s); the view Gate shows which.", nullptr,
                         static_cast<int>(gate.value(QLatin1String("broken")).toArray().size())));
    });
}

QString ValidationPage::copyText() const
{
    switch (m_stack->currentIndex()) {
    case Answers:
        return m_answers->toTsv();
    case Gate:
        return tableText(m_gate->limits(), QLatin1Char('\t'));
    default:
        return m_plot->hasFocus() ? m_plot->toTsv() : tableText(*m_model, QLatin1Char('\t'));
    }
}

bool ValidationPage::hasTable() const
{
    return m_stack->currentIndex() == Results ? !m_results.empty() : m_stack->currentIndex() == Gate;
}

QString ValidationPage::exportFigure(const QString& path)
{
    return m_plot->exportFigure(path);
}

QString ValidationPage::exportTable(const QString& path)
{
    if (m_stack->currentIndex() == Gate)
        return writeTable(m_gate->limits(), path);
    return writeTable(*m_model, path);
}

} // namespace espalier::views
