// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/page.h"

#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace espalier::views {

Page::Page(Session* session, QString title, QWidget* parent) : QWidget(parent), m_title(std::move(title))
{
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(grid::kPagePadding, 16, grid::kPagePadding, 8);
    outer->setSpacing(grid::kInsideGap);

    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    auto* name = new QLabel(m_title);
    Theme::setTextStyle(name, TextStyle::Title);
    m_subtitle = new QLabel;
    m_subtitle->setTextFormat(Qt::PlainText);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    Theme::setTextStyle(m_subtitle, TextStyle::Body, ColorRole::TextSecond);
    head->addWidget(name);
    head->addWidget(m_subtitle, 1);
    m_titleActions = new QHBoxLayout;
    m_titleActions->setSpacing(grid::kInsideGap);
    head->addLayout(m_titleActions);
    outer->addLayout(head);

    m_banner = new Banner(this);
    outer->addWidget(m_banner);
    m_content = new QWidget(this);
    m_contentLayout = new QVBoxLayout(m_content);
    m_contentLayout->setContentsMargins(0, grid::kInsideGap, 0, 0);
    m_contentLayout->setSpacing(grid::kGroupGap);
    outer->addWidget(m_content, 1);

    m_empty = new QWidget(this);
    auto* emptyLayout = new QVBoxLayout(m_empty);
    m_emptyText = new QLabel;
    m_emptyText->setWordWrap(true);
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setMinimumWidth(480);
    Theme::setTextStyle(m_emptyText, TextStyle::Body, ColorRole::TextSecond);
    m_emptyAction = new QPushButton;
    Theme::setPrimary(m_emptyAction);
    emptyLayout->addStretch(2);
    emptyLayout->addWidget(m_emptyText);
    emptyLayout->addSpacing(grid::kGroupGap);
    emptyLayout->addWidget(m_emptyAction, 0, Qt::AlignHCenter);
    emptyLayout->addStretch(3);
    outer->addWidget(m_empty, 1);
    m_empty->hide();
    connect(m_emptyAction, &QPushButton::clicked, this, [this] {
        if (m_emptyRun)
            m_emptyRun();
    });
    setSession(session);
}

Page::~Page() = default;

void Page::setSession(Session* session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    if (m_session) {
        connect(m_session, &Session::modelChanged, this, &Page::invalidate);
        connect(m_session, &Session::statisticsChanged, this, &Page::invalidate);
        connect(m_session, &Session::plansChanged, this, &Page::invalidate);
        connect(m_session, &Session::validationsChanged, this, &Page::invalidate);
        connect(m_session, &Session::exportsChanged, this, &Page::invalidate);
    }
    m_stale = true;
    if (isVisible())
        invalidate();
}

QString Page::exportFigure(const QString& path)
{
    return tr("%1: this page has no figure").arg(path);
}

QString Page::exportTable(const QString& path)
{
    return tr("%1: this page has no table").arg(path);
}

QString Page::proposedFileName() const
{
    return m_title.toLower();
}

void Page::showNote(const QString& text, const QList<std::pair<QString, std::function<void()>>>& actions)
{
    m_banner->showMessage(Banner::Kind::Note, text);
    m_banner->setActions(actions);
}

void Page::showError(const QString& text)
{
    if (text.isEmpty())
        m_banner->clearError();
    else
        m_banner->showMessage(Banner::Kind::Error, text);
}

void Page::showEmpty(const QString& sentence, const QString& action, std::function<void()> run)
{
    m_emptyText->setText(sentence);
    m_emptyAction->setText(action);
    m_emptyAction->setVisible(!action.isEmpty());
    m_emptyRun = std::move(run);
    m_content->hide();
    m_empty->show();
}

void Page::showContent()
{
    m_empty->hide();
    m_content->show();
}

bool Page::isEmptyShown() const
{
    return !m_empty->isHidden();
}

void Page::invalidate()
{
    m_stale = true;
    if (isVisible() && m_session) {
        m_stale = false;
        refresh();
    }
    emit stateChanged();
}

void Page::setReadout(const QString& text)
{
    if (m_readout == text)
        return;
    m_readout = text;
    emit readoutChanged(text);
}

void Page::setSubtitle(const QString& text)
{
    m_subtitle->setText(text);
    m_subtitle->setToolTip(text);
}

void Page::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale && m_session) {
        m_stale = false;
        refresh();
    }
}

} // namespace espalier::views
