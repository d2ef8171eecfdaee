// SPDX-License-Identifier: Apache-2.0
// Checkpoints made up on the spot: random tiny Qwen3 models in the layout that transformers reads, and raw safetensors
// files whose header may say anything. Everything throws std::runtime_error on failure, which ends a test.
#pragma once

#include "core/base/json.h"
#include "core/checkpoint/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::test {

struct TinyOptions {
    bool moe = true; ///< qwen3_moe; false: dense qwen3
    int layers = 3;
    int hidden = 24;
    int vocabulary = 61;
    int heads = 4;
    int kvHeads = 2;
    int headDim = 10; ///< on purpose not hidden / heads
    int experts = 6;
    int topK = 2;
    int expertWidth = 14;
    int denseWidth = 20;
    bool normTopK = true;
    std::set<int> mlpOnlyLayers;
    int decoderSparseStep = 1;
    bool tied = false;
    bool attentionBias = false;
    checkpoint::Dtype dtype = checkpoint::Dtype::F32; ///< F32 or BF16
    int shards = 1;                                   ///< > 1: model-0000n-of-…  and an index
    std::uint32_t seed = 1;
    int maxPositions = 256;
    double ropeTheta = 10000.0;
    double weightScale = 0.15; ///< standard deviation of matrices; norms are about 1
};

/// A tensor by name with its stored bytes.
struct RawTensor {
    std::string name;
    checkpoint::Dtype dtype = checkpoint::Dtype::F32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> data;
};

/// True when decoder layer `layer` has routed experts under these options (transformers' rule).
[[nodiscard]] bool isMoeLayer(const TinyOptions& options, int layer);
/// config.json as writeTinyCheckpoint() stores it.
[[nodiscard]] base::OrderedJson tinyConfig(const TinyOptions& options);
/// All tensors, in the order of the file. The same options give the same bytes on every machine.
[[nodiscard]] std::vector<RawTensor> tinyTensors(const TinyOptions& options);

/// Creates `folder` when needed and writes config.json and the weights.
void writeTinyCheckpoint(const std::filesystem::path& folder, const TinyOptions& options);
/// The pieces, for tests that change one of them: a folder with this config and these tensors.
void writeCheckpoint(const std::filesystem::path& folder, const base::OrderedJson& config,
                     const std::vector<RawTensor>& tensors, int shards = 1);

/// A correct safetensors file with these tensors in this order.
void writeSafetensors(const std::filesystem::path& file, const std::vector<RawTensor>& tensors,
                      const std::map<std::string, std::string>& metadata = {{"format", "pt"}});
/// 8-byte length, `json`, `dataBytes` zero bytes; `claimedLength` lies about the length when not −1.
[[nodiscard]] std::string hostileSafetensors(std::string_view json, std::size_t dataBytes,
                                             std::int64_t claimedLength = -1);

void writeText(const std::filesystem::path& file, std::string_view text);
[[nodiscard]] std::string readText(const std::filesystem::path& file);

/// Float values of a stored F32, BF16 or F16 tensor's bytes.
[[nodiscard]] std::vector<float> toFloats(checkpoint::Dtype dtype, const std::byte* data, std::size_t count);

} // namespace espalier::test
