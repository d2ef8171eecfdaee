// SPDX-License-Identifier: Apache-2.0
#include "core/engine/profile_pass.h"

#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/tokenizer/model_tokenizer.h"

#include <algorithm>
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

stats::Topology topologyOf(const model::OpenModel& model)
{
    return {model.summary.experts, model.summary.topK, model.summary.hidden};
}

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

std::int64_t tokensBefore(const DomainTexts& texts, const ProfilePart& part)
{
    std::int64_t tokens = 0;
    for (std::size_t w = 0; w < part.first; ++w)
        tokens += static_cast<std::int64_t>(texts.windows[w].ids.size());
    return tokens;
}

stats::SampleTokens sampledTokens(const ProfileRequest& request, const DomainTexts& texts)
{
    if (!request.statistics.hasSamples())
        return {};
    const std::int64_t most = std::max<std::int64_t>(1, request.sampleTokens);
    return {std::max<std::int64_t>(1, (texts.tokens + most - 1) / most), most, 0};
}

stats::DomainStats emptyDomain(const model::OpenModel& model, const ProfileRequest& request, const DomainTexts& texts)
{
    stats::DomainStats domain;
    domain.name = texts.name;
    domain.dataSha256 = texts.joinedSha256();
    for (const auto& layer : model.summary.moeLayers)
        domain.layers.emplace_back(layer.layer, topologyOf(model), request.statistics);
    domain.sampled = request.statistics;
    domain.sampleTokens = sampledTokens(request, texts);
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
    if (request.statistics.hasSamples())
        settings["sample_tokens"] = request.sampleTokens;
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
