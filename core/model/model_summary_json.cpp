// SPDX-License-Identifier: Apache-2.0
// ModelSummary to JSON and back. Study files come from other machines, so reading checks everything it uses later.
#include "core/model/config_reader.h"
#include "core/model/model_summary.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace espalier::model {

namespace {

constexpr int kLargest = std::numeric_limits<int>::max();

Result<std::uint64_t> bytesOf(const ConfigReader& reader, std::string_view key)
{
    const auto* value = reader.find(key);
    if (value == nullptr || !value->is_number_unsigned())
        return reader.error(key, "a whole number from 0 was expected");
    return value->get<std::uint64_t>();
}

base::OrderedJson cacheToJson(const CacheFacts& cache)
{
    return {
        {"per_token", cache.perToken}, {"per_window_token", cache.perWindowToken}, {"per_sequence", cache.perSequence}};
}

Result<CacheFacts> cacheFromJson(const ConfigReader& reader)
{
    CacheFacts cache;
    ESPALIER_TRY(cache.perToken, bytesOf(reader, "per_token"));
    ESPALIER_TRY(cache.perWindowToken, bytesOf(reader, "per_window_token"));
    ESPALIER_TRY(cache.perSequence, bytesOf(reader, "per_sequence"));
    return cache;
}

base::OrderedJson stagesToJson(const StageFacts& stages)
{
    base::OrderedJson layers = base::OrderedJson::array();
    for (const LayerFacts& layer : stages.layers)
        layers.push_back({{"shared_experts", layer.sharedExperts},
                          {"router", layer.router},
                          {"attention", layer.attention},
                          {"other", layer.other},
                          {"cache", cacheToJson(layer.cache)}});
    return {
        {"layers", std::move(layers)}, {"embedding", stages.embedding}, {"head", stages.head}, {"other", stages.other}};
}

Result<StageFacts> stagesFromJson(const ConfigReader& reader, std::int32_t layers, const std::string& file)
{
    StageFacts stages;
    ESPALIER_TRY(stages.embedding, bytesOf(reader, "embedding"));
    ESPALIER_TRY(stages.head, bytesOf(reader, "head"));
    ESPALIER_TRY(stages.other, bytesOf(reader, "other"));
    const auto* list = reader.find("layers");
    if (list == nullptr || !list->is_array() || list->size() != static_cast<std::size_t>(layers))
        return reader.error("layers", fmt::format("a list of {} layers was expected", layers));
    for (const auto& entry : *list) {
        if (!entry.is_object())
            return reader.error("layers", "a list of objects was expected");
        const ConfigReader each(entry, file, "stages.layers.");
        LayerFacts facts;
        ESPALIER_TRY(facts.sharedExperts, bytesOf(each, "shared_experts"));
        ESPALIER_TRY(facts.router, bytesOf(each, "router"));
        ESPALIER_TRY(facts.attention, bytesOf(each, "attention"));
        ESPALIER_TRY(facts.other, bytesOf(each, "other"));
        ESPALIER_TRY(const auto cache, each.object("cache"));
        if (!cache)
            return each.error("cache", "the key is missing");
        ESPALIER_TRY(facts.cache, cacheFromJson(*cache));
        stages.layers.push_back(facts);
    }
    return stages;
}

/// Experts of a layer mostly have one size: a single number then, a list otherwise.
base::OrderedJson expertBytesToJson(const std::vector<std::uint64_t>& bytes)
{
    if (!bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [&](std::uint64_t b) { return b == bytes.front(); }))
        return bytes.front();
    return bytes;
}

Result<MoeLayerFacts> layerFromJson(const base::OrderedJson& json, const std::string& file)
{
    if (!json.is_object())
        return base::badInput("an object was expected", file, "key moe_layers");
    const ConfigReader reader(json, file, "moe_layers.");
    MoeLayerFacts facts;
    ESPALIER_TRY(const int layer, reader.integer("layer", 0, kLargest));
    facts.layer = LayerIndex(layer);
    ESPALIER_TRY(facts.experts, reader.integer("experts", 1, 1 << 16));
    ESPALIER_TRY(facts.routerBytesPerExpert, bytesOf(reader, "router_bytes_per_expert"));
    const auto count = static_cast<std::size_t>(facts.experts);
    const auto* bytes = reader.find("expert_bytes");
    if (bytes != nullptr && bytes->is_number_unsigned()) {
        facts.expertBytes.assign(count, bytes->get<std::uint64_t>());
        return facts;
    }
    if (bytes == nullptr || !bytes->is_array() || bytes->size() != count)
        return reader.error("expert_bytes", fmt::format("one number or a list of {} was expected", count));
    for (const auto& value : *bytes) {
        if (!value.is_number_unsigned())
            return reader.error("expert_bytes", "a whole number from 0 was expected");
        facts.expertBytes.push_back(value.get<std::uint64_t>());
    }
    return facts;
}

Result<BytesByPart> partsFromJson(const ConfigReader& reader)
{
    BytesByPart parts;
    ESPALIER_TRY(parts.routedExperts, bytesOf(reader, "routed_experts"));
    ESPALIER_TRY(parts.sharedExperts, bytesOf(reader, "shared_experts"));
    ESPALIER_TRY(parts.router, bytesOf(reader, "router"));
    ESPALIER_TRY(parts.attention, bytesOf(reader, "attention"));
    ESPALIER_TRY(parts.embedding, bytesOf(reader, "embedding"));
    ESPALIER_TRY(parts.other, bytesOf(reader, "other"));
    return parts;
}

Result<void> readScalars(const ConfigReader& reader, ModelSummary& summary)
{
    ESPALIER_TRY(summary.name, reader.textOr("name", ""));
    ESPALIER_TRY(summary.fingerprint, reader.textOr("fingerprint", ""));
    ESPALIER_TRY(summary.family, reader.textOr("family", ""));
    ESPALIER_TRY(summary.routerArithmetic, reader.textOr("router_arithmetic", ""));
    const struct {
        std::string_view key;
        std::int32_t* value;
        int smallest;
    } fields[] = {{"layers", &summary.layers, 1},
                  {"experts", &summary.experts, 0},
                  {"top_k", &summary.topK, 0},
                  {"shared_experts", &summary.sharedExperts, 0},
                  {"vocabulary", &summary.vocabulary, 1},
                  {"hidden", &summary.hidden, 1},
                  {"expert_width", &summary.expertWidth, 0},
                  {"heads", &summary.heads, 1},
                  {"kv_heads", &summary.kvHeads, 1},
                  {"head_dim", &summary.headDim, 1},
                  {"sliding_window", &summary.slidingWindow, 0},
                  {"max_positions", &summary.maxPositions, 0},
                  {"router_groups", &summary.routerGroups, 1},
                  {"router_groups_used", &summary.routerGroupsUsed, 1}};
    for (const auto& field : fields) {
        ESPALIER_TRY(*field.value, reader.integer(field.key, field.smallest, kLargest));
    }
    ESPALIER_TRY(summary.attentionKind, reader.textOr("attention", ""));
    ESPALIER_TRY(const auto cache, reader.object("cache"));
    if (cache) {
        ESPALIER_TRY(summary.cache, cacheFromJson(*cache));
    } else { // studies made before other kinds than grouped queries were known
        (summary.slidingWindow > 0 ? summary.cache.perWindowToken : summary.cache.perToken) =
            2 * static_cast<std::uint64_t>(summary.layers) * static_cast<std::uint64_t>(summary.kvHeads) *
            static_cast<std::uint64_t>(summary.headDim);
    }
    ESPALIER_TRY(summary.parameters, bytesOf(reader, "parameters"));
    ESPALIER_TRY(summary.activeParameters, bytesOf(reader, "active_parameters"));
    return {};
}

} // namespace

base::OrderedJson BytesByPart::toJson() const
{
    return {{"total", total()}, {"routed_experts", routedExperts}, {"shared_experts", sharedExperts},
            {"router", router}, {"attention", attention},          {"embedding", embedding},
            {"other", other}};
}

base::OrderedJson ModelSummary::toJson() const
{
    base::OrderedJson json{{"name", name},
                           {"fingerprint", fingerprint},
                           {"family", family},
                           {"layers", layers},
                           {"experts", experts},
                           {"top_k", topK},
                           {"shared_experts", sharedExperts},
                           {"vocabulary", vocabulary},
                           {"hidden", hidden},
                           {"expert_width", expertWidth},
                           {"heads", heads},
                           {"kv_heads", kvHeads},
                           {"head_dim", headDim},
                           {"sliding_window", slidingWindow},
                           {"attention", attentionKind},
                           {"cache", cacheToJson(cache)},
                           {"max_positions", maxPositions},
                           {"router_groups", routerGroups},
                           {"router_groups_used", routerGroupsUsed},
                           {"router_arithmetic", routerArithmetic},
                           {"parameters", parameters},
                           {"active_parameters", activeParameters},
                           {"bytes", bytes.toJson()},
                           {"dtypes", dtypes}};
    json["moe_layers"] = base::OrderedJson::array();
    for (const MoeLayerFacts& facts : moeLayers)
        json["moe_layers"].push_back({{"layer", facts.layer.value()},
                                      {"experts", facts.experts},
                                      {"expert_bytes", expertBytesToJson(facts.expertBytes)},
                                      {"router_bytes_per_expert", facts.routerBytesPerExpert}});
    if (!stages.layers.empty())
        json["stages"] = stagesToJson(stages);
    json["warnings"] = warnings;
    return json;
}

Result<ModelSummary> ModelSummary::fromJson(const base::OrderedJson& json, const std::string& file)
{
    if (!json.is_object())
        return base::badInput("a model summary (JSON object) was expected", file);
    const ConfigReader reader(json, file);
    ModelSummary summary;
    ESPALIER_CHECK(readScalars(reader, summary));
    ESPALIER_TRY(const auto parts, reader.object("bytes"));
    if (!parts)
        return reader.error("bytes", "the key is missing");
    ESPALIER_TRY(summary.bytes, partsFromJson(*parts));
    if (const auto* dtypes = reader.find("dtypes"); dtypes != nullptr && dtypes->is_object())
        for (const auto& [name, bytes] : dtypes->items())
            if (bytes.is_number_unsigned())
                summary.dtypes[name] = bytes.get<std::uint64_t>();
    const auto* layers = reader.find("moe_layers");
    if (layers == nullptr || !layers->is_array())
        return reader.error("moe_layers", "a list was expected");
    for (const auto& entry : *layers) {
        ESPALIER_TRY(MoeLayerFacts facts, layerFromJson(entry, file));
        if (facts.layer.value() >= summary.layers ||
            (!summary.moeLayers.empty() && !(summary.moeLayers.back().layer < facts.layer)))
            return reader.error("moe_layers", fmt::format("layer {} is out of order or range", facts.layer.value()));
        summary.moeLayers.push_back(std::move(facts));
    }
    ESPALIER_TRY(const auto stages, reader.object("stages"));
    if (stages) {
        ESPALIER_TRY(summary.stages, stagesFromJson(*stages, summary.layers, file));
    }
    if (const auto* list = reader.find("warnings"); list != nullptr && list->is_array())
        for (const auto& warning : *list)
            if (warning.is_string())
                summary.warnings.push_back(warning.get<std::string>());
    return summary;
}

} // namespace espalier::model
