// SPDX-License-Identifier: Apache-2.0
#include "core/method/score.h"

#include "core/method/score/methods.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <numeric>

namespace espalier::method {

const std::vector<ScoreMethod>& scoreMethods()
{
    static const std::vector<ScoreMethod> methods{
        frequencyMethod(),  gateMassMethod(), seerHardMethod(), seerSoftMethod(),    reapMethod(),    reapSumMethod(),
        reapShrunkMethod(), reapLcbMethod(),  manMethod(),      msanMethod(),        unifiedMethod(), easyEpMethod(),
        tcessMethod(),      peuMethod(),      shapeMethod(),    leaveOneOutMethod(), aimerMethod(),   stunMethod(),
        randomMethod(),     energyMethod(),   energySumMethod()};
    return methods;
}

const ScoreMethod* findScoreMethod(std::string_view id)
{
    for (const auto& m : scoreMethods())
        if (m.id == id)
            return &m;
    return nullptr;
}

namespace {

std::string join(const std::vector<std::string_view>& names)
{
    return fmt::format("{}", fmt::join(names, ", "));
}

struct Chosen {
    std::vector<const stats::DomainStats*> domains;
    std::vector<double> weights;
};

/// The domains asked for; those of weight 0 are left out, so that nothing of them (not even an overflow) counts.
Result<Chosen> chooseDomains(const stats::Statistics& statistics, const ScoreRequest& request)
{
    Chosen chosen;
    std::vector<std::string_view> known, seen;
    for (const auto& domain : statistics.domains) {
        known.push_back(domain.name);
        if (request.domains.empty()) {
            chosen.domains.push_back(&domain);
            chosen.weights.push_back(1);
        }
    }
    for (const auto& wanted : request.domains) {
        const auto* domain = statistics.find(wanted.name);
        if (domain == nullptr)
            return usageError(fmt::format("there is no domain '{}'", wanted.name), "The study holds " + join(known));
        if (!std::isfinite(wanted.weight) || wanted.weight < 0)
            return usageError(fmt::format("the weight of domain '{}' must be a number from 0", wanted.name));
        if (std::find(seen.begin(), seen.end(), wanted.name) != seen.end())
            return usageError(fmt::format("domain '{}' is named twice", wanted.name));
        seen.push_back(wanted.name);
        if (wanted.weight > 0) {
            chosen.domains.push_back(domain);
            chosen.weights.push_back(wanted.weight);
        }
    }
    if (chosen.domains.empty())
        return usageError("every domain has weight 0", "Give at least one domain a weight above 0");
    return chosen;
}

/// Scores of coalitions take the pool for the chosen experts. Routers with a bias for the choice, or groups, choose
/// others than those of the largest logits; then the counts differ.
Result<void> checkChosenPool(const stats::LayerStats& layer, const std::string& domain)
{
    std::vector<double> counts(static_cast<std::size_t>(layer.topology().experts), 0.0);
    for (const auto id : layer.pool().ids)
        counts[id] += 1;
    const auto routed = layer[stats::Stat::Count];
    if (layer.pool().k != layer.topology().topK || !std::equal(counts.begin(), counts.end(), routed.begin()))
        return badInput(fmt::format("the method needs the sets of chosen experts; the router of layer {} does not "
                                    "choose the largest logits, which domain {} holds",
                                    layer.layer().value(), domain),
                        {}, {}, "Measure with --statistics all,S5, or use another method, for example reap-sum");
    return {};
}

/// What to do about a statistic that a domain lacks.
std::string remedyFor(const stats::DomainStats& domain, const std::string& groups)
{
    if (!domain.importedFrom.empty())
        return fmt::format(
            "It comes from {}, which does not hold it. Leave the domain out, choose another method (study "
            "info lists what each domain can give), or measure with espalier profile",
            domain.importedFrom);
    if (groups == "imported")
        return "It comes with importance matrices of llama.cpp: import one with espalier study import";
    return "Profile again with --statistics basic," + groups;
}

Result<void> checkPool(const stats::LayerStats& layer, const stats::DomainStats& domain)
{
    const auto& pool = layer.pool();
    const auto rows = pool.k > 0 ? pool.logits.size() / static_cast<std::size_t>(pool.k) : 0;
    if (layer.tokens() > 0 && rows == 0)
        return badInput(fmt::format("the method needs the statistic pool, which domain {} does not have", domain.name),
                        {}, {}, remedyFor(domain, "pool"));
    const auto experts = static_cast<std::size_t>(layer.topology().experts);
    if (static_cast<double>(rows) != layer.tokens() || pool.ids.size() != pool.logits.size() ||
        pool.logits.size() % static_cast<std::size_t>(std::max(pool.k, 1)) != 0 ||
        std::any_of(pool.ids.begin(), pool.ids.end(), [&](std::uint16_t id) { return id >= experts; }))
        return badInput(fmt::format("the pool of domain {}, layer {} does not fit its {:.0f} tokens", domain.name,
                                    layer.layer().value(), layer.tokens()),
                        {}, {}, "Run `espalier study check`");
    return {};
}

/// Copies without the layers that nobody measured, where there are such; else the domains themselves.
struct MeasuredParts {
    std::vector<stats::DomainStats> copies;
    std::vector<const stats::DomainStats*> domains;
};

Result<MeasuredParts> measuredParts(const Chosen& chosen)
{
    MeasuredParts parts;
    const auto gaps = [](const stats::DomainStats* domain) {
        const auto measured = domain->measuredLayers();
        return measured > 0 && measured < domain->layers.size();
    };
    if (std::none_of(chosen.domains.begin(), chosen.domains.end(), gaps)) {
        parts.domains = chosen.domains;
        return parts;
    }
    const auto* first = chosen.domains.front();
    for (const auto* domain : chosen.domains) {
        stats::DomainStats copy = *domain;
        for (std::size_t l = 0; l < std::min(first->layers.size(), domain->layers.size()); ++l)
            if (domain->layers[l].empty() != first->layers[l].empty()) {
                const auto *has = domain->layers[l].empty() ? first : domain,
                           *lacks = domain->layers[l].empty() ? domain : first;
                return badInput(fmt::format("layer {} was measured for domain {} but not for domain {}",
                                            domain->layers[l].layer().value(), has->name, lacks->name),
                                {}, {}, "Choose domains that were measured alike");
            }
        std::erase_if(copy.layers, [](const stats::LayerStats& layer) { return layer.empty(); });
        if (copy.layers.empty())
            return badInput(fmt::format("domain {} holds no measured layer", domain->name));
        parts.copies.push_back(std::move(copy));
    }
    for (const auto& copy : parts.copies)
        parts.domains.push_back(&copy);
    return parts;
}

/// Every domain measured on the same layers, with everything the method needs.
Result<void> checkStatistics(const std::vector<const stats::DomainStats*>& domains, const ScoreMethod& method,
                             std::span<const stats::Stat> needs)
{
    const auto& first = *domains.front();
    for (const auto* domain : domains) {
        if (domain->layers.empty() || domain->layers.size() != first.layers.size())
            return badInput(fmt::format("domain {} has {} measured layers and domain {} has {}", first.name,
                                        first.layers.size(), domain->name, domain->layers.size()),
                            {}, {}, "Finish the run with --resume");
        for (std::size_t l = 0; l < domain->layers.size(); ++l) {
            const auto& layer = domain->layers[l];
            if (layer.layer() != first.layers[l].layer() || layer.topology() != first.layers[l].topology())
                return badInput(fmt::format("layer {} of domain {} and layer {} of domain {} are not the same",
                                            first.layers[l].layer().value(), first.name, layer.layer().value(),
                                            domain->name));
            if (!method.fromElsewhere && !layer.has(stats::Stat::Count))
                return badInput(fmt::format("domain {} has no token counts", domain->name), {}, {},
                                domain->importedFrom.empty() ? "Run `espalier profile` again"
                                                             : remedyFor(*domain, "S0"));
            for (const auto stat : needs)
                if (!layer.has(stat))
                    return badInput(fmt::format("method {} needs the statistic {}, which domain {} does not have",
                                                method.id, stats::statInfo(stat).id, domain->name),
                                    {}, {}, remedyFor(*domain, std::string(stats::statInfo(stat).group)));
            if (method.needsChosenPool && layer.coalitions().collected)
                continue;
            if (method.needsPool)
                ESPALIER_CHECK(checkPool(layer, *domain));
            if (method.needsChosenPool)
                ESPALIER_CHECK(checkChosenPool(layer, domain->name));
        }
    }
    return {};
}

/// Norms of a 16-bit model can overflow. Such an expert was measured as larger than any number, so it ranks with the
/// layer's largest and is not dropped by accident; its standard error is NaN. What is no number at all becomes 0.
void settleOverflow(LayerScores& layer)
{
    double largest = 0;
    for (const auto& expert : layer.experts)
        if (std::isfinite(expert.score))
            largest = std::max(largest, expert.score);
    for (auto& expert : layer.experts)
        if (!std::isfinite(expert.score)) {
            expert.score = expert.score > 0 ? largest : 0;
            expert.standardError = std::numeric_limits<double>::quiet_NaN();
        }
}

/// Arrays of every layer, of the sizes they should have.
Result<void> checkWeights(const stats::WeightStats& weights)
{
    for (const auto& layer : weights.layers) {
        const auto experts = static_cast<std::size_t>(std::max(layer.experts, 0));
        for (const auto& info : stats::kWeightStats)
            if ((layer.*info.values).size() != (info.pairs ? experts * experts : experts))
                return badInput(fmt::format("the weights' facts of layer {} lack {}", layer.layer.value(), info.id), {},
                                {}, "Run `espalier weights` again");
    }
    return {};
}

} // namespace

std::string_view scoreCost(const ScoreMethod& method)
{
    if (method.fromWeights != nullptr)
        return "one read of the weights, no texts (espalier weights)";
    const auto& needs = method.needs;
    if (std::find(needs.begin(), needs.end(), stats::Stat::BankTokens) != needs.end())
        return "one calibration pass that takes a sample through every expert (--statistics all,bank)";
    if (method.needsPool)
        return "one calibration pass that keeps the k largest logits of every token";
    return method.needs.empty() ? "nothing" : "one calibration pass";
}

Result<ScoreTable> computeScores(const stats::Statistics& statistics, const ScoreRequest& request)
{
    const auto* method = findScoreMethod(request.method);
    if (method == nullptr) {
        std::vector<std::string_view> known;
        for (const auto& m : scoreMethods())
            known.push_back(m.id);
        return usageError(fmt::format("there is no method '{}'", request.method), "Known are " + join(known));
    }
    if (!std::isfinite(request.shrinkTokens) || request.shrinkTokens < 0)
        return usageError("the prior weight of reap-shrunk must be a number of tokens from 0 (0 = default)");
    std::vector<stats::Stat> needs = method->needs;
    if (method->needsFor != nullptr) {
        ESPALIER_TRY(needs, method->needsFor(request));
    }
    if (method->fromWeights != nullptr) {
        if (statistics.weights == nullptr || statistics.weights->layers.empty())
            return badInput(fmt::format("method {} looks at the weights, which were not measured", method->id), {}, {},
                            "Run `espalier weights MODEL --study STUDY` first");
        ESPALIER_CHECK(checkWeights(*statistics.weights));
        auto table = method->fromWeights(*statistics.weights, request);
        for (auto& layer : table.layers)
            settleOverflow(layer);
        return table;
    }
    if (statistics.domains.empty())
        return badInput("the study holds no statistics", {}, {}, "Run `espalier profile` first");
    ESPALIER_TRY(const auto chosen, chooseDomains(statistics, request));
    ESPALIER_TRY(const auto parts, measuredParts(chosen));
    ESPALIER_CHECK(checkStatistics(parts.domains, *method, needs));
    auto table = method->compute(parts.domains, chosen.weights, request);
    for (auto& layer : table.layers)
        settleOverflow(layer);
    return table;
}

bool canCompute(const ScoreMethod& method, const stats::DomainStats& domain)
{
    if (method.fromWeights != nullptr)
        return false;
    std::vector<stats::Stat> needs = method.needs;
    if (method.needsFor != nullptr)
        if (const auto asked = method.needsFor({}))
            needs = *asked;
    return domain.measuredLayers() > 0 &&
           std::all_of(domain.layers.begin(), domain.layers.end(), [&](const stats::LayerStats& layer) {
               return layer.empty() ||
                      ((method.fromElsewhere || layer.has(stats::Stat::Count)) &&
                       (!method.needsPool || layer.pool().k > 0 ||
                        (method.needsChosenPool && layer.coalitions().collected)) &&
                       std::all_of(needs.begin(), needs.end(), [&](stats::Stat stat) { return layer.has(stat); }));
           });
}

bool canCompute(const ScoreMethod& method, const stats::Statistics& statistics)
{
    if (method.fromWeights != nullptr)
        return statistics.weights != nullptr && !statistics.weights->layers.empty();
    return std::any_of(statistics.domains.begin(), statistics.domains.end(),
                       [&](const stats::DomainStats& domain) { return canCompute(method, domain); });
}

std::vector<std::int32_t> rankExperts(const LayerScores& layer)
{
    std::vector<std::int32_t> order(layer.experts.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return layer.experts[static_cast<std::size_t>(a)].score > layer.experts[static_cast<std::size_t>(b)].score;
    });
    return order;
}

} // namespace espalier::method
