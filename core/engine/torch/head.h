// SPDX-License-Identifier: Apache-2.0
// Final norm and output projection. Logits of all rows of a text are large (rows · vocabulary), so callers take rows in
// chunks of at most rowsAtOnce().
#pragma once

#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"
#include "core/model/model_summary.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

/// What the head's weight is kept as: bfloat16 where the model is computed and its head stored so and the processor
/// multiplies such with sums that stay float32, else float32. The logits are the same but for the order of the sums.
[[nodiscard]] at::ScalarType headType(const model::OpenModel& model, at::ScalarType compute);

class Head {
public:
    /// Both must outlive the head; the weights' head must have been prepared.
    Head(const model::ModelSpec& spec, const EndWeights& weights) : m_spec(spec), m_weights(weights) {}

    /// `hidden` [n, H] residual stream after the last layer: logits [n, V] float32.
    [[nodiscard]] at::Tensor logits(const at::Tensor& hidden) const;
    /// Rows whose logits stay within 64 MiB, at least 16 and at most 1024: the whole weight is read for every chunk, so
    /// few large ones are faster.
    [[nodiscard]] std::int64_t rowsAtOnce() const { return rowsAtOnce(m_spec); }
    [[nodiscard]] static std::int64_t rowsAtOnce(const model::ModelSpec& spec);
    [[nodiscard]] double flops(std::int64_t rows) const;

private:
    const model::ModelSpec& m_spec;
    const EndWeights& m_weights;
};

} // namespace espalier::engine
