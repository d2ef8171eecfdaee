#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Profile a checkpoint larger than the memory that is allowed, beside the same pass with all weights in memory.

    .deps/oracle/bin/python tests/bench/streaming.py [--layers 10] [--memory 3GiB] [--tokens 4096] [--keep]

Writes a checkpoint of Qwen3-30B-A3B's layer shapes with random bfloat16 weights (1.2 GB a layer, 10 layers are 12 GB;
disk space for it is needed under build/), profiles it both ways with the same texts, and prints peak memory as the
operating system reports it, weight bytes read, and the speeds as a ratio.
"""
import argparse
import json
import os
import pathlib
import shutil
import struct
import sys

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
HIDDEN, HEADS, KV_HEADS, HEAD_DIM, EXPERTS, TOP_K, WIDTH, VOCABULARY = 2048, 32, 4, 128, 128, 8, 768, 151936


def layer_tensors(layer):
    at = f"model.layers.{layer}."
    yield at + "input_layernorm.weight", (HIDDEN,)
    yield at + "post_attention_layernorm.weight", (HIDDEN,)
    yield at + "self_attn.q_proj.weight", (HEADS * HEAD_DIM, HIDDEN)
    yield at + "self_attn.k_proj.weight", (KV_HEADS * HEAD_DIM, HIDDEN)
    yield at + "self_attn.v_proj.weight", (KV_HEADS * HEAD_DIM, HIDDEN)
    yield at + "self_attn.o_proj.weight", (HIDDEN, HEADS * HEAD_DIM)
    yield at + "self_attn.q_norm.weight", (HEAD_DIM,)
    yield at + "self_attn.k_norm.weight", (HEAD_DIM,)
    yield at + "mlp.gate.weight", (EXPERTS, HIDDEN)
    for expert in range(EXPERTS):
        yield at + f"mlp.experts.{expert}.gate_proj.weight", (WIDTH, HIDDEN)
        yield at + f"mlp.experts.{expert}.up_proj.weight", (WIDTH, HIDDEN)
        yield at + f"mlp.experts.{expert}.down_proj.weight", (HIDDEN, WIDTH)


def write_model(folder, layers, vocabulary=VOCABULARY):
    folder.mkdir(parents=True)
    config = {
        "architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "hidden_size": HIDDEN,
        "num_hidden_layers": layers, "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD_DIM, "num_experts": EXPERTS, "num_experts_per_tok": TOP_K, "moe_intermediate_size": WIDTH,
        "intermediate_size": 6144, "norm_topk_prob": True, "decoder_sparse_step": 1, "mlp_only_layers": [],
        "vocab_size": vocabulary, "max_position_embeddings": 40960, "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
        "hidden_act": "silu", "tie_word_embeddings": False, "attention_bias": False, "torch_dtype": "bfloat16",
    }
    (folder / "config.json").write_text(json.dumps(config))
    shutil.copy(ROOT / "resources/demo/model/tokenizer.json", folder)
    random = numpy.random.default_rng(1)
    pool = (random.standard_normal(1 << 25, dtype=numpy.float32) * 0.02).view(numpy.uint32) >> 16
    pool = pool.astype(numpy.uint16)
    names = {"model-ends.safetensors": [("model.embed_tokens.weight", (vocabulary, HIDDEN)),
                                        ("model.norm.weight", (HIDDEN,)), ("lm_head.weight", (vocabulary, HIDDEN))]}
    for layer in range(layers):
        names[f"model-{layer:05}.safetensors"] = list(layer_tensors(layer))
    weight_map, total = {}, 0
    for file, tensors in names.items():
        header, offset = {}, 0
        for name, shape in tensors:
            size = 2 * int(numpy.prod(shape))
            header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [offset, offset + size]}
            offset += size
            weight_map[name] = file
        total += offset
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(folder / file, "wb") as out:
            out.write(struct.pack("<Q", len(text)) + text)
            for name, shape in tensors:
                left = int(numpy.prod(shape))
                if "norm" in name:
                    out.write(numpy.full(left, 0x3F80, numpy.uint16).tobytes())  # 1.0
                    continue
                while left:
                    count = min(left, len(pool) // 2)
                    begin = int(random.integers(0, len(pool) - count))
                    out.write(pool[begin:begin + count].tobytes())
                    left -= count
    (folder / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": total}, "weight_map": weight_map}))
    return total


def profile(program, model, texts, study, tokens, memory):
    study.unlink(missing_ok=True)
    arguments = [str(program), "profile", str(model), "--study", str(study), "--data", f"text={texts}", "--max-tokens",
                 str(tokens), "--context", "512", "--dtype", "bfloat16", "--json", "--progress", "none"]
    arguments += ["--memory", memory] if memory else []
    read, write = os.pipe()
    child = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    with os.fdopen(read) as out:
        answer = out.read()
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{' '.join(arguments)} failed")
    result = json.loads(answer)
    result["maxrss"] = usage.ru_maxrss * 1024
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/app/cli/espalier", type=pathlib.Path)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--tokens", type=int, default=4096)
    parser.add_argument("--memory", default="3GiB")
    parser.add_argument("--keep", action="store_true", help="leave the checkpoint under build/")
    arguments = parser.parse_args()
    work = ROOT / "build/bench-streaming"
    work.mkdir(parents=True, exist_ok=True)
    model = work / f"model-{arguments.layers}"
    if not model.exists():
        write_model(model, arguments.layers)
    size = sum(file.stat().st_size for file in model.glob("*.safetensors"))
    texts = ROOT / "resources/demo/calibration/prose-english.jsonl"
    runs = {}
    for name, memory in (("streamed", arguments.memory), ("in memory", None)):
        runs[name] = profile(arguments.program, model, texts, work / f"{name.replace(' ', '-')}.espalier",
                             arguments.tokens, memory)
    print(f"checkpoint {size / 1e9:.2f} GB, {arguments.layers} layers, {arguments.tokens} tokens")
    for name, run in runs.items():
        print(f"  {name:<10} peak memory {run['maxrss'] / 2**30:.2f} GiB, weights read "
              f"{run['weight_bytes_read'] / run['weight_bytes_total']:.3f} x, {run['tokens_per_second']:.1f} tokens/s "
              f"({run['seconds']:.1f} s, waiting for weights {run['seconds_waiting']:.1f} s)")
    print(f"speed streamed / in memory: "
          f"{runs['streamed']['tokens_per_second'] / runs['in memory']['tokens_per_second']:.2f} x")
    if not arguments.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
