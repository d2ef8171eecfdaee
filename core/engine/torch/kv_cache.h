// SPDX-License-Identifier: Apache-2.0
// Keys and values of answers being generated. Every row has a place of its own length in one flat store, so that a
// short answer does not pay for a long one. Place (row, t) of a head is contiguous in t.
#pragma once

#include "core/engine/torch/attention.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::engine {

class KvCache {
public:
    /// capacity[row]: positions that row can hold.
    KvCache(const model::ModelSpec& spec, at::ScalarType type, std::span<const std::int64_t> capacity);

    /// Bytes a row of `capacity` positions takes.
    [[nodiscard]] static std::uint64_t bytes(const model::ModelSpec& spec, at::ScalarType type, std::int64_t capacity);

    /// Stores rows [span] of the projections as positions 0 … of `row`; of a layer by the delta rule its state
    /// `number`.
    void fill(std::size_t layer, std::size_t row, const Projections& projections, const Span& span, std::size_t number);

    /// States of `rows` in a layer by the delta rule, to go on from and to give back.
    [[nodiscard]] std::vector<DeltaState> states(std::size_t layer, std::span<const std::size_t> rows) const;
    void keepStates(std::size_t layer, std::span<const std::size_t> rows, std::vector<DeltaState> states);

    /// One new position for each of `rows`, whose number is position[i]: stores its key and value, then attends from it
    /// to itself and all before (inside the sliding window). Returns [n, heads · valueDim].
    [[nodiscard]] at::Tensor attend(std::size_t layer, const at::Tensor& sinks, std::span<const std::size_t> rows,
                                    std::span<const std::int32_t> position, const Projections& projections);

private:
    HeadShape m_shape;
    std::vector<int> m_windows;         // per layer, 0 = none
    std::vector<std::int64_t> m_offset; // first position of a row
    std::int64_t m_total = 0;
    std::vector<std::vector<DeltaState>> m_states; // per layer and row, empty for attention
    std::vector<at::Tensor> m_keys, m_values;      // per layer [kvHeads, total, keyDim or valueDim]
};

} // namespace espalier::engine
