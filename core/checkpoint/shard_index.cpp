// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/shard_index.h"

#include "core/base/byte_size.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace espalier::checkpoint {

namespace {

constexpr ByteSize kIndexLimit{256U << 20U}; // 90 000 tensors need about 10 MB
constexpr std::size_t kMostShards = 10'000;

bool isPlainShardName(std::string_view name)
{
    // With neither kind of slash there is no way up or out; the suffix also excludes "." and ".."
    return name.size() > std::string_view(".safetensors").size() && name.size() <= 255 &&
           name.ends_with(".safetensors") && name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

} // namespace

Result<ShardIndex> readShardIndex(const std::filesystem::path& path)
{
    ESPALIER_TRY(const base::OrderedJson json, base::readJsonFile(path, kIndexLimit));
    ShardIndex index;
    index.path = path.string();
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
        return base::badInput("weight_map is missing or not an object", index.path, "key weight_map");
    if (const auto metadata = json.find("metadata"); metadata != json.end() && metadata->is_object()) {
        index.hasMetadata = true;
        // Some writers store the total as a float
        if (const auto total = metadata->find("total_size"); total != metadata->end()) {
            if (total->is_number_unsigned())
                index.totalSize = total->get<std::uint64_t>();
            else if (total->is_number_float() && total->get<double>() >= 0 && total->get<double>() < 9e18)
                index.totalSize = static_cast<std::uint64_t>(total->get<double>());
        }
    }
    std::map<std::string, std::uint32_t, std::less<>> files;
    const auto& weightMap = json["weight_map"].get_ref<const base::OrderedJson::object_t&>();
    if (weightMap.empty())
        return base::badInput("weight_map is empty", index.path, "key weight_map");
    for (const auto& [tensor, file] : weightMap) {
        const std::string place = "weight_map entry " + tensor.substr(0, 200);
        if (!file.is_string())
            return base::badInput("a file name was expected", index.path, place);
        const auto& name = file.get_ref<const std::string&>();
        if (!isPlainShardName(name))
            return base::badInput(
                fmt::format("\"{}\" is not a plain file name ending in .safetensors", name.substr(0, 255)), index.path,
                place, "Shards must lie in the model's folder");
        files.emplace(name, 0);
    }
    if (files.size() > kMostShards)
        return base::badInput(fmt::format("{} shards are more than the {} allowed", files.size(), kMostShards),
                              index.path, "key weight_map");
    for (auto& [name, position] : files) {
        position = static_cast<std::uint32_t>(index.files.size());
        index.files.push_back(name);
    }
    index.weightMap.reserve(weightMap.size());
    for (const auto& [tensor, file] : weightMap)
        index.weightMap.emplace_back(tensor, files.find(file.get_ref<const std::string&>())->second);
    return index;
}

Result<void> checkAgainstShards(const ShardIndex& index, const Checkpoint& checkpoint,
                                std::vector<std::string>& warnings)
{
    for (const auto& [name, file] : index.weightMap) {
        const TensorInfo* tensor = checkpoint.find(name);
        if (tensor == nullptr)
            return base::badInput(fmt::format("the index places it in {}, which does not hold it", index.files[file]),
                                  index.path, "tensor " + name, "Index and shards come from different downloads");
        if (tensor->shard != file)
            return base::badInput(fmt::format("the index places it in {}, it stands in {}", index.files[file],
                                              checkpoint.shards()[tensor->shard].file),
                                  index.path, "tensor " + name, "Index and shards come from different downloads");
    }
    // Both sets have distinct names and one contains the other: a difference can only be a tensor without an entry
    if (index.weightMap.size() != checkpoint.tensors().size()) {
        std::vector<std::string_view> names;
        for (const auto& entry : index.weightMap)
            names.emplace_back(entry.first);
        std::sort(names.begin(), names.end());
        for (const TensorInfo& tensor : checkpoint.tensors())
            if (!std::binary_search(names.begin(), names.end(), tensor.name))
                return base::badInput(
                    fmt::format("stands in {} but not in the index", checkpoint.shards()[tensor.shard].file),
                    index.path, "tensor " + tensor.name, "Index and shards come from different downloads");
    }
    if (!index.hasMetadata)
        warnings.push_back(fmt::format("{} has no metadata; transformers refuses to load it", kIndexFile));
    else if (index.totalSize && *index.totalSize != checkpoint.tensorBytes())
        warnings.push_back(fmt::format("{}: total_size says {} bytes, the tensors have {}", kIndexFile,
                                       *index.totalSize, checkpoint.tensorBytes()));
    return {};
}

} // namespace espalier::checkpoint
