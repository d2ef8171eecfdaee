// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/bench_shapes.h"

#include "core/base/byte_size.h"
#include "core/engine/torch/attention.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Tokens that the random embedding knows: many enough that routing spreads over the experts.
constexpr int kVocabulary = 8192;

struct Shape {
    int hidden, heads, kvHeads, headDim, experts, topK, width;
    model::QkNorm qkNorm;
    bool normalize;
};

model::ModelSpec plainSpec(const Shape& shape)
{
    model::ModelSpec spec;
    spec.hidden = shape.hidden;
    spec.vocabulary = kVocabulary;
    spec.maxPositions = 32768;
    spec.experts = shape.experts;
    spec.expertWidth = shape.width;
    spec.attention.heads = shape.heads;
    spec.attention.kvHeads = shape.kvHeads;
    spec.attention.headDim = shape.headDim;
    spec.attention.qkNorm = shape.qkNorm;
    spec.rope.dim = shape.headDim;
    spec.router.topK = shape.topK;
    spec.router.normalizeTopK = shape.normalize;
    spec.layers.emplace_back().moe = true;
    return spec;
}

model::ModelSpec deepseekSpec()
{
    model::ModelSpec spec = plainSpec({7168, 128, 128, 192, 256, 8, 2048, model::QkNorm::None, true});
    spec.attention.latent = model::LatentSpec{1536, 512, 128, 64, 128, 1e-6};
    spec.rope.dim = 64;
    spec.rope.interleaved = true;
    spec.router.score = model::RouterScore::Sigmoid;
    spec.router.groups = 8;
    spec.router.groupsUsed = 4;
    spec.router.groupScore = model::GroupScore::TopTwoSum;
    spec.router.normAddend = 1e-20;
    spec.router.scale = 2.5;
    spec.router.float32Logits = true;
    spec.sharedExperts = 1;
    spec.layers[0].sharedWidth = 2048;
    return spec;
}

/// Numbers from a pool, at another place of it every time: drawing gigabytes of normal numbers takes longer than the
/// measurement.
class Pool {
public:
    explicit Pool(at::ScalarType type) : m_type(type), m_numbers(at::randn({kSize}, at::kFloat).mul_(0.02).to(type)) {}

    at::Tensor matrix(at::IntArrayRef shape)
    {
        at::Tensor out = at::empty(shape, m_type);
        at::Tensor flat = out.view(-1);
        for (std::int64_t done = 0; done < flat.numel();) {
            m_from = (m_from + 7919) % (kSize / 2);
            const std::int64_t count = std::min(flat.numel() - done, kSize - m_from);
            flat.narrow(0, done, count).copy_(m_numbers.narrow(0, m_from, count));
            done += count;
        }
        m_bytes += out.nbytes();
        return out;
    }
    [[nodiscard]] NormWeights norm(std::int64_t width) const { return {at::ones({width}, m_type), {}}; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    static constexpr std::int64_t kSize = std::int64_t{1} << 22U;
    at::ScalarType m_type;
    at::Tensor m_numbers;
    std::int64_t m_from = 0;
    std::uint64_t m_bytes = 0;
};

void fillAttention(const model::ModelSpec& spec, Pool& pool, LayerWeights& layer)
{
    const std::int64_t h = spec.hidden;
    const HeadShape heads = headShape(spec.attention);
    layer.o.weight = pool.matrix({h, heads.heads * heads.valueDim});
    if (spec.attention.latent) {
        const model::LatentSpec& latent = *spec.attention.latent;
        layer.queryDown.weight = pool.matrix({latent.queryRank, h});
        layer.queryNorm = pool.norm(latent.queryRank);
        layer.query.weight = pool.matrix({heads.heads * heads.keyDim, latent.queryRank});
        layer.keyValueDown.weight = pool.matrix({latent.keyValueRank + latent.ropeDim, h});
        layer.keyValueNorm = pool.norm(latent.keyValueRank);
        layer.keyValueUp.weight =
            pool.matrix({heads.heads * (latent.nopeDim + latent.valueDim), std::int64_t{latent.keyValueRank}});
        return;
    }
    layer.qkv.weight = pool.matrix({(heads.heads + 2 * heads.kvHeads) * heads.keyDim, h});
    if (spec.attention.qkNorm != model::QkNorm::None) {
        const bool each = spec.attention.qkNorm == model::QkNorm::PerHead;
        layer.qNorm = pool.norm(each ? heads.keyDim : heads.heads * heads.keyDim);
        layer.kNorm = pool.norm(each ? heads.keyDim : heads.kvHeads * heads.keyDim);
    }
}

} // namespace

model::ModelSpec shapeSpec(std::string_view id)
{
    using model::QkNorm;
    if (id == "olmoe-7b")
        return plainSpec({2048, 16, 16, 128, 64, 8, 1024, QkNorm::Projection, false});
    if (id == "mixtral-8x7b")
        return plainSpec({4096, 32, 8, 128, 8, 2, 14336, QkNorm::None, true});
    if (id == "deepseek-v3")
        return deepseekSpec();
    return plainSpec({2048, 32, 4, 128, 128, 8, 768, QkNorm::PerHead, true});
}

Result<RandomWeights> RandomWeights::make(const model::ModelSpec& spec, at::ScalarType type, std::uint64_t memory)
{
    const std::int64_t h = spec.hidden;
    const std::int64_t width = spec.expertWidth;
    const std::uint64_t each = 3 * static_cast<std::uint64_t>(h * width) * at::elementSize(type);
    const HeadShape heads = headShape(spec.attention);
    const std::uint64_t rest = static_cast<std::uint64_t>(h) * at::elementSize(type) *
                               static_cast<std::uint64_t>(kVocabulary + 4 * heads.heads * heads.keyDim);
    if (rest + 2 * each > memory)
        return base::noResources(fmt::format("two experts and the rest of a layer need {} of memory, {} may be used",
                                             base::formatByteSize(ByteSize(rest + 2 * each)),
                                             base::formatByteSize(ByteSize(memory))));
    RandomWeights made;
    Pool pool(type);
    fillAttention(spec, pool, made.m_layer);
    made.m_layer.attentionNorm = pool.norm(h);
    made.m_layer.ffnNorm = pool.norm(h);
    made.m_layer.router.weight = pool.matrix({spec.experts, h});
    if (spec.router.float32Logits)
        made.m_layer.router.weight = made.m_layer.router.weight.to(at::kFloat);
    if (spec.router.score == model::RouterScore::Sigmoid)
        made.m_layer.correctionBias = at::zeros({spec.experts}, at::kFloat);
    if (const std::int64_t shared = spec.layers[0].sharedWidth; shared > 0)
        made.m_layer.shared = {pool.matrix({2 * shared, h}), pool.matrix({h, shared}), {}, {}, {}, {}};
    made.m_ends.embedding = at::randn({kVocabulary, h}, at::kFloat).to(type);
    made.m_ends.finalNorm = pool.norm(h);
    made.m_distinct =
        std::clamp(static_cast<std::int64_t>((memory - rest) / each), std::int64_t{2}, std::int64_t{spec.experts});
    for (std::int64_t e = 0; e < spec.experts; ++e) {
        if (e < made.m_distinct)
            made.m_experts.push_back({pool.matrix({2 * width, h}), pool.matrix({h, width}), {}, {}, {}, {}});
        else
            made.m_experts.push_back(made.m_experts[static_cast<std::size_t>(e % made.m_distinct)]);
    }
    return made;
}

} // namespace espalier::engine
