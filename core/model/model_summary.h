// SPDX-License-Identifier: Apache-2.0
// The facts about a model that planning needs, small and serialisable: kept in the study so that scores and plans never
// open the model. Sizes are tensor bytes as stored.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/model_spec.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace espalier::model {

struct BytesByPart {
    std::uint64_t routedExperts = 0, sharedExperts = 0, router = 0, attention = 0, embedding = 0, other = 0;
    [[nodiscard]] std::uint64_t total() const
    {
        return routedExperts + sharedExperts + router + attention + embedding + other;
    }
    bool operator==(const BytesByPart&) const = default;
    /// {total, routed_experts, shared_experts, router, attention, embedding, other}
    [[nodiscard]] base::OrderedJson toJson() const;
};

struct MoeLayerFacts {
    LayerIndex layer;
    std::int32_t experts = 0;
    std::vector<std::uint64_t> expertBytes; ///< per expert: all its tensors
    std::uint64_t routerBytesPerExpert = 0; ///< router row, bias elements
    bool operator==(const MoeLayerFacts&) const = default;
};

/// What the cache of past tokens holds, in elements, summed over the layers. A layer of grouped-query attention holds
/// 2 · kv heads · head dim per token, of latent attention the latent and the shared key (DeepSeek-V2, section 2.1.2),
/// of a sliding window the same per token inside the window, of the gated delta rule a state of fixed size.
struct CacheFacts {
    std::uint64_t perToken = 0;       ///< in layers that keep every token
    std::uint64_t perWindowToken = 0; ///< in layers that keep slidingWindow tokens
    std::uint64_t perSequence = 0;    ///< whatever the length
    bool operator==(const CacheFacts&) const = default;
};

/// Tensor bytes of one decoder layer beside its routed experts, and what its cache holds.
struct LayerFacts {
    std::uint64_t sharedExperts = 0, router = 0, attention = 0, other = 0; ///< of the router: all rows
    CacheFacts cache;
    bool operator==(const LayerFacts&) const = default;
};

/// Where a model can be cut into stages: what lies in its layers, before them and behind them. Together with the routed
/// experts it adds up to ModelSummary::bytes.
struct StageFacts {
    std::vector<LayerFacts> layers; ///< one per decoder layer; empty: not known (studies made before it was kept)
    std::uint64_t embedding = 0;    ///< before the first layer
    std::uint64_t head = 0;         ///< behind the last one; 0: the embedding serves as head
    std::uint64_t other = 0;        ///< behind the last one: norm, whatever belongs to no layer
    bool operator==(const StageFacts&) const = default;
};

struct ModelSummary {
    std::string name; ///< folder name, for people
    std::string fingerprint;
    std::string family;
    std::int32_t layers = 0;
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    std::int32_t sharedExperts = 0;
    std::int32_t vocabulary = 0;
    std::int32_t hidden = 0;
    std::int32_t expertWidth = 0;
    std::int32_t heads = 0, kvHeads = 0, headDim = 0, slidingWindow = 0;
    CacheFacts cache;
    std::string attentionKind; ///< "grouped queries, 4 of 28 layers see 4096 tokens", for people
    std::int32_t maxPositions = 0;
    std::int32_t routerGroups = 1, routerGroupsUsed = 1;
    std::string routerArithmetic; ///< "softmax over all, top-4, renormalised"
    std::uint64_t parameters = 0;
    std::uint64_t activeParameters = 0; ///< used per token
    BytesByPart bytes;
    std::map<std::string, std::uint64_t> dtypes; ///< long name -> bytes
    std::vector<MoeLayerFacts> moeLayers;        ///< ascending by layer
    StageFacts stages;
    std::vector<std::string> warnings;

    [[nodiscard]] base::OrderedJson toJson() const;
    [[nodiscard]] static Result<ModelSummary> fromJson(const base::OrderedJson& json, const std::string& file);
    /// Position of a decoder layer in moeLayers, −1 when it is dense or absent.
    [[nodiscard]] int moePosition(LayerIndex layer) const;
    bool operator==(const ModelSummary&) const = default;
};

[[nodiscard]] ModelSummary summarize(const checkpoint::Checkpoint& checkpoint, const ModelSpec& spec);

/// A checkpoint opened and understood; what most commands begin with.
struct OpenModel {
    checkpoint::Checkpoint checkpoint;
    ModelSpec spec;
    ModelSummary summary;
};
[[nodiscard]] Result<OpenModel> openModel(const std::filesystem::path& folder);

} // namespace espalier::model
