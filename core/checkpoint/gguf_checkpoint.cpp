// SPDX-License-Identifier: Apache-2.0
// The half of Checkpoint that opens GGUF files.
#include "core/base/text.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/fingerprint.h"
#include "core/checkpoint/gguf_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace espalier::checkpoint {

namespace fs = std::filesystem;

std::string SplitName::part(int which) const
{
    return fmt::format("{}-{:05}-of-{:05}.gguf", prefix, which, count);
}

std::optional<SplitName> parseSplitName(const std::string& file)
{
    constexpr std::size_t kTail = std::string_view("-00001-of-00002.gguf").size();
    if (file.size() <= kTail)
        return std::nullopt;
    const auto number = [&](std::size_t at) { // five digits, leading zeros and all
        int value = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const char c = file[file.size() - kTail + at + i];
            if (c < '0' || c > '9')
                return -1;
            value = 10 * value + (c - '0');
        }
        return value;
    };
    SplitName name{file.substr(0, file.size() - kTail), number(1), number(10)};
    if (name.number < 1 || name.count < name.number || name.part(name.number) != file)
        return std::nullopt;
    return name;
}

std::optional<fs::path> findGguf(const fs::path& path)
{
    std::error_code code;
    if (!fs::is_directory(path, code))
        return path.extension() == ".gguf" && fs::exists(path, code) ? std::optional(path) : std::nullopt;
    if (fs::exists(path / "config.json", code))
        return std::nullopt;
    std::vector<fs::path> models;
    for (const auto& entry : fs::directory_iterator(path, code)) {
        const auto split = parseSplitName(entry.path().filename().string());
        if (entry.path().extension() == ".gguf" && (!split || split->number == 1))
            models.push_back(entry.path());
    }
    return models.size() == 1 ? std::optional(models.front()) : std::nullopt;
}

namespace {

/// Names of all parts, checked against what the first one's metadata say.
Result<std::vector<std::string>> partsOf(const fs::path& path, const GgufMetadata& metadata)
{
    const std::string file = path.filename().string();
    const std::int64_t count = metadata.integer("split.count").value_or(0);
    if (count <= 1)
        return std::vector<std::string>{file};
    const auto name = parseSplitName(file);
    if (!name || name->count != count)
        return base::badInput(fmt::format("is one of {} parts, but is not called so", count), path.string(), {},
                              "Give the parts back their names: model-00001-of-00002.gguf and so on");
    std::vector<std::string> files;
    for (int number = 1; number <= name->count; ++number)
        files.push_back(name->part(number));
    return files;
}

} // namespace

Result<Checkpoint> Checkpoint::openGguf(const fs::path& path)
{
    Checkpoint checkpoint;
    checkpoint.m_folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const std::string named = path.filename().string();
    const auto split = parseSplitName(named);
    checkpoint.m_path = split && split->number > 1 ? checkpoint.m_folder / split->part(1) : path;
    std::error_code code;
    if (!fs::exists(checkpoint.m_path, code)) // the part that was named may stand alone after all
        checkpoint.m_path = path;
    ESPALIER_TRY(GgufHeader first, readGgufHeader(checkpoint.m_path));
    ESPALIER_TRY(const auto files, partsOf(checkpoint.m_path, first.metadata));
    auto whole = std::make_shared<GgufHeader>(first);
    whole->tensors.clear();
    std::vector<std::uint64_t> dataBegins;
    std::string keys; // what the fingerprint takes from metadata: the keys' bytes as they stand
    for (const GgufEntry& entry : first.metadata.entries())
        keys += entry.raw;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const fs::path file = checkpoint.m_folder / files[i];
        if (i > 0) {
            if (!fs::exists(file, code))
                return base::badInput("this part of the model is missing", file.string(), {},
                                      "Fetch all parts into one folder");
            ESPALIER_TRY(first, readGgufHeader(file));
            if (first.metadata.integer("split.no") != static_cast<std::int64_t>(i) ||
                first.metadata.integer("split.count") != static_cast<std::int64_t>(files.size()) ||
                first.alignment != whole->alignment)
                return base::badInput("is a part of another model", file.string(), "key split.no", "Fetch it again");
        }
        for (TensorInfo& tensor : first.tensors) {
            tensor.shard = static_cast<std::uint32_t>(i);
            checkpoint.m_tensorBytes += tensor.bytes;
            whole->tensors.push_back(std::move(tensor));
        }
        dataBegins.push_back(first.dataBegin);
        checkpoint.m_warnings.insert(checkpoint.m_warnings.end(), first.warnings.begin(), first.warnings.end());
        checkpoint.m_shards.push_back({files[i], first.fileBytes, {}});
    }
    if (const auto total = whole->metadata.integer("split.tensors.count");
        files.size() > 1 && total && static_cast<std::size_t>(*total) != whole->tensors.size())
        return base::badInput(fmt::format("{} tensors are announced, the parts hold {}", *total, whole->tensors.size()),
                              checkpoint.m_path.string(), "key split.tensors.count", "Fetch the model again");
    if (whole->tensors.empty())
        return base::badInput("holds no tensors", checkpoint.m_path.string(), {},
                              "This is a vocabulary or a list of settings, not a model");
    checkpoint.m_tensors = whole->tensors;
    checkpoint.m_gguf = std::move(whole);
    ESPALIER_CHECK(checkpoint.indexNames());
    ESPALIER_TRY(checkpoint.m_fingerprint, computeFingerprint(checkpoint, keys, dataBegins));
    return checkpoint;
}

Result<void> Checkpoint::describeAs(base::OrderedJson config, std::vector<TensorInfo> tensors)
{
    const bool same =
        tensors.size() == m_tensors.size() &&
        std::equal(tensors.begin(), tensors.end(), m_tensors.begin(), [](const TensorInfo& a, const TensorInfo& b) {
            return a.offset == b.offset && a.bytes == b.bytes && a.shard == b.shard;
        });
    if (!same)
        return base::internalError("describing a checkpoint must not move its tensors");
    m_config = std::move(config);
    m_tensors = std::move(tensors);
    return indexNames();
}

} // namespace espalier::checkpoint
