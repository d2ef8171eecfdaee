#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The base and N plans compared in one pass, beside a pass of its own for each of them.

    .deps/oracle/bin/python tests/bench/many_plans.py [--plans 8] [--layers 2] [--tokens 2048] [--memory 2GiB] [--keep]

Writes a checkpoint of Qwen3-30B-A3B's layer shapes with random bfloat16 weights (1.2 GB a layer) under build/, makes N
random plans of half the experts, and runs `espalier validate` three times: with all plans; with a plan that keeps every
expert, whose hidden states are the base's throughout, so that this is a pass of one model; and with the first plan.
Every pass begins with weights that are not in memory unless --memory is left out. Prints the wall times as a ratio to
N + 1 passes of one model, and the weight bytes that each read.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys

from streaming import ROOT, profile, write_model


def espalier(program, *arguments):
    run = subprocess.run([str(program), *map(str, arguments), "--json", "--progress", "none"], stdout=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit(f"espalier {' '.join(map(str, arguments))} failed")
    return json.loads(run.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/app/cli/espalier", type=pathlib.Path)
    parser.add_argument("--plans", type=int, default=8)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--memory", help="bound on memory, so that weights pass through it")
    parser.add_argument("--keep", action="store_true", help="leave the checkpoint under build/")
    arguments = parser.parse_args()
    work = ROOT / "build/bench-plans"
    work.mkdir(parents=True, exist_ok=True)
    model = work / f"model-{arguments.layers}"
    if not model.exists():
        write_model(model, arguments.layers)
    texts = ROOT / "resources/demo/calibration/prose-english.jsonl"
    study = work / "plans.espalier"
    profile(arguments.program, model, texts, study, 256, None)
    plans = []
    for seed in range(arguments.plans + 1):
        keep = 128 if seed == 0 else 64
        plans.append(work / f"plan-{seed}.json")
        espalier(arguments.program, "plan", study, "--name", f"plan-{seed}", "--method", "random", "--seed", seed,
                 "--keep", keep, "--out", plans[-1])
    every, cuts = plans[0], plans[1:]
    memory = ["--memory", arguments.memory] if arguments.memory else []
    runs = {}
    for name, chosen in ((f"base and {len(cuts)} plans", cuts), ("base alone", [every]), ("base and one plan", cuts[:1])):
        given = [part for plan in chosen for part in ("--plan", plan)]
        runs[name] = espalier(arguments.program, "validate", model, *given, "--text", f"text={texts}", "--max-tokens",
                              arguments.tokens, "--context", "512", "--dtype", "bfloat16", *memory)
    total = sum(file.stat().st_size for file in model.glob("*.safetensors"))
    print(f"checkpoint {total / 1e9:.2f} GB, {arguments.tokens} tokens, --memory {arguments.memory or 'not given'}")
    for name, run in runs.items():
        print(f"  {name:<18} {run['seconds']:7.1f} s, weights read {run['weight_bytes_read'] / total:.3f} x")
    together, alone = runs[f"base and {len(cuts)} plans"]["seconds"], runs["base alone"]["seconds"]
    print(f"one pass / {len(cuts) + 1} passes: {together / (len(cuts) + 1) / alone:.2f} x")
    if not arguments.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
