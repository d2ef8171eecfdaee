// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/head.h"

#include "core/engine/torch/norm.h"
#include "core/engine/torch/product_bf16.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Columns that a thread takes at a time.
constexpr std::int64_t kColumns = 512;

at::Tensor narrowProduct(const at::Tensor& rows, const at::Tensor& weight)
{
    const at::Tensor a = rows.contiguous(), w = weight.contiguous();
    at::Tensor out = at::empty({a.size(0), w.size(0)}, at::kFloat);
    const auto bits = [](const at::Tensor& tensor) {
        return static_cast<const std::uint16_t*>(tensor.const_data_ptr());
    };
    const ProductBf16 product{bits(a), bits(w), out.data_ptr<float>(), a.size(0), w.size(0), w.size(1)};
    at::parallel_for(0, w.size(0), kColumns,
                     [&](std::int64_t first, std::int64_t last) { multiplyBf16(product, first, last); });
    return out;
}

} // namespace

at::ScalarType headType(const model::OpenModel& model, at::ScalarType compute)
{
    const std::string& name = model.spec.tiedEmbedding ? model.spec.embedding : model.spec.lmHead;
    const checkpoint::TensorInfo* tensor = model.checkpoint.find(name);
    const bool narrow = compute == at::kBFloat16 && canMultiplyBf16() && tensor != nullptr &&
                        tensor->dtype == checkpoint::Dtype::BF16 && !model.spec.stored.contains(name);
    return narrow ? at::kBFloat16 : at::kFloat;
}

at::Tensor Head::logits(const at::Tensor& hidden) const
{
    const at::Tensor rows = norm(m_spec, m_weights.finalNorm, hidden);
    at::Tensor logits;
    if (m_weights.head.scalar_type() == at::kBFloat16) {
        logits = narrowProduct(rows, m_weights.head);
        if (m_weights.headBias.defined())
            logits.add_(m_weights.headBias);
    } else {
        logits = project({m_weights.head, m_weights.headBias}, rows.to(at::kFloat));
    }
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
