// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"
#include "core/stats/inference.h"

#include <cmath>
#include <vector>

namespace espalier::method {
namespace {

using stats::Stat;

/// With several domains each domain's scores are divided by their layer sum and then added (paper's mixed-domain rule).
ScoreTable easyEp(Domains domains, Weights weights, const ScoreRequest& request)
{
    if (domains.size() == 1)
        return sumScore(domains, weights, request, Stat::Turn, Stat::Turn2);
    auto table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        auto& experts = table.layers[l].experts;
        std::vector<double> variance(experts.size(), 0.0);
        bool measured = false;
        for (std::size_t d = 0; d < domains.size(); ++d) {
            const auto& layer = domains[d]->layers[l];
            double total = 0;
            for (const double v : layer[Stat::Turn])
                total += finiteOrZero(v);
            if (total <= 0)
                continue;
            const auto turn = layer[Stat::Turn], squares = layer[Stat::Turn2];
            for (std::size_t e = 0; e < experts.size(); ++e) {
                experts[e].score += weights[d] * turn[e] / total;
                const double se = stats::standardErrorOfSum(turn[e], squares[e], layer.tokens());
                variance[e] += std::pow(weights[d] * se / total, 2);
            }
            measured = true;
        }
        for (std::size_t e = 0; e < experts.size() && measured; ++e)
            experts[e].standardError = std::sqrt(variance[e]);
    }
    return table;
}

} // namespace

ScoreMethod easyEpMethod()
{
    return {"easy-ep",
            "EASY-EP",
            "Dong et al. 2025 (EASY-EP), arXiv 2504.06792",
            "sum of g_i |f_i| max(0, 1 - cos(h, h + y)), h before the FFN's norm",
            "turned output norm",
            {Stat::Turn, Stat::Turn2},
            false,
            false,
            easyEp};
}

} // namespace espalier::method
