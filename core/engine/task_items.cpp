// SPDX-License-Identifier: Apache-2.0
#include "core/engine/task_items.h"

#include "core/engine/job_progress.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

constexpr std::int32_t kSpareTokens = 3;          ///< beyond the longest expected answer, for the newline
constexpr std::size_t kTokensAfterDifference = 8; ///< a wrong answer goes on so far, to show how it went wrong

std::string firstLine(std::string_view text)
{
    return std::string(text.substr(0, text.find('\n')));
}

/// The answer being written by one variant to one prompt.
struct Writing {
    std::string text;
    std::size_t wrongTokens = 0;

    /// True when nothing that follows can change the verdict.
    bool add(std::string_view bytes, const std::string& expected)
    {
        text += bytes;
        if (text.find('\n') != std::string::npos)
            return true;
        wrongTokens += expected.starts_with(text) ? 0 : 1;
        return wrongTokens > kTokensAfterDifference;
    }
};

std::int32_t answerLimit(const Task& task, std::int32_t maxAnswer)
{
    std::int32_t longest = 0;
    for (const auto& item : task.items)
        longest = std::max(longest, item.answerTokens);
    return std::min(maxAnswer, longest + kSpareTokens);
}

std::uint64_t cacheBytesOf(const TaskItem& item, std::int32_t limit, std::size_t variants, const model::ModelSpec& spec)
{
    const auto& a = spec.attention;
    const auto positions = item.ids.size() + static_cast<std::size_t>(limit);
    return positions * variants * spec.layers.size() * 2 * sizeof(float) * static_cast<std::size_t>(a.kvHeads) *
           static_cast<std::size_t>(a.headDim);
}

} // namespace

Result<std::vector<Task>> readTasks(const ValidateRequest& request, const tokenizer::Tokenizer& tokenizer,
                                    const model::ModelSpec& spec)
{
    std::vector<Task> tasks;
    for (const auto& file : request.tasks) {
        ESPALIER_TRY(const auto data, tokenizer::readDocuments(file));
        auto task = std::find_if(tasks.begin(), tasks.end(), [&](const auto& t) { return t.name == file.name; });
        if (task == tasks.end())
            task = tasks.insert(task, Task{file.name, {}, {}});
        for (const auto& document : data.documents) {
            const auto place = fmt::format("line {}", document.line);
            if (request.maxItems > 0 &&
                std::cmp_greater_equal(task->items.size() + task->choices.size(), request.maxItems))
                break;
            if (document.choices.empty() ? !task->choices.empty() : !task->items.empty())
                return badInput("answers and choices cannot be one task", file.path.string(), place,
                                "Give them as two tasks");
            if (!document.choices.empty()) {
                ESPALIER_TRY(auto item, choiceItem(document, tokenizer, spec, file.path.string(), place));
                task->choices.push_back(std::move(item));
                continue;
            }
            if (!document.task)
                return badInput("a task needs a prompt and an answer, or choices", file.path.string(), place,
                                "Give plain texts with --text instead");
            TaskItem item{document.prompt, firstLine(document.answer), {}, 0};
            ESPALIER_TRY(item.ids, tokenizer.encode(document.prompt, true));
            ESPALIER_TRY(const auto answer, tokenizer.encode(item.expected));
            item.answerTokens = static_cast<std::int32_t>(answer.size());
            if (item.ids.empty())
                return badInput("the prompt is empty", file.path.string(), place);
            const auto needed = item.ids.size() + answer.size() + static_cast<std::size_t>(kSpareTokens);
            if (spec.maxPositions > 0 && std::cmp_greater(needed, spec.maxPositions))
                return badInput(fmt::format("prompt and answer take {} tokens, the model has {} positions", needed,
                                            spec.maxPositions),
                                file.path.string(), place, "Leave the item out");
            task->items.push_back(std::move(item));
        }
    }
    return tasks;
}

Result<TaskAnswers> answerTask(Engine& engine, const Task& task, std::span<const PlanPointer> variants,
                               const tokenizer::Tokenizer& tokenizer, const model::ModelSpec& spec,
                               std::int32_t maxAnswer, std::uint64_t cacheBytes, const base::JobContext& job)
{
    TaskAnswers answers;
    answers.given.resize(variants.size());
    const std::int32_t limit = answerLimit(task, maxAnswer);
    const std::size_t items = task.items.size();
    for (std::size_t first = 0; first < items;) {
        GenerateRequest request;
        request.variants.assign(variants.begin(), variants.end());
        request.maxTokens = limit;
        request.stopTokens.assign(spec.stopTokens.begin(), spec.stopTokens.end());
        std::uint64_t bytes = 0;
        for (std::size_t i = first; i < items; ++i) {
            bytes += cacheBytesOf(task.items[i], limit, variants.size(), spec);
            if (i > first && bytes > cacheBytes)
                break;
            request.prompts.push_back(task.items[i].ids);
        }
        const std::size_t count = request.prompts.size();
        std::vector<std::vector<Writing>> writing(variants.size(), std::vector<Writing>(count));
        request.stop = [&](std::size_t variant, std::size_t prompt, std::span<const TokenId> ids) {
            return writing[variant][prompt].add(tokenizer.decode(ids.last(1), true, tokenizer::DecodeAt::Inside),
                                                task.items[first + prompt].expected);
        };
        const auto sizeOf = [&](std::size_t prompts) { return static_cast<double>(variants.size() * prompts); };
        const base::ProgressEvent whole{"answering " + task.name, sizeOf(first), sizeOf(items), "items"};
        ESPALIER_TRY(const auto made, engine.generate(request, partOf(job, whole, sizeOf(count))));
        for (std::size_t v = 0; v < variants.size(); ++v)
            for (std::size_t i = 0; i < count; ++i) {
                answers.given[v].push_back(firstLine(tokenizer.decode(made[v][i], true, tokenizer::DecodeAt::Inside)));
                answers.tokens += static_cast<std::int64_t>(made[v][i].size() + request.prompts[i].size());
            }
        first += count;
    }
    return answers;
}

TaskOutcome judge(const Task& task, const std::vector<std::string>& base, const std::vector<std::string>& given)
{
    Verdicts verdicts;
    for (std::size_t i = 0; i < task.items.size(); ++i) {
        const auto& item = task.items[i];
        verdicts.add(base[i] == item.expected, given[i] == item.expected, [&] {
            return fmt::format("{} | expected \"{}\", got \"{}\"", item.prompt, item.expected, given[i]);
        });
    }
    return verdicts.outcome();
}

void Verdicts::add(bool base, bool given, const std::function<std::string()>& lostExample)
{
    constexpr std::size_t kExamples = 3;
    m_right += given ? 1 : 0;
    m_rightBase += base ? 1 : 0;
    m_outcome.right.push_back(given);
    m_outcome.lost += base && !given ? 1 : 0;
    m_outcome.gained += given && !base ? 1 : 0;
    if (base && !given && m_outcome.lostExamples.size() < kExamples)
        m_outcome.lostExamples.push_back(lostExample());
}

TaskOutcome Verdicts::outcome() const
{
    TaskOutcome outcome = m_outcome;
    outcome.items = static_cast<std::int64_t>(outcome.right.size());
    const double n = std::max<double>(1, static_cast<double>(outcome.items));
    outcome.accuracy = static_cast<double>(m_right) / n;
    outcome.accuracyBase = static_cast<double>(m_rightBase) / n;
    outcome.ci95 = stats::wilson95(m_right, outcome.items);
    outcome.pValue = stats::mcnemarExact(outcome.lost, outcome.gained);
    return outcome;
}

} // namespace espalier::engine
