// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/dtype.h"

#include <array>

namespace espalier::checkpoint {

namespace {

struct Row {
    Dtype dtype;
    int bits;
    std::string_view name;
    std::string_view longName; // torch's name where torch has the type
};
constexpr std::array<Row, 22> kRows{{{Dtype::Bool, 8, "BOOL", "bool"},
                                     {Dtype::U8, 8, "U8", "uint8"},
                                     {Dtype::I8, 8, "I8", "int8"},
                                     {Dtype::F8E5M2, 8, "F8_E5M2", "float8_e5m2"},
                                     {Dtype::F8E4M3, 8, "F8_E4M3", "float8_e4m3fn"},
                                     {Dtype::F8E5M2FNUZ, 8, "F8_E5M2FNUZ", "float8_e5m2fnuz"},
                                     {Dtype::F8E4M3FNUZ, 8, "F8_E4M3FNUZ", "float8_e4m3fnuz"},
                                     {Dtype::F8E8M0, 8, "F8_E8M0", "float8_e8m0fnu"},
                                     {Dtype::I16, 16, "I16", "int16"},
                                     {Dtype::U16, 16, "U16", "uint16"},
                                     {Dtype::F16, 16, "F16", "float16"},
                                     {Dtype::BF16, 16, "BF16", "bfloat16"},
                                     {Dtype::I32, 32, "I32", "int32"},
                                     {Dtype::U32, 32, "U32", "uint32"},
                                     {Dtype::F32, 32, "F32", "float32"},
                                     {Dtype::I64, 64, "I64", "int64"},
                                     {Dtype::U64, 64, "U64", "uint64"},
                                     {Dtype::F64, 64, "F64", "float64"},
                                     {Dtype::C64, 64, "C64", "complex64"},
                                     {Dtype::F4, 4, "F4", "float4"},
                                     {Dtype::F6E2M3, 6, "F6_E2M3", "float6_e2m3"},
                                     {Dtype::F6E3M2, 6, "F6_E3M2", "float6_e3m2"}}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].dtype) != i)
            return false;
    return true;
}
static_assert(inOrder(), "rows are indexed by the enumerator");

} // namespace

int bitsPerElement(Dtype dtype)
{
    return kRows[static_cast<std::size_t>(dtype)].bits;
}

std::string_view dtypeName(Dtype dtype)
{
    return kRows[static_cast<std::size_t>(dtype)].name;
}

std::string_view dtypeLongName(Dtype dtype)
{
    return kRows[static_cast<std::size_t>(dtype)].longName;
}

std::optional<Dtype> dtypeFromName(std::string_view name)
{
    for (const Row& row : kRows)
        if (row.name == name)
            return row.dtype;
    return std::nullopt;
}

} // namespace espalier::checkpoint
