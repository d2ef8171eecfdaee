// SPDX-License-Identifier: Apache-2.0
// Sums of a comparison between the base and its plans. Both distributions exist at the same time, so KL is exact and
// nothing of the size of a vocabulary is kept.
#pragma once

#include "core/engine/engine.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace espalier::engine {

/// A predicted position: the text set and the window it counts to, and the token that comes.
struct Prediction {
    std::size_t set = 0, window = 0;
    TokenId next = 0;
};

class Comparison {
public:
    /// `windows[set]`: windows of each text set; `streams`: distinct variants, stream 0 is the base.
    Comparison(const std::vector<std::size_t>& windows, std::int64_t streams);

    /// `logitsOf(stream)` gives [n, V] float32 of the same n positions; called once for each stream, one after the
    /// other, so that the logits of one plan at a time are held.
    void add(std::span<const Prediction> predictions, const std::function<at::Tensor(std::int64_t stream)>& logitsOf);

    [[nodiscard]] DomainComparison result(std::int64_t stream, std::size_t set) const;

private:
    struct Sums {                 // of one stream on one text set
        std::vector<double> loss; ///< per window: sum of -log p(next)
        std::vector<float> kl;    ///< per position
        std::int64_t agreements = 0;
    };
    std::vector<std::vector<Sums>> m_sums;     ///< [stream][set]
    std::vector<std::vector<double>> m_tokens; ///< [set][window]
};

} // namespace espalier::engine
