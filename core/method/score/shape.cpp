// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace espalier::method {
namespace {

/// Ids of a coalition, ascending, as a key.
using Coalition = std::u16string;

/// v(A) of a layer: weighted number of tokens that chose exactly the set A, as it was counted (S5), else read off the
/// pool.
std::unordered_map<Coalition, double> histogram(Domains domains, Weights weights, std::size_t layer)
{
    std::unordered_map<Coalition, double> v;
    Coalition set;
    for (std::size_t d = 0; d < domains.size(); ++d) {
        const auto& counted = domains[d]->layers[layer].coalitions();
        const auto width = static_cast<std::size_t>(counted.k);
        for (std::size_t i = 0; i < counted.tokens.size(); ++i) {
            set.assign(counted.ids.begin() + static_cast<std::ptrdiff_t>(i * width),
                       counted.ids.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
            v[set] += weights[d] * counted.tokens[i];
        }
        if (counted.collected)
            continue;
        const auto& pool = domains[d]->layers[layer].pool();
        const auto k = static_cast<std::size_t>(pool.k);
        for (std::size_t t = 0; k > 0 && t + k <= pool.ids.size(); t += k) {
            set.assign(pool.ids.begin() + static_cast<std::ptrdiff_t>(t),
                       pool.ids.begin() + static_cast<std::ptrdiff_t>(t + k));
            std::sort(set.begin(), set.end());
            v[set] += weights[d];
        }
    }
    return v;
}

/// n_R = sum of v over all sets that contain the (k-1)-set R; alpha_i = min over A with i of v(A) / n_{A\i};
/// phi_i = sum over A with i of (v(A) - alpha_i n_{A\i}). The paper's factor is the same for a whole layer, so it is 1.
void addValues(const std::unordered_map<Coalition, double>& v, LayerScores& layer)
{
    std::unordered_map<Coalition, double> rests;
    const auto without = [](const Coalition& set, std::size_t place) {
        Coalition rest = set;
        rest.erase(place, 1);
        return rest;
    };
    for (const auto& [set, count] : v)
        for (std::size_t i = 0; i < set.size(); ++i)
            rests[without(set, i)] += count;
    struct Sums {
        double alpha = 1, own = 0, rest = 0;
    };
    std::vector<Sums> sums(layer.experts.size());
    for (const auto& [set, count] : v)
        for (std::size_t i = 0; i < set.size(); ++i) {
            const double n = rests[without(set, i)];
            auto& s = sums[set[i]];
            s.alpha = std::min(s.alpha, count / n);
            s.own += count;
            s.rest += n;
        }
    for (std::size_t e = 0; e < sums.size(); ++e)
        layer.experts[e].score = std::max(0.0, sums[e].own - sums[e].alpha * sums[e].rest);
}

ScoreTable shape(Domains domains, Weights weights, const ScoreRequest& request)
{
    auto table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l)
        addValues(histogram(domains, weights, l), table.layers[l]);
    return table;
}

} // namespace

ScoreMethod shapeMethod()
{
    ScoreMethod method;
    method.id = "shape";
    method.title = "SHAPE, coalition value";
    method.paper = "SHAPE, arXiv 2606.09886";
    method.formula =
        "sum over chosen sets A with i of v(A) - alpha_i n(A without i), alpha_i = min v(A) / n(A without i)";
    method.unit = "tokens";
    method.needs = {stats::Stat::Count};
    method.needsPool = true;
    method.needsChosenPool = true;
    method.compute = shape;
    return method;
}

} // namespace espalier::method
