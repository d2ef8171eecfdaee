// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/command_palette.h"

#include "views/theme/theme.h"
#include "views/widgets/fuzzy_match.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

#include <algorithm>
#include <utility>

namespace espalier::views {
namespace {

constexpr int kGroupRole = Qt::UserRole + 1, kKeysRole = Qt::UserRole + 2, kMostShown = 60, kRowHeight = 30;

/// Title at the left, keys and group at the right.
class EntryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {320, kRowHeight}; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const bool enabled = (index.flags() & Qt::ItemIsEnabled) != 0;
        const bool chosen = (option.state & QStyle::State_Selected) != 0;
        painter->save();
        if (chosen)
            painter->fillRect(option.rect, Theme::color(ColorRole::AccentSoft));
        QRect line = option.rect.adjusted(12, 0, -12, 0);
        painter->setFont(Theme::font(TextStyle::Label));
        painter->setPen(Theme::color(ColorRole::TextThird));
        const QString group = index.data(kGroupRole).toString(), keys = index.data(kKeysRole).toString();
        const QFontMetrics small(painter->font());
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, group);
        line.setRight(line.right() - std::max(small.horizontalAdvance(group), 72) - 12);
        if (!keys.isEmpty()) {
            painter->setPen(Theme::color(ColorRole::TextSecond));
            painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, keys);
            line.setRight(line.right() - small.horizontalAdvance(keys) - 16);
        }
        painter->setFont(Theme::font(TextStyle::Body));
        painter->setPen(Theme::color(enabled ? ColorRole::Text : ColorRole::TextThird));
        const QString title = index.data(Qt::DisplayRole).toString();
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                          QFontMetrics(painter->font()).elidedText(title, Qt::ElideRight, line.width()));
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(QList<PaletteEntry> entries, std::function<QList<PaletteEntry>(const QString&)> spoken,
                               QWidget* parent)
    : QDialog(parent), m_entries(std::move(entries)), m_spoken(std::move(spoken)), m_edit(new QLineEdit),
      m_list(new QListView), m_model(new QStandardItemModel(this))
{
    setWindowTitle(tr("Command palette"));
    resize(620, 420);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 8);
    column->setSpacing(8);
    m_edit->setPlaceholderText(tr("Action, page, plan, domain, score, or an expert as L12 E5"));
    m_edit->setAccessibleName(tr("What to find"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    column->addWidget(m_edit);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    column->addWidget(m_list, 1);
    auto* keys = new QLabel(tr("Up and Down choose · Return runs · Escape closes"));
    keys->setFont(Theme::font(TextStyle::Label));
    keys->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(keys);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    filter();
}

void CommandPalette::setText(const QString& text)
{
    m_edit->setText(text);
}

QStringList CommandPalette::shownTitles() const
{
    QStringList titles;
    for (const auto& entry : m_shown)
        titles << entry.title;
    return titles;
}

void CommandPalette::filter()
{
    const QString typed = m_edit->text();
    std::vector<std::pair<int, qsizetype>> found;
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const auto& entry = m_entries[i];
        // The group helps to tell things of one name apart, but the title counts first
        int score = fuzzyScore(typed, entry.title);
        if (score < 0)
            score = std::min(0, fuzzyScore(typed, entry.group + QLatin1Char(' ') + entry.title));
        if (score >= 0)
            found.emplace_back(entry.enabled ? score + 1 : 0, i);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    m_shown = m_spoken ? m_spoken(typed) : QList<PaletteEntry>();
    for (const auto& [score, i] : found)
        if (m_shown.size() < kMostShown)
            m_shown << m_entries[i];
    m_model->clear();
    for (const auto& entry : std::as_const(m_shown)) {
        auto* item = new QStandardItem(entry.title);
        item->setData(entry.group, kGroupRole);
        item->setData(entry.keys, kKeysRole);
        item->setData(entry.keys.isEmpty() ? tr("%1, %2").arg(entry.title, entry.group)
                                           : tr("%1, %2, %3").arg(entry.title, entry.group, entry.keys),
                      Qt::AccessibleTextRole);
        item->setToolTip(entry.tip);
        item->setEnabled(entry.enabled);
        m_model->appendRow(item);
    }
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (m_model->item(row)->isEnabled()) {
            m_list->setCurrentIndex(m_model->index(row, 0));
            break;
        }
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event)
{
    if (object != m_edit || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(object, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const int rows = m_model->rowCount();
    int step = 0;
    switch (key->key()) {
    case Qt::Key_Down:
        step = 1;
        break;
    case Qt::Key_Up:
        step = -1;
        break;
    case Qt::Key_PageDown:
        step = 8;
        break;
    case Qt::Key_PageUp:
        step = -8;
        break;
    default:
        return QDialog::eventFilter(object, event);
    }
    if (rows > 0)
        m_list->setCurrentIndex(m_model->index(std::clamp(m_list->currentIndex().row() + step, 0, rows - 1), 0));
    return true;
}

void CommandPalette::runCurrent()
{
    const int row = m_list->currentIndex().row();
    if (row < 0 || row >= m_shown.size() || !m_shown[row].enabled)
        return;
    const auto run = m_shown[row].run;
    accept(); // first: what runs may open a dialog of its own
    if (run)
        run();
}

} // namespace espalier::views
