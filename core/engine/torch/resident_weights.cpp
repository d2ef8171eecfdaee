// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/resident_weights.h"

#include "core/engine/torch/head.h"
#include "core/engine/torch/stopwatch.h"

#include <ATen/ATen.h>
#include <utility>

namespace espalier::engine {

ResidentWeights::ResidentWeights(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                                 const LayerRange& range)
    : m_model(model), m_range(range), m_loader(model.checkpoint, model.spec, type),
      m_head(model.checkpoint, model.spec, headType(model, type)), m_layers(model.spec.layers.size()),
      m_bytesTotal(footprint.storedBytes - footprint.storedHead), m_headBytes(footprint.storedHead)
{
}

Result<void> ResidentWeights::loadEnds(bool head)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!m_ends.finalNorm.weight.defined() && (m_range.begin == 0 || head)) {
        ESPALIER_TRY(m_ends.finalNorm, m_loader.norm(spec, spec.finalNorm));
    }
    if (!m_ends.embedding.defined() && m_range.begin == 0) {
        ESPALIER_TRY(m_ends.embedding, m_loader.load(spec.embedding));
    }
    if (!head || m_ends.head.defined())
        return {};
    return m_head.head(spec, m_ends);
}

Result<void> ResidentWeights::prepare(bool head, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    if (head)
        m_bytesTotal += std::exchange(m_headBytes, 0);
    ESPALIER_CHECK(loadEnds(head));
    for (std::size_t index = 0; index < m_layers.size(); ++index) {
        if (m_layers[index] || !m_range.contains(index))
            continue;
        if (job.stopRequested())
            return base::cancelledError();
        const model::LayerSpec& layer = m_model.spec.layers[index];
        Layer loaded;
        ESPALIER_TRY(loaded.weights, m_loader.layer(m_model.spec, layer));
        if (layer.moe) {
            ESPALIER_TRY(loaded.experts, m_loader.experts(layer, 0, m_model.spec.experts));
        }
        m_layers[index] = std::move(loaded);
        job.report({"reading weights", static_cast<double>(bytesRead()), static_cast<double>(m_bytesTotal), "bytes"});
    }
    return {};
}

Result<const LayerWeights*> ResidentWeights::layer(std::size_t index, const base::JobContext&)
{
    if (index >= m_layers.size() || !m_layers[index])
        return base::internalError("a layer was asked for before its weights were read");
    return &m_layers[index]->weights;
}

Result<ExpertPack> ResidentWeights::experts(std::size_t index, std::size_t, const base::JobContext&)
{
    if (index >= m_layers.size() || !m_layers[index])
        return base::internalError("experts were asked for before they were read");
    return ExpertPack{0, m_layers[index]->experts};
}

Result<const EndWeights*> ResidentWeights::ends(End, const base::JobContext&)
{
    return &m_ends;
}

} // namespace espalier::engine
