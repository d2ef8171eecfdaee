// SPDX-License-Identifier: Apache-2.0
// Plans from what layers' outputs lose, layer by layer, without running a candidate: which experts stay (NAEE, arXiv
// 2402.14800) and how many a token gets in each layer (LExI, arXiv 2509.02753, by exact dynamic programming in place of
// its evolution). Layers that were measured are in the study's journal.
#pragma once

#include "core/engine/validate_job.h"
#include "core/method/search/naee.h"
#include "core/study/study.h"

#include <optional>
#include <string>
#include <vector>

namespace espalier::engine {

enum class LayerMethod : std::uint8_t { Naee, Lexi };

struct LayerSearchRequest {
    LayerMethod method = LayerMethod::Naee;
    std::string name;                    ///< of the plan
    std::int32_t keep = 0;               ///< Naee: experts per layer
    double meanTopK = 0;                 ///< Lexi: experts per token, mean over the layers
    bool progressive = false;            ///< Naee: inputs of a layer are those behind the layers cut before it
    std::int64_t tokens = 512;           ///< sample per layer
    std::int64_t mostEnumerated = 20000; ///< see method::NaeeSettings
    std::uint64_t seed = 0;              ///< Lexi without texts
    bool resume = false;
    ValidateRequest data; ///< texts, context, engine; Lexi: none = normal draws
};
struct LayerFinding {
    std::int32_t layer = 0; ///< decoder layer
    std::int64_t tokens = 0, measured = 0;
    double energy = 0;          ///< sum of |z|^2
    std::vector<double> losses; ///< Naee: of the choice; Lexi: of 1, 2 … k experts per token; sums of |z - z'|^2
    std::string search;         ///< Naee: "exact", "greedy", "coarse"
    method::KeepSet keep;
    std::vector<std::int32_t> order;
    std::int32_t topK = 0; ///< Lexi: what the layer gets
};
struct LayerSearchReport {
    std::vector<LayerFinding> layers;
    plan::Plan plan;
    std::size_t replayed = 0; ///< layers that the journal knew
    PassCounters counters;
    double seconds = 0;
    [[nodiscard]] base::OrderedJson toJson() const;
};

/// Saves nothing but the journal. Cancelled between layers; what was measured is kept.
[[nodiscard]] Result<LayerSearchReport> runLayerSearch(const model::OpenModel& model, study::Study& study,
                                                       const LayerSearchRequest& request, const base::JobContext& job);

} // namespace espalier::engine
