# SPDX-License-Identifier: Apache-2.0
"""Tiny random checkpoints of any family transformers knows, and what transformers computes with them.

Reads one JSON object per line, answers each with one line {"ok": true, ...} or {"ok": false, "error": text}:
{"do": "make", "model_type", "config": {...}, "out", "runtime_layout", "dtype", "max_shard", "seed", "mtp": n, "rope4"}
    random weights saved by save_pretrained; mtp: that many blocks for further tokens are put beside them, made from the
    last decoder layer; runtime_layout: as transformers holds them in memory instead of the hub's names; rope4: the
    positions' keys as transformers 4 wrote them. A config with a text_config is one of a model that sees pictures, too.
{"do": "run", "model", "sequences": [[id, ...], ...], "keep": null | {layer: [expert, ...]}, "out", "routing": bool}
    out: float32 logits of all sequences one behind the other; experts that are not kept are absent from the routers.
    routing: answers with {layer: {"counts": [...], "gates": [...], "scores": [...]}}, sums over all tokens
"""
import json
import re
import sys
import traceback

from masked_model import load  # first: it sets what torch reads at import

import torch
from safetensors.torch import load_file, save_file
from transformers import (AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, DeepseekV3Config,
                          DeepseekV3ForCausalLM)
from transformers.conversion_mapping import get_checkpoint_conversion_mapping, register_checkpoint_conversion_mapping


class KimiK2Config(DeepseekV3Config):
    """Kimi-K2 is DeepSeek-V3 by another name: its own code, like vLLM, takes that class."""
    model_type = "kimi_k2"


class KimiK2ForCausalLM(DeepseekV3ForCausalLM):
    config_class = KimiK2Config


AutoConfig.register("kimi_k2", KimiK2Config)
AutoModelForCausalLM.register(KimiK2Config, KimiK2ForCausalLM)
register_checkpoint_conversion_mapping("kimi_k2", get_checkpoint_conversion_mapping("deepseek_v3"))


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)

    def fill(tensor, scale, mean=0.0):
        tensor.copy_((torch.randn(tensor.shape, generator=generator) * scale + mean).to(tensor.dtype))

    with torch.no_grad():
        values = [*model.named_parameters(), *((n, b) for n, b in model.named_buffers() if "correction_bias" in n)]
        for name, tensor in values:
            if "correction_bias" in name:
                fill(tensor, 0.2)
            elif "norm" in name and name.endswith("weight"):
                around_zero = "Qwen3Next" in type(model).__name__ or "Qwen3_5" in type(model).__name__
                fill(tensor, 0.2, 0.0 if around_zero and "linear_attn" not in name else 1.0)
            elif name.endswith(("A_log", "dt_bias")):
                fill(tensor, 0.5)
            elif re.search(r"(router|gate)\.(layer\.)?weight$", name):
                fill(tensor, 0.4)
            elif name.endswith("sinks"):
                fill(tensor, 1.0)
            elif "embed_tokens" in name:
                fill(tensor, 0.5)
            else:
                fill(tensor, 0.15)


def add_mtp(folder, layers, count, qwen):
    """As released files store them: further decoder layers with an input projection and norms of their own, below
    model.layers (DeepSeek-V3, GLM-4.5) or mtp.layers (Qwen)."""
    path = folder + "/model.safetensors"
    tensors = load_file(path)
    last = f"model.layers.{layers - 1}."
    hidden = tensors["model.norm.weight"]
    projection = torch.randn(len(hidden), 2 * len(hidden)).to(hidden.dtype)
    for n in range(count):
        prefix = f"mtp.layers.{n}." if qwen else f"model.layers.{layers + n}."
        for name in [name for name in tensors if name.startswith(last)]:
            tensors[prefix + name[len(last):]] = tensors[name].clone()
        if not qwen:
            tensors[prefix + "eh_proj.weight"] = projection.clone()
            for norm in ("enorm", "hnorm", "shared_head.norm"):
                tensors[f"{prefix}{norm}.weight"] = hidden.clone()
    if qwen:
        tensors["mtp.fc.weight"] = projection
        for norm in ("mtp.norm", "mtp.pre_fc_norm_embedding", "mtp.pre_fc_norm_hidden"):
            tensors[norm + ".weight"] = hidden.clone()
    save_file(tensors, path, {"format": "pt"})
    edit_config(folder, lambda config: config.update(
        {"mtp_num_hidden_layers" if qwen else "num_nextn_predict_layers": count}))


def edit_config(folder, edit):
    config = json.load(open(folder + "/config.json"))
    edit(config)
    json.dump(config, open(folder + "/config.json", "w"))


def rope_of_version_4(config):
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = None if rope["type"] == "default" else rope


def make(case):
    config = AutoConfig.for_model(case["model_type"], **case["config"])
    kind = AutoModelForImageTextToText if "text_config" in case["config"] else AutoModelForCausalLM
    model = kind.from_config(config, dtype=torch.float32).eval()
    randomise(model, case["seed"])
    model = model.to(getattr(torch, case["dtype"]))
    options = {"max_shard_size": case["max_shard"]} if case["max_shard"] else {}
    model.save_pretrained(case["out"], save_original_format=not case["runtime_layout"], **options)
    if case["mtp"]:
        add_mtp(case["out"], case["config"]["num_hidden_layers"], case["mtp"], "qwen" in case["model_type"])
    if case["rope4"]:
        edit_config(case["out"], rope_of_version_4)
    return {}


class Routers:
    """The routers of a model, with experts hidden from them and their choices counted."""

    def __init__(self, model, keep):
        self.sums = {}
        self.undo = []
        for name, module in model.named_modules():
            layer = re.search(r"layers\.(\d+)\.", name)
            if layer and "Router" in type(module).__name__:
                n = int(layer.group(1))
                if keep is not None:
                    self.hide(module, keep[str(n)])
                self.undo.append(module.register_forward_hook(lambda m, a, out, n=n: self.count(n, *out)).remove)
        for name, bias in [*model.named_buffers(), *model.named_parameters()]:
            if keep is not None and "correction_bias" in name:
                self.hide_bias(bias, keep[re.search(r"layers\.(\d+)\.", name).group(1)])

    @staticmethod
    def gone(count, kept):
        mask = torch.ones(count, dtype=torch.bool)
        mask[kept] = False
        return mask

    def hide(self, module, kept):
        """Logits of the others are -inf: the one linear map in a router's forward is its projection."""
        plain, forward = torch.nn.functional.linear, module.forward

        def masked(x, weight, bias=None):
            return plain(x, weight, bias).masked_fill(self.gone(len(weight), kept), float("-inf"))

        def run(*arguments):
            torch.nn.functional.linear = masked
            try:
                return forward(*arguments)
            finally:
                torch.nn.functional.linear = plain

        module.forward = run
        self.undo.append(lambda: module.__dict__.pop("forward"))

    def hide_bias(self, bias, kept):
        before = bias.data.clone()
        bias.data.masked_fill_(self.gone(bias.shape[-1], kept), float("-inf"))
        self.undo.append(lambda: bias.data.copy_(before))

    def count(self, layer, logits, gates, ids):
        sums = self.sums.setdefault(layer, {"counts": torch.zeros(logits.shape[-1]), "gates": torch.zeros(logits.shape[-1]).double()})
        sums["counts"].index_add_(0, ids.reshape(-1), torch.ones(ids.numel()))
        sums["gates"].index_add_(0, ids.reshape(-1), gates.reshape(-1).double())

    def close(self):
        for undo in self.undo:
            undo()
        return {layer: {name: values.tolist() for name, values in sums.items()} for layer, sums in self.sums.items()}


MODELS = {}


def run(case):
    folder = case["model"]
    if folder not in MODELS:
        MODELS[folder] = load(folder, threads=1)
    model = MODELS[folder]
    routers = Routers(model, case["keep"])
    with torch.no_grad(), open(case["out"], "wb") as out:
        for ids in case["sequences"]:
            logits = model(torch.tensor([ids]), use_cache=False).logits[0]
            out.write(logits.float().contiguous().numpy().astype("<f4").tobytes())
    routing = routers.close()
    return {"routing": routing} if case.get("routing") else {}


def main():
    for line in sys.stdin:
        case = json.loads(line)
        try:
            answer = {"ok": True, **{"make": make, "run": run}[case["do"]](case)}
        except Exception:
            answer = {"ok": False, "error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
