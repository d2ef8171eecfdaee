// SPDX-License-Identifier: Apache-2.0
// Experts that stay in memory as they are stored (8 bits and less) and become matrices of the compute type when rows
// meet them.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/quant/stored_weight.h"
#include "core/checkpoint/weight_reader.h"
#include "core/engine/device.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace espalier::engine {

/// One matrix [rows, columns] in stored form. Immutable after reading; any thread may expand it.
class StoredMatrix {
public:
    StoredMatrix() = default;
    /// Matrix `index` of `weight`. BadInput when the file is cut off or group numbers point outside.
    [[nodiscard]] static Result<StoredMatrix> read(const checkpoint::Checkpoint& checkpoint,
                                                   checkpoint::WeightReader& reader,
                                                   const checkpoint::StoredWeight& weight, std::int64_t index);

    [[nodiscard]] std::int64_t rows() const { return m_weight.rows(); }
    [[nodiscard]] std::int64_t columns() const { return m_weight.columns(); }
    /// Bytes it takes, as read from the file.
    [[nodiscard]] std::uint64_t bytes() const { return m_sizes[0] + m_sizes[1] + m_sizes[2] + m_sizes[3]; }
    /// Fills the contiguous `into`, which has as many elements.
    void expandInto(const at::Tensor& into) const;
    /// The matrix as a device expands it itself; nothing for forms that it does not know. `scales` holds what the
    /// result points to, besides this matrix.
    [[nodiscard]] std::optional<DeviceMatrix> forDevice(std::vector<float>& scales) const;

private:
    [[nodiscard]] checkpoint::WeightBytes parts() const;

    checkpoint::StoredWeight m_weight;
    checkpoint::Dtype m_main = checkpoint::Dtype::F32, m_scale = checkpoint::Dtype::F32;
    std::shared_ptr<const std::byte> m_bytes; // main, scale, zero, groupOf one behind the other
    std::size_t m_sizes[4] = {};
};

/// A feed-forward block in stored form.
struct StoredFfn {
    std::vector<StoredMatrix> gateUp; ///< one, or gate and up
    StoredMatrix down;
    bool transposed = false;  ///< [H, 2I] and [I, H]
    bool interleaved = false; ///< rows gate, up, gate, up …
};

/// Rows gate, up, gate, up … -> gate, gate …, up, up ….
[[nodiscard]] at::Tensor separated(const at::Tensor& rows);

} // namespace espalier::engine
