// SPDX-License-Identifier: Apache-2.0
// Facts of the weights alone, for scores that need no texts: sizes of each expert's weights and distances between the
// router's rows, in double precision. Plain data.
#pragma once

#include "core/base/strong_index.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace espalier::stats {

struct LayerWeights {
    LayerIndex layer;
    std::int32_t experts = 0;
    std::vector<double> absMean;        ///< [E] mean of |w| over gate, up and down of the expert, biases left out
    std::vector<double> rms;            ///< [E] root of the mean of w^2
    std::vector<double> routerNorm;     ///< [E] |R_i|, R_i the router's row
    std::vector<double> routerDistance; ///< [E, E] |R_i - R_j|, symmetric, 0 on the diagonal
    bool operator==(const LayerWeights&) const = default;
};

struct WeightStats {
    std::vector<LayerWeights> layers; ///< MoE layers, ascending
    bool operator==(const WeightStats&) const = default;
};

/// The arrays by the names they have in a study file.
struct WeightStatInfo {
    std::string_view id;
    std::vector<double> LayerWeights::*values;
    bool pairs; ///< E x E, else E
    std::string_view meaning;
};
inline constexpr std::array<WeightStatInfo, 4> kWeightStats{{
    {"abs-mean", &LayerWeights::absMean, false, "mean of |w| over the expert's weights"},
    {"rms", &LayerWeights::rms, false, "root of the mean of w^2"},
    {"router-norm", &LayerWeights::routerNorm, false, "norm of the expert's router row"},
    {"router-distance", &LayerWeights::routerDistance, true, "distances between router rows"},
}};

} // namespace espalier::stats
