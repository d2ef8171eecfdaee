// SPDX-License-Identifier: Apache-2.0
// What a checkpoint means, as data. A family file (one small file each) fills a ModelSpec from config and tensor names;
// the engine's one decoder executes it, the planner counts bytes with it, the exporter slices by it.
// There are no decisions by family name outside core/model. Plain immutable values after building.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/checkpoint/quant/stored_weight.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace espalier::model {

enum class NormKind {
    RmsNorm,        ///< x / rms(x) · w (Zhang and Sennrich 2019)
    RmsNormPlusOne, ///< x / rms(x) · (1 + w): weights are stored around 0
    LayerNorm       ///< (x - mean) / sd · w + b
};
/// Of gate g and up u, before the down projection.
enum class ActivationKind {
    Silu,          ///< silu(g) · u
    ClampedSwiglu, ///< g = min(g, limit), u = clamp(u, ±limit): g · sigmoid(alpha · g) · (u + 1)
};
struct ActivationSpec {
    ActivationKind kind = ActivationKind::Silu;
    double alpha = 1.0;
    double limit = 0.0;
};

/// Default: Su et al. 2021. Linear and Dynamic: scaled positions, and NTK-aware scaling beyond the trained length.
/// Llama3: the three bands of Llama 3.1. Yarn: Peng et al. 2023. LongRope: Ding et al. 2024.
enum class RopeKind { Default, Linear, Dynamic, Llama3, Yarn, LongRope };

struct RopeSpec {
    RopeKind kind = RopeKind::Default;
    double theta = 10000.0;
    int dim = 0;               ///< leading elements of a head that turn; the rest passes through
    bool interleaved = false;  ///< pairs (0, 1), (2, 3) …; false: (0, dim / 2), (1, dim / 2 + 1) …
    double factor = 1.0;       ///< Linear: positions are divided by it
    int originalPositions = 0; ///< length the model was trained on, for the kinds that ask for it
    double lowFrequency = 1.0, highFrequency = 4.0; ///< Llama3
    double betaFast = 32.0, betaSlow = 1.0;         ///< Yarn
    bool truncate = true;                           ///< Yarn: whole numbers as ends of the ramp
    std::vector<double> shortFactors, longFactors;  ///< LongRope: dim / 2 each
    double scale = 1.0;                             ///< of cos and sin
    double scaleLong = 1.0;                         ///< LongRope: the same for texts longer than originalPositions
};

enum class QkNorm {
    None,
    PerHead,   ///< over each head's elements
    Projection ///< over all heads' elements together
};

/// Low-rank compression of keys and values (DeepSeek-V2, Liu et al. 2024, section 2.1). A head has nopeDim elements
/// without positions, then ropeDim with; the latter are shared among the heads' keys.
struct LatentSpec {
    int queryRank = 0; ///< 0: queries are projected directly
    int keyValueRank = 0;
    int nopeDim = 0, ropeDim = 0;
    int valueDim = 0;
    double normEpsilon = 1e-6; ///< of the norms of compressed queries, keys and values
};

/// Gated delta rule with a short convolution before it (Yang et al. 2024), instead of attention in some layers.
struct DeltaSpec {
    int keyHeads = 0, valueHeads = 0; ///< a key head serves valueHeads / keyHeads value heads
    int keyDim = 0, valueDim = 0;     ///< of a head
    int kernel = 0;                   ///< taps of the convolution
    bool splitProjections = false;    ///< separate tensors for q k v, z, b and a; else interleaved by key head
};

struct AttentionSpec {
    int heads = 0;
    int kvHeads = 0;
    int headDim = 0; ///< of queries and keys; not always hidden / heads
    QkNorm qkNorm = QkNorm::None;
    bool bias = false; ///< biases on q, k, v (and o when outputBias)
    bool outputBias = false;
    double scale = 0.0;      ///< of the scores, before the softmax; 0 = 1 / sqrt(headDim)
    double clip = 0.0;       ///< bound on the elements of q, k and v, 0 = none
    bool outputGate = false; ///< q's projection is twice as wide: of each head query, then gate of its output
    int slidingWindow = 0;   ///< tokens, of the layers that have one (LayerSpec::window)
    std::optional<LatentSpec> latent;
    std::optional<DeltaSpec> delta; ///< of the layers that say so
};

/// How gate weights come from router logits. Selection and weights are always computed in float32.
enum class RouterScore {
    SoftmaxAll,    ///< softmax over all experts, the k largest
    SoftmaxChosen, ///< the k largest logits, softmax over them
    Sigmoid,       ///< each expert's sigmoid, the k largest
    SparseMixer,   ///< two single choices, each with the softmax over near contenders (Liu et al. 2024, SparseMixer-v2)
    UnitGates      ///< softmax over all, the k largest; gates are 1 + gain · score (CMoE, arXiv 2502.04416, section 4)
};
/// Where the router's logits come from. Neurons are silu(g · x) (u · x) of a few rows per expert.
enum class RouterEstimate {
    Linear,     ///< weight · x + bias
    Energies,   ///< log of the weighted sum of the neurons' squares, and an offset
    Magnitudes, ///< weighted sum of |neuron|
    LowRank     ///< log of the sum of squares of all the expert's neurons, from gate and up rows of low rank
};
/// What a group of experts is worth where groups are chosen first.
enum class GroupScore { Largest, TopTwoSum };
struct RouterSpec {
    RouterScore score = RouterScore::SoftmaxAll;
    int topK = 0;
    bool normalizeTopK = false; ///< divide the selected weights by their sum
    double normFloor = 0.0;     ///< the sum is at least this
    double normAddend = 0.0;    ///< added to the sum
    double scale = 1.0;         ///< routed_scaling_factor
    int groups = 1;             ///< n_group
    int groupsUsed = 1;         ///< topk_group
    GroupScore groupScore = GroupScore::Largest;
    bool float32Logits = false; ///< logits are computed in float32 whatever the compute type
    double margin = 0.0;        ///< SparseMixer: contenders lie within this relative distance of the largest
    RouterEstimate estimate = RouterEstimate::Linear;
};

/// Routed experts that were carved once more (CMoE, arXiv 2502.04416v3, section 4.4): an expert's neurons are `experts`
/// blocks of equal width in their order; the first `shared` run wherever the expert does, of the others `active`, by a
/// linear router of the expert's own, the largest logits. What runs counts in full.
struct SubExpertSpec {
    int shared = 0, active = 0, experts = 0;
    [[nodiscard]] int routed() const { return experts - shared; }
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

/// All experts of a layer in one tensor per projection.
struct FusedExperts {
    LinearNames gateUp;       ///< [E, 2I, H], bias [E, 2I]; [E, I, H] and gate alone when `up` is given
    LinearNames up;           ///< [E, I, H], bias [E, I], empty = in gateUp
    LinearNames down;         ///< [E, H, I], bias [E, H]
    bool transposed = false;  ///< [E, H, 2I] and [E, I, H]
    bool interleaved = false; ///< gate, up, gate, up …; else all of gate, then all of up
};

struct NormNames {
    std::string weight; ///< [D]
    std::string bias;   ///< [D], LayerNorm
};

/// Latent attention: x -> queryDown -> norm -> q (or x -> q), x -> keyValueDown -> [latent, shared key] -> norm -> up.
struct LatentNames {
    LinearNames queryDown; ///< [queryRank, H]
    NormNames queryNorm;
    LinearNames keyValueDown; ///< [keyValueRank + ropeDim, H]
    NormNames keyValueNorm;
    LinearNames keyValueUp;     ///< [heads (nopeDim + valueDim), keyValueRank]; when empty:
    std::string keyUp, valueUp; ///< [heads, keyValueRank, nopeDim] and [heads, valueDim, keyValueRank]
};

/// Gated delta rule. With splitProjections qkvz is q k v alone.
struct DeltaNames {
    std::string qkvz, z;         ///< [2 keys + 2 values, H], or [2 keys + values, H] and [values, H]
    std::string ba, a;           ///< [2 value heads, H], or b and a of [value heads, H]
    std::string convolution;     ///< [2 keys + values, 1, kernel]
    std::string timeBias, decay; ///< [value heads]: dt_bias, A_log
    std::string norm;            ///< [valueDim]
    std::string out;             ///< [H, values]
};

/// Router whose logits are no linear function, and the gain of UnitGates. R rows per expert, m neurons of an expert.
struct RouterNeuronNames {
    std::string gate, up;       ///< [E, R, H]
    std::string scale;          ///< [E, R], Energies and Magnitudes
    std::string offset;         ///< [E], Energies
    std::string gateOut, upOut; ///< [E, m, R], LowRank
    std::string gain;           ///< [E]
};

struct LayerSpec {
    LayerIndex index;
    // attention
    NormNames attentionNorm; ///< [H] before attention
    LinearNames q, k, v, o;
    NormNames qNorm, kNorm; ///< empty when the spec has no q/k norm
    std::string sinks;      ///< [heads]: a logit each head's softmax has besides the keys'
    int window = 0;         ///< tokens a query sees, itself included; 0 = all before it
    LatentNames latent;
    bool isDelta = false; ///< the gated delta rule instead of attention
    DeltaNames delta;
    NormNames postAttentionNorm; ///< [H] of what attention adds to the residual stream, empty = none
    // feed-forward
    NormNames ffnNorm; ///< [H] before the FFN
    bool moe = false;
    FfnNames dense; ///< when !moe
    int denseWidth = 0;
    LinearNames router;            ///< [E, H] when moe
    RouterNeuronNames neurons;     ///< instead of, or beside `router`
    std::string correctionBias;    ///< E values added to the scores for the selection alone
    std::vector<FfnNames> experts; ///< E entries when moe, per-expert layout
    FusedExperts fused;            ///< when moe and `experts` is empty
    LinearNames subRouter;         ///< [E, R, H], bias [E, R], of SubExpertSpec's R routed blocks; empty = none
    FfnNames shared;               ///< expert that every token visits, empty = none
    int sharedWidth = 0;
    std::string sharedGate; ///< [1, H]: its output is multiplied by the sigmoid of this
    NormNames postFfnNorm;  ///< [H] of what the FFN adds to the residual stream, empty = none
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
    /// Part of a block that predicts further tokens (MTP): the decoder does not use it. `layer` is then the decoder
    /// layer whose keep list its experts follow.
    bool mtp = false;
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
    ActivationSpec activation;
    AttentionSpec attention;
    RopeSpec rope;
    RouterSpec router;
    std::optional<SubExpertSpec> subExperts; ///< of every MoE layer
    double embeddingScale = 1.0;             ///< multiplies the embedding
    double residualScale = 1.0;              ///< multiplies what attention and FFN add to the residual stream
    double logitsScale = 1.0;                ///< divides the logits
    std::string embedding;                   ///< [V, H]
    NormNames finalNorm;                     ///< [H]
    std::string lmHead;                      ///< [V, H]; equals `embedding` when tied
    std::string lmHeadBias;                  ///< [V], empty = none
    bool tiedEmbedding = false;
    std::vector<LayerSpec> layers;
    std::vector<TensorUse> uses; ///< parallel to Checkpoint::tensors()
    /// Numbers that each tensor stands for, parallel to uses: packed ones in full, scales and the like 0.
    std::vector<std::uint64_t> parameters;
    /// Weights whose numbers stand in several tensors, by the name the layers call them by.
    std::unordered_map<std::string, checkpoint::StoredWeight> stored;
    std::vector<std::string>
        expertCountKeys; ///< keys of config.json to set on export, every alias, as JSON pointers ("/num_experts")
    /// The same for the number of experts per token; empty where the architecture fixes it.
    std::vector<std::string> topKKeys;
    /// Keys that an export sets to these values: the same meaning in the words that every engine loads.
    std::vector<std::pair<std::string, base::OrderedJson>> exportKeys;
    /// Keys of config.json that say how many blocks predict further tokens, with the value that says none.
    std::vector<std::pair<std::string, base::OrderedJson>> mtpKeys;
    std::vector<std::string> warnings;
    std::vector<int> stopTokens; ///< eos ids of config and generation_config

    [[nodiscard]] bool isMoe() const { return experts > 0; }
};

} // namespace espalier::model
