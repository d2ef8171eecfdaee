// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/guide_bar.h"

#include "views/widgets/labels.h"

#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace espalier::views {

namespace {

QString settingsKey()
{
    return QStringLiteral("guide/closed");
}

} // namespace

GuideBar::GuideBar(Session* session, QWidget* parent) : QFrame(parent), m_session(session), m_hint(caption())
{
    setObjectName(QStringLiteral("guide"));
    setAccessibleName(tr("Guide"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 8, 12, 8);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    auto* title = caption(tr("First steps"));
    title->setIndent(4); // as far as the buttons' texts
    m_hint->setIndent(4);
    head->addWidget(title, 1);
    auto* close = new QPushButton(QStringLiteral("✕"));
    close->setObjectName(QStringLiteral("guide-close"));
    close->setAccessibleName(tr("Close the guide"));
    close->setToolTip(tr("Close the guide; Help > First steps brings it back"));
    Theme::setLink(close);
    head->addWidget(close);
    column->addLayout(head);
    const QString tips[] = {tr("Open a model folder, or the sample that comes with the program"),
                            tr("Measure on your own texts which experts do the work"),
                            tr("Look at the map of experts: who serves which texts"),
                            tr("Choose what stays, against the memory you have; then save the plan"),
                            tr("Compare the plan with the whole model on texts that were not used for it"),
                            tr("Write the smaller model, checked byte by byte")};
    for (int i = 0; i < StepCount; ++i) {
        auto* button = new QPushButton;
        button->setObjectName(QStringLiteral("guide-%1").arg(i));
        button->setToolTip(tips[i]);
        Theme::setLink(button);
        connect(button, &QPushButton::clicked, this, [this, i] { emit stepChosen(static_cast<Step>(i)); });
        m_steps[static_cast<std::size_t>(i)] = button;
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    column->addWidget(m_hint);
    connect(close, &QPushButton::clicked, this, [this] {
        setWanted(false);
        emit closed();
    });
    for (const auto changed : {&Session::modelChanged, &Session::statisticsChanged, &Session::plansChanged,
                               &Session::validationsChanged, &Session::exportsChanged})
        connect(session, changed, this, &GuideBar::showState);
    setVisible(isWanted());
    showState();
}

bool GuideBar::isWanted()
{
    return !QSettings().value(settingsKey(), false).toBool();
}

void GuideBar::setWanted(bool wanted)
{
    QSettings().setValue(settingsKey(), !wanted);
    setVisible(wanted);
}

void GuideBar::setSeen()
{
    if (m_seen || !isDone(Profile))
        return;
    m_seen = true;
    showState();
}

bool GuideBar::isDone(Step step) const
{
    switch (step) {
    case Open:
        return m_session->hasModel();
    case Profile:
        return !m_session->statistics()->domains.empty();
    case See:
        return isDone(Profile) && (m_seen || isDone(Plan));
    case Plan:
        return !m_session->plans().empty();
    case Validate:
        return !m_session->validations().empty();
    default:
        return !m_session->exports().empty();
    }
}

GuideBar::Step GuideBar::next() const
{
    int step = Open;
    while (step < StepCount && isDone(static_cast<Step>(step)))
        ++step;
    return static_cast<Step>(step);
}

QString GuideBar::hint() const
{
    const Step step = next();
    return step == StepCount ? tr("All steps are done.") : m_steps[step]->toolTip();
}

void GuideBar::showState()
{
    const QString names[] = {tr("Open"), tr("Profile"), tr("See"), tr("Plan"), tr("Validate"), tr("Export")};
    const Step now = next();
    for (int i = 0; i < StepCount; ++i) {
        QPushButton* button = m_steps[static_cast<std::size_t>(i)];
        const bool done = isDone(static_cast<Step>(i));
        button->setText(QStringLiteral("%1 %2").arg(done ? QStringLiteral("✓") : QString::number(i + 1), names[i]));
        button->setAccessibleName(done       ? tr("%1, done").arg(names[i])
                                  : i == now ? tr("%1, next").arg(names[i])
                                             : names[i]);
        QFont font = Theme::font(i == now ? TextStyle::SectionHead : TextStyle::Body);
        button->setFont(font);
        button->setEnabled(i == Open || m_session->hasModel());
    }
    m_hint->setText(hint());
}

} // namespace espalier::views
