// SPDX-License-Identifier: Apache-2.0
// Whole numbers of 2, 4 or 8 bits packed into 32-bit words, with a scale and a zero point for every group of inputs:
// value = (q - zero) × scale. Three layouts of the same idea; all give the matrix [out, in] in float32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace espalier::checkpoint {

/// `rows` outputs, `columns` inputs. Words are little-endian 32-bit; spans may stand at any address.
struct IntGroups {
    std::int64_t rows = 0, columns = 0;
    int bits = 4;
    std::int64_t groups = 1;
    std::span<const std::byte> words;
    std::span<const float> scales;    ///< in the layout's own order
    std::span<const std::byte> zeros; ///< words, in the layout's own order; empty = symmetric
    /// Group of every input, int32 [columns] with values below `groups`; empty = input / ⌈columns / groups⌉, or of
    /// `groupSize` when that is given.
    std::span<const std::byte> groupOf;
    std::int64_t groupSize = 0;
};

/// compressed-tensors "pack-quantized": words [out, ⌈in / n⌉], n values per word from the lowest bits up, stored with
/// 2^(bits - 1) added; scales [out, groups]; zeros [⌈out / n⌉, groups], packed down the rows the same way.
void expandPacked(const IntGroups& weight, std::span<float> out);

/// GPTQ (Frantar et al. 2022): words [⌈in / n⌉, out], packed down the inputs; scales [groups, out]; zeros
/// [groups, ⌈out / n⌉], stored less `zeroOffset` (1 in files without "checkpoint_format": "gptq_v2").
void expandGptq(const IntGroups& weight, int zeroOffset, std::span<float> out);

/// AWQ "gemm" (Lin et al. 2023), 4 bits: words [in, out / 8], values of a word in the order 0 2 4 6 1 3 5 7; scales
/// [groups, out]; zeros [groups, out / 8] in that order too.
void expandAwq(const IntGroups& weight, std::span<float> out);

/// True when every entry of `groupOf` names a group: files are untrusted, so this is asked before expanding.
[[nodiscard]] bool groupsInRange(const IntGroups& weight);

} // namespace espalier::checkpoint
