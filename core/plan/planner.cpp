// SPDX-License-Identifier: Apache-2.0
#include "core/plan/planner.h"

#include "core/base/byte_size.h"
#include "core/method/allocate/active_experts.h"
#include "core/method/allocate/skipping.h"
#include "core/plan/constraints.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace espalier::plan {
namespace {

/// Predicted memory when every layer keeps `count` experts. Experts of a layer have one size in every known format.
std::uint64_t memoryAt(const model::ModelSummary& model, std::int32_t count, const Deployment& deployment)
{
    model::BytesByPart bytes = model.bytes;
    for (const auto& facts : model.moeLayers) {
        const auto dropped = static_cast<std::uint64_t>(std::max(facts.experts - count, 0));
        bytes.routedExperts -= dropped * (facts.expertBytes.empty() ? 0 : facts.expertBytes.front());
        bytes.router -= dropped * facts.routerBytesPerExpert;
    }
    return predictMemory(model, bytes, deployment).total();
}

/// "layers 1, 13, 26"; no more than fit a sentence.
std::string layersText(const method::ScoreTable& table)
{
    std::string text = table.layers.size() == 1 ? "layer " : "layers ";
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        if (l == 8)
            return text + ", …";
        text += fmt::format("{}{}", l == 0 ? "" : ", ", table.layers[l].layer.value());
    }
    return text;
}

} // namespace

std::int32_t legalCount(const model::ModelSummary& model, std::int32_t wanted)
{
    const std::int32_t groups = std::max(model.routerGroups, 1);
    std::int32_t count = std::clamp(wanted, std::min(model.topK, model.experts), model.experts);
    if (groups > 1) {
        // Equal survivors per group, two at least (group scores add the two best), k reachable inside the chosen
        // groups.
        const std::int32_t used = std::max(model.routerGroupsUsed, 1);
        std::int32_t perGroup = std::max({(count + groups - 1) / groups, 2, (model.topK + used - 1) / used});
        count = std::min(perGroup * groups, model.experts);
    }
    return count;
}

Result<std::int32_t> largestCountThatFits(const model::ModelSummary& model, std::uint64_t budget,
                                          const Deployment& deployment)
{
    const std::int32_t smallest = legalCount(model, 1);
    const auto smallestNeed = memoryAt(model, smallest, deployment);
    if (smallestNeed > budget)
        return noResources(fmt::format("the smallest legal plan ({} experts per layer) needs {} but the budget is {}",
                                       smallest, base::formatByteSize(ByteSize(smallestNeed)),
                                       base::formatByteSize(ByteSize(budget))),
                           "Raise --budget, or lower --context and --sequences");
    for (std::int32_t count = model.experts; count > smallest; --count)
        if (legalCount(model, count) == count && memoryAt(model, count, deployment) <= budget)
            return count;
    return smallest;
}

struct Planner::State {
    model::ModelSummary model;
    std::shared_ptr<const stats::Statistics> statistics;
    /// Share of a layer's gate mass each expert has: [domain][layer][expert].
    std::vector<std::vector<std::vector<double>>> shares;

    struct Ranked {
        method::ScoreRequest request;
        std::shared_ptr<const method::ScoreTable> table;
        std::vector<std::vector<std::int32_t>> order;
    };
    std::vector<Ranked> cache; ///< newest last
    Result<const Ranked*> ranked(const method::ScoreRequest& request);
    std::vector<double> layerWeights(const std::vector<std::string>& domains) const;
};

Planner::Planner(model::ModelSummary model, std::shared_ptr<const stats::Statistics> statistics)
    : m_state(std::make_unique<State>())
{
    m_state->model = std::move(model);
    m_state->statistics = std::move(statistics);
    for (const auto& domain : m_state->statistics->domains) {
        auto& perLayer = m_state->shares.emplace_back();
        // Without gate weights (imports) nothing is known about gate mass; an empty list says so.
        if (!std::all_of(domain.layers.begin(), domain.layers.end(),
                         [](const auto& layer) { return layer.has(stats::Stat::Gate); }))
            continue;
        for (const auto& layer : domain.layers) {
            const auto gate = layer[stats::Stat::Gate];
            auto& share = perLayer.emplace_back(gate.begin(), gate.end());
            double total = 0;
            for (const double g : share)
                total += g;
            for (double& g : share)
                g = total > 0 ? g / total : 0;
        }
    }
}

Planner::~Planner() = default;
Planner::Planner(Planner&&) noexcept = default;
Planner& Planner::operator=(Planner&&) noexcept = default;

const model::ModelSummary& Planner::model() const
{
    return m_state->model;
}

const stats::Statistics& Planner::statistics() const
{
    return *m_state->statistics;
}

Result<const Planner::State::Ranked*> Planner::State::ranked(const method::ScoreRequest& request)
{
    for (const auto& entry : cache)
        if (entry.request == request)
            return &entry;
    ESPALIER_TRY(auto table, method::computeScores(*statistics, request));
    if (table.layers.size() != model.moeLayers.size())
        return badInput(fmt::format("{} of the model's {} layers with experts were measured ({}), but a plan needs all",
                                    table.layers.size(), model.moeLayers.size(), layersText(table)),
                        {}, {}, "Measure with espalier profile, or import statistics of every layer");
    for (std::size_t l = 0; l < table.layers.size(); ++l)
        if (table.layers[l].layer != model.moeLayers[l].layer ||
            static_cast<std::int32_t>(table.layers[l].experts.size()) != model.moeLayers[l].experts)
            return badInput(
                fmt::format("the statistics of layer {} do not fit the model", table.layers[l].layer.value()));
    Ranked entry;
    entry.request = request;
    for (const auto& layer : table.layers)
        entry.order.push_back(method::rankExperts(layer));
    entry.table = std::make_shared<const method::ScoreTable>(std::move(table));
    if (cache.size() >= 16) // a person compares a handful; more would only hold memory
        cache.erase(cache.begin());
    cache.push_back(std::move(entry));
    return &cache.back();
}

/// Mean |y| / |h| per layer over the tokens of the domains (of all when none is named); empty when not measured.
std::vector<double> Planner::State::layerWeights(const std::vector<std::string>& domains) const
{
    std::vector<double> sums(model.moeLayers.size(), 0.0), tokens = sums;
    for (const auto& domain : statistics->domains) {
        if (!domains.empty() && std::find(domains.begin(), domains.end(), domain.name) == domains.end())
            continue;
        for (std::size_t l = 0; l < std::min(sums.size(), domain.layers.size()); ++l) {
            const auto ratio = domain.layers[l][stats::Stat::LayerRatio];
            sums[l] += ratio.empty() ? 0 : ratio.front();
            tokens[l] += domain.layers[l].tokens();
        }
    }
    for (std::size_t l = 0; l < sums.size(); ++l) {
        if (!(sums[l] > 0) || !std::isfinite(sums[l]) || !(tokens[l] > 0))
            return {};
        sums[l] /= tokens[l];
    }
    return sums;
}

Result<std::shared_ptr<const method::ScoreTable>> Planner::scores(const method::ScoreRequest& request)
{
    ESPALIER_TRY(const auto* entry, m_state->ranked(request));
    return entry->table;
}

void Planner::predict(Plan& plan, const Deployment& deployment) const
{
    plan.predicted.bytes = predictBytes(m_state->model, plan.layers);
    plan.predicted.memory = predictMemory(m_state->model, plan.predicted.bytes, deployment);
    plan.predicted.massKept.clear();
    plan.predicted.massKeptWorst.clear();
    const auto& domains = m_state->statistics->domains;
    for (std::size_t d = 0; d < domains.size(); ++d) {
        double sum = 0, worst = 1;
        const auto& shares = m_state->shares[d];
        if (shares.empty())
            continue;
        for (std::size_t l = 0; l < std::min(plan.layers.size(), shares.size()); ++l) {
            double kept = 0;
            for (const auto id : plan.layers[l].keep)
                kept += static_cast<std::size_t>(id) < shares[l].size() ? shares[l][static_cast<std::size_t>(id)] : 0;
            sum += kept;
            worst = std::min(worst, kept);
        }
        plan.predicted.massKept[domains[d].name] = std::min(1.0, sum / static_cast<double>(shares.size()));
        plan.predicted.massKeptWorst[domains[d].name] = worst;
    }
}

namespace {

/// Bounds under which no size overflows.
Result<void> checkDeployment(const Deployment& deployment)
{
    constexpr std::int64_t kMostContext = std::int64_t{1} << 30, kMostSequences = std::int64_t{1} << 20,
                           kMostTokens = std::int64_t{1} << 36;
    if (deployment.context < 1 || deployment.context > kMostContext || deployment.sequences < 1 ||
        deployment.sequences > kMostSequences || deployment.context > kMostTokens / deployment.sequences)
        return usageError(
            fmt::format("{} sequences of {} tokens are out of range", deployment.sequences, deployment.context),
            fmt::format("Choose 1 to {} tokens and 1 to {} sequences", kMostContext, kMostSequences));
    if (deployment.kvBytes < 1 || deployment.kvBytes > 8)
        return usageError(fmt::format("a cache element of {} bytes is not possible", deployment.kvBytes));
    return {};
}

Result<std::int64_t> totalFor(const model::ModelSummary& model, const PlanRequest& request)
{
    const auto& target = request.target;
    const int given =
        (target.keepPerLayer ? 1 : 0) + (target.ratio ? 1 : 0) + (target.budget ? 1 : 0) + (target.perLayer ? 1 : 0);
    if (given != 1)
        return usageError("exactly one target is needed: a count, a ratio, a budget or counts per layer");
    std::int32_t count = 0;
    if (target.keepPerLayer) {
        count = *target.keepPerLayer;
        if (count < model.topK || count > model.experts)
            return usageError(
                fmt::format("cannot keep {} experts per layer: the model has {} and its router chooses {}", count,
                            model.experts, model.topK),
                fmt::format("Choose {} to {}", model.topK, model.experts));
    } else if (target.ratio) {
        if (!(*target.ratio >= 0 && *target.ratio < 1))
            return usageError(fmt::format("the ratio {} is out of range", *target.ratio), "Choose 0 <= R < 1");
        // The small addition keeps E * R whole where it is whole in exact arithmetic (0.7 of 10).
        count = model.experts - static_cast<std::int32_t>(std::floor(model.experts * *target.ratio + 1e-9));
    } else if (target.budget) {
        ESPALIER_TRY(count, largestCountThatFits(model, *target.budget, request.deployment));
    } else {
        if (target.perLayer->size() != model.moeLayers.size())
            return usageError(
                fmt::format("{} counts were given for {} layers", target.perLayer->size(), model.moeLayers.size()));
        std::int64_t total = 0;
        for (const auto c : *target.perLayer)
            total += c;
        return total;
    }
    return static_cast<std::int64_t>(legalCount(model, count)) * static_cast<std::int64_t>(model.moeLayers.size());
}

Result<void> checkSkip(double share, const model::ModelSummary& model)
{
    if (!(share >= 0 && share <= 1))
        return usageError(fmt::format("a share of {} of the tokens is not possible", share), "Choose 0 to 1");
    if (model.topK < 2)
        return usageError("every token takes one expert, there is none to leave out", "Make the plan without --skip");
    return {};
}

/// Layers that already take fewer experts per token keep the thresholds of those.
Result<void> setThresholds(Plan& plan, const stats::Statistics& statistics, double share, std::int32_t topK)
{
    ESPALIER_TRY(auto thresholds, method::skipThresholds(statistics, plan.domains, share));
    if (thresholds.size() != plan.layers.size())
        return badInput("the statistics do not say how small a token's later weights are in every layer");
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
        auto& layer = plan.layers[l];
        const auto own = static_cast<std::size_t>((layer.topK > 0 ? layer.topK : topK) - 1);
        if (thresholds[l].size() < own)
            return badInput(fmt::format("layer {} was not measured", layer.layer.value()));
        layer.skip.assign(thresholds[l].begin(), thresholds[l].begin() + static_cast<std::ptrdiff_t>(own));
    }
    return {};
}

} // namespace

Result<Plan> Planner::make(const PlanRequest& request)
{
    if (m_state->model.moeLayers.empty())
        return badInput(fmt::format("{} has no routed experts, so there is nothing to cut", m_state->model.name));
    // Smallest counts follow the number of experts that a token takes.
    std::optional<model::ModelSummary> lowered;
    if (request.topK) {
        if (*request.topK < 1 || *request.topK > m_state->model.topK)
            return usageError(fmt::format("{} experts per token are not possible", *request.topK),
                              fmt::format("Choose 1 to {}", m_state->model.topK));
        lowered = m_state->model;
        lowered->topK = *request.topK;
    }
    if (request.meanTopK && (request.topK || !(*request.meanTopK >= 1 && *request.meanTopK <= m_state->model.topK)))
        return usageError(request.topK
                              ? std::string("one number of experts per token or a mean of them, not both")
                              : fmt::format("a mean of {} experts per token is not possible", *request.meanTopK),
                          fmt::format("Choose 1 to {}", m_state->model.topK));
    if (request.skip)
        ESPALIER_CHECK(checkSkip(*request.skip, lowered ? *lowered : m_state->model));
    const auto& model = lowered ? *lowered : m_state->model;
    const auto* allocator = method::findAllocator(request.allocator);
    if (allocator == nullptr) {
        std::vector<std::string_view> known;
        for (const auto& a : method::allocators())
            known.push_back(a.id);
        return usageError(fmt::format("there is no allocator '{}'", request.allocator),
                          fmt::format("Known are {}", fmt::join(known, ", ")));
    }
    ESPALIER_CHECK(checkDeployment(request.deployment));
    ESPALIER_TRY(const auto total, totalFor(model, request));
    ESPALIER_TRY(const auto* ranked, m_state->ranked(request.score));

    Plan plan;
    plan.name = request.name;
    plan.fingerprint = model.fingerprint;
    plan.family = model.family;
    plan.method = request.score.method;
    plan.allocator = request.allocator;
    plan.protectors = request.protectors;
    plan.domains = ranked->table->domains;
    plan.locks = request.locks;

    // The user's locks come first; a protector does not override a lock that drops.
    std::vector<method::Lock> locks = request.locks;
    std::int32_t wanted = 1;
    for (const auto& text : request.protectors) {
        ESPALIER_TRY(const auto choice, method::chooseProtector(text));
        if (choice.protector->boundsCounts)
            wanted = std::max(wanted, static_cast<std::int32_t>(choice.parameter));
        const auto more = choice.protector->protect(*m_state->statistics, model, choice.parameter);
        locks.insert(locks.end(), more.begin(), more.end());
    }
    const auto smallest = legalCount(model, wanted);
    ESPALIER_TRY(auto constraints, constrain(model, ranked->order, locks, smallest));
    std::vector<std::int32_t> counts;
    if (request.target.perLayer) {
        counts = *request.target.perLayer;
        ESPALIER_CHECK(checkCounts(model, constraints, counts, smallest));
    } else {
        method::AllocationInput input;
        input.scores = ranked->table.get();
        input.totalKept = total;
        input.minimumPerLayer = smallest;
        input.step = routerGroups(model);
        input.lockedKept = constraints.lockedKept;
        input.lockedDropped = constraints.lockedDropped;
        input.order = constraints.order;
        input.layerWeight = m_state->layerWeights(ranked->table->domains);
        counts = allocator->allocate(input);
        if (allocator->uniformCounts || request.oneCount) {
            ESPALIER_TRY(const auto common, commonCount(model, constraints, counts));
            std::fill(counts.begin(), counts.end(), common);
        }
    }
    for (std::size_t l = 0; l < counts.size(); ++l) {
        auto& layer = plan.layers.emplace_back();
        layer.layer = model.moeLayers[l].layer;
        layer.topK = model.topK == m_state->model.topK ? 0 : model.topK;
        layer.order = std::move(constraints.order[l]);
        layer.keep.assign(layer.order.begin(), layer.order.begin() + counts[l]);
        std::sort(layer.keep.begin(), layer.keep.end());
    }
    if (request.meanTopK) {
        ESPALIER_TRY(const auto lost, method::lostGateShares(*m_state->statistics, ranked->table->domains));
        if (lost.size() != plan.layers.size())
            return badInput("the statistics do not say how gate weight is shared in every layer");
        const auto activeTotal = std::llround(*request.meanTopK * static_cast<double>(lost.size()));
        const auto active = method::allocateActive(lost, m_state->layerWeights(ranked->table->domains), activeTotal);
        for (std::size_t l = 0; l < active.size(); ++l)
            plan.layers[l].topK = active[l] == model.topK ? 0 : active[l];
    }
    if (request.skip)
        ESPALIER_CHECK(setThresholds(plan, *m_state->statistics, *request.skip, model.topK));
    predict(plan, request.deployment);
    // Locks can ask for more than the count that fits.
    if (request.target.budget && plan.predicted.memory.total() > *request.target.budget)
        return noResources(
            fmt::format("with these locks or one count for all layers the plan needs {} but the budget is "
                        "{}",
                        base::formatByteSize(ByteSize(plan.predicted.memory.total())),
                        base::formatByteSize(ByteSize(*request.target.budget))),
            "Unlock experts, raise --budget, or let counts differ");
    plan.settings = {{"seed", request.score.seed},
                     {"context", request.deployment.context},
                     {"sequences", request.deployment.sequences},
                     {"kv_bytes", request.deployment.kvBytes}};
    if (request.topK)
        plan.settings["top_k"] = *request.topK;
    if (request.skip)
        plan.settings["skip"] = *request.skip;
    if (request.meanTopK)
        plan.settings["mean_top_k"] = *request.meanTopK;
    if (request.oneCount)
        plan.settings["one_count"] = true;
    if (request.score.method == "unified")
        plan.settings["exponents"] = request.score.exponents;
    if (request.target.keepPerLayer)
        plan.settings["keep"] = *request.target.keepPerLayer;
    if (request.target.ratio)
        plan.settings["ratio"] = *request.target.ratio;
    if (request.target.budget)
        plan.settings["budget"] = *request.target.budget;
    return plan;
}

} // namespace espalier::plan
