// SPDX-License-Identifier: Apache-2.0
// The half of SpecBuilder that reads keys shared by the families. Defaults are those of transformers' classes.
#include "core/model/spec_builder.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace espalier::model {

namespace {

constexpr int kLargestWidth = 1 << 24;

/// Names that engines and families give the number of experts.
constexpr std::string_view kCountAliases[] = {"num_experts", "num_local_experts", "n_routed_experts",
                                              "moe_num_experts"};

/// JSON pointers of all these keys in an object and the objects in it.
void findCounts(const base::OrderedJson& object, const std::string& pointer, std::vector<std::string>& found)
{
    for (const auto& [key, value] : object.items()) {
        if (value.is_object())
            findCounts(value, (base::OrderedJson::json_pointer(pointer) / key).to_string(), found);
        else if (!value.is_null() &&
                 std::find(std::begin(kCountAliases), std::end(kCountAliases), key) != std::end(kCountAliases))
            found.push_back(fmt::format("{}/{}", pointer, key));
    }
}

void addStopTokens(const base::OrderedJson* value, std::vector<int>& ids)
{
    if (value == nullptr)
        return;
    const auto add = [&](const base::OrderedJson& id) {
        if (id.is_number_unsigned() && id.get<std::uint64_t>() < 0x7fffffffU)
            ids.push_back(id.get<int>());
    };
    if (value->is_array())
        std::for_each(value->begin(), value->end(), add);
    else
        add(*value);
}

} // namespace

Result<void> SpecBuilder::readCommonKeys(const CommonDefaults& defaults)
{
    const ConfigReader& config = m_config;
    ESPALIER_TRY(m_scheme, checkpoint::readQuantScheme(m_checkpoint.config(), m_root.file()));
    ESPALIER_TRY(spec.family, m_root.textOr("model_type", ""));
    spec.architecture = defaults.architecture;
    if (const auto* names = m_root.find("architectures");
        names != nullptr && names->is_array() && !names->empty() && names->front().is_string())
        spec.architecture = names->front().get<std::string>();
    ESPALIER_TRY(spec.hidden, config.integer("hidden_size", 1, kLargestWidth));
    ESPALIER_TRY(spec.vocabulary, config.integer("vocab_size", 1, 1 << 30));
    ESPALIER_TRY(spec.maxPositions, config.integerOr("max_position_embeddings", 32768, 1, 1 << 30));
    ESPALIER_TRY(spec.normEpsilon, config.positiveOr("rms_norm_eps", defaults.normEpsilon));
    ESPALIER_TRY(const bool tied, m_root.booleanOr("tie_word_embeddings", defaults.tied));
    ESPALIER_TRY(spec.tiedEmbedding, config.booleanOr("tie_word_embeddings", tied));
    ESPALIER_TRY(const std::string activation, config.textOr("hidden_act", "silu"));
    if (activation != "silu" && activation != "swish")
        return config.error("hidden_act", fmt::format("activation \"{}\" is not supported", activation),
                            "Supported: silu");

    addStopTokens(config.find("eos_token_id"), spec.stopTokens);
    addStopTokens(m_root.find("eos_token_id"), spec.stopTokens);
    const auto generation = m_checkpoint.folder() / "generation_config.json";
    std::error_code ignored;
    if (m_checkpoint.gguf() == nullptr && std::filesystem::exists(generation, ignored)) {
        const auto json = base::readJsonFile(generation);
        if (json && json->is_object())
            addStopTokens(ConfigReader(*json, generation.string()).find("eos_token_id"), spec.stopTokens);
        else
            spec.warnings.push_back("generation_config.json is not readable: " +
                                    (json ? "a JSON object was expected" : json.error().text()));
    }
    std::sort(spec.stopTokens.begin(), spec.stopTokens.end());
    spec.stopTokens.erase(std::unique(spec.stopTokens.begin(), spec.stopTokens.end()), spec.stopTokens.end());
    return {};
}

Result<void> SpecBuilder::readAttention(const AttentionDefaults& defaults)
{
    AttentionSpec& attention = spec.attention;
    ESPALIER_TRY(attention.heads, m_config.integer("num_attention_heads", 1, 1 << 16));
    if (defaults.kvHeadsAsHeads) {
        ESPALIER_TRY(attention.kvHeads, m_config.integerOr("num_key_value_heads", attention.heads, 1, 1 << 16));
    } else {
        ESPALIER_TRY(attention.kvHeads, m_config.integer("num_key_value_heads", 1, 1 << 16));
    }
    if (attention.heads % attention.kvHeads != 0)
        return m_config.error(
            "num_key_value_heads",
            fmt::format("{} query heads cannot share {} key/value heads evenly", attention.heads, attention.kvHeads));
    const int fallback = defaults.headDim > 0 ? defaults.headDim : spec.hidden / attention.heads;
    ESPALIER_TRY(attention.headDim, m_config.integerOr("head_dim", fallback, 1, 1 << 16));
    if (attention.headDim % 2 != 0)
        return m_config.error("head_dim", fmt::format("{} is odd; rotary positions turn pairs", attention.headDim));
    attention.bias = defaults.bias;
    if (!defaults.biasKey.empty()) {
        ESPALIER_TRY(attention.bias, m_config.booleanOr(defaults.biasKey, defaults.bias));
    }
    attention.outputBias = attention.bias && defaults.outputBias;
    return {};
}

Result<void> SpecBuilder::readExperts(std::initializer_list<std::string_view> keys,
                                      std::initializer_list<std::string_view> topKKeys, std::string_view widthKey)
{
    // Engines disagree on which of two names wins, so all that are there are read, compared and set on export
    ESPALIER_TRY(spec.experts, m_config.integerAlias(keys, 1, 1 << 16));
    for (const std::string_view alias : kCountAliases) {
        const bool own = std::find(keys.begin(), keys.end(), alias) != keys.end();
        if (!own && m_config.has(alias)) {
            ESPALIER_TRY(spec.experts, m_config.integerAlias({*keys.begin(), alias}, 1, 1 << 16));
        }
    }
    for (const std::string_view key : keys)
        spec.expertCountKeys.push_back(fmt::format("{}/{}", m_pointer, key));
    // Also outside the object that describes the text model: some engines read the outermost one
    std::vector<std::string> everywhere;
    const auto& root = m_checkpoint.config();
    findCounts(root, "", everywhere);
    for (const std::string& pointer : everywhere) {
        if (std::find(spec.expertCountKeys.begin(), spec.expertCountKeys.end(), pointer) != spec.expertCountKeys.end())
            continue;
        if (root[base::OrderedJson::json_pointer(pointer)] != spec.experts)
            return m_root.error(
                pointer.substr(1),
                fmt::format("{} was expected, as under {}", spec.experts, spec.expertCountKeys.front().substr(1)),
                "Engines read either key; set both to the number of experts in the weights");
        spec.expertCountKeys.push_back(pointer);
    }
    ESPALIER_TRY(spec.router.topK, m_config.integerAlias(topKKeys, 1, 1 << 16));
    for (const std::string_view key : topKKeys)
        spec.topKKeys.push_back(fmt::format("{}/{}", m_pointer, key));
    // Released files may say it once more under the name that other engines read
    constexpr std::string_view kAlias = "experts_per_token";
    if (m_config.has(kAlias) && std::find(topKKeys.begin(), topKKeys.end(), kAlias) == topKKeys.end())
        spec.topKKeys.push_back(fmt::format("{}/{}", m_pointer, kAlias));
    if (spec.router.topK > spec.experts)
        return m_config.error(*topKKeys.begin(), fmt::format("{} experts per token are more than the {} there are",
                                                             spec.router.topK, spec.experts));
    ESPALIER_TRY(spec.expertWidth, m_config.integer(widthKey, 1, kLargestWidth));
    return {};
}

Result<void> SpecBuilder::readGroups(int defaultGroups, int defaultUsed, GroupScore score)
{
    RouterSpec& router = spec.router;
    ESPALIER_TRY(router.groups, m_config.integerOr("n_group", defaultGroups, 1, 1 << 16));
    ESPALIER_TRY(router.groupsUsed, m_config.integerOr("topk_group", defaultUsed, 1, 1 << 16));
    router.groupScore = score;
    if (spec.experts % router.groups != 0)
        return m_config.error(
            "n_group", fmt::format("{} experts cannot be divided evenly among {} groups", spec.experts, router.groups));
    if (router.groupsUsed > router.groups)
        return m_config.error(
            "topk_group", fmt::format("{} groups are more than the {} there are", router.groupsUsed, router.groups));
    const int perGroup = spec.experts / router.groups;
    if (router.groups > 1 && perGroup < 2)
        return m_config.error("n_group",
                              "a group needs two experts: engines take the sum of its two best as its worth");
    if (router.topK > router.groupsUsed * perGroup)
        return m_config.error("topk_group", fmt::format("{} groups of {} experts cannot give {} to a token",
                                                        router.groupsUsed, perGroup, router.topK));
    if (router.groups > 1 && router.groupsUsed == router.groups) { // chooses nothing; llama.cpp aborts on it
        router.groups = router.groupsUsed = 1;
        for (const char* key : {"n_group", "topk_group"})
            spec.exportKeys.emplace_back(fmt::format("{}/{}", m_pointer, key), 1);
    }
    return {};
}

Result<std::vector<bool>> SpecBuilder::readLayerTypes(int layers, std::string_view other,
                                                      const std::vector<bool>& fallback) const
{
    const auto* types = m_config.find("layer_types");
    if (types == nullptr)
        return fallback;
    if (!types->is_array() || std::cmp_not_equal(types->size(), layers))
        return m_config.error("layer_types", "a list with one entry per layer was expected");
    std::vector<bool> result;
    for (const auto& type : *types) {
        if (type != other && type != "full_attention")
            return m_config.error("layer_types", "unknown kind of attention",
                                  fmt::format("Supported: full_attention, {}", other));
        result.push_back(type == other);
    }
    return result;
}

std::vector<int> SpecBuilder::windowsOf(const std::vector<bool>& windowed, int window)
{
    std::vector<int> widths;
    for (const bool has : windowed) {
        widths.push_back(has ? window : 0);
        spec.attention.slidingWindow = has ? window : spec.attention.slidingWindow;
    }
    return widths;
}

} // namespace espalier::model
