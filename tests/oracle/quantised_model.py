# SPDX-License-Identifier: Apache-2.0
"""Quantised checkpoints, each with a plain float32 twin that holds exactly the values the quantised one stands for.

usage: quantised_model.py CASES.json
CASES: [{"model": folder of a plain float32 checkpoint in one file, "kind", "block": [rows, columns], "group": inputs,
         "out": folder, "plain": folder}, ...]
"make": {"model_type", ...} makes the model first, random, by transformers.
kind: fp8 (DeepSeek's block scales), fp8-channel and packed (compressed-tensors), gptq, awq, mxfp4 (gpt-oss)
"""
import json
import os
import sys

import torch
from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

GENERATOR = torch.Generator().manual_seed(3)


def grid(weight, block):
    """Largest absolute value of every block, and the block's number for each element."""
    rows, columns = weight.shape
    row, column = torch.arange(rows) // block[0], torch.arange(columns) // block[1]
    largest = torch.zeros(int(row[-1]) + 1, int(column[-1]) + 1)
    for i in range(largest.shape[0]):
        for j in range(largest.shape[1]):
            largest[i, j] = weight[row == i][:, column == j].abs().max()
    return largest, lambda values: values[row][:, column]


def fp8(weight, case, name):
    largest, spread = grid(weight, case["block"])
    scale = largest / 448
    stored = (weight / spread(scale)).to(torch.float8_e4m3fn)
    return {name + "_scale_inv": scale, name: stored}, stored.float() * spread(scale)


def fp8_channel(weight, case, name):
    scale = (weight.abs().amax(1, keepdim=True) / 448).to(torch.bfloat16)
    stored = (weight / scale.float()).to(torch.float8_e4m3fn)
    return {name: stored, name + "_scale": scale, name[:-6] + "input_scale": torch.ones(1)}, stored.float() * scale.float()


def codes(weight, group, bits=4):
    """Asymmetric whole numbers by group of inputs: q [out, in], zero and scale [out, groups]."""
    groups = weight.shape[1] // group
    parts = weight.view(weight.shape[0], groups, group)
    low, high = parts.amin(2), parts.amax(2)
    scale = ((high - low) / (2 ** bits - 1)).to(torch.float16).float()
    zero = (-low / scale).round().clamp(1, 2 ** bits - 1)
    index = torch.arange(weight.shape[1]) // group
    q = (weight / scale[:, index] + zero[:, index]).round().clamp(0, 2 ** bits - 1)
    return q.int(), zero.int(), scale, (q - zero[:, index]) * scale[:, index], index


def packed(weight, case, name):
    q, zero, scale, plain, _ = codes(weight, case["group"])
    stem = name[:-6]
    return {stem + "weight_packed": pack_to_int32((q - 8).to(torch.int8), 4).contiguous(),
            stem + "weight_scale": scale.to(torch.float16),
            stem + "weight_zero_point": pack_to_int32((zero - 8).to(torch.int8), 4, packed_dim=0).contiguous(),
            stem + "weight_shape": torch.tensor(weight.shape)}, plain


def words(values, order=range(8)):
    """[n, m] -> [n, m / 8] int32, value order[i] of a word at place i from the lowest bits up."""
    fields = values.long().view(values.shape[0], -1, 8)
    total = sum(fields[:, :, source] << (4 * place) for place, source in enumerate(order))
    return torch.where(total >= 2 ** 31, total - 2 ** 32, total).int().contiguous()


def gptq(weight, case, name):
    shuffled = torch.randperm(weight.shape[1], generator=GENERATOR)  # as with desc_act
    q, zero, scale, plain, index = codes(weight[:, shuffled], case["group"])
    back = torch.argsort(shuffled)
    stem = name[:-6]
    return {stem + "qweight": words(q[:, back]).t().contiguous(), stem + "qzeros": words(zero.t() - 1),
            stem + "scales": scale.t().contiguous().to(torch.float16), stem + "g_idx": index[back].int()}, plain[:, back]


def awq(weight, case, name):
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    q, zero, scale, plain, _ = codes(weight, case["group"])
    stem = name[:-6]
    return {stem + "qweight": words(q.t(), order), stem + "qzeros": words(zero.t(), order),
            stem + "scales": scale.t().contiguous().to(torch.float16)}, plain


def mxfp4(weight, case, name):
    """weight [E, in, out] as transformers holds it; only its shape counts."""
    experts, columns, rows = weight.shape
    blocks = torch.randint(0, 256, (experts, rows, columns // 32, 16), dtype=torch.uint8, generator=GENERATOR)
    scales = torch.randint(121, 126, (experts, rows, columns // 32), dtype=torch.uint8, generator=GENERATOR)
    plain = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
    return {name + "_blocks": blocks, name + "_scales": scales}, plain


KINDS = {
    "fp8": (fp8, lambda case: {"quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic",
                               "weight_block_size": case["block"]}),
    "fp8-channel": (fp8_channel, lambda case: {"quant_method": "compressed-tensors", "format": "float-quantized"}),
    "packed": (packed, lambda case: {"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {
        "group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "type": "int", "group_size": case["group"]}}}}),
    "gptq": (gptq, lambda case: {"quant_method": "gptq", "bits": 4, "group_size": case["group"], "desc_act": True}),
    "awq": (awq, lambda case: {"quant_method": "awq", "bits": 4, "group_size": case["group"], "version": "gemm"}),
    "mxfp4": (mxfp4, lambda case: {"quant_method": "mxfp4"}),
}


def is_quantised(name, tensor, kind):
    if kind == "mxfp4":
        return name.endswith(("experts.gate_up_proj", "experts.down_proj"))
    return name.endswith("_proj.weight") and tensor.dim() == 2


def make(case):
    config = dict(case["make"])
    torch.manual_seed(4)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(config.pop("model_type"), **config),
                                             dtype=torch.float32).eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.normal_(1.0 if "norm" in name else 0.0, 0.2)
    model.save_pretrained(case["model"])


def main():
    for case in json.load(open(sys.argv[1])):
        if "make" in case:
            make(case)
        convert, block = KINDS[case["kind"]]
        tensors = load_file(os.path.join(case["model"], "model.safetensors"))
        stored, plain = {}, {}
        for name, tensor in tensors.items():
            if is_quantised(name, tensor, case["kind"]):
                parts, value = convert(tensor.float(), case, name)
                stored |= parts
                plain[name] = value.float().contiguous()
            else:
                stored[name] = plain[name] = tensor
        config = json.load(open(os.path.join(case["model"], "config.json")))
        for folder, weights, more in ((case["out"], stored, {"quantization_config": block(case)}),
                                      (case["plain"], plain, {})):
            os.makedirs(folder)
            save_file(weights, os.path.join(folder, "model.safetensors"), {"format": "pt"})
            json.dump({**config, **more}, open(os.path.join(folder, "config.json"), "w"))


main()
