// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/checkpoint.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/checkpoint/fingerprint.h"
#include "core/checkpoint/gguf_parts.h"
#include "core/checkpoint/shard_index.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace espalier::checkpoint {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExpectedFolder =
    "Name a folder with config.json and model.safetensors (or shards with model.safetensors.index.json), or a .gguf "
    "file";

/// Says what the path is instead of a model folder, as precisely as a look at it allows.
Error notAModelFolder(const fs::path& path)
{
    std::error_code ignored;
    const std::string remedy(kExpectedFolder);
    if (!fs::exists(path, ignored))
        return base::badInput("does not exist", path.string(), {}, remedy);
    if (!fs::is_directory(path, ignored)) {
        if (path.extension() == ".safetensors" || path.filename() == "config.json")
            return base::badInput("is one file of a model, the folder is needed", path.string(), {},
                                  "Name the folder: " + path.parent_path().string());
        return base::badInput("is a file, not a model folder", path.string(), {}, remedy);
    }
    for (const auto& entry : fs::directory_iterator(path, ignored))
        if (entry.path().extension() == ".gguf")
            return base::badInput("holds several GGUF models and no config.json", path.string(), {},
                                  "Name one of the .gguf files");
    return base::badInput("config.json is missing", path.string(), {}, remedy);
}

Error noWeights(const fs::path& folder)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth"))
            return base::badInput(
                fmt::format("only pickled weights ({}) are here; they can run code and are not read", name),
                folder.string(), {}, "Convert the model to safetensors");
    }
    return base::badInput("there is no model.safetensors and no model.safetensors.index.json", folder.string(), {},
                          std::string(kExpectedFolder));
}

/// Files that would disturb other programs though this one can read the folder.
void findStrayShards(const fs::path& folder, const std::vector<Shard>& shards, std::vector<std::string>& warnings)
{
    std::error_code ignored;
    std::vector<std::string> strays;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".safetensors") &&
            std::none_of(shards.begin(), shards.end(), [&](const Shard& shard) { return shard.file == name; }))
            strays.push_back(name);
    }
    std::sort(strays.begin(), strays.end());
    for (const std::string& name : strays)
        warnings.push_back(fmt::format("{} does not belong to the model; some programs load it all the same", name));
}

} // namespace

Result<void> checkStaysInside(const fs::path& folder, const std::string& name)
{
    const fs::path file = folder / name;
    std::error_code code;
    if (!fs::is_symlink(fs::symlink_status(file, code)))
        return {};
    const fs::path real = fs::canonical(file, code);
    if (code)
        return base::systemError(file, "cannot follow the symbolic link", code.value());
    const fs::path home = fs::canonical(folder, code);
    const auto within = [&](const fs::path& root) {
        return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
    };
    if (within(home) ||
        (home.parent_path().filename() == "snapshots" && within(home.parent_path().parent_path() / "blobs")))
        return {};
    return base::badInput("the symbolic link leaves the folder: " + real.string(), file.string(), {},
                          "Copy the file into the folder");
}

Result<Checkpoint> Checkpoint::open(const fs::path& path)
{
    std::error_code code;
    if (const auto gguf = findGguf(path))
        return openGguf(*gguf);
    Checkpoint checkpoint;
    checkpoint.m_folder = checkpoint.m_path = path;
    const fs::path configPath = path / "config.json";
    if (!fs::is_directory(path, code) || !fs::exists(configPath, code))
        return notAModelFolder(path);
    ESPALIER_CHECK(checkStaysInside(path, "config.json"));
    ESPALIER_TRY(const std::string configText, base::readTextFile(configPath, base::kConfigLimit));
    ESPALIER_TRY(checkpoint.m_config, base::parseJson(configText, configPath.string()));
    if (!checkpoint.m_config.is_object())
        return base::badInput("a JSON object was expected", configPath.string());

    // Like transformers: one complete file wins over an index
    const bool single = fs::exists(path / "model.safetensors", code);
    const bool index = fs::exists(path / kIndexFile, code);
    ShardIndex plan;
    if (!single && !index)
        return noWeights(path);
    if (single) {
        plan.files = {"model.safetensors"};
        if (index)
            checkpoint.m_warnings.push_back(
                fmt::format("{} stands beside model.safetensors and is ignored", kIndexFile));
    } else {
        ESPALIER_CHECK(checkStaysInside(path, std::string(kIndexFile)));
        ESPALIER_TRY(plan, readShardIndex(path / kIndexFile));
        checkpoint.m_hasIndex = true;
    }

    std::vector<std::uint64_t> dataBegins;
    for (const std::string& name : plan.files) {
        const fs::path file = path / name;
        if (!fs::exists(fs::symlink_status(file, code)))
            return base::badInput("this shard is missing", file.string(), {},
                                  "Fetch the file again; the index names it");
        ESPALIER_CHECK(checkStaysInside(path, name));
        ESPALIER_TRY(SafetensorsHeader header, readSafetensorsHeader(file));
        const auto shard = static_cast<std::uint32_t>(checkpoint.m_shards.size());
        std::uint64_t dataBytes = 0;
        for (TensorInfo& tensor : header.tensors) {
            tensor.shard = shard;
            dataBytes += tensor.bytes;
            checkpoint.m_tensors.push_back(std::move(tensor));
        }
        checkpoint.m_tensorBytes += dataBytes;
        dataBegins.push_back(header.fileBytes - dataBytes);
        const auto format = header.metadata.find("format");
        if (!header.metadata.empty() && format == header.metadata.end())
            checkpoint.m_warnings.push_back(
                fmt::format("{}: __metadata__ has no \"format\"; transformers 4 refuses such files", name));
        checkpoint.m_shards.push_back({name, header.fileBytes, std::move(header.metadata)});
    }

    ESPALIER_CHECK(checkpoint.indexNames());
    if (checkpoint.m_hasIndex)
        ESPALIER_CHECK(checkAgainstShards(plan, checkpoint, checkpoint.m_warnings));
    findStrayShards(path, checkpoint.m_shards, checkpoint.m_warnings);
    ESPALIER_TRY(checkpoint.m_fingerprint, computeFingerprint(checkpoint, configText, dataBegins));
    return checkpoint;
}

Result<void> Checkpoint::indexNames()
{
    m_byName.clear();
    m_byName.reserve(m_tensors.size());
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const TensorInfo& tensor = m_tensors[i];
        const auto [first, fresh] = m_byName.emplace(tensor.name, i);
        if (!fresh)
            return base::badInput(fmt::format("stands in {} as well", m_shards[m_tensors[first->second].shard].file),
                                  (m_folder / m_shards[tensor.shard].file).string(), "tensor " + tensor.name);
    }
    return {};
}

std::string Checkpoint::configFile() const
{
    return m_gguf ? m_path.string() : (m_folder / "config.json").string();
}

const TensorInfo* Checkpoint::find(std::string_view name) const
{
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : &m_tensors[found->second];
}

} // namespace espalier::checkpoint
