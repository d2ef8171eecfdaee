// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind the overview page: one quantity per layer and expert of one domain (or all), with standard error
// and token count, and the difference between two domains. Pure functions, any thread.
#pragma once

#include "core/stats/statistics.h"
#include "views/plots/heatmap_widget.h"

#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace espalier::views {

/// A quantity the page can show: "ratio", "share", or the id of a score.
struct MapQuantity {
    std::string id;
    QString title;
    QString unit;         ///< at the colour bar
    bool isMean = false;  ///< over the expert's own tokens: few tokens mislead
    bool isRatio = false; ///< logarithmic in powers of two
};
/// Those the statistics can give.
[[nodiscard]] std::vector<MapQuantity> mapQuantities(const stats::Statistics& statistics);

struct MapCell {
    double value = 0;
    double error = 0;      ///< standard error over tokens; NaN when there is none
    double tokens = 0;     ///< NaN: not known (imports)
    double against = 0;    ///< tokens on the other side of a difference
    bool measured = false; ///< false: the layer has fewer experts than the widest, or nobody measured it
};

struct OverviewMap {
    MapQuantity quantity;
    std::string domain, against; ///< empty = all domains; `against` only of a difference
    std::vector<int> layers;     ///< decoder layers
    int experts = 0, topK = 0;
    double tokens = 0; ///< NaN: not known (imports)
    std::int64_t windows = 0;
    std::vector<MapCell> cells;                            ///< row-major
    std::vector<stats::LayerConcentration> concentrations; ///< one per layer; of the first domain in a difference
    bool difference = false;

    [[nodiscard]] const MapCell& at(int row, int column) const
    {
        return cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(experts) +
                     static_cast<std::size_t>(column)];
    }
    /// Tokens that the value rests on. A share is known from all tokens of its domain, so in a difference of shares the
    /// better covered side counts; a mean over the expert's own tokens is only as good as its weaker side.
    [[nodiscard]] double support(const MapCell& cell) const;
    [[nodiscard]] int dead() const;
    [[nodiscard]] int thin(double below) const; ///< dead ones included
    [[nodiscard]] double medianTokens() const;
    /// 1 = the largest value of the layer.
    [[nodiscard]] int rankInLayer(int row, int column) const;
};

/// `domain` empty = all. BadInput for a domain that is not in the statistics; other errors as computeScores.
[[nodiscard]] Result<OverviewMap> overviewMap(const stats::Statistics& statistics, const MapQuantity& quantity,
                                              const std::string& domain);
/// Those that look at the weights alone, when the weights were measured.
[[nodiscard]] std::vector<MapQuantity> weightQuantities(const stats::Statistics& statistics);
/// The map of such a score: no domains, no tokens (NaN), no concentration of use. Errors as computeScores.
[[nodiscard]] Result<OverviewMap> weightMap(const stats::Statistics& statistics, const MapQuantity& quantity);
/// first − second, errors added in squares. Both must be of one study.
[[nodiscard]] OverviewMap difference(const OverviewMap& first, const OverviewMap& second);

/// What the heatmap draws: experts under `thinBelow` tokens are flagged.
[[nodiscard]] HeatmapData heatmapOf(const OverviewMap& map, bool logarithmic, double thinBelow);

/// Half of the 95 % interval, tokens taken as independent; NaN when there is none.
[[nodiscard]] double halfWidth95(const MapCell& cell);
/// "2.98": two decimals for ratios and shares, four digits else.
[[nodiscard]] QString valueText(const OverviewMap& map, double value);
/// "± 0.14"; empty when there is no interval.
[[nodiscard]] QString intervalText(const OverviewMap& map, const MapCell& cell);

} // namespace espalier::views
