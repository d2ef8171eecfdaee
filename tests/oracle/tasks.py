# SPDX-License-Identifier: Apache-2.0
"""What validation measures, by transformers with masked routers: greedy answers, perplexity, KL and agreement.

usage: tasks.py MODEL JOB.json OUT.json
JOB: {"plans": [{"layer": [kept ids]}, ...], "tasks": [{"prompt", "answer"}], "max_tokens": n, "texts": [[id, ...], ...]}
OUT: {"answers": [[text up to the first newline, ...] for the base, then each plan],
      "texts": [{"tokens", "perplexity", "kl_mean", "kl_p99", "top1_agreement"} the same]}
"""
import json
import math
import sys

from masked_model import load, set_mask  # first: it sets what torch reads at import

import numpy as np
import torch
from tokenizers import Tokenizer


def answer(model, tokenizer, prompt, most):
    ids = torch.tensor([tokenizer.encode(prompt).ids])
    past, new = None, []
    for _ in range(most):
        out = model(ids, past_key_values=past, use_cache=True, logits_to_keep=1)
        past = out.past_key_values
        new.append(int(out.logits[0, -1].argmax()))
        if "\n" in tokenizer.decode([new[-1]]):
            break
        ids = torch.tensor([[new[-1]]])
    return tokenizer.decode(new).split("\n")[0]


def log_probabilities(model, texts):
    return [torch.log_softmax(model(torch.tensor([ids])).logits[0, :-1].double(), -1) for ids in texts]


def compare(texts, base, here):
    nll, kl, agree = [], [], []
    for ids, p, q in zip(texts, base, here):
        nll += (-q[torch.arange(len(ids) - 1), torch.tensor(ids[1:])]).tolist()
        kl += (p.exp() * (p - q)).sum(-1).tolist()
        agree += (p.argmax(-1) == q.argmax(-1)).tolist()
    return {"tokens": len(nll), "perplexity": math.exp(np.mean(nll)), "kl_mean": float(np.mean(kl)),
            "kl_p99": float(np.quantile(kl, 0.99)), "top1_agreement": float(np.mean(agree))}


def main():
    model = load(sys.argv[1])
    tokenizer = Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
    job = json.load(open(sys.argv[2]))
    plans = [None] + [{int(n): keep for n, keep in plan.items()} for plan in job["plans"]]
    result = {"answers": [], "texts": []}
    base = None
    with torch.inference_mode():
        for plan in plans:
            set_mask(model, plan)
            result["answers"].append([answer(model, tokenizer, t["prompt"], job["max_tokens"]) for t in job["tasks"]])
            here = log_probabilities(model, job["texts"])
            base = base or here
            result["texts"].append(compare(job["texts"], base, here))
    json.dump(result, open(sys.argv[3], "w"))


main()
