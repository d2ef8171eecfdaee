// SPDX-License-Identifier: Apache-2.0
// Scores: statistics -> one number per layer and expert, with standard error and token count. One small file per
// published method under score/. Pure functions, any thread. Never NaN: an expert that was never routed to scores 0,
// one whose sums overflowed ranks with the layer's largest finite score.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/stats/statistics.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::method {

struct ExpertScore {
    double score = 0;
    double standardError = 0; ///< NaN when there is none (below two tokens, or the score is not a statistic)
    double tokens = 0;        ///< tokens routed to the expert in the chosen domains (unweighted); NaN: not known
};
struct LayerScores {
    LayerIndex layer;
    std::vector<ExpertScore> experts; ///< index = expert id
};
struct ScoreTable {
    std::string method;
    std::vector<std::string> domains;
    double tokens = 0; ///< tokens of the chosen domains; NaN: not known
    std::vector<LayerScores> layers;
};

struct DomainWeight {
    std::string name;
    double weight = 1; ///< multiplies the domain's sums when domains are pooled; 0 leaves it out
    bool operator==(const DomainWeight&) const = default;
};
struct ScoreRequest {
    std::string method = "frequency";
    std::vector<DomainWeight> domains; ///< empty = all, weight 1
    std::uint64_t seed = 0;            ///< random
    double shrinkTokens = 0;           ///< reap-shrunk: prior weight in tokens, 0 = all tokens of the chosen domains
    std::array<double, 3> exponents{0, 1, 1}; ///< unified: a of n_i, b of g, c of |f|
    bool operator==(const ScoreRequest&) const = default;
};

/// What a score file contributes.
struct ScoreMethod {
    std::string_view id{};      ///< "reap"
    std::string_view title{};   ///< "REAP, mean"
    std::string_view paper{};   ///< "Lasby et al. 2025, arXiv 2510.13999, eq. ..."
    std::string_view formula{}; ///< one line
    std::string_view unit{};    ///< "output norm", "tokens", "share"
    std::vector<stats::Stat> needs{};
    bool needsPool = false;
    bool isMean = false; ///< a mean over few tokens may mislead: views flag thin experts
    ScoreTable (*compute)(std::span<const stats::DomainStats* const> domains, std::span<const double> weights,
                          const ScoreRequest& request) = nullptr;
    /// Set instead of compute for scores that look at the weights alone: no texts, domains are ignored.
    ScoreTable (*fromWeights)(const stats::WeightStats& weights, const ScoreRequest& request) = nullptr;
    /// Statistics that depend on the request; Usage error for parameters that make no sense. May be null.
    Result<std::vector<stats::Stat>> (*needsFor)(const ScoreRequest& request) = nullptr;
    /// The pool must hold the experts that were chosen, which it does where the router takes the k largest logits; or
    /// the sets of chosen experts were counted (S5).
    bool needsChosenPool = false;
    /// Rests on what only imports from other programs hold; does without token counts.
    bool fromElsewhere = false;
};
/// What has to be measured before the score can be computed, for people.
[[nodiscard]] std::string_view scoreCost(const ScoreMethod& method);
[[nodiscard]] const std::vector<ScoreMethod>& scoreMethods();
/// Whether a domain holds all that the method needs, in every layer that was measured at all (and one was). Never true
/// of methods that look at the weights alone.
[[nodiscard]] bool canCompute(const ScoreMethod& method, const stats::DomainStats& domain);
/// Whether any domain does, or the weights were looked at.
[[nodiscard]] bool canCompute(const ScoreMethod& method, const stats::Statistics& statistics);
[[nodiscard]] const ScoreMethod* findScoreMethod(std::string_view id);

/// Usage error for an unknown method or domain (names the known ones), BadInput when statistics it needs are missing:
/// nothing missing is taken for 0. Layers that no chosen domain has measured (imports may cover some only) are absent
/// from the table; a planner refuses such a table.
/// Scores from the weights alone have no domains and no tokens.
[[nodiscard]] Result<ScoreTable> computeScores(const stats::Statistics& statistics, const ScoreRequest& request);

/// Below this many routed tokens an expert counts as too thinly covered to judge by a mean.
inline constexpr double kThinTokens = 100;

/// Ids of one layer best first: by score, ties by id ascending.
[[nodiscard]] std::vector<std::int32_t> rankExperts(const LayerScores& layer);

} // namespace espalier::method
