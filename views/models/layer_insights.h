// SPDX-License-Identifier: GPL-3.0-or-later
// What the sums of one layer say: use of every expert against uniform use, which experts are chosen together, and how
// many tokens it takes to have seen them. Pure functions, any thread. `domain` empty = all pooled; `row` is the
// position among the MoE layers.
#pragma once

#include "views/models/expert_facts.h"
#include "views/plots/heatmap_widget.h"

#include <string>
#include <vector>

namespace espalier::views {

/// What an expert's interval says beside uniform use.
enum class UseVerdict { More, Less, Alike, Thin, Unknown };

struct UsePoint {
    int expert = 0;
    Estimate ratio; ///< to uniform use, with half of the 95 % interval
    double tokens = 0;
    UseVerdict verdict = UseVerdict::Unknown;
};
struct LayerUse {
    int layer = 0; ///< decoder layer
    int experts = 0, topK = 0;
    double tokens = 0;
    std::vector<UsePoint> points; ///< most used first, ties by id
    [[nodiscard]] int count(UseVerdict verdict) const;
};
/// Experts under `thinBelow` tokens are not judged. Intervals are per expert, not corrected for their number.
[[nodiscard]] LayerUse layerUse(const stats::Statistics& statistics, const std::string& domain, int row,
                                double thinBelow);

/// Experts x experts: how often two are chosen by one token, as a ratio to what their own frequencies lead to expect
/// when the layer's pairs were drawn by them. The diagonal, and pairs that were not counted, are not measured; pairs of
/// which fewer than `kThinPairs` are expected are flagged.
inline constexpr double kThinPairs = 5;
struct Together {
    bool known = false; ///< false: pairs were not collected
    HeatmapData map;
    struct Pair {
        int first = 0, second = 0;
        double tokens = 0, expected = 0, ratio = 0;
    };
    std::vector<Pair> strongest; ///< largest ratio first, thin ones left out
};
[[nodiscard]] Together chosenTogether(const stats::Statistics& statistics, const std::string& domain, int row,
                                      std::size_t strongest = 8);

/// Experts of a layer that n of its measured tokens, drawn at random without putting back, are expected to have chosen
/// at least once, and at least `enough` times (rarefaction, H. L. Sanders 1968; exact by the hypergeometric law,
/// S. H. Hurlbert 1971).
struct Coverage {
    bool known = false; ///< false: token counts are not known
    int layer = 0, experts = 0;
    double enough = 0;
    std::vector<double> tokens, once, judged;
};
[[nodiscard]] Coverage coverageOf(const stats::Statistics& statistics, const std::string& domain, int row,
                                  double enough);
/// P(X < least) for X of `draws` draws from `all` that hold `good` good ones. Whole numbers.
[[nodiscard]] double hypergeometricBelow(double least, double good, double all, double draws);

} // namespace espalier::views
