// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/weight_footprint.h"

#include "core/engine/torch/head.h"
#include "core/engine/torch/tensor_loader.h"

#include <algorithm>
#include <utility>

namespace espalier::engine {

namespace {

/// Tensors the decoder reads: what the families claimed for it, without a head that a tied embedding replaces.
bool isUsed(const model::ModelSpec& spec, std::size_t tensor, const LayerRange& layers)
{
    const int layer = spec.uses[tensor].layer;
    const bool end = layer < 0 || std::cmp_greater_equal(layer, spec.layers.size());
    const bool head = spec.uses[tensor].role == model::TensorRole::LmHead;
    if (end ? !layers.contains(head ? spec.layers.size() - 1 : 0) : !layers.contains(static_cast<std::size_t>(layer)))
        return false;
    const model::TensorRole role = spec.uses[tensor].role;
    return role != model::TensorRole::Other && !spec.uses[tensor].mtp &&
           !(role == model::TensorRole::LmHead && spec.tiedEmbedding);
}

} // namespace

std::uint64_t WeightFootprint::total() const
{
    std::uint64_t bytes = ends() + scratch;
    for (const Layer& layer : layers)
        bytes += layer.rest + layer.experts;
    return bytes;
}

std::uint64_t WeightFootprint::largestRest() const
{
    std::uint64_t bytes = 0;
    for (const Layer& layer : layers)
        bytes = std::max(bytes, layer.rest);
    return bytes;
}

std::uint64_t WeightFootprint::largestLayer() const
{
    std::uint64_t bytes = 0;
    for (const Layer& layer : layers)
        bytes = std::max(bytes, layer.rest + layer.experts);
    return bytes;
}

std::uint64_t WeightFootprint::largestExpert(int experts) const
{
    std::uint64_t bytes = 0;
    for (const Layer& layer : layers)
        bytes = std::max(bytes, layer.experts / static_cast<std::uint64_t>(std::max(1, experts)));
    return bytes;
}

WeightFootprint footprintOf(const model::OpenModel& model, at::ScalarType type, int threads, const LayerRange& layers)
{
    const std::uint64_t width = at::elementSize(type);
    const std::uint64_t headWidth = at::elementSize(headType(model, type));
    const model::ModelSpec& spec = model.spec;
    const auto& tensors = model.checkpoint.tensors();
    WeightFootprint footprint;
    footprint.layers.resize(spec.layers.size());
    bool anyNarrow = false;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!isUsed(spec, i, layers))
            continue;
        const model::TensorUse& use = spec.uses[i];
        const std::uint64_t elements = spec.parameters[i];
        footprint.storedBytes += tensors[i].bytes;
        if (use.role == model::TensorRole::LmHead) {
            footprint.head += elements * headWidth;
            footprint.storedHead += tensors[i].bytes;
        } else if (use.role == model::TensorRole::Embedding) {
            footprint.embedding += elements * width;
            if (spec.tiedEmbedding && headWidth != width)
                footprint.head += elements * headWidth;
        } else if (use.layer >= 0 && std::cmp_less(use.layer, footprint.layers.size())) {
            WeightFootprint::Layer& layer = footprint.layers[static_cast<std::size_t>(use.layer)];
            if (use.role != model::TensorRole::RoutedExpert) {
                layer.rest += elements * width;
            } else if (elements == 0 || TensorLoader::isNarrow(tensors[i].dtype) ||
                       static_cast<std::uint64_t>(tensors[i].elements()) != elements) {
                layer.experts += tensors[i].bytes; // kept as stored, with everything beside it
                anyNarrow = true;
            } else {
                layer.experts += elements * width;
            }
        } else {
            footprint.embedding += elements * width; // the final norm and the like
        }
    }
    if (anyNarrow)
        footprint.scratch = static_cast<std::uint64_t>(threads) * static_cast<std::uint64_t>(spec.expertWidth) *
                            static_cast<std::uint64_t>(spec.hidden) * (5 * width + 2 * sizeof(float));
    return footprint;
}

} // namespace espalier::engine
