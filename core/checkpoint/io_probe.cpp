// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/io_probe.h"

#include "core/checkpoint/weight_reader.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace espalier::checkpoint {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

std::string_view readModeName(ReadMode mode)
{
    switch (mode) {
    case ReadMode::Buffered:
        return "buffered";
    case ReadMode::Mapped:
        return "mmap";
    case ReadMode::Direct:
        return "direct";
    }
    return "";
}

ReadMode ReadProbe::best() const
{
    constexpr double kWorthIt = 1.1; // differences below are noise, and buffered reads help the next pass
    std::size_t best = 0;
    for (std::size_t i = 1; i < speeds.size(); ++i)
        if (speeds[i].possible && speeds[i].bytesPerSecond() > kWorthIt * speeds[best].bytesPerSecond())
            best = i;
    return kReadModes[best];
}

Result<ReadProbe> probeReads(const std::filesystem::path& file, const ReadProbeOptions& options,
                             const std::stop_token& stop)
{
    ReadProbe probe;
    std::array<std::optional<FileReader>, kReadModes.size()> readers;
    for (std::size_t i = 0; i < kReadModes.size(); ++i) {
        ESPALIER_TRY(readers[i], FileReader::open(file, kReadModes[i]));
        probe.speeds[i].possible = readers[i]->mode() == kReadModes[i];
    }
    const std::uint64_t size = readers[0]->bytes();
    const auto threads = static_cast<std::uint64_t>(std::max(1, options.threads));
    const std::uint64_t slices = std::max<std::uint64_t>(1, std::min(size, options.most) / options.slice);
    const std::uint64_t stride = std::max<std::uint64_t>(1, size / options.slice / slices); // spread over the file
    std::vector<std::vector<std::byte>> buffers(threads);
    for (auto& buffer : buffers)
        buffer.resize(static_cast<std::size_t>(std::min(options.slice, std::max<std::uint64_t>(1, size))));
    const auto start = Clock::now();
    std::mutex mutex;
    std::optional<base::Error> failed;
    for (std::uint64_t next = 0, turn = 0; next < slices && secondsSince(start) < options.seconds; ++turn) {
        if (stop.stop_requested())
            return base::cancelledError();
        const std::size_t mode = static_cast<std::size_t>(turn % kReadModes.size());
        ReadProbe::Speed& speed = probe.speeds[mode];
        if (!speed.possible)
            continue;
        const std::uint64_t count = std::min(threads, slices - next);
        const auto began = Clock::now();
        const auto readOne = [&](std::uint64_t i) {
            const std::uint64_t offset = (next + i) * stride * options.slice;
            const std::uint64_t bytes = std::min<std::uint64_t>(buffers[i].size(), size - std::min(size, offset));
            if (auto done = readers[mode]->read(offset, std::span(buffers[i]).first(bytes)); !done) {
                const std::scoped_lock lock(mutex);
                failed = done.error();
                return std::uint64_t{0};
            }
            return bytes;
        };
        std::vector<std::uint64_t> got(count);
        {
            std::vector<std::jthread> workers;
            for (std::uint64_t i = 1; i < count; ++i)
                workers.emplace_back([&, i] { got[i] = readOne(i); });
            got[0] = readOne(0);
        }
        if (failed)
            return *failed;
        speed.seconds += secondsSince(began);
        for (const std::uint64_t bytes : got)
            speed.bytes += bytes;
        next += count;
    }
    return probe;
}

} // namespace espalier::checkpoint
