# SPDX-License-Identifier: Apache-2.0
"""Compares cuts of GGUF files with their sources by the gguf package.

usage: gguf_cut.py CASES.json
CASES: [{"source": file, "cut": file, "experts": n, "layers": decoder blocks, "keep": {layer: [expert, ...]},
         "dropped": whether blocks for further tokens were left out}, ...]
Every key but the number of experts, and every tensor but the experts' and routers' must be the same; of those the kept
slabs, byte for byte. Blocks behind the last decoder block follow its list. Names the first difference and fails.
"""
import json
import re
import sys

from gguf import GGUFReader

OF_EXPERTS = r"blk\.(\d+)\.(ffn_(gate|up|down|gate_up)_exps\.(weight|bias)|ffn_gate_inp\.(weight|bias)|exp_probs_b\.bias)$"


def fields(reader):
    """Key -> types and stored bytes of the value."""
    return {name: (field.types, [part.tobytes() for part in field.parts[1:]]) for name, field in reader.fields.items()
            if not name.startswith(("GGUF.", "split."))}


def compare(case):
    source, cut = GGUFReader(case["source"]), GGUFReader(case["cut"])
    architecture = source.fields["general.architecture"].contents()
    kept = len(next(iter(case["keep"].values())))
    expected = {f"{architecture}.expert_count": kept}
    if case["dropped"]:
        expected |= {f"{architecture}.block_count": case["layers"], f"{architecture}.nextn_predict_layers": 0}
    before, after = fields(source), fields(cut)
    assert list(before) == list(after), set(before) ^ set(after)
    for name, value in before.items():
        if name in expected:
            assert cut.fields[name].contents() == expected[name], (name, cut.fields[name].contents())
            assert cut.fields[name].types == source.fields[name].types, name
        else:
            assert value == after[name], name
    theirs = {tensor.name: tensor for tensor in cut.tensors}
    names = [tensor.name for tensor in source.tensors]
    last = max(int(layer) for layer in case["keep"])
    for tensor in source.tensors:
        block = re.match(r"blk\.(\d+)\.", tensor.name)
        if case["dropped"] and block and int(block[1]) >= case["layers"]:
            names.remove(tensor.name)
            continue
        own = theirs[tensor.name]
        assert own.tensor_type == tensor.tensor_type, tensor.name
        data = tensor.data
        match = re.match(OF_EXPERTS, tensor.name)
        layer = match and str(min(int(match[1]), last))
        if match and layer in case["keep"]:
            assert data.shape[0] == case["experts"], (tensor.name, data.shape)
            data = data[case["keep"][layer]]
        assert data.shape == own.data.shape and data.tobytes() == own.data.tobytes(), tensor.name
    assert names == [tensor.name for tensor in cut.tensors]


for one in json.load(open(sys.argv[1])):
    compare(one)
