// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/tensor_writer.h"

#include "core/bundle/shard_writer.h"

#include <memory>
#include <span>

namespace espalier::bundle {

Result<std::vector<BundleFile>> writeMadeTensors(const std::vector<MadeTensor>& tensors,
                                                 const std::filesystem::path& folder, std::uint64_t shardBytes,
                                                 const base::JobContext& job)
{
    std::vector<checkpoint::TensorInfo> infos;
    for (const auto& tensor : tensors)
        infos.push_back(tensor.out);
    std::vector<std::byte> made;
    const auto take = [&](std::size_t i) -> Result<std::span<const std::byte>> {
        ESPALIER_TRY(made, tensors[i].make());
        return std::span<const std::byte>(made);
    };
    return writeShards(infos, {}, take, folder, shardBytes, job, nullptr);
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
