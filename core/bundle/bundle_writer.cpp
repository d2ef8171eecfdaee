// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/bundle_writer.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/source_ahead.h"

#include <cstdio>
#include <fmt/format.h>
#include <memory>

namespace espalier::bundle {
namespace {

/// First slice of every shard. A tensor is never split; a larger one than the limit gets a shard of its own.
std::vector<std::size_t> shardStarts(const std::vector<TensorSlice>& slices, std::uint64_t limit)
{
    std::vector<std::size_t> starts{0};
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (bytes > 0 && bytes + slices[i].out.bytes > limit) {
            starts.push_back(i);
            bytes = 0;
        }
        bytes += slices[i].out.bytes;
    }
    return starts;
}

} // namespace

Result<std::vector<BundleFile>> writeTensors(const model::OpenModel& model, std::vector<TensorSlice> slices,
                                             const std::filesystem::path& folder, std::uint64_t shardBytes,
                                             const base::JobContext& job, DiskSyncs* syncs, MergedTensors* merged)
{
    std::uint64_t total = 0, done = 0;
    for (const auto& slice : slices)
        total += slice.out.bytes;
    auto metadata = model.checkpoint.shards().front().metadata;
    metadata.try_emplace("format", "pt"); // transformers refuses files without it
    auto starts = shardStarts(slices, shardBytes);
    const std::size_t shards = starts.size();
    starts.push_back(slices.size());
    SourceAhead source(model, slices);
    std::vector<BundleFile> files;
    base::OrderedJson weightMap = base::OrderedJson::object();
    for (std::size_t s = 0; s < shards; ++s) {
        const std::string name =
            shards == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", s + 1, shards);
        std::vector<checkpoint::TensorInfo> tensors;
        for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
            tensors.push_back(slices[i].out);
            weightMap[slices[i].out.name] = name;
        }
        const std::string header = checkpoint::makeSafetensorsHeader(tensors, metadata);
        ESPALIER_TRY(auto writer, HashedFile::create(folder, name));
        ESPALIER_CHECK(writer.write(header));
        for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
            if (job.stopRequested())
                return cancelledError();
            const bool made = merged != nullptr && merged->changes(slices[i]);
            ESPALIER_TRY(const auto data, made ? merged->make(slices[i]) : source.take(i));
            ESPALIER_CHECK(writer.write(data));
            done += data.size();
            job.report({"writing tensors", static_cast<double>(done), static_cast<double>(total), "bytes"});
        }
        ESPALIER_TRY(auto file, writer.finish(syncs));
        files.push_back(std::move(file));
    }
    if (shards > 1) {
        const base::OrderedJson index{{"metadata", {{"total_size", total}}}, {"weight_map", weightMap}};
        ESPALIER_TRY(auto file, writeText(folder, "model.safetensors.index.json", index.dump(2) + "\n"));
        files.push_back(std::move(file));
    }
    return files;
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
