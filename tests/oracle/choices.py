# SPDX-License-Identifier: Apache-2.0
"""Multiple choice by log-likelihood with lm-eval's rules, by transformers with masked routers, one text at a time.

usage: choices.py MODEL JOB.json OUT.json
JOB: {"plans": [{"layer": [kept ids]}, ...], "items": [{"query", "choices", "gold"}]}
OUT: [variant][item] = {"likelihoods": [per choice], "acc": bool, "acc_norm": bool} for the base, then each plan
"""
import json
import sys

from masked_model import load, set_mask  # first: it sets what torch reads at import

import torch
from tokenizers import Tokenizer


def encode_pair(tokenizer, context, continuation):
    """lm_eval.api.model.TemplateLM._encode_pair, with the tokenizer's own special tokens."""
    spaces = len(context) - len(context.rstrip())
    if spaces > 0:
        continuation = context[-spaces:] + continuation
        context = context[:-spaces]
    whole = tokenizer.encode(context + continuation).ids
    return whole, len(tokenizer.encode(context).ids)


def likelihood(model, ids, begin):
    logits = model(torch.tensor([ids])).logits[0].double()
    log_p = torch.log_softmax(logits[begin - 1:-1], -1)
    return float(log_p[torch.arange(len(ids) - begin), torch.tensor(ids[begin:])].sum())


def judge(model, tokenizer, item):
    values = [likelihood(model, *encode_pair(tokenizer, item["query"], " " + choice)) for choice in item["choices"]]
    norm = [value / len(choice) for value, choice in zip(values, item["choices"])]
    return {"likelihoods": values, "acc": max(range(len(values)), key=values.__getitem__) == item["gold"],
            "acc_norm": max(range(len(norm)), key=norm.__getitem__) == item["gold"]}


def main():
    model = load(sys.argv[1])
    tokenizer = Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
    job = json.load(open(sys.argv[2]))
    plans = [None] + [{int(n): keep for n, keep in plan.items()} for plan in job["plans"]]
    result = []
    with torch.inference_mode():
        for plan in plans:
            set_mask(model, plan)
            result.append([judge(model, tokenizer, item) for item in job["items"]])
    json.dump(result, open(sys.argv[3], "w"))


if __name__ == "__main__":
    main()
