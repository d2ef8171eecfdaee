// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/cached_experts.h"

#include "core/base/byte_size.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/stopwatch.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace espalier::engine {

namespace {

std::uint64_t bytesInMemory(const FfnWeights& weights)
{
    std::uint64_t bytes = 0;
    for (const at::Tensor* tensor : {&weights.gateUp, &weights.down, &weights.gateUpBias, &weights.downBias})
        bytes += tensor->defined() ? tensor->nbytes() : 0;
    if (weights.stored) {
        for (const StoredMatrix& matrix : weights.stored->gateUp)
            bytes += matrix.bytes();
        bytes += weights.stored->down.bytes();
    }
    return bytes;
}

bool keeps(PlanPointer plan, std::size_t moePosition, std::int64_t expert)
{
    if (plan == nullptr)
        return false;
    const auto& keep = plan->layers[moePosition].keep;
    return std::binary_search(keep.begin(), keep.end(), static_cast<std::int32_t>(expert));
}

} // namespace

at::ScalarType storedExpertType(const model::OpenModel& model, at::ScalarType compute)
{
    for (const model::LayerSpec& layer : model.spec.layers) {
        if (!layer.moe)
            continue;
        const std::string& name = layer.experts.empty() ? layer.fused.down.weight : layer.experts.front().down.weight;
        const checkpoint::TensorInfo* tensor = model.checkpoint.find(name);
        if (tensor == nullptr || model.spec.stored.contains(name))
            return compute;
        switch (tensor->dtype) {
        case checkpoint::Dtype::F32:
            return at::kFloat;
        case checkpoint::Dtype::BF16:
            return at::kBFloat16;
        case checkpoint::Dtype::F16:
            return at::kHalf;
        default:
            return compute;
        }
    }
    return compute;
}

CachedExperts::CachedExperts(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                             std::uint64_t capacity, std::uint64_t most)
    : m_model(model), m_loader(model.checkpoint, model.spec, type),
      m_head(model.checkpoint, model.spec, headType(model, type)), m_layers(model.spec.layers.size()),
      m_bytesTotal(footprint.storedBytes), m_most(most)
{
    const auto experts = static_cast<std::size_t>(model.spec.experts);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (!model.spec.layers[i].moe)
            continue;
        m_layers[i].experts.resize(experts);
        m_layers[i].held.assign(experts, false);
        m_layers[i].lastUse.assign(experts, 0);
        m_layers[i].expertBytes = footprint.layers[i].experts / experts;
        capacity = std::max(capacity, footprint.layers[i].experts);
    }
    m_counters.capacity = capacity;
}

Result<void> CachedExperts::prepare(bool head, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    const model::ModelSpec& spec = m_model.spec;
    if (!m_prepared) {
        ESPALIER_TRY(m_ends.finalNorm, m_loader.norm(spec, spec.finalNorm));
        ESPALIER_TRY(m_ends.embedding, m_loader.load(spec.embedding));
        for (std::size_t index = 0; index < m_layers.size(); ++index) {
            if (job.stopRequested())
                return base::cancelledError();
            ESPALIER_TRY(m_layers[index].weights, m_loader.layer(spec, spec.layers[index]));
            job.report({"reading weights", static_cast<double>(index + 1), static_cast<double>(m_layers.size()),
                        "layers without experts"});
        }
        m_prepared = true;
    }
    if (!head || m_ends.head.defined())
        return {};
    return m_head.head(spec, m_ends);
}

void CachedExperts::makeRoom(std::uint64_t bytes, std::size_t index, std::span<const std::int64_t> ids,
                             PlanPointer spared)
{
    // Those of the plan that is being read go last of all, those that are about to be used never.
    for (const bool alsoSpared : {false, true})
        while (m_counters.heldBytes + bytes > m_counters.capacity) {
            Layer* oldest = nullptr;
            std::size_t victim = 0, moePosition = 0;
            for (std::size_t l = 0; l < m_layers.size(); ++l) {
                Layer& layer = m_layers[l];
                for (std::size_t e = 0; e < layer.held.size(); ++e) {
                    const auto id = static_cast<std::int64_t>(e);
                    if (!layer.held[e] || (l == index && std::find(ids.begin(), ids.end(), id) != ids.end()) ||
                        (!alsoSpared && keeps(spared, moePosition, id)))
                        continue;
                    if (oldest == nullptr || layer.lastUse[e] < oldest->lastUse[victim]) {
                        oldest = &layer;
                        victim = e;
                    }
                }
                moePosition += layer.held.empty() ? 0 : 1;
            }
            if (oldest == nullptr)
                break;
            m_counters.heldBytes -= bytesInMemory(oldest->experts[victim]);
            oldest->experts[victim] = {};
            oldest->held[victim] = false;
            ++m_counters.evictedExperts;
            --m_counters.heldExperts;
        }
}

Result<void> CachedExperts::load(std::size_t index, std::span<const std::int64_t> ids, PlanPointer spared)
{
    Layer& layer = m_layers[index];
    std::vector<std::int64_t> missing;
    for (const std::int64_t id : ids) {
        layer.lastUse[static_cast<std::size_t>(id)] = ++m_clock;
        ++m_counters.wanted;
        if (layer.held[static_cast<std::size_t>(id)])
            ++m_counters.hits;
        else
            missing.push_back(id);
    }
    if (missing.empty())
        return {};
    const Stopwatch stopwatch(m_seconds);
    makeRoom(layer.expertBytes * missing.size(), index, ids, spared);
    const std::uint64_t before = m_loader.bytesRead();
    ESPALIER_TRY(std::vector<FfnWeights> loaded, m_loader.experts(m_model.spec.layers[index], missing));
    m_counters.loadedBytes += m_loader.bytesRead() - before;
    for (std::size_t i = 0; i < missing.size(); ++i) {
        m_counters.heldBytes += bytesInMemory(loaded[i]);
        layer.experts[static_cast<std::size_t>(missing[i])] = std::move(loaded[i]);
        layer.held[static_cast<std::size_t>(missing[i])] = true;
    }
    m_counters.heldExperts += missing.size();
    m_counters.loadedExperts += missing.size();
    return {};
}

std::uint64_t CachedExperts::bytesOf(PlanPointer plan) const
{
    std::uint64_t bytes = 0;
    std::size_t moePosition = 0;
    for (const Layer& layer : m_layers) {
        if (layer.held.empty())
            continue;
        bytes += layer.expertBytes * (plan == nullptr ? layer.held.size() : plan->layers[moePosition].keep.size());
        ++moePosition;
    }
    return bytes;
}

Result<void> CachedExperts::hold(PlanPointer plan, const base::JobContext& job)
{
    const std::uint64_t need = bytesOf(plan);
    if (need > m_most)
        return base::noResources(fmt::format("the experts to be held need {} of memory, {} are left for experts",
                                             base::formatByteSize(ByteSize(need)),
                                             base::formatByteSize(ByteSize(m_most))),
                                 "Keep fewer experts, or allow more memory");
    m_counters.capacity = std::max(m_counters.capacity, need);
    std::size_t moePosition = 0;
    for (std::size_t index = 0; index < m_layers.size(); ++index) {
        Layer& layer = m_layers[index];
        if (layer.held.empty())
            continue;
        if (job.stopRequested())
            return base::cancelledError();
        std::vector<std::int64_t> ids;
        if (plan == nullptr) {
            ids.resize(layer.held.size());
            std::iota(ids.begin(), ids.end(), 0);
        } else {
            ids.assign(plan->layers[moePosition].keep.begin(), plan->layers[moePosition].keep.end());
        }
        ESPALIER_CHECK(load(index, ids, plan));
        ++moePosition;
        job.report({"reading experts", static_cast<double>(moePosition),
                    static_cast<double>(m_model.summary.moeLayers.size()), "layers"});
    }
    return {};
}

Result<const LayerWeights*> CachedExperts::layer(std::size_t index, const base::JobContext&)
{
    if (index >= m_layers.size() || !m_prepared)
        return base::internalError("a layer was asked for before its weights were read");
    return &m_layers[index].weights;
}

void CachedExperts::wanted(std::size_t, std::span<const std::int64_t> experts)
{
    m_wanted.assign(experts.begin(), experts.end());
}

Result<ExpertPack> CachedExperts::experts(std::size_t index, std::size_t, const base::JobContext&)
{
    if (index >= m_layers.size() || !m_prepared)
        return base::internalError("experts were asked for before the model was read");
    ESPALIER_CHECK(load(index, std::exchange(m_wanted, {}), nullptr));
    return ExpertPack{0, m_layers[index].experts};
}

Result<const EndWeights*> CachedExperts::ends(End, const base::JobContext&)
{
    return &m_ends;
}

} // namespace espalier::engine
