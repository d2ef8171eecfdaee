// SPDX-License-Identifier: Apache-2.0
// Task-adaptive expert retrieval (PreMoe, arXiv 2505.17639): a library of patterns, one per domain, and the match of a
// prompt to the nearest one. A pattern is the layers x experts scores that choose its experts (specialist), beside a
// routing signature of several layers that a prompt's own routing is compared with. Where no pattern is near, the
// generalist, scored over all domains by tokens (v3, appendix A.2), stands in. Pure functions, any thread.
//
// The published v1 keeps one layer's scores as key, compares them by L2 and always takes the nearest. Here the
// signature of a layer is the mean over tokens of the softmax over each token's k largest logits, a distribution over
// experts; the distance is KL(prompt || pattern) in nats, averaged over the layers, the pattern mixed with 2 % uniform;
// and how far runs of a domain's own tokens lie from the rest of the domain says how far is too far.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/method/score.h"
#include "core/model/model_summary.h"
#include "core/stats/statistics.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::method {

/// [layers, experts]
using ExpertMatrix = std::vector<std::vector<double>>;

/// What prompts are compared by. Tcess is the published v1: the mean over tokens of the largest raw logit, credited to
/// its expert, in the first MoE layer; by squared L2; the nearest is always taken.
enum class PatternKey : std::uint8_t { Routing, Tcess };

/// Distances of runs of `tokens` successive tokens of a domain from the rest of it.
struct SelfDistance {
    std::int32_t tokens = 0;
    double median = 0, far = 0; ///< far: the 99th percentile
    bool operator==(const SelfDistance&) const = default;
};

struct Pattern {
    std::string name; ///< the domain; "generalist"
    std::int64_t tokens = 0;
    std::string dataSha256;
    ExpertMatrix scores;            ///< all MoE layers
    ExpertMatrix signature;         ///< the first signatureLayers of them; by Routing each sums to 1
    std::vector<SelfDistance> self; ///< ascending by tokens; empty when the domain is too short to say
    bool operator==(const Pattern&) const = default;

    /// How far a prompt of so many tokens may be and still be of this domain: 1.5 times `far`, since prompts begin
    /// documents that the pattern has not seen; nothing when unknown. Between measured lengths by the logarithm of the
    /// length; below the shortest it grows as 1 / tokens, as chance does.
    [[nodiscard]] std::optional<double> limit(std::int64_t promptTokens) const;
};

struct PatternLibrary {
    std::string fingerprint, family, tokenizerFingerprint;
    std::string method; ///< of the scores
    std::string source; ///< study file, for people
    PatternKey key = PatternKey::Routing;
    std::vector<LayerIndex> layers;
    std::int32_t experts = 0, topK = 0, signatureLayers = 0;
    std::vector<Pattern> patterns; ///< specialists
    Pattern generalist;

    [[nodiscard]] base::OrderedJson toJson() const; ///< schema espalier.patterns/1
    /// BadInput, naming file and place, for everything that does not make sense.
    [[nodiscard]] static Result<PatternLibrary> fromJson(const base::OrderedJson& json, const std::string& file);
    [[nodiscard]] static Result<PatternLibrary> read(const std::filesystem::path& path);
    [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;
};

struct PatternRequest {
    ScoreRequest score{"peu", {}, 0, 0, {0, 1, 1}}; ///< its domains are the patterns; empty = all
    std::int32_t signatureLayers = 0;               ///< the first so many MoE layers, 0 = all
};
/// Usage error for unknown methods and domains; BadInput when the statistics hold no logit pools.
[[nodiscard]] Result<PatternLibrary> buildPatterns(const stats::Statistics& statistics,
                                                   const model::ModelSummary& model, const PatternRequest& request);

/// Signature of `count` tokens from `first` on, one pool per layer; uniform for no tokens.
[[nodiscard]] ExpertMatrix signatureOf(std::span<const stats::LogitPool* const> pools, std::size_t experts,
                                       std::size_t first, std::size_t count, PatternKey key = PatternKey::Routing);

/// Both of the same shape; see the head of this file.
[[nodiscard]] double signatureDistance(const ExpertMatrix& prompt, const ExpertMatrix& pattern,
                                       PatternKey key = PatternKey::Routing);

struct PatternMatch {
    struct Candidate {
        std::size_t pattern = 0; ///< index into PatternLibrary::patterns
        double distance = 0;
        std::optional<double> limit;
    };
    std::vector<Candidate> ranking; ///< nearest first, ties by index
    bool abstains = true;           ///< the nearest is too far: take the generalist
};
[[nodiscard]] PatternMatch matchPattern(const PatternLibrary& library, const ExpertMatrix& signature,
                                        std::int64_t promptTokens);

} // namespace espalier::method
