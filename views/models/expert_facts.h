// SPDX-License-Identifier: GPL-3.0-or-later
// What the statistics say about one expert: the numbers of the expert card. Pure functions, any thread.
#pragma once

#include "core/stats/statistics.h"

#include <string>
#include <vector>

namespace espalier::views {

/// A figure with half of its 95 % interval (tokens taken as independent); NaN = not known.
struct Estimate {
    double value = 0;
    double half = 0;
};

struct ExpertFacts {
    double tokens = 0;   ///< routed to the expert; NaN: not known (imports)
    double ofTokens = 0; ///< that went through the layer
    Estimate ratio;      ///< to uniform use
    Estimate share;      ///< of the layer's assignments, 0 … 1
    Estimate gate;       ///< mean weight that multiplies the output, over routed tokens
    Estimate reap;       ///< mean of gate x |output| over routed tokens
    double reapSum = 0;  ///< its sum; NaN when not collected
    bool hasNorms = false;

    struct Domain {
        std::string name;
        Estimate ratio;
        double tokens = 0;
    };
    std::vector<Domain> domains; ///< always all of them, in their order

    struct Companion {
        int expert = 0;
        double share = 0; ///< of this expert's tokens that chose both
    };
    std::vector<Companion> companions; ///< most frequent first; empty when co-activation was not collected
};

/// `domain` empty = all domains pooled. `row` is the position among the MoE layers.
[[nodiscard]] ExpertFacts expertFacts(const stats::Statistics& statistics, const std::string& domain, int row,
                                      int expert, std::size_t companions = 5);

/// Ratio of a count to the uniform share, with the binomial interval of the fraction of tokens.
[[nodiscard]] Estimate ratioToUniform(double count, double tokens, double experts, double topK);

} // namespace espalier::views
