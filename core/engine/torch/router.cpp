// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/router.h"

#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>

namespace espalier::engine {

Routing route(const model::RouterSpec& spec, const at::Tensor& weight, const at::Tensor& x, const at::Tensor& mask,
              const at::Tensor& stream)
{
    Routing routing;
    // Float32 logits and scores are rounded from double sums: the blocking of a float GEMM and of a softmax depends on
    // the number of experts, and a masked layer must route as the exported slice does.
    const bool exact = x.scalar_type() == at::kFloat;
    routing.logits = exact ? at::linear(x.to(at::kDouble), weight.to(at::kDouble)).to(at::kFloat)
                           : at::linear(x, weight).to(at::kFloat);
    const at::Tensor selection = mask.defined() ? routing.logits + mask.index_select(0, stream) : routing.logits;
    routing.scores = exact ? at::softmax(selection, 1, at::kDouble).to(at::kFloat) : at::softmax(selection, 1);
    selectTopK(selection, routing.scores, spec.topK, routing.ids, routing.gates);
    if (spec.normalizeTopK)
        routing.gates.div_(routing.gates.sum(1, true));
    if (spec.scale != 1.0)
        routing.gates.mul_(spec.scale);
    if (x.scalar_type() != at::kFloat)
        routing.gates = routing.gates.to(x.scalar_type()).to(at::kFloat);
    return routing;
}

} // namespace espalier::engine
