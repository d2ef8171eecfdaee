// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/banner.h"

#include "views/theme/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace espalier::views {

Banner::Banner(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("banner"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(12, 8, 8, 8);
    auto* line = new QHBoxLayout;
    line->setSpacing(grid::kInsideGap);
    m_mark = new QLabel;
    Theme::setTextStyle(m_mark, TextStyle::SectionHead);
    m_text = new QLabel;
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_more = new QPushButton(tr("Details"));
    auto* copy = new QPushButton(tr("Copy"));
    auto* close = new QPushButton(tr("Close"));
    for (QPushButton* button : {m_more, copy, close})
        Theme::setLink(button);
    line->addWidget(m_mark, 0, Qt::AlignTop);
    line->addWidget(m_text, 1);
    m_actionLine = new QHBoxLayout;
    line->addLayout(m_actionLine);
    for (QPushButton* button : {m_more, copy, close})
        line->addWidget(button, 0, Qt::AlignTop);
    outer->addLayout(line);
    m_detailsLabel = new QLabel;
    m_detailsLabel->setTextFormat(Qt::PlainText);
    m_detailsLabel->setWordWrap(true);
    m_detailsLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    Theme::setTextStyle(m_detailsLabel, TextStyle::Mono, ColorRole::TextSecond);
    m_detailsLabel->hide();
    outer->addWidget(m_detailsLabel);
    connect(m_more, &QPushButton::clicked, this, [this] { m_detailsLabel->setVisible(m_detailsLabel->isHidden()); });
    connect(copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_details.isEmpty() ? text() : text() + QLatin1Char('\n') + m_details);
    });
    connect(close, &QPushButton::clicked, this, &Banner::clear);
    hide();
}

void Banner::showMessage(Kind kind, const QString& message, const QString& details, const QString& word)
{
    setProperty("kind", kind == Kind::Error     ? QStringLiteral("error")
                        : kind == Kind::Warning ? QStringLiteral("warning")
                                                : QStringLiteral("note"));
    style()->unpolish(this);
    style()->polish(this);
    // A word beside the colour: red alone says nothing to many.
    m_mark->setText(!word.isEmpty()         ? word
                    : kind == Kind::Error   ? tr("Error")
                    : kind == Kind::Warning ? tr("Warning")
                                            : tr("Note"));
    Theme::setTextStyle(m_mark, TextStyle::SectionHead,
                        kind == Kind::Error     ? ColorRole::Danger
                        : kind == Kind::Warning ? ColorRole::Warning
                                                : ColorRole::Accent);
    setActions({});
    m_text->setText(message);
    m_details = details;
    m_detailsLabel->setText(details);
    m_detailsLabel->hide();
    m_more->setVisible(!details.isEmpty());
    setAccessibleName(m_mark->text());
    setAccessibleDescription(message);
    show();
}

void Banner::setActions(const QList<std::pair<QString, std::function<void()>>>& actions)
{
    for (QPushButton* button : std::exchange(m_actions, {}))
        button->deleteLater(); // one of them may be calling
    for (const auto& [text, run] : actions) {
        auto* button = new QPushButton(text);
        Theme::setLink(button);
        m_actionLine->addWidget(button, 0, Qt::AlignTop);
        m_actions << button;
        connect(button, &QPushButton::clicked, this, [this, run = run] {
            clear();
            run();
        });
    }
}

void Banner::clearError()
{
    if (m_actions.isEmpty())
        clear();
}

void Banner::clear()
{
    setActions({});
    m_text->clear();
    m_details.clear();
    hide();
}

QString Banner::text() const
{
    return m_text->text();
}

} // namespace espalier::views
