// SPDX-License-Identifier: Apache-2.0
// Validation as a job: base and all plans in the same run, perplexity with exact KL on texts, exact-match accuracy on
// tasks by greedy generation, flips and a paired test against the base.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/plan/plan.h"
#include "core/stats/inference.h"
#include "core/tokenizer/documents.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace espalier::engine {

struct ValidateRequest {
    std::vector<plan::Plan> plans;
    std::vector<tokenizer::DataFile> texts; ///< perplexity
    std::vector<tokenizer::DataFile> tasks; ///< exact match, needs prompt and answer
    std::int64_t context = 2048;
    TokenCount maxTokens{};          ///< per text domain, 0 = all
    std::int32_t maxItems = 0;       ///< per task, 0 = all
    std::int32_t maxAnswer = 64;     ///< tokens generated at most
    std::int32_t randomControls = 0; ///< random plans of the same counts as the first plan, added as control-<seed>
    /// Beside every plan that skips experts token by token, one with the same experts kept and the fixed number per
    /// token that is nearest to what the plan takes on the texts, added as NAME-top-<k>. Needs texts.
    bool fixedCounts = false;
    EngineOptions engine;
};

struct TaskOutcome {
    std::int64_t items = 0;
    double accuracy = 0, accuracyBase = 0;
    std::optional<double> accuracyNorm, accuracyNormBase; ///< multiple choice: by likelihood per character
    stats::Interval ci95;                                 ///< Wilson, of accuracy
    std::int64_t lost = 0, gained = 0;                    ///< flips against the base
    double pValue = 1;                                    ///< exact McNemar
    std::vector<bool> right;                              ///< per item, for paired tests between plans
    std::vector<std::string> lostExamples; ///< up to 3 prompts with expected and given answer, for people
};
struct PlanOutcome {
    std::string name;
    std::map<std::string, DomainComparison> domains;
    std::map<std::string, TaskOutcome> tasks;
    std::uint64_t bytes = 0, memory = 0; ///< predicted, for the plot
    std::string method;
    bool control = false; ///< a random plan for comparison, which no gate is held against
    std::string fixedOf;  ///< name of the plan that this one is the fixed-count baseline of, which no gate is held
                          ///< against; else empty
    /// Experts per token, mean over layers and, where the plan skips some, over the tokens of the texts; 0 = the
    /// model's own number, or a plan that skips and was not measured on texts.
    double activeExperts = 0;
};
struct ValidateReport {
    std::map<std::string, double> basePerplexity;
    std::map<std::string, double> baseAccuracy;
    std::vector<PlanOutcome> plans;
    PassCounters counters;
    double seconds = 0;
    double tokensPerSecond = 0;
    [[nodiscard]] base::OrderedJson toJson() const; ///< keys of the command line contract
};
[[nodiscard]] Result<ValidateReport> runValidation(const model::OpenModel& model, const ValidateRequest& request,
                                                   const base::JobContext& job);

/// A gate file: {"schema":"espalier.gate/1","domains":{"json":{"perplexity_ratio_max":1.1,"kl_mean_max":0.05,
/// "top1_agreement_min":0.9},"*":{...}},"tasks":{"json":{"accuracy_min":0.9,"accuracy_drop_max":0.02,"p_value_min":0.05}}}.
/// Also kl_p99_max; "*" holds for the names that have no limits of their own. Limits that were broken, one sentence
/// each; BadInput for unknown keys and for names that were not measured.
[[nodiscard]] Result<std::vector<std::string>> applyGate(const base::OrderedJson& gate, const std::string& file,
                                                         const ValidateReport& report);

} // namespace espalier::engine
