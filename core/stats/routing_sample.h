// SPDX-License-Identifier: Apache-2.0
// Which experts single tokens chose, with the tokens' text: what `espalier trace` writes, schema espalier.trace/1.
// Studies hold sums and no text; a sample is a file of its own, made only when asked for. Plain data, any thread.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace espalier::stats {

struct SampleText {
    std::string domain;
    std::int64_t document = 0;       ///< number in its domain, from 0
    std::vector<std::string> tokens; ///< joined they give the text; a token inside a character is empty
    /// [layers][tokens · topK], first choice first. A gate of 0 is a choice that a plan's experts per token leave out.
    std::vector<std::vector<std::int32_t>> experts;
    std::vector<std::vector<float>> gates; ///< same shape
    bool operator==(const SampleText&) const = default;
};

struct RoutingSample {
    std::string fingerprint, model;
    std::string plan; ///< name of the plan it was taken under; empty = the whole model
    std::int32_t experts = 0, topK = 0;
    std::vector<LayerIndex> layers; ///< ascending
    std::vector<SampleText> texts;
    bool operator==(const RoutingSample&) const = default;

    [[nodiscard]] std::int64_t tokens() const;
    /// Position in `layers`, -1 when the sample does not hold the layer.
    [[nodiscard]] int positionOf(LayerIndex layer) const;
    [[nodiscard]] base::OrderedJson toJson() const; ///< gates are rounded to four decimals
    /// BadInput, naming file and place, for everything that does not make sense.
    [[nodiscard]] static Result<RoutingSample> fromJson(const base::OrderedJson& json, const std::string& file);
    [[nodiscard]] static Result<RoutingSample> read(const std::filesystem::path& path);
    [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;
};

/// A kind of token that an expert takes.
struct TakenToken {
    std::string text;
    std::int64_t taken = 0, seen = 0; ///< by the expert; in the whole sample
    bool operator==(const TakenToken&) const = default;
};
/// One place where an expert was chosen.
struct Occurrence {
    std::size_t text = 0, token = 0;
    float gate = 0;
    bool operator==(const Occurrence&) const = default;
};
struct ExpertSample {
    std::int64_t taken = 0, tokens = 0; ///< by the expert; in the sample
    std::vector<TakenToken> kinds;      ///< most taken first, then the larger part of those seen, then by text
    std::vector<Occurrence> strongest;  ///< largest gate first, one per kind of token, then by place
};
/// `layer` is a position in sample.layers. At most so many kinds and occurrences.
[[nodiscard]] ExpertSample expertSample(const RoutingSample& sample, std::size_t layer, std::int32_t expert,
                                        std::size_t kinds, std::size_t occurrences);

} // namespace espalier::stats
