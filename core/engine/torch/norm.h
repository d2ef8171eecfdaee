// SPDX-License-Identifier: Apache-2.0
// Norms and projections as the model's spec says.
#pragma once

#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

/// The model's kind of norm over the last dimension of x.
[[nodiscard]] at::Tensor norm(const model::ModelSpec& spec, const NormWeights& weights, const at::Tensor& x);

/// x · weight^T + bias.
[[nodiscard]] at::Tensor project(const LinearWeights& weights, const at::Tensor& x);

/// Rows of the embedding, scaled. ids: [n] int64.
[[nodiscard]] at::Tensor embed(const model::ModelSpec& spec, const EndWeights& ends, const at::Tensor& ids);

/// hidden += the model's factor · (post-norm of) `added`, in place.
void addToResidual(const model::ModelSpec& spec, const NormWeights& postNorm, const at::Tensor& added,
                   at::Tensor& hidden);

} // namespace espalier::engine
