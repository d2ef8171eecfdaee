// SPDX-License-Identifier: Apache-2.0
// Prompts answered by the experts of the pattern that matches them (PreMoe, arXiv 2505.17639, section 3.4): the rest of
// the model stays in memory, experts are read from disk when a pattern names them, the next prompt reads what differs.
#pragma once

#include "core/engine/engine.h"
#include "core/method/retrieve/patterns.h"
#include "core/plan/plan.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

struct PatternAnswer {
    std::string pattern; ///< its name; the generalist's when none was near
    bool abstained = false;
    double distance = 0; ///< to the nearest one
    std::optional<double> limit;
    TokenSequence ids;
    std::uint64_t loadedBytes = 0; ///< read of experts for this answer: for the match, the pattern, and on the way
    std::uint64_t loadedExperts = 0, evictedExperts = 0;
    std::uint64_t patternExperts = 0, patternHits = 0; ///< that the pattern keeps; those in memory before
    std::uint64_t heldBytes = 0;                       ///< experts in memory afterwards
    double secondsMatching = 0, secondsLoading = 0;
    double secondsToFirstToken = 0; ///< match and reading included
    double seconds = 0;
    [[nodiscard]] double hitRate() const;           ///< of the pattern's experts
    [[nodiscard]] base::OrderedJson toJson() const; ///< without the ids
};

class PatternAnswerer {
public:
    /// `engine` was opened with an expert cache. All must outlive the answerer. BadInput when the library does not
    /// belong to the model, Usage for a count that it does not have.
    [[nodiscard]] static Result<PatternAnswerer> make(Engine& engine, const model::OpenModel& model,
                                                      const method::PatternLibrary& library, std::int32_t keep);

    /// `token` is called after every new token with all of the answer so far.
    [[nodiscard]] Result<PatternAnswer> answer(const TokenSequence& prompt, std::int32_t maxTokens,
                                               const std::function<void(std::span<const TokenId>)>& token,
                                               const base::JobContext& job);

private:
    PatternAnswerer(Engine& engine, const model::OpenModel& model, const method::PatternLibrary& library)
        : m_engine(&engine), m_model(&model), m_library(&library)
    {
    }
    Engine* m_engine;
    const model::OpenModel* m_model;
    const method::PatternLibrary* m_library;
    std::vector<plan::Plan> m_plans; ///< of the patterns, the generalist's behind them
};

} // namespace espalier::engine
