# SPDX-License-Identifier: Apache-2.0
"""Tiny random models as GGUF files, and what transformers computes with exactly the values these files hold.

usage: gguf_models.py CASES.json
CASES: [{"architecture": GGUF's name, "model_type", "config", "seed", "types": {"experts": ggml type, "matrices": type},
         "out": file.gguf, "plain": folder, "sequences": [[id, ...], ...], "logits": file, "options": [...]}, ...]
plain: float32 checkpoint with the hub's names. logits: float32 of all sequences, one behind the other.
options: "kv_b" keeps latent attention's up-projection in one tensor, as files of before April 2025 do; "single": one
tensor per expert, as files of before April 2024; "spm": a SentencePiece-like vocabulary; "split": in two files;
"untyped": without type of the router.
The rows of q and k are put into llama's order and tensors are named by the gguf package, as converters do it.
"""
import json
import os
import re
import sys

from masked_model import load  # first: it sets what torch reads at import

import gguf
import numpy as np
import torch
from families import randomise
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

RANDOM = np.random.default_rng(11)
# Types the gguf package cannot make: places of the scale and of what is taken off, relative to the scale.
RANDOM_TYPES = {"Q2_K": (80, 82, 1.5), "Q3_K": (108, None, 0), "Q4_K": (0, 2, 7.5), "Q5_K": (0, 2, 15.5),
                "Q6_K": (208, None, 0), "IQ4_NL": (0, None, 0), "IQ4_XS": (0, None, 0), "MXFP4": (None, None, 0)}


def random_blocks(shape, name):
    kind = GGMLQuantizationType[name]
    elements, size = GGML_QUANT_SIZES[kind]
    count = int(np.prod(shape)) // elements
    scale, less, ratio = RANDOM_TYPES[name]

    def halves(values):
        return values.astype(np.float16).view(np.uint8).reshape(count, 2)

    data = RANDOM.integers(0, 256, (count, size), dtype=np.uint8)
    if scale is None:
        data[:, 0] = RANDOM.integers(121, 124, count)
    else:
        steps = RANDOM.uniform(0.5, 1.5, count)
        factor = 1.0
        for _ in range(2):  # the second time with a spread of 0.15
            data[:, scale:scale + 2] = halves(steps * factor)
            if less is not None:
                data[:, less:less + 2] = halves(steps * factor * ratio)
            factor = 0.15 / gguf.quants.dequantize(data, kind).std()
    rows = data.reshape(*shape[:-1], -1)
    return rows, gguf.quants.dequantize(rows, kind).reshape(shape)


def encode(array, name):
    """Stored bytes and the values they stand for."""
    kind = GGMLQuantizationType[name]
    if name == "F32":
        return array, array, kind
    if name == "F16":
        return array.astype(np.float16), array.astype(np.float16).astype(np.float32), kind
    if name in RANDOM_TYPES:
        return *random_blocks(array.shape, name), kind
    data = gguf.quants.quantize(array, kind)
    return data, gguf.quants.dequantize(data, kind).reshape(array.shape), kind


class File:
    """A GGUF file being made: `weights` are the hub's, `plain` what the file really holds of them."""

    def __init__(self, case, weights, config):
        self.case, self.weights, self.config, self.plain = case, weights, config, {}
        self.options = set(case.get("options", []))
        split = {"split_max_tensors": len(weights) // 3} if "split" in self.options else {}
        self.writer = gguf.GGUFWriter(case["out"], case["architecture"], **split)
        self.layers = config.num_hidden_layers + case.get("mtp", 0)
        architecture = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}[case["architecture"]]
        self.names = gguf.get_tensor_name_map(architecture, self.layers)

    def name(self, hub):
        found = self.names.get_name(hub, try_suffixes=(".weight", ".bias"))
        if found is None:
            raise KeyError(hub)
        return found

    def put(self, name, array, kind, back):
        data, value, kind = encode(np.ascontiguousarray(array), kind)
        self.writer.add_tensor(name, data, raw_dtype=kind)
        back(np.ascontiguousarray(value))

    def keep(self, hub):
        return lambda value: self.plain.__setitem__(hub, value)

    def kind(self, hub, array):
        plain = array.ndim < 2 or re.search(r"norm|gate\.weight$|router|shared_expert_gate|sinks|_bias$|\.bias$", hub)
        kind = self.case["types"]["matrices"]
        whole = array.shape[-1] % GGML_QUANT_SIZES[GGMLQuantizationType[kind]][0] == 0  # rows are whole blocks
        return "F32" if plain or not whole else kind

    def put_plain(self, hub):
        array = self.weights[hub]
        name = self.name(re.sub(r"e_score_correction_bias$", "e_score_correction.bias", hub))
        if "e_score_correction" in hub and array.ndim == 2:  # ERNIE's row
            self.put(name, array[0], "F32", lambda value: self.keep(hub)(value[None]))
        else:
            self.put(name, array, self.kind(hub, array), self.keep(hub))

    def put_stack(self, merged, arrays, back):
        """Experts [E, out, in]; `back` takes the same."""
        kind = self.case["types"]["experts"] if merged.endswith("weight") else "F32"
        if "single" in self.options:
            values = [None] * len(arrays)
            for e, array in enumerate(arrays):
                name = self.name(merged).replace("_exps", f".{e}")
                self.put(name, array, kind, lambda value, e=e: values.__setitem__(e, value))
            back(np.stack(values))
        else:
            self.put(self.name(merged), np.stack(arrays), kind, back)


def in_pairs(array, heads):
    """Rows of a head from (0, d/2, 1, d/2 + 1 ...) halves to neighbours: llama's converters do this to q and k."""
    return array.reshape(heads, 2, array.shape[0] // heads // 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)


def in_halves(array, heads):
    return array.reshape(heads, array.shape[0] // heads // 2, 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)


def put_rotated(file, hub, heads):
    array = file.weights[hub]
    file.put(file.name(hub), in_pairs(array, heads), file.kind(hub, array),
             lambda value: file.keep(hub)(in_halves(value, heads)))


def put_latent_up(file, hub):
    """kv_b as k_b, transposed, and v_b."""
    config, array = file.config, file.weights[hub]
    if "kv_b" in file.options:
        return file.put_plain(hub)
    heads, nope = config.num_attention_heads, config.qk_nope_head_dim
    whole = array.reshape(heads, nope + config.v_head_dim, -1)
    value = np.zeros_like(whole)
    stem = hub.replace("kv_b_proj", "{}_b_proj")
    kind = file.case["types"]["matrices"]

    def keys(part):
        value[:, :nope] = part.swapaxes(1, 2)

    def values(part):
        value[:, nope:] = part

    file.put(file.name(stem.format("k")), whole[:, :nope].swapaxes(1, 2), kind, keys)
    file.put(file.name(stem.format("v")), whole[:, nope:], kind, values)
    file.plain[hub] = value.reshape(array.shape)


def put_single_experts(file, prefix, names):
    """The hub's one tensor per expert: prefix + "7." + name."""
    layer = re.match(r"model\.layers\.\d+\.", prefix).group(0)
    count = max(int(n[len(prefix):].split(".")[0]) for n in file.weights if n.startswith(prefix)) + 1
    for own, general in names.items():
        hubs = [f"{prefix}{e}.{own}.weight" for e in range(count)]

        def back(values, hubs=hubs):
            for hub, value in zip(hubs, values):
                file.plain[hub] = value

        file.put_stack(f"{layer}mlp.experts.{general}.weight", [file.weights[hub] for hub in hubs], back)


def put_joined_experts(file, hub, layer):
    """Granite's input_linear [E, 2I, H]: gate, then up."""
    array = file.weights[hub]
    half = array.shape[1] // 2
    whole = file.plain[hub] = np.zeros_like(array)
    for place, name in ((0, "gate_proj"), (half, "up_proj")):
        def back(values, place=place):
            whole[:, place:place + half] = values
        file.put_stack(f"{layer}mlp.experts.{name}.weight", list(array[:, place:place + half]), back)


def put_gpt_oss_experts(file, hub):
    """[E, H, 2I] with gate and up in turn; biases [E, 2I]."""
    array = file.weights[hub]
    layer = re.match(r"model\.layers\.\d+\.", hub).group(0)
    suffix = "bias" if hub.endswith("_bias") else "weight"
    turn = (lambda a: a) if suffix == "bias" else (lambda a: a.swapaxes(1, 2))
    if "gate_up_proj" in hub:
        whole = np.zeros_like(turn(array))
        for place, name in ((0, "gate_proj"), (1, "up_proj")):
            def back(values, place=place):
                whole[:, place::2] = values
            file.put_stack(f"{layer}mlp.experts.{name}.{suffix}", list(turn(array)[:, place::2]), back)
        file.plain[hub] = turn(whole)
    else:
        file.put_stack(f"{layer}mlp.experts.down_proj.{suffix}", list(turn(array)),
                       lambda values: file.plain.__setitem__(hub, turn(np.stack(list(values)))))


EXPERTS = {"gate_proj": "gate_proj", "up_proj": "up_proj", "down_proj": "down_proj"}
MIXTRAL = {"w1": "gate_proj", "w3": "up_proj", "w2": "down_proj"}


def put_weights(file):
    architecture, config = file.case["architecture"], file.config
    done = set()
    for hub in file.weights:
        rotated = re.search(r"self_attn\.([qk])_proj\.(weight|bias)$", hub)
        experts = re.match(r"(model\.layers\.\d+\.(?:mlp|block_sparse_moe)\.experts\.)\d+\.", hub)
        if rotated and architecture in ("llama", "granitemoe"):
            put_rotated(file, hub, config.num_attention_heads if rotated[1] == "q" else config.num_key_value_heads)
        elif hub.endswith("kv_b_proj.weight"):
            put_latent_up(file, hub)
        elif experts:
            if experts[1] not in done:
                put_single_experts(file, experts[1], MIXTRAL if f"{experts[1]}0.w1.weight" in file.weights else EXPERTS)
            done.add(experts[1])
        elif hub.endswith("block_sparse_moe.input_linear.weight"):
            put_joined_experts(file, hub, re.match(r"model\.layers\.\d+\.", hub).group(0))
        elif hub.endswith("block_sparse_moe.output_linear.weight"):
            layer = re.match(r"model\.layers\.\d+\.", hub).group(0)
            file.put_stack(f"{layer}mlp.experts.down_proj.weight", list(file.weights[hub]), file.keep(hub))
        elif architecture == "gpt-oss" and ".experts." in hub:
            put_gpt_oss_experts(file, hub)
        elif hub.endswith("self_attn.sinks"):
            file.put(file.name(hub) + ".weight", file.weights[hub], "F32", file.keep(hub))
        else:
            file.put_plain(hub)


def byte_alphabet():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    names, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            names[byte] = chr(byte)
        else:
            names[byte] = chr(256 + extra)
            extra += 1
    return [names[byte] for byte in range(256)]


def put_vocabulary(file):
    """144 entries: ASCII, some merges, a beginning and an end. Nothing is part of a character, because the server of
    llama.cpp keeps such tokens to itself until the character is complete."""
    writer, size = file.writer, file.config.vocab_size
    kinds = gguf.TokenType
    if "spm" in file.options:
        tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(128)]
        types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 128
        pieces = ["\u2581", "a", "b", "e", "h", "l", "o", "r", "w", "\u2581a", "he", "ll", "\u2581w", "or", "llo"]
        tokens += pieces[:size - len(tokens)]
        types += [kinds.NORMAL] * (size - len(types))
        writer.add_tokenizer_model("llama")
        writer.add_token_scores([0.0] * 131 + [-float(i) for i in range(size - 131)])
        bos, eos = 1, 2
    else:
        tokens, merges = byte_alphabet()[:128], []
        for left, right in (("h", "e"), ("l", "l"), ("he", "ll"), ("Ġ", "w"), ("o", "r"), ("a", "b"), ("ab", "a"),
                            ("Ġ", "t"), ("i", "n"), ("e", "r"), ("Ġt", "he"), ("1", "2"), ("Ġ", "Ġ"), ("ĠĠ", "ĠĠ")):
            if len(tokens) < size - 2:
                tokens.append(left + right)
                merges.append(f"{left} {right}")
        tokens += ["<s>", "</s>"]
        types = [kinds.NORMAL] * (len(tokens) - 2) + [kinds.CONTROL] * 2
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_merges(merges)
        bos, eos = len(tokens) - 2, len(tokens) - 1
    assert len(tokens) == size == len(types), (len(tokens), size)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_bos_token_id(bos)
    writer.add_eos_token_id(eos)
    writer.add_add_bos_token("spm" in file.options)


def put_rope(file):
    writer, config = file.writer, file.config
    rope = config.rope_parameters
    writer.add_rope_freq_base(rope["rope_theta"])
    kind = rope.get("rope_type", "default")
    if kind in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR if kind == "linear" else gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
    if kind == "yarn":
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        if rope.get("mscale_all_dim"):
            writer.add_rope_scaling_yarn_log_mul(0.1 * rope["mscale_all_dim"])
    if kind == "llama3":
        dim = config.head_dim or config.hidden_size // config.num_attention_heads
        base, factor, low, high = (rope[k] for k in ("rope_theta", "factor", "low_freq_factor", "high_freq_factor"))
        length = rope["original_max_position_embeddings"]
        divisors = []
        for i in range(0, dim, 2):
            wave = 2 * np.pi * base ** (i / dim)
            smooth = (length / wave - low) / (high - low)
            divisors.append(1 if wave < length / high else factor if wave > length / low
                            else 1 / ((1 - smooth) / factor + smooth))
        writer.add_tensor("rope_freqs.weight", np.array(divisors, np.float32))


def put_metadata(file):
    writer, config, architecture = file.writer, file.config, file.case["architecture"]
    get = lambda key, default=None: getattr(config, key, default)
    writer.add_name("tiny")
    writer.add_block_count(file.layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    if architecture != "deepseek2":
        writer.add_head_count_kv(config.num_key_value_heads)
        dim = get("head_dim") or config.hidden_size // config.num_attention_heads
        turning = int(dim * config.rope_parameters.get("partial_rotary_factor", 1.0))
        writer.add_rope_dimension_count(turning)
        writer.add_key_length(dim)
        writer.add_value_length(dim)
    put_rope(file)
    experts = get("num_local_experts") or get("num_experts") or get("n_routed_experts") or get("moe_num_experts")
    if experts:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(get("num_experts_per_tok") or config.moe_k)
        width = get("moe_intermediate_size") or config.intermediate_size
        if architecture not in ("llama", "olmoe", "granitemoe"):
            writer.add_expert_feed_forward_length(width)
    SPECIAL.get(architecture, lambda file: None)(file)


def deepseek2(file):
    writer, config = file.writer, file.config
    old = "kv_b" in file.options
    writer.add_head_count_kv(config.num_attention_heads if old else 1)
    nope, rope, rank = config.qk_nope_head_dim, config.qk_rope_head_dim, config.kv_lora_rank
    writer.add_key_length(nope + rope if old else rank + rope)
    writer.add_value_length(config.v_head_dim if old else rank)
    if not old:
        writer.add_key_length_mla(nope + rope)
        writer.add_value_length_mla(config.v_head_dim)
    writer.add_rope_dimension_count(rope)
    if config.q_lora_rank:
        writer.add_q_lora_rank(config.q_lora_rank)
    writer.add_kv_lora_rank(rank)
    shared_router(file)
    sigmoid = config.model_type == "deepseek_v3"
    writer.add_expert_weights_norm(sigmoid and config.norm_topk_prob)
    if "untyped" not in file.options:
        kinds = gguf.ExpertGatingFuncType
        writer.add_expert_gating_func(kinds.SIGMOID if sigmoid else kinds.SOFTMAX)


def shared_router(file):
    writer, config = file.writer, file.config
    writer.add_leading_dense_block_count(config.first_k_dense_replace)
    writer.add_expert_shared_count(config.n_shared_experts)
    writer.add_expert_weights_scale(config.routed_scaling_factor)
    if (config.n_group or 1) > 1:
        writer.add_expert_group_count(config.n_group)
        writer.add_expert_group_used_count(config.topk_group)


def glm4moe(file):
    shared_router(file)
    file.writer.add_expert_weights_norm(file.config.norm_topk_prob)
    file.writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID)
    if file.case.get("mtp"):
        file.writer.add_nextn_predict_layers(file.case["mtp"])


def granitemoe(file):
    writer, config = file.writer, file.config
    writer.add_attention_scale(config.attention_multiplier)
    writer.add_embedding_scale(config.embedding_multiplier)
    writer.add_residual_scale(config.residual_multiplier)
    writer.add_logit_scale(config.logits_scaling)


def ernie(file):
    writer, config = file.writer, file.config
    writer.add_interleave_moe_layer_step(config.moe_layer_interval)
    writer.add_leading_dense_block_count(config.moe_layer_start_index)
    writer.add_expert_shared_count(config.moe_num_shared_experts)
    if config.moe_num_shared_experts:
        writer.add_expert_shared_feed_forward_length(config.moe_intermediate_size * config.moe_num_shared_experts)


def olmoe(file):
    if file.config.clip_qkv is not None:
        file.writer.add_clamp_kqv(file.config.clip_qkv)


SPECIAL = {
    "deepseek2": deepseek2, "glm4moe": glm4moe, "granitemoe": granitemoe, "ernie4_5-moe": ernie, "olmoe": olmoe,
    "qwen2moe": lambda file: file.writer.add_expert_shared_feed_forward_length(
        file.config.shared_expert_intermediate_size),
    "gpt-oss": lambda file: file.writer.add_sliding_window(file.config.sliding_window),
    "minimax-m2": lambda file: file.writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID),
}


def add_mtp(weights, layers, count):
    last = f"model.layers.{layers - 1}."
    hidden = len(weights["model.norm.weight"])
    for n in range(count):
        prefix = f"model.layers.{layers + n}."
        for name in [name for name in weights if name.startswith(last)]:
            weights[prefix + name[len(last):]] = weights[name].copy()
        weights[prefix + "eh_proj.weight"] = RANDOM.standard_normal((hidden, 2 * hidden)).astype(np.float32)
        for norm in ("enorm", "hnorm", "shared_head.norm"):
            weights[f"{prefix}{norm}.weight"] = weights["model.norm.weight"].copy()


def make(case):
    # null takes head_dim away; q_lora_rank stays null, which means something
    given = {key: value for key, value in case["config"].items() if key != "head_dim" or value is not None}
    config = AutoConfig.for_model(case["model_type"], **given)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    randomise(model, case["seed"])
    folder = case["plain"]
    model.save_pretrained(folder, save_original_format=True)
    path = os.path.join(folder, "model.safetensors")
    weights = {name: tensor.float().numpy() for name, tensor in load_file(path).items()}
    if case.get("mtp"):
        add_mtp(weights, config.num_hidden_layers, case["mtp"])
    file = File(case, weights, config)
    put_metadata(file)
    put_vocabulary(file)
    put_weights(file)
    file.writer.write_header_to_file()
    file.writer.write_kv_data_to_file()
    file.writer.write_tensors_to_file()
    file.writer.close()
    decoder = {name: torch.from_numpy(value.copy()) for name, value in file.plain.items()
               if not re.match(r"model\.layers\.(\d+)\.", name)
               or int(re.match(r"model\.layers\.(\d+)\.", name)[1]) < config.num_hidden_layers}
    save_file(decoder, path, {"format": "pt"})
    plain = load(folder, threads=1)
    with torch.no_grad(), open(case["logits"], "wb") as out:
        for ids in case["sequences"]:
            out.write(plain(torch.tensor([ids]), use_cache=False).logits[0].float().numpy().astype("<f4").tobytes())


if __name__ == "__main__":
    for one in json.load(open(sys.argv[1])):
        make(one)
