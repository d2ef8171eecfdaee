# SPDX-License-Identifier: Apache-2.0
"""Every statistic and score of a calibration pass, computed directly: transformers in float32 decides the routing,
expert outputs and all sums are float64, every formula is written from its definition over per-token values.

usage: routing_statistics.py MODEL WINDOWS.json OUT.json [rows]     (WINDOWS: [[id, ...], ...])
OUT: {"tokens": T, "layers": [{"layer": l, "statistics": {id: flat list}, "pool": {...}, "scores": {method: list}}]}
rows: every layer also has its tokens' ids, gates, x, h, y and largest probability, and "next" the log probabilities
"""
import collections
import json
import math
import sys

from masked_model import load  # first: it sets what torch reads at import

import numpy as np
import torch

BINS = 256


class Recorder:
    """Per-token values of one MoE layer, gathered by hooks."""

    def __init__(self, layer):
        self.mlp = layer.mlp
        self.parts = {name: [] for name in ("h", "x", "y", "z", "g", "i")}
        layer.post_attention_layernorm.register_forward_pre_hook(lambda m, a: self.keep("h", a[0]))
        layer.mlp.register_forward_hook(self.block)
        layer.mlp.gate.register_forward_hook(self.gate)

    def keep(self, name, value):
        self.parts[name].append(value.detach().reshape(-1, value.shape[-1]))

    def block(self, module, args, output):
        self.keep("x", args[0])
        self.keep("y", output[0] if isinstance(output, tuple) else output)

    def gate(self, module, args, output):
        logits, weights, ids = output
        self.keep("z", logits)
        self.keep("g", weights)
        self.keep("i", ids)

    def value(self, name):
        return torch.cat(self.parts[name])


def histogram(shares):
    bins = np.clip(np.floor(np.asarray(shares) * BINS), 0, BINS - 1).astype(int)
    return np.bincount(bins, minlength=BINS).astype(float)


def expert_outputs(mlp, x, expert):
    """f of the expert for all given rows, float64"""
    gate, up = (x @ mlp.experts.gate_up_proj[expert].double().t()).chunk(2, -1)
    return ((torch.nn.functional.silu(gate) * up) @ mlp.experts.down_proj[expert].double().t()).numpy()


def layer_values(recorder):
    h, x, y = (recorder.value(n).double() for n in ("h", "x", "y"))
    z32 = recorder.value("z").float()
    ids = recorder.value("i").numpy()
    p = torch.softmax(z32, -1).double().numpy()
    g = recorder.value("g").double().numpy()
    z = z32.double().numpy()
    tokens, k = ids.shape
    experts = z.shape[1]
    after = h + y
    cos = ((h * after).sum(-1) / (h.norm(dim=-1) * after.norm(dim=-1))).numpy()
    turn = np.maximum(0, 1 - cos)
    ratio = (y.norm(dim=-1) / h.norm(dim=-1)).numpy()
    s = {name: np.zeros(experts) for name in (
        "count gate gate-squared prob-chosen top1 prob-top1 logit-top1 logit-top1-squared norm norm-squared "
        "norm-fourth gate-norm gate-norm-squared prob-norm turn turn-squared max-abs").split()}
    s["output-sum"] = np.zeros((experts, x.shape[1]))
    s["prob-output-sum"] = np.zeros((experts, x.shape[1]))
    for e in range(experts):
        rows, slots = np.nonzero(ids == e)
        if len(rows) == 0:
            continue
        f = expert_outputs(recorder.mlp, x[rows], e)
        norm = np.linalg.norm(f, axis=1)
        gate, prob = g[rows, slots], p[rows, e]
        s["count"][e] = len(rows)
        s["gate"][e], s["gate-squared"][e] = gate.sum(), (gate ** 2).sum()
        s["prob-chosen"][e] = prob.sum()
        s["norm"][e], s["norm-squared"][e], s["norm-fourth"][e] = norm.sum(), (norm ** 2).sum(), (norm ** 4).sum()
        s["gate-norm"][e], s["gate-norm-squared"][e] = (gate * norm).sum(), ((gate * norm) ** 2).sum()
        s["prob-norm"][e] = (prob * norm).sum()
        s["turn"][e] = (gate * norm * turn[rows]).sum()
        s["turn-squared"][e] = ((gate * norm * turn[rows]) ** 2).sum()
        s["max-abs"][e] = np.abs(f).max()
        s["output-sum"][e], s["prob-output-sum"][e] = f.sum(0), (prob[:, None] * f).sum(0)
        first = rows[slots == 0]
        s["top1"][e], s["prob-top1"][e] = len(first), p[first, e].sum()
        winner = z[z.argmax(1) == e, e]
        s["logit-top1"][e], s["logit-top1-squared"][e] = winner.sum(), (winner ** 2).sum()
    s["prob-all"], s["prob-all-squared"], s["logit-all"] = p.sum(0), (p ** 2).sum(0), z.sum(0)
    s["layer-turn"], s["layer-ratio"] = [turn.sum()], [ratio.sum()]
    sorted_g = -np.sort(-g, axis=1)
    total = sorted_g.sum(1)
    s["ratio-histogram"] = [histogram(sorted_g[:, j] / sorted_g[:, 0]) for j in range(1, k)]
    s["cumulative-histogram"] = [histogram(sorted_g[:, :m].sum(1) / total) for m in range(1, k)]
    s["entropy-histogram"] = histogram(-(p * np.log(p)).sum(1) / math.log(experts))
    chosen = np.zeros((tokens, experts))
    np.put_along_axis(chosen, ids, 1.0, 1)
    s["coactivation"] = chosen.T @ chosen
    s["logit-gram"] = z.T @ z
    order = np.argsort(-z, axis=1, kind="stable")[:, :k]
    pool = {"k": k, "ids": order.ravel().tolist(), "logits": np.take_along_axis(z, order, 1).ravel().tolist()}
    return s, pool, tokens


def text_key(ids):
    """FNV-1a, 32 bits, over the ids as little-endian 32-bit numbers."""
    key = 2166136261
    for byte in np.asarray(ids, dtype="<i4").tobytes():
        key = (key ^ byte) * 16777619 % 2 ** 32
    return key


def bank_rows(texts, experts):
    """Rows of the bank, window by window: one token in 1.5 (E + 1), where the text's key says."""
    step = 3 * (experts + 1) // 2
    begin, rows = 0, []
    for ids in texts:
        key = text_key(ids)
        rows.append([begin + at for at in range(len(ids)) if (at + key) % step == step // 2])
        begin += len(ids)
    return rows


def route(z, k, normalised):
    """Gates of one token, 0 where not chosen."""
    p = np.exp(z - z.max())
    p /= p.sum()
    chosen = np.argsort(-p, kind="stable")[:k]
    gates = np.zeros_like(p)
    gates[chosen] = p[chosen] / (p[chosen].sum() if normalised else 1)
    return gates


def unbiased_hsic(k, l):
    """Song et al. 2012, equation 5."""
    n, one = len(k), np.ones(len(k))
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    return (np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
            - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def bank_values(recorder, texts, normalised):
    """S9 to S12: a sample of tokens through all experts, every altered choice made anew."""
    x, z = recorder.value("x").double(), recorder.value("z").float().double().numpy()
    k, experts = recorder.value("i").shape[1], z.shape[1]
    windows = bank_rows(texts, experts)
    rows = [row for window in windows for row in window]
    f = np.stack([expert_outputs(recorder.mlp, x[rows], e) for e in range(experts)], 1)  # [n, E, H]
    gates = np.stack([route(z[row], k, normalised) for row in rows])
    y = np.einsum("te,teh->th", gates, f)
    s = {"bank-tokens": [len(rows)], "bank-energy": [(y ** 2).sum()], "bank-output-sum": f.sum(0)}
    s["output-gram"] = np.einsum("tih,tjh->ij", f, f)
    s["gated-gram"] = np.einsum("ti,tj,tih,tjh->ij", gates, gates, f, f)
    loss = np.zeros((experts, len(rows)))
    for e in range(experts):
        for t, row in enumerate(rows):
            left = z[row].copy()
            left[e] = -np.inf
            loss[e, t] = ((y[t] - route(left, min(k, experts - 1), normalised) @ f[t]) ** 2).sum()
    s["leave-out-loss"], s["leave-out-loss-squared"] = loss.sum(1), (loss ** 2).sum(1)
    s["top-k-loss"] = [sum(((y[t] - route(z[row], m, normalised) @ f[t]) ** 2).sum() for t, row in enumerate(rows))
                       for m in range(1, k + 1)]
    s["output-hsic"] = np.zeros((experts, experts))
    begin = 0
    for window in windows:
        for first in range(0, len(window), 32):
            part = f[begin + first:begin + min(first + 32, len(window))]
            if len(part) < 4:
                continue
            kernels = [part[:, e] @ part[:, e].T for e in range(experts)]
            s["output-hsic"] += np.array([[unbiased_hsic(a, b) for b in kernels] for a in kernels])
        begin += len(window)
    return s


def scores(s, pool, tokens):
    """The methods' formulas with one domain of weight 1."""
    n = s["count"]
    per_routed = lambda total: np.divide(total, n, out=np.zeros_like(total), where=n > 0)
    layer_mean = s["gate-norm"].sum() / (tokens * len(n))
    shrunk = np.where(n > 0, (s["gate-norm"] + tokens * layer_mean) / (n + tokens), 0)
    k = pool["k"]
    logits, ids = np.array(pool["logits"]).reshape(-1, k), np.array(pool["ids"]).reshape(-1, k)
    share = np.exp(logits - logits.max(1, keepdims=True))
    share /= share.sum(1, keepdims=True)
    active = share >= share[:, 0].mean()
    utility = np.maximum(logits, 1 / (1 + np.exp(-logits)))
    peu = np.bincount(ids[active], weights=utility[active], minlength=len(n)) / tokens
    return {"frequency": n, "seer-hard": n, "seer-soft": s["prob-all"], "gate-mass": s["gate"],
            "reap": per_routed(s["gate-norm"]), "reap-sum": s["gate-norm"], "reap-shrunk": shrunk,
            "man": per_routed(s["norm"]), "msan": per_routed(s["norm-squared"]), "easy-ep": s["turn"],
            "tcess": s["logit-top1"] / tokens, "peu": peu, "unified": per_routed(s["gate-norm"]),
            "shape": shape(ids, len(n)), "leave-one-out": s["leave-out-loss"] / s["bank-tokens"][0]}


def shape(ids, experts):
    """SHAPE (arXiv 2606.09886) on the sets of chosen experts."""
    sets = collections.Counter(frozenset(row) for row in ids.tolist())
    phi = np.zeros(experts)
    for e in range(experts):
        own = [(v, sum(c for other, c in sets.items() if a - {e} <= other)) for a, v in sets.items() if e in a]
        alpha = min((v / n for v, n in own), default=0)
        phi[e] = max(0, sum(v - alpha * n for v, n in own))
    return phi


def main():
    model = load(sys.argv[1])
    recorders = {n: Recorder(layer) for n, layer in enumerate(model.model.layers) if hasattr(layer.mlp, "gate")}
    with torch.inference_mode():
        windows = json.load(open(sys.argv[2]))
        rows = sys.argv[4:] == ["rows"]
        following = [model(torch.tensor([ids]), logits_to_keep=0 if rows else 1).logits[0] for ids in windows]
        result = []
        tokens = 0
        for n, recorder in recorders.items():
            s, pool, tokens = layer_values(recorder)
            s |= bank_values(recorder, windows, model.config.norm_topk_prob)
            flat = {name: np.asarray(v, dtype=float).ravel().tolist() for name, v in s.items()}
            score = {name: np.asarray(v, dtype=float).tolist() for name, v in scores(s, pool, tokens).items()}
            result.append({"layer": n, "statistics": flat, "pool": pool, "scores": score})
            if rows:
                result[-1]["rows"] = {name: recorder.value(name).float().tolist() for name in "ighxy"}
                result[-1]["rows"]["sure"] = torch.softmax(recorder.value("z").float(), -1).max(-1).values.tolist()
        answer = {"tokens": tokens, "layers": result}
        if rows:
            answer["next"] = torch.log_softmax(torch.cat(following).double(), -1).tolist()
            answer["keys"] = [text_key(ids) for ids in windows]
    json.dump(answer, open(sys.argv[3], "w"))


main()
