// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/resident_weights.h"

#include <ATen/ATen.h>

namespace espalier::engine {

namespace {

/// Tensors the decoder reads: what the families claimed for it, without a head that a tied embedding replaces.
bool isUsed(const model::ModelSpec& spec, std::size_t tensor)
{
    const model::TensorRole role = spec.uses[tensor].role;
    return role != model::TensorRole::Other && !spec.uses[tensor].mtp &&
           !(role == model::TensorRole::LmHead && spec.tiedEmbedding);
}

template <typename Visit>
void eachUsedTensor(const model::OpenModel& model, const Visit& visit)
{
    const auto& tensors = model.checkpoint.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (isUsed(model.spec, i))
            visit(tensors[i], model.spec.uses[i].role);
}

} // namespace

ResidentWeights::ResidentWeights(const model::OpenModel& model, at::ScalarType type)
    : m_model(model), m_loader(model.checkpoint, model.spec, type), m_head(model.checkpoint, model.spec, at::kFloat),
      m_layers(model.spec.layers.size())
{
    eachUsedTensor(model,
                   [&](const checkpoint::TensorInfo& tensor, model::TensorRole) { m_bytesTotal += tensor.bytes; });
}

std::uint64_t ResidentWeights::memoryNeeded(const model::OpenModel& model, at::ScalarType type, int threads)
{
    const std::uint64_t width = at::elementSize(type);
    const model::ModelSpec& spec = model.spec;
    const auto& tensors = model.checkpoint.tensors();
    std::uint64_t bytes = 0;
    bool anyNarrow = false;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!isUsed(spec, i))
            continue;
        const model::TensorRole role = spec.uses[i].role;
        const std::uint64_t elements = spec.parameters[i];
        if (role == model::TensorRole::RoutedExpert &&
            (elements == 0 || TensorLoader::isNarrow(tensors[i].dtype) ||
             static_cast<std::uint64_t>(tensors[i].elements()) != elements)) {
            bytes += tensors[i].bytes; // kept as stored, with everything beside it
            anyNarrow = true;
            continue;
        }
        bytes += elements * (role == model::TensorRole::LmHead ? sizeof(float) : width);
        if (role == model::TensorRole::Embedding && spec.tiedEmbedding && type != at::kFloat)
            bytes += elements * sizeof(float);
    }
    if (anyNarrow) // every thread has an expert in the compute type and one matrix of it in float32
        bytes += static_cast<std::uint64_t>(threads) * static_cast<std::uint64_t>(spec.expertWidth) *
                 static_cast<std::uint64_t>(spec.hidden) * (5 * width + 2 * sizeof(float));
    return bytes;
}

Result<void> ResidentWeights::loadEnds(bool head)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!m_ends.embedding.defined()) {
        ESPALIER_TRY(m_ends.finalNorm, m_loader.norm(spec, spec.finalNorm));
        ESPALIER_TRY(m_ends.embedding, m_loader.load(spec.embedding));
    }
    if (!head || m_ends.head.defined())
        return {};
    if (spec.tiedEmbedding) {
        m_ends.head = m_ends.embedding.to(at::kFloat); // the same storage when it is float32 already
    } else {
        ESPALIER_TRY(m_ends.head, m_head.load(spec.lmHead));
    }
    if (!spec.lmHeadBias.empty()) {
        ESPALIER_TRY(m_ends.headBias, m_head.load(spec.lmHeadBias));
    }
    return {};
}

Result<void> ResidentWeights::prepare(bool head, const base::JobContext& job)
{
    ESPALIER_CHECK(loadEnds(head));
    for (std::size_t index = 0; index < m_layers.size(); ++index) {
        if (m_layers[index])
            continue;
        if (job.stopRequested())
            return base::cancelledError();
        ESPALIER_TRY(m_layers[index], m_loader.layer(m_model.spec, m_model.spec.layers[index]));
        job.report({"reading weights", static_cast<double>(bytesRead()), static_cast<double>(m_bytesTotal), "bytes"});
    }
    return {};
}

Result<const LayerWeights*> ResidentWeights::layer(std::size_t index, const base::JobContext&)
{
    if (index >= m_layers.size() || !m_layers[index])
        return base::internalError("a layer was asked for before its weights were read");
    return &*m_layers[index];
}

Result<const EndWeights*> ResidentWeights::ends(const base::JobContext&)
{
    return &m_ends;
}

} // namespace espalier::engine
