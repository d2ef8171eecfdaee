// SPDX-License-Identifier: Apache-2.0
#include "core/model/spec_builder.h"

#include "core/base/text.h"
#include "core/checkpoint/quant/expand.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace espalier::model {

SpecBuilder::SpecBuilder(const checkpoint::Checkpoint& checkpoint, std::string_view nested)
    : m_checkpoint(checkpoint), m_root(checkpoint.config(), checkpoint.configFile()), m_config(m_root),
      m_claimed(checkpoint.tensors().size(), false)
{
    const auto* text = nested.empty() ? nullptr : m_root.find(nested);
    if (text != nullptr && text->is_object()) {
        m_config = ConfigReader(*text, m_root.file(), std::string(nested) + ".");
        m_pointer = "/" + std::string(nested);
    }
    spec.uses.resize(checkpoint.tensors().size());
    spec.parameters.reserve(checkpoint.tensors().size());
    for (const checkpoint::TensorInfo& tensor : checkpoint.tensors())
        spec.parameters.push_back(static_cast<std::uint64_t>(tensor.elements()));
}

std::string SpecBuilder::shardPath(const checkpoint::TensorInfo& tensor) const
{
    return (m_checkpoint.folder() / m_checkpoint.shards()[tensor.shard].file).string();
}

Result<void> SpecBuilder::checkDtype(const checkpoint::TensorInfo& tensor)
{
    using checkpoint::Dtype;
    if (tensor.dtype >= Dtype::Q4_0) { // ggml's blocks: those that cannot be computed with can still be sliced
        if (!checkpoint::canExpand(tensor.dtype))
            m_notComputed = checkpoint::dtypeName(tensor.dtype);
        return {};
    }
    switch (tensor.dtype) {
    case Dtype::F64:
    case Dtype::F32:
    case Dtype::F16:
    case Dtype::BF16:
    case Dtype::F8E4M3:
    case Dtype::F8E5M2:
        return {};
    default:
        return base::badInput(fmt::format("dtype {} cannot hold plain weights", checkpoint::dtypeName(tensor.dtype)),
                              shardPath(tensor), "tensor " + tensor.name,
                              "Use the model's version in bfloat16, float16 or float32");
    }
}

Result<const checkpoint::TensorInfo*> SpecBuilder::require(const std::string& name) const
{
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(name);
    if (tensor == nullptr)
        return base::badInput("the tensor is missing; the config says it must exist", m_checkpoint.folder().string(),
                              "tensor " + name, "Compare config.json with the weights; fetch the model again");
    return tensor;
}

void SpecBuilder::claimTensor(std::size_t index, TensorUse use)
{
    if (m_mtpLayer >= 0) {
        use.layer = m_mtpLayer;
        use.mtp = true;
    }
    m_claimed[index] = true;
    spec.uses[index] = std::move(use);
}

bool SpecBuilder::existsStored(const std::string& name) const
{
    if (exists(name) || exists(name + "_blocks"))
        return true;
    if (!name.ends_with(".weight"))
        return false;
    const std::string stem = name.substr(0, name.size() - 6);
    return exists(stem + "qweight") || exists(stem + "weight_packed");
}

Result<bool> SpecBuilder::claimStored(const std::string& name, std::span<const std::int64_t> shape,
                                      const TensorUse& use)
{
    ESPALIER_TRY(auto found, checkpoint::findStoredWeight(m_checkpoint, m_scheme, name, shape));
    if (!found || found->encoding == checkpoint::Encoding::Plain)
        return false;
    const auto claimPart = [&](std::size_t index) {
        TensorUse own = use;
        if (!use.nameHead.empty()) // the same expert's part: its name ends in another way
            own.nameTail =
                m_checkpoint.tensors()[index].name.substr(fmt::format("{}{}", use.nameHead, use.expert).size());
        claimTensor(index, std::move(own));
        spec.parameters[index] = 0;
    };
    for (const std::size_t part : {found->main, found->scale, found->zero, found->groupOf})
        if (part != checkpoint::kNoTensor)
            claimPart(part);
    if (use.nameHead.empty()) // an expert's are found by their prefix, see claimCompanion()
        for (const std::size_t part : checkpoint::companionsOf(m_checkpoint, name))
            claimPart(part);
    std::uint64_t numbers = 1; // no overflow: the parts' sizes were checked against the shape
    for (const std::int64_t size : shape)
        numbers *= static_cast<std::uint64_t>(size);
    spec.parameters[found->main] = numbers;
    spec.stored.emplace(name, *std::move(found));
    return true;
}

Result<void> SpecBuilder::claim(const std::string& name, std::initializer_list<std::int64_t> shape, TensorUse use)
{
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(name);
    if (tensor == nullptr || checkpoint::bitsPerElement(tensor->dtype) == 8) {
        ESPALIER_TRY(const bool claimed, claimStored(name, {shape.begin(), shape.size()}, use));
        if (claimed)
            return {};
    }
    ESPALIER_TRY(tensor, require(name));
    if (!std::equal(shape.begin(), shape.end(), tensor->shape.begin(), tensor->shape.end()))
        return base::badInput(fmt::format("the shape is [{}], by the config it must be [{}]",
                                          fmt::join(tensor->shape, ", "), fmt::join(shape, ", ")),
                              shardPath(*tensor), "tensor " + name, "Config and weights belong to different models");
    ESPALIER_CHECK(checkDtype(*tensor));
    claimTensor(static_cast<std::size_t>(tensor - m_checkpoint.tensors().data()), std::move(use));
    return {};
}

Result<void> SpecBuilder::claimNorm(NormNames& norm, const std::string& stem, int size, int layer)
{
    const TensorUse use{TensorRole::Norm, layer, -1, -1, {}, {}};
    norm.weight = stem + ".weight";
    ESPALIER_CHECK(claim(norm.weight, {size}, use));
    if (spec.norm == NormKind::LayerNorm) {
        norm.bias = stem + ".bias";
        ESPALIER_CHECK(claim(norm.bias, {size}, use));
    }
    return {};
}

Result<void> SpecBuilder::claimLinear(LinearNames& names, const std::string& stem, std::int64_t rows,
                                      std::int64_t columns, bool bias, const TensorUse& use)
{
    names.weight = stem + ".weight";
    ESPALIER_CHECK(claim(names.weight, {rows, columns}, use));
    if (bias) {
        names.bias = stem + ".bias";
        ESPALIER_CHECK(claim(names.bias, {rows}, use));
    }
    return {};
}

Result<void> SpecBuilder::claimEnds(const std::string& prefix)
{
    const std::int64_t vocabulary = spec.vocabulary;
    const std::int64_t hidden = spec.hidden;
    spec.embedding = prefix + "embed_tokens.weight";
    ESPALIER_CHECK(claim(spec.embedding, {vocabulary, hidden}, {TensorRole::Embedding, -1, -1, -1, {}, {}}));
    ESPALIER_CHECK(claimNorm(spec.finalNorm, prefix + "norm", spec.hidden, -1));
    const std::string head = "lm_head.weight";
    spec.lmHead = spec.tiedEmbedding ? spec.embedding : head;
    if (!spec.tiedEmbedding || exists(head))
        ESPALIER_CHECK(claim(head, {vocabulary, hidden}, {TensorRole::LmHead, -1, -1, -1, {}, {}}));
    if (spec.tiedEmbedding && exists(head))
        spec.warnings.push_back("lm_head.weight is stored although tie_word_embeddings makes the embedding do its "
                                "work; it is not used");
    if (!spec.lmHeadBias.empty())
        ESPALIER_CHECK(claim(spec.lmHeadBias, {vocabulary}, {TensorRole::LmHead, -1, -1, -1, {}, {}}));
    return {};
}

Result<void> SpecBuilder::claimLayerNorms(LayerSpec& layer, const std::string& prefix)
{
    const int index = layer.index.value();
    ESPALIER_CHECK(claimNorm(layer.attentionNorm, prefix + "input_layernorm", spec.hidden, index));
    return claimNorm(layer.ffnNorm, prefix + "post_attention_layernorm", spec.hidden, index);
}

Result<void> SpecBuilder::claimAttention(LayerSpec& layer, const std::string& prefix)
{
    const AttentionSpec& attention = spec.attention;
    const std::int64_t hidden = spec.hidden;
    const std::int64_t qRows = std::int64_t{attention.heads} * attention.headDim;
    const std::int64_t kvRows = std::int64_t{attention.kvHeads} * attention.headDim;
    const TensorUse use{TensorRole::Attention, layer.index.value(), -1, -1, {}, {}};
    const std::string self = prefix + "self_attn.";
    ESPALIER_CHECK(
        claimLinear(layer.q, self + "q_proj", attention.outputGate ? 2 * qRows : qRows, hidden, attention.bias, use));
    ESPALIER_CHECK(claimLinear(layer.k, self + "k_proj", kvRows, hidden, attention.bias, use));
    ESPALIER_CHECK(claimLinear(layer.v, self + "v_proj", kvRows, hidden, attention.bias, use));
    ESPALIER_CHECK(claimLinear(layer.o, self + "o_proj", hidden, qRows, attention.outputBias, use));
    if (attention.qkNorm != QkNorm::None) {
        const bool perHead = attention.qkNorm == QkNorm::PerHead;
        const int index = layer.index.value();
        ESPALIER_CHECK(claimNorm(layer.qNorm, self + "q_norm",
                                 perHead ? attention.headDim : attention.heads * attention.headDim, index));
        ESPALIER_CHECK(claimNorm(layer.kNorm, self + "k_norm",
                                 perHead ? attention.headDim : attention.kvHeads * attention.headDim, index));
    }
    if (!layer.sinks.empty())
        ESPALIER_CHECK(claim(layer.sinks, {attention.heads}, use));
    return claimLayerNorms(layer, prefix);
}

Result<void> SpecBuilder::claimLatentAttention(LayerSpec& layer, const std::string& prefix)
{
    const AttentionSpec& attention = spec.attention;
    const LatentSpec& latent = *attention.latent;
    const int index = layer.index.value();
    const std::int64_t hidden = spec.hidden;
    const std::int64_t qRows = std::int64_t{attention.heads} * attention.headDim;
    const TensorUse use{TensorRole::Attention, index, -1, -1, {}, {}};
    const std::string self = prefix + "self_attn.";
    LatentNames& names = layer.latent;
    if (latent.queryRank > 0) {
        ESPALIER_CHECK(claimLinear(names.queryDown, self + "q_a_proj", latent.queryRank, hidden, attention.bias, use));
        ESPALIER_CHECK(claimNorm(names.queryNorm, self + "q_a_layernorm", latent.queryRank, index));
        ESPALIER_CHECK(claimLinear(layer.q, self + "q_b_proj", qRows, latent.queryRank, false, use));
    } else {
        ESPALIER_CHECK(claimLinear(layer.q, self + "q_proj", qRows, hidden, false, use));
    }
    ESPALIER_CHECK(claimLinear(names.keyValueDown, self + "kv_a_proj_with_mqa",
                               std::int64_t{latent.keyValueRank} + latent.ropeDim, hidden, attention.bias, use));
    ESPALIER_CHECK(claimNorm(names.keyValueNorm, self + "kv_a_layernorm", latent.keyValueRank, index));
    if (m_checkpoint.gguf() != nullptr && exists(self + "k_b_proj.weight")) {
        names.keyUp = self + "k_b_proj.weight";
        names.valueUp = self + "v_b_proj.weight";
        ESPALIER_CHECK(claim(names.keyUp, {attention.heads, latent.keyValueRank, latent.nopeDim}, use));
        ESPALIER_CHECK(claim(names.valueUp, {attention.heads, latent.valueDim, latent.keyValueRank}, use));
    } else {
        ESPALIER_CHECK(claimLinear(names.keyValueUp, self + "kv_b_proj",
                                   std::int64_t{attention.heads} * (latent.nopeDim + latent.valueDim),
                                   latent.keyValueRank, false, use));
    }
    ESPALIER_CHECK(claimLinear(layer.o, self + "o_proj", hidden, std::int64_t{attention.heads} * latent.valueDim,
                               attention.outputBias, use));
    return claimLayerNorms(layer, prefix);
}

Result<FfnNames> SpecBuilder::claimFfn(const std::string& prefix, int width, const TensorUse& use, bool bias)
{
    FfnNames names;
    ESPALIER_CHECK(claimLinear(names.gate, prefix + "gate_proj", width, spec.hidden, bias, use));
    ESPALIER_CHECK(claimLinear(names.up, prefix + "up_proj", width, spec.hidden, bias, use));
    ESPALIER_CHECK(claimLinear(names.down, prefix + "down_proj", spec.hidden, width, bias, use));
    return names;
}

/// Whatever stands under an expert's name (scales, zero points) must move with it, known or not.
Result<bool> SpecBuilder::claimCompanion(const checkpoint::TensorInfo& tensor, TensorUse& use) const
{
    // By hand, because a regular expression over 90 000 names takes longer than everything else together
    constexpr std::string_view kExperts = ".experts.";
    const std::size_t at = tensor.name.find(kExperts);
    if (at == std::string::npos)
        return false;
    const std::size_t idAt = at + kExperts.size();
    const auto area = m_areas.find(tensor.name.substr(0, idAt));
    if (area == m_areas.end())
        return false;
    use = {TensorRole::RoutedExpert, area->second.layer, -1, -1, {}, {}, area->second.mtp};
    const std::size_t tailAt = tensor.name.find('.', idAt);
    std::int32_t expert = -1;
    if (tailAt == std::string::npos ||
        !base::parseIndex(std::string_view(tensor.name).substr(idAt, tailAt - idAt), expert)) {
        // Beside fused experts: all that run over them
        if (tensor.shape.empty() || tensor.shape[0] != spec.experts) {
            use = {};
            return false;
        }
        use.sliceDim = 0;
        return true;
    }
    if (expert >= spec.experts)
        return base::badInput(fmt::format("expert {} is beyond the {} experts of the config", expert, spec.experts),
                              shardPath(tensor), "tensor " + tensor.name,
                              "Config and weights belong to different models");
    use.expert = expert;
    use.nameHead = tensor.name.substr(0, idAt);
    use.nameTail = tensor.name.substr(tailAt);
    return true;
}

Result<ModelSpec> SpecBuilder::finish()
{
    const auto& tensors = m_checkpoint.tensors();
    std::vector<std::string_view> leftovers;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (m_claimed[i])
            continue;
        ESPALIER_TRY(const bool companion, claimCompanion(tensors[i], spec.uses[i]));
        if (companion)
            spec.parameters[i] = 0;
        else
            leftovers.emplace_back(tensors[i].name);
    }
    if (!leftovers.empty()) {
        std::sort(leftovers.begin(), leftovers.end());
        const std::size_t shown = std::min<std::size_t>(3, leftovers.size());
        spec.warnings.push_back(
            fmt::format("{} tensors are not part of this architecture and are not used: {}{}", leftovers.size(),
                        fmt::join(leftovers.begin(), leftovers.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                        leftovers.size() > shown ? ", ..." : ""));
    }
    if (m_checkpoint.gguf() != nullptr && spec.router.normalizeTopK) { // llama.cpp's bound, the same for all routers
        spec.router.normFloor = 6.103515625e-5;
        spec.router.normAddend = 0;
    }
    if (!m_notComputed.empty())
        spec.warnings.push_back(
            fmt::format("weights stored as {} are described and sliced, but not computed with", m_notComputed));
    return std::move(spec);
}

} // namespace espalier::model
