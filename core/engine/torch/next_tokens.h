// SPDX-License-Identifier: Apache-2.0
// S17: what the whole model says comes next, for some tokens of every text: the likeliest tokens with their logarithms
// of probability, and what is left for all others.
#pragma once

#include "core/engine/torch/head.h"
#include "core/engine/torch/pass.h"
#include "core/stats/statistics.h"

#include <map>

namespace espalier::engine {

class NextTokens {
public:
    /// The next rows of `into`'s domain, as they left the last layer; where none of them is sampled the head is not
    /// run.
    void take(const Head& head, const Batch& batch, stats::DomainStats& into);
    [[nodiscard]] double flops() const { return m_flops; }

private:
    std::map<const stats::DomainStats*, std::int64_t> m_taken; ///< rows so far
    double m_flops = 0;
};

} // namespace espalier::engine
