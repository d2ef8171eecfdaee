// SPDX-License-Identifier: Apache-2.0
// From a request to an optimiser: layer groups, legal counts, plans of scores and allocators to begin with.
#include "core/engine/search_job.h"
#include "core/method/search/eep.h"
#include "core/method/search/evoesap.h"
#include "core/plan/constraints.h"
#include "core/plan/memory_model.h"
#include "core/plan/planner.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// Scores that begin a search when none are named, as far as the study allows.
constexpr const char* kUsualSeeds[] = {"reap-sum", "easy-ep", "frequency"};

method::ScoreRequest scoreRequest(const SearchRequest& request, const std::string& score)
{
    method::ScoreRequest wanted;
    wanted.method = score;
    for (const auto& domain : request.domains)
        wanted.domains.push_back({domain, 1.0});
    return wanted;
}

/// Score tables by name: those asked for, or the usual ones that can be computed.
Result<std::vector<std::pair<std::string, method::ScoreTable>>> scoreTables(const SearchRequest& request,
                                                                            const stats::Statistics& statistics)
{
    std::vector<std::pair<std::string, method::ScoreTable>> tables;
    for (const auto& score : request.seedMethods) {
        ESPALIER_TRY(auto table, method::computeScores(statistics, scoreRequest(request, score)));
        tables.emplace_back(score, std::move(table));
    }
    if (request.seedMethods.empty())
        for (const char* score : kUsualSeeds)
            if (auto table = method::computeScores(statistics, scoreRequest(request, score)))
                tables.emplace_back(score, std::move(table).value());
    return tables;
}

/// Half of the draws of a changed row go by the scores, half by chance alone.
constexpr double kChanceShare = 0.5;

/// Per group of layers the sum of its layers' scores, each divided by its layer's sum.
std::vector<method::LayerScores> groupScores(const method::ScoreTable& table, const std::vector<std::size_t>& groupOf)
{
    std::vector<method::LayerScores> sums;
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        if (groupOf[l] >= sums.size())
            sums.emplace_back().experts.resize(table.layers[l].experts.size());
        double total = 0;
        for (const auto& expert : table.layers[l].experts)
            total += std::abs(expert.score);
        for (std::size_t e = 0; e < sums.back().experts.size(); ++e)
            sums.back().experts[e].score += total > 0 ? table.layers[l].experts[e].score / total : 0;
    }
    return sums;
}

/// Per layer the order of its group.
std::vector<std::vector<std::int32_t>> groupRanking(const std::vector<method::LayerScores>& sums,
                                                    const std::vector<std::size_t>& groupOf)
{
    std::vector<std::vector<std::int32_t>> ranking;
    for (const std::size_t group : groupOf)
        ranking.push_back(method::rankExperts(sums[group]));
    return ranking;
}

/// Adds a score's shares of each group to the weights of draws.
void addPrior(const std::vector<method::LayerScores>& sums, std::size_t tables, std::vector<std::vector<double>>& prior)
{
    for (std::size_t g = 0; g < sums.size(); ++g) {
        const auto& experts = sums[g].experts;
        if (g >= prior.size())
            prior.emplace_back(experts.size(), kChanceShare / static_cast<double>(experts.size()));
        double total = 0;
        for (const auto& expert : experts)
            total += std::max(0.0, expert.score);
        for (std::size_t e = 0; total > 0 && e < experts.size(); ++e)
            prior[g][e] += (1 - kChanceShare) / static_cast<double>(tables) * std::max(0.0, experts[e].score) / total;
    }
}

Result<std::unique_ptr<method::Optimiser>> makeEep(const model::OpenModel& model, const stats::Statistics& statistics,
                                                   const SearchRequest& request, std::size_t rungs,
                                                   std::vector<std::string>& names)
{
    const auto& summary = model.summary;
    const auto layers = static_cast<std::int32_t>(summary.moeLayers.size());
    const std::int32_t groups = request.groups > 0 ? request.groups : layers;
    if (groups > layers)
        return usageError(fmt::format("{} layers cannot form {} groups", layers, groups),
                          fmt::format("Choose 1 to {}", layers));
    const auto& router = model.spec.router;
    if (request.merging > 0 && (router.groups > 1 || router.score == model::RouterScore::SparseMixer ||
                                router.score == model::RouterScore::UnitGates))
        return usageError("this model's router chooses among groups or one expert after the other, so its experts "
                          "cannot be mixed",
                          "Search without generations of merging");
    method::EepSettings settings;
    settings.experts = summary.experts;
    settings.kept = request.keep;
    settings.routerGroups = plan::routerGroups(summary);
    settings.seed = request.seed;
    settings.initial = request.initial;
    settings.children = request.children;
    settings.pruning = request.pruning;
    settings.merging = request.merging;
    settings.point.assign(rungs, 0.01);       // of accuracy a point, of the others about a percent of perplexity
    for (std::int32_t l = 0; l < layers; ++l) // as equal as they can be
        settings.groupOf.push_back(static_cast<std::size_t>(std::int64_t{l} * groups / layers));
    ESPALIER_TRY(const auto tables, scoreTables(request, statistics));
    for (const auto& [score, table] : tables) {
        if (table.layers.size() != summary.moeLayers.size())
            continue; // not every layer was measured
        const auto sums = groupScores(table, settings.groupOf);
        addPrior(sums, tables.size(), settings.prior);
        ESPALIER_TRY(const auto constraints,
                     plan::constrain(summary, groupRanking(sums, settings.groupOf), {}, plan::legalCount(summary, 1)));
        std::vector<std::vector<std::int32_t>> seed;
        for (std::size_t l = 0; l < settings.groupOf.size(); ++l) {
            if (settings.groupOf[l] < seed.size())
                continue;
            const auto& order = constraints.order[l];
            auto& keep = seed.emplace_back(order.begin(), order.begin() + request.keep);
            std::sort(keep.begin(), keep.end());
        }
        if (std::find(settings.seeds.begin(), settings.seeds.end(), seed) != settings.seeds.end())
            continue;
        settings.seeds.push_back(std::move(seed));
        names.push_back(score);
    }
    return std::unique_ptr<method::Optimiser>(std::make_unique<method::EepSearch>(std::move(settings)));
}

Result<std::unique_ptr<method::Optimiser>> makeEvoEsap(const model::OpenModel& model,
                                                       const stats::Statistics& statistics,
                                                       const SearchRequest& request, std::vector<std::string>& names)
{
    const auto& summary = model.summary;
    ESPALIER_TRY(const auto tables, scoreTables(request, statistics));
    if (tables.empty())
        return badInput("the study holds no score that could order the experts", {}, {},
                        "Profile the model first, or name one with --seed-method");
    method::EvoEsapSettings settings;
    settings.seed = request.seed;
    settings.population = std::max(2, request.children);
    settings.elite = std::max(1, settings.population / 8); // 4 of 32 in the paper
    settings.generations = request.pruning;
    settings.step = plan::routerGroups(summary);
    settings.total = std::int64_t{request.keep} * static_cast<std::int64_t>(summary.moeLayers.size());
    plan::Planner planner(summary, std::make_shared<const stats::Statistics>(statistics));
    for (const auto& allocator : method::allocators()) {
        plan::PlanRequest wanted;
        wanted.score = scoreRequest(request, tables.front().first);
        wanted.target.keepPerLayer = request.keep;
        wanted.allocator = allocator.id;
        auto made = planner.make(wanted);
        if (!made) // an allocator may need statistics of its own
            continue;
        std::vector<std::int32_t> counts;
        settings.order.clear();
        for (const auto& layer : made->layers) {
            counts.push_back(static_cast<std::int32_t>(layer.keep.size()));
            settings.order.push_back(layer.order);
        }
        if (made->keptTotal() != settings.total ||
            std::find(settings.seeds.begin(), settings.seeds.end(), counts) != settings.seeds.end())
            continue;
        settings.seeds.push_back(std::move(counts));
        names.emplace_back(fmt::format("{}, {}", tables.front().first, allocator.id));
    }
    if (settings.order.empty())
        return badInput("no allocator could make a plan of the study's statistics");
    settings.lowest.assign(settings.order.size(), plan::legalCount(summary, 1));
    settings.highest.assign(settings.order.size(), summary.experts);
    return std::unique_ptr<method::Optimiser>(std::make_unique<method::EvoEsapSearch>(std::move(settings)));
}

} // namespace

Result<std::unique_ptr<method::Optimiser>> makeOptimiser(const model::OpenModel& model, const study::Study& study,
                                                         const SearchRequest& request, std::size_t rungs,
                                                         std::vector<std::string>& names)
{
    const auto& summary = model.summary;
    if (summary.moeLayers.empty())
        return badInput("the model has no routed experts to choose from");
    ESPALIER_CHECK(plan::checkKeep(summary, request.keep));
    ESPALIER_TRY(const auto statistics, study.loadStatistics());
    return request.method == SearchMethod::Eep ? makeEep(model, statistics, request, rungs, names)
                                               : makeEvoEsap(model, statistics, request, names);
}

plan::Plan planOfCandidate(const model::ModelSummary& model, const SearchRequest& request,
                           const method::Candidate& candidate, std::string name)
{
    plan::Plan plan;
    plan.name = std::move(name);
    plan.fingerprint = model.fingerprint;
    plan.family = model.family;
    plan.method = request.method == SearchMethod::Eep ? "eep" : "evoesap";
    plan.allocator = request.method == SearchMethod::Eep ? "uniform" : "evoesap";
    for (const auto& data : request.data.texts)
        plan.domains.push_back(data.name);
    for (const auto& data : request.data.tasks)
        plan.domains.push_back(data.name);
    for (std::size_t l = 0; l < candidate.size(); ++l) {
        auto& layer = plan.layers.emplace_back();
        layer.layer = model.moeLayers[l].layer;
        layer.keep = candidate[l].keep;
        layer.mixing = candidate[l].mixing;
    }
    plan.predicted.bytes = plan::predictBytes(model, plan.layers);
    plan.predicted.memory = plan::predictMemory(model, plan.predicted.bytes, plan::Deployment{});
    return plan;
}

} // namespace espalier::engine
