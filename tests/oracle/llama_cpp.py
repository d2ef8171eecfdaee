# SPDX-License-Identifier: Apache-2.0
"""What llama.cpp (the xllamacpp wheel) makes of GGUF files.

usage: llama_cpp.py CASES.json OUT.json
CASES: [{"gguf": file, "prompts": [[id, ...], ...], "max_tokens": n, "vocabulary": v, "texts": [text, ...]}, ...]
OUT: [{"ids": [[new id, ...] per prompt], "logprobs": [[[v numbers] per new id] per prompt],
       "tokens": [[id, ...] per text], "special": [the same with what the file says is put around a text]} per case]
vocabulary: 0 leaves the probabilities out. Greedy; an id that ends a text is given, too. Keys and values are kept in
float32, nothing is repacked, one sequence at a time.
"""
import json
import sys
import urllib.request

import xllamacpp


def open_server(file):
    params = xllamacpp.CommonParams()
    params.model.path = file
    params.n_ctx = 512
    params.n_parallel = 1
    params.warmup = False
    params.fit_params = False
    params.no_extra_bufts = True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.verbosity = 0
    return xllamacpp.Server(params)


def continued(server, prompt, case):
    """New ids and the logarithms of all probabilities at each of them."""
    vocabulary = case["vocabulary"]
    reply = server.handle_completions({"prompt": prompt, "n_predict": case["max_tokens"], "temperature": 0.0,
                                       "cache_prompt": False, "seed": 1, "n_probs": max(vocabulary, 1)})
    if "choices" not in reply:
        raise RuntimeError(f"{case['gguf']}: {reply}")
    steps = reply["choices"][0]["logprobs"]["content"]
    rows = []
    for step in steps if vocabulary else []:
        row = [None] * vocabulary
        for one in step["top_logprobs"]:
            row[one["id"]] = one["logprob"]
        if None in row:
            raise RuntimeError(f"{case['gguf']}: probabilities of {row.count(None)} ids are missing")
        rows.append(row)
    return [step["id"] for step in steps], rows


def tokens(server, text, special):
    body = json.dumps({"content": text, "add_special": special, "parse_special": True}).encode()
    request = urllib.request.Request(server.listening_address + "/tokenize", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["tokens"]


def main():
    answers = []
    for case in json.load(open(sys.argv[1])):
        server = open_server(case["gguf"])
        steps = [continued(server, prompt, case) for prompt in case.get("prompts", [])]
        texts = case.get("texts", [])
        answers.append({"ids": [ids for ids, _ in steps], "logprobs": [rows for _, rows in steps],
                        "tokens": [tokens(server, text, False) for text in texts],
                        "special": [tokens(server, text, True) for text in texts]})
        del server
    json.dump(answers, open(sys.argv[2], "w"))


if __name__ == "__main__":
    main()
