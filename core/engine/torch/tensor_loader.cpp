// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/tensor_loader.h"

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

Result<at::Tensor> TensorLoader::loadPart(const checkpoint::TensorInfo& tensor, at::ScalarType type)
{
    at::Tensor out = at::empty(tensor.shape, at::TensorOptions(type));
    ESPALIER_CHECK(fill(tensor, out));
    return out;
}

Result<at::Tensor> TensorLoader::load(const std::string& name, at::ScalarType type)
{
    ESPALIER_TRY(const checkpoint::TensorInfo* tensor, find(name));
    return loadPart(*tensor, type);
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

} // namespace espalier::engine
