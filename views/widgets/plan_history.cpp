// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plan_history.h"

#include "views/plan/plan_command.h"
#include "views/theme/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>
#include <QUndoStack>

namespace espalier::views {

namespace {

class StepDelegate : public QStyledItemDelegate {
public:
    StepDelegate(QUndoStack* stack, QObject* parent) : QStyledItemDelegate(parent), m_stack(stack) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int step = index.row();
        const bool current = step == m_stack->index();
        painter->save();
        if (current) {
            painter->fillRect(option.rect, Theme::color(ColorRole::AccentSoft));
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                              Theme::color(ColorRole::Accent));
        }
        if (step == m_stack->cleanIndex()) {
            // A line under the step that is in the study.
            painter->setPen(QPen(Theme::color(ColorRole::StrongRule), 1, Qt::DashLine));
            painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        }
        QString side = PlanHistory::tr("saved");
        if (step > m_stack->index())
            side = PlanHistory::tr("redo");
        else if (step != m_stack->cleanIndex())
            side = timeOf(step);
        const QRect text = option.rect.adjusted(10, 0, -4, 0);
        painter->setFont(Theme::font(TextStyle::Label));
        painter->setPen(Theme::color(ColorRole::TextSecond));
        painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, side);
        const QFont font = Theme::font(current ? TextStyle::SectionHead : TextStyle::Body);
        painter->setFont(font);
        painter->setPen(Theme::color(step > m_stack->index() ? ColorRole::TextThird : ColorRole::Text));
        const int room = text.width() - painter->fontMetrics().horizontalAdvance(side) - 8;
        painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, room));
        painter->restore();
    }
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {120, grid::kRowHeight};
    }

private:
    [[nodiscard]] QString timeOf(int step) const
    {
        const auto* command = dynamic_cast<const PlanCommand*>(m_stack->command(step - 1));
        return command ? command->time().toString(QStringLiteral("HH:mm")) : QString();
    }
    QUndoStack* m_stack;
};

} // namespace

PlanHistory::PlanHistory(QUndoStack* stack, QWidget* parent) : QUndoView(stack, parent)
{
    setEmptyLabel(tr("Start"));
    setCleanIcon({});
    setItemDelegate(new StepDelegate(stack, this));
    setAccessibleName(tr("History"));
    setFrameShape(QFrame::NoFrame);
}

} // namespace espalier::views
