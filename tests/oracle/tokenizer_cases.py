# SPDX-License-Identifier: Apache-2.0
"""Small tokenizers of every kind and what the `tokenizers` package makes of hostile text.

usage: tokenizer_cases.py OUT DEMO_TOKENIZER CALIBRATION_FOLDER
Writes OUT/<kind>/tokenizer.json and OUT/<kind>/cases.json: {"texts": [...], "ids": [[...]], "special": [[...]],
"decoded": [...]}, and OUT/source-<kind>/ with vocabulary and merges or scores as plain data.
"""
import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SUFFIX = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = SUFFIX + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = SUFFIX + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN35 = (SUFFIX + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{SUFFIX}?|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{SUFFIX}?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
NO_HAN = r"&&[^\p{Han}]]"
KIMI_U, KIMI_L = UPPER[:-1] + NO_HAN, LOWER[:-1] + NO_HAN
KIMI = (rf"[\p{{Han}}]+|[^\r\n\p{{L}}\p{{N}}]?{KIMI_U}*{KIMI_L}+{SUFFIX}?|"
        rf"[^\r\n\p{{L}}\p{{N}}]?{KIMI_U}+{KIMI_L}*{SUFFIX}?|"
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEKKEN = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|"
          r"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK_V3 = [r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+",
               r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|"""
               r""" ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""]
DEEPSEEK_CODER = [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+", r"\p{N}"]
DEEPSEEK_LLM = [r"[\r\n]", None, "\\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", "[一-龥ࠀ-一가-\ud7ff]+", r"\p{N}+"]


def hostile_texts(calibration):
    """Texts chosen to disagree on, and random ones."""
    texts = [
        "", " ", "  ", "\n", "\r\n", "a", " a", "a ", "Hello, world! It's 2024; I'LL pay $1,234,567.89.",
        "don't DON'T Don'T 'S 's 'ſ 'K ''' it'ſ we'RE they'vE", "tabs\tand\t\ttabs  \t mixed \t\n\t x",
        "line\r\nline\r\rline\n\n\n   \n  indented\n\t\tmore\r\n\r\n", " " * 100, "\n" * 50, "a" * 300, "0123456789" * 20,
        "   leading and trailing   ", "x\u00a0y\u2003z\u3000w\u1680v\u180eu\u200bt\u2028s\u2029r\u0085q\x0bp\x0co",
        "Ünïcödé àéîõü ÀÉÎÕÜ ß ẞ ﬁ ﬆ ǅ ǆ ŉ", "e\u0301 a\u0308\u0304 o\u0302\u0323 \u0301\u0301 한글 \u1112\u1161\u11ab",
        "ΑΒΓ αβγ ς σας ΣΑΣ İıIi", "Привет мир ёлка Ёж", "שלום עולם \u05d1\u05bc", "مرحبا بالعالم ١٢٣٤ ـــ",
        "नमस्ते दुनिया १२३ क्षि", "สวัสดีชาวโลก ๑๒๓", "你好，世界。１２３ 三百二十一 㐀𠀀𪛖", "こんにちは世界 カタカナ ﾊﾝｶｸ 々〆〇", "안녕하세요 세계 가각힣",
        "ភាសាខ្មែរ မြန်မာ ქართული ՀԱՅ հայ ᏣᎳᎩ ꭰꭱ", "👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ☃️ ❤ 1️⃣", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚 Ⅷ ½ ²³ ① ⑳ ㊿",
        "\x00\x01\x02\x1b[31m\x7f\x80\x9f", "\ufeffBOM \ufffe \uffff \ufdd0 \U0010ffff \ue000 \U000f0000",
        "a\u200db\u200cc\u00add\u2060e \u202eRTL\u202c", "!!!??? ... --- *** ((())) [[]] {{}} <<>> \\\\ // || &&", "#!/bin/sh\necho \"$HOME\" | sed 's/a/b/g' > /dev/null 2>&1",
        "def f(x):\n    if x:\n        return {'a': [1, 2.5e-3, 0xFF]}\n", "{\"a\": [1, -2, true, null], \"b\": \"\\u00e9\\n\"}",
        "http://example.com/a_b?c=d&e=%20f#g user@example.com", "CamelCaseWord HTTPServer snake_case_word SHOUTING mIxEd",
        "1 12 123 1234 12345 1,2 1.2.3 １２ 3٤५", "<unk> <s> </s> <0x0A> <0x00> ▁ ▁▁ Ġ Ċ ĠĠ", "\u2581space\u2581 \u2581", "\U0001ccf0\U0001e5f1\u1c89\ua7cb\U00010d50\U00011de0 new",
        "\U0002ebf0\U00031350 \u3001\u3006 々", "word" + "\u0300" * 40 + "word", "…—–‘’“”„«»‹› ‐‑‒ ′″", "€£¥₿ ±×÷≠≤≥ ∑∏∫ ←↑→↓ ■□▲△",
        "<|endoftext|>", "a<|endoftext|>b <|endoftext|> c<|endoftext|><|endoftext|>", "<|endoftext", "endoftext|>",
        "<mask>", " <mask> ", "a <mask>\t\n b<mask>c", "x<mask> \u3000<mask>y", "[SEP][SEP] [SEP]a a[SEP] _[SEP]_ é[SEP] -[SEP]-",
        "ADDED added Added aDDed", "éclair e\u0301clair ÉCLAIR", "<long><longer><longest><lo", "  <long>  <longer> "]
    for name in ("prose-english", "prose-german", "prose-french", "json", "code-c", "code-python", "arithmetic"):
        for line in (calibration / f"{name}.jsonl").read_text("utf-8").splitlines()[:2]:
            record = json.loads(line)
            texts.append((record.get("text") or record["prompt"] + record["answer"])[:1500])
    chance = random.Random(7)
    ranges = [(0x20, 0x7e)] * 6 + [(0x09, 0x0d), (0xa0, 0x24f), (0x300, 0x36f), (0x370, 0x52f), (0x590, 0x6ff), (0x900, 0x97f),
              (0xe00, 0xe7f), (0x1100, 0x11ff), (0x2000, 0x206f), (0x2070, 0x2bff), (0x3000, 0x30ff), (0x4e00, 0x9fff),
              (0xac00, 0xd7a3), (0xfe00, 0xfe0f), (0xff00, 0xffef), (0x10000, 0x1ffff), (0x20000, 0x2a6df), (0, 0x10ffff)]
    for _ in range(120):
        text = ""
        for _ in range(chance.randrange(1, 60)):
            low, high = chance.choice(ranges)
            code = chance.randrange(low, high + 1)
            if not 0xd800 <= code < 0xe000:
                text += chr(code) * chance.choice((1, 1, 1, 2, 5))
            if chance.random() < 0.08:
                text += chance.choice(("<|endoftext|>", "<mask>", "[SEP]", "ADDED", " ", "\n"))
        texts.append(text)
    return texts


def byte_level(patterns, use_regex=False, prefix=False):
    parts = [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
    return pre_tokenizers.Sequence(parts + [pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=use_regex)])


def train(pre, corpus, normalizer=None, size=1200, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"],
        show_progress=False))
    return tokenizer


def changed(tokenizer, change):
    """The tokenizer after a change of its JSON."""
    data = json.loads(tokenizer.to_str())
    change(data)
    return Tokenizer.from_str(json.dumps(data))


def sentencepiece_like(corpus, size=900, bytes_missing=(), pieces_of=None, **options):
    """Vocabulary with U+2581 and byte tokens, as converters of Llama-2 and Mixtral write it."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pieces_of or pre_tokenizers.Metaspace()
    trained.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, show_progress=False, limit_alphabet=120))
    model = json.loads(trained.to_str())["model"]
    vocab = {"<unk>": 0, "<s>": 1, "</s>": 2}
    for b in range(256):
        if b not in bytes_missing:
            vocab[f"<0x{b:02X}>"] = len(vocab)
    for entry in sorted(model["vocab"], key=model["vocab"].get):
        vocab.setdefault(entry, len(vocab))
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", **options))
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("<unk>", "<s>", "</s>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tokenizer


LLAMA_DECODER = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])


def build(demo, corpus):
    kinds = {"demo": Tokenizer.from_file(demo)}
    kinds["gpt2"] = train(pre_tokenizers.ByteLevel(add_prefix_space=False), corpus)
    kinds["gpt2-prefix"] = train(pre_tokenizers.ByteLevel(add_prefix_space=True), corpus)
    kinds["qwen2"] = train(byte_level([QWEN2]), corpus, normalizers.NFC())
    kinds["qwen35"] = train(byte_level([QWEN35]), corpus, normalizers.NFC())
    llama3 = train(byte_level([LLAMA3]), corpus)
    eot = llama3.token_to_id("<|endoftext|>")

    def llama3_change(data):
        data["model"]["ignore_merges"] = True
        data["model"]["merges"] = data["model"]["merges"][: len(data["model"]["merges"]) // 2]
    llama3 = changed(llama3, llama3_change)
    llama3.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
        single="<|endoftext|> $A", pair="<|endoftext|> $A <|endoftext|> $B", special_tokens=[("<|endoftext|>", eot)])])
    kinds["llama-bpe"] = llama3
    kinds["glm4"] = train(byte_level([LLAMA3]), corpus)
    kinds["gpt-4o"] = train(byte_level([O200K]), corpus)
    kinds["tekken"] = changed(train(byte_level([TEKKEN]), corpus), lambda d: d["model"].update(ignore_merges=True))
    kinds["kimi-k2"] = train(byte_level([KIMI]), corpus)
    kinds["deepseek-v3"] = train(byte_level(DEEPSEEK_V3), corpus)
    kinds["deepseek-coder"] = train(byte_level(DEEPSEEK_CODER), corpus)
    kinds["smollm"] = train(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]), corpus)
    kinds["digits-joined"] = train(pre_tokenizers.Sequence([pre_tokenizers.Digits(), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), corpus)
    kinds["nothing"] = train(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False), corpus)

    zoo = [[normalizers.NFKC(), normalizers.Lowercase()], [normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip()],
           [normalizers.NFKD(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Replace("a", "bb")],
           [normalizers.Strip(True, False), normalizers.Prepend("_"), normalizers.Replace("  ", " ")]]
    for i, steps in enumerate(zoo):
        kinds[f"normalizers-{i}"] = train(byte_level([QWEN2]), corpus, normalizers.Sequence(steps))
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        for invert in (False, True):
            parts = [pre_tokenizers.Split(Regex(r"\s|[aeiou]"), behavior, invert), pre_tokenizers.Split("n", behavior, invert),
                     pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
            kinds[f"split-{behavior}-{invert}"] = train(pre_tokenizers.Sequence(parts), corpus, size=600)

    added = train(byte_level([QWEN2]), corpus, normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]))
    added.add_tokens([AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False), AddedToken("[SEP]", single_word=True, normalized=False),
                      AddedToken("ADDED", normalized=True), AddedToken("éclair", normalized=True, single_word=True), AddedToken("<long>", normalized=False),
                      AddedToken("<longer>", normalized=False, rstrip=True), AddedToken("<longer><longest>", normalized=False, lstrip=True), AddedToken("  ", normalized=False),
                      AddedToken("    ", normalized=False)])
    kinds["added"] = added

    llama2 = sentencepiece_like(corpus, byte_fallback=True, fuse_unk=True)
    llama2.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    llama2.decoder = LLAMA_DECODER
    kinds["llama2"] = llama2
    for scheme in ("first", "always", "never"):
        for split in (False, True):
            t = sentencepiece_like(corpus, byte_fallback=True, fuse_unk=True)
            t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split)
            t.decoder = LLAMA_DECODER if split else decoders.Metaspace(prepend_scheme=scheme)
            kinds[f"metaspace-{scheme}-{split}"] = t
    for fuse in (False, True):
        t = sentencepiece_like(corpus, bytes_missing=set(range(0x90, 0xc0)), byte_fallback=True, fuse_unk=fuse)
        t.normalizer = normalizers.Replace(" ", "▁")
        t.decoder = LLAMA_DECODER
        kinds[f"unknown-{fuse}"] = t
        t = sentencepiece_like(corpus, byte_fallback=False, fuse_unk=fuse)
        t.normalizer = normalizers.Replace(" ", "▁")
        t.decoder = LLAMA_DECODER
        kinds[f"no-bytes-{fuse}"] = t
    roberta = train(pre_tokenizers.ByteLevel(add_prefix_space=False), corpus)
    roberta.post_processor = processors.RobertaProcessing(("<|endoftext|>", eot), ("a", roberta.token_to_id("a")))
    kinds["roberta"] = roberta
    return kinds


def plain_data(folder, tokenizer, pre):
    data = json.loads(tokenizer.to_str())
    vocab = dict(data["model"]["vocab"])
    types = {}
    for token in data["added_tokens"]:
        vocab[token["content"]] = token["id"]
        types[token["id"]] = 3
    tokens = sorted(vocab, key=vocab.get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in data["model"]["merges"]]
    (folder / "source.json").write_text(json.dumps({"pre": pre, "tokens": tokens, "merges": merges, "types": [types.get(i, 1) for i in range(len(tokens))]}))


def sentencepiece_source(out, corpus, texts):
    """A real SentencePiece model, whose own library is the judge."""
    import sentencepiece
    folder = out / "sentencepiece"
    folder.mkdir()
    (folder / "corpus.txt").write_text("\n".join(line for text in corpus for line in text.splitlines() if line), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "corpus.txt"), model_prefix=str(folder / "model"), model_type="bpe", vocab_size=2200, byte_fallback=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, split_digits=True, character_coverage=0.98,
        allow_whitespace_only_pieces=True, minloglevel=2, num_threads=1)
    sp = sentencepiece.SentencePieceProcessor(model_file=str(folder / "model.model"))
    n = sp.get_piece_size()
    types = [2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 1 for i in range(n)]
    # SentencePiece does not look for control tokens in the text, and takes NUL for the end of it.
    texts = [t for t in texts if not any(x in t for x in ("<unk>", "<s>", "\0"))]
    (folder / "source.json").write_text(json.dumps({"tokens": [sp.id_to_piece(i) for i in range(n)], "types": types, "unknown": sp.unk_id(), "bos": sp.bos_id(),
                                                    "scores": [sp.get_score(i) for i in range(n)]}))
    (folder / "cases.json").write_text(json.dumps({"texts": texts, "ids": [sp.encode(t) for t in texts]}))


def main():
    out, demo, calibration = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    texts = hostile_texts(calibration)
    corpus = texts + [json.loads(line).get("text", "") for name in ("prose-english", "prose-german", "prose-french", "code-python")
                      for line in (calibration / f"{name}.jsonl").read_text("utf-8").splitlines()[:40]]
    for kind, tokenizer in build(demo, corpus).items():
        folder = out / kind
        folder.mkdir(parents=True)
        tokenizer.save(str(folder / "tokenizer.json"))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        ids = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
        special = [tokenizer.encode(t).ids for t in texts]
        decoded = [tokenizer.decode(i, skip_special_tokens=False) for i in ids]
        (folder / "cases.json").write_text(json.dumps({"texts": texts, "ids": ids, "special": special, "decoded": decoded}))
        pre = {"gpt2": "gpt-2"}.get(kind, kind)
        if pre in ("gpt-2", "qwen2", "qwen35", "llama-bpe", "glm4", "gpt-4o", "tekken", "kimi-k2", "deepseek-v3", "deepseek-coder", "smollm"):
            plain_data(folder, tokenizer, pre)
    sentencepiece_source(out, corpus, texts)


main()
