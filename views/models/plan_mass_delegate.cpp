// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/plan_mass_delegate.h"

#include "views/models/plan_domain_model.h"
#include "views/plots/stack_bar.h"
#include "views/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace espalier::views {

void PlanMassDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, {}); // ground and rule, no text
    const QRectF track = QRectF(option.rect).adjusted(9, option.rect.height() / 2.0 - 5, -9, 0).toAlignedRect();
    const QRectF groove(track.left(), track.top(), track.width(), 10);
    const auto at = [&](double share) { return groove.left() + groove.width() * std::clamp(share, 0.0, 1.0); };
    const double kept = index.data(PlanDomainModel::KeptRole).toDouble();
    const bool holds = index.data(PlanDomainModel::HoldsRole).toBool();

    painter->save();
    painter->fillRect(groove, Theme::color(ColorRole::Sunken));
    if (std::isnan(kept)) { // not known: an empty groove
        painter->restore();
        return;
    }
    const QRectF bar(groove.topLeft(), QPointF(at(kept), groove.bottom()));
    if (holds) {
        painter->fillRect(bar, Theme::color(ColorRole::Accent));
    } else {
        painter->fillRect(bar, hatchBrush(Theme::color(ColorRole::Danger)));
        painter->setPen(Theme::color(ColorRole::Danger));
        painter->drawRect(bar.adjusted(0, 0, -1, -1));
    }
    painter->setPen(QPen(Theme::color(ColorRole::Text), 1));
    const double lowest = at(index.data(PlanDomainModel::LowestRole).toDouble());
    painter->drawLine(QPointF(lowest, groove.top()), QPointF(lowest, groove.bottom()));
    painter->setPen(QPen(Theme::color(ColorRole::Danger), 2));
    const double floor = at(index.data(PlanDomainModel::FloorRole).toDouble());
    painter->drawLine(QPointF(floor, groove.top() - 3), QPointF(floor, groove.bottom() + 3));
    painter->restore();
}

QSize PlanMassDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {160, grid::kRowHeight};
}

} // namespace espalier::views
