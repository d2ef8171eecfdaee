// SPDX-License-Identifier: Apache-2.0
// MXFP4 (OCP MX 1.0): 32 4-bit floats E2M1 share one power-of-two scale E8M0. Two layouts: gpt-oss keeps blocks and
// scales in two tensors, elements in order; ggml keeps scale and block together, the low halves first (expand()).
#pragma once

#include <cstddef>
#include <span>

namespace espalier::checkpoint {

/// `blocks` [n, 16] bytes, element 2i in the low half of byte i, 2i + 1 in the high half; `scales` [n] bytes;
/// `out` [32 n].
void expandMxfp4(std::span<const std::byte> blocks, std::span<const std::byte> scales, std::span<float> out);

} // namespace espalier::checkpoint
