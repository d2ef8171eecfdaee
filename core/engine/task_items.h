// SPDX-License-Identifier: Apache-2.0
// Tasks. Exact match: answers made greedily, cut at the first newline and compared byte for byte with what was
// expected. Multiple choice: the choice that is likeliest behind the query (Biderman et al. 2024, arXiv 2405.14782,
// lm-eval's rules): a space between query and choice; white space at the query's end belongs to the choice; query and
// choice are encoded as one text, whose tokens behind those of the query alone are the choice's; ties go to the first.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/engine/validate_job.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace espalier::engine {

struct TaskItem {
    std::string prompt, expected; ///< expected: up to its first newline
    TokenSequence ids;            ///< of the prompt, with what the post-processor adds
    std::int32_t answerTokens = 0;
};
struct ChoiceItem {
    std::string query;
    std::vector<std::string> choices;
    std::size_t gold = 0;
    std::vector<Ending> endings; ///< one per choice
};
/// Either items or choices.
struct Task {
    std::string name;
    std::vector<TaskItem> items;
    std::vector<ChoiceItem> choices;
};

/// BadInput for a line without prompt and answer or choices, for prompts that leave the model no room to answer, and
/// for files of one name that hold both kinds.
[[nodiscard]] Result<std::vector<Task>> readTasks(const ValidateRequest& request, const tokenizer::Tokenizer& tokenizer,
                                                  const model::ModelSpec& spec);

/// given[variant][item], cut at the first newline. An answer that went wrong is ended a few tokens later.
struct TaskAnswers {
    std::vector<std::vector<std::string>> given;
    std::int64_t tokens = 0; ///< of prompts and answers, all variants
};
/// `variants`: nullptr = base. `cacheBytes` bounds the keys and values held at once.
[[nodiscard]] Result<TaskAnswers> answerTask(Engine& engine, const Task& task, std::span<const PlanPointer> variants,
                                             const tokenizer::Tokenizer& tokenizer, const model::ModelSpec& spec,
                                             std::int32_t maxAnswer, std::uint64_t cacheBytes,
                                             const base::JobContext& job);

/// Items judged one after the other, base beside plan.
class Verdicts {
public:
    /// `lostExample` is asked for the first items that only the base got right.
    void add(bool base, bool given, const std::function<std::string()>& lostExample);
    /// Accuracy with its Wilson interval and McNemar's exact test; the rest is the caller's.
    [[nodiscard]] TaskOutcome outcome() const;

private:
    TaskOutcome m_outcome;
    std::int64_t m_right = 0, m_rightBase = 0;
};

/// Accuracy of `given` against that of `base`.
[[nodiscard]] TaskOutcome judge(const Task& task, const std::vector<std::string>& base,
                                const std::vector<std::string>& given);

/// Encoded as above. BadInput, at `place` of `file`, for an item that the model has no room for.
[[nodiscard]] Result<ChoiceItem> choiceItem(const tokenizer::Document& document, const tokenizer::Tokenizer& tokenizer,
                                            const model::ModelSpec& spec, const std::string& file,
                                            const std::string& place);

/// likelihoods[variant][item][choice], nats; `tokens` as above.
struct ChoiceLikelihoods {
    std::vector<std::vector<std::vector<double>>> values;
    std::int64_t tokens = 0;
};
[[nodiscard]] Result<ChoiceLikelihoods>
weighChoices(Engine& engine, const Task& task, std::span<const PlanPointer> variants, const base::JobContext& job);

/// Accuracy by likelihood; accuracyNorm by likelihood per character of the choice (lm-eval's acc_norm).
[[nodiscard]] TaskOutcome judgeChoices(const Task& task, const std::vector<std::vector<double>>& base,
                                       const std::vector<std::vector<double>>& given);

} // namespace espalier::engine
