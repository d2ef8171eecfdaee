// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/skipping.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace espalier::method {

double quantileOfBins(std::span<const double> counts, double share)
{
    const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
    if (!(all > 0) || !(share > 0))
        return 0;
    if (share >= 1)
        return kNeverReached;
    const double wanted = share * all;
    double below = 0;
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        if (below + counts[bin] >= wanted)
            return (static_cast<double>(bin) + (wanted - below) / counts[bin]) / static_cast<double>(counts.size());
        below += counts[bin];
    }
    return kNeverReached;
}

Result<std::vector<std::vector<double>>> skipThresholds(const stats::Statistics& statistics,
                                                        std::span<const std::string> domains, double share)
{
    std::vector<std::vector<double>> counts; // [layer][(k - 1) x bins]
    for (const auto& domain : statistics.domains) {
        if (!domains.empty() && std::find(domains.begin(), domains.end(), domain.name) == domains.end())
            continue;
        counts.resize(std::max(counts.size(), domain.layers.size()));
        for (std::size_t l = 0; l < domain.layers.size(); ++l) {
            const auto& layer = domain.layers[l];
            const auto histogram = layer[stats::Stat::RatioHistogram];
            if (layer.topology().topK > 1 && histogram.empty())
                return badInput(fmt::format("domain {} has no {} to say how small a token's later weights are",
                                            domain.name, stats::statInfo(stats::Stat::RatioHistogram).id),
                                {}, {}, "Profile again with --statistics basic,S1");
            counts[l].resize(histogram.size(), 0.0);
            std::transform(histogram.begin(), histogram.end(), counts[l].begin(), counts[l].begin(), std::plus<>());
        }
    }
    std::vector<std::vector<double>> thresholds;
    for (const auto& layer : counts) {
        auto& own = thresholds.emplace_back();
        for (std::size_t begin = 0; begin < layer.size(); begin += stats::kHistogramBins)
            own.push_back(quantileOfBins(std::span(layer).subspan(begin, stats::kHistogramBins), share));
    }
    return thresholds;
}

} // namespace espalier::method
