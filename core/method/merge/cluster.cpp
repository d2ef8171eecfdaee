// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/cluster.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::method {

Partition averageLinkage(const Distances& distances, std::size_t groups)
{
    Partition partition;
    for (std::size_t e = 0; e < distances.count; ++e)
        partition.push_back({static_cast<std::int32_t>(e)});
    // Sums of distances between clusters: the sum with a joined cluster is the sum of the sums, exact to rounding.
    std::vector<std::vector<double>> sums(distances.count);
    for (std::size_t i = 0; i < distances.count; ++i)
        sums[i].assign(distances.values.begin() + static_cast<std::ptrdiff_t>(i * distances.count),
                       distances.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * distances.count));
    while (partition.size() > std::max<std::size_t>(groups, 1)) {
        double least = std::numeric_limits<double>::infinity();
        std::size_t first = 0, second = 1;
        for (std::size_t i = 0; i < partition.size(); ++i)
            for (std::size_t j = i + 1; j < partition.size(); ++j) {
                const double mean = sums[i][j] / static_cast<double>(partition[i].size() * partition[j].size());
                if (mean < least) {
                    least = mean;
                    first = i;
                    second = j;
                }
            }
        auto& joined = partition[first];
        joined.insert(joined.end(), partition[second].begin(), partition[second].end());
        std::sort(joined.begin(), joined.end());
        for (std::size_t other = 0; other < partition.size(); ++other)
            if (other != first)
                sums[first][other] = sums[other][first] = sums[first][other] + sums[second][other];
        partition.erase(partition.begin() + static_cast<std::ptrdiff_t>(second));
        sums.erase(sums.begin() + static_cast<std::ptrdiff_t>(second));
        for (auto& row : sums)
            row.erase(row.begin() + static_cast<std::ptrdiff_t>(second));
    }
    return partition;
}

std::int32_t medoid(const Distances& distances, const std::vector<std::int32_t>& members)
{
    double least = std::numeric_limits<double>::infinity();
    std::int32_t best = members.front();
    for (const auto candidate : members) {
        double sum = 0;
        for (const auto other : members)
            sum += distances.at(static_cast<std::size_t>(candidate), static_cast<std::size_t>(other));
        if (sum < least) {
            least = sum;
            best = candidate;
        }
    }
    return best;
}

Distances rowDistances(std::span<const float> rows, std::size_t count)
{
    const std::size_t width = count > 0 ? rows.size() / count : 0;
    Distances distances{count, std::vector<double>(count * count, 0.0)};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j) {
            double squares = 0;
            for (std::size_t c = 0; c < width; ++c) {
                const double d = static_cast<double>(rows[i * width + c]) - rows[j * width + c];
                squares += d * d;
            }
            distances.values[i * count + j] = distances.values[j * count + i] = std::sqrt(squares);
        }
    return distances;
}

namespace {

/// Cosines from a Gram matrix.
std::vector<double> cosinesOf(std::vector<double> gram, std::size_t count)
{
    std::vector<double> norms(count);
    for (std::size_t i = 0; i < count; ++i)
        norms[i] = std::sqrt(std::max(0.0, gram[i * count + i]));
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) {
            const double scale = norms[i] * norms[j];
            double& value = gram[i * count + j];
            value = i == j ? 1.0 : scale > 0 ? std::clamp(value / scale, -1.0, 1.0) : 0.0;
        }
    return gram;
}

} // namespace

std::vector<double> rowCosines(std::span<const float> rows, std::size_t count)
{
    const std::size_t width = count > 0 ? rows.size() / count : 0;
    std::vector<double> gram(count * count, 0.0);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i; j < count; ++j) {
            double sum = 0;
            for (std::size_t c = 0; c < width; ++c)
                sum += static_cast<double>(rows[i * width + c]) * rows[j * width + c];
            gram[i * count + j] = gram[j * count + i] = sum;
        }
    return cosinesOf(std::move(gram), count);
}

std::vector<double> logitCosines(const LayerEvidence& evidence)
{
    return cosinesOf(evidence.logitGram, evidence.count());
}

std::vector<double> logitCorrelations(const LayerEvidence& evidence)
{
    const std::size_t count = evidence.count();
    std::vector<double> centred = evidence.logitGram;
    for (std::size_t i = 0; i < count && evidence.tokens > 0; ++i)
        for (std::size_t j = 0; j < count; ++j)
            centred[i * count + j] -= evidence.logitSum[i] * evidence.logitSum[j] / evidence.tokens;
    return cosinesOf(std::move(centred), count);
}

Distances fromSimilarities(std::span<const double> similarities, std::size_t count)
{
    Distances distances{count, std::vector<double>(count * count, 0.0)};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) {
            const double similarity = similarities[i * count + j];
            if (i != j)
                distances.values[i * count + j] = std::isfinite(similarity) ? std::max(0.0, 1 - similarity) : 2.0;
        }
    return distances;
}

std::vector<double> sharesOf(const std::vector<std::int32_t>& members, std::span<const double> amounts)
{
    double total = 0;
    for (const auto member : members)
        total += amounts[static_cast<std::size_t>(member)];
    std::vector<double> shares;
    for (const auto member : members)
        shares.push_back(total > 0 && std::isfinite(total) ? amounts[static_cast<std::size_t>(member)] / total
                                                           : 1.0 / static_cast<double>(members.size()));
    return shares;
}

} // namespace espalier::method
