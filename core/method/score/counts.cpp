// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

namespace espalier::method {

using stats::Stat;

ScoreMethod frequencyMethod()
{
    return {"frequency",
            "Frequency",
            "baseline of every later paper",
            "n_i: tokens routed to expert i",
            "tokens",
            {Stat::Count},
            false,
            false,
            [](Domains d, Weights w, const ScoreRequest& r) { return sumScore(d, w, r, Stat::Count, Stat::Count); }};
}

ScoreMethod seerHardMethod()
{
    return {"seer-hard",
            "SEER, hard count",
            "Muzio et al. 2024 (SEER-MoE), arXiv 2404.05089, stage 1",
            "sum over tokens of 1[i in S(x)]",
            "tokens",
            {Stat::Count},
            false,
            false,
            [](Domains d, Weights w, const ScoreRequest& r) { return sumScore(d, w, r, Stat::Count, Stat::Count); }};
}

ScoreMethod seerSoftMethod()
{
    return {
        "seer-soft",
        "SEER, soft count",
        "Muzio et al. 2024 (SEER-MoE), arXiv 2404.05089, stage 1",
        "sum over all tokens of p_i(x)",
        "probability mass",
        {Stat::ProbAll, Stat::ProbAll2},
        false,
        false,
        [](Domains d, Weights w, const ScoreRequest& r) { return sumScore(d, w, r, Stat::ProbAll, Stat::ProbAll2); }};
}

ScoreMethod gateMassMethod()
{
    return {"gate-mass",
            "Gate mass",
            "Unified-MoE-Compression (expert drop), arXiv 2406.02500",
            "sum over routed tokens of g_i(x)",
            "gate weight",
            {Stat::Gate, Stat::Gate2},
            false,
            false,
            [](Domains d, Weights w, const ScoreRequest& r) { return sumScore(d, w, r, Stat::Gate, Stat::Gate2); }};
}

} // namespace espalier::method
