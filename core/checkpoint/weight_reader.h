// SPDX-License-Identifier: Apache-2.0
// Tensors' bytes for a pass that uses each of them once, read in the way that was found fastest (io_probe.h).
// Const members may be called from any thread.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/io_probe.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace espalier::checkpoint {

/// One file. Direct reads take aligned pieces through a small buffer of the calling thread; mapped ones give their
/// pages back, so that a file larger than the memory never counts to the resident set.
class FileReader {
public:
    /// Falls back to Buffered where the file system refuses O_DIRECT; mode() tells. BadInput as OpenFile::open().
    [[nodiscard]] static Result<FileReader> open(const std::filesystem::path& path, ReadMode mode);
    FileReader(FileReader&&) noexcept;
    FileReader& operator=(FileReader&&) noexcept;
    ~FileReader();

    [[nodiscard]] ReadMode mode() const;
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> into) const;
    /// Tells the kernel that these pages of the page cache are not needed again.
    void forget(std::uint64_t offset, std::uint64_t bytes) const;

private:
    struct State;
    explicit FileReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

struct WeightReading {
    ReadMode mode = ReadMode::Buffered;
    /// Pages read leave the page cache at once: right when the model is larger than the memory, because they would be
    /// gone before the next pass and push out what other programs, and this one's scratch files, keep there.
    bool forget = false;
};

class WeightReader {
public:
    /// `checkpoint` must outlive the reader.
    explicit WeightReader(const Checkpoint& checkpoint, const WeightReading& reading = {});
    ~WeightReader();
    WeightReader(WeightReader&&) noexcept;
    WeightReader& operator=(WeightReader&&) noexcept;

    /// The tensor's stored bytes. BadInput when the file changed since its header was read.
    [[nodiscard]] Result<void> read(const TensorInfo& tensor, std::span<std::byte> into);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The way for this checkpoint's files on this machine now: a second of probing the largest shard. Buffered when the
/// file is too small for a second to matter.
[[nodiscard]] Result<ReadProbe> probeCheckpoint(const Checkpoint& checkpoint, const ReadProbeOptions& options = {},
                                                const std::stop_token& stop = {});

} // namespace espalier::checkpoint
