// SPDX-License-Identifier: Apache-2.0
// The part of SpecBuilder that reads rotary positions. Defaults and formulas are those of transformers 5.
#include "core/model/spec_builder.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace espalier::model {

namespace {

/// YaRN's temperature: Peng et al. 2023, equation 22, with DeepSeek's factor.
double yarnScale(double factor, double mscale = 1.0)
{
    return factor <= 1 ? 1.0 : 0.1 * mscale * std::log(factor) + 1.0;
}

} // namespace

Result<RopeSpec> SpecBuilder::ropeOf(const ConfigReader& source, const std::string& kind) const
{
    RopeSpec rope = spec.rope;
    if (kind == "default")
        return rope;
    // The length at training: a key of its own beside the positions' keys wins, as in transformers
    const ConfigReader& config = m_config;
    ESPALIER_TRY(rope.originalPositions,
                 config.has("original_max_position_embeddings")
                     ? config.integer("original_max_position_embeddings", 1, 1 << 30)
                     : source.integerOr("original_max_position_embeddings", spec.maxPositions, 1, 1 << 30));
    const double grown = static_cast<double>(spec.maxPositions) / rope.originalPositions;
    const bool optional = kind == "yarn" || kind == "longrope";
    if (!optional && !source.has("factor"))
        return source.error("factor", "the key is missing");
    ESPALIER_TRY(rope.factor, source.positiveOr("factor", grown));
    if (kind == "linear") {
        rope.kind = RopeKind::Linear;
    } else if (kind == "dynamic") {
        rope.kind = RopeKind::Dynamic;
        rope.originalPositions = spec.maxPositions; // growth begins behind it, whatever other keys say
    } else if (kind == "llama3") {
        rope.kind = RopeKind::Llama3;
        ESPALIER_TRY(rope.lowFrequency, source.positiveOr("low_freq_factor", 1.0));
        ESPALIER_TRY(rope.highFrequency, source.positiveOr("high_freq_factor", 4.0));
        if (rope.highFrequency <= rope.lowFrequency)
            return source.error("high_freq_factor", "it must be larger than low_freq_factor");
    } else if (kind == "yarn") {
        rope.kind = RopeKind::Yarn;
        ESPALIER_TRY(rope.betaFast, source.positiveOr("beta_fast", 32.0));
        ESPALIER_TRY(rope.betaSlow, source.positiveOr("beta_slow", 1.0));
        ESPALIER_TRY(rope.truncate, source.booleanOr("truncate", true));
        ESPALIER_TRY(const double mscale, source.numberOr("mscale", 0.0));
        ESPALIER_TRY(const double allDim, source.numberOr("mscale_all_dim", 0.0));
        rope.scale = mscale != 0 && allDim != 0 ? yarnScale(rope.factor, mscale) / yarnScale(rope.factor, allDim)
                                                : yarnScale(rope.factor);
        ESPALIER_TRY(rope.scale, source.positiveOr("attention_factor", rope.scale));
    } else if (kind == "longrope" || kind == "su") {
        rope.kind = RopeKind::LongRope;
        ESPALIER_TRY(rope.shortFactors, source.numbers("short_factor"));
        ESPALIER_TRY(rope.longFactors, source.numbers("long_factor"));
        for (const auto* factors : {&rope.shortFactors, &rope.longFactors})
            if (std::cmp_not_equal(factors->size(), rope.dim / 2))
                return source.error(
                    factors == &rope.shortFactors ? "short_factor" : "long_factor",
                    fmt::format("{} numbers were expected, there are {}", rope.dim / 2, factors->size()));
        const double scale =
            rope.factor <= 1
                ? 1.0
                : std::sqrt(1 + std::log(rope.factor) / std::log(static_cast<double>(rope.originalPositions)));
        ESPALIER_TRY(rope.scale, source.positiveOr("attention_factor", scale));
        rope.scaleLong = rope.scale;
    } else {
        return source.error("rope_type", fmt::format("rotary position type \"{}\" is not supported", kind),
                            "Supported: default, linear, dynamic, llama3, yarn, longrope");
    }
    return rope;
}

Result<void> SpecBuilder::readRope(const RopeDefaults& defaults)
{
    RopeSpec& rope = spec.rope;
    ESPALIER_TRY(const auto scaling, m_config.object("rope_scaling"));
    ESPALIER_TRY(const auto parameters, m_config.object("rope_parameters"));
    // transformers 5 lets rope_scaling win where both are present
    const auto& source = scaling ? scaling : parameters;
    ESPALIER_TRY(rope.theta, m_config.positiveOr("rope_theta", defaults.theta));
    ESPALIER_TRY(double share, m_config.positiveOr("partial_rotary_factor", defaults.partial.value_or(1.0)));
    if (parameters) {
        ESPALIER_TRY(rope.theta, parameters->positiveOr("rope_theta", rope.theta));
    }
    if (source) {
        ESPALIER_TRY(rope.theta, source->positiveOr("rope_theta", rope.theta));
        ESPALIER_TRY(share, source->positiveOr("partial_rotary_factor", share));
    }
    if (!defaults.partial && share != 1.0)
        return (source && source->has("partial_rotary_factor") ? *source : m_config)
            .error("partial_rotary_factor", "rotating a part of each head is not known of this architecture");
    const int whole = defaults.dim > 0 ? defaults.dim : spec.attention.headDim;
    rope.dim = static_cast<int>(whole * share);
    if (rope.dim % 2 != 0 || rope.dim < 2 || rope.dim > whole)
        return m_config.error("partial_rotary_factor",
                              fmt::format("{} of a head's {} elements cannot turn in pairs", rope.dim, whole));
    rope.interleaved = defaults.interleaved;
    if (m_checkpoint.gguf() != nullptr)
        return readGgufRope(source);
    return readScaling(source);
}

Result<void> SpecBuilder::readScaling(const std::optional<ConfigReader>& source)
{
    RopeSpec& rope = spec.rope;
    if (!source)
        return {};
    ESPALIER_TRY(std::string kind, source->textOr("type", "default"));
    ESPALIER_TRY(kind, source->textOr("rope_type", kind));
    ESPALIER_TRY(rope, ropeOf(*source, kind));
    if (rope.kind == RopeKind::Dynamic)
        spec.maxPositions = static_cast<int>(std::min(spec.maxPositions * rope.factor, 1e9));
    return {};
}

} // namespace espalier::model
