# SPDX-License-Identifier: Apache-2.0
"""Loading a model in the reference library and hiding experts from its routers. Import this before torch."""
import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads take minutes where cores are shared

import torch  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402


def load(folder, threads=2, attention="eager", experts="eager"):
    """attention, experts: implementations of transformers; None = what it takes by itself (the fastest it has)"""
    torch.set_num_threads(threads)
    chosen = {"attn_implementation": attention, "experts_implementation": experts}
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, **{name: value for name, value in chosen.items() if value}).eval()


def set_mask(model, keep):
    """keep: {layer: [expert ids]} or None for the whole model; others get -inf before selection."""
    for n, layer in enumerate(model.model.layers):
        if not hasattr(layer.mlp, "gate"):
            continue
        gate = layer.mlp.gate
        gate.__dict__.pop("forward", None)
        if keep is not None:
            gone = torch.ones(gate.num_experts, dtype=torch.bool)
            gone[keep[n]] = False
            gate.forward = lambda x, gate=gate, gone=gone: route(gate, gone, x)


def route(gate, gone, x):
    logits = torch.nn.functional.linear(x.reshape(-1, gate.hidden_dim), gate.weight).masked_fill(gone, float("-inf"))
    weights, ids = torch.topk(torch.softmax(logits.float(), -1), gate.top_k, -1)
    if gate.norm_topk_prob:
        weights = weights / weights.sum(-1, keepdim=True)
    return logits, weights.to(logits.dtype), ids
