// SPDX-License-Identifier: Apache-2.0
// Exact match: answers made greedily, cut at the first newline and compared byte for byte with what was expected.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/engine/validate_job.h"

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::engine {

struct TaskItem {
    std::string prompt, expected; ///< expected: up to its first newline
    TokenSequence ids;            ///< of the prompt, with what the post-processor adds
    std::int32_t answerTokens = 0;
};
struct Task {
    std::string name;
    std::vector<TaskItem> items;
};

/// BadInput for a line without prompt and answer and for prompts that leave the model no room to answer.
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

/// Accuracy of `given` against that of `base`.
[[nodiscard]] TaskOutcome judge(const Task& task, const std::vector<std::string>& base,
                                const std::vector<std::string>& given);

} // namespace espalier::engine
