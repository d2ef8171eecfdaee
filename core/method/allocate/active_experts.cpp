// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/active_experts.h"

#include "core/method/allocate/separable.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::method {

Result<std::vector<std::vector<double>>> lostGateShares(const stats::Statistics& statistics,
                                                        std::span<const std::string> domains)
{
    std::vector<std::vector<double>> sums, counts;
    for (const auto& domain : statistics.domains) {
        if (!domains.empty() && std::find(domains.begin(), domains.end(), domain.name) == domains.end())
            continue;
        sums.resize(std::max(sums.size(), domain.layers.size()));
        counts.resize(sums.size());
        for (std::size_t l = 0; l < domain.layers.size(); ++l) {
            const auto& layer = domain.layers[l];
            const auto k = static_cast<std::size_t>(layer.topology().topK);
            const auto histogram = layer[stats::Stat::CumulativeHistogram];
            if (k > 1 && histogram.empty())
                return badInput(fmt::format("domain {} has no {} to say how gate weight is shared", domain.name,
                                            stats::statInfo(stats::Stat::CumulativeHistogram).id),
                                {}, {}, "Profile again with --statistics basic,S1");
            sums[l].resize(k, 0.0);
            counts[l].resize(k, 0.0);
            for (std::size_t m = 0; m + 1 < k; ++m)
                for (std::size_t bin = 0; bin < stats::kHistogramBins; ++bin) {
                    const double tokens = histogram[m * stats::kHistogramBins + bin];
                    sums[l][m] += tokens * (1 - (static_cast<double>(bin) + 0.5) / stats::kHistogramBins);
                    counts[l][m] += tokens;
                }
        }
    }
    for (std::size_t l = 0; l < sums.size(); ++l)
        for (std::size_t m = 0; m < sums[l].size(); ++m)
            sums[l][m] = counts[l][m] > 0 ? sums[l][m] / counts[l][m] : 0;
    return sums;
}

std::vector<std::int32_t> allocateActive(const std::vector<std::vector<double>>& lost,
                                         const std::vector<double>& layerWeight, std::int64_t total)
{
    std::vector<CountLosses> losses;
    for (std::size_t l = 0; l < lost.size(); ++l) {
        auto& loss = losses.emplace_back();
        for (const double share : lost[l]) {
            const double weighed = (l < layerWeight.size() ? layerWeight[l] : 1.0) * share;
            loss.push_back(weighed * weighed);
        }
    }
    auto active = minimiseSeparable(losses, total - static_cast<std::int64_t>(lost.size()));
    for (auto& k : active)
        ++k;
    return active;
}

} // namespace espalier::method
