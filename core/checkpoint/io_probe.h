// SPDX-License-Identifier: Apache-2.0
// How fast a file comes into memory by each way of reading it, measured on the file itself in about a second: whether a
// page cache, a mapping or direct reads are best differs between disks, file systems and what is cached already by
// factors in both directions.
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string_view>

namespace espalier::checkpoint {

enum class ReadMode {
    Buffered, ///< pread through the page cache
    Mapped,   ///< copied out of a mapping
    Direct    ///< O_DIRECT into aligned buffers, past the page cache
};
inline constexpr std::array kReadModes{ReadMode::Buffered, ReadMode::Mapped, ReadMode::Direct};
/// "buffered", "mmap", "direct".
[[nodiscard]] std::string_view readModeName(ReadMode mode);

struct ReadProbeOptions {
    double seconds = 1.0;
    int threads = 2;                                 ///< reading at a time
    std::uint64_t slice = std::uint64_t{4} << 20U;   ///< bytes of a request, a multiple of 4096
    std::uint64_t most = std::uint64_t{1536} << 20U; ///< bytes read altogether
};
struct ReadProbe {
    struct Speed {
        std::uint64_t bytes = 0;
        double seconds = 0;
        bool possible = true; ///< false: the file system refuses O_DIRECT
        [[nodiscard]] double bytesPerSecond() const { return seconds > 0 ? static_cast<double>(bytes) / seconds : 0; }
    };
    std::array<Speed, kReadModes.size()> speeds; ///< in the order of kReadModes
    /// The fastest; buffered unless another one is at least a tenth faster.
    [[nodiscard]] ReadMode best() const;
};

/// Takes turns among the modes, each on slices of its own spread over the whole file, so that all see the same share of
/// cached pages. A file of fewer than three slices is measured by what it has. BadInput when it cannot be read.
/// Ends early when stopped.
[[nodiscard]] Result<ReadProbe> probeReads(const std::filesystem::path& file, const ReadProbeOptions& options = {},
                                           const std::stop_token& stop = {});

} // namespace espalier::checkpoint
