// SPDX-License-Identifier: Apache-2.0
#include "core/method/retrieve/patterns.h"

#include "core/stats/inference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::method {
namespace {

constexpr double kUniformShare = 0.02;
constexpr std::array kRunTokens{4, 8, 16, 32, 64, 128, 256};
/// Runs are cut from the middle of documents that the pattern has seen; prompts begin new ones, so they lie farther.
constexpr double kSlack = 1.5;
constexpr std::size_t kFewestRuns = 8, kMostRuns = 256;

/// Adds the softmax over each token's pool to its experts.
void addTokens(const stats::LogitPool& pool, std::size_t first, std::size_t count, std::vector<double>& sums)
{
    const auto k = static_cast<std::size_t>(pool.k);
    std::vector<double> p(k);
    for (std::size_t t = first; t < first + count; ++t) {
        const float* logits = pool.logits.data() + t * k;
        double total = 0;
        for (std::size_t j = 0; j < k; ++j)
            total += p[j] = std::exp(static_cast<double>(logits[j]) - static_cast<double>(logits[0]));
        for (std::size_t j = 0; j < k; ++j)
            sums[pool.ids[t * k + j]] += p[j] / total;
    }
}

ExpertMatrix sumsOf(std::span<const stats::LogitPool* const> pools, std::size_t experts, std::size_t first,
                    std::size_t count)
{
    ExpertMatrix sums(pools.size(), std::vector<double>(experts, 0.0));
    for (std::size_t l = 0; l < pools.size(); ++l)
        addTokens(*pools[l], first, count, sums[l]);
    return sums;
}

ExpertMatrix normalised(ExpertMatrix sums)
{
    for (auto& layer : sums) {
        double total = 0;
        for (const double v : layer)
            total += v;
        for (double& v : layer)
            v = total > 0 ? v / total : 1 / static_cast<double>(layer.size());
    }
    return sums;
}

/// The whole less a part of it: what a run is compared with, so that it is not compared with itself.
ExpertMatrix without(const ExpertMatrix& whole, const ExpertMatrix& part)
{
    ExpertMatrix rest = whole;
    for (std::size_t l = 0; l < rest.size(); ++l)
        for (std::size_t e = 0; e < rest[l].size(); ++e)
            rest[l][e] = std::max(0.0, rest[l][e] - part[l][e]);
    return rest;
}

std::vector<SelfDistance> selfDistances(std::span<const stats::LogitPool* const> pools, std::size_t experts,
                                        std::size_t tokens, const ExpertMatrix& whole)
{
    std::vector<SelfDistance> out;
    for (const int length : kRunTokens) {
        const auto run = static_cast<std::size_t>(length);
        const std::size_t runs = std::min(kMostRuns, tokens / run);
        if (runs < kFewestRuns)
            break;
        std::vector<float> distances;
        for (std::size_t i = 0; i < runs; ++i) {
            // Runs that do not overlap, spread over the whole domain.
            const std::size_t first = i * (tokens / runs);
            const auto part = sumsOf(pools, experts, first, run);
            distances.push_back(
                static_cast<float>(signatureDistance(normalised(part), normalised(without(whole, part)))));
        }
        out.push_back({length, stats::quantile(distances.data(), distances.size(), 0.5),
                       stats::quantile(distances.data(), distances.size(), 0.99)});
    }
    return out;
}

ExpertMatrix scoresOf(const ScoreTable& table)
{
    ExpertMatrix scores;
    for (const auto& layer : table.layers) {
        auto& row = scores.emplace_back();
        for (const auto& expert : layer.experts)
            row.push_back(expert.score);
    }
    return scores;
}

} // namespace

std::optional<double> Pattern::limit(std::int64_t promptTokens) const
{
    if (self.empty() || promptTokens <= 0)
        return std::nullopt;
    const auto n = static_cast<double>(promptTokens);
    if (n <= self.front().tokens)
        return kSlack * self.front().far * self.front().tokens / n;
    for (std::size_t i = 1; i < self.size(); ++i)
        if (n <= self[i].tokens) {
            const double low = std::log(self[i - 1].tokens), high = std::log(self[i].tokens);
            const double share = (std::log(n) - low) / (high - low);
            return kSlack * (self[i - 1].far + share * (self[i].far - self[i - 1].far));
        }
    return kSlack * self.back().far;
}

ExpertMatrix signatureOf(std::span<const stats::LogitPool* const> pools, std::size_t experts, std::size_t first,
                         std::size_t count, PatternKey key)
{
    if (key == PatternKey::Tcess) {
        ExpertMatrix means(pools.size(), std::vector<double>(experts, 0.0));
        for (std::size_t l = 0; l < pools.size(); ++l)
            for (std::size_t t = first; t < first + count; ++t) {
                const std::size_t winner = t * static_cast<std::size_t>(pools[l]->k);
                means[l][pools[l]->ids[winner]] +=
                    static_cast<double>(pools[l]->logits[winner]) / static_cast<double>(count);
            }
        return means;
    }
    return normalised(sumsOf(pools, experts, first, count));
}

double signatureDistance(const ExpertMatrix& prompt, const ExpertMatrix& pattern, PatternKey key)
{
    double total = 0;
    if (key == PatternKey::Tcess) {
        for (std::size_t l = 0; l < prompt.size(); ++l)
            for (std::size_t e = 0; e < prompt[l].size(); ++e)
                total += (prompt[l][e] - pattern[l][e]) * (prompt[l][e] - pattern[l][e]);
        return total;
    }
    for (std::size_t l = 0; l < prompt.size(); ++l) {
        const double uniform = kUniformShare / static_cast<double>(prompt[l].size());
        for (std::size_t e = 0; e < prompt[l].size(); ++e)
            if (const double q = prompt[l][e]; q > 0)
                total += q * std::log(q / ((1 - kUniformShare) * pattern[l][e] + uniform));
    }
    return prompt.empty() ? 0 : total / static_cast<double>(prompt.size());
}

Result<PatternLibrary> buildPatterns(const stats::Statistics& statistics, const model::ModelSummary& model,
                                     const PatternRequest& request)
{
    // One score over everything checks method, domains and statistics, and is the generalist.
    ESPALIER_TRY(const auto all, computeScores(statistics, request.score));
    if (all.layers.size() != model.moeLayers.size())
        return badInput("the statistics do not fit the model");
    if (all.domains.empty())
        return usageError(fmt::format("{} looks at no texts, so it has no patterns", request.score.method));
    const auto layers = static_cast<std::int32_t>(all.layers.size());
    if (request.signatureLayers < 0 || request.signatureLayers > layers)
        return usageError(fmt::format("a signature of {} layers is not possible", request.signatureLayers),
                          fmt::format("Choose 1 to {}", layers));
    PatternLibrary library;
    library.fingerprint = model.fingerprint;
    library.family = model.family;
    library.tokenizerFingerprint = statistics.tokenizerFingerprint;
    library.method = request.score.method;
    library.experts = model.experts;
    library.topK = model.topK;
    library.signatureLayers = request.signatureLayers > 0 ? request.signatureLayers : layers;
    for (const auto& layer : all.layers)
        library.layers.push_back(layer.layer);
    library.generalist.name = "generalist";
    library.generalist.scores = scoresOf(all);
    const auto experts = static_cast<std::size_t>(model.experts);
    ExpertMatrix everything(static_cast<std::size_t>(library.signatureLayers), std::vector<double>(experts, 0.0));
    for (const auto& name : all.domains) {
        const auto& domain = *statistics.find(name);
        std::vector<const stats::LogitPool*> pools;
        for (std::int32_t l = 0; l < library.signatureLayers; ++l) {
            const auto& pool = domain.layers[static_cast<std::size_t>(l)].pool();
            if (pool.k <= 0 || pool.ids.empty() || pool.logits.size() != pool.ids.size() ||
                pool.ids.size() != domain.layers.front().pool().ids.size())
                return badInput(fmt::format("domain {} has no pool of logits to make a signature of", name), {}, {},
                                "Profile again with --statistics basic,pool");
            pools.push_back(&pool);
        }
        ScoreRequest one = request.score;
        one.domains = {{name, 1}};
        ESPALIER_TRY(const auto table, computeScores(statistics, one));
        const std::size_t tokens = pools.front()->ids.size() / static_cast<std::size_t>(pools.front()->k);
        const auto sums = sumsOf(pools, experts, 0, tokens);
        for (std::size_t l = 0; l < sums.size(); ++l)
            for (std::size_t e = 0; e < experts; ++e)
                everything[l][e] += sums[l][e];
        library.patterns.push_back({name, domain.tokens, domain.dataSha256, scoresOf(table), normalised(sums),
                                    selfDistances(pools, experts, tokens, sums)});
        library.generalist.tokens += domain.tokens;
    }
    library.generalist.signature = normalised(everything);
    return library;
}

PatternMatch matchPattern(const PatternLibrary& library, const ExpertMatrix& signature, std::int64_t promptTokens)
{
    PatternMatch match;
    for (std::size_t i = 0; i < library.patterns.size(); ++i)
        match.ranking.push_back({i, signatureDistance(signature, library.patterns[i].signature, library.key),
                                 library.patterns[i].limit(promptTokens)});
    std::stable_sort(match.ranking.begin(), match.ranking.end(),
                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
    if (!match.ranking.empty()) {
        const auto& nearest = match.ranking.front();
        match.abstains = nearest.limit && nearest.distance > *nearest.limit;
    }
    return match;
}

} // namespace espalier::method
