// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/pread.h"

#include <cerrno>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <sys/mman.h>

namespace espalier::checkpoint {

namespace {

struct MappedShard {
    std::filesystem::path path;
    std::uint64_t bytes = 0; // as the header check saw it
    std::mutex mutex;        // guards opening and mapping; both stay unchanged afterwards
    std::optional<OpenFile> file;
    const std::byte* data = nullptr;

    MappedShard(std::filesystem::path place, std::uint64_t length) : path(std::move(place)), bytes(length) {}
    MappedShard(const MappedShard&) = delete;
    MappedShard& operator=(const MappedShard&) = delete;
    ~MappedShard()
    {
        if (data != nullptr)
            ::munmap(const_cast<std::byte*>(data), static_cast<std::size_t>(bytes));
    }

    Result<void> open()
    {
        const std::scoped_lock lock(mutex);
        if (file)
            return {};
        ESPALIER_TRY(OpenFile opened, OpenFile::open(path));
        if (opened.bytes() != bytes)
            return base::badInput(
                fmt::format("the file changed: {} bytes now, {} when it was opened", opened.bytes(), bytes),
                path.string(), {}, "Open the model again");
        file.emplace(std::move(opened));
        return {};
    }

    Result<void> map()
    {
        ESPALIER_CHECK(open());
        const std::scoped_lock lock(mutex);
        if (data != nullptr)
            return {};
        void* place = ::mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ, MAP_SHARED, file->descriptor(), 0);
        if (place == MAP_FAILED)
            return base::systemError(path, "cannot map into memory", errno);
        data = static_cast<const std::byte*>(place);
        return {};
    }
};

} // namespace

struct TensorReader::State {
    std::deque<MappedShard> shards; // a deque: the elements hold mutexes and cannot move

    Result<MappedShard*> shardOf(const TensorInfo& tensor)
    {
        if (tensor.shard >= shards.size() || tensor.bytes > shards[tensor.shard].bytes ||
            tensor.offset > shards[tensor.shard].bytes - tensor.bytes)
            return base::internalError("tensor " + tensor.name + " does not belong to this checkpoint");
        return &shards[tensor.shard];
    }
};

TensorReader::TensorReader(const Checkpoint& checkpoint) : m_state(std::make_unique<State>())
{
    for (const Shard& shard : checkpoint.shards())
        m_state->shards.emplace_back(checkpoint.folder() / shard.file, shard.bytes);
}

TensorReader::~TensorReader() = default;
TensorReader::TensorReader(TensorReader&&) noexcept = default;
TensorReader& TensorReader::operator=(TensorReader&&) noexcept = default;

Result<std::span<const std::byte>> TensorReader::bytes(const TensorInfo& tensor)
{
    ESPALIER_TRY(MappedShard * shard, m_state->shardOf(tensor));
    ESPALIER_CHECK(shard->map());
    return std::span(shard->data + tensor.offset, static_cast<std::size_t>(tensor.bytes));
}

Result<void> TensorReader::read(const TensorInfo& tensor, std::span<std::byte> into)
{
    ESPALIER_TRY(MappedShard * shard, m_state->shardOf(tensor));
    if (into.size() != tensor.bytes)
        return base::internalError(
            fmt::format("{} bytes were offered for tensor {}, which has {}", into.size(), tensor.name, tensor.bytes));
    ESPALIER_CHECK(shard->open());
    return shard->file->readAt(tensor.offset, into);
}

} // namespace espalier::checkpoint
