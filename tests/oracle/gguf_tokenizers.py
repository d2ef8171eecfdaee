# SPDX-License-Identifier: Apache-2.0
"""The tokenizers of tokenizer_cases.py inside GGUF files with a tiny model, and llama.cpp's ids of their texts.

usage: gguf_tokenizers.py FOLDER
For every FOLDER/<kind>/source.json writes FOLDER/<kind>/model.gguf and llama.json: {"ids": [[...]], "special": [[...]]}
"own_way": [[...]]} parallel to cases.json's texts. own_way: llama.cpp is known to go its own way in such texts, by design
(it does not compose characters for Qwen) or by its own reading of o200k's patterns (combining marks before punctuation).
"""
import json
import pathlib
import sys
import unicodedata

import gguf
import numpy as np

import llama_cpp


def add(writer, name, *shape):
    writer.add_tensor(name, np.random.default_rng(1).standard_normal(shape).astype(np.float32))


def write(file, source):
    width, count = 32, len(source["tokens"])
    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_block_count(1)
    writer.add_context_length(4096)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(16)
    pieces = "scores" in source
    writer.add_tokenizer_model("llama" if pieces else "gpt2")
    writer.add_token_list(source["tokens"])
    writer.add_token_types(source["types"])
    if pieces:
        writer.add_token_scores(source["scores"])
        writer.add_unk_token_id(source["unknown"])
        writer.add_bos_token_id(source["bos"])
    else:
        writer.add_tokenizer_pre(source["pre"])
        writer.add_token_merges(source["merges"])
        end = source["types"].index(3)
        writer.add_bos_token_id(end)
        writer.add_eos_token_id(end)
    add(writer, "token_embd.weight", count, width)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        add(writer, name + ".weight", width)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        add(writer, f"blk.0.{name}.weight", width, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def own_way(kind, text):
    if kind.startswith("qwen"):
        return not unicodedata.is_normalized("NFC", text)
    return kind in ("gpt-4o", "kimi-k2", "tekken") and any(unicodedata.category(c)[0] == "M" for c in text)


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*/source.json")):
        folder = path.parent
        write(folder / "model.gguf", json.loads(path.read_text()))
        server = llama_cpp.open_server(str(folder / "model.gguf"))
        texts = json.loads((folder / "cases.json").read_text())["texts"]
        (folder / "llama.json").write_text(json.dumps({
            "ids": [llama_cpp.tokens(server, text, False) for text in texts],
            "special": [llama_cpp.tokens(server, text, True) for text in texts],
            "own_way": [own_way(folder.name, text) for text in texts]}))
        del server


main()
