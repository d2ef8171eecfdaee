// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/dtype.h"

#include <array>

namespace espalier::checkpoint {

namespace {

struct Row {
    Dtype dtype;
    BlockSize block;
    std::string_view name;
    std::string_view longName; // torch's name where torch has the type
    int ggml;                  // -1: not in GGUF
};
constexpr std::array<Row, 48> kRows{{
    {Dtype::Bool, {1, 1}, "BOOL", "bool", -1},
    {Dtype::U8, {1, 1}, "U8", "uint8", -1},
    {Dtype::I8, {1, 1}, "I8", "int8", 24},
    {Dtype::F8E5M2, {1, 1}, "F8_E5M2", "float8_e5m2", -1},
    {Dtype::F8E4M3, {1, 1}, "F8_E4M3", "float8_e4m3fn", -1},
    {Dtype::F8E5M2FNUZ, {1, 1}, "F8_E5M2FNUZ", "float8_e5m2fnuz", -1},
    {Dtype::F8E4M3FNUZ, {1, 1}, "F8_E4M3FNUZ", "float8_e4m3fnuz", -1},
    {Dtype::F8E8M0, {1, 1}, "F8_E8M0", "float8_e8m0fnu", -1},
    {Dtype::I16, {1, 2}, "I16", "int16", 25},
    {Dtype::U16, {1, 2}, "U16", "uint16", -1},
    {Dtype::F16, {1, 2}, "F16", "float16", 1},
    {Dtype::BF16, {1, 2}, "BF16", "bfloat16", 30},
    {Dtype::I32, {1, 4}, "I32", "int32", 26},
    {Dtype::U32, {1, 4}, "U32", "uint32", -1},
    {Dtype::F32, {1, 4}, "F32", "float32", 0},
    {Dtype::I64, {1, 8}, "I64", "int64", 27},
    {Dtype::U64, {1, 8}, "U64", "uint64", -1},
    {Dtype::F64, {1, 8}, "F64", "float64", 28},
    {Dtype::C64, {1, 8}, "C64", "complex64", -1},
    {Dtype::F4, {2, 1}, "F4", "float4", -1},
    {Dtype::F6E2M3, {4, 3}, "F6_E2M3", "float6_e2m3", -1},
    {Dtype::F6E3M2, {4, 3}, "F6_E3M2", "float6_e3m2", -1},
    {Dtype::Q4_0, {32, 18}, "Q4_0", "q4_0", 2},
    {Dtype::Q4_1, {32, 20}, "Q4_1", "q4_1", 3},
    {Dtype::Q5_0, {32, 22}, "Q5_0", "q5_0", 6},
    {Dtype::Q5_1, {32, 24}, "Q5_1", "q5_1", 7},
    {Dtype::Q8_0, {32, 34}, "Q8_0", "q8_0", 8},
    {Dtype::Q8_1, {32, 40}, "Q8_1", "q8_1", 9},
    {Dtype::Q2K, {256, 84}, "Q2_K", "q2_k", 10},
    {Dtype::Q3K, {256, 110}, "Q3_K", "q3_k", 11},
    {Dtype::Q4K, {256, 144}, "Q4_K", "q4_k", 12},
    {Dtype::Q5K, {256, 176}, "Q5_K", "q5_k", 13},
    {Dtype::Q6K, {256, 210}, "Q6_K", "q6_k", 14},
    {Dtype::Q8K, {256, 292}, "Q8_K", "q8_k", 15},
    {Dtype::IQ2XXS, {256, 66}, "IQ2_XXS", "iq2_xxs", 16},
    {Dtype::IQ2XS, {256, 74}, "IQ2_XS", "iq2_xs", 17},
    {Dtype::IQ3XXS, {256, 98}, "IQ3_XXS", "iq3_xxs", 18},
    {Dtype::IQ1S, {256, 50}, "IQ1_S", "iq1_s", 19},
    {Dtype::IQ4NL, {32, 18}, "IQ4_NL", "iq4_nl", 20},
    {Dtype::IQ3S, {256, 110}, "IQ3_S", "iq3_s", 21},
    {Dtype::IQ2S, {256, 82}, "IQ2_S", "iq2_s", 22},
    {Dtype::IQ4XS, {256, 136}, "IQ4_XS", "iq4_xs", 23},
    {Dtype::IQ1M, {256, 56}, "IQ1_M", "iq1_m", 29},
    {Dtype::TQ1_0, {256, 54}, "TQ1_0", "tq1_0", 34},
    {Dtype::TQ2_0, {256, 66}, "TQ2_0", "tq2_0", 35},
    {Dtype::MXFP4, {32, 17}, "MXFP4", "mxfp4", 39},
    {Dtype::NVFP4, {64, 36}, "NVFP4", "nvfp4", 40},
    {Dtype::Q1_0, {128, 18}, "Q1_0", "q1_0", 41},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].dtype) != i)
            return false;
    return true;
}
static_assert(inOrder(), "rows are indexed by the enumerator");

constexpr const Row& row(Dtype dtype)
{
    return kRows[static_cast<std::size_t>(dtype)];
}

} // namespace

BlockSize blockSize(Dtype dtype)
{
    return row(dtype).block;
}

int bitsPerElement(Dtype dtype)
{
    const BlockSize block = row(dtype).block;
    return static_cast<int>((8 * block.bytes + block.elements - 1) / block.elements);
}

std::string_view dtypeName(Dtype dtype)
{
    return row(dtype).name;
}

std::string_view dtypeLongName(Dtype dtype)
{
    return row(dtype).longName;
}

std::optional<Dtype> dtypeFromName(std::string_view name)
{
    for (const Row& each : kRows)
        if (each.name == name && each.dtype <= Dtype::F6E3M2)
            return each.dtype;
    return std::nullopt;
}

std::optional<Dtype> dtypeFromGgml(std::uint32_t number)
{
    for (const Row& each : kRows)
        if (each.ggml >= 0 && static_cast<std::uint32_t>(each.ggml) == number)
            return each.dtype;
    return std::nullopt;
}

std::optional<std::uint32_t> ggmlNumber(Dtype dtype)
{
    const int number = row(dtype).ggml;
    return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

} // namespace espalier::checkpoint
