// SPDX-License-Identifier: Apache-2.0
// MEO as a preview (He et al. 2023, arXiv 2310.09832, section 3.2): the tokens of a group share one expert, merged from
// the experts that the router chooses for the mean of their inputs. Reads the texts, runs the model as it is, and says
// layer by layer how far the merged expert is from the layer. Nothing is written. Cancelled between packs of experts.
#pragma once

#include "core/engine/engine.h"
#include "core/tokenizer/documents.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::engine {

/// Id among the merging methods of the command line.
inline constexpr std::string_view kSequenceMerge = "meo";

struct SequenceMergeRequest {
    std::vector<tokenizer::DataFile> data;
    std::int64_t groupTokens = 0; ///< neighbours that share a merged expert; 0 = all tokens of a window
    std::int64_t context = 2048;
    TokenCount maxTokens{8192}; ///< per domain, 0 = all
    EngineOptions engine;
};

struct SequenceMergeLayer {
    LayerIndex layer;
    std::map<std::string, SequenceMergeFigures> domains;
    /// Sums over the domains.
    [[nodiscard]] SequenceMergeFigures pooled() const;
};
struct SequenceMerging {
    std::vector<SequenceMergeLayer> layers;
    std::map<std::string, std::int64_t> tokens; ///< by domain
    double seconds = 0;
};
/// BadInput for models without experts, or that the engine cannot compute.
[[nodiscard]] Result<SequenceMerging>
runSequenceMerging(const model::OpenModel& model, const SequenceMergeRequest& request, const base::JobContext& job);

} // namespace espalier::engine
