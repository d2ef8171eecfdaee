# SPDX-License-Identifier: Apache-2.0
"""Stored bytes of every quantised format with what the format's own implementation makes of them.

usage: dequantise.py FOLDER
Writes FOLDER/cases.json: [{"name", "kind", "rows", "columns", ... , "parts": {part: file}, "expected": file}, ...];
expected: float32 [rows, columns], little-endian. Sources: ggml blocks by the gguf package, FP8 by torch, MXFP4 by
transformers' converter, pack-quantized by compressed-tensors, GPTQ and AWQ by their papers' layouts in float64.
"""
import json
import os
import sys

import gguf
import numpy as np
import torch
from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

FOLDER = sys.argv[1]
CASES = []
RANDOM = np.random.default_rng(5)


def add(name, kind, rows, columns, parts, expected, **more):
    case = {"name": name, "kind": kind, "rows": rows, "columns": columns, "parts": {}, **more}
    for part, array in {**parts, "expected": np.asarray(expected, dtype=np.float32).reshape(rows, columns)}.items():
        file = os.path.join(FOLDER, f"{len(CASES)}-{part}.bin")
        np.ascontiguousarray(array).tofile(file)
        case["parts"][part] = file
    CASES.append(case)


# Places of the binary16 numbers inside a block: random bytes there would be infinities now and then.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
          "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0], "MXFP4": []}


def ggml_blocks():
    for name, places in HALVES.items():
        kind = GGMLQuantizationType[name]
        elements, size = GGML_QUANT_SIZES[kind]
        count = 96
        data = RANDOM.integers(0, 256, (count, size), dtype=np.uint8)
        for place in places:
            halves = RANDOM.standard_normal(count).astype(np.float16)
            halves[:4] = [0, 6e-8, -3e-5, 512]  # zero, the smallest subnormal, another one, a large one
            data[:, place:place + 2] = halves.view(np.uint8).reshape(count, 2)
        data[0, -32:] = 0
        data[1, -16:] = 255
        if name == "MXFP4":
            data[:, 0] = RANDOM.integers(0, 254, count)
            data[:3, 0] = [0, 1, 2]
        expected = gguf.quants.dequantize(data, kind)
        add(name, name, count, elements, {"weight": data}, expected)


def plain():
    every = np.arange(65536, dtype=np.uint16)
    add("every half", "F16", 256, 256, {"weight": every}, every.view(np.float16).astype(np.float32))
    add("every bfloat16", "BF16", 256, 256, {"weight": every}, (every.astype(np.uint32) << 16).view(np.float32))
    codes = torch.arange(256, dtype=torch.int32).to(torch.uint8)
    for name, dtype in (("F8_E4M3", torch.float8_e4m3fn), ("F8_E5M2", torch.float8_e5m2),
                        ("F8_E8M0", torch.float8_e8m0fnu)):
        add("every " + name, name, 1, 256, {"weight": codes.numpy()}, codes.view(dtype).float().numpy())
    doubles = RANDOM.standard_normal(64)
    add("doubles", "F64", 1, 64, {"weight": doubles}, doubles.astype(np.float32))


def scaled():
    for rows, columns, block in ((256, 384, (128, 128)), (300, 200, (128, 128)), (1, 130, (128, 128)),
                                 (77, 40, (1, 40)), (50, 96, (50, 96)), (33, 64, (1, 16))):
        weight = torch.from_numpy(RANDOM.standard_normal((rows, columns)).astype(np.float32)).to(torch.float8_e4m3fn)
        grid = (-(-rows // block[0]), -(-columns // block[1]))
        scale = RANDOM.uniform(1e-4, 2, grid).astype(np.float32)
        whole = np.repeat(np.repeat(scale, block[0], 0)[:rows], block[1], 1)[:, :columns]
        add(f"blocks of {block} in {rows} x {columns}", "scaled", rows, columns,
            {"weight": weight.view(torch.uint8).numpy(), "scales": scale}, weight.float().numpy() * whole,
            block=block)


def mxfp4():
    experts, rows, groups = 3, 10, 4
    blocks = torch.from_numpy(RANDOM.integers(0, 256, (experts, rows, groups, 16), dtype=np.uint8))
    scales = torch.from_numpy(RANDOM.integers(90, 160, (experts, rows, groups), dtype=np.uint8))
    # transformers' layer holds the transposed matrices
    weight = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32).transpose(1, 2)
    add("gpt-oss", "mxfp4", experts * rows, groups * 32, {"weight": blocks.numpy(), "scales": scales.numpy()},
        weight.contiguous().numpy())


def group_of(columns, groups, size, shuffled):
    index = np.arange(columns, dtype=np.int32) // size
    return RANDOM.permutation(index).astype(np.int32) if shuffled else index


def packed():
    for bits, rows, columns, size, symmetric, shuffled in (
            (4, 24, 64, 32, True, False), (4, 20, 70, 35, False, False), (8, 12, 40, 8, False, False),
            (4, 16, 64, 16, True, True), (4, 9, 24, 24, True, False), (2, 16, 48, 16, False, False)):
        groups = columns // size
        middle = 1 << (bits - 1)
        q = RANDOM.integers(-middle, middle, (rows, columns)).astype(np.int8)
        zero = np.zeros((rows, groups), np.int8) if symmetric else RANDOM.integers(
            -middle, middle, (rows, groups)).astype(np.int8)
        scale = RANDOM.uniform(0.01, 1, (rows, groups)).astype(np.float32)
        index = group_of(columns, groups, size, shuffled)
        parts = {"weight": pack_to_int32(torch.from_numpy(q), bits).contiguous().numpy(), "scales": scale}
        if not symmetric:
            parts["zeros"] = pack_to_int32(torch.from_numpy(zero), bits, packed_dim=0).contiguous().numpy()
        if shuffled:
            parts["groups"] = index
        expected = (q.astype(np.float64) - zero[:, index]) * scale[:, index].astype(np.float64)
        add(f"packed {bits} bits, {rows} x {columns}, groups of {size}", "packed", rows, columns, parts, expected,
            bits=bits, groups=groups)


def pack_words(values, bits, order=None):
    """values [n, m] below 2^bits -> words [n, m / per], value order[i] of a word at place i from the lowest bits up."""
    per = 32 // bits
    padded = np.zeros((values.shape[0], -(-values.shape[1] // per) * per), np.uint64)
    padded[:, :values.shape[1]] = values
    fields = padded.reshape(values.shape[0], -1, per)
    if order is not None:
        fields = fields[:, :, order]
    words = sum(fields[:, :, i] << np.uint64(bits * i) for i in range(per))
    return words.astype(np.uint32)


def gptq():
    for bits, rows, columns, size, shuffled, offset in ((4, 16, 64, 32, False, 1), (4, 24, 96, 32, True, 1),
                                                        (8, 12, 32, 16, False, 1), (4, 16, 32, 32, True, 0)):
        groups = columns // size
        q = RANDOM.integers(0, 1 << bits, (columns, rows))
        zero = RANDOM.integers(1, 1 << bits, (groups, rows))
        scale = RANDOM.uniform(0.01, 1, (groups, rows)).astype(np.float32)
        index = group_of(columns, groups, size, shuffled)
        parts = {"weight": pack_words(q.T, bits).T, "scales": scale, "zeros": pack_words(zero - offset, bits)}
        if shuffled:
            parts["groups"] = index
        expected = ((q - zero[index]) * scale[index].astype(np.float64)).T
        add(f"GPTQ {bits} bits, {rows} x {columns}, offset {offset}, shuffled {shuffled}", "gptq", rows, columns, parts,
            expected, bits=bits, groups=groups, offset=offset)


def awq():
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    for rows, columns, size in ((16, 64, 32), (40, 48, 16)):
        groups = columns // size
        q = RANDOM.integers(0, 16, (columns, rows))
        zero = RANDOM.integers(0, 16, (groups, rows))
        scale = RANDOM.uniform(0.01, 1, (groups, rows)).astype(np.float32)
        index = group_of(columns, groups, size, False)
        expected = ((q - zero[index]) * scale[index].astype(np.float64)).T
        add(f"AWQ {rows} x {columns}", "awq", rows, columns,
            {"weight": pack_words(q, 4, order), "scales": scale, "zeros": pack_words(zero, 4, order)}, expected,
            bits=4, groups=groups)


plain()
ggml_blocks()
scaled()
mxfp4()
packed()
gptq()
awq()
json.dump(CASES, open(os.path.join(FOLDER, "cases.json"), "w"))
