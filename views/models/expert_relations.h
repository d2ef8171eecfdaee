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
/// How alike the experts of one layer are; built once for a layer, asked for every expert under the cursor.
class ExpertLikeness {
public:
    enum class Basis {
        None,    ///< neither was collected
        Outputs, ///< cosine of the experts' mean outputs
        Router,  ///< correlation of the router's logits over tokens
    };
    ExpertLikeness() = default;
    ExpertLikeness(const stats::Statistics& statistics, const std::string& domain, int row);
    /// Sums that the constructor would add up: what it takes, before it is done.
    [[nodiscard]] static std::size_t work(const stats::Statistics& statistics, const std::string& domain, int row);
    [[nodiscard]] Basis basis() const { return m_basis; }
    /// Most alike first; empty without a basis, and for an expert that no token chose.
    [[nodiscard]] std::vector<LikeExpert> like(int expert, std::size_t most = 5) const;

private:
    [[nodiscard]] double of(std::size_t a, std::size_t b) const;

    Basis m_basis = Basis::None;
    std::size_t m_experts = 0, m_width = 0;
    std::vector<double> m_rows;    ///< [experts, width]: summed outputs, or covariances of logits
    std::vector<double> m_lengths; ///< [experts]: what the products are divided by
};

} // namespace espalier::views
