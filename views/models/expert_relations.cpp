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

ExpertLikeness::ExpertLikeness(const stats::Statistics& statistics, const std::string& domain, int row)
{
    const std::vector<double> logits = pooled(statistics, domain, row, Stat::LogitAll);
    m_experts = logits.size();
    if (m_experts == 0)
        return;
    if (auto outputs = pooled(statistics, domain, row, Stat::OutputSum); !outputs.empty()) {
        m_basis = Basis::Outputs; // the number of tokens cancels out of a cosine
        m_width = outputs.size() / m_experts;
        m_rows = std::move(outputs);
        for (std::size_t e = 0; e < m_experts; ++e) {
            double square = 0;
            for (std::size_t i = 0; i < m_width; ++i)
                square += m_rows[e * m_width + i] * m_rows[e * m_width + i];
            m_lengths.push_back(std::sqrt(square));
        }
    } else if (const auto gram = pooled(statistics, domain, row, Stat::LogitGram); !gram.empty()) {
        m_basis = Basis::Router;
        m_width = m_experts;
        const double n = tokensOf(statistics, domain, row);
        m_rows.resize(gram.size());
        for (std::size_t a = 0; a < m_experts; ++a)
            for (std::size_t b = 0; b < m_experts; ++b)
                m_rows[a * m_experts + b] = gram[a * m_experts + b] / n - logits[a] / n * (logits[b] / n);
        for (std::size_t e = 0; e < m_experts; ++e)
            m_lengths.push_back(std::sqrt(std::max(0.0, m_rows[e * m_experts + e])));
    }
}

std::size_t ExpertLikeness::work(const stats::Statistics& statistics, const std::string& domain, int row)
{
    std::size_t sums = 0;
    for (const auto& each : statistics.domains)
        if (const auto r = static_cast<std::size_t>(row);
            (domain.empty() || each.name == domain) && r < each.layers.size())
            sums += each.layers[r].has(Stat::OutputSum) ? each.layers[r][Stat::OutputSum].size()
                                                        : each.layers[r][Stat::LogitGram].size();
    return sums;
}

double ExpertLikeness::of(std::size_t a, std::size_t b) const
{
    double product = 0;
    if (m_basis == Basis::Router)
        product = m_rows[a * m_width + b];
    else
        for (std::size_t i = 0; i < m_width; ++i)
            product += m_rows[a * m_width + i] * m_rows[b * m_width + i];
    return std::clamp(product / (m_lengths[a] * m_lengths[b]), -1.0, 1.0);
}

std::vector<LikeExpert> ExpertLikeness::like(int expert, std::size_t most) const
{
    std::vector<LikeExpert> found;
    const auto e = static_cast<std::size_t>(expert);
    if (expert < 0 || e >= m_lengths.size() || !(m_lengths[e] > 0))
        return found;
    for (std::size_t other = 0; other < m_experts; ++other)
        if (other != e && m_lengths[other] > 0)
            found.push_back({static_cast<int>(other), of(e, other)});
    std::stable_sort(found.begin(), found.end(),
                     [](const LikeExpert& a, const LikeExpert& b) { return a.likeness > b.likeness; });
    if (found.size() > most)
        found.resize(most);
    return found;
}

} // namespace espalier::views
