// SPDX-License-Identifier: Apache-2.0
// Rotary position tables (Su et al. 2021, RoFormer, equation 34) with the scalings of model::RopeKind, in the float32
// arithmetic of transformers. Some kinds turn long texts otherwise than short ones, so a table row is looked up by the
// text's length and the position.
#pragma once

#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <span>

namespace espalier::engine {

class Rotary {
public:
    explicit Rotary(const model::RopeSpec& rope);
    /// Makes the tables for texts of these lengths.
    void reach(std::span<const std::int64_t> lengths);
    /// Row of position 0 of a text of `length` tokens; the others follow.
    [[nodiscard]] std::int64_t firstRow(std::int64_t length) const;
    [[nodiscard]] const at::Tensor& cos() const { return m_cos; } ///< [rows, dim / 2] float32
    [[nodiscard]] const at::Tensor& sin() const { return m_sin; }

private:
    /// Texts with one key have one table: 0 for short ones, their length for long ones where it matters.
    [[nodiscard]] std::int64_t keyOf(std::int64_t length) const;
    [[nodiscard]] at::Tensor frequencies(std::int64_t key) const;

    model::RopeSpec m_rope;
    struct Place {
        std::int64_t row = 0, length = 0;
    };
    std::map<std::int64_t, Place> m_tables;
    at::Tensor m_cos, m_sin;
};

} // namespace espalier::engine
