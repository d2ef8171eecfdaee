// SPDX-License-Identifier: Apache-2.0
// Private to the room: what every family file needs. A builder claims tensors by name: each claim checks the shape
// against the config and records the tensor's use; what nobody claims is looked at in finish().
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/config_reader.h"
#include "core/model/model_spec.h"

#include <string>
#include <string_view>
#include <vector>

namespace espalier::model {

class SpecBuilder {
public:
    explicit SpecBuilder(const checkpoint::Checkpoint& checkpoint);

    ModelSpec spec;
    [[nodiscard]] const ConfigReader& config() const { return m_config; }

    /// The tensor must exist with exactly this shape. `use` says its place.
    [[nodiscard]] Result<void> claim(const std::string& name, std::initializer_list<std::int64_t> shape, TensorUse use);
    [[nodiscard]] bool exists(std::string_view name) const { return m_checkpoint.find(name) != nullptr; }

    /// model_type, architectures, sizes, norm epsilon, tied embeddings, stop tokens: the keys all families share.
    [[nodiscard]] Result<void> readCommonKeys(std::string_view defaultArchitecture);
    /// rope_theta with rope_scaling (transformers 4) or rope_parameters (5) into spec.rope.
    [[nodiscard]] Result<void> readRope();
    /// heads, key/value heads, head dimension into spec.attention; `defaultHeadDim` 0 = hidden / heads.
    [[nodiscard]] Result<void> readAttention(int defaultHeadDim);
    /// Embedding, final norm, output head.
    [[nodiscard]] Result<void> claimEnds();
    /// Names of `prefix` self_attn.{q,k,v,o}_proj and their norms into `layer`, claimed.
    [[nodiscard]] Result<void> claimAttention(LayerSpec& layer, const std::string& prefix);
    /// `prefix` {gate,up,down}_proj.weight with inner width `width`.
    [[nodiscard]] Result<FfnNames> claimFfn(const std::string& prefix, int width, const TensorUse& use);
    /// Router [E, H] and E experts `prefix` experts.<id>.*, per-expert layout.
    [[nodiscard]] Result<void> claimExperts(LayerSpec& layer, const std::string& prefix);

    /// Companions of experts, surplus experts, leftovers; then the spec is complete.
    [[nodiscard]] Result<ModelSpec> finish();

private:
    [[nodiscard]] Result<void> checkDtype(const checkpoint::TensorInfo& tensor);
    [[nodiscard]] Result<bool> claimCompanion(const checkpoint::TensorInfo& tensor, TensorUse& use) const;
    [[nodiscard]] std::string shardPath(const checkpoint::TensorInfo& tensor) const;

    const checkpoint::Checkpoint& m_checkpoint;
    ConfigReader m_config;
    std::vector<bool> m_claimed;
    bool m_narrowFloats = false;
};

} // namespace espalier::model
