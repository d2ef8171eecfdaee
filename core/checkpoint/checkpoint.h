// SPDX-License-Identifier: Apache-2.0
// A Hugging Face style folder: config.json, one model.safetensors or shards with model.safetensors.index.json; or a
// GGUF file, alone or split (name-0000n-of-0000m.gguf). Opening reads headers only (90 000 tensors in well under a
// second). Immutable after open(): any thread may read.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/safetensors.h"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::checkpoint {

struct Shard {
    std::string file; ///< name inside the folder
    std::uint64_t bytes = 0;
    std::map<std::string, std::string> metadata;
};

class Checkpoint {
public:
    Checkpoint() = default;
    // Names are looked up through views into m_tensors: a move keeps them valid, a copy would not.
    Checkpoint(const Checkpoint&) = delete;
    Checkpoint& operator=(const Checkpoint&) = delete;
    Checkpoint(Checkpoint&&) noexcept = default;
    Checkpoint& operator=(Checkpoint&&) noexcept = default;
    ~Checkpoint() = default;

    /// `path` is the folder, a .gguf file (of a split one any part), or a folder that holds one GGUF model and no
    /// config.json. BadInput when config.json is missing or broken, a shard is missing, names are duplicate
    /// across shards, the index names a tensor that is not in its shard or the reverse, or a shard leaves the folder
    /// (by name or by symbolic link; links into the blobs folder of a Hugging Face cache are allowed).
    [[nodiscard]] static Result<Checkpoint> open(const std::filesystem::path& path);

    /// Where the shards are.
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    /// What stands for the model: the folder, or the (first) GGUF file.
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// The file that configuration keys are in, for messages: config.json or the GGUF file.
    [[nodiscard]] std::string configFile() const;
    /// config.json; for GGUF what describeAs() was given.
    [[nodiscard]] const base::OrderedJson& config() const { return m_config; }
    /// Metadata of the (first) GGUF file, null for folders.
    [[nodiscard]] const GgufMetadata* gguf() const { return m_gguf ? &m_gguf->metadata : nullptr; }
    /// Of a GGUF file's tensor data.
    [[nodiscard]] std::uint64_t alignment() const { return m_gguf ? m_gguf->alignment : 0; }
    /// GGUF: tensors() as the file describes them, before describeAs().
    [[nodiscard]] const std::vector<TensorInfo>& storedTensors() const { return m_gguf ? m_gguf->tensors : m_tensors; }
    /// Gives a GGUF file's tensors the names and shapes, and the model the configuration, by which core/model knows
    /// architectures. Sizes must stay. BadInput when two tensors get the same name.
    [[nodiscard]] Result<void> describeAs(base::OrderedJson config, std::vector<TensorInfo> tensors);
    [[nodiscard]] const std::vector<Shard>& shards() const { return m_shards; }
    /// In shard order, then offset order.
    [[nodiscard]] const std::vector<TensorInfo>& tensors() const { return m_tensors; }
    [[nodiscard]] const TensorInfo* find(std::string_view name) const;
    [[nodiscard]] bool hasIndex() const { return m_hasIndex; }
    /// Sum of tensor bytes (the index's total_size).
    [[nodiscard]] std::uint64_t tensorBytes() const { return m_tensorBytes; }
    /// SHA-256 over config.json's bytes and all names, dtypes, shapes and sizes in name order: 16 hex digits.
    /// Computed from headers alone; two checkpoints that differ in weights only have the same fingerprint of headers,
    /// so the first and last 64 KiB of every shard's data are hashed in as well.
    [[nodiscard]] const std::string& fingerprint() const { return m_fingerprint; }
    /// Things that are wrong but do not prevent reading (total_size differs, unknown files).
    [[nodiscard]] const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    [[nodiscard]] static Result<Checkpoint> openGguf(const std::filesystem::path& path);
    /// Fills m_byName; BadInput for a name that stands twice.
    [[nodiscard]] Result<void> indexNames();

    std::filesystem::path m_folder, m_path;
    std::shared_ptr<const GgufHeader> m_gguf; // its tensors are those of all parts
    base::OrderedJson m_config;
    std::vector<Shard> m_shards;
    std::vector<TensorInfo> m_tensors;
    std::unordered_map<std::string_view, std::size_t> m_byName; // views into m_tensors
    std::uint64_t m_tensorBytes = 0;
    std::string m_fingerprint;
    std::vector<std::string> m_warnings;
    bool m_hasIndex = false;
};

/// Byte access to a checkpoint's tensors. Maps shards on demand, read-only; sizes were checked when the header was
/// read, and the file length is checked again at mapping. Thread-safe after construction.
class TensorReader {
public:
    explicit TensorReader(const Checkpoint& checkpoint);
    ~TensorReader();
    TensorReader(TensorReader&&) noexcept;
    TensorReader& operator=(TensorReader&&) noexcept;
    /// The tensor's bytes in stored dtype and layout; valid as long as the reader lives. Nothing is copied.
    [[nodiscard]] Result<std::span<const std::byte>> bytes(const TensorInfo& tensor);
    /// Copies with pread, not through the mapping (for data used once).
    [[nodiscard]] Result<void> read(const TensorInfo& tensor, std::span<std::byte> into);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Fine unless `name` in `folder` is a symbolic link. It may point inside the folder or, in a Hugging Face cache
/// (models--x/snapshots/<revision>), into the model's blobs: that is how every cached model looks. BadInput otherwise.
[[nodiscard]] Result<void> checkStaysInside(const std::filesystem::path& folder, const std::string& name);

/// Requests to read a set of tensors once, sorted by (shard, offset), neighbours closer than `gap` merged.
struct ReadRequest {
    std::uint32_t shard = 0;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::vector<std::size_t> tensors; ///< indices into Checkpoint::tensors() that lie inside
};
[[nodiscard]] std::vector<ReadRequest> planReads(const Checkpoint& checkpoint, std::span<const std::size_t> tensors,
                                                 std::uint64_t gap = 1U << 20U, std::uint64_t largest = 16U << 20U);

} // namespace espalier::checkpoint
