// SPDX-License-Identifier: Apache-2.0
#include "core/model/spec_builder.h"

#include "core/base/text.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace espalier::model {

namespace {

constexpr std::string_view kExperts = ".mlp.experts.";

/// "model.layers.N" + kExperts + "J." + tail: the numbers and where the tail begins. By hand, because a regular
/// expression over 90 000 names takes longer than everything else together.
struct ExpertName {
    std::int32_t layer = -1;
    std::int32_t expert = -1;
    std::size_t idAt = 0;
    std::size_t tailAt = 0;
};

bool parseExpertName(std::string_view name, ExpertName& parsed)
{
    constexpr std::string_view kHead = "model.layers.";
    if (!name.starts_with(kHead))
        return false;
    const std::size_t dot = name.find('.', kHead.size());
    if (dot == std::string_view::npos || !base::parseIndex(name.substr(kHead.size(), dot - kHead.size()), parsed.layer))
        return false;
    if (name.substr(dot, kExperts.size()) != kExperts)
        return false;
    parsed.idAt = dot + kExperts.size();
    parsed.tailAt = name.find('.', parsed.idAt);
    return parsed.tailAt != std::string_view::npos &&
           base::parseIndex(name.substr(parsed.idAt, parsed.tailAt - parsed.idAt), parsed.expert);
}

} // namespace

SpecBuilder::SpecBuilder(const checkpoint::Checkpoint& checkpoint)
    : m_checkpoint(checkpoint), m_config(checkpoint.config(), (checkpoint.folder() / "config.json").string()),
      m_claimed(checkpoint.tensors().size(), false)
{
    spec.uses.resize(checkpoint.tensors().size());
}

std::string SpecBuilder::shardPath(const checkpoint::TensorInfo& tensor) const
{
    return (m_checkpoint.folder() / m_checkpoint.shards()[tensor.shard].file).string();
}

Result<void> SpecBuilder::checkDtype(const checkpoint::TensorInfo& tensor)
{
    using checkpoint::Dtype;
    switch (tensor.dtype) {
    case Dtype::F64:
    case Dtype::F32:
    case Dtype::F16:
    case Dtype::BF16:
        return {};
    case Dtype::F8E4M3:
    case Dtype::F8E5M2:
        m_narrowFloats = true;
        return {};
    default:
        return base::badInput(fmt::format("dtype {} cannot hold plain weights", checkpoint::dtypeName(tensor.dtype)),
                              shardPath(tensor), "tensor " + tensor.name,
                              "Use the model's version in bfloat16, float16 or float32");
    }
}

Result<void> SpecBuilder::claim(const std::string& name, std::initializer_list<std::int64_t> shape, TensorUse use)
{
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(name);
    if (tensor == nullptr)
        return base::badInput("the tensor is missing; the config says it must exist", m_checkpoint.folder().string(),
                              "tensor " + name, "Compare config.json with the weights; fetch the model again");
    if (!std::equal(shape.begin(), shape.end(), tensor->shape.begin(), tensor->shape.end()))
        return base::badInput(fmt::format("the shape is [{}], by the config it must be [{}]",
                                          fmt::join(tensor->shape, ", "), fmt::join(shape, ", ")),
                              shardPath(*tensor), "tensor " + name, "Config and weights belong to different models");
    ESPALIER_CHECK(checkDtype(*tensor));
    const auto index = static_cast<std::size_t>(tensor - m_checkpoint.tensors().data());
    m_claimed[index] = true;
    spec.uses[index] = std::move(use);
    return {};
}

Result<void> SpecBuilder::claimEnds()
{
    const std::int64_t vocabulary = spec.vocabulary;
    const std::int64_t hidden = spec.hidden;
    spec.embedding = "model.embed_tokens.weight";
    spec.finalNorm = "model.norm.weight";
    ESPALIER_CHECK(claim(spec.embedding, {vocabulary, hidden}, {TensorRole::Embedding, -1, -1, -1, {}, {}}));
    ESPALIER_CHECK(claim(spec.finalNorm, {hidden}, {TensorRole::Norm, -1, -1, -1, {}, {}}));
    const std::string head = "lm_head.weight";
    spec.lmHead = spec.tiedEmbedding ? spec.embedding : head;
    if (!spec.tiedEmbedding || exists(head))
        ESPALIER_CHECK(claim(head, {vocabulary, hidden}, {TensorRole::LmHead, -1, -1, -1, {}, {}}));
    if (spec.tiedEmbedding && exists(head))
        spec.warnings.push_back("lm_head.weight is stored although tie_word_embeddings makes the embedding do its "
                                "work; it is not used");
    return {};
}

Result<void> SpecBuilder::claimAttention(LayerSpec& layer, const std::string& prefix)
{
    const std::int64_t hidden = spec.hidden;
    const std::int64_t qRows = std::int64_t{spec.attention.heads} * spec.attention.headDim;
    const std::int64_t kvRows = std::int64_t{spec.attention.kvHeads} * spec.attention.headDim;
    const TensorUse use{TensorRole::Attention, layer.index.value(), -1, -1, {}, {}};
    const auto projection = [&](LinearNames& names, std::string_view which, std::int64_t rows, std::int64_t columns,
                                bool bias) -> Result<void> {
        const std::string stem = fmt::format("{}self_attn.{}_proj.", prefix, which);
        names.weight = stem + "weight";
        ESPALIER_CHECK(claim(names.weight, {rows, columns}, use));
        if (bias) {
            names.bias = stem + "bias";
            ESPALIER_CHECK(claim(names.bias, {rows}, use));
        }
        return {};
    };
    ESPALIER_CHECK(projection(layer.q, "q", qRows, hidden, spec.attention.bias));
    ESPALIER_CHECK(projection(layer.k, "k", kvRows, hidden, spec.attention.bias));
    ESPALIER_CHECK(projection(layer.v, "v", kvRows, hidden, spec.attention.bias));
    ESPALIER_CHECK(projection(layer.o, "o", hidden, qRows, spec.attention.outputBias));
    const TensorUse norm{TensorRole::Norm, layer.index.value(), -1, -1, {}, {}};
    if (spec.attention.qkNorm) {
        layer.qNorm = prefix + "self_attn.q_norm.weight";
        layer.kNorm = prefix + "self_attn.k_norm.weight";
        ESPALIER_CHECK(claim(layer.qNorm, {spec.attention.headDim}, norm));
        ESPALIER_CHECK(claim(layer.kNorm, {spec.attention.headDim}, norm));
    }
    layer.attentionNorm = prefix + "input_layernorm.weight";
    layer.ffnNorm = prefix + "post_attention_layernorm.weight";
    ESPALIER_CHECK(claim(layer.attentionNorm, {hidden}, norm));
    return claim(layer.ffnNorm, {hidden}, norm);
}

Result<FfnNames> SpecBuilder::claimFfn(const std::string& prefix, int width, const TensorUse& use)
{
    FfnNames names;
    const std::int64_t inner = width;
    const std::int64_t hidden = spec.hidden;
    const auto one = [&](LinearNames& linear, const char* tail, std::int64_t rows, std::int64_t columns) {
        linear.weight = prefix + tail;
        TensorUse own = use;
        if (!own.nameHead.empty())
            own.nameTail = std::string(".") + tail;
        return claim(linear.weight, {rows, columns}, std::move(own));
    };
    ESPALIER_CHECK(one(names.gate, "gate_proj.weight", inner, hidden));
    ESPALIER_CHECK(one(names.up, "up_proj.weight", inner, hidden));
    ESPALIER_CHECK(one(names.down, "down_proj.weight", hidden, inner));
    return names;
}

Result<void> SpecBuilder::claimExperts(LayerSpec& layer, const std::string& prefix)
{
    layer.moe = true;
    layer.router = prefix + "gate.weight";
    ESPALIER_CHECK(
        claim(layer.router, {spec.experts, spec.hidden}, {TensorRole::Router, layer.index.value(), -1, 0, {}, {}}));
    TensorUse use{TensorRole::RoutedExpert, layer.index.value(), -1, -1, prefix + "experts.", {}};
    layer.experts.reserve(static_cast<std::size_t>(spec.experts));
    for (int expert = 0; expert < spec.experts; ++expert) {
        use.expert = expert;
        ESPALIER_TRY(FfnNames names, claimFfn(fmt::format("{}{}.", use.nameHead, expert), spec.expertWidth, use));
        layer.experts.push_back(std::move(names));
    }
    return {};
}

/// Whatever stands under an expert's name (scales, zero points) must move with it, known or not.
Result<bool> SpecBuilder::claimCompanion(const checkpoint::TensorInfo& tensor, TensorUse& use) const
{
    ExpertName parsed;
    if (!parseExpertName(tensor.name, parsed) || static_cast<std::size_t>(parsed.layer) >= spec.layers.size() ||
        !spec.layers[static_cast<std::size_t>(parsed.layer)].moe)
        return false;
    if (parsed.expert >= spec.experts)
        return base::badInput(
            fmt::format("expert {} is beyond the {} experts of the config", parsed.expert, spec.experts),
            shardPath(tensor), "tensor " + tensor.name, "Config and weights belong to different models");
    use = {TensorRole::RoutedExpert,         parsed.layer, parsed.expert, -1, tensor.name.substr(0, parsed.idAt),
           tensor.name.substr(parsed.tailAt)};
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
        if (!companion)
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
    if (m_narrowFloats || m_config.has("quantization_config"))
        spec.warnings.push_back("the weights are quantised; this version describes and slices them but does not "
                                "compute with them");
    return std::move(spec);
}

} // namespace espalier::model
