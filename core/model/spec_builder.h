// SPDX-License-Identifier: Apache-2.0
// Private to the room: what every family file needs. A builder claims tensors by name: each claim checks the shape
// against the config and records the tensor's use; what nobody claims is looked at in finish().
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/config_reader.h"
#include "core/model/model_spec.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::model {

/// What a family's class in transformers assumes where config.json is silent.
struct CommonDefaults {
    std::string_view architecture;
    double normEpsilon = 1e-6;
    bool tied = false;
};
struct RopeDefaults {
    double theta = 10000.0;
    int dim = 0;                        ///< of what may turn; 0 = a whole head
    std::optional<double> partial = {}; ///< share that turns, for families that know the key; nothing = all of it
    bool interleaved = false;
};
struct AttentionDefaults {
    int headDim = 0;             ///< 0 = hidden / heads
    bool kvHeadsAsHeads = false; ///< num_key_value_heads may be absent
    std::string_view biasKey = "attention_bias";
    bool bias = false;
    bool outputBias = true; ///< the key speaks of o_proj too
};

/// Names of a MoE block below "model.layers.N.". Families list the layouts they are stored in; the first whose tensors
/// exist is taken.
struct ExpertLayout {
    std::string_view router;          ///< "mlp.gate.weight"; empty: the family claims its router itself
    std::string_view experts;         ///< "mlp.experts."
    bool fused = false;               ///< one tensor for all experts per projection
    std::string_view gate, up, down;  ///< per expert "gate_proj"; fused: gate holds both, up is empty
    std::string_view routerBias = {}; ///< empty = none
    std::string_view correction = {}; ///< empty = none
    bool correctionIsRow = false;     ///< [1, E] instead of [E]
    bool bias = false;                ///< fused: <name>_bias
    bool transposed = false, interleaved = false;
    bool packed = false; ///< fused: <name>_blocks and _scales (MXFP4) instead of the weight
};
/// "mlp.experts.<id>.{gate,up,down}_proj.weight", and what transformers 5 makes of it in memory.
[[nodiscard]] std::vector<ExpertLayout> projectionLayouts(std::string_view correction = {});
/// "block_sparse_moe.experts.<id>.{w1,w3,w2}.weight", and the same.
[[nodiscard]] std::vector<ExpertLayout> numberedLayouts();

class SpecBuilder {
public:
    /// `nested` names the object of config.json that describes the text model; used when it is there.
    explicit SpecBuilder(const checkpoint::Checkpoint& checkpoint, std::string_view nested = {});

    ModelSpec spec;
    [[nodiscard]] const ConfigReader& config() const { return m_config; }

    /// The tensor must exist with exactly this shape. `use` says its place.
    [[nodiscard]] Result<void> claim(const std::string& name, std::initializer_list<std::int64_t> shape, TensorUse use);
    [[nodiscard]] bool exists(std::string_view name) const { return m_checkpoint.find(name) != nullptr; }

    /// model_type, architectures, sizes, norm epsilon, tied embeddings, stop tokens: the keys all families share.
    [[nodiscard]] Result<void> readCommonKeys(const CommonDefaults& defaults);
    /// rope_theta with rope_scaling (transformers 4) or rope_parameters (5) into spec.rope; after readAttention().
    [[nodiscard]] Result<void> readRope(const RopeDefaults& defaults = {});
    /// heads, key/value heads, head dimension into spec.attention.
    [[nodiscard]] Result<void> readAttention(const AttentionDefaults& defaults);
    /// Expert count under any of `keys` (the first is the family's own) with every alias in the file, experts per token
    /// under any of `topKKeys`, width under `widthKey`.
    [[nodiscard]] Result<void> readExperts(std::initializer_list<std::string_view> keys,
                                           std::initializer_list<std::string_view> topKKeys, std::string_view widthKey);
    /// n_group and topk_group with the given keys' rules.
    [[nodiscard]] Result<void> readGroups(int defaultGroups, int defaultUsed, GroupScore score);
    /// Layers of kind `other` by layer_types, whose other entries are "full_attention"; `fallback` when it is absent.
    [[nodiscard]] Result<std::vector<bool>> readLayerTypes(int layers, std::string_view other,
                                                           const std::vector<bool>& fallback) const;
    /// LayerSpec::window of every layer, and the width into spec.attention.
    [[nodiscard]] std::vector<int> windowsOf(const std::vector<bool>& windowed, int window);

    /// Embedding, final norm, output head; the layers are below `prefix` too.
    [[nodiscard]] Result<void> claimEnds(const std::string& prefix = "model.");
    [[nodiscard]] Result<void> claimNorm(NormNames& norm, const std::string& stem, int size, int layer);
    [[nodiscard]] Result<void> claimLinear(LinearNames& names, const std::string& stem, std::int64_t rows,
                                           std::int64_t columns, bool bias, const TensorUse& use);
    /// `prefix` input_layernorm and post_attention_layernorm.
    [[nodiscard]] Result<void> claimLayerNorms(LayerSpec& layer, const std::string& prefix);
    /// Names of `prefix` self_attn.{q,k,v,o}_proj and their norms into `layer`, and the layer's norms, claimed.
    [[nodiscard]] Result<void> claimAttention(LayerSpec& layer, const std::string& prefix);
    /// The same for latent attention as DeepSeek-V2 stores it.
    [[nodiscard]] Result<void> claimLatentAttention(LayerSpec& layer, const std::string& prefix);
    /// `prefix` {gate,up,down}_proj.weight with inner width `width`.
    [[nodiscard]] Result<FfnNames> claimFfn(const std::string& prefix, int width, const TensorUse& use,
                                            bool bias = false);
    /// Router and experts of `layer` in the first of `layouts` that is there.
    [[nodiscard]] Result<void> claimExperts(LayerSpec& layer, const std::string& prefix,
                                            std::span<const ExpertLayout> layouts);
    /// Blocks that predict further tokens, stored as decoder layers behind the last one: their experts follow the last
    /// MoE layer. `key` counts them.
    [[nodiscard]] Result<void> claimMtpLayers(std::string_view key, std::span<const ExpertLayout> layouts);
    /// One such block: everything below `prefix`, its MoE block below `layerPrefix`. False when there is none.
    [[nodiscard]] Result<bool> claimMtp(const std::string& prefix, const std::string& layerPrefix,
                                        std::span<const ExpertLayout> layouts);
    /// `key` of config.json says how many there are; `none` on export without them.
    void addMtpKey(std::string_view key, base::OrderedJson none);

    /// Companions of experts, surplus experts, leftovers; then the spec is complete.
    [[nodiscard]] Result<ModelSpec> finish();

private:
    void claimTensor(std::size_t index, TensorUse use);
    /// What `espalier carve` adds to models with experts: the key espalier_sub_experts, and a router for each expert.
    [[nodiscard]] Result<void> claimSubRouter(LayerSpec& layer, const std::string& prefix);
    [[nodiscard]] Result<void> claimFused(LayerSpec& layer, const std::string& prefix, const ExpertLayout& layout);
    /// The same for a weight that is not one tensor of plain floats; false when there is none.
    [[nodiscard]] Result<bool> claimStored(const std::string& name, std::span<const std::int64_t> shape,
                                           const TensorUse& use);
    [[nodiscard]] bool existsStored(const std::string& name) const;
    [[nodiscard]] Result<const checkpoint::TensorInfo*> require(const std::string& name) const;
    [[nodiscard]] Result<void> checkDtype(const checkpoint::TensorInfo& tensor);
    [[nodiscard]] Result<bool> claimCompanion(const checkpoint::TensorInfo& tensor, TensorUse& use) const;
    [[nodiscard]] std::string shardPath(const checkpoint::TensorInfo& tensor) const;
    [[nodiscard]] Result<void> readScaling(const std::optional<ConfigReader>& source);
    /// What converters have done to the rows of q and k, and Llama 3's bands, which GGUF keeps as a tensor of divisors.
    [[nodiscard]] Result<void> readGgufRope(const std::optional<ConfigReader>& source);
    [[nodiscard]] Result<RopeSpec> ropeOf(const ConfigReader& source, const std::string& kind) const;

    /// Where experts' tensors are: "model.layers.3.mlp.experts." and the layer whose keep list they follow.
    struct ExpertArea {
        std::int32_t layer = -1;
        bool mtp = false;
    };

    const checkpoint::Checkpoint& m_checkpoint;
    ConfigReader m_root, m_config;
    std::string m_pointer; ///< JSON pointer of m_config
    std::vector<bool> m_claimed;
    std::unordered_map<std::string, ExpertArea> m_areas;
    std::int32_t m_mtpLayer = -1; ///< while an MTP block is claimed: the layer it follows
    checkpoint::QuantScheme m_scheme;
    std::string m_notComputed; ///< a type that is described and sliced only
};

} // namespace espalier::model
