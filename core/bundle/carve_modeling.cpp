// SPDX-License-Identifier: Apache-2.0
// The modelling file that travels with carved models which no stock architecture can say.
#include "core/bundle/carve_papers.h"

namespace espalier::bundle {

std::string_view carvedModelingFile()
{
    return R"python(# SPDX-License-Identifier: Apache-2.0
"""Models that Espalier carved, for transformers with trust_remote_code=True.

A dense model whose feed-forward layers became a shared expert and routed ones (CMoE, arXiv 2502.04416). Everything else
is the dense class of transformers. For x, the normed input of a layer, and E routed experts:

    logits  l = what `router_estimate` says, see CarvedGate.logits
    scores  s = softmax(l) over the E experts
    chosen    = the num_experts_per_tok largest s + e_score_correction_bias
    output    = shared(x) + sum over the chosen e of (1 + gain_e s_e) expert_e(x)

gain and e_score_correction_bias are zero after carving: gates are exactly 1, and with all experts chosen the layer is
the dense one. Router arithmetic is in float32.
"""

import torch
from torch import nn
from torch.nn import functional as F
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

LEAST = 1e-12  # of an energy, before its logarithm


class CarvedGate(nn.Module):
    def __init__(self, config):
        super().__init__()
        experts, hidden = config.n_routed_experts, config.hidden_size
        self.estimate, self.top_k = config.router_estimate, config.num_experts_per_tok
        self.e_score_correction_bias = nn.Parameter(torch.zeros(experts))
        self.gain = nn.Parameter(torch.zeros(experts))
        if self.estimate == "linear":
            self.weight = nn.Parameter(torch.zeros(experts, hidden))
            self.bias = nn.Parameter(torch.zeros(experts))
            return
        rows, width = config.router_rows, config.moe_intermediate_size
        self.gate_rows = nn.Parameter(torch.zeros(experts, rows, hidden))
        self.up_rows = nn.Parameter(torch.zeros(experts, rows, hidden))
        if self.estimate == "low_rank":
            self.gate_out = nn.Parameter(torch.zeros(experts, width, rows))
            self.up_out = nn.Parameter(torch.zeros(experts, width, rows))
            return
        self.scale = nn.Parameter(torch.zeros(experts, rows))
        if self.estimate == "energies":
            self.offset = nn.Parameter(torch.zeros(experts))

    def logits(self, x):
        """x [n, hidden] float32 -> [n, experts]."""
        if self.estimate == "linear":
            return F.linear(x, self.weight.float(), self.bias.float())
        gate = torch.einsum("nh,erh->ner", x, self.gate_rows.float())
        up = torch.einsum("nh,erh->ner", x, self.up_rows.float())
        if self.estimate == "low_rank":
            gate = torch.einsum("ner,emr->nem", gate, self.gate_out.float())
            up = torch.einsum("ner,emr->nem", up, self.up_out.float())
            return (F.silu(gate) * up).square().sum(-1).clamp_min(LEAST).log()
        neurons = F.silu(gate) * up
        if self.estimate == "magnitudes":
            return (neurons.abs() * self.scale.float()).sum(-1)
        energies = (neurons.square() * self.scale.float()).sum(-1) + self.offset.float()
        return energies.clamp_min(LEAST).log()

    def forward(self, x):
        """x [n, hidden] -> experts [n, k] and their gates [n, k] float32."""
        scores = self.logits(x.float()).softmax(-1)
        chosen = (scores + self.e_score_correction_bias.float()).topk(self.top_k, dim=-1).indices
        return chosen, 1 + self.gain.float()[chosen] * scores.gather(1, chosen)


class CarvedExpert(nn.Module):
    def __init__(self, hidden, width):
        super().__init__()
        self.gate_proj = nn.Linear(hidden, width, bias=False)
        self.up_proj = nn.Linear(hidden, width, bias=False)
        self.down_proj = nn.Linear(width, hidden, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class CarvedFeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config.moe_intermediate_size
        self.gate = CarvedGate(config)
        self.experts = nn.ModuleList(CarvedExpert(config.hidden_size, width) for _ in range(config.n_routed_experts))
        if config.n_shared_experts > 0:
            self.shared_experts = CarvedExpert(config.hidden_size, config.n_shared_experts * width)

    def forward(self, hidden_states):
        x = hidden_states.reshape(-1, hidden_states.shape[-1])
        chosen, gates = self.gate(x)
        out = self.shared_experts(x) if hasattr(self, "shared_experts") else torch.zeros_like(x)
        for number, expert in enumerate(self.experts):
            rows, slots = torch.where(chosen == number)
            if rows.numel() > 0:
                out.index_add_(0, rows, expert(x[rows]) * gates[rows, slots].to(x.dtype).unsqueeze(1))
        return out.reshape(hidden_states.shape)


def carve(model):
    for layer in model.model.layers:
        layer.mlp = CarvedFeedForward(model.config)


class CarvedLlamaConfig(LlamaConfig):
    model_type = "espalier_carved"


class CarvedLlamaForCausalLM(LlamaForCausalLM):
    config_class = CarvedLlamaConfig

    def __init__(self, config):
        super().__init__(config)
        carve(self)


class CarvedMistralConfig(MistralConfig):
    model_type = "espalier_carved"


class CarvedMistralForCausalLM(MistralForCausalLM):
    config_class = CarvedMistralConfig

    def __init__(self, config):
        super().__init__(config)
        carve(self)


class CarvedQwen2Config(Qwen2Config):
    model_type = "espalier_carved"


class CarvedQwen2ForCausalLM(Qwen2ForCausalLM):
    config_class = CarvedQwen2Config

    def __init__(self, config):
        super().__init__(config)
        carve(self)


class CarvedQwen3Config(Qwen3Config):
    model_type = "espalier_carved"


class CarvedQwen3ForCausalLM(Qwen3ForCausalLM):
    config_class = CarvedQwen3Config

    def __init__(self, config):
        super().__init__(config)
        carve(self)
)python";
}

} // namespace espalier::bundle
