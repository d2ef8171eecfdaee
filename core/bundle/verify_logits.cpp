// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/verify_logits.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <random>

namespace espalier::bundle {
namespace {

constexpr std::size_t kSequences = 4;

int lengthFor(const model::ModelSpec& spec)
{
    constexpr int kLength = 32;
    return std::min(kLength, spec.maxPositions);
}

std::vector<engine::TokenSequence> prompts(const model::ModelSpec& spec)
{
    std::mt19937 random(20240229);
    std::vector<engine::TokenSequence> sequences(kSequences);
    for (auto& sequence : sequences)
        for (int i = 0; i < lengthFor(spec); ++i)
            sequence.push_back(static_cast<engine::TokenId>(random() % static_cast<std::uint32_t>(spec.vocabulary)));
    return sequences;
}

} // namespace

Result<std::vector<float>> verifyLogits(const model::OpenModel& model, engine::PlanPointer plan,
                                        engine::EngineOptions options, const base::JobContext& job)
{
    options.compute = engine::ComputeType::Float32;
    ESPALIER_TRY(const auto engine, engine::openEngine(model, options));
    std::vector<float> all;
    const auto sequences = prompts(model.spec);
    ESPALIER_CHECK(engine->logits(
        sequences, plan,
        [&](std::size_t, std::span<const float> logits, std::int64_t) -> Result<void> {
            all.insert(all.end(), logits.begin(), logits.end());
            return {};
        },
        job));
    return all;
}

std::string verifyTexts(const model::ModelSpec& spec)
{
    return fmt::format("{} sequences of {} tokens", kSequences, lengthFor(spec));
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double difference = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size() && std::isfinite(difference); ++i) {
        const double d = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        difference = std::isfinite(d) ? std::max(difference, d) : INFINITY;
    }
    return difference;
}

} // namespace espalier::bundle
