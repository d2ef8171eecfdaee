// SPDX-License-Identifier: Apache-2.0
// Gated delta rule (Yang, Kautz and Hatamizadeh 2024, Gated Delta Networks, equation 10) with the short convolution,
// normed keys and queries and gated norm of Qwen3-Next: a layer that keeps a state of fixed size instead of all keys.
#pragma once

#include "core/engine/torch/attention.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace espalier::engine {

/// `x` [N, H] after the layer's norm; returns what the layer adds, [N, H]. `states` has one entry per sequence: where
/// it begins (undefined tensors: at its first token), and afterwards where it ended.
[[nodiscard]] at::Tensor deltaNet(const model::ModelSpec& spec, const DeltaWeights& weights, const at::Tensor& x,
                                  std::span<const Span> sequences, std::vector<DeltaState>& states);

/// Bytes of one sequence's state in one layer.
[[nodiscard]] std::uint64_t deltaStateBytes(const model::DeltaSpec& spec, std::uint64_t elementBytes);

} // namespace espalier::engine
