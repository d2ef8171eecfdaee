// SPDX-License-Identifier: Apache-2.0
// Element types of safetensors (reference library 0.6), with their width in bits.
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
};

/// Bits per element (4, 6, 8, 16, 32, 64).
[[nodiscard]] int bitsPerElement(Dtype dtype);
/// Name as it stands in a safetensors header ("BF16").
[[nodiscard]] std::string_view dtypeName(Dtype dtype);
/// Name for people and for JSON output ("bfloat16").
[[nodiscard]] std::string_view dtypeLongName(Dtype dtype);
[[nodiscard]] std::optional<Dtype> dtypeFromName(std::string_view name);

} // namespace espalier::checkpoint
