// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/rotary.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <bit>

namespace espalier::engine {

Rotary::Rotary(const model::RopeSpec& rope, int headDim)
{
    const at::Tensor exponent = at::arange(0, headDim, 2, at::kLong).to(at::kFloat).div_(static_cast<double>(headDim));
    m_frequency = at::pow(at::Scalar(rope.theta), exponent).reciprocal_();
    if (rope.kind == model::RopeKind::Linear)
        m_frequency.div_(rope.factor);
}

void Rotary::reach(std::int64_t positions)
{
    if (m_cos.defined() && m_cos.size(0) >= positions)
        return;
    // Doubling, so that a generation that grows token by token remakes them rarely
    const auto length =
        static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(positions, 256))));
    const at::Tensor angle = at::outer(at::arange(length, at::kFloat), m_frequency);
    const at::Tensor both = at::cat({angle, angle}, 1);
    m_cos = both.cos();
    m_sin = both.sin();
}

} // namespace espalier::engine
