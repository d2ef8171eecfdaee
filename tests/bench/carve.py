# SPDX-License-Identifier: Apache-2.0
"""Carving on the bundled dense model: routers and controls at three active shares, in one table.

usage: carve.py [--cli build/release/app/cli/espalier] [--tokens N] [--items N] [--only NAME,...] [--write]
       carve.py --large-layer TOKENS
Prints the table of resources/manual/carve.md; --write puts it there, between its marks. Needs Python alone.
Accuracy: mean over the eight tasks, exact match. Perplexity: geometric mean over the four texts that the model knows.
Agreement and energy are means over the layers, on tokens the routers were not fitted on.
"""
import argparse
import json
import math
import pathlib
import random
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "resources/demo-dense/model"
CALIBRATION = ROOT / "resources/demo/calibration"
TASKS = ROOT / "resources/demo/tasks"
PAGE = ROOT / "resources/manual/carve.md"
SHARES = [(75, 4, 8), (50, 4, 4), (25, 2, 2)]  # per cent, shared, active of 16
VARIANTS = [
    ("static pruning", []),
    ("random split, linear router", ["--split", "random"]),
    ("CMoE as published", ["--router", "paper"]),
    ("representative", ["--router", "representative"]),
    ("energy of 8 neurons", ["--router", "energy"]),
    ("low rank 16", ["--router", "lowrank"]),
    ("linear (default)", []),
]
BEGIN, END = "<!-- tests/bench/carve.py -->", "<!-- end -->"


def run(cli, *arguments):
    done = subprocess.run([cli, *map(str, arguments), "--json", "--progress", "none"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr}")
    return json.loads(done.stdout)


def tasks_of():
    """The bundled tasks and texts as options of validate, without the language that the model does not know."""
    arguments = []
    for file in sorted(TASKS.glob("*.jsonl")):
        if file.stem == "heldout-spanish":
            continue
        text = "text" in json.loads(file.open().readline())
        arguments += ["--text" if text else "--task", f"{file.stem}={file}"]
    return arguments


def summary(plan):
    """Mean accuracy in per cent and geometric mean of perplexities of one plan of validate."""
    tasks = [task["accuracy"] for task in plan["tasks"].values()]
    logs = [math.log(domain["perplexity"]) for domain in plan["domains"].values()]
    return 100 * sum(tasks) / len(tasks), math.exp(sum(logs) / len(logs))


def measure(cli, folder, moe, items, scratch):
    layers = [{"layer": n, "keep": list(range(moe))} for n in range(6)] if moe else []
    plan = scratch / "whole.json"
    plan.write_text(json.dumps({"schema": "espalier.plan/1", "layers": layers}))
    arguments = ["validate", folder, "--plan", plan, "--context", 256, "--max-items", items, *tasks_of()]
    return summary(run(cli, *arguments)["plans"][0])


def mean(layers, *keys):
    total = 0.0
    for layer in layers:
        for key in keys:
            layer = layer[key]
        total += layer
    return 100 * total / len(layers)


def row(cli, scratch, options, number, name, share, shared, active):
    static = name == "static pruning"
    out = scratch / str(number)
    arguments = ["carve", MODEL, "--experts", 16, "--context", 256, "--max-tokens", options.tokens, "--out", out,
                 "--shared", shared + active if static else shared, "--active", 0 if static else active,
                 *dict(VARIANTS)[name]]
    for file in sorted(CALIBRATION.glob("*.jsonl")):
        arguments += ["--data", f"{file.stem}={file}"]
    carved = run(cli, *arguments)
    accuracy, perplexity = measure(cli, out, 0 if static else 16 - shared, options.items, scratch)
    layers = carved["layers"]
    agreement = "" if static else f"{mean(layers, 'router', 'agreement'):.1f} ({mean(layers, 'lot', 'agreement'):.1f})"
    seconds = sum(sum(layer["seconds"].values()) for layer in layers) / len(layers)
    return (f"| {share} | {name} | {accuracy:.1f} | {perplexity:.1f} | {agreement} | "
            f"{mean(layers, 'router', 'energy_kept'):.2f} | {seconds:.2f} |")


def large_layer(cli, tokens, scratch):
    """Seconds for one layer of the shape of Llama-2-7B (hidden 4096, 11008 neurons), weights made up."""
    hidden, width, vocabulary = 4096, 11008, 64
    folder = scratch / "large"
    folder.mkdir()
    shapes = {"model.embed_tokens.weight": (vocabulary, hidden), "lm_head.weight": (vocabulary, hidden),
              "model.norm.weight": (hidden,)}
    layer = "model.layers.0."
    for name in ("input_layernorm", "post_attention_layernorm"):
        shapes[f"{layer}{name}.weight"] = (hidden,)
    for name in "qkvo":
        shapes[f"{layer}self_attn.{name}_proj.weight"] = (hidden, hidden)
    for name, shape in (("gate", (width, hidden)), ("up", (width, hidden)), ("down", (hidden, width))):
        shapes[f"{layer}mlp.{name}_proj.weight"] = shape
    random.seed(1)
    # bfloat16 is the upper half of float32; a prime number of values, so that no two rows are equal
    values = b"".join(struct.pack("<f", random.gauss(0, 0.02))[2:] for _ in range(500_009))
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with open(folder / "model.safetensors", "wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        for number, shape in enumerate(shapes.values()):
            size, shifted = 2 * math.prod(shape), values[2 * number:] + values[:2 * number]
            if len(shape) == 1:
                shifted = struct.pack("<f", 1.0)[2:]
            while size > 0:
                size -= out.write(shifted[:size])
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": hidden, "vocab_size": vocabulary,
        "intermediate_size": width, "num_attention_heads": 32, "num_key_value_heads": 32, "num_hidden_layers": 1,
        "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": False}))
    letters = [chr(number) for number in range(33, 33 + vocabulary)]
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
        "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                                            "use_regex": False},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": {letter: number for number, letter in enumerate(letters)}, "merges": []}}))
    (scratch / "text.txt").write_text("".join(random.choice(letters) for _ in range(tokens)))
    carved = run(cli, "carve", folder, "--shared", 3, "--active", 3, "--experts", 8, "--data",
                 f"text={scratch / 'text.txt'}", "--context", 1024, "--max-tokens", tokens, "--out", scratch / "cut")
    seconds = carved["layers"][0]["seconds"]
    print(f"One layer of 4096 x 11008, S3A3E8, {tokens} tokens: statistics {seconds['statistics']:.1f} s, split "
          f"{seconds['split']:.1f} s, router {seconds['router']:.1f} s, all {carved['seconds']:.1f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", default=ROOT / "build/release/app/cli/espalier")
    parser.add_argument("--tokens", type=int, default=3000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--large-layer", type=int, metavar="TOKENS", help="time one layer of a 7B model instead")
    options = parser.parse_args()
    if options.large_layer:
        with tempfile.TemporaryDirectory() as folder:
            return large_layer(options.cli, options.large_layer, pathlib.Path(folder))
    lines = ["| active % | carved by | tasks, exact match % | perplexity | agreement with oracle % (by lot) | energy kept % "
             "| s per layer |", "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        accuracy, perplexity = measure(options.cli, MODEL, 0, options.items, scratch)
        lines.append(f"| 100 | the dense model | {accuracy:.1f} | {perplexity:.1f} | | 100.00 | |")
        print("\n".join(lines), flush=True)
        for share, shared, active in SHARES:
            for name, _ in VARIANTS:
                if options.only and not any(part in name for part in options.only.split(",")):
                    continue
                lines.append(row(options.cli, scratch, options, len(lines), name, share, shared, active))
                print(lines[-1], flush=True)
    if options.write:
        text = PAGE.read_text()
        head, rest = text.split(BEGIN)
        PAGE.write_text(head + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
