// SPDX-License-Identifier: Apache-2.0
// The family that REAP, MAN, EAN and frequency belong to: n_i^a times a mean of g^b |f|^c over routed tokens.
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace espalier::method {
namespace {

using stats::Stat;

/// Which sums hold g^b |f|^c and its square. Sums are measured in one pass, so only these powers exist.
struct Moment {
    double gate, norm;
    Stat sum;
    std::optional<Stat> squares; ///< none: no standard error
};
constexpr std::array<Moment, 8> kMoments{{{0, 0, Stat::Count, Stat::Count},
                                          {1, 0, Stat::Gate, Stat::Gate2},
                                          {2, 0, Stat::Gate2, std::nullopt},
                                          {0, 1, Stat::Norm, Stat::Norm2},
                                          {0, 2, Stat::Norm2, Stat::Norm4},
                                          {0, 4, Stat::Norm4, std::nullopt},
                                          {1, 1, Stat::GateNorm, Stat::GateNorm2},
                                          {2, 2, Stat::GateNorm2, std::nullopt}}};

const Moment* findMoment(const std::array<double, 3>& exponents)
{
    for (const auto& m : kMoments)
        if (m.gate == exponents[1] && m.norm == exponents[2])
            return &m;
    return nullptr;
}

Result<std::vector<Stat>> needsOf(const ScoreRequest& request)
{
    const auto& e = request.exponents;
    if (!std::isfinite(e[0]) || std::abs(e[0]) > 8)
        return usageError("the exponent a must be a number from -8 to 8");
    const auto* moment = findMoment(e);
    if (moment == nullptr)
        return usageError(fmt::format("no sums of g^{:g} |f|^{:g} are measured", e[1], e[2]),
                          "Choose (b, c) from (0,0), (1,0), (2,0), (0,1), (0,2), (0,4), (1,1), (2,2)");
    std::vector<Stat> needs{Stat::Count, moment->sum};
    if (moment->squares)
        needs.push_back(*moment->squares);
    return needs;
}

/// Standard errors hold n_i fixed.
ScoreTable unified(Domains domains, Weights weights, const ScoreRequest& request)
{
    auto table = emptyTable(domains, request);
    const auto& moment = *findMoment(request.exponents);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        const auto pooled =
            poolLayer(domains, weights, l, moment.sum, moment.squares.value_or(moment.sum), Over::Routed);
        for (std::size_t e = 0; e < pooled.size(); ++e) {
            const double n = pooled[e].weightedTokens();
            if (n <= 0)
                continue;
            const double scale = std::pow(n, request.exponents[0]);
            table.layers[l].experts[e].score = scale * pooled[e].mean();
            if (moment.squares)
                table.layers[l].experts[e].standardError = scale * pooled[e].meanError();
        }
    }
    return table;
}

} // namespace

ScoreMethod unifiedMethod()
{
    ScoreMethod method;
    method.id = "unified";
    method.title = "Unified score";
    method.paper = "arXiv 2606.15716, exponents (a, b, c)";
    method.formula = "n_i^a times the mean over routed tokens of g_i^b |f_i|^c; (0,1,1) is REAP, (0,0,1) MAN";
    method.unit = "by the exponents";
    method.needs = {Stat::Count};
    method.isMean = true;
    method.compute = unified;
    method.needsFor = needsOf;
    return method;
}

} // namespace espalier::method
