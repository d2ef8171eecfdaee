// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/gate_panel.h"

#include "core/base/file.h"
#include "views/models/gate_model.h"
#include "views/models/validation_data.h"
#include "views/pages/export_texts.h"
#include "views/widgets/labels.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>

#include <set>

namespace espalier::views {

GatePanel::GatePanel(QWidget* parent)
    : QWidget(parent), m_model(new GateModel(this)), m_choice(new QComboBox), m_summary(sectionHead()),
      m_fileLabel(caption()), m_save(new QPushButton(tr("Save…"))), m_command(new QPlainTextEdit)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    column->addWidget(
        caption(tr("Limits that a cut must keep: type them into the column Limit. They are held against what "
                   "was measured last, at once; saved as a file, they make the check in CI fail.")));
    auto* head = new QHBoxLayout;
    m_choice->setObjectName(QStringLiteral("gatePlan"));
    m_choice->setAccessibleName(tr("Plan"));
    m_choice->setMinimumWidth(180);
    auto* propose = new QPushButton(tr("Usual limits"));
    propose->setObjectName(QStringLiteral("gatePropose"));
    propose->setToolTip(tr("Those by which this page says “breaks”"));
    auto* clear = new QPushButton(tr("No limits"));
    auto* open = new QPushButton(tr("Open…"));
    m_save->setObjectName(QStringLiteral("gateSave"));
    Theme::setPrimary(m_save);
    head->addWidget(new QLabel(tr("Plan")));
    head->addWidget(m_choice);
    head->addWidget(m_fileLabel, 1);
    for (QPushButton* button : {propose, clear, open, m_save})
        head->addWidget(button);
    column->addLayout(head);
    m_summary->setObjectName(QStringLiteral("gateSummary"));
    column->addWidget(m_summary);
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("gate"));
    table->setAccessibleName(tr("Limits of the gate"));
    makePlainTable(table);
    table->setSelectionBehavior(QAbstractItemView::SelectItems);
    table->setModel(m_model);
    auto* header = table->horizontalHeader();
    header->setSectionResizeMode(GateModel::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(GateModel::Measure, QHeaderView::Stretch);
    for (const auto narrow : {GateModel::Limit, GateModel::Measured, GateModel::Verdict})
        header->resizeSection(narrow, 120);
    table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                           QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    column->addWidget(table, 1);
    column->addWidget(sectionHead(tr("The same in CI")));
    m_command->setReadOnly(true);
    m_command->setFont(Theme::font(TextStyle::Mono));
    m_command->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_command->setTabChangesFocus(true);
    m_command->setAccessibleName(tr("The same in CI"));
    m_command->setFixedHeight(112);
    column->addWidget(m_command);
    connect(m_choice, &QComboBox::activated, this, [this] { choosePlan(m_choice->currentText()); });
    connect(propose, &QPushButton::clicked, this, &GatePanel::proposeLimits);
    connect(clear, &QPushButton::clicked, m_model, &GateModel::clear);
    connect(open, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Open a gate file"), {}, tr("Gates (*.json)"));
        if (const QString fault = path.isEmpty() ? QString() : this->open(path); !fault.isEmpty())
            emit failed(fault);
    });
    connect(m_save, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getSaveFileName(
            this, tr("Save the gate"), m_path.isEmpty() ? QStringLiteral("gate.json") : m_path, tr("Gates (*.json)"));
        if (const QString fault = path.isEmpty() ? QString() : save(path); !fault.isEmpty())
            emit failed(fault);
    });
    connect(m_model, &GateModel::limitsChanged, this, [this] {
        m_saved = false;
        showState();
    });
    showState();
}

void GatePanel::setValidations(const std::vector<study::ValidationRecord>& records)
{
    const QString before = m_choice->currentText();
    m_plans.clear();
    m_choice->clear();
    std::set<std::string> seen;
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        const auto plans = record->document.find("plans");
        if (plans == record->document.end() || !plans->is_array())
            continue;
        for (const auto& plan : *plans) {
            const auto name = plan.is_object() ? plan.find("name") : plan.end();
            const auto control = plan.is_object() ? plan.find("control") : plan.end();
            if (name == plan.end() || !name->is_string() || (control != plan.end() && *control == true) ||
                !seen.insert(name->get<std::string>()).second)
                continue;
            m_plans.push_back(plan);
            m_choice->addItem(QString::fromStdString(name->get<std::string>()));
        }
    }
    choosePlan(m_choice->findText(before) >= 0 ? before : m_choice->itemText(0));
}

void GatePanel::choosePlan(const QString& name)
{
    const int index = m_choice->findText(name);
    m_choice->setCurrentIndex(index);
    m_model->setPlan(index >= 0 ? m_plans[static_cast<std::size_t>(index)] : base::OrderedJson::object());
    showState();
}

void GatePanel::setArguments(const QStringList& arguments)
{
    m_arguments = arguments;
    for (const char* own : {"--gate", "--plan"}) // the panel names its own
        for (auto at = m_arguments.indexOf(QLatin1String(own)); at >= 0; at = m_arguments.indexOf(QLatin1String(own)))
            m_arguments.remove(at, 2);
    showState();
}

QString GatePanel::open(const QString& path)
{
    const auto gate = base::readJsonFile(path.toStdString());
    if (!gate)
        return QString::fromStdString(gate.error().text());
    if (QString fault = m_model->read(*gate, path); !fault.isEmpty())
        return fault;
    m_path = path;
    m_saved = true;
    showState();
    return {};
}

QString GatePanel::save(const QString& path)
{
    const auto written = base::writeFileAtomically(path.toStdString(), m_model->toJson().dump(2) + "\n");
    if (!written)
        return QString::fromStdString(written.error().text());
    m_path = path;
    m_saved = true;
    showState();
    return {};
}

void GatePanel::proposeLimits()
{
    m_model->clear();
    m_model->setLimit("domains", "*", "kl_mean_max", kKlLimit);
    m_model->setLimit("tasks", "*", "accuracy_drop_max", kAccuracyDrop);
}

QString GatePanel::summary() const
{
    const int limits = m_model->limits(), broken = m_model->broken(), unmeasured = m_model->unmeasured();
    if (limits == 0)
        return tr("No limits yet: type some into the table, or begin with the usual ones.");
    if (m_choice->currentIndex() < 0)
        return tr("%n limit(s); no plan was compared yet.", nullptr, limits);
    QString text = broken > 0
                       ? tr("✕ %1 breaks %2 of %n limit(s).", nullptr, limits).arg(m_choice->currentText()).arg(broken)
                       : tr("✓ %1 breaks none of %n limit(s).", nullptr, limits).arg(m_choice->currentText());
    if (unmeasured > 0)
        text +=
            QLatin1Char(' ') + tr("For %n of them nothing was measured: the check would fail.", nullptr, unmeasured);
    return text;
}

void GatePanel::showState()
{
    const bool limits = m_model->limits() > 0;
    const bool bad = m_model->broken() > 0;
    m_summary->setText(summary());
    m_summary->setAccessibleName(m_summary->text());
    Theme::setTextStyle(m_summary, TextStyle::SectionHead,
                        !limits || m_choice->currentIndex() < 0 ? ColorRole::TextSecond
                        : bad                                   ? ColorRole::Danger
                        : m_model->unmeasured() > 0             ? ColorRole::Warning
                                                                : ColorRole::Passed);
    m_summary->style()->unpolish(m_summary);
    m_summary->style()->polish(m_summary);
    m_save->setEnabled(limits);
    m_fileLabel->setText(m_path.isEmpty() ? tr("not saved")
                         : m_saved        ? QFileInfo(m_path).fileName()
                                          : tr("%1, changed since").arg(QFileInfo(m_path).fileName()));
    m_fileLabel->setToolTip(m_path);
    const QStringList words =
        m_arguments.isEmpty() ? QStringList{QStringLiteral("validate"), QStringLiteral("MODEL")} : m_arguments;
    m_command->setPlainText(ExportTexts::shellCommand(
        words + QStringList{QStringLiteral("--plan"), m_choice->currentText(), QStringLiteral("--gate"),
                            m_path.isEmpty() ? QStringLiteral("gate.json") : m_path}));
    emit changed();
}

} // namespace espalier::views
