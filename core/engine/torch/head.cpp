// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/head.h"

#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

at::Tensor Head::logits(const at::Tensor& hidden) const
{
    return at::linear(rmsNorm(hidden, m_weights.finalNorm, m_spec.normEpsilon).to(at::kFloat), m_weights.head);
}

std::int64_t Head::rowsAtOnce(const model::ModelSpec& spec)
{
    return std::clamp<std::int64_t>((std::int64_t{16} << 20U) / spec.vocabulary, 16, 1024);
}

double Head::flops(std::int64_t rows) const
{
    return 2.0 * static_cast<double>(rows) * m_spec.vocabulary * m_spec.hidden;
}

} // namespace espalier::engine
