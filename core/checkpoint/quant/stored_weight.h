// SPDX-License-Identifier: Apache-2.0
// Where the numbers of one logical weight stand when they are not plain floats: which tensors belong together, how they
// are read as a matrix. Formats are recognised by the tensors' names; config.json's quantization_config adds what names
// and shapes do not say. Pure functions over headers and bytes, any thread.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::checkpoint {

enum class Encoding : std::uint8_t {
    Plain,  ///< one tensor: floats, or ggml's blocks
    Scaled, ///< narrow numbers and scales: <name>_scale_inv or <name>_scale
    Mxfp4,  ///< <stem>_blocks and <stem>_scales
    Packed, ///< compressed-tensors: weight_packed, weight_scale, weight_zero_point, weight_g_idx
    Gptq,   ///< qweight, scales, qzeros, g_idx
    Awq     ///< qweight, scales, qzeros
};

/// What quantization_config says.
struct QuantScheme {
    std::string method; ///< quant_method; empty = not quantised
    int bits = 4;
    std::int64_t groupSize = 0; ///< inputs per scale; 0 = as many as the number of scales leads to
    std::int64_t blockRows = 128, blockColumns = 128;
    int zeroOffset = 1; ///< GPTQ: zero points are stored less this
};
/// BadInput when the block is there and its numbers make no sense. Unknown methods are kept: their models are described
/// and sliced.
[[nodiscard]] Result<QuantScheme> readQuantScheme(const base::OrderedJson& config, const std::string& file);

inline constexpr std::size_t kNoTensor = SIZE_MAX;

struct StoredWeight {
    Encoding encoding = Encoding::Plain;
    std::vector<std::int64_t> shape; ///< logical: [out, in], or [E, out, in] for a stack, or [n]
    std::size_t main = kNoTensor;    ///< these four are indices into Checkpoint::tensors()
    std::size_t scale = kNoTensor, zero = kNoTensor, groupOf = kNoTensor;
    int bits = 0, zeroOffset = 0;
    std::int64_t blockRows = 0, blockColumns = 0; ///< Scaled: of a scale
    std::int64_t groups = 0, groupSize = 0;       ///< Packed, Gptq, Awq

    /// Matrices in the stack, 1 for a single one.
    [[nodiscard]] std::int64_t count() const { return shape.size() == 3 ? shape[0] : 1; }
    [[nodiscard]] std::int64_t rows() const { return shape.size() < 2 ? 1 : shape[shape.size() - 2]; }
    [[nodiscard]] std::int64_t columns() const { return shape.empty() ? 1 : shape.back(); }
};

/// The weight called `name` ("….q_proj.weight", or "….gate_up_proj" of a stack) with the logical `shape`. Nothing when
/// no tensor of any known format is there; BadInput when its parts do not fit together or the shape.
[[nodiscard]] Result<std::optional<StoredWeight>> findStoredWeight(const Checkpoint& checkpoint,
                                                                   const QuantScheme& scheme, std::string_view name,
                                                                   std::span<const std::int64_t> shape);

/// Every tensor that stands beside the weight under the same stem, whether expand uses it or not ("weight_shape",
/// "input_scale" …): what must move with it.
[[nodiscard]] std::vector<std::size_t> companionsOf(const Checkpoint& checkpoint, std::string_view name);

/// Bytes of one matrix of a weight.
struct WeightBytes {
    std::span<const std::byte> main, scale, zero, groupOf;
};
/// Bytes of matrix `index` inside the part's tensor: a stack's parts are cut evenly.
[[nodiscard]] TensorInfo partOf(const TensorInfo& tensor, const StoredWeight& weight, std::int64_t index);

/// BadInput when an input's group number points outside the scales: asked once, when the bytes are read.
[[nodiscard]] Result<void> checkGroups(const StoredWeight& weight, const WeightBytes& bytes);

/// The matrix [rows, columns] in float32; `main` and `scale` are the dtypes of these parts. Sizes must be those of the
/// tensors findStoredWeight() checked, groups those checkGroups() accepted.
void expandWeight(const StoredWeight& weight, Dtype main, Dtype scale, const WeightBytes& bytes, std::span<float> out);

} // namespace espalier::checkpoint
