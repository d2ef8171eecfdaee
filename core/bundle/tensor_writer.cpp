// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/tensor_writer.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/bundle_writer.h"

#include <fmt/format.h>
#include <memory>
#include <span>

namespace espalier::bundle {

Result<std::vector<BundleFile>> writeMadeTensors(const std::vector<MadeTensor>& tensors,
                                                 const std::filesystem::path& folder, std::uint64_t shardBytes,
                                                 const base::JobContext& job)
{
    std::vector<std::size_t> starts{0};
    std::uint64_t total = 0, inShard = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (inShard > 0 && inShard + tensors[i].out.bytes > shardBytes) {
            starts.push_back(i);
            inShard = 0;
        }
        inShard += tensors[i].out.bytes;
        total += tensors[i].out.bytes;
    }
    const std::size_t shards = starts.size();
    starts.push_back(tensors.size());
    std::vector<BundleFile> files;
    base::OrderedJson weightMap = base::OrderedJson::object();
    std::uint64_t done = 0;
    for (std::size_t s = 0; s < shards; ++s) {
        const std::string name =
            shards == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", s + 1, shards);
        std::vector<checkpoint::TensorInfo> infos;
        for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
            infos.push_back(tensors[i].out);
            weightMap[tensors[i].out.name] = name;
        }
        const std::string header = checkpoint::makeSafetensorsHeader(infos, {{"format", "pt"}});
        ESPALIER_TRY(auto writer, base::FileWriter::create(folder / name));
        base::Sha256 hash;
        hash.add(header);
        ESPALIER_CHECK(writer.write(header));
        std::uint64_t bytes = header.size();
        for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
            if (job.stopRequested())
                return cancelledError();
            ESPALIER_TRY(const std::vector<std::byte> data, tensors[i].make());
            if (data.size() != tensors[i].out.bytes)
                return internalError(fmt::format("tensor {} has {} bytes, {} were announced", tensors[i].out.name,
                                                 data.size(), tensors[i].out.bytes));
            hash.add(std::span<const std::byte>(data));
            ESPALIER_CHECK(writer.write(std::span<const std::byte>(data)));
            bytes += data.size();
            done += data.size();
            job.report({"writing tensors", static_cast<double>(done), static_cast<double>(total), "bytes"});
        }
        ESPALIER_CHECK(writer.finish());
        files.push_back({name, bytes, hash.finish()});
    }
    if (shards > 1) {
        const base::OrderedJson index{{"metadata", {{"total_size", total}}}, {"weight_map", weightMap}};
        ESPALIER_TRY(auto file, writeText(folder, "model.safetensors.index.json", index.dump(2) + "\n"));
        files.push_back(std::move(file));
    }
    return files;
}

MadeTensor madeOfFloats(std::string name, std::vector<std::int64_t> shape, std::vector<float> values)
{
    MadeTensor tensor;
    tensor.out.name = std::move(name);
    tensor.out.dtype = checkpoint::Dtype::F32;
    tensor.out.shape = std::move(shape);
    tensor.out.bytes = values.size() * sizeof(float);
    tensor.make = [kept = std::make_shared<const std::vector<float>>(std::move(values))] {
        const auto bytes = std::as_bytes(std::span(*kept));
        return Result<std::vector<std::byte>>(std::vector<std::byte>(bytes.begin(), bytes.end()));
    };
    return tensor;
}

} // namespace espalier::bundle
