// SPDX-License-Identifier: GPL-3.0-or-later
// The few kinds of text and line a page is built of.
#pragma once

#include "views/theme/theme.h"

#include <QLabel>

class QAbstractSpinBox;
class QFrame;
class QHBoxLayout;
class QTableView;

namespace espalier::views {

/// 13/500 head of a group.
[[nodiscard]] QLabel* sectionHead(const QString& text = {}, QWidget* parent = nullptr);
/// 12/400 label, caption or hint; wraps.
[[nodiscard]] QLabel* caption(const QString& text = {}, ColorRole color = ColorRole::TextSecond,
                              QWidget* parent = nullptr);
/// Label at the left, its number at the right, as wide as that of the next line.
[[nodiscard]] QHBoxLayout* labelledLine(QLabel* label, QAbstractSpinBox* field);
/// Changes the colour of a label made by this header.
void setTone(QLabel* label, ColorRole color);
/// 1 px line.
[[nodiscard]] QFrame* rule(Qt::Orientation orientation, QWidget* parent = nullptr);
/// Flat table: rows of the grid's height, whole rows selected, no vertical header, no grid.
void makePlainTable(QTableView* table);

} // namespace espalier::views
