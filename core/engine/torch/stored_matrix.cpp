// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/stored_matrix.h"

#include "core/checkpoint/quant/expand.h"
#include "core/engine/torch/slab.h"
#include "core/engine/torch/weights.h"

#include <ATen/ATen.h>

namespace espalier::engine {

Result<StoredMatrix> StoredMatrix::read(const checkpoint::Checkpoint& checkpoint, checkpoint::WeightReader& reader,
                                        const checkpoint::StoredWeight& weight, std::int64_t index)
{
    StoredMatrix matrix;
    matrix.m_weight = weight;
    const std::size_t tensors[4] = {weight.main, weight.scale, weight.zero, weight.groupOf};
    std::vector<checkpoint::TensorInfo> parts;
    std::size_t total = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        if (tensors[i] == checkpoint::kNoTensor)
            continue;
        parts.push_back(checkpoint::partOf(checkpoint.tensors()[tensors[i]], weight, index));
        matrix.m_sizes[i] = static_cast<std::size_t>(parts.back().bytes);
        total += matrix.m_sizes[i];
        (i == 1 ? matrix.m_scale : i == 0 ? matrix.m_main : parts.back().dtype) = parts.back().dtype;
    }
    const std::shared_ptr<std::byte> place = weightBytes(total);
    matrix.m_bytes = place;
    std::span<std::byte> rest(place.get(), total);
    for (const checkpoint::TensorInfo& part : parts) {
        ESPALIER_CHECK(reader.read(part, rest.first(static_cast<std::size_t>(part.bytes))));
        rest = rest.subspan(static_cast<std::size_t>(part.bytes));
    }
    if (matrix.m_weight.shape.size() == 3)
        matrix.m_weight.shape.erase(matrix.m_weight.shape.begin());
    if (auto checked = checkpoint::checkGroups(matrix.m_weight, matrix.parts()); !checked) {
        const checkpoint::TensorInfo& main = checkpoint.tensors()[weight.main];
        return base::badInput(checked.error().message,
                              (checkpoint.folder() / checkpoint.shards()[main.shard].file).string(),
                              "tensor " + main.name, "The file is damaged; fetch it again");
    }
    return matrix;
}

checkpoint::WeightBytes StoredMatrix::parts() const
{
    std::span<const std::byte> rest(m_bytes.get(), static_cast<std::size_t>(bytes()));
    const auto next = [&](std::size_t i) {
        const auto part = rest.first(m_sizes[i]);
        rest = rest.subspan(m_sizes[i]);
        return part;
    };
    checkpoint::WeightBytes bytes;
    bytes.main = next(0);
    bytes.scale = next(1);
    bytes.zero = next(2);
    bytes.groupOf = next(3);
    return bytes;
}

void StoredMatrix::expandInto(const at::Tensor& into) const
{
    const auto count = static_cast<std::size_t>(into.numel());
    if (into.scalar_type() == at::kFloat) {
        checkpoint::expandWeight(m_weight, m_main, m_scale, parts(), {into.mutable_data_ptr<float>(), count});
        return;
    }
    const at::Tensor wide = at::empty({into.numel()}, into.options().dtype(at::kFloat));
    checkpoint::expandWeight(m_weight, m_main, m_scale, parts(), {wide.mutable_data_ptr<float>(), count});
    into.view(-1).copy_(wide);
}

std::optional<DeviceMatrix> StoredMatrix::forDevice(std::vector<float>& scales) const
{
    using checkpoint::Dtype;
    using checkpoint::Encoding;
    const checkpoint::WeightBytes bytes = parts();
    DeviceMatrix matrix;
    matrix.rows = static_cast<std::int32_t>(rows());
    matrix.columns = static_cast<std::int32_t>(columns());
    matrix.bytes = bytes.main;
    if (m_weight.encoding == Encoding::Mxfp4 && columns() % 32 == 0) {
        matrix.form = DeviceMatrix::Form::Mxfp4;
        matrix.exponents = bytes.scale;
        return matrix;
    }
    if (m_weight.encoding != Encoding::Scaled || (m_main != Dtype::F8E4M3 && m_main != Dtype::F8E5M2))
        return std::nullopt;
    matrix.form = m_main == Dtype::F8E4M3 ? DeviceMatrix::Form::Float8E4M3 : DeviceMatrix::Form::Float8E5M2;
    scales.resize(bytes.scale.size() * checkpoint::blockSize(m_scale).elements / checkpoint::blockSize(m_scale).bytes);
    checkpoint::expand(m_scale, bytes.scale, scales);
    matrix.scales = scales;
    matrix.blockRows = static_cast<std::int32_t>(m_weight.blockRows);
    matrix.blockColumns = static_cast<std::int32_t>(m_weight.blockColumns);
    return matrix;
}

at::Tensor separated(const at::Tensor& rows)
{
    return at::cat({rows.slice(0, 0, std::nullopt, 2), rows.slice(0, 1, std::nullopt, 2)});
}

FfnWeights inUse(const FfnWeights& weights, at::ScalarType type)
{
    if (!weights.stored)
        return weights;
    const StoredFfn& stored = *weights.stored;
    FfnWeights expanded = weights;
    expanded.stored.reset();
    std::int64_t rows = 0;
    for (const StoredMatrix& matrix : stored.gateUp)
        rows += matrix.rows();
    const at::TensorOptions options(type);
    expanded.gateUp = at::empty({rows, stored.gateUp.front().columns()}, options);
    std::int64_t row = 0;
    for (const StoredMatrix& matrix : stored.gateUp) {
        matrix.expandInto(expanded.gateUp.narrow(0, row, matrix.rows()));
        row += matrix.rows();
    }
    expanded.down = at::empty({stored.down.rows(), stored.down.columns()}, options);
    stored.down.expandInto(expanded.down);
    if (stored.transposed) {
        expanded.gateUp = expanded.gateUp.t().contiguous();
        expanded.down = expanded.down.t().contiguous();
    }
    if (stored.interleaved)
        expanded.gateUp = separated(expanded.gateUp);
    return expanded;
}

} // namespace espalier::engine
