# SPDX-License-Identifier: Apache-2.0
"""Tokens per second of transformers over windows, while hooks count which experts are chosen and how much they weigh:
the least a calibration pass has to do.

usage: profile_speed.py MODEL WINDOWS.json OUT.json THREADS
OUT: {"float32": tokens per second, "bfloat16": the same, "counted": {"float32": choices, ...}, "tokens": n}
"""
import json
import sys
import time

from masked_model import load  # first: it sets what torch reads at import

import torch

BATCH = 16


def batches(windows):
    """Windows of like length together, padded on the right; (ids, mask of real tokens)."""
    ordered = sorted(windows, key=len)
    for first in range(0, len(ordered), BATCH):
        part = ordered[first:first + BATCH]
        longest = len(part[-1])
        yield (torch.tensor([ids + [0] * (longest - len(ids)) for ids in part]),
               torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in part]))


def measure(model, work):
    experts = model.config.num_experts
    layers = [layer.mlp for layer in model.model.layers if hasattr(layer.mlp, "gate")]
    counts = torch.zeros(len(layers), experts, dtype=torch.float64)
    masses = torch.zeros(len(layers), experts, dtype=torch.float64)

    def hook(n):
        def seen(module, args, output):
            _, weights, ids = output
            ids, weights = ids[real].reshape(-1), weights[real].reshape(-1)
            counts[n] += torch.bincount(ids, minlength=experts)
            masses[n].index_add_(0, ids, weights.double())
        return seen

    handles = [mlp.gate.register_forward_hook(hook(n)) for n, mlp in enumerate(layers)]
    with torch.inference_mode():
        real = work[0][1].reshape(-1).bool()
        model.model(work[0][0], attention_mask=work[0][1])  # warm
        counts.zero_()
        start = time.perf_counter()
        for ids, mask in work:
            real = mask.reshape(-1).bool()
            model.model(ids, attention_mask=mask)  # without the head: nothing is predicted
        seconds = time.perf_counter() - start
    for handle in handles:
        handle.remove()
    return seconds, int(counts.sum())


def main():
    work = list(batches(json.load(open(sys.argv[2]))))
    tokens = sum(int(mask.sum()) for _, mask in work)
    model = load(sys.argv[1], int(sys.argv[4]), experts=None, attention=None)
    result = {"tokens": tokens, "counted": {}}
    for name in ("float32", "bfloat16"):
        model = model.to(getattr(torch, name))
        seconds, result["counted"][name] = measure(model, work)
        result[name] = tokens / seconds
    json.dump(result, open(sys.argv[3], "w"))


main()
