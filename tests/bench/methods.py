#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every score on the bundled model: three numbers of experts kept, four domains, beside random plans.

usage: methods.py [--cli build/release/app/cli/espalier] [--tokens N] [--items N] [--only METHOD,...] [--write]
Prints the tables of resources/manual/methods.md; --write puts them there, between its marks. Needs Python alone.
Plans are made from the domain's own scores, the same number in every layer. Exact match on the domain's task with its 95 % interval;
for prose the perplexity as a multiple of the whole model's, with its 95 % interval; KL on the domain's calibration text.
"""
import argparse
import json
import pathlib
import tempfile

from carve import CALIBRATION, ROOT, TASKS, run

MODEL = ROOT / "resources/demo/model"
PAGE = ROOT / "resources/manual/methods.md"
DOMAINS = {"json": True, "arithmetic": True, "number-german": True, "prose-french": False}  # True: has a task
KEEPS = [24, 16, 8]
BEGIN, END = "<!-- tests/bench/methods.py -->", "<!-- end -->"


def study(cli, scratch, tokens):
    path = scratch / "methods.espalier"
    data = [part for file in sorted(CALIBRATION.glob("*.jsonl")) for part in ("--data", f"{file.stem}={file}")]
    run(cli, "profile", MODEL, "--study", path, "--context", 256, "--max-tokens", tokens, "--statistics", "all,bank", *data)
    run(cli, "weights", MODEL, "--study", path)
    return path


def methods(cli):
    known = run(cli, "methods")["scores"]
    return [method["id"] for method in known if method["id"] not in ("random", "unified") and "energy" not in method["id"]]


def quality(row, domain, has_task, random):
    if has_task:
        found = row["tasks"][domain]
        better = found["accuracy"] > random["tasks"][domain]["accuracy"] and found["p_value_random"] < 0.05
        star = "\\*" if better else ""
        return f"{100 * found['accuracy']:.1f}{star} ({100 * found['ci95'][0]:.0f}–{100 * found['ci95'][1]:.0f})"
    found = row["domains"][domain]
    low, high = found["perplexity_ratio_ci95"]
    return f"{found['perplexity'] / found['perplexity_base']:.2f} ({low:.2f}–{high:.2f})"


def table(cli, path, names, domain, has_task, items):
    task = ["--task", f"{domain}={TASKS / domain}.jsonl", "--max-items", items] if has_task else []
    report = run(cli, "compare", path, "--method", ",".join(names), "--keep", ",".join(map(str, KEEPS)), "--domain", domain,
                 "--text", f"{domain}={CALIBRATION / domain}.jsonl", "--max-tokens", 4000, "--context", 256, *task)
    cells = {}
    for row in report["rows"]:
        name = f"`{row['method']}`" if row["baseline"] == "" else "best of 3 random"
        size = int(row["size"].split()[-1])
        kept = cells.setdefault(name, {}).get(size)
        value = (lambda r: r["tasks"][domain]["accuracy"]) if has_task else (lambda r: -r["domains"][domain]["kl_mean"])
        if kept is None or value(row) > value(kept):
            cells[name][size] = row
    what = "exact match, %" if has_task else "perplexity, times the whole model's"
    lines = [f"**{domain}** ({what}; KL in nats)", "",
             "| score | " + " | ".join(f"{keep} of 32 | KL" for keep in KEEPS) + " |",
             "| --- |" + " ---: | ---: |" * len(KEEPS)]
    for name, sizes in cells.items():
        line = f"| {name} |"
        for keep in KEEPS:
            row = sizes[keep]
            random = cells["best of 3 random"][keep]
            line += f" {quality(row, domain, has_task, random)} | {row['domains'][domain]['kl_mean']:.2f} |"
        lines.append(line)
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", default=ROOT / "build/release/app/cli/espalier")
    parser.add_argument("--tokens", type=int, default=4000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--only", help="methods, separated by commas")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        path = study(options.cli, pathlib.Path(folder), options.tokens)
        names = options.only.split(",") if options.only else methods(options.cli)
        for domain, has_task in DOMAINS.items():
            part = table(options.cli, path, names, domain, has_task, options.items)
            print("\n".join(part), "\n", flush=True)
            lines += [*part, ""]
    if options.write:
        head, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n\n" + "\n".join(lines) + "\n" + END + rest.split(END, 1)[1])


if __name__ == "__main__":
    main()
