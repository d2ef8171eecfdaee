// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/tensor_loader.h"

#include "core/checkpoint/quant/expand.h"
#include "core/engine/torch/slab.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
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

TensorLoader::TensorLoader(const checkpoint::Checkpoint& checkpoint, const model::ModelSpec& spec, at::ScalarType type,
                           const checkpoint::WeightReading& reading)
    : m_checkpoint(checkpoint), m_spec(spec), m_reader(checkpoint, reading), m_type(type)
{
}

Result<const checkpoint::TensorInfo*> TensorLoader::find(const std::string& name) const
{
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(name);
    if (tensor == nullptr)
        return base::internalError("the model has no tensor " + name);
    return tensor;
}

const checkpoint::StoredWeight* TensorLoader::findStored(const std::string& name) const
{
    const auto found = m_spec.stored.find(name);
    return found == m_spec.stored.end() ? nullptr : &found->second;
}

Result<std::optional<checkpoint::StoredWeight>> TensorLoader::narrow(const std::string& name) const
{
    if (const auto* stored = findStored(name))
        return std::optional(*stored);
    ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
    if (!isNarrow(tensor->dtype))
        return std::optional<checkpoint::StoredWeight>();
    checkpoint::StoredWeight plain;
    plain.shape = tensor->shape;
    plain.main = static_cast<std::size_t>(tensor - m_checkpoint.tensors().data());
    return std::optional(std::move(plain));
}

Result<StoredMatrix> TensorLoader::read(const std::string& name, std::int64_t index)
{
    ESPALIER_TRY(auto stored, narrow(name));
    if (!stored) { // one projection of an expert may be wide while the others are narrow
        stored.emplace();
        ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
        stored->shape = tensor->shape;
        stored->main = static_cast<std::size_t>(tensor - m_checkpoint.tensors().data());
    }
    ESPALIER_TRY(StoredMatrix matrix, StoredMatrix::read(m_checkpoint, m_reader, *stored, index));
    m_bytesRead += matrix.bytes();
    return matrix;
}

Result<void> TensorLoader::fill(const checkpoint::TensorInfo& tensor, const at::Tensor& into)
{
    const auto type = storedType(tensor.dtype);
    if ((!type && !checkpoint::canExpand(tensor.dtype)) || into.numel() != tensor.elements())
        return base::internalError(fmt::format("tensor {} cannot be loaded as it is", tensor.name));
    const auto readInto = [&](const at::Tensor& stored) {
        return m_reader.read(tensor, {static_cast<std::byte*>(stored.data_ptr()), stored.nbytes()});
    };
    if (!type) {
        std::vector<std::byte> bytes(static_cast<std::size_t>(tensor.bytes));
        ESPALIER_CHECK(m_reader.read(tensor, bytes));
        const at::Tensor wide = into.scalar_type() == at::kFloat ? into : at::empty({into.numel()}, at::kFloat);
        checkpoint::expand(tensor.dtype, bytes,
                           {wide.mutable_data_ptr<float>(), static_cast<std::size_t>(into.numel())});
        if (!wide.is_same(into))
            into.view(-1).copy_(wide);
    } else if (*type == into.scalar_type()) {
        ESPALIER_CHECK(readInto(into));
    } else {
        const at::Tensor stored = at::empty({into.numel()}, into.options().dtype(*type));
        ESPALIER_CHECK(readInto(stored));
        into.view(-1).copy_(stored);
    }
    m_bytesRead += tensor.bytes;
    return {};
}

Result<at::Tensor> TensorLoader::loadPart(const checkpoint::TensorInfo& tensor, at::ScalarType type)
{
    at::Tensor out = weightTensor(tensor.shape, type);
    ESPALIER_CHECK(fill(tensor, out));
    return out;
}

Result<at::Tensor> TensorLoader::load(const std::string& name, at::ScalarType type)
{
    if (const auto* stored = findStored(name)) {
        ESPALIER_TRY(const StoredMatrix matrix, read(name, 0));
        at::Tensor out = weightTensor(stored->shape, type);
        matrix.expandInto(out);
        return out;
    }
    ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
    return loadPart(*tensor, type);
}

Result<at::Tensor> TensorLoader::stack(const std::vector<std::string>& names)
{
    std::vector<std::int64_t> shape;
    std::int64_t rows = 0;
    const auto shapeOf = [&](const std::string& name) -> Result<std::vector<std::int64_t>> {
        if (const auto* stored = findStored(name))
            return stored->shape;
        ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
        return tensor->shape;
    };
    for (const std::string& name : names) {
        ESPALIER_TRY(shape, shapeOf(name));
        rows += shape.at(0);
    }
    shape[0] = rows;
    at::Tensor out = weightTensor(shape, m_type);
    std::int64_t row = 0;
    for (const std::string& name : names) {
        ESPALIER_TRY(const auto own, shapeOf(name));
        const at::Tensor part = out.narrow(0, row, own[0]);
        if (findStored(name) != nullptr) {
            ESPALIER_TRY(const StoredMatrix matrix, read(name, 0));
            matrix.expandInto(part);
        } else {
            ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
            ESPALIER_CHECK(fill(*tensor, part));
        }
        row += own[0];
    }
    return out;
}

} // namespace espalier::engine
