// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/rail.h"

#include "views/pages/page.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QProgressBar>
#include <QStyledItemDelegate>

namespace espalier::views {
namespace {

constexpr int kWidth = 184;
constexpr int kItemHeight = 48;

class RailDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {kWidth - 16, kItemHeight};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect area = option.rect.adjusted(0, 2, 0, -2);
        const bool selected = (option.state & QStyle::State_Selected) != 0;
        const bool usable = index.data(RailModel::UsableRole).toBool();
        if (selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(Theme::color(ColorRole::AccentSoft));
            painter->drawRoundedRect(area, 4, 4);
            painter->fillRect(QRect(area.left() + 1, area.top() + 8, 3, area.height() - 16),
                              Theme::color(ColorRole::Accent));
        }
        if ((option.state & QStyle::State_HasFocus) != 0 && (option.state & QStyle::State_KeyboardFocusChange) != 0) {
            painter->setPen(QPen(Theme::color(ColorRole::Accent), 2));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4);
        }
        const QRect text = area.adjusted(16, 4, -8, -4);
        painter->setFont(Theme::font(selected ? TextStyle::SectionHead : TextStyle::Body));
        painter->setPen(Theme::color(usable ? ColorRole::Text : ColorRole::TextThird));
        painter->drawText(text, Qt::AlignLeft | Qt::AlignTop, index.data().toString());
        painter->setFont(Theme::font(TextStyle::Shortcut));
        painter->setPen(Theme::color(ColorRole::TextThird));
        painter->drawText(text, Qt::AlignRight | Qt::AlignTop, index.data(RailModel::ShortcutRole).toString());
        painter->setFont(Theme::font(TextStyle::Label));
        painter->setPen(Theme::color(usable ? ColorRole::TextSecond : ColorRole::TextThird));
        const QString state = painter->fontMetrics().elidedText(index.data(RailModel::StateTextRole).toString(),
                                                                Qt::ElideRight, text.width());
        painter->drawText(text, Qt::AlignLeft | Qt::AlignBottom, state);
        painter->restore();
    }
};

QFrame* rule()
{
    auto* line = new QFrame;
    line->setObjectName(QStringLiteral("rule"));
    line->setFixedHeight(1);
    return line;
}

} // namespace

RailModel::RailModel(QList<Page*> pages, QObject* parent) : QAbstractListModel(parent)
{
    for (int row = 0; row < pages.size(); ++row) {
        m_pages << pages.at(row);
        connect(pages.at(row), &Page::stateChanged, this, [this, row] { emit dataChanged(index(row), index(row)); });
    }
}

int RailModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pages.size());
}

QVariant RailModel::data(const QModelIndex& index, int role) const
{
    const Page* page = index.isValid() && index.row() < m_pages.size() ? m_pages.at(index.row()).data() : nullptr;
    if (page == nullptr)
        return {};
    const QString shortcut = tr("Alt+%1").arg(index.row() + 1);
    switch (role) {
    case Qt::DisplayRole:
        return page->title();
    case StateTextRole:
    case Qt::ToolTipRole:
        return page->stateText();
    case UsableRole:
        return page->usable();
    case ShortcutRole:
        return shortcut;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(page->title(), page->stateText());
    default:
        return {};
    }
}

Rail::Rail(Session* session, const QList<Page*>& pages, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new RailModel(pages, this)), m_list(new QListView),
      m_name(new QLabel), m_facts(new QLabel), m_jobTitle(new QLabel), m_jobState(new QLabel), m_jobFigures(new QLabel),
      m_jobBar(new QProgressBar)
{
    setObjectName(QStringLiteral("rail"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(kWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 16, 8, 16);
    layout->setSpacing(grid::kInsideGap);
    Theme::setTextStyle(m_name, TextStyle::SectionHead);
    Theme::setTextStyle(m_facts, TextStyle::Label, ColorRole::TextSecond);
    const auto inset = [layout](QWidget* widget) {
        auto* line = new QHBoxLayout;
        line->setContentsMargins(16, 0, 16, 0);
        line->addWidget(widget);
        layout->addLayout(line);
    };
    m_name->setTextFormat(Qt::PlainText);
    inset(m_name);
    inset(m_facts);
    inset(rule());
    m_list->setModel(m_model);
    m_list->setItemDelegate(new RailDelegate(this));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Pages"));
    m_list->setStyleSheet(QStringLiteral("QListView { background: transparent; }"));
    layout->addWidget(m_list, 1);
    inset(rule());
    Theme::setTextStyle(m_jobTitle, TextStyle::SectionHead, ColorRole::TextSecond);
    Theme::setTextStyle(m_jobState, TextStyle::Label, ColorRole::TextSecond);
    Theme::setTextStyle(m_jobFigures, TextStyle::Label, ColorRole::TextSecond);
    m_jobTitle->setText(tr("Jobs"));
    m_jobState->setTextFormat(Qt::PlainText);
    m_jobState->setWordWrap(true);
    m_jobBar->setTextVisible(false);
    m_jobBar->setRange(0, 1000);
    inset(m_jobTitle);
    inset(m_jobState);
    inset(m_jobBar);
    inset(m_jobFigures);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { emit pageChosen(index.row()); });
    connect(m_session, &Session::modelChanged, this, &Rail::showModel);
    connect(&m_session->jobs(), &JobRunner::jobChanged, this, &Rail::showJob);
    connect(&m_session->jobs(), &JobRunner::jobFinished, this, &Rail::showJob);
    showModel();
    showJob();
}

void Rail::setCurrent(int row)
{
    m_list->setCurrentIndex(m_model->index(row));
}

void Rail::showModel()
{
    const auto model = m_session->model();
    if (!model) {
        m_name->setText(tr("No model"));
        m_facts->setText(tr("open one, or the sample"));
        return;
    }
    const QString name = QString::fromStdString(model->name);
    m_name->setText(m_name->fontMetrics().elidedText(name, Qt::ElideMiddle, kWidth - 48));
    m_name->setToolTip(name);
    QString dtype;
    std::uint64_t most = 0;
    for (const auto& [type, bytes] : model->dtypes)
        if (bytes > most) {
            most = bytes;
            dtype = QString::fromStdString(type);
        }
    const QString shape =
        model->experts > 0
            ? tr("%1 × %2 experts, top-%3").arg(model->moeLayers.size()).arg(model->experts).arg(model->topK)
            : tr("%n layer(s), dense", nullptr, model->layers);
    m_facts->setText(shape + QLatin1Char('\n') + format::bytes(model->bytes.total(), true) + QLatin1Char(' ') + dtype);
}

void Rail::showJob()
{
    const Job* job = m_session->jobs().running();
    m_jobBar->setVisible(job != nullptr);
    m_jobFigures->setVisible(job != nullptr);
    if (job == nullptr) {
        m_jobState->setText(tr("none running"));
        return;
    }
    m_jobState->setText(job->state() == Job::State::Cancelling ? tr("cancelling…") : job->spec().title);
    const double percent = job->percent();
    m_jobBar->setValue(percent < 0 ? 0 : static_cast<int>(percent * 10));
    QString figures = percent < 0 ? format::unknown() : format::percent(percent / 100, 0);
    if (job->secondsLeft() >= 0)
        figures += QStringLiteral("   ") + tr("%1 left").arg(format::duration(job->secondsLeft()));
    m_jobFigures->setText(figures);
}

} // namespace espalier::views
