// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/validation_form.h"

#include "views/widgets/labels.h"
#include "views/widgets/number_box.h"

#include <QCheckBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace espalier::views {

namespace {

constexpr int kPathRole = Qt::UserRole;
constexpr int kTaskRole = Qt::UserRole + 1;

QListWidgetItem* addItem(QListWidget* list, const QString& text, bool checked)
{
    auto* item = new QListWidgetItem(text, list);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
    return item;
}

} // namespace

bool isTaskFile(const QString& path)
{
    QFile file(path);
    if (!path.endsWith(QLatin1String(".jsonl")) || !file.open(QIODevice::ReadOnly))
        return false;
    const QJsonObject first = QJsonDocument::fromJson(file.readLine(1 << 20)).object();
    return first.contains(QLatin1String("prompt")) && first.contains(QLatin1String("answer"));
}

ValidationForm::ValidationForm(QWidget* parent)
    : QWidget(parent), m_plans(new QListWidget), m_data(new QListWidget), m_items(new NumberBox),
      m_controls(new NumberBox), m_useGate(new QCheckBox(tr("Hold to the gate"))), m_start(new QPushButton(tr("Start")))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(grid::kGroupGap);
    const auto addList = [&](const QString& title, QListWidget* list, int stretch) {
        auto* column = new QVBoxLayout;
        column->setSpacing(grid::kLabelGap);
        column->addWidget(caption(title));
        list->setAccessibleName(title);
        list->setFrameShape(QFrame::NoFrame);
        list->setMinimumHeight(72);
        column->addWidget(list, 1);
        row->addLayout(column, stretch);
        connect(list, &QListWidget::itemChanged, this, &ValidationForm::showReady);
        return column;
    };
    m_plans->setObjectName(QStringLiteral("formPlans"));
    m_data->setObjectName(QStringLiteral("formData"));
    addList(tr("Plans to compare with the base"), m_plans, 2);
    auto* dataColumn = addList(tr("Texts and tasks, not used for the scores"), m_data, 3);
    auto* add = new QPushButton(tr("Add a file…"));
    Theme::setLink(add);
    dataColumn->addWidget(add, 0, Qt::AlignLeft);
    auto* side = new QVBoxLayout;
    side->setSpacing(grid::kLabelGap);
    const auto addSpin = [&](const QString& title, NumberBox* box, int low, int high, int value) {
        side->addWidget(caption(title));
        box->setRange(low, high);
        box->setValue(value);
        box->setAccessibleName(title);
        side->addWidget(box);
    };
    addSpin(tr("Items per task"), m_items, 0, 1 << 20, 50);
    m_items->setSpecialValueText(tr("all"));
    addSpin(tr("Random controls"), m_controls, 0, 32, 1);
    m_useGate->setObjectName(QStringLiteral("formGate"));
    m_useGate->hide();
    side->addWidget(m_useGate);
    side->addStretch(1);
    m_start->setObjectName(QStringLiteral("formStart"));
    Theme::setPrimary(m_start);
    side->addWidget(m_start);
    row->addLayout(side, 1);
    connect(add, &QPushButton::clicked, this, [this] {
        for (const QString& path :
             QFileDialog::getOpenFileNames(this, tr("Texts or tasks"), {}, tr("Texts and tasks (*.jsonl *.txt)")))
            addFile(path);
    });
    connect(m_start, &QPushButton::clicked, this, &ValidationForm::startRequested);
    showReady();
}

void ValidationForm::setSession(Session* session)
{
    m_session = session;
    const QStringList before = checkedPlans();
    {
        const QSignalBlocker quiet(m_plans);
        m_plans->clear();
        for (const auto& plan : session->plans()) {
            const QString name = QString::fromStdString(plan.name);
            addItem(m_plans, name, before.isEmpty() || before.contains(name));
        }
    }
    for (const auto& [name, path] : session->suggestedTasks()) {
        bool known = false;
        for (int i = 0; i < m_data->count(); ++i)
            known = known || m_data->item(i)->data(kPathRole).toString() == path;
        if (!known)
            addFile(path);
    }
    showReady();
}

void ValidationForm::setGate(const QString& path)
{
    m_gate = path;
    m_useGate->setVisible(!path.isEmpty());
    m_useGate->setToolTip(path);
}

void ValidationForm::checkPlan(const QString& name)
{
    for (auto* item : m_plans->findItems(name, Qt::MatchExactly))
        item->setCheckState(Qt::Checked);
}

void ValidationForm::addFile(const QString& path)
{
    const bool task = isTaskFile(path);
    const QString name = QFileInfo(path).completeBaseName();
    auto* item = addItem(m_data, (task ? tr("%1, text and exact match") : tr("%1, text")).arg(name), true);
    item->setData(kPathRole, path);
    item->setData(kTaskRole, task);
    item->setToolTip(path);
    showReady();
}

QStringList ValidationForm::checkedPlans() const
{
    QStringList names;
    for (int i = 0; i < m_plans->count(); ++i)
        if (m_plans->item(i)->checkState() == Qt::Checked)
            names << m_plans->item(i)->text();
    return names;
}

std::optional<JobSpec> ValidationForm::job() const
{
    const QStringList plans = checkedPlans();
    if (!m_session || plans.isEmpty() || m_session->modelFolder().isEmpty())
        return std::nullopt;
    QStringList arguments{QStringLiteral("validate"), m_session->modelFolder(), QStringLiteral("--study"),
                          m_session->studyPath()};
    for (const QString& plan : plans)
        arguments << QStringLiteral("--plan") << plan;
    int files = 0;
    for (int i = 0; i < m_data->count(); ++i) {
        const auto* item = m_data->item(i);
        if (item->checkState() != Qt::Checked)
            continue;
        ++files;
        const QString path = item->data(kPathRole).toString();
        const QString argument = QFileInfo(path).completeBaseName() + QLatin1Char('=') + path;
        arguments << QStringLiteral("--text") << argument;
        if (item->data(kTaskRole).toBool())
            arguments << QStringLiteral("--task") << argument;
    }
    if (files == 0)
        return std::nullopt;
    if (m_items->value() > 0)
        arguments << QStringLiteral("--max-items") << QString::number(m_items->value());
    if (m_controls->value() > 0)
        arguments << QStringLiteral("--random-control") << QString::number(m_controls->value());
    arguments << QStringLiteral("--context") << QString::number(m_session->suggestedContext());
    if (!m_gate.isEmpty() && m_useGate->isChecked())
        arguments << QStringLiteral("--gate") << m_gate;
    return JobSpec{tr("Validate %n plan(s)", nullptr, static_cast<int>(plans.size())), arguments,
                   QStringLiteral("validate")};
}

void ValidationForm::showReady()
{
    m_start->setEnabled(job().has_value());
}

} // namespace espalier::views
