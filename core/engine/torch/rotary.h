// SPDX-License-Identifier: Apache-2.0
// Rotary position tables (Su et al. 2021, RoFormer, equation 34, half-rotation layout), in the float32 arithmetic of
// transformers.
#pragma once

#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

class Rotary {
public:
    Rotary(const model::RopeSpec& rope, int headDim);
    /// Makes the tables at least `positions` long.
    void reach(std::int64_t positions);
    [[nodiscard]] const at::Tensor& cos() const { return m_cos; } ///< [positions, headDim] float32
    [[nodiscard]] const at::Tensor& sin() const { return m_sin; }

private:
    at::Tensor m_frequency; // [headDim / 2]
    at::Tensor m_cos, m_sin;
};

} // namespace espalier::engine
