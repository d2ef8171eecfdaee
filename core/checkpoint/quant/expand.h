// SPDX-License-Identifier: Apache-2.0
// Stored numbers to float32, independent of any tensor library: plain floats, 8-bit floats, and the blocks of ggml
// (scale and quants together along a row, ggml-quants.c). Exact where float32 can hold the result; products are float32
// products in the order of ggml's reference loops. Pure functions, any thread.
#pragma once

#include "core/checkpoint/dtype.h"

#include <cstddef>
#include <span>

namespace espalier::checkpoint {

/// True for the types expand() knows: F64 F32 F16 BF16 F8 (E4M3, E5M2, E8M0), I8, and of ggml's Q4_0 Q4_1 Q5_0 Q5_1
/// Q8_0 Q2_K to Q6_K IQ4_NL IQ4_XS MXFP4.
[[nodiscard]] bool canExpand(Dtype dtype);

/// The elements of `stored` in storage order. `out` holds a whole number of blocks and `stored` exactly their bytes;
/// canExpand(dtype) must hold. Bytes may stand at any address.
void expand(Dtype dtype, std::span<const std::byte> stored, std::span<float> out);

} // namespace espalier::checkpoint
