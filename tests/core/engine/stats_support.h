// SPDX-License-Identifier: Apache-2.0
// Empty sums for a model, and how far two arrays of sums are apart.
#pragma once

#include "core/model/model_summary.h"
#include "core/stats/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace espalier::test {

inline stats::DomainStats emptyDomain(const model::ModelSummary& model, stats::StatSelection selection)
{
    stats::DomainStats domain;
    domain.name = "d";
    for (const auto& layer : model.moeLayers)
        domain.layers.emplace_back(layer.layer, stats::Topology{model.experts, model.topK, model.hidden}, selection);
    return domain;
}

/// Largest difference as a share of the largest expected value; NaN anywhere makes it NaN, other sizes infinite.
inline double relativeDifference(std::span<const double> ours, std::span<const double> expected)
{
    if (ours.size() != expected.size())
        return std::numeric_limits<double>::infinity();
    double scale = 1e-300, most = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        scale = std::max(scale, std::fabs(expected[i]));
        const double d = std::fabs(ours[i] - expected[i]);
        most = d <= most ? most : d;
    }
    return most / scale;
}

} // namespace espalier::test
