// SPDX-License-Identifier: GPL-3.0-or-later
// Bar of predicted gate mass kept: tick = worst layer, red line = floor, hatched red below the floor.
#pragma once

#include <QStyledItemDelegate>

namespace espalier::views {

class PlanMassDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace espalier::views
