// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of the views of one layer as tables: the twins of the plots. Pure functions.
#pragma once

#include "views/models/cell_table_model.h"
#include "views/models/layer_insights.h"

namespace espalier::views {

struct LayerTable {
    QList<Column> columns;
    QList<QList<Cell>> rows;
};

/// A row per expert, most used first; the expert stands in column kExpertColumn.
inline constexpr int kExpertColumn = 1;
[[nodiscard]] LayerTable useTable(const LayerUse& use);
/// A row per point of the curve.
[[nodiscard]] LayerTable coverageTable(const Coverage& coverage);
/// A row per pair of `together.strongest`.
[[nodiscard]] LayerTable pairsTable(const Together& together);

/// "used more", "used less", "not told apart from uniform", "too few tokens to judge", "not known".
[[nodiscard]] QString useVerdictText(UseVerdict verdict);

} // namespace espalier::views
