// SPDX-License-Identifier: Apache-2.0
// GGUF files: header, metadata, tensor table, and what they say of a model.
#include "core/checkpoint/gguf.h"
#include "core/model/model_summary.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/gguf_file.h"
#include "tests/support/tiny_checkpoint.h"

using namespace espalier;

std::vector<std::string> fuzz::fuzzSeeds()
{
    using namespace test;
    const std::string tokens = ggufText("a") + ggufText("b") +
                               ggufText("\xe2\x96\x81"
                                        "c");
    // A dense model of one layer: hidden 32, two heads of 16, one of keys, width 32, three tokens
    const auto model = [&](std::uint32_t type, std::uint64_t rowBytes) {
        std::vector<std::string> tensors;
        std::uint64_t at = 0;
        const auto add = [&](const char* name, std::vector<std::uint64_t> shape) {
            const bool matrix = shape.size() == 2;
            tensors.push_back(ggufTensor(name, shape, matrix ? type : 0, at));
            at += checkpoint::paddedTo(matrix ? shape[0] / 32 * rowBytes * shape[1] : shape[0] * 4, 32);
        };
        add("token_embd.weight", {32, 3});
        add("output_norm.weight", {32});
        add("output.weight", {32, 3});
        add("blk.0.attn_norm.weight", {32});
        add("blk.0.attn_q.weight", {32, 32});
        add("blk.0.attn_k.weight", {32, 16});
        add("blk.0.attn_v.weight", {32, 16});
        add("blk.0.attn_output.weight", {32, 32});
        add("blk.0.ffn_norm.weight", {32});
        add("blk.0.ffn_gate.weight", {32, 32});
        add("blk.0.ffn_up.weight", {32, 32});
        add("blk.0.ffn_down.weight", {32, 32});
        return ggufFile({ggufString("general.architecture", "llama"), ggufString("general.name", "fuzz"),
                         ggufU32("llama.block_count", 1), ggufU32("llama.context_length", 64),
                         ggufU32("llama.embedding_length", 32), ggufU32("llama.feed_forward_length", 32),
                         ggufU32("llama.attention.head_count", 2), ggufU32("llama.attention.head_count_kv", 1),
                         ggufF32("llama.attention.layer_norm_rms_epsilon", 1e-5F),
                         ggufF32("llama.rope.freq_base", 10000.0F), ggufU32("llama.rope.dimension_count", 16),
                         ggufU32("llama.vocab_size", 3),
                         ggufArray("tokenizer.ggml.tokens", checkpoint::GgufType::String, 3, tokens)},
                        tensors, at);
    };
    return {model(0, 128), model(8, 34)}; // F32, Q8_0
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto header = checkpoint::parseGgufHeader(fuzz::viewOf(data, size), size, "input.gguf");
    if (!header)
        return fuzz::refused(header.error());
    for (const auto& tensor : header->tensors)
        fuzz::require(tensor.offset >= header->dataBegin && tensor.offset <= size &&
                          tensor.bytes <= size - tensor.offset,
                      "a tensor lies outside the file");
    for (const auto& entry : header->metadata.entries()) {
        (void)header->metadata.integers(entry.key);
        (void)header->metadata.texts(entry.key);
        (void)header->metadata.reals(entry.key);
    }
    const auto file = fuzz::scratchFolder() / "input.gguf";
    test::writeText(file, fuzz::viewOf(data, size));
    const auto model = model::openModel(file);
    if (!model)
        return fuzz::refused(model.error());
    fuzz::require(model->summary.bytes.total() == model->checkpoint.tensorBytes(), "bytes by part miss a tensor");
    return 0;
}
