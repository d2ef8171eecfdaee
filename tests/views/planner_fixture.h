// SPDX-License-Identifier: GPL-3.0-or-later
// A model of four layers with experts in three of them and random statistics of two domains: what the planner works on.
#pragma once

#include "core/model/model_summary.h"
#include "tests/core/method/synthetic.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace espalier::test {

inline std::shared_ptr<const model::ModelSummary> plannerModel(int layers = 3, int experts = 8, int topK = 2)
{
    auto model = std::make_shared<model::ModelSummary>();
    model->name = "made-up";
    model->fingerprint = "0123456789abcdef0123456789abcdef";
    model->family = "qwen3_moe";
    model->layers = layers + 1;
    model->experts = experts;
    model->topK = topK;
    model->vocabulary = 100;
    model->hidden = 16;
    model->expertWidth = 8;
    model->heads = model->kvHeads = 2;
    model->headDim = 8;
    model->maxPositions = 256;
    model->bytes = {0, 0, 0, 5000, 3200, 100};
    for (int l = 0; l < layers; ++l) {
        model::MoeLayerFacts facts;
        facts.layer = LayerIndex(l + 1); // layer 0 is dense
        facts.experts = experts;
        facts.expertBytes.assign(static_cast<std::size_t>(experts), 768);
        facts.routerBytesPerExpert = 32;
        model->bytes.routedExperts += static_cast<std::uint64_t>(experts) * 768;
        model->bytes.router += static_cast<std::uint64_t>(experts) * 32;
        model->moeLayers.push_back(std::move(facts));
    }
    return model;
}

inline std::shared_ptr<const stats::Statistics> plannerStatistics(const model::ModelSummary& model, int tokens = 120)
{
    auto statistics = std::make_shared<stats::Statistics>();
    statistics->modelFingerprint = model.fingerprint;
    statistics->tokenizerFingerprint = "t";
    statistics->context = 256;
    std::uint64_t seed = 1;
    for (const char* name : {"alpha", "beta"})
        statistics->domains.push_back(sumTokens(
            makeTokens(name, static_cast<int>(model.moeLayers.size()), tokens, model.experts, model.topK, seed++),
            model.topK, 1));
    return statistics;
}

/// Ratio histograms as if later weights were spread evenly over [0, 1]: the quantile of a share is the share.
inline void addEvenRatios(stats::DomainStats& domain)
{
    for (auto& layer : domain.layers) {
        const auto size = stats::statSize(stats::Stat::RatioHistogram, layer.topology());
        if (!layer.set(stats::Stat::RatioHistogram, std::vector<double>(size.rows * size.cols, 1.0)))
            throw std::runtime_error("a histogram of another size");
    }
}

} // namespace espalier::test
