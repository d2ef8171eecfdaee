// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/fingerprint.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/checkpoint/pread.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace espalier::checkpoint {

namespace {

constexpr std::uint64_t kSample = 64U << 10U;

Result<void> addSample(base::Sha256& hash, const OpenFile& file, std::uint64_t offset, std::uint64_t bytes)
{
    std::vector<std::byte> buffer(static_cast<std::size_t>(bytes));
    ESPALIER_CHECK(file.readAt(offset, buffer));
    hash.add(buffer);
    return {};
}

} // namespace

Result<std::string> computeFingerprint(const Checkpoint& checkpoint, std::string_view configText,
                                       std::span<const std::uint64_t> dataBegins)
{
    base::Sha256 hash;
    hash.add(fmt::format("espalier fingerprint 1\n{}\n", configText.size()));
    hash.add(configText);
    const auto& tensors = checkpoint.tensors();
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return tensors[a].name < tensors[b].name; });
    std::string line;
    for (const std::size_t i : order) {
        const TensorInfo& tensor = tensors[i];
        line.clear();
        fmt::format_to(std::back_inserter(line), "{} {} {} [{}] {}\n", tensor.name.size(), tensor.name,
                       dtypeName(tensor.dtype), fmt::join(tensor.shape, ","), tensor.bytes);
        hash.add(line);
    }
    for (std::size_t i = 0; i < checkpoint.shards().size(); ++i) {
        const Shard& shard = checkpoint.shards()[i];
        ESPALIER_TRY(const OpenFile file, OpenFile::open(checkpoint.folder() / shard.file));
        const std::uint64_t dataBytes = shard.bytes - dataBegins[i];
        const std::uint64_t head = std::min(kSample, dataBytes);
        ESPALIER_CHECK(addSample(hash, file, dataBegins[i], head));
        const std::uint64_t tail = std::min(kSample, dataBytes - head);
        ESPALIER_CHECK(addSample(hash, file, shard.bytes - tail, tail));
    }
    return hash.finish().substr(0, 16);
}

} // namespace espalier::checkpoint
