// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/tensor_loader.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <span>

namespace espalier::engine {

namespace {

std::optional<at::ScalarType> storedType(checkpoint::Dtype dtype)
{
    switch (dtype) {
    case checkpoint::Dtype::F64:
        return at::kDouble;
    case checkpoint::Dtype::F32:
        return at::kFloat;
    case checkpoint::Dtype::F16:
        return at::kHalf;
    case checkpoint::Dtype::BF16:
        return at::kBFloat16;
    default:
        return std::nullopt;
    }
}

} // namespace

TensorLoader::TensorLoader(const checkpoint::Checkpoint& checkpoint, at::ScalarType type)
    : m_checkpoint(checkpoint), m_reader(checkpoint), m_type(type)
{
}

Result<const checkpoint::TensorInfo*> TensorLoader::find(const std::string& name) const
{
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(name);
    if (tensor == nullptr)
        return base::internalError("the model has no tensor " + name);
    return tensor;
}

Result<void> TensorLoader::fill(const checkpoint::TensorInfo& tensor, const at::Tensor& into)
{
    const auto type = storedType(tensor.dtype);
    if (!type || into.numel() != tensor.elements())
        return base::internalError(fmt::format("tensor {} cannot be loaded as it is", tensor.name));
    const auto readInto = [&](const at::Tensor& stored) {
        return m_reader.read(tensor, {static_cast<std::byte*>(stored.data_ptr()), stored.nbytes()});
    };
    if (*type == into.scalar_type()) {
        ESPALIER_CHECK(readInto(into));
    } else {
        const at::Tensor stored = at::empty({into.numel()}, into.options().dtype(*type));
        ESPALIER_CHECK(readInto(stored));
        into.view(-1).copy_(stored);
    }
    m_bytesRead += tensor.bytes;
    return {};
}

Result<at::Tensor> TensorLoader::load(const std::string& name)
{
    ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
    at::Tensor out = at::empty(tensor->shape, at::TensorOptions(m_type));
    ESPALIER_CHECK(fill(*tensor, out));
    return out;
}

Result<at::Tensor> TensorLoader::stack(const std::vector<std::string>& names)
{
    std::vector<const checkpoint::TensorInfo*> tensors;
    std::int64_t rows = 0;
    for (const std::string& name : names) {
        ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
        rows += tensor->shape.at(0);
        tensors.push_back(tensor);
    }
    std::vector<std::int64_t> shape = tensors.front()->shape;
    shape[0] = rows;
    at::Tensor out = at::empty(shape, at::TensorOptions(m_type));
    std::int64_t row = 0;
    for (const checkpoint::TensorInfo* tensor : tensors) {
        ESPALIER_CHECK(fill(*tensor, out.narrow(0, row, tensor->shape[0])));
        row += tensor->shape[0];
    }
    return out;
}

Result<FfnWeights> TensorLoader::ffn(const model::FfnNames& names)
{
    FfnWeights weights;
    ESPALIER_TRY(weights.gateUp, stack({names.gate.weight, names.up.weight}));
    ESPALIER_TRY(weights.down, load(names.down.weight));
    return weights;
}

Result<LayerWeights> TensorLoader::layer(const model::LayerSpec& layer)
{
    LayerWeights weights;
    const auto optional = [&](const std::string& name, at::Tensor& into) -> Result<void> {
        if (name.empty())
            return {};
        ESPALIER_TRY(into, load(name));
        return {};
    };
    ESPALIER_TRY(weights.attentionNorm, load(layer.attentionNorm));
    ESPALIER_TRY(weights.qkv, stack({layer.q.weight, layer.k.weight, layer.v.weight}));
    if (!layer.q.bias.empty()) {
        ESPALIER_TRY(weights.qkvBias, stack({layer.q.bias, layer.k.bias, layer.v.bias}));
    }
    ESPALIER_CHECK(optional(layer.qNorm, weights.qNorm));
    ESPALIER_CHECK(optional(layer.kNorm, weights.kNorm));
    ESPALIER_TRY(weights.o, load(layer.o.weight));
    ESPALIER_CHECK(optional(layer.o.bias, weights.oBias));
    ESPALIER_TRY(weights.ffnNorm, load(layer.ffnNorm));
    if (!layer.moe) {
        ESPALIER_TRY(weights.dense, ffn(layer.dense));
        return weights;
    }
    ESPALIER_TRY(weights.router, load(layer.router));
    weights.experts.resize(layer.experts.size());
    std::mutex mutex;
    std::optional<base::Error> failed;
    at::parallel_for(0, static_cast<std::int64_t>(layer.experts.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        const c10::InferenceMode inference; // a thread's own setting
        for (auto e = static_cast<std::size_t>(begin); e < static_cast<std::size_t>(end); ++e) {
            auto expert = ffn(layer.experts[e]);
            if (!expert) {
                const std::scoped_lock lock(mutex);
                failed = expert.error();
                return;
            }
            weights.experts[e] = *std::move(expert);
        }
    });
    if (failed)
        return *failed;
    return weights;
}

} // namespace espalier::engine
