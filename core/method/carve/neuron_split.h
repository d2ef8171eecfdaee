// SPDX-License-Identifier: Apache-2.0
// Which neurons of a dense SwiGLU layer become the shared expert and which form each routed expert. CMoE
// (arXiv 2502.04416, section 4): the most important neurons are shared, the rest is clustered by what they do on the
// same tokens, every cluster of equal size. Pure functions over features, without files or libtorch; thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

/// S{shared}A{active}E{experts}: a layer of `width` neurons is cut into `experts` blocks of width / experts; `shared`
/// of them always run, `active` of the others are chosen per token. active = 0 is static pruning to the shared blocks.
struct CarveShape {
    int width = 0;
    int shared = 0, active = 0, experts = 0;

    [[nodiscard]] int expertWidth() const { return width / experts; }
    [[nodiscard]] int routed() const { return experts - shared; }
    [[nodiscard]] int sharedWidth() const { return shared * expertWidth(); }
    /// Usage error naming the numbers that would work.
    [[nodiscard]] Result<void> check() const;
};

enum class Clustering {
    Contribution, ///< |h_i| · |w_down_i| as it is: squared distances then add up to the energy a split can lose
    Markers,      ///< CMoE's: 1 for the K_a neurons of a token with the largest |h|, else 0; one round, L1
    Random        ///< control: shared ones by importance, the rest by lot
};

struct NeuronSplit {
    std::vector<std::int32_t> order; ///< [width] old numbers in new order: shared, then expert 0, 1 … ascending in each
    double cost = 0;                 ///< of the last assignment
    int rounds = 0;                  ///< of clustering
    [[nodiscard]] bool operator==(const NeuronSplit&) const = default;
};

struct SplitRequest {
    CarveShape shape;
    Clustering clustering = Clustering::Contribution;
    int rounds = 8; ///< at most; Markers makes one, as CMoE's code
    std::uint64_t seed = 1;
};

/// `features` [width, samples] row-major, one row per neuron, each column a token; `importance` [width], larger =
/// sooner shared. Ties by lower number.
[[nodiscard]] Result<NeuronSplit> splitNeurons(const SplitRequest& request, std::span<const float> features,
                                               std::int64_t samples, std::span<const double> importance);

/// True when every number 0 … width - 1 stands in `order` exactly once.
[[nodiscard]] bool isPermutation(std::span<const std::int32_t> order, std::int64_t width);

} // namespace espalier::method
