// SPDX-License-Identifier: Apache-2.0
// Private to the room: a checkpoint with random bfloat16 weights in a folder that goes with it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace espalier::engine {

class BenchCheckpoint {
public:
    /// Qwen3-MoE's architecture, a quarter of Qwen3-30B-A3B's experts in half its width: 4 layers, 390 MB. NoResources
    /// when `folder` has not the room, with the figures.
    [[nodiscard]] static Result<BenchCheckpoint> write(const std::filesystem::path& folder,
                                                       const base::JobContext& job);
    BenchCheckpoint(BenchCheckpoint&& other) noexcept;
    BenchCheckpoint& operator=(BenchCheckpoint&&) = delete;
    ~BenchCheckpoint();

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] std::filesystem::path weights() const;
    [[nodiscard]] int vocabulary() const;
    /// Writes what is still in memory to the disk and drops it from the page cache.
    [[nodiscard]] Result<void> makeCold() const;

private:
    explicit BenchCheckpoint(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::filesystem::path m_folder;
};

} // namespace espalier::engine
