// SPDX-License-Identifier: Apache-2.0
// Rows of single tokens (stats::Samples) taken from a layer's forward, and the counting of chosen sets. One thread.
#pragma once

#include "core/engine/torch/observer.h"
#include "core/stats/statistics.h"

#include <cstdint>
#include <map>
#include <vector>

namespace espalier::engine {

/// S5 of the chosen ids [N, k].
[[nodiscard]] stats::Coalitions countSets(const at::Tensor& ids);

/// Values of a float32 or bfloat16 tensor as rows, nothing rounded.
void addRows(stats::Samples& samples, stats::SampleKind kind, const at::Tensor& values);

class SampleRowsTaker {
public:
    SampleRowsTaker(stats::StatSelection wanted, stats::SampleTokens tokens) : m_wanted(wanted), m_tokens(tokens) {}

    /// S8 holds on to the rows of `x` [N, H] that it will take: once per observation, when x is known.
    void begin(const MoeObservation& observation, const at::Tensor& x);
    /// `place`: of the observation's first row in its domain.
    void take(const MoeObservation& observation, std::int64_t place, stats::Samples& into);

private:
    struct Held {
        std::vector<std::int64_t> rows;
        at::Tensor x;
    };
    [[nodiscard]] std::vector<std::int64_t> spreadRows(const MoeObservation& observation) const;

    stats::StatSelection m_wanted;
    stats::SampleTokens m_tokens;
    std::map<const void*, Held> m_held; ///< by the place of the rows in the residual stream
};

} // namespace espalier::engine
