#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Export of a cut beside `cp` of the same bytes, both from and to the disk (fsync), alternating in one run.

    .deps/oracle/bin/python tests/bench/export_speed.py [--layers 10] [--repeats 3] [--keep]

Writes a checkpoint of Qwen3-30B-A3B's layer shapes (streaming.py's; 10 layers are 12 GB), cuts half of the experts of every
layer, and prints the throughput of `espalier export` without the check of logits, which computes, beside that of cp. The
export also hashes every file for SHA256SUMS and reads it back to verify the sums and the structure.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import time

from streaming import EXPERTS, ROOT, write_model


def evict(folder):
    """The files' pages out of memory: a model that has to be cut is seldom in it."""
    for file in folder.iterdir():
        with open(file, "rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def timed(work):
    begin = time.monotonic()
    result = work()
    return time.monotonic() - begin, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/app/cli/espalier", type=pathlib.Path)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the checkpoint under build/")
    arguments = parser.parse_args()
    work = ROOT / "build/bench-export"
    work.mkdir(parents=True, exist_ok=True)
    model = work / f"model-{arguments.layers}"
    if not model.exists():
        write_model(model, arguments.layers)
    # Every second expert: slabs that do not lie beside each other
    plan = work / "plan.json"
    plan.write_text(json.dumps({
        "schema": "espalier.plan/1",
        "layers": [{"layer": layer, "keep": list(range(0, EXPERTS, 2))} for layer in range(arguments.layers)]}))
    cut, copy = work / "cut", work / "copy"

    def export():
        shutil.rmtree(cut, ignore_errors=True)
        answer = subprocess.run([str(arguments.program), "export", str(model), "--plan", str(plan), "--out", str(cut),
                                 "--no-logits", "--json", "--progress", "none"], check=True, capture_output=True)
        return json.loads(answer.stdout)

    def copied():
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-r", str(cut), str(copy)], check=True)
        subprocess.run(["sync", *map(str, copy.iterdir())], check=True)

    exports, copies, written = [], [], []
    for _ in range(arguments.repeats):
        evict(model)
        seconds, report = timed(export)
        assert report["verified"] and report["bytes"] == report["predicted_bytes"]
        exports.append(seconds)
        written.append(seconds - report["seconds_verifying"])
        evict(cut)
        copies.append(timed(copied)[0])
    size = report["bytes"] / 1e9
    print(f"checkpoint {sum(file.stat().st_size for file in model.glob('*.safetensors')) / 1e9:.2f} GB, cut {size:.2f} GB")
    for name, seconds in (("export, verified", exports), ("export, written", written), ("cp", copies)):
        print(f"  {name:<16} {size / min(seconds):.2f} GB/s ({', '.join(f'{s:.1f}' for s in seconds)} s)")
    print(f"throughput export / cp: {min(copies) / min(exports):.2f} x with verification, "
          f"{min(copies) / min(written):.2f} x without")
    if not arguments.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
