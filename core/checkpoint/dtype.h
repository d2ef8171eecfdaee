// SPDX-License-Identifier: Apache-2.0
// Element types of safetensors (reference library 0.6) and of GGUF (ggml's types), with the size of a block: the
// smallest run of elements that fills whole bytes. Plain numbers are blocks of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace espalier::checkpoint {

enum class Dtype : std::uint8_t {
    Bool,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E5M2FNUZ,
    F8E4M3FNUZ,
    F8E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
    C64,
    F4,
    F6E2M3,
    F6E3M2,
    // ggml's blocks along a row: scales and quants together
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q8_1,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    IQ2XXS,
    IQ2XS,
    IQ3XXS,
    IQ1S,
    IQ4NL,
    IQ3S,
    IQ2S,
    IQ4XS,
    IQ1M,
    TQ1_0,
    TQ2_0,
    MXFP4,
    NVFP4,
    Q1_0,
};

/// Elements and bytes of a block: F32 {1, 4}, F4 {2, 1}, Q4_K {256, 144}.
struct BlockSize {
    std::uint32_t elements = 1;
    std::uint32_t bytes = 1;
};
[[nodiscard]] BlockSize blockSize(Dtype dtype);
/// Bits per element, rounded up (Q4_K: 5).
[[nodiscard]] int bitsPerElement(Dtype dtype);
/// Name as it stands in a safetensors header ("BF16"), for ggml's blocks ggml's own ("Q4_K").
[[nodiscard]] std::string_view dtypeName(Dtype dtype);
/// Name for people and for JSON output ("bfloat16", "q4_k").
[[nodiscard]] std::string_view dtypeLongName(Dtype dtype);
/// Types a safetensors header may name.
[[nodiscard]] std::optional<Dtype> dtypeFromName(std::string_view name);
/// ggml's number of a type as it stands in a GGUF file; nothing for numbers that are no longer or not yet given.
[[nodiscard]] std::optional<Dtype> dtypeFromGgml(std::uint32_t number);
/// The reverse; nothing for types GGUF does not have.
[[nodiscard]] std::optional<std::uint32_t> ggmlNumber(Dtype dtype);

} // namespace espalier::checkpoint
