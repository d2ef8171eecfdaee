// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/expand.h"

#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

namespace {

using Loop = void (*)(const std::byte* in, std::size_t count, float* out);

void copyF32(const std::byte* in, std::size_t count, float* out)
{
    std::memcpy(out, in, count * sizeof(float));
}

void narrowF64(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i) {
        double value = 0;
        std::memcpy(&value, in + 8 * i, sizeof value);
        out[i] = static_cast<float>(value);
    }
}

void widenF16(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = loadHalf(in + 2 * i);
}

void widenBF16(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = bfloatToFloat(loadU16(in + 2 * i));
}

void widenE8M0(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = e8m0ToFloat(loadU8(in + i));
}

void widenI8(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<float>(loadI8(in + i));
}

Loop loopOf(Dtype dtype)
{
    switch (dtype) {
    case Dtype::F64:
        return narrowF64;
    case Dtype::F32:
        return copyF32;
    case Dtype::F16:
        return widenF16;
    case Dtype::BF16:
        return widenBF16;
    case Dtype::F8E4M3:
        return expandE4M3;
    case Dtype::F8E5M2:
        return expandE5M2;
    case Dtype::F8E8M0:
        return widenE8M0;
    case Dtype::I8:
        return widenI8;
    case Dtype::Q4_0:
        return expandQ4_0;
    case Dtype::Q4_1:
        return expandQ4_1;
    case Dtype::Q5_0:
        return expandQ5_0;
    case Dtype::Q5_1:
        return expandQ5_1;
    case Dtype::Q8_0:
        return expandQ8_0;
    case Dtype::Q2K:
        return expandQ2K;
    case Dtype::Q3K:
        return expandQ3K;
    case Dtype::Q4K:
        return expandQ4K;
    case Dtype::Q5K:
        return expandQ5K;
    case Dtype::Q6K:
        return expandQ6K;
    case Dtype::IQ4NL:
        return expandIQ4NL;
    case Dtype::IQ4XS:
        return expandIQ4XS;
    case Dtype::MXFP4:
        return expandMXFP4Blocks;
    default:
        return nullptr;
    }
}

} // namespace

bool canExpand(Dtype dtype)
{
    return loopOf(dtype) != nullptr;
}

void expand(Dtype dtype, std::span<const std::byte> stored, std::span<float> out)
{
    loopOf(dtype)(stored.data(), out.size() / blockSize(dtype).elements, out.data());
}

} // namespace espalier::checkpoint
