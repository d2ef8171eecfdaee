// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/head.h"

#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

at::Tensor Head::logits(const at::Tensor& hidden) const
{
    at::Tensor logits =
        project({m_weights.head, m_weights.headBias}, norm(m_spec, m_weights.finalNorm, hidden).to(at::kFloat));
    return m_spec.logitsScale == 1 ? logits : logits.div_(m_spec.logitsScale);
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
