// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/shard_writer.h"

#include "core/bundle/bundle_writer.h"

#include <fmt/format.h>

namespace espalier::bundle {
namespace {

/// First tensor of every shard, and one behind the last.
std::vector<std::size_t> shardStarts(const std::vector<checkpoint::TensorInfo>& tensors, std::uint64_t limit)
{
    std::vector<std::size_t> starts{0};
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (bytes > 0 && bytes + tensors[i].bytes > limit) {
            starts.push_back(i);
            bytes = 0;
        }
        bytes += tensors[i].bytes;
    }
    starts.push_back(tensors.size());
    return starts;
}

} // namespace

Result<std::vector<BundleFile>> writeShards(const std::vector<checkpoint::TensorInfo>& tensors,
                                            std::map<std::string, std::string> metadata, const TakeTensor& take,
                                            const std::filesystem::path& folder, std::uint64_t shardBytes,
                                            const base::JobContext& job, DiskSyncs* syncs)
{
    std::uint64_t total = 0, done = 0;
    for (const auto& tensor : tensors)
        total += tensor.bytes;
    metadata.try_emplace("format", "pt"); // transformers refuses files without it
    const auto starts = shardStarts(tensors, shardBytes);
    const std::size_t shards = starts.size() - 1;
    std::vector<BundleFile> files;
    base::OrderedJson weightMap = base::OrderedJson::object();
    for (std::size_t s = 0; s < shards; ++s) {
        const std::string name =
            shards == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", s + 1, shards);
        const std::vector<checkpoint::TensorInfo> here(tensors.begin() + static_cast<std::ptrdiff_t>(starts[s]),
                                                       tensors.begin() + static_cast<std::ptrdiff_t>(starts[s + 1]));
        ESPALIER_TRY(auto writer, HashedFile::create(folder, name));
        ESPALIER_CHECK(writer.write(checkpoint::makeSafetensorsHeader(here, metadata)));
        for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
            if (job.stopRequested())
                return cancelledError();
            ESPALIER_TRY(const auto data, take(i));
            if (data.size() != tensors[i].bytes)
                return internalError(fmt::format("tensor {} has {} bytes, {} were announced", tensors[i].name,
                                                 data.size(), tensors[i].bytes));
            ESPALIER_CHECK(writer.write(data));
            weightMap[tensors[i].name] = name;
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

} // namespace espalier::bundle
