// SPDX-License-Identifier: Apache-2.0
// Search of experts as a job: an optimiser (core/method/search) asks, one engine answers for whole generations at a
// time, a journal in the study remembers, items that were not searched with choose the plan and judge it.
//
// The ladder. A generation is measured on a quarter of the search's items by the first measure, the better half of it
// on half of them by the second, the better half of those on all by the third (with fewer measures the ladder is
// shorter). Every candidate of every generation meets the same items at the same rung, so that differences are those of
// the candidates and not of the draw.
#pragma once

#include "core/engine/search_measures.h"
#include "core/method/search/search.h"
#include "core/study/study.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace espalier::engine {

enum class SearchMethod : std::uint8_t { Eep, EvoEsap };

struct SearchRequest {
    SearchMethod method = SearchMethod::Eep;
    std::string name;          ///< of the plan
    std::int32_t keep = 0;     ///< experts per layer; EvoEsap: on average
    std::int32_t groups = 0;   ///< Eep: groups of neighbouring layers that share a choice; 0 = every layer alone
    std::int32_t pruning = 10; ///< generations; EvoEsap: all of them
    std::int32_t merging = 0;  ///< Eep: generations of the second phase
    std::int32_t children = 8; ///< candidates of a generation
    std::int32_t initial = 30; ///< random candidates before the first
    std::uint64_t seed = 0;
    std::vector<Measure> measures;        ///< rungs; empty = as the items allow
    std::vector<std::string> seedMethods; ///< scores whose plans begin the search; EvoEsap: the first orders experts
    std::vector<std::string> domains;     ///< of those scores; empty = all
    std::int32_t finalists = 20;          ///< candidates among which the held-out items choose
    std::int32_t plansPerPass = 16;
    bool resume = false;
    ValidateRequest data; ///< texts, tasks, context, limits, engine
};

/// Of a plan, or the model itself, on items that the search did not see.
struct SearchEntry {
    std::string name; ///< "found", "found, experts as they are", "reap-sum", "model"
    std::optional<plan::Plan> plan;
    double train = 0, dev = 0;                            ///< by the last measure; 0 for the model
    std::vector<std::pair<std::string, SetFigures>> test; ///< by set
};
struct SearchGeneration {
    std::string phase;
    std::size_t candidates = 0;
    double best = 0; ///< of the whole search so far, by the last measure
};
struct SearchReport {
    std::vector<Measure> measures;
    std::vector<SearchGeneration> generations;
    std::size_t candidates = 0;          ///< measured, the initial ones included
    std::size_t steps = 0, replayed = 0; ///< passes; those that the journal answered
    SearchEntry found;                   ///< what the held-out items chose
    std::optional<SearchEntry> stock;    ///< the best that mixes no experts, when `found` does
    std::optional<SearchEntry> seed;     ///< the best of the given plans
    SearchEntry model;
    PassCounters counters;
    double seconds = 0;
    [[nodiscard]] base::OrderedJson toJson() const;
};

/// The study's model must be `model`. Saves nothing but the journal. Cancelled between passes; what was measured is
/// kept.
[[nodiscard]] Result<SearchReport> runSearch(const model::OpenModel& model, study::Study& study,
                                             const SearchRequest& request, const base::JobContext& job);

/// The optimiser of a request, seeded from the study's statistics where there are any. `names` gets the name of each
/// seed in order.
[[nodiscard]] Result<std::unique_ptr<method::Optimiser>> makeOptimiser(const model::OpenModel& model,
                                                                       const study::Study& study,
                                                                       const SearchRequest& request, std::size_t rungs,
                                                                       std::vector<std::string>& names);
/// A candidate as a plan with its predictions.
[[nodiscard]] plan::Plan planOfCandidate(const model::ModelSummary& model, const SearchRequest& request,
                                         const method::Candidate& candidate, std::string name);

} // namespace espalier::engine
