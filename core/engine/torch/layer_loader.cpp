// SPDX-License-Identifier: Apache-2.0
// The part of TensorLoader that knows what a layer is made of.
#include "core/engine/torch/tensor_loader.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <mutex>
#include <numeric>
#include <optional>

namespace espalier::engine {

Result<NormWeights> TensorLoader::norm(const model::ModelSpec& spec, const model::NormNames& names)
{
    NormWeights weights;
    if (names.weight.empty())
        return weights;
    if (spec.norm == model::NormKind::RmsNormPlusOne) { // 1 + w is rounded once
        ESPALIER_TRY(const at::Tensor stored, load(names.weight, at::kFloat));
        weights.weight = stored.add(1).to(m_type);
    } else {
        ESPALIER_TRY(weights.weight, load(names.weight));
    }
    if (!names.bias.empty()) {
        ESPALIER_TRY(weights.bias, load(names.bias));
    }
    return weights;
}

Result<void> TensorLoader::head(const model::ModelSpec& spec, EndWeights& ends)
{
    if (spec.tiedEmbedding && ends.embedding.defined()) {
        ends.head = ends.embedding.to(m_type);
    } else {
        ESPALIER_TRY(ends.head, load(spec.tiedEmbedding ? spec.embedding : spec.lmHead));
    }
    if (!spec.lmHeadBias.empty() && !ends.headBias.defined()) {
        ESPALIER_TRY(ends.headBias, load(spec.lmHeadBias));
    }
    return {};
}

Result<LinearWeights> TensorLoader::linear(const model::LinearNames& names)
{
    LinearWeights weights;
    if (names.weight.empty())
        return weights;
    ESPALIER_TRY(weights.weight, load(names.weight));
    if (!names.bias.empty()) {
        ESPALIER_TRY(weights.bias, load(names.bias));
    }
    return weights;
}

Result<FfnWeights> TensorLoader::ffn(const model::FfnNames& names)
{
    FfnWeights weights;
    if (names.up.weight.empty()) { // both in one tensor
        ESPALIER_TRY(weights.gateUp, load(names.gate.weight));
    } else {
        ESPALIER_TRY(weights.gateUp, stack({names.gate.weight, names.up.weight}));
    }
    ESPALIER_TRY(weights.down, load(names.down.weight));
    if (!names.gate.bias.empty()) {
        ESPALIER_TRY(weights.gateUpBias, stack({names.gate.bias, names.up.bias}));
    }
    if (!names.down.bias.empty()) {
        ESPALIER_TRY(weights.downBias, load(names.down.bias));
    }
    return weights;
}

Result<FfnWeights> TensorLoader::expert(const model::FfnNames& names)
{
    bool anyNarrow = false;
    for (const model::LinearNames* linear : {&names.gate, &names.up, &names.down})
        if (!linear->weight.empty()) {
            ESPALIER_TRY(const auto how, narrow(linear->weight));
            anyNarrow = anyNarrow || how.has_value();
        }
    if (!anyNarrow)
        return ffn(names);
    const auto stored = std::make_shared<StoredFfn>();
    for (const model::LinearNames* linear : {&names.gate, &names.up})
        if (!linear->weight.empty()) {
            ESPALIER_TRY(StoredMatrix matrix, read(linear->weight, 0));
            stored->gateUp.push_back(std::move(matrix));
        }
    ESPALIER_TRY(stored->down, read(names.down.weight, 0));
    FfnWeights weights;
    weights.stored = stored;
    if (!names.gate.bias.empty()) {
        ESPALIER_TRY(weights.gateUpBias, stack({names.gate.bias, names.up.bias}));
    }
    if (!names.down.bias.empty()) {
        ESPALIER_TRY(weights.downBias, load(names.down.bias));
    }
    return weights;
}

Result<at::Tensor> TensorLoader::loadOneOf(const std::string& name, std::int64_t index, at::ScalarType type)
{
    ESPALIER_TRY(const checkpoint::TensorInfo* whole, find(name));
    checkpoint::TensorInfo slice = *whole;
    slice.bytes = whole->bytes / static_cast<std::uint64_t>(whole->shape.at(0));
    slice.offset += static_cast<std::uint64_t>(index) * slice.bytes;
    slice.shape.erase(slice.shape.begin());
    return loadPart(slice, type);
}

Result<SubRouterWeights> TensorLoader::subRouter(const model::LinearNames& names, std::int64_t expert)
{
    SubRouterWeights weights;
    if (names.weight.empty())
        return weights;
    ESPALIER_TRY(weights.weight, loadOneOf(names.weight, expert, at::kFloat));
    ESPALIER_TRY(weights.bias, loadOneOf(names.bias, expert, at::kFloat));
    weights.width = m_spec.expertWidth / m_spec.subExperts->experts;
    weights.active = m_spec.subExperts->active;
    return weights;
}

Result<FfnWeights> TensorLoader::fusedExpert(const model::FusedExperts& names, std::int64_t expert)
{
    const auto part = [&](const std::string& name) -> Result<at::Tensor> {
        if (name.empty())
            return at::Tensor();
        return loadOneOf(name, expert, m_type);
    };
    const auto both = [&](const std::string& gate, const std::string& up) -> Result<at::Tensor> {
        ESPALIER_TRY(at::Tensor rows, part(gate));
        if (!up.empty()) {
            ESPALIER_TRY(const at::Tensor more, part(up));
            rows = at::cat({rows, more});
        }
        return rows;
    };
    FfnWeights weights;
    ESPALIER_TRY(weights.gateUpBias, both(names.gateUp.bias, names.up.bias));
    ESPALIER_TRY(weights.downBias, part(names.down.bias));
    if (names.interleaved && weights.gateUpBias.defined())
        weights.gateUpBias = separated(weights.gateUpBias);
    ESPALIER_TRY(const auto gateHow, narrow(names.gateUp.weight));
    ESPALIER_TRY(const auto downHow, narrow(names.down.weight));
    if (gateHow || downHow) {
        const auto stored = std::make_shared<StoredFfn>();
        stored->transposed = names.transposed;
        stored->interleaved = names.interleaved;
        for (const std::string& name : {names.gateUp.weight, names.up.weight})
            if (!name.empty()) {
                ESPALIER_TRY(StoredMatrix matrix, read(name, expert));
                stored->gateUp.push_back(std::move(matrix));
            }
        ESPALIER_TRY(stored->down, read(names.down.weight, expert));
        weights.stored = stored;
        return weights;
    }
    ESPALIER_TRY(weights.gateUp, both(names.gateUp.weight, names.up.weight));
    ESPALIER_TRY(weights.down, part(names.down.weight));
    if (names.transposed) {
        weights.gateUp = weights.gateUp.t();
        weights.down = weights.down.t().contiguous();
    }
    if (names.interleaved)
        weights.gateUp = separated(weights.gateUp);
    weights.gateUp = weights.gateUp.contiguous();
    return weights;
}

Result<void> TensorLoader::attention(const model::ModelSpec& spec, const model::LayerSpec& layer, LayerWeights& weights)
{
    ESPALIER_TRY(weights.o, linear(layer.o));
    if (spec.attention.latent) {
        ESPALIER_TRY(weights.queryDown, linear(layer.latent.queryDown));
        ESPALIER_TRY(weights.queryNorm, norm(spec, layer.latent.queryNorm));
        ESPALIER_TRY(weights.query, linear(layer.q));
        ESPALIER_TRY(weights.keyValueDown, linear(layer.latent.keyValueDown));
        ESPALIER_TRY(weights.keyValueNorm, norm(spec, layer.latent.keyValueNorm));
        if (layer.latent.keyUp.empty()) {
            ESPALIER_TRY(weights.keyValueUp, linear(layer.latent.keyValueUp));
        } else { // of each head the keys' rows, then the values'
            ESPALIER_TRY(const at::Tensor keys, load(layer.latent.keyUp));
            ESPALIER_TRY(const at::Tensor values, load(layer.latent.valueUp));
            weights.keyValueUp.weight = at::cat({keys.transpose(1, 2), values}, 1).flatten(0, 1).contiguous();
        }
        return {};
    }
    ESPALIER_TRY(weights.qkv.weight, stack({layer.q.weight, layer.k.weight, layer.v.weight}));
    if (!layer.q.bias.empty()) {
        ESPALIER_TRY(weights.qkv.bias, stack({layer.q.bias, layer.k.bias, layer.v.bias}));
    }
    if (spec.attention.outputGate) // of each head's rows the first half are the query, the second its output's gate
        for (at::Tensor* rows : {&weights.qkv.weight, &weights.qkv.bias}) {
            if (!rows->defined())
                continue;
            const std::int64_t heads = spec.attention.heads;
            const std::int64_t d = spec.attention.headDim;
            const std::int64_t columns = rows->numel() / rows->size(0);
            const at::Tensor q = rows->narrow(0, 0, 2 * heads * d).view({heads, 2, d, columns});
            const auto half = [&](std::int64_t which) {
                return q.select(1, which).reshape({heads * d, columns}).view_as(rows->narrow(0, 0, heads * d));
            };
            *rows = at::cat({half(0), rows->narrow(0, 2 * heads * d, rows->size(0) - 2 * heads * d), half(1)});
        }
    ESPALIER_TRY(weights.qNorm, norm(spec, layer.qNorm));
    ESPALIER_TRY(weights.kNorm, norm(spec, layer.kNorm));
    if (!layer.sinks.empty()) {
        ESPALIER_TRY(weights.sinks, load(layer.sinks, at::kFloat));
    }
    return {};
}

Result<DeltaWeights> TensorLoader::delta(const model::DeltaSpec& spec, const model::DeltaNames& names)
{
    DeltaWeights weights;
    const std::int64_t keyHeads = spec.keyHeads;
    const std::int64_t shared = spec.valueHeads / spec.keyHeads; // value heads of a key head
    if (spec.splitProjections) {
        ESPALIER_TRY(weights.in, stack({names.qkvz, names.z, names.ba, names.a}));
    } else { // key head by key head: its q, k, v and z; its b and a
        ESPALIER_TRY(const at::Tensor qkvz, load(names.qkvz));
        ESPALIER_TRY(const at::Tensor ba, load(names.ba));
        const std::int64_t hidden = qkvz.size(1);
        const auto part = [&](const at::Tensor& rows, std::int64_t from, std::int64_t count) {
            return rows.view({keyHeads, -1, hidden}).narrow(1, from, count).reshape({keyHeads * count, hidden});
        };
        const std::int64_t values = shared * spec.valueDim;
        weights.in = at::cat({part(qkvz, 0, spec.keyDim), part(qkvz, spec.keyDim, spec.keyDim),
                              part(qkvz, 2 * std::int64_t{spec.keyDim}, values),
                              part(qkvz, 2 * std::int64_t{spec.keyDim} + values, values), part(ba, 0, shared),
                              part(ba, shared, shared)});
    }
    ESPALIER_TRY(const at::Tensor convolution, load(names.convolution));
    weights.convolution = convolution.squeeze(1);
    ESPALIER_TRY(weights.timeBias, load(names.timeBias, at::kFloat));
    ESPALIER_TRY(weights.decay, load(names.decay, at::kFloat));
    ESPALIER_TRY(weights.norm, load(names.norm));
    ESPALIER_TRY(weights.out, load(names.out));
    return weights;
}

Result<void> TensorLoader::router(const model::ModelSpec& spec, const model::LayerSpec& layer, LayerWeights& weights)
{
    const at::ScalarType routerType = spec.router.float32Logits ? at::kFloat : m_type;
    if (!layer.router.weight.empty()) {
        ESPALIER_TRY(weights.router.weight, load(layer.router.weight, routerType));
    }
    const model::RouterNeuronNames& names = layer.neurons;
    RouterNeurons& neurons = weights.neurons;
    for (const auto& [tensor, name] :
         {std::pair{&neurons.gate, &names.gate}, std::pair{&neurons.up, &names.up},
          std::pair{&neurons.scale, &names.scale}, std::pair{&neurons.offset, &names.offset},
          std::pair{&neurons.gateOut, &names.gateOut}, std::pair{&neurons.upOut, &names.upOut},
          std::pair{&neurons.gain, &names.gain}})
        if (!name->empty()) {
            ESPALIER_TRY(*tensor, load(*name, at::kFloat));
        }
    if (!layer.router.bias.empty()) {
        ESPALIER_TRY(weights.router.bias, load(layer.router.bias, routerType));
    }
    if (!layer.correctionBias.empty()) {
        ESPALIER_TRY(const at::Tensor stored, load(layer.correctionBias, at::kFloat));
        weights.correctionBias = stored.view(-1);
    }
    if (!layer.shared.gate.weight.empty()) {
        ESPALIER_TRY(weights.shared, ffn(layer.shared));
    }
    if (!layer.sharedGate.empty()) {
        ESPALIER_TRY(weights.sharedGate, load(layer.sharedGate));
    }
    return {};
}

Result<std::vector<FfnWeights>> TensorLoader::experts(const model::LayerSpec& layer, std::int64_t first,
                                                      std::int64_t count)
{
    std::vector<std::int64_t> ids(static_cast<std::size_t>(count));
    std::iota(ids.begin(), ids.end(), first);
    return experts(layer, ids);
}

Result<std::vector<FfnWeights>> TensorLoader::experts(const model::LayerSpec& layer, std::span<const std::int64_t> ids)
{
    std::vector<FfnWeights> weights(ids.size());
    std::mutex mutex;
    std::optional<base::Error> failed;
    at::parallel_for(0, static_cast<std::int64_t>(ids.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        const c10::InferenceMode inference; // a thread's own setting
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t e = ids[static_cast<std::size_t>(i)];
            auto loaded = layer.experts.empty() ? fusedExpert(layer.fused, e)
                                                : expert(layer.experts[static_cast<std::size_t>(e)]);
            auto sub = subRouter(layer.subRouter, e);
            if (!loaded || !sub) {
                const std::scoped_lock lock(mutex);
                failed = loaded ? sub.error() : loaded.error();
                return;
            }
            weights[static_cast<std::size_t>(i)] = *std::move(loaded);
            weights[static_cast<std::size_t>(i)].sub = *std::move(sub);
        }
    });
    if (failed)
        return *failed;
    return weights;
}

Result<LayerWeights> TensorLoader::layer(const model::ModelSpec& spec, const model::LayerSpec& layer)
{
    LayerWeights weights;
    ESPALIER_TRY(weights.attentionNorm, norm(spec, layer.attentionNorm));
    if (layer.isDelta) {
        ESPALIER_TRY(weights.delta, delta(*spec.attention.delta, layer.delta));
    } else {
        ESPALIER_CHECK(attention(spec, layer, weights));
    }
    ESPALIER_TRY(weights.postAttentionNorm, norm(spec, layer.postAttentionNorm));
    ESPALIER_TRY(weights.ffnNorm, norm(spec, layer.ffnNorm));
    ESPALIER_TRY(weights.postFfnNorm, norm(spec, layer.postFfnNorm));
    if (layer.moe) {
        ESPALIER_CHECK(router(spec, layer, weights));
    } else {
        ESPALIER_TRY(weights.dense, ffn(layer.dense));
    }
    return weights;
}

} // namespace espalier::engine
