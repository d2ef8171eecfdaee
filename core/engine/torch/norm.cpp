// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/norm.h"

#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>

namespace espalier::engine {

at::Tensor norm(const model::ModelSpec& spec, const NormWeights& weights, const at::Tensor& x)
{
    return spec.norm == model::NormKind::LayerNorm ? layerNorm(x, weights.weight, weights.bias, spec.normEpsilon)
                                                   : rmsNorm(x, weights.weight, spec.normEpsilon);
}

at::Tensor project(const LinearWeights& weights, const at::Tensor& x)
{
    return weights.bias.defined() ? at::linear(x, weights.weight, weights.bias) : at::linear(x, weights.weight);
}

at::Tensor embed(const model::ModelSpec& spec, const EndWeights& ends, const at::Tensor& ids)
{
    at::Tensor rows = ends.embedding.index_select(0, ids);
    return spec.embeddingScale == 1 ? rows : rows.mul_(spec.embeddingScale);
}

void addToResidual(const model::ModelSpec& spec, const NormWeights& postNorm, const at::Tensor& added,
                   at::Tensor& hidden)
{
    const at::Tensor normed = postNorm.weight.defined() ? norm(spec, postNorm, added) : added;
    hidden.add_(normed, spec.residualScale);
}

} // namespace espalier::engine
