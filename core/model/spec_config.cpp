// SPDX-License-Identifier: Apache-2.0
// The half of SpecBuilder that reads keys shared by the families. Defaults are those of transformers' classes.
#include "core/model/spec_builder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

namespace espalier::model {

namespace {

constexpr int kLargestWidth = 1 << 24;

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

Result<void> SpecBuilder::readCommonKeys(std::string_view defaultArchitecture)
{
    const ConfigReader& config = m_config;
    ESPALIER_TRY(spec.family, config.textOr("model_type", ""));
    spec.architecture = defaultArchitecture;
    if (const auto* names = config.find("architectures");
        names != nullptr && names->is_array() && !names->empty() && names->front().is_string())
        spec.architecture = names->front().get<std::string>();
    ESPALIER_TRY(spec.hidden, config.integer("hidden_size", 1, kLargestWidth));
    ESPALIER_TRY(spec.vocabulary, config.integer("vocab_size", 1, 1 << 30));
    ESPALIER_TRY(spec.maxPositions, config.integerOr("max_position_embeddings", 32768, 1, 1 << 30));
    ESPALIER_TRY(spec.normEpsilon, config.positiveOr("rms_norm_eps", 1e-6));
    ESPALIER_TRY(spec.tiedEmbedding, config.booleanOr("tie_word_embeddings", false));
    ESPALIER_TRY(const std::string activation, config.textOr("hidden_act", "silu"));
    if (activation != "silu" && activation != "swish")
        return config.error("hidden_act", fmt::format("activation \"{}\" is not supported", activation),
                            "Supported: silu");
    spec.activation = Activation::Silu;

    addStopTokens(config.find("eos_token_id"), spec.stopTokens);
    const auto generation = m_checkpoint.folder() / "generation_config.json";
    std::error_code ignored;
    if (std::filesystem::exists(generation, ignored)) {
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

Result<void> SpecBuilder::readRope()
{
    ESPALIER_TRY(const auto scaling, m_config.object("rope_scaling"));
    ESPALIER_TRY(const auto parameters, m_config.object("rope_parameters"));
    ESPALIER_TRY(spec.rope.theta, m_config.positiveOr("rope_theta", 10000.0));
    if (parameters) {
        ESPALIER_TRY(spec.rope.theta, parameters->positiveOr("rope_theta", spec.rope.theta));
    }
    // transformers 5 lets rope_scaling win where both are present
    for (const auto& source : {scaling, parameters}) {
        if (!source)
            continue;
        ESPALIER_TRY(std::string kind, source->textOr("type", "default"));
        ESPALIER_TRY(kind, source->textOr("rope_type", kind));
        ESPALIER_TRY(const double share, source->positiveOr("partial_rotary_factor", 1.0));
        if (share != 1.0)
            return source->error("partial_rotary_factor", "rotating a part of each head is not supported");
        if (kind == "linear") {
            if (!source->has("factor"))
                return source->error("factor", "the key is missing");
            spec.rope.kind = RopeKind::Linear;
            ESPALIER_TRY(spec.rope.factor, source->positiveOr("factor", 1.0));
        } else if (kind != "default") {
            return source->error("rope_type", fmt::format("rotary position type \"{}\" is not supported", kind),
                                 "Supported: default, linear. Models with YaRN as an option work without it");
        }
        break;
    }
    return {};
}

Result<void> SpecBuilder::readAttention(int defaultHeadDim)
{
    AttentionSpec& attention = spec.attention;
    ESPALIER_TRY(attention.heads, m_config.integer("num_attention_heads", 1, 1 << 16));
    ESPALIER_TRY(attention.kvHeads, m_config.integer("num_key_value_heads", 1, 1 << 16));
    if (attention.heads % attention.kvHeads != 0)
        return m_config.error(
            "num_key_value_heads",
            fmt::format("{} query heads cannot share {} key/value heads evenly", attention.heads, attention.kvHeads));
    const int fallback = defaultHeadDim > 0 ? defaultHeadDim : spec.hidden / attention.heads;
    ESPALIER_TRY(attention.headDim, m_config.integerOr("head_dim", fallback, 1, 1 << 16));
    if (attention.headDim % 2 != 0)
        return m_config.error("head_dim", fmt::format("{} is odd; rotary positions turn pairs", attention.headDim));
    ESPALIER_TRY(attention.bias, m_config.booleanOr("attention_bias", false));
    attention.outputBias = attention.bias;
    return {};
}

} // namespace espalier::model
