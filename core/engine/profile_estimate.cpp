// SPDX-License-Identifier: Apache-2.0
// What a calibration pass will take: operations, and bytes of the study.
#include "core/engine/profile_pass.h"
#include "core/engine/sampled_tokens.h"

#include <algorithm>

namespace espalier::engine {

namespace {

/// S8 and S17 keep.
std::int64_t sampledRows(const ProfileRequest& request, const DomainTexts& texts)
{
    const std::int64_t step = sampledTokens(request, texts).step;
    std::int64_t rows = 0;
    for (const auto& window : texts.windows)
        rows += countSampled(window.ids, step);
    return rows;
}

/// Of S7, S8 and S17; rows of S8 as they are computed, here of float32.
std::uint64_t sampleBytes(const model::OpenModel& model, const ProfileRequest& request, const DomainTexts& texts)
{
    const auto layers = static_cast<std::uint64_t>(model.summary.moeLayers.size());
    const auto k = static_cast<std::uint64_t>(model.summary.topK),
               hidden = static_cast<std::uint64_t>(model.summary.hidden);
    const auto first = static_cast<std::uint64_t>(std::min(texts.tokens, request.sampleTokens));
    const auto rows = static_cast<std::uint64_t>(sampledRows(request, texts));
    const auto next = static_cast<std::uint64_t>(std::min<std::int64_t>(stats::kNextTokens, model.spec.vocabulary));
    std::uint64_t bytes = 0;
    if (request.statistics.hasGroup("S7"))
        bytes += layers * first * (4 + 6 * k);
    if (request.statistics.hasGroup("S8"))
        bytes += layers * rows * (4 + 12 * hidden);
    if (request.statistics.hasGroup("S17"))
        bytes += rows * (8 + 8 * next);
    return bytes;
}

/// Rows that a product takes as long as more than it has: an expert's weights come from memory once for each batch
/// whatever its rows. `espalier bench --parts layers` says what the bank takes: see tests/bench/README.md.
constexpr double kRowsLost = 32;
constexpr std::int64_t kBatchTokens = 4096; ///< that go through an expert together
constexpr double kHsicTokens = 32;          ///< that S11 compares together, of a text

double expertFlops(const model::ModelSpec& spec)
{
    return 2.0 * 3 * spec.hidden * spec.expertWidth;
}

/// One layer's for a text of which so many tokens go through all E experts: the experts; products of their outputs and
/// the layer's with each other, (E + 1)² H; for S9 the choice without each expert, four times over E logits and a
/// quadratic form of at most 2 k gates; for S11 kernels of n tokens, E n H a token, and traces of their products, E² n.
double bankFlops(const model::ModelSpec& spec, const stats::StatSelection& statistics, std::int64_t sample)
{
    const double e = spec.experts, h = spec.hidden, k = spec.router.topK;
    double each = e * expertFlops(spec) + 2 * (e + 1) * (e + 1) * h;
    if (statistics.has(stats::Stat::LeaveOutLoss))
        each += e * (4 * e + 2 * (2 * k) * (2 * k));
    if (statistics.has(stats::Stat::OutputHsic)) {
        const double n = std::min(kHsicTokens, static_cast<double>(sample));
        each += 2 * e * n * h + 2 * e * e * n;
    }
    return each * static_cast<double>(sample);
}

} // namespace

Result<ProfileEstimate> estimateProfile(const model::OpenModel& model, const ProfileRequest& request)
{
    ESPALIER_TRY(const ProfilePass pass, prepareProfile(model, request));
    ProfileEstimate estimate;
    const auto layers = static_cast<std::uint64_t>(model.summary.moeLayers.size());
    std::uint64_t perLayer = 0;
    for (const auto& info : stats::statInfos())
        if (request.statistics.has(info.stat)) {
            const auto size = stats::statSize(info.stat, topologyOf(model));
            perLayer += sizeof(double) * size.rows * size.cols;
        }
    constexpr std::uint64_t kPoolEntry = sizeof(float) + sizeof(std::uint16_t);
    const auto perToken = static_cast<double>(model.summary.activeParameters);
    double batches = 0;
    for (const auto& domain : pass.domains) {
        estimate.tokens[domain.name] = domain.tokens;
        estimate.windows[domain.name] = static_cast<std::int64_t>(domain.windows.size());
        estimate.studyBytes += layers * perLayer;
        if (request.statistics.hasPool())
            estimate.studyBytes += layers * kPoolEntry * static_cast<std::uint64_t>(domain.tokens) *
                                   static_cast<std::uint64_t>(model.summary.topK);
        if (request.statistics.hasGroup("S5")) // as if no two tokens chose the same experts
            estimate.studyBytes +=
                layers * static_cast<std::uint64_t>(domain.tokens) *
                (sizeof(double) + sizeof(std::uint16_t) * static_cast<std::uint64_t>(model.summary.topK));
        if (request.statistics.hasSamples()) {
            estimate.studyBytes += sampleBytes(model, request, domain);
            if (request.statistics.hasGroup("S17"))
                estimate.flops += 2.0 * static_cast<double>(sampledRows(request, domain)) * model.spec.vocabulary *
                                  model.summary.hidden;
        }
        // Two per weight and token, and for attention two products of every position with half of those before it.
        for (const auto& window : domain.windows) {
            const auto n = static_cast<double>(window.ids.size());
            estimate.flops +=
                2 * n * perToken + 2 * n * n * model.summary.heads * model.summary.headDim * model.summary.layers;
            if (!request.statistics.hasBank())
                continue;
            const std::int64_t sample = countSampled(window.ids, bankStep(model.summary.experts));
            estimate.bankTokens += sample;
            estimate.flops += static_cast<double>(layers) * bankFlops(model.spec, request.statistics, sample);
        }
        batches += static_cast<double>((domain.tokens + kBatchTokens - 1) / kBatchTokens);
    }
    estimate.effort = estimate.flops;
    if (request.statistics.hasBank())
        estimate.effort +=
            batches * static_cast<double>(layers) * model.spec.experts * expertFlops(model.spec) * kRowsLost;
    return estimate;
}

} // namespace espalier::engine
