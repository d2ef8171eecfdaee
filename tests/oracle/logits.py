# SPDX-License-Identifier: Apache-2.0
"""Logits by transformers in float32 for a list of cases.

usage: logits.py CASES.json
CASES: [{"model": folder, "sequences": [[id, ...], ...], "keep": null | {layer: [expert, ...]}, "out": file,
         "double": false | true}, ...]
double: weights and sums in float64, where transformers itself does not insist on float32.
out: float32 [positions, vocabulary] of every sequence, one behind the other, little-endian.
"""
import json
import sys

import torch
from masked_model import load, set_mask


def main():
    models = {}
    for case in json.load(open(sys.argv[1])):
        folder, double = case["model"], case.get("double", False)
        model = models.get((folder, double)) or load(folder, threads=1)
        models[folder, double] = model = model.double() if double else model
        keep = case["keep"] and {int(layer): ids for layer, ids in case["keep"].items()}
        set_mask(model, keep)
        with torch.no_grad(), open(case["out"], "wb") as out:
            for ids in case["sequences"]:
                logits = model(torch.tensor([ids]), use_cache=False).logits[0]
                out.write(logits.float().contiguous().numpy().astype("<f4").tobytes())


main()
