// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/weight_reader.h"

#include "core/base/file.h"
#include "core/checkpoint/pread.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <new>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>

namespace espalier::checkpoint {

namespace {

/// Of memory, offset and length of direct reads; no disk asks for more.
constexpr std::uint64_t kAlignment = 4096;
/// Bytes of one direct request or of a mapping's piece before its pages go.
constexpr std::uint64_t kPiece = std::uint64_t{4} << 20U;

std::uint64_t roundedDown(std::uint64_t offset)
{
    return offset / kAlignment * kAlignment;
}

/// An aligned buffer of the calling thread.
std::byte* alignedBuffer()
{
    struct Free {
        void operator()(std::byte* begin) const { ::operator delete(begin, std::align_val_t(kAlignment)); }
    };
    thread_local const std::unique_ptr<std::byte, Free> buffer(
        static_cast<std::byte*>(::operator new(kPiece, std::align_val_t(kAlignment))));
    return buffer.get();
}

/// Threads that read take turns.
std::size_t numberOfThread()
{
    static std::atomic<std::size_t> threads = 0;
    thread_local const std::size_t mine = threads++;
    return mine;
}

} // namespace

struct FileReader::State {
    OpenFile file;
    /// Buffered: for every other thread. The kernel reads ahead by what one description of the file was asked for, and
    /// two threads through one at far places have it read little at a time.
    std::optional<OpenFile> second;
    std::filesystem::path path;
    ReadMode mode = ReadMode::Buffered;
    int direct = -1;
    std::byte* mapping = nullptr;

    State(OpenFile&& opened, std::filesystem::path place) : file(std::move(opened)), path(std::move(place)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State()
    {
        if (direct >= 0)
            ::close(direct);
        if (mapping != nullptr)
            ::munmap(mapping, static_cast<std::size_t>(file.bytes()));
    }

    [[nodiscard]] const OpenFile& ofThread() const { return second && numberOfThread() % 2 == 1 ? *second : file; }

    /// Small reads may still be refused or cut short (the file's end, a file system's rules): then buffered.
    [[nodiscard]] Result<void> readDirect(std::uint64_t offset, std::span<std::byte> into) const
    {
        std::byte* const buffer = alignedBuffer();
        while (!into.empty()) {
            const std::uint64_t from = roundedDown(offset);
            const std::uint64_t skip = offset - from;
            const std::uint64_t wanted = std::min<std::uint64_t>(kPiece - skip, into.size());
            const std::uint64_t length = roundedDown(skip + wanted + kAlignment - 1);
            const ssize_t got = ::pread(direct, buffer, length, static_cast<off_t>(from));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 || static_cast<std::uint64_t>(got) <= skip)
                return file.readAt(offset, into);
            const auto use = std::min<std::uint64_t>(static_cast<std::uint64_t>(got) - skip, wanted);
            std::memcpy(into.data(), buffer + skip, use);
            offset += use;
            into = into.subspan(use);
        }
        return {};
    }

    [[nodiscard]] Result<void> readMapped(std::uint64_t offset, std::span<std::byte> into) const
    {
        if (offset > file.bytes() || into.size() > file.bytes() - offset)
            return base::badInput("the file became shorter while it was read", path.string());
        while (!into.empty()) {
            const std::uint64_t count = std::min<std::uint64_t>(kPiece, into.size());
            const std::uint64_t from = roundedDown(offset);
            const std::uint64_t length = offset + count - from;
            ::madvise(mapping + from, length, MADV_WILLNEED);
            std::memcpy(into.data(), mapping + offset, count);
            ::madvise(mapping + from, length, MADV_DONTNEED); // out of this process; the page cache keeps them
            offset += count;
            into = into.subspan(count);
        }
        return {};
    }
};

FileReader::FileReader(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

Result<FileReader> FileReader::open(const std::filesystem::path& path, ReadMode mode)
{
    ESPALIER_TRY(OpenFile file, OpenFile::open(path));
    auto state = std::make_unique<State>(std::move(file), path);
    if (mode == ReadMode::Direct) {
        state->direct = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
        const bool works = state->direct >= 0 && ::pread(state->direct, alignedBuffer(), kAlignment, 0) >= 0;
        state->mode = works ? ReadMode::Direct : ReadMode::Buffered;
    } else if (mode == ReadMode::Mapped && state->file.bytes() > 0) {
        void* place = ::mmap(nullptr, static_cast<std::size_t>(state->file.bytes()), PROT_READ, MAP_SHARED,
                             state->file.descriptor(), 0);
        if (place == MAP_FAILED)
            return base::systemError(path, "cannot map into memory", errno);
        state->mapping = static_cast<std::byte*>(place);
        state->mode = ReadMode::Mapped;
    }
    if (state->mode == ReadMode::Buffered) {
        ESPALIER_TRY(OpenFile second, OpenFile::open(path));
        if (second.bytes() != state->file.bytes())
            return base::badInput("the file changed while it was opened", path.string(), {}, "Open the model again");
        state->second.emplace(std::move(second));
    }
    return FileReader(std::move(state));
}

ReadMode FileReader::mode() const
{
    return m_state->mode;
}

std::uint64_t FileReader::bytes() const
{
    return m_state->file.bytes();
}

Result<void> FileReader::read(std::uint64_t offset, std::span<std::byte> into) const
{
    switch (m_state->mode) {
    case ReadMode::Direct:
        return m_state->readDirect(offset, into);
    case ReadMode::Mapped:
        return m_state->readMapped(offset, into);
    case ReadMode::Buffered:
        break;
    }
    return m_state->ofThread().readAt(offset, into);
}

void FileReader::forget(std::uint64_t offset, std::uint64_t bytes) const
{
    // Advice only: pages at the ends that belong to a neighbour too are left by the kernel.
    ::posix_fadvise(m_state->file.descriptor(), static_cast<off_t>(offset), static_cast<off_t>(bytes),
                    POSIX_FADV_DONTNEED);
}

struct WeightReader::State {
    struct One {
        std::filesystem::path path;
        std::uint64_t bytes = 0;
        std::mutex mutex; // guards the opening
        std::optional<FileReader> reader;
        One(std::filesystem::path place, std::uint64_t length) : path(std::move(place)), bytes(length) {}
    };
    std::deque<One> shards; // elements hold mutexes and cannot move
    WeightReading reading;
};

WeightReader::WeightReader(const Checkpoint& checkpoint, const WeightReading& reading)
    : m_state(std::make_unique<State>())
{
    m_state->reading = reading;
    for (const Shard& shard : checkpoint.shards())
        m_state->shards.emplace_back(checkpoint.folder() / shard.file, shard.bytes);
}

WeightReader::~WeightReader() = default;
WeightReader::WeightReader(WeightReader&&) noexcept = default;
WeightReader& WeightReader::operator=(WeightReader&&) noexcept = default;

Result<void> WeightReader::read(const TensorInfo& tensor, std::span<std::byte> into)
{
    if (tensor.shard >= m_state->shards.size() || into.size() != tensor.bytes)
        return base::internalError(
            fmt::format("{} bytes were offered for tensor {}, which has {}", into.size(), tensor.name, tensor.bytes));
    State::One& shard = m_state->shards[tensor.shard];
    if (tensor.bytes > shard.bytes || tensor.offset > shard.bytes - tensor.bytes)
        return base::internalError("tensor " + tensor.name + " does not belong to this checkpoint");
    {
        const std::scoped_lock lock(shard.mutex);
        if (!shard.reader) {
            ESPALIER_TRY(FileReader opened, FileReader::open(shard.path, m_state->reading.mode));
            if (opened.bytes() != shard.bytes)
                return base::badInput(
                    fmt::format("the file changed: {} bytes now, {} when it was opened", opened.bytes(), shard.bytes),
                    shard.path.string(), {}, "Open the model again");
            shard.reader.emplace(std::move(opened));
        }
    }
    ESPALIER_CHECK(shard.reader->read(tensor.offset, into));
    if (m_state->reading.forget)
        shard.reader->forget(tensor.offset, tensor.bytes);
    return {};
}

Result<ReadProbe> probeCheckpoint(const Checkpoint& checkpoint, const ReadProbeOptions& options,
                                  const std::stop_token& stop)
{
    const auto& shards = checkpoint.shards();
    const auto largest =
        std::max_element(shards.begin(), shards.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
    constexpr std::uint64_t kWorthProbing = std::uint64_t{1} << 30U;
    constexpr std::uint64_t kMostShare = 16; // of the weights, which are to be read once
    if (largest == shards.end() || checkpoint.tensorBytes() < kWorthProbing)
        return ReadProbe{};
    ReadProbeOptions bounded = options;
    bounded.most = std::min(options.most, checkpoint.tensorBytes() / kMostShare);
    return probeReads(checkpoint.folder() / largest->file, bounded, stop);
}

} // namespace espalier::checkpoint
