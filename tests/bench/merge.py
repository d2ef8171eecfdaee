# SPDX-License-Identifier: Apache-2.0
"""Merging the bundled model's experts: every method at three numbers of experts, beside cuts, in one table.

usage: merge.py [--cli build/release/app/cli/espalier] [--tokens N] [--items N] [--only METHOD,...] [--variants] [--keep K,...]
                [--write]
Prints the table of resources/manual/merging.md; --write puts it there, between its marks. Needs Python alone.
Accuracy: mean over the eight tasks, exact match. Perplexity: geometric mean over the four texts that the model knows.
Cuts: the experts with the best scores stay, by the same texts.
"""
import argparse
import pathlib
import tempfile

from carve import ROOT, CALIBRATION, run, summary, tasks_of

MODEL = ROOT / "resources/demo/model"
PAGE = ROOT / "resources/manual/merging.md"
METHODS = ["hc-smoe", "diversifying", "diversifying-weights", "uncurl", "m-smoe", "ream", "least-error"]
CUTS = ["reap-sum", "frequency", "random"]
VARIANTS = {"hc-smoe, --router kept": ["--method", "hc-smoe", "--router", "kept"],
            "hc-smoe, --router fitted": ["--method", "hc-smoe", "--router", "fitted"],
            "ream, --router fitted": ["--method", "ream", "--router", "fitted"],
            "least-error, --router kept": ["--method", "least-error", "--router", "kept"],
            "least-error, --router fitted": ["--method", "least-error", "--router", "fitted"],
            "ream, --no-align": ["--method", "ream", "--no-align"]}
BEGIN, END = "<!-- tests/bench/merge.py -->", "<!-- end -->"


def whole(scratch, experts):
    """The plan that keeps everything: validate needs one."""
    path = scratch / f"whole-{experts}.json"
    layers = ",".join(f'{{"layer": {n}, "keep": {list(range(experts))}}}' for n in range(6))
    path.write_text(f'{{"schema": "espalier.plan/1", "layers": [{layers}]}}')
    return path


def validate(cli, folder, plans, items):
    arguments = ["validate", folder, "--context", 256, "--max-items", items, *tasks_of()]
    for plan in plans:
        arguments += ["--plan", plan]
    return [summary(plan) for plan in run(cli, *arguments)["plans"]]


def merged(cli, scratch, options, name, keep):
    out = scratch / f"{name}-{keep}".replace(" ", "")
    report = run(cli, "merge", MODEL, *VARIANTS.get(name, ["--method", name]), "--keep", keep, "--context", 256,
                 "--max-tokens", options.tokens, "--out", out, *data())
    accuracy, perplexity = validate(cli, out, [whole(scratch, keep)], options.items)[0]
    change = 100 * sum(layer["predicted_error"] for layer in report["layers"]) / len(report["layers"])
    return f"| {keep} | {name} | {accuracy:.1f} | {perplexity:.1f} | {change:.1f} | {report['seconds']:.0f} |"


def data():
    return [part for file in sorted(CALIBRATION.glob("*.jsonl")) for part in ("--data", f"{file.stem}={file}")]


def cuts(cli, scratch, options, keeps, names):
    study = scratch / "cuts.espalier"
    run(cli, "profile", MODEL, "--study", study, "--context", 256, "--max-tokens", options.tokens, *data())
    wanted = [(name, keep) for keep in keeps for name in names]
    files = []
    for name, keep in wanted:
        files.append(scratch / f"{name}-{keep}.json")
        run(cli, "plan", study, "--name", f"{name}-{keep}", "--method", name, "--keep", keep, "--out", files[-1])
    figures = validate(cli, MODEL, files, options.items)
    return {pair: f"| {pair[1]} | cut by {pair[0]} | {accuracy:.1f} | {perplexity:.1f} | | |"
            for pair, (accuracy, perplexity) in zip(wanted, figures)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", default=ROOT / "build/release/app/cli/espalier")
    parser.add_argument("--tokens", type=int, default=3000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--only", default=",".join(METHODS))
    parser.add_argument("--variants", action="store_true", help="other router rows and no alignment, too")
    parser.add_argument("--keep", default="24,16,8")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    keeps = [int(keep) for keep in options.keep.split(",")]
    names = options.only.split(",") + (list(VARIANTS) if options.variants else [])
    lines = ["| experts | made by | tasks, exact match % | perplexity | predicted change % | s |",
             "| ---: | --- | ---: | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        accuracy, perplexity = validate(options.cli, MODEL, [whole(scratch, 32)], options.items)[0]
        lines.append(f"| 32 | the whole model | {accuracy:.1f} | {perplexity:.1f} | 0 | |")
        print("\n".join(lines), flush=True)
        controls = cuts(options.cli, scratch, options, keeps, CUTS)
        for keep in keeps:
            for name in [*CUTS, *names]:
                lines.append(controls.get((name, keep)) or merged(options.cli, scratch, options, name, keep))
                print(lines[-1], flush=True)
    if options.write:
        page = PAGE.read_text()
        head, rest = page.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + rest.split(END, 1)[1])


if __name__ == "__main__":
    main()
