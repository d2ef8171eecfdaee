// SPDX-License-Identifier: Apache-2.0
#include "core/model/weight_reader.h"

#include "core/checkpoint/quant/expand.h"

#include <fmt/format.h>

namespace espalier::model {

using checkpoint::StoredWeight;

WeightReader::WeightReader(const OpenModel& model) : m_model(model), m_reader(model.checkpoint)
{
}

Result<StoredWeight> WeightReader::find(const std::string& name) const
{
    if (const auto found = m_model.spec.stored.find(name); found != m_model.spec.stored.end())
        return found->second;
    const auto* tensor = m_model.checkpoint.find(name);
    if (tensor == nullptr)
        return internalError("the model has no tensor " + name);
    if (!checkpoint::canExpand(tensor->dtype))
        return badInput(fmt::format("numbers of type {} cannot be read", checkpoint::dtypeName(tensor->dtype)),
                        m_model.checkpoint.path().string(), "tensor " + name,
                        "Use the model's version in bfloat16, float16 or float32");
    StoredWeight plain;
    plain.shape = tensor->shape;
    plain.main = static_cast<std::size_t>(tensor - m_model.checkpoint.tensors().data());
    return plain;
}

Result<std::vector<float>> WeightReader::read(const std::string& name, std::int64_t index)
{
    ESPALIER_TRY(StoredWeight weight, find(name));
    if (index < 0 || index >= weight.count())
        return internalError(fmt::format("{} has no matrix {}", name, index));
    const auto& tensors = m_model.checkpoint.tensors();
    std::vector<std::byte> buffers[4];
    checkpoint::Dtype types[4] = {};
    const std::size_t parts[4] = {weight.main, weight.scale, weight.zero, weight.groupOf};
    for (std::size_t i = 0; i < 4; ++i) {
        if (parts[i] == checkpoint::kNoTensor)
            continue;
        const auto part = checkpoint::partOf(tensors[parts[i]], weight, index);
        types[i] = part.dtype;
        buffers[i].resize(static_cast<std::size_t>(part.bytes));
        ESPALIER_CHECK(m_reader.read(part, buffers[i]));
    }
    if (weight.shape.size() == 3)
        weight.shape.erase(weight.shape.begin());
    const checkpoint::WeightBytes bytes{buffers[0], buffers[1], buffers[2], buffers[3]};
    if (auto checked = checkpoint::checkGroups(weight, bytes); !checked)
        return badInput(checked.error().message, m_model.checkpoint.path().string(),
                        "tensor " + tensors[weight.main].name, "The file is damaged; fetch it again");
    std::size_t count = 1; // no overflow: the spec checked the shape against the tensor's size
    for (const auto size : weight.shape)
        count *= static_cast<std::size_t>(size);
    std::vector<float> values(count);
    checkpoint::expandWeight(weight, types[0], types[1], bytes, values);
    return values;
}

std::uint64_t WeightReader::bytesOf(const std::string& name) const
{
    const auto weight = find(name);
    if (!weight)
        return 0;
    std::uint64_t bytes = 0;
    for (const std::size_t part : {weight->main, weight->scale, weight->zero, weight->groupOf})
        if (part != checkpoint::kNoTensor)
            bytes += m_model.checkpoint.tensors()[part].bytes / static_cast<std::uint64_t>(weight->count());
    return bytes;
}

} // namespace espalier::model
