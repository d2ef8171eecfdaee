// SPDX-License-Identifier: Apache-2.0
// The modelling file that travels with models whose experts were carved.
#include "core/bundle/carve_experts.h"

namespace espalier::bundle {

std::string_view subExpertModelingFile()
{
    return R"python(# SPDX-License-Identifier: Apache-2.0
"""Models whose experts Espalier carved, for transformers with trust_remote_code=True.

A mixture of experts of transformers in which every routed expert has a router of its own (CMoE, arXiv 2502.04416v3,
section 4.4). config.espalier_sub_experts = {shared S, active A, experts N}: an expert's neurons are N blocks of equal
width. For the input x of expert e:

    logits  l = sub_router.weight[e] x + sub_router.bias[e], of the last N - S blocks, in float32
    running   = the first S blocks, and the A others with the largest l
    output    = down(the running neurons' act(gate x) * up x), times what the model's router gives

With A = N - S this is the model it was made from.
"""

import torch
import transformers
from torch import nn
from torch.nn import functional as F

ARCHITECTURES = (
    "DeepseekV2ForCausalLM",
    "DeepseekV3ForCausalLM",
    "Ernie4_5_MoeForCausalLM",
    "Glm4MoeForCausalLM",
    "GraniteMoeForCausalLM",
    "MiniMaxM2ForCausalLM",
    "MixtralForCausalLM",
    "OlmoeForCausalLM",
    "PhimoeForCausalLM",
    "Qwen2MoeForCausalLM",
    "Qwen3MoeForCausalLM",
    "Qwen3NextForCausalLM",
)


class SubRouter(nn.Module):
    def __init__(self, experts, routed, hidden):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(experts, routed, hidden))
        self.bias = nn.Parameter(torch.zeros(experts, routed))

    def chosen(self, expert, x, active):
        """x [n, hidden] -> 1 for the chosen blocks, 0 for the others [n, routed]."""
        logits = F.linear(x.float(), self.weight[expert].float(), self.bias[expert].float())
        return torch.zeros_like(logits).scatter_(1, logits.topk(active, dim=-1).indices, 1.0)


class SubExperts:
    """In front of a class of experts with gate_up_proj [E, 2I, H], down_proj [E, H, I] and act_fn."""

    def forward(self, hidden_states, top_k_index, top_k_weights):
        sizes, out = self.sub_sizes, torch.zeros_like(hidden_states)
        for expert in top_k_index.unique().tolist():
            if expert >= self.gate_up_proj.shape[0]:
                continue
            rows, slots = torch.where(top_k_index == expert)
            x = hidden_states[rows]
            gate, up = F.linear(x, self.gate_up_proj[expert]).chunk(2, dim=-1)
            neurons = self.act_fn(gate) * up
            width = neurons.shape[-1] // sizes["experts"]
            chosen = self.sub_router.chosen(expert, x, sizes["active"]).to(neurons.dtype)
            always = torch.ones_like(neurons[:, : sizes["shared"] * width])
            neurons = neurons * torch.cat([always, chosen.repeat_interleave(width, dim=1)], dim=1)
            part = F.linear(neurons, self.down_proj[expert]) * top_k_weights[rows, slots, None]
            out.index_add_(0, rows, part.to(out.dtype))
        return out


def carve(model):
    sizes = model.config.espalier_sub_experts
    for layer in model.model.layers:
        block = getattr(layer, "mlp", None) or getattr(layer, "block_sparse_moe", None)
        experts = getattr(block, "experts", None)
        if experts is None:
            continue
        count, hidden = experts.gate_up_proj.shape[0], experts.gate_up_proj.shape[2]
        layer.sub_router = SubRouter(count, sizes["experts"] - sizes["shared"], hidden)
        experts.__class__ = type("Sub" + type(experts).__name__, (SubExperts, type(experts)), {})
        object.__setattr__(experts, "sub_router", layer.sub_router)  # the layer's, not a module of its own
        experts.sub_sizes = sizes


def carved_class(base):
    def __init__(self, config):
        base.__init__(self, config)
        carve(self)

    return type("SubExperts" + base.__name__, (base,), {"__init__": __init__, "__module__": __name__})


for name in ARCHITECTURES:
    if hasattr(transformers, name):
        globals()["SubExperts" + name] = carved_class(getattr(transformers, name))
)python";
}

} // namespace espalier::bundle
