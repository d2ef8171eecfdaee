// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/expert_relations.h"

#include <algorithm>
#include <cmath>

namespace espalier::views {
namespace {

using stats::Stat;

/// Sums of one statistic over the chosen domains; empty unless every one of them has it.
std::vector<double> pooled(const stats::Statistics& statistics, const std::string& domain, int row, Stat stat)
{
    std::vector<double> sums;
    for (const auto& each : statistics.domains) {
        if (!domain.empty() && each.name != domain)
            continue;
        const auto r = static_cast<std::size_t>(row);
        if (r >= each.layers.size() || !each.layers[r].has(stat))
            return {};
        const auto values = each.layers[r][stat];
        if (sums.empty())
            sums.assign(values.begin(), values.end());
        else if (sums.size() != values.size())
            return {};
        else
            for (std::size_t i = 0; i < values.size(); ++i)
                sums[i] += values[i];
    }
    return sums;
}

double tokensOf(const stats::Statistics& statistics, const std::string& domain, int row)
{
    double tokens = 0;
    for (const auto& each : statistics.domains)
        if ((domain.empty() || each.name == domain) && static_cast<std::size_t>(row) < each.layers.size())
            tokens += each.layers[static_cast<std::size_t>(row)].tokens();
    return tokens;
}

/// Cosine of rows a and b; NaN when one of them is 0.
double cosine(const std::vector<double>& rows, std::size_t width, std::size_t a, std::size_t b)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < width; ++i) {
        const double x = rows[a * width + i], y = rows[b * width + i];
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::nan("");
}

} // namespace

std::vector<const method::ScoreMethod*> rankedMethods(const stats::Statistics& statistics, const std::string& domain)
{
    std::vector<const method::ScoreMethod*> methods;
    for (const auto& each : method::scoreMethods()) {
        const stats::DomainStats* one = domain.empty() ? nullptr : statistics.find(domain);
        const bool can = each.fromWeights != nullptr || one == nullptr ? method::canCompute(each, statistics)
                                                                       : method::canCompute(each, *one);
        if (can && !each.needsPool && each.id != "random")
            methods.push_back(&each);
    }
    return methods;
}

std::vector<MethodRank> ranksOf(const std::vector<std::shared_ptr<const method::ScoreTable>>& tables, LayerIndex layer,
                                int expert)
{
    std::vector<MethodRank> ranks;
    for (const auto& table : tables) {
        MethodRank rank{table->method, 0, 0};
        const auto found = std::find_if(table->layers.begin(), table->layers.end(),
                                        [layer](const auto& each) { return each.layer == layer; });
        if (found != table->layers.end()) {
            const auto order = method::rankExperts(*found);
            const auto place = std::find(order.begin(), order.end(), expert);
            rank.rank = place == order.end() ? 0 : static_cast<int>(place - order.begin()) + 1;
            rank.of = static_cast<int>(order.size());
        }
        ranks.push_back(std::move(rank));
    }
    return ranks;
}

LikeExperts expertsLike(const stats::Statistics& statistics, const std::string& domain, int row, int expert,
                        std::size_t most)
{
    LikeExperts out;
    const auto e = static_cast<std::size_t>(expert);
    const auto add = [&](std::size_t other, double likeness) {
        if (other != e && std::isfinite(likeness))
            out.experts.push_back({static_cast<int>(other), std::clamp(likeness, -1.0, 1.0)});
    };
    const std::vector<double> logits = pooled(statistics, domain, row, Stat::LogitAll);
    const std::size_t experts = logits.size();
    if (experts == 0 || expert < 0 || e >= experts)
        return out;
    if (const auto outputs = pooled(statistics, domain, row, Stat::OutputSum); !outputs.empty()) {
        out.basis = LikeExperts::Basis::Outputs; // the number of tokens cancels out of a cosine
        for (std::size_t other = 0; other < experts; ++other)
            add(other, cosine(outputs, outputs.size() / experts, e, other));
    } else if (const auto gram = pooled(statistics, domain, row, Stat::LogitGram); !gram.empty()) {
        out.basis = LikeExperts::Basis::Router;
        const double n = tokensOf(statistics, domain, row);
        const auto covariance = [&](std::size_t a, std::size_t b) {
            return gram[a * experts + b] / n - logits[a] / n * (logits[b] / n);
        };
        for (std::size_t other = 0; other < experts; ++other)
            add(other, covariance(e, other) / std::sqrt(covariance(e, e) * covariance(other, other)));
    }
    if (out.experts.empty())
        out.basis = LikeExperts::Basis::None;
    std::stable_sort(out.experts.begin(), out.experts.end(),
                     [](const LikeExpert& a, const LikeExpert& b) { return a.likeness > b.likeness; });
    if (out.experts.size() > most)
        out.experts.resize(most);
    return out;
}

} // namespace espalier::views
