// SPDX-License-Identifier: Apache-2.0
// What a merge does to a model: per layer, which experts become one, and with which shares. Plain values.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace espalier::method {

/// Experts of a layer that become one.
struct ExpertGroup {
    std::int32_t kept = 0;             ///< the member that stands for the group: it gives the order of neurons
    std::vector<std::int32_t> members; ///< ascending, `kept` among them
    std::vector<double> weights;       ///< share of each member in the merged weights, sum 1
    std::vector<double> rows;          ///< share of each member in the merged router row
    /// Per member: which of its neurons meets neuron 0, 1 … of `kept`. Empty, or an empty list: as they are.
    std::vector<std::vector<std::int32_t>> order;
    bool operator==(const ExpertGroup&) const = default;
};

/// How near a linear router comes to a mapping of probabilities, on tokens that it was not fitted on.
struct GateFit {
    std::int64_t tokens = 0;
    double sameChoice = 0; ///< share of tokens for which both choose the same experts
    double movedGate = 0;  ///< mean over tokens of half of sum |share - share'| among the chosen: 0 same, 1 nothing is
    double logitError = 0; ///< root mean square over tokens and experts, weighed by the mapped probability
    bool operator==(const GateFit&) const = default;
};

struct LayerMerge {
    LayerIndex layer;
    std::vector<ExpertGroup> groups; ///< ascending by `kept`; every expert is in exactly one, unless `sums`
    /// Predicted |change|² / |output|² of the routed output, see predictedError(); negative = not known.
    double predictedError = -1;
    /// EEP (arXiv 2407.00945): shares are coefficients of any sign and sum, of any experts; selection biases are those
    /// of the kept.
    bool sums = false;
    std::optional<GateFit> fit{}; ///< of `sums`: rows are fitted to the router mapping; none: they say it exactly
    bool operator==(const LayerMerge&) const = default;
};

struct MergeMap {
    std::string method;
    std::vector<LayerMerge> layers; ///< ascending, every MoE layer
    bool operator==(const MergeMap&) const = default;
};

/// Every expert 0 … experts - 1 is in one group, shares are numbers and those of weights sum to 1, `kept` are members
/// and ascending, orders are permutations of `width` neurons. Of sums only: members are ascending experts, `kept`
/// among them, shares are numbers. BadInput naming `file` and the layer.
[[nodiscard]] Result<void> checkMerge(const LayerMerge& merge, std::int32_t experts, std::int32_t width,
                                      const std::string& file);

[[nodiscard]] base::OrderedJson toJson(const MergeMap& map);
/// Structure only; checkMerge() judges the numbers. BadInput.
[[nodiscard]] Result<MergeMap> mergeMapFromJson(const base::OrderedJson& json, const std::string& file);

} // namespace espalier::method
