# SPDX-License-Identifier: Apache-2.0
"""importance_matrix.py OUT.gguf OUT.dat OUT.json: a made-up importance matrix of llama.cpp in both its forms, the first
written by the gguf package, and what it holds per expert. Arguments of the model come as a JSON object on standard input:
layers[], experts, top_k, width, hidden, tokens."""
import json
import struct
import sys

import numpy as np
from gguf import GGUFWriter

spec = json.load(sys.stdin)
rng = np.random.default_rng(7)
experts, k, width, hidden = spec["experts"], spec["top_k"], spec["width"], spec["hidden"]
chunk = 16
entries, expected = {}, {}
for layer in spec["layers"]:
    counts = np.zeros(experts)
    sums = {"ffn_gate_exps": np.zeros((experts, hidden)), "ffn_up_exps": np.zeros((experts, hidden)),
            "ffn_down_exps": np.zeros((experts, width))}
    for _ in range(spec["tokens"]):
        chosen = rng.permutation(experts - 1)[:k]  # the last expert is never chosen
        for expert in chosen:
            counts[expert] += 1
            for name, total in sums.items():
                total[expert] += rng.standard_normal(total.shape[1]) ** 2
    for name, total in sums.items():
        entries[f"blk.{layer}.{name}.weight"] = (total.astype(np.float32), counts.astype(np.float32))
    entries[f"blk.{layer}.attn_q.weight"] = (rng.random((1, hidden), dtype=np.float32),
                                             np.array([spec["tokens"]], dtype=np.float32))
    energy = np.divide(sums["ffn_down_exps"].sum(axis=1), counts, out=np.zeros(experts), where=counts > 0)
    expected[layer] = {"counts": counts.tolist(), "energy": energy.tolist()}

writer = GGUFWriter(sys.argv[1], "")
writer.add_string("general.type", "imatrix")
writer.add_array("imatrix.datasets", ["wiki.txt"])
writer.add_uint32("imatrix.chunk_count", spec["tokens"] // chunk)
writer.add_uint32("imatrix.chunk_size", chunk)
for name, (total, counts) in sorted(entries.items()):
    writer.add_tensor(name + ".in_sum2", total)
    writer.add_tensor(name + ".counts", counts.reshape(-1, 1))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

with open(sys.argv[2], "wb") as out:
    out.write(struct.pack("<i", len(entries)))
    for name, (total, counts) in sorted(entries.items()):
        calls = int(np.ceil(counts.max() / chunk))
        rows = np.where(counts[:, None] > 0, total / np.maximum(counts[:, None], 1), 1.0) * calls
        raw = name.encode()
        out.write(struct.pack("<i", len(raw)) + raw + struct.pack("<ii", calls, total.size))
        out.write(rows.astype("<f4").tobytes())
    text = b"wiki.txt"
    out.write(struct.pack("<ii", spec["tokens"] // chunk, len(text)) + text)
json.dump(expected, open(sys.argv[3], "w"))
