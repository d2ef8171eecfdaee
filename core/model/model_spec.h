// SPDX-License-Identifier: Apache-2.0
// What a checkpoint means, as data. A family file (one small file each) fills a ModelSpec from config and tensor names;
// the engine's one decoder executes it, the planner counts bytes with it, the exporter slices by it.
// There are no decisions by family name outside core/model. Plain immutable values after building.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace espalier::model {

enum class NormKind { RmsNorm };
enum class Activation { Silu };
enum class RopeKind { Default, Linear };

struct RopeSpec {
    RopeKind kind = RopeKind::Default;
    double theta = 10000.0;
    double factor = 1.0; ///< Linear: positions are divided by it
};

struct AttentionSpec {
    int heads = 0;
    int kvHeads = 0;
    int headDim = 0;     ///< not always hidden / heads
    bool qkNorm = false; ///< RMSNorm over headDim on q and k before RoPE
    bool bias = false;   ///< biases on q, k, v (and o when outputBias)
    bool outputBias = false;
    int slidingWindow = 0; ///< tokens, 0 = full attention
};

/// How gate weights come from router logits. Selection and weights are always computed in float32.
enum class RouterScore { SoftmaxAll };
struct RouterSpec {
    RouterScore score = RouterScore::SoftmaxAll;
    int topK = 0;
    bool normalizeTopK = false; ///< divide the selected weights by their sum
    double scale = 1.0;         ///< routed_scaling_factor
    int groups = 1;             ///< n_group
    int groupsUsed = 1;         ///< topk_group
};

/// Names of the tensors of one projection; empty = absent.
struct LinearNames {
    std::string weight;
    std::string bias;
};

struct FfnNames {
    LinearNames gate; ///< [I, H]
    LinearNames up;   ///< [I, H]
    LinearNames down; ///< [H, I]
};

struct LayerSpec {
    LayerIndex index;
    // attention
    std::string attentionNorm; ///< RMSNorm weight [H] before attention
    LinearNames q, k, v, o;
    std::string qNorm, kNorm; ///< [headDim], empty when the spec has no q/k norm
    // feed-forward
    std::string ffnNorm; ///< RMSNorm weight [H] before the FFN
    bool moe = false;
    FfnNames dense; ///< when !moe
    int denseWidth = 0;
    std::string router;            ///< [E, H] when moe
    std::vector<FfnNames> experts; ///< E entries when moe, per-expert layout
};

/// Which place a tensor has in the model; one entry per tensor of the checkpoint, same order as Checkpoint::tensors().
enum class TensorRole : std::uint8_t {
    Embedding,
    LmHead,
    Attention,
    Norm,
    Router,
    RoutedExpert,
    SharedExpert,
    DenseFfn,
    Other
};
struct TensorUse {
    TensorRole role = TensorRole::Other;
    std::int32_t layer = -1;  ///< decoder layer, −1 outside
    std::int32_t expert = -1; ///< routed expert for RoutedExpert in per-expert layout
    /// For tensors whose dimension `sliceDim` runs over experts (router rows, biases, fused experts); −1 = none.
    std::int32_t sliceDim = -1;
    /// For RoutedExpert in per-expert layout: the name is nameHead + id + nameTail.
    std::string nameHead, nameTail;
};

struct ModelSpec {
    std::string family;       ///< "qwen3_moe"
    std::string architecture; ///< "Qwen3MoeForCausalLM"
    int hidden = 0;
    int vocabulary = 0;
    int maxPositions = 0;
    int experts = 0;     ///< E of every MoE layer, 0 for dense models
    int expertWidth = 0; ///< I
    int sharedExperts = 0;
    double normEpsilon = 1e-6;
    NormKind norm = NormKind::RmsNorm;
    Activation activation = Activation::Silu;
    AttentionSpec attention;
    RopeSpec rope;
    RouterSpec router;
    std::string embedding; ///< [V, H]
    std::string finalNorm; ///< [H]
    std::string lmHead;    ///< [V, H]; equals `embedding` when tied
    bool tiedEmbedding = false;
    std::vector<LayerSpec> layers;
    std::vector<TensorUse> uses; ///< parallel to Checkpoint::tensors()
    std::vector<std::string>
        expertCountKeys; ///< keys of config.json to set on export, every alias, as JSON pointers ("/num_experts")
    std::vector<std::string> warnings;
    std::vector<int> stopTokens; ///< eos ids of config and generation_config

    [[nodiscard]] bool isMoe() const { return experts > 0; }
};

} // namespace espalier::model
