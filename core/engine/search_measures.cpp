// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_measures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace espalier::engine {
namespace {

constexpr std::array<std::pair<const char*, Measure>, 4> kMeasures{{{"likelihood", Measure::Likelihood},
                                                                    {"kl", Measure::Kl},
                                                                    {"acceptance", Measure::Acceptance},
                                                                    {"accuracy", Measure::Accuracy}}};
/// What stands for minus infinity: a journal keeps numbers.
constexpr double kWorst = -1e30;

double finite(double value)
{
    return std::isfinite(value) ? value : kWorst;
}

std::vector<Ending> chosen(const SearchSet& set, std::span<const std::size_t> items)
{
    std::vector<Ending> endings;
    for (const std::size_t item : items)
        endings.push_back(set.endings[item]);
    return endings;
}

std::int64_t tokensOf(std::span<const Ending> endings)
{
    std::int64_t tokens = 0;
    for (const Ending& ending : endings)
        tokens += static_cast<std::int64_t>(ending.ids.size() - ending.from);
    return tokens;
}

} // namespace

const char* measureName(Measure measure)
{
    for (const auto& [name, value] : kMeasures)
        if (value == measure)
            return name;
    return "";
}

Result<std::vector<Measure>> parseMeasures(const std::string& text)
{
    std::vector<Measure> measures;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        const auto found =
            std::find_if(kMeasures.begin(), kMeasures.end(), [&](const auto& entry) { return part == entry.first; });
        if (found == kMeasures.end())
            return usageError("there is no measure '" + part + "'", "Known are likelihood, kl, acceptance, accuracy");
        measures.push_back(found->second);
    }
    if (measures.empty())
        return usageError("there is nothing to measure by", "Known are likelihood, kl, acceptance, accuracy");
    return measures;
}

Result<std::vector<std::vector<bool>>> SearchMeter::right(std::span<const PlanPointer> plans, const SearchSet& set,
                                                          std::span<const std::size_t> items,
                                                          const base::JobContext& job)
{
    Task task{set.task->name, {}, {}};
    for (const std::size_t item : items) {
        if (!set.task->items.empty())
            task.items.push_back(set.task->items[item]);
        else
            task.choices.push_back(set.task->choices[item]);
    }
    std::vector<std::vector<bool>> right;
    if (!task.choices.empty()) {
        ESPALIER_TRY(const auto weighed, weighChoices(m_engine, task, plans, job));
        for (const auto& values : weighed.values)
            right.push_back(judgeChoices(task, values, values).right);
        return right;
    }
    constexpr std::uint64_t kCacheBytes = std::uint64_t{1} << 29U;
    ESPALIER_TRY(const auto answers,
                 answerTask(m_engine, task, plans, m_tokenizer, m_model.spec, m_maxAnswer, kCacheBytes, job));
    for (const auto& given : answers.given)
        right.push_back(judge(task, given, given).right);
    return right;
}

Result<std::vector<double>> SearchMeter::values(std::span<const PlanPointer> plans, Measure measure, ItemPart split,
                                                double share, const base::JobContext& job)
{
    std::vector<double> sums(plans.size(), 0.0);
    double sets = 0;
    for (const SearchSet& set : m_data.sets) {
        if (measure == Measure::Accuracy && !set.task)
            continue;
        const auto items = set.part(split, share);
        m_items += static_cast<std::int64_t>(items.size() * plans.size());
        ++sets;
        if (measure == Measure::Accuracy) {
            ESPALIER_TRY(const auto found, right(plans, set, items, job));
            for (std::size_t p = 0; p < plans.size(); ++p)
                sums[p] += static_cast<double>(std::count(found[p].begin(), found[p].end(), true)) /
                           static_cast<double>(items.size());
            continue;
        }
        const auto endings = chosen(set, items);
        const auto tokens = static_cast<double>(tokensOf(endings));
        if (measure == Measure::Likelihood) {
            ESPALIER_TRY(const auto found, m_engine.likelihoods(endings, plans, job));
            for (std::size_t p = 0; p < plans.size(); ++p)
                for (const double value : found[p])
                    sums[p] += value / tokens;
            continue;
        }
        ESPALIER_TRY(const auto found, m_engine.judge(endings, plans, job));
        for (std::size_t p = 0; p < plans.size(); ++p)
            for (const EndingFigures& one : found[p])
                sums[p] += (measure == Measure::Kl ? -one.kl : one.acceptance) / tokens;
    }
    for (double& sum : sums)
        sum = finite(sum / std::max(1.0, sets));
    return sums;
}

Result<std::vector<std::vector<SetFigures>>> SearchMeter::figures(std::span<const PlanPointer> plans, ItemPart split,
                                                                  const base::JobContext& job)
{
    std::vector<std::vector<SetFigures>> figures(plans.size());
    for (const SearchSet& set : m_data.sets) {
        const auto items = set.part(split, 1);
        m_items += static_cast<std::int64_t>(items.size() * plans.size());
        const auto endings = chosen(set, items);
        const std::int64_t tokens = tokensOf(endings);
        ESPALIER_TRY(const auto judged, m_engine.judge(endings, plans, job));
        for (std::size_t p = 0; p < plans.size(); ++p) {
            SetFigures& one = figures[p].emplace_back();
            one.items = static_cast<std::int64_t>(items.size());
            one.tokens = tokens;
            for (const EndingFigures& ending : judged[p]) {
                one.likelihood += ending.logLikelihood / static_cast<double>(tokens);
                one.kl += ending.kl / static_cast<double>(tokens);
                one.acceptance += ending.acceptance / static_cast<double>(tokens);
            }
            one.likelihood = finite(one.likelihood);
            one.kl = -finite(-one.kl);
        }
        if (!set.task)
            continue;
        ESPALIER_TRY(auto found, right(plans, set, items, job));
        for (std::size_t p = 0; p < plans.size(); ++p) {
            figures[p].back().accuracy = static_cast<double>(std::count(found[p].begin(), found[p].end(), true)) /
                                         static_cast<double>(items.size());
            figures[p].back().right = std::move(found[p]);
        }
    }
    return figures;
}

} // namespace espalier::engine
