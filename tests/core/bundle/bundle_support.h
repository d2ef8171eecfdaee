// SPDX-License-Identifier: Apache-2.0
// What the tests of the bundle share: sources with every kind of companion file, plans, and a reader of safetensors
// files that has nothing in common with the one under test.
#pragma once

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "tests/core/engine/engine_support.h"
#include "tests/support/tiny_checkpoint.h"

#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace espalier::test {

namespace fs = std::filesystem;

struct StoredTensor {
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::string bytes;
    bool operator==(const StoredTensor&) const = default;
};

/// Every tensor of every safetensors file of a folder, by name.
inline std::map<std::string, StoredTensor> storedTensors(const fs::path& folder)
{
    std::map<std::string, StoredTensor> tensors;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".safetensors")
            continue;
        const std::string content = readText(entry.path());
        std::uint64_t length = 0;
        std::memcpy(&length, content.data(), sizeof length);
        const auto header = *base::parseJson(content.substr(8, length), entry.path().string());
        for (const auto& [name, value] : header.items()) {
            if (name == "__metadata__")
                continue;
            const auto begin = value["data_offsets"][0].get<std::size_t>(),
                       end = value["data_offsets"][1].get<std::size_t>();
            StoredTensor tensor{value["dtype"].get<std::string>(), value["shape"].get<std::vector<std::int64_t>>(),
                                content.substr(8 + length + begin, end - begin)};
            if (!tensors.emplace(name, std::move(tensor)).second)
                throw std::runtime_error(name + " stands in two files");
        }
    }
    return tensors;
}

/// Files that travel along, and some that must not.
inline void writeCompanions(const fs::path& folder)
{
    writeText(folder / "README.md", "# The source\n");
    writeText(folder / "generation_config.json", "{\"eos_token_id\":  1}");
    writeText(folder / "tokenizer_config.json", "{ \"a\" : 1 }\n\n");
    writeText(folder / "modeling_own.py", "print('\xc3\xa4')\r\n");
    writeText(folder / ".gitattributes", "*.safetensors lfs\n");
    writeText(folder / "empty.txt", "");
    writeText(folder / "pytorch_model.bin", "pickle");
    writeText(folder / "SHA256SUMS", "of the source\n");
    fs::create_directories(folder / "original");
    writeText(folder / "original/params.json", "{}");
}

/// Keeps `ids[layer]` of each MoE layer, in the order of the layers.
inline plan::Plan planOf(const model::OpenModel& model, const std::vector<std::vector<std::int32_t>>& ids)
{
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    plan.name = "by-hand";
    plan.predicted = {};
    for (std::size_t l = 0; l < plan.layers.size(); ++l)
        plan.layers[l].keep = ids.at(l);
    return plan;
}

/// `count` random experts of every layer.
inline plan::Plan cutOf(const model::OpenModel& model, int count, unsigned seed)
{
    plan::Plan plan = randomPlan(model, count, seed);
    plan.predicted = {};
    return plan;
}

inline bundle::ExportReport mustExport(const model::OpenModel& model, const plan::Plan& plan, const fs::path& out,
                                       std::uint64_t shardBytes = 5'000'000'000)
{
    bundle::ExportRequest request;
    request.plan = plan;
    request.out = out;
    request.shardBytes = shardBytes;
    request.command = "espalier export";
    return must(bundle::exportBundle(model, request, {}));
}

/// SHA256SUMS as somebody would write them who changed the folder and covered his tracks.
inline void writeSumsAnew(const fs::path& folder)
{
    std::map<std::string, std::string> sums;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (const auto name = entry.path().lexically_relative(folder).string();
            name != "SHA256SUMS" && entry.is_regular_file())
            sums[name] = must(base::sha256File(entry.path()));
    std::string text;
    for (const auto& [name, sum] : sums)
        text += sum + "  " + name + "\n";
    writeText(folder / "SHA256SUMS", text);
}

} // namespace espalier::test
