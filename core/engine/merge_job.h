// SPDX-License-Identifier: Apache-2.0
// Merging as a job: reads the texts, measures layer by layer in one pass, groups and aligns each layer's experts as
// soon as it is measured, and says what that is predicted to cost. Nothing is merged here. Cancelled between batches.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/merge.h"
#include "core/method/merge/merge_map.h"
#include "core/tokenizer/documents.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::engine {

/// MoNE has no groups and no checkpoint that stock engines load: it can be looked at, not written.
inline constexpr std::string_view kConstants = "mone";

/// Whose rows a merged expert's router row is made of.
enum class RouterRows { Method, Mean, Kept, Fitted };

struct MergeRequest {
    std::string method = "hc-smoe";
    std::int32_t keep = 0; ///< experts of a layer afterwards
    std::int32_t topK = 0; ///< experts per token afterwards, 0 = as before
    RouterRows rows = RouterRows::Method;
    bool align = true; ///< match neurons where the method does
    std::vector<tokenizer::DataFile> data;
    std::int64_t context = 2048;
    TokenCount maxTokens{8192}; ///< per domain, 0 = all
    std::int64_t bankTokens = 256;
    EngineOptions engine;
};

/// A layer by MoNE: experts that become constants.
struct ConstantLayer {
    LayerIndex layer;
    std::vector<std::int32_t> replaced; ///< ascending
    std::vector<double> score;          ///< [E]
    double error = -1;                  ///< as LayerMerge::predictedError, and exact: nothing else changes
};

struct Merging {
    method::MergeMap map;
    std::vector<ConstantLayer> constants;       ///< instead of the map's layers, by method kConstants
    std::map<std::string, std::int64_t> tokens; ///< by domain
    base::OrderedJson data;                     ///< domain -> {tokens, sha256}
    double seconds = 0;
    PassCounters counters;
};

/// Usage for a number of experts that cannot be kept (below top-k, unequal over a router's groups), before anything is
/// read; BadInput for models without experts.
[[nodiscard]] Result<void> checkMergeCount(const model::OpenModel& model, std::int32_t keep, std::int32_t topK = 0);

/// Windows of the request's texts; `merging` gets their numbers.
[[nodiscard]] Result<std::vector<tokenizer::Window>> readMergeTexts(const model::OpenModel& model,
                                                                    const MergeRequest& request, Merging& merging);

[[nodiscard]] Result<Merging> runMerging(const model::OpenModel& model, const MergeRequest& request,
                                         const base::JobContext& job);

} // namespace espalier::engine
