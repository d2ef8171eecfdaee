#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Profile a checkpoint beside transformers' plain forward, and llama.cpp's prompt processing when it is installed.

    .deps/oracle/bin/python tests/bench/against_transformers.py [--layers 4] [--tokens 4096] [--repeats 3] [--keep]
                                                                [--llama] [--observer] [--json FILE]

Everybody gets the same random bfloat16 weights of Qwen3-30B-A3B's layer shapes, the same tokens in windows of the same
length and the same number of threads. The sides take turns in every repeat, the best of each counts, and what is
printed is their ratio, because figures of a shared machine are only good beside each other. Reading the weights is left
out on all sides. transformers is measured with each of its implementations of experts that fits the memory
(batched_mm copies an expert's matrices for every row, 200 GB here, so it is not). --observer: also a pass by hooks that
evaluates every expert on every token, as published pruning scripts do. --llama: also llama.cpp through xllamacpp, by
its own timing of the prompt.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import streaming

ROOT = pathlib.Path(__file__).resolve().parents[2]
VOCABULARY = 8192
OBSERVED = 512  # tokens of the observer that evaluates everything


def answer(document):
    print(json.dumps(document), flush=True)


def serve_transformers(model_folder, windows_file, threads):
    """A process that loads the model once and is told on its standard input what to time."""
    sys.path.insert(0, str(ROOT / "tests/oracle"))
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import torch
    from transformers import AutoModelForCausalLM
    torch.set_num_threads(threads)
    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.bfloat16).eval()
    windows = json.load(open(windows_file))
    ids = torch.tensor(windows)

    def plain(which):
        model.set_experts_implementation(which)
        with torch.inference_mode():
            start = time.perf_counter()
            model.model(ids, use_cache=False)
            return ids.numel() / (time.perf_counter() - start)

    def observer(_):
        """Norms of all experts' outputs on all tokens, from the inputs that hooks see."""
        model.set_experts_implementation("grouped_mm")
        sums = []

        def hook(module, args, _):
            x = args[0].reshape(-1, args[0].shape[-1])
            for expert in range(module.num_experts):
                gate, up = torch.nn.functional.linear(x, module.gate_up_proj[expert]).chunk(2, dim=-1)
                out = torch.nn.functional.linear(torch.nn.functional.silu(gate) * up, module.down_proj[expert])
                sums.append(out.float().norm(dim=-1).sum())
        handles = [layer.mlp.experts.register_forward_hook(hook) for layer in model.model.layers]
        part = ids[:max(1, OBSERVED // ids.shape[1])]
        with torch.inference_mode():
            start = time.perf_counter()
            model.model(part, use_cache=False)
            seconds = time.perf_counter() - start
        for handle in handles:
            handle.remove()
        return part.numel() / seconds

    answer({"version": __import__("transformers").__version__, "torch": torch.__version__})
    for line in sys.stdin:
        name = line.strip()
        answer({"tokens_per_second": (observer if name == "observer" else plain)(name)})


def write_gguf(model, out):
    """The same weights as llama.cpp wants them: rows of one matrix per projection and layer, bfloat16."""
    import gguf
    import numpy
    writer = gguf.GGUFWriter(out, "qwen3moe", use_temp_file=False)
    layers = json.loads((model / "config.json").read_text())["num_hidden_layers"]
    writer.add_block_count(layers)
    writer.add_context_length(40960)
    writer.add_embedding_length(streaming.HIDDEN)
    writer.add_feed_forward_length(6144)
    writer.add_expert_feed_forward_length(streaming.WIDTH)
    writer.add_head_count(streaming.HEADS)
    writer.add_head_count_kv(streaming.KV_HEADS)
    writer.add_key_length(streaming.HEAD_DIM)
    writer.add_value_length(streaming.HEAD_DIM)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_expert_count(streaming.EXPERTS)
    writer.add_expert_used_count(streaming.TOP_K)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_BF16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    # A vocabulary that llama.cpp accepts: prompts are ids, so what they spell does not matter
    letters = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324))]
    pairs = [(a, b) for a in letters[:128] for b in letters[:128]][:VOCABULARY - len(letters)]
    writer.add_token_list(letters + [a + b for a, b in pairs])
    writer.add_token_types([1] * VOCABULARY)
    writer.add_token_merges([f"{a} {b}" for a, b in pairs])
    writer.add_eos_token_id(VOCABULARY - 1)
    tensors = {}
    for file in sorted(model.glob("*.safetensors")):
        data = numpy.memmap(file, numpy.uint8, "r")
        length = int(data[:8].view(numpy.uint64)[0])
        for name, info in json.loads(data[8:8 + length].tobytes()).items():
            begin, end = info["data_offsets"]
            tensors[name] = data[8 + length + begin:8 + length + end].view(numpy.uint16).reshape(info["shape"])

    def add(name, array):
        if array.ndim == 1:
            writer.add_tensor(name, (array.astype(numpy.uint32) << 16).view(numpy.float32))
        else:
            writer.add_tensor(name, numpy.ascontiguousarray(array).view(numpy.uint8),
                              raw_dtype=gguf.GGMLQuantizationType.BF16)

    add("token_embd.weight", tensors["model.embed_tokens.weight"])
    add("output_norm.weight", tensors["model.norm.weight"])
    add("output.weight", tensors["lm_head.weight"])
    for layer in range(layers):
        here, there = f"model.layers.{layer}.", f"blk.{layer}."
        for name, other in (("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"),
                            ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"),
                            ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
                            ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm")):
            add(f"{there}{other}.weight", tensors[f"{here}{name}.weight"])
        gate = tensors[here + "mlp.gate.weight"].astype(numpy.uint32) << 16
        writer.add_tensor(there + "ffn_gate_inp.weight", gate.view(numpy.float32))
        for name in ("gate", "up", "down"):
            add(f"{there}ffn_{name}_exps.weight", numpy.stack(
                [tensors[f"{here}mlp.experts.{expert}.{name}_proj.weight"] for expert in range(streaming.EXPERTS)]))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def serve_llama(file, windows_file, threads):
    import xllamacpp
    windows = json.load(open(windows_file))
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = len(windows[0]) + 16
    params.n_batch = params.n_ubatch = len(windows[0])
    params.n_parallel = 1
    params.warmup = False
    params.fit_params = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    server = xllamacpp.Server(params)
    answer({"version": xllamacpp.__version__})
    for _ in sys.stdin:
        tokens = seconds = 0
        for window in windows:
            reply = server.handle_completions({"prompt": window, "n_predict": 1, "cache_prompt": False})
            timings = reply["timings"]
            tokens += timings["prompt_n"]
            seconds += timings["prompt_ms"] / 1000
        answer({"tokens_per_second": tokens / seconds})


class Server:
    def __init__(self, *arguments):
        environment = dict(os.environ, OMP_WAIT_POLICY="PASSIVE")
        self.process = subprocess.Popen([sys.executable, __file__, *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        self.facts = self.read()

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit(f"the other side ended with {self.process.wait()}")

    def time(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.read()["tokens_per_second"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ours(arguments, model, texts, work, statistics):
    study = work / "speed.espalier"
    study.unlink(missing_ok=True)
    command = [str(arguments.program), "profile", str(model), "--study", str(study), "--data", f"text={texts}",
               "--max-tokens", str(arguments.tokens), "--context", str(arguments.context), "--dtype", "bfloat16",
               "--threads", str(arguments.threads), "--statistics", statistics, "--json", "--progress", "none"]
    run = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    seconds = run["seconds"] - run["seconds_waiting"]
    return sum(run["tokens"].values()) / seconds, run


def make_windows(arguments, model, work):
    """One long text, so that every side gets windows of one length; ids by the product's own tokenizer."""
    documents = [json.loads(line) for file in sorted((ROOT / "resources/demo/calibration").glob("prose-*.jsonl"))
                 for line in open(file, encoding="utf-8")]
    text = "\n".join(d.get("text") or d.get("prompt", "") + d.get("answer", "") for d in documents)
    while len(text) < 12 * arguments.tokens:
        text += text
    texts = work / "text.txt"
    texts.write_text(text[:12 * arguments.tokens], encoding="utf-8")
    command = [str(arguments.program), "tokenize", str(model), "--file", str(texts), "--json"]
    ids = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)["ids"]
    if len(ids) < arguments.tokens:
        raise SystemExit(f"the text gives {len(ids)} tokens only")
    windows = [ids[i:i + arguments.context] for i in range(0, arguments.tokens, arguments.context)]
    (work / "windows.json").write_text(json.dumps(windows))
    return texts, work / "windows.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/app/cli/espalier", type=pathlib.Path)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=4096, help="a multiple of --context")
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--experts", default="grouped_mm,eager", help="implementations of transformers to time")
    parser.add_argument("--statistics", default="S0,S0a,S0b,S0c")
    parser.add_argument("--observer", action="store_true")
    parser.add_argument("--llama", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the checkpoint under build/")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    work = ROOT / "build/bench-speed"
    work.mkdir(parents=True, exist_ok=True)
    model = work / f"model-{arguments.layers}"
    if not model.exists():
        streaming.write_model(model, arguments.layers, VOCABULARY)
    texts, windows = make_windows(arguments, model, work)
    implementations = [name for name in arguments.experts.split(",") if name]
    best, facts, flops = {}, {}, 0
    theirs = Server("--serve-transformers", model, windows, arguments.threads) if implementations else None
    if theirs:
        facts["transformers"] = theirs.facts
    for _ in range(arguments.repeats):
        speed, run = ours(arguments, model, texts, work, arguments.statistics)
        flops = run["roofline"]["flops"] / sum(run["tokens"].values())
        best["espalier profile"] = max(best.get("espalier profile", 0), speed)
        for name in implementations:
            best[f"transformers {name}"] = max(best.get(f"transformers {name}", 0), theirs.time(name))
    if theirs and arguments.observer:
        best["observer by hooks"] = theirs.time("observer")
    if theirs:
        theirs.close()
    if arguments.llama:  # after the other: its copy of the weights needs the memory
        file = work / f"model-{arguments.layers}.gguf"
        if not file.exists():
            write_gguf(model, file)
        llama = Server("--serve-llama", file, windows, arguments.threads)
        facts["llama.cpp"] = llama.facts
        for _ in range(arguments.repeats):
            best["llama.cpp"] = max(best.get("llama.cpp", 0), llama.time("prompt"))
            best["espalier beside llama.cpp"] = max(best.get("espalier beside llama.cpp", 0),
                                                    ours(arguments, model, texts, work, arguments.statistics)[0])
        llama.close()
    for name, speed in best.items():
        print(f"{name:<28}{speed:10.0f} tokens/s {speed * flops / 1e9:9.0f} GFLOP/s")
    ratios = {}
    plain = [best[f"transformers {name}"] for name in implementations]
    if plain:
        ratios["profile / transformers' fastest forward"] = best["espalier profile"] / max(plain)
    if "observer by hooks" in best:
        ratios["profile / observer by hooks"] = best["espalier profile"] / best["observer by hooks"]
    if "llama.cpp" in best:
        ratios["profile / llama.cpp prompt"] = best["espalier beside llama.cpp"] / best["llama.cpp"]
    for name, ratio in ratios.items():
        print(f"{name:<44}{ratio:6.2f} x")
    if arguments.json:
        arguments.json.write_text(json.dumps({"tokens_per_second": best, "ratios": ratios, "versions": facts}))
    if not arguments.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve-transformers"]:
        serve_transformers(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1:2] == ["--serve-llama"]:
        serve_llama(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
