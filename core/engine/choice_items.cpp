// SPDX-License-Identifier: Apache-2.0
#include "core/engine/job_progress.h"
#include "core/engine/task_items.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// Unicode characters of UTF-8 text: bytes that begin one.
double characters(const std::string& text)
{
    return static_cast<double>(std::count_if(text.begin(), text.end(),
                                             [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t likeliest(const std::vector<double>& values, const std::vector<std::string>& choices, bool perCharacter)
{
    std::size_t best = 0;
    double most = 0;
    for (std::size_t c = 0; c < values.size(); ++c) {
        const double value = perCharacter ? values[c] / characters(choices[c]) : values[c];
        if (c == 0 || value > most) {
            best = c;
            most = value;
        }
    }
    return best;
}

} // namespace

Result<ChoiceItem> choiceItem(const tokenizer::Document& document, const tokenizer::Tokenizer& tokenizer,
                              const model::ModelSpec& spec, const std::string& file, const std::string& place)
{
    ChoiceItem item{document.prompt, document.choices, static_cast<std::size_t>(document.gold), {}};
    std::size_t length = item.query.size();
    while (length > 0 && std::isspace(static_cast<unsigned char>(item.query[length - 1])) != 0)
        --length;
    const std::string context = item.query.substr(0, length), space = item.query.substr(length) + " ";
    ESPALIER_TRY(const auto before, tokenizer.encode(context, true));
    for (const auto& choice : item.choices) {
        Ending ending;
        ESPALIER_TRY(ending.ids, tokenizer.encode(context + space + choice, true));
        if (before.empty() || ending.ids.size() < 2)
            return badInput("the query is empty for this tokenizer", file, place, "Write something before the choices");
        if (spec.maxPositions > 0 && std::cmp_greater(ending.ids.size(), spec.maxPositions))
            return badInput(fmt::format("query and choice take {} tokens, the model has {} positions",
                                        ending.ids.size(), spec.maxPositions),
                            file, place, "Leave the item out");
        // The last token always belongs to the choice, even where it grew together with the query's
        ending.from = std::min(before.size(), ending.ids.size() - 1);
        item.endings.push_back(std::move(ending));
    }
    return item;
}

Result<ChoiceLikelihoods> weighChoices(Engine& engine, const Task& task, std::span<const PlanPointer> variants,
                                       const base::JobContext& job)
{
    // Alike lengths side by side fill batches evenly; the order of items comes back by index
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (std::size_t i = 0; i < task.choices.size(); ++i)
        for (std::size_t c = 0; c < task.choices[i].endings.size(); ++c)
            order.emplace_back(i, c);
    const auto endingOf = [&](const auto& at) -> const Ending& { return task.choices[at.first].endings[at.second]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto& a, const auto& b) { return endingOf(a).ids.size() < endingOf(b).ids.size(); });
    std::vector<Ending> endings;
    ChoiceLikelihoods result;
    for (const auto& at : order) {
        endings.push_back(endingOf(at));
        result.tokens += static_cast<std::int64_t>(endings.back().ids.size() * variants.size());
    }
    const auto total = static_cast<double>(result.tokens);
    ESPALIER_TRY(
        const auto values,
        engine.likelihoods(endings, variants, partOf(job, {"choosing " + task.name, 0, total, "tokens"}, total)));
    for (const auto& variant : values) {
        auto& items = result.values.emplace_back();
        for (const auto& item : task.choices)
            items.emplace_back(item.choices.size());
        for (std::size_t e = 0; e < order.size(); ++e)
            items[order[e].first][order[e].second] = variant[e];
    }
    return result;
}

TaskOutcome judgeChoices(const Task& task, const std::vector<std::vector<double>>& base,
                         const std::vector<std::vector<double>>& given)
{
    Verdicts verdicts;
    std::int64_t norm = 0, normBase = 0;
    for (std::size_t i = 0; i < task.choices.size(); ++i) {
        const auto& item = task.choices[i];
        const std::size_t choice = likeliest(given[i], item.choices, false);
        verdicts.add(likeliest(base[i], item.choices, false) == item.gold, choice == item.gold, [&] {
            return fmt::format("{} | expected \"{}\", chose \"{}\"", item.query, item.choices[item.gold],
                               item.choices[choice]);
        });
        norm += likeliest(given[i], item.choices, true) == item.gold ? 1 : 0;
        normBase += likeliest(base[i], item.choices, true) == item.gold ? 1 : 0;
    }
    TaskOutcome outcome = verdicts.outcome();
    const double n = std::max<double>(1, static_cast<double>(outcome.items));
    outcome.accuracyNorm = static_cast<double>(norm) / n;
    outcome.accuracyNormBase = static_cast<double>(normBase) / n;
    return outcome;
}

} // namespace espalier::engine
