# SPDX-License-Identifier: Apache-2.0
"""Dense models to carve, and logits of carved ones with the modelling file that lies beside them.

usage: carve.py WORK.json
WORK: {"make": [{"model_type", "config", "seed", "out"}, ...],
       "logits": [{"model": folder, "sequences": [[id, ...], ...], "out": file}, ...]}
out of logits: float32 [positions, vocabulary] of every sequence, one behind the other, little-endian.
"""
import json
import sys

from families import randomise  # before torch: it sets how threads wait

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def main():
    torch.set_num_threads(1)
    work = json.load(open(sys.argv[1]))
    for case in work.get("make", []):
        config = AutoConfig.for_model(case["model_type"], **case["config"])
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
        randomise(model, case["seed"])
        model.save_pretrained(case["out"])
    for case in work.get("logits", []):
        model = AutoModelForCausalLM.from_pretrained(
            case["model"], dtype=torch.float32, trust_remote_code=True, attn_implementation="eager",
            experts_implementation="eager").eval()
        with torch.no_grad(), open(case["out"], "wb") as out:
            for ids in case["sequences"]:
                logits = model(torch.tensor([ids]), use_cache=False).logits[0]
                out.write(logits.contiguous().numpy().astype("<f4").tobytes())
        print(type(model).__name__)


main()
