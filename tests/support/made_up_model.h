// SPDX-License-Identifier: Apache-2.0
// Facts of a model that exists nowhere on disk.
#pragma once

#include "core/model/model_summary.h"

#include <cstdint>
#include <vector>

namespace espalier::test {

/// Facts of a model with MoE layers from `firstLayer` on (dense before), every expert 1000 bytes, a router row 8.
inline model::ModelSummary madeUpModel(int layers, int experts, int topK, int firstLayer = 1)
{
    model::ModelSummary model;
    model.name = "made-up";
    model.fingerprint = "0123456789abcdef";
    model.family = "qwen3_moe";
    model.layers = firstLayer + layers;
    model.experts = experts;
    model.topK = topK;
    model.vocabulary = 100;
    model.hidden = 4;
    model.expertWidth = 6;
    model.heads = 4;
    model.kvHeads = 2;
    model.headDim = 8;
    for (int l = 0; l < layers; ++l)
        model.moeLayers.push_back({LayerIndex(firstLayer + l), experts,
                                   std::vector<std::uint64_t>(static_cast<std::size_t>(experts), 1000), 8});
    const auto all = static_cast<std::uint64_t>(layers) * static_cast<std::uint64_t>(experts);
    model.bytes = {all * 1000, 0, all * 8, 5000, 7000, 300};
    return model;
}

} // namespace espalier::test
