// SPDX-License-Identifier: Apache-2.0
// Reads the source of slices a little ahead of their being written, so that the disk reads and writes at the same time.
#pragma once

#include "core/bundle/tensor_slices.h"
#include "core/checkpoint/checkpoint.h"

#include <span>
#include <vector>

namespace espalier::bundle {

class SourceAhead {
public:
    /// Slices are taken in order; both must outlive this.
    SourceAhead(const model::OpenModel& model, std::span<const TensorSlice> slices);
    /// The bytes of slice `index` as they will stand in the cut; valid until the next call.
    [[nodiscard]] Result<std::span<const std::byte>> take(std::size_t index);

private:
    [[nodiscard]] Result<void> readAhead(std::size_t index);

    const model::OpenModel& m_model;
    std::span<const TensorSlice> m_slices;
    checkpoint::TensorReader m_reader;
    std::size_t m_next = 0;                ///< first slice whose source was not asked for yet
    std::uint64_t m_asked = 0, m_used = 0; ///< bytes
    std::vector<std::byte> m_gathered;
};

} // namespace espalier::bundle
