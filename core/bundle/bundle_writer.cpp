// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/bundle_writer.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/shard_writer.h"
#include "core/bundle/source_ahead.h"

#include <cstdio>
#include <memory>

namespace espalier::bundle {

Result<std::vector<BundleFile>> writeTensors(const model::OpenModel& model, std::vector<TensorSlice> slices,
                                             const std::filesystem::path& folder, std::uint64_t shardBytes,
                                             const base::JobContext& job, DiskSyncs* syncs, MergedTensors* merged)
{
    std::vector<checkpoint::TensorInfo> tensors;
    for (const auto& slice : slices)
        tensors.push_back(slice.out);
    SourceAhead source(model, slices);
    const auto take = [&](std::size_t i) {
        const bool made = merged != nullptr && merged->changes(slices[i]);
        return made ? merged->make(slices[i]) : source.take(i);
    };
    return writeShards(tensors, model.checkpoint.shards().front().metadata, take, folder, shardBytes, job, syncs);
}

Result<BundleFile> writeText(const std::filesystem::path& folder, const std::string& name, const std::string& text)
{
    ESPALIER_TRY(auto writer, base::FileWriter::create(folder / name));
    ESPALIER_CHECK(writer.write(text));
    ESPALIER_CHECK(writer.finish());
    return BundleFile{name, text.size(), base::sha256(text)};
}

Result<BundleFile> copyFile(const std::filesystem::path& from, const std::filesystem::path& folder,
                            const std::string& name)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(from.c_str(), "rb"), &std::fclose);
    if (!in)
        return base::systemError(from, "cannot open the file", errno);
    std::error_code error;
    std::filesystem::create_directories((folder / name).parent_path(), error);
    if (error)
        return base::systemError(folder / name, "cannot create its folder", error.value());
    ESPALIER_TRY(auto writer, base::FileWriter::create(folder / name));
    base::Sha256 hash;
    std::uint64_t bytes = 0;
    std::vector<std::byte> buffer(std::size_t{1} << 20U);
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), in.get())) {
        const std::span<const std::byte> part(buffer.data(), got);
        hash.add(part);
        ESPALIER_CHECK(writer.write(part));
        bytes += got;
    }
    if (std::ferror(in.get()) != 0)
        return base::systemError(from, "cannot read the file", errno);
    ESPALIER_CHECK(writer.finish());
    return BundleFile{name, bytes, hash.finish()};
}

} // namespace espalier::bundle
