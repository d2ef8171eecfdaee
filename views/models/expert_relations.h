// SPDX-License-Identifier: GPL-3.0-or-later
// How an expert stands to the others of its layer: its rank by every score, and the experts that resemble it. Pure
// functions, any thread. `domain` empty = all pooled; `row` is the position among the MoE layers.
#pragma once

#include "core/method/score.h"
#include "core/stats/statistics.h"

#include <memory>
#include <string>
#include <vector>

namespace espalier::views {

/// Methods whose ranks the card lists: those that sums, or the weights, are enough for. Scores over logit pools walk
/// over every token and would hold up the cursor.
[[nodiscard]] std::vector<const method::ScoreMethod*> rankedMethods(const stats::Statistics& statistics,
                                                                    const std::string& domain);

struct MethodRank {
    std::string method;
    int rank = 0, of = 0; ///< 1 = first to keep; 0 = the layer has no score
};
/// Rank of an expert (an id, in the decoder layer `layer`) in tables made by computeScores().
[[nodiscard]] std::vector<MethodRank> ranksOf(const std::vector<std::shared_ptr<const method::ScoreTable>>& tables,
                                              LayerIndex layer, int expert);

struct LikeExpert {
    int expert = 0;
    double likeness = 0; ///< −1 … 1
};
struct LikeExperts {
    enum class Basis {
        None,    ///< neither was collected, or no token chose the expert
        Outputs, ///< cosine of the experts' mean outputs
        Router,  ///< correlation of the router's logits over tokens
    } basis = Basis::None;
    std::vector<LikeExpert> experts; ///< most alike first
};
[[nodiscard]] LikeExperts expertsLike(const stats::Statistics& statistics, const std::string& domain, int row,
                                      int expert, std::size_t most = 5);

} // namespace espalier::views
