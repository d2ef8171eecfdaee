# SPDX-License-Identifier: Apache-2.0
"""Greedy answers by transformers in float32.

usage: generate.py CASES.json OUT.json
CASES: [{"model": folder, "prompts": [[id, ...], ...], "keep": null | {layer: [expert, ...]}, "max_tokens": n,
         "stop_tokens": [id, ...]}, ...]
OUT: [[[new id, ...] per prompt] per case], a stop token excluded.
"""
import json
import sys

import torch
from masked_model import load, set_mask


def answer(model, prompt, case):
    stops = case["stop_tokens"]
    with torch.no_grad():
        ids = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False,
            max_new_tokens=case["max_tokens"], eos_token_id=stops or None, pad_token_id=0)[0, len(prompt):].tolist()
    return ids[:-1] if ids and ids[-1] in stops else ids


def main():
    answers = []
    models = {}
    for case in json.load(open(sys.argv[1])):
        folder = case["model"]
        if folder not in models:
            models[folder] = load(folder, threads=1)
        model = models[folder]
        keep = case["keep"] and {int(layer): ids for layer, ids in case["keep"].items()}
        set_mask(model, keep)
        model.generation_config.eos_token_id = None
        answers.append([answer(model, prompt, case) for prompt in case["prompts"]])
    json.dump(answers, open(sys.argv[2], "w"))


main()
