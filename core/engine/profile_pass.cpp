// SPDX-License-Identifier: Apache-2.0
#include "core/engine/profile_pass.h"

#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/tokenizer/model_tokenizer.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace espalier::engine {

std::vector<ProfileGroup> cutIntoGroups(std::span<const DomainTexts> domains, const ProfileOrder& order)
{
    const std::int64_t most = std::max<std::int64_t>(1, order.block());
    std::vector<ProfileGroup> blocks;
    for (std::size_t d = 0; d < domains.size(); ++d)
        for (std::size_t w = 0; w < domains[d].windows.size(); ++w) {
            const auto tokens = static_cast<std::int64_t>(domains[d].windows[w].ids.size());
            if (w == 0 || blocks.back().tokens + tokens > most)
                blocks.push_back({{{d, w, 0}}, 0});
            ++blocks.back().parts.back().count;
            blocks.back().tokens += tokens;
        }
    if (!order.byLayers)
        return blocks;
    std::vector<ProfileGroup> groups;
    for (const ProfileGroup& block : blocks) {
        if (groups.empty() || groups.back().tokens + block.tokens > order.groupTokens) {
            groups.push_back(block);
            continue;
        }
        ProfileGroup& group = groups.back();
        group.tokens += block.tokens;
        if (group.parts.back().domain == block.parts[0].domain)
            group.parts.back().count += block.parts[0].count;
        else
            group.parts.push_back(block.parts[0]);
    }
    return groups;
}

namespace {

stats::Topology topologyOf(const model::OpenModel& model)
{
    return {model.summary.experts, model.summary.topK, model.summary.hidden};
}

} // namespace

Result<ProfilePass> prepareProfile(const model::OpenModel& model, const ProfileRequest& request)
{
    if (!model.spec.isMoe() || model.summary.moeLayers.empty())
        return badInput("the model has no routed experts, so there is nothing to measure",
                        model.checkpoint.path().string());
    if (request.data.empty())
        return usageError("no texts were given", "Use --data DOMAIN=FILE");
    ProfilePass pass;
    ESPALIER_TRY(pass.context, usableContext(model.spec, request.context));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    pass.tokenizer = tokenizer.fingerprint();
    ESPALIER_TRY(pass.domains, readDomainTexts(request.data, tokenizer, model.spec, pass.context, request.maxTokens));
    for (const auto& domain : pass.domains)
        pass.tokens += domain.tokens;
    return pass;
}

stats::DomainStats emptyDomain(const model::OpenModel& model, const ProfileRequest& request, const DomainTexts& texts)
{
    stats::DomainStats domain;
    domain.name = texts.name;
    domain.dataSha256 = texts.joinedSha256();
    for (const auto& layer : model.summary.moeLayers)
        domain.layers.emplace_back(layer.layer, topologyOf(model), request.statistics);
    return domain;
}

base::OrderedJson profileSettings(const model::OpenModel& model, const ProfileRequest& request, const ProfilePass& pass,
                                  const ProfileOrder& order, ComputeType compute)
{
    base::OrderedJson groups = base::OrderedJson::array();
    for (std::size_t i = 0; i < stats::statGroups().size(); ++i)
        if ((request.statistics.groups >> i & 1U) != 0)
            groups.push_back(stats::statGroups()[i]);
    base::OrderedJson settings{{"command", "profile"},
                               {"model_fingerprint", model.summary.fingerprint},
                               {"tokenizer_fingerprint", pass.tokenizer},
                               {"data", base::OrderedJson::array()},
                               {"context", pass.context},
                               {"max_tokens", request.maxTokens.value()},
                               {"statistics", groups},
                               {"compute", compute == ComputeType::BFloat16 ? "bfloat16" : "float32"}};
    for (const auto& domain : pass.domains)
        settings["data"].push_back({{"domain", domain.name}, {"sha256", domain.joinedSha256()}});
    settings["resume_key"] = base::sha256(settings.dump());
    settings["order"] = order.byLayers ? "layers" : "groups"; // a run goes on as it began, whatever the memory now
    settings["group_tokens"] = order.groupTokens;
    settings["block_tokens"] = order.block();
    settings["data"] = describeData(request.data, pass.domains); // paths are for people: a moved file is the same data
    std::error_code ignored;                                     // the path as given serves as well
    const auto folder = std::filesystem::absolute(model.checkpoint.path(), ignored);
    settings["model"] = (ignored ? model.checkpoint.path() : folder).string(); // where the window looks for it
    settings["version"] = ESPALIER_VERSION;
    return settings;
}

ProfileOrder orderOf(const base::OrderedJson& settings, const ProfileOrder& fallback)
{
    if (!settings.is_object() || !settings.contains("group_tokens") || !settings["group_tokens"].is_number_integer())
        return fallback;
    ProfileOrder order{settings.value("order", std::string("groups")) == "layers",
                       settings["group_tokens"].get<std::int64_t>(), fallback.blockTokens};
    if (settings.contains("block_tokens") && settings["block_tokens"].is_number_integer())
        order.blockTokens = settings["block_tokens"].get<std::int64_t>();
    return order;
}

namespace {

/// Rows that a product takes as long as more than it has: an expert's weights come from memory once for each batch
/// whatever its rows. `espalier bench --parts layers` says what the bank takes: see tests/bench/README.md.
constexpr double kRowsLost = 32;
constexpr std::int64_t kBatchTokens = 4096; ///< that go through an expert together
constexpr double kHsicTokens = 32;          ///< that S11 compares together, of a text

/// Tokens of a text that BankSums takes.
std::int64_t bankSample(std::int64_t tokens, int experts)
{
    const std::int64_t step = std::max(1, 3 * (experts + 1) / 2);
    return tokens > step / 2 ? (tokens - 1 - step / 2) / step + 1 : 0;
}

double expertFlops(const model::ModelSpec& spec)
{
    return 2.0 * 3 * spec.hidden * spec.expertWidth;
}

/// One layer's for a text of which so many tokens go through all E experts: the experts; products of their outputs and
/// the layer's with each other, (E + 1)² H; for S9 the choice without each expert, four times over E logits and a
/// quadratic form of at most 2 k gates; for S11 kernels of n tokens, E n H a token, and traces of their products, E² n.
double bankFlops(const model::ModelSpec& spec, const stats::StatSelection& statistics, std::int64_t sample)
{
    const double e = spec.experts, h = spec.hidden, k = spec.router.topK;
    double each = e * expertFlops(spec) + 2 * (e + 1) * (e + 1) * h;
    if (statistics.has(stats::Stat::LeaveOutLoss))
        each += e * (4 * e + 2 * (2 * k) * (2 * k));
    if (statistics.has(stats::Stat::OutputHsic)) {
        const double n = std::min(kHsicTokens, static_cast<double>(sample));
        each += 2 * e * n * h + 2 * e * e * n;
    }
    return each * static_cast<double>(sample);
}

} // namespace

Result<ProfileEstimate> estimateProfile(const model::OpenModel& model, const ProfileRequest& request)
{
    ESPALIER_TRY(const ProfilePass pass, prepareProfile(model, request));
    ProfileEstimate estimate;
    const auto layers = static_cast<std::uint64_t>(model.summary.moeLayers.size());
    std::uint64_t perLayer = 0;
    for (const auto& info : stats::statInfos())
        if (request.statistics.has(info.stat)) {
            const auto size = stats::statSize(info.stat, topologyOf(model));
            perLayer += sizeof(double) * size.rows * size.cols;
        }
    constexpr std::uint64_t kPoolEntry = sizeof(float) + sizeof(std::uint16_t);
    const auto perToken = static_cast<double>(model.summary.activeParameters);
    double batches = 0;
    for (const auto& domain : pass.domains) {
        estimate.tokens[domain.name] = domain.tokens;
        estimate.windows[domain.name] = static_cast<std::int64_t>(domain.windows.size());
        estimate.studyBytes += layers * perLayer;
        if (request.statistics.hasPool())
            estimate.studyBytes += layers * kPoolEntry * static_cast<std::uint64_t>(domain.tokens) *
                                   static_cast<std::uint64_t>(model.summary.topK);
        // Two per weight and token, and for attention two products of every position with half of those before it.
        for (const auto& window : domain.windows) {
            const auto n = static_cast<double>(window.ids.size());
            estimate.flops +=
                2 * n * perToken + 2 * n * n * model.summary.heads * model.summary.headDim * model.summary.layers;
            if (!request.statistics.hasBank())
                continue;
            const std::int64_t sample = bankSample(std::ssize(window.ids), model.summary.experts);
            estimate.bankTokens += sample;
            estimate.flops += static_cast<double>(layers) * bankFlops(model.spec, request.statistics, sample);
        }
        batches += static_cast<double>((domain.tokens + kBatchTokens - 1) / kBatchTokens);
    }
    estimate.effort = estimate.flops;
    if (request.statistics.hasBank())
        estimate.effort +=
            batches * static_cast<double>(layers) * model.spec.experts * expertFlops(model.spec) * kRowsLost;
    return estimate;
}

std::int64_t tokensAtOnce(const Engine& engine, const stats::StatSelection& statistics)
{
    const std::int64_t most = engine.tokensAtOnce();
    return statistics.hasBank() ? std::max<std::int64_t>(1, most / 4 * 3) : most;
}

std::int64_t tokensPerPass(const Engine& engine, const stats::StatSelection& statistics)
{
    return engine.spills() ? std::numeric_limits<std::int32_t>::max() : tokensAtOnce(engine, statistics);
}

std::int64_t newDocuments(const DomainTexts& texts, const ProfilePart& part)
{
    std::int64_t count = 0;
    for (std::size_t w = part.first; w < part.first + part.count; ++w)
        count += w == 0 || texts.windows[w].document != texts.windows[w - 1].document ? 1 : 0;
    return count;
}

} // namespace espalier::engine
