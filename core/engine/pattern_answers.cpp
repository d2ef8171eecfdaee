// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pattern_answers.h"

#include "core/engine/prompt_signatures.h"
#include "core/plan/pattern_plan.h"

#include <chrono>

namespace espalier::engine {
namespace {

class Clock {
public:
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace

double PatternAnswer::hitRate() const
{
    return patternExperts > 0 ? static_cast<double>(patternHits) / static_cast<double>(patternExperts) : 0;
}

base::OrderedJson PatternAnswer::toJson() const
{
    return {{"pattern", pattern},
            {"abstained", abstained},
            {"distance", distance},
            {"limit", limit ? base::OrderedJson(*limit) : base::OrderedJson()},
            {"loaded_bytes", loadedBytes},
            {"loaded_experts", loadedExperts},
            {"evicted_experts", evictedExperts},
            {"pattern_experts", patternExperts},
            {"hit_rate", hitRate()},
            {"held_bytes", heldBytes},
            {"seconds_matching", secondsMatching},
            {"seconds_loading", secondsLoading},
            {"seconds_to_first_token", secondsToFirstToken},
            {"seconds", seconds}};
}

Result<PatternAnswerer> PatternAnswerer::make(Engine& engine, const model::OpenModel& model,
                                              const method::PatternLibrary& library, std::int32_t keep)
{
    PatternAnswerer answerer(engine, model, library);
    for (const auto& pattern : library.patterns) {
        ESPALIER_TRY(auto plan, plan::planFromPattern(model.summary, library, pattern, keep));
        answerer.m_plans.push_back(std::move(plan));
    }
    ESPALIER_TRY(auto plan, plan::planFromPattern(model.summary, library, library.generalist, keep));
    answerer.m_plans.push_back(std::move(plan));
    return answerer;
}

Result<PatternAnswer> PatternAnswerer::answer(const TokenSequence& prompt, std::int32_t maxTokens,
                                              const std::function<void(std::span<const TokenId>)>& token,
                                              const base::JobContext& job)
{
    const Clock clock;
    const ExpertCacheCounters before = m_engine->expertCache();
    ESPALIER_TRY(const auto signatures, promptSignatures(*m_engine, m_model->summary, {&prompt, 1}, *m_library, job));
    const auto match =
        method::matchPattern(*m_library, signatures.front().signature, static_cast<std::int64_t>(prompt.size()));
    const auto& nearest = match.ranking.front();
    PatternAnswer answer;
    answer.abstained = match.abstains;
    answer.distance = nearest.distance;
    answer.limit = nearest.limit;
    answer.pattern = match.abstains ? m_library->generalist.name : m_library->patterns[nearest.pattern].name;
    answer.secondsMatching = clock.seconds();
    const plan::Plan& plan = match.abstains ? m_plans.back() : m_plans[nearest.pattern];

    const ExpertCacheCounters matched = m_engine->expertCache();
    ESPALIER_CHECK(m_engine->hold(&plan, job));
    const ExpertCacheCounters held = m_engine->expertCache();
    answer.patternExperts = held.wanted - matched.wanted;
    answer.patternHits = held.hits - matched.hits;
    answer.secondsLoading = clock.seconds() - answer.secondsMatching;

    GenerateRequest request;
    request.prompts = {prompt};
    request.variants = {&plan};
    request.maxTokens = maxTokens;
    request.stopTokens = m_model->spec.stopTokens;
    request.stop = [&](std::size_t, std::size_t, std::span<const TokenId> ids) {
        if (answer.secondsToFirstToken == 0)
            answer.secondsToFirstToken = clock.seconds();
        if (token)
            token(ids);
        return false;
    };
    ESPALIER_TRY(auto generated, m_engine->generate(request, job));
    answer.ids = std::move(generated.front().front());
    const ExpertCacheCounters after = m_engine->expertCache();
    answer.loadedBytes = after.loadedBytes - before.loadedBytes;
    answer.loadedExperts = after.loadedExperts - before.loadedExperts;
    answer.evictedExperts = after.evictedExperts - before.evictedExperts;
    answer.heldBytes = after.heldBytes;
    answer.seconds = clock.seconds();
    if (answer.secondsToFirstToken == 0)
        answer.secondsToFirstToken = answer.seconds; // the first token ended the answer
    return answer;
}

} // namespace espalier::engine
