# SPDX-License-Identifier: Apache-2.0
"""Where every code point is cut, and what the normalisers make of it, by the `tokenizers` package.

usage: pre_tokenizer_sweep.py CASES.json OUT
CASES: [{"name": ..., "json": pre-tokenizer as in tokenizer.json}, ...]. For each case OUT/<name> holds the lengths in
characters of the pieces of "a" + c + c + "1 " for c in order (those of sweep()), one byte each, 0 behind every text.
For "normalizers": {"name": ..., "normalizer": json}: OUT/<name> is the UTF-8 of all results, each
behind its length in bytes, one byte.
"""
import json
import pathlib
import sys

from tokenizers import Tokenizer, models


def sweep():
    """Every assigned region with some of the unassigned."""
    for first, last in ((0, 0x3400), (0x4db0, 0x4e10), (0x9ff0, 0xac10), (0xd790, 0xd800), (0xe000, 0xe010), (0xf8f0, 0x1d000),
                        (0x1d000, 0x20010), (0x2a6d0, 0x2ec00), (0x2f800, 0x2fa20), (0x30000, 0x30010), (0x31340, 0x323c0),
                        (0xe0000, 0xe0200), (0x10fff0, 0x110000)):
        yield from range(first, last)


def main():
    out = pathlib.Path(sys.argv[2])
    blank = json.loads(Tokenizer(models.BPE()).to_str())
    for case in json.load(open(sys.argv[1])):
        key = "normalizer" if "normalizer" in case else "pre_tokenizer"
        tokenizer = Tokenizer.from_str(json.dumps(blank | {key: case.get("normalizer", case.get("json"))}))
        result = bytearray()
        for code in sweep():
            c = chr(code)
            if key == "normalizer":
                text = tokenizer.normalizer.normalize_str("a" + c + "\u0301").encode()
                result += bytes([len(text)]) + text
            else:
                pieces = tokenizer.pre_tokenizer.pre_tokenize_str("a" + c + c + "1 ")
                result += bytes(end - begin for _, (begin, end) in pieces) + b"\0"
        (out / case["name"]).write_bytes(result)


main()
