// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_job.h"

#include "core/base/hash.h"
#include "core/engine/job_progress.h"
#include "core/engine/search_journal.h"
#include "core/stats/inference.h"
#include "core/tokenizer/model_tokenizer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// Everything that the answers depend on.
base::OrderedJson settingsOf(const model::OpenModel& model, const SearchRequest& request, const SearchData& data,
                             const std::vector<Measure>& measures)
{
    base::OrderedJson names = base::OrderedJson::array();
    for (const Measure measure : measures)
        names.push_back(measureName(measure));
    return {{"method", request.method == SearchMethod::Eep ? "eep" : "evoesap"},
            {"model", model.summary.fingerprint},
            {"name", request.name},
            {"keep", request.keep},
            {"groups", request.groups},
            {"generations", {request.pruning, request.merging}},
            {"children", request.children},
            {"initial", request.initial},
            {"seed", request.seed},
            {"measures", names},
            {"seed_methods", request.seedMethods},
            {"domains", request.domains},
            {"finalists", request.finalists},
            {"plans_per_pass", request.plansPerPass},
            {"context", request.data.context},
            {"max_tokens", request.data.maxTokens.value()},
            {"max_items", request.data.maxItems},
            {"max_answer", request.data.maxAnswer},
            {"compute", static_cast<int>(request.data.engine.compute)},
            {"data", data.description}};
}

/// Tells candidates apart, so that a journal cannot answer for others.
std::string hashOf(const std::vector<PlanPointer>& plans)
{
    std::string bytes;
    const auto add = [&](const auto& values) {
        const auto size = static_cast<std::uint64_t>(values.size());
        bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
        bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
    };
    for (const PlanPointer plan : plans)
        for (const auto& layer : plan->layers) {
            add(layer.keep);
            if (!layer.mixing)
                continue;
            add(layer.mixing->merge);
            add(layer.mixing->router);
        }
    return base::sha256(bytes).substr(0, 16);
}

std::vector<Measure> usualMeasures(const SearchRequest& request, const SearchData& data)
{
    if (request.method == SearchMethod::EvoEsap)
        return {Measure::Acceptance};
    if (data.onlyTasks())
        return {Measure::Likelihood, Measure::Kl, Measure::Accuracy};
    return {Measure::Likelihood, Measure::Kl};
}

class Search {
public:
    Search(const model::OpenModel& model, study::Study& study, const SearchRequest& request,
           const base::JobContext& job)
        : m_model(model), m_study(study), m_request(request), m_job(job)
    {
    }

    Result<SearchReport> run()
    {
        const auto start = std::chrono::steady_clock::now();
        ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(m_model.checkpoint));
        ESPALIER_TRY(const SearchData data, readSearchData(m_request.data, tokenizer, m_model.spec, m_request.seed));
        m_measures = m_request.measures.empty() ? usualMeasures(m_request, data) : m_request.measures;
        if (std::find(m_measures.begin(), m_measures.end(), Measure::Accuracy) != m_measures.end() &&
            std::none_of(data.sets.begin(), data.sets.end(), [](const auto& set) { return set.task.has_value(); }))
            return usageError("accuracy needs a task with prompts and answers", "Give one with --task");
        m_report.measures = m_measures;
        std::vector<std::string> seedNames;
        ESPALIER_TRY(m_optimiser, makeOptimiser(m_model, m_study, m_request, m_measures.size(), seedNames));
        const auto settings = settingsOf(m_model, m_request, data, m_measures);
        ESPALIER_TRY(auto journal,
                     SearchJournal::open(m_study, base::sha256(settings.dump()), settings, m_request.resume));
        m_journal = &journal;
        ESPALIER_TRY(const auto engine, openEngine(m_model, m_request.data.engine));
        SearchMeter meter(m_model, *engine, tokenizer, data, m_request.data.maxAnswer);
        m_meter = &meter;
        ESPALIER_CHECK(evolve());
        ESPALIER_CHECK(choose(seedNames));
        ESPALIER_CHECK(judgeResults());
        ESPALIER_CHECK(journal.finish());
        m_report.candidates = m_optimiser->count();
        m_report.replayed = journal.replayed();
        m_report.counters = engine->counters();
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(m_report);
    }

private:
    /// The journal's answer, or that of `measure`, which is then written down.
    template <typename Measured>
    Result<base::OrderedJson> answer(const base::OrderedJson& question, const Measured& measured)
    {
        if (m_job.stopRequested())
            return cancelledError();
        ++m_report.steps;
        ESPALIER_TRY(auto known, m_journal->next(question));
        if (known)
            return *std::move(known);
        ESPALIER_TRY(base::OrderedJson found, measured());
        ESPALIER_CHECK(m_journal->add(question, found));
        return found;
    }

    /// Values of plans on the items of a rung, in passes of a few plans.
    Result<std::vector<double>> valuesOf(const std::vector<plan::Plan>& plans, std::span<const std::size_t> which,
                                         Measure measure, ItemPart split, double share)
    {
        std::vector<double> values;
        const auto perPass = static_cast<std::size_t>(std::max(1, m_request.plansPerPass));
        for (std::size_t begin = 0; begin < which.size(); begin += perPass) {
            const auto part = which.subspan(begin, std::min(perPass, which.size() - begin));
            std::vector<PlanPointer> pointers;
            for (const std::size_t i : part)
                pointers.push_back(&plans[i]);
            const base::OrderedJson question{{"measure", measureName(measure)},
                                             {"split", kSplitNames[static_cast<std::size_t>(split)]},
                                             {"share", share},
                                             {"cohort", m_cohort},
                                             {"plans", part.size()},
                                             {"hash", hashOf(pointers)}};
            const base::ProgressEvent whole{fmt::format("searching, {}", m_optimiser->phase()),
                                            100 * m_optimiser->done(), 100, "percent"};
            ESPALIER_TRY(const auto found, answer(question, [&]() -> Result<base::OrderedJson> {
                             ESPALIER_TRY(const auto measured,
                                          m_meter->values(pointers, measure, split, share, partOf(m_job, whole, 0)));
                             return base::OrderedJson(measured);
                         }));
            if (!found.is_array() || found.size() != part.size())
                return badInput("the journal of the search is damaged", m_study.path().string(), question.dump());
            for (const auto& value : found) {
                if (!value.is_number())
                    return badInput("the journal of the search is damaged", m_study.path().string(), question.dump());
                values.push_back(value.get<double>());
            }
        }
        return values;
    }

    /// Successive halving of one generation.
    Result<std::vector<method::Fitness>> climb(const std::vector<plan::Plan>& plans)
    {
        std::vector<method::Fitness> fitness(plans.size());
        std::vector<std::size_t> alive(plans.size());
        for (std::size_t i = 0; i < alive.size(); ++i)
            alive[i] = i;
        const std::size_t rungs = m_measures.size();
        for (std::size_t rung = 0; rung < rungs; ++rung) {
            const double share = std::pow(0.5, static_cast<double>(rungs - 1 - rung));
            ESPALIER_TRY(const auto values, valuesOf(plans, alive, m_measures[rung], ItemPart::Train, share));
            for (std::size_t i = 0; i < alive.size(); ++i)
                fitness[alive[i]].values.push_back(values[i]);
            if (rung + 1 == rungs)
                break;
            std::stable_sort(alive.begin(), alive.end(), [&](std::size_t a, std::size_t b) {
                return fitness[a].values.back() > fitness[b].values.back();
            });
            alive.resize((alive.size() + 1) / 2);
            std::sort(alive.begin(), alive.end());
        }
        return fitness;
    }

    Result<void> evolve()
    {
        for (;;) {
            const std::string phase = m_optimiser->phase();
            const auto cohort = m_optimiser->ask();
            if (cohort.empty())
                return {};
            std::vector<plan::Plan> plans;
            for (const auto& candidate : cohort)
                plans.push_back(planOfCandidate(m_model.summary, m_request, candidate, "candidate"));
            ESPALIER_TRY(const auto fitness, climb(plans));
            m_optimiser->tell(fitness);
            ++m_cohort;
            const auto best = m_optimiser->best(1, false);
            m_report.generations.push_back({phase, cohort.size(), m_optimiser->fitness(best.front()).values.back()});
        }
    }

    SearchEntry entryOf(std::size_t number, const std::string& name, double dev)
    {
        SearchEntry entry;
        entry.name = name;
        entry.plan = planOfCandidate(m_model.summary, m_request, m_optimiser->candidate(number), m_request.name);
        const auto& values = m_optimiser->fitness(number).values;
        entry.train = values.size() == m_measures.size() ? values.back() : std::nan("");
        entry.dev = dev;
        return entry;
    }

    /// Items that the search has not seen choose: by the last measure, then by likelihood.
    Result<void> choose(const std::vector<std::string>& seedNames)
    {
        const auto wanted = static_cast<std::size_t>(std::max(1, m_request.finalists));
        std::vector<std::size_t> numbers = m_optimiser->best(wanted, false);
        for (const std::size_t number : m_optimiser->best((wanted + 1) / 2, true))
            if (std::find(numbers.begin(), numbers.end(), number) == numbers.end())
                numbers.push_back(number);
        for (std::size_t seed = 0; seed < std::min(seedNames.size(), m_optimiser->count()); ++seed)
            if (std::find(numbers.begin(), numbers.end(), seed) == numbers.end())
                numbers.push_back(seed);
        std::vector<plan::Plan> plans;
        std::vector<std::size_t> all;
        for (const std::size_t number : numbers) {
            all.push_back(plans.size());
            plans.push_back(planOfCandidate(m_model.summary, m_request, m_optimiser->candidate(number), "finalist"));
        }
        ESPALIER_TRY(const auto last, valuesOf(plans, all, m_measures.back(), ItemPart::Dev, 1));
        ESPALIER_TRY(const auto likelihood, valuesOf(plans, all, Measure::Likelihood, ItemPart::Dev, 1));
        std::optional<std::size_t> found, stock, seed;
        const auto betterThan = [&](std::size_t i, const std::optional<std::size_t>& other) {
            return !other || last[i] > last[*other] || (last[i] == last[*other] && likelihood[i] > likelihood[*other]);
        };
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (betterThan(i, found))
                found = i;
            if (!plans[i].mixes() && betterThan(i, stock))
                stock = i;
            if (numbers[i] < seedNames.size() && betterThan(i, seed))
                seed = i;
        }
        m_report.found = entryOf(numbers[*found], "found", last[*found]);
        if (stock && stock != found)
            m_report.stock = entryOf(numbers[*stock], "found, experts as they are", last[*stock]);
        if (seed)
            m_report.seed = entryOf(numbers[*seed], seedNames[numbers[*seed]], last[*seed]);
        m_report.model.name = "model";
        return {};
    }

    /// The items that nothing was chosen by.
    Result<void> judgeResults()
    {
        std::vector<SearchEntry*> entries{&m_report.model, &m_report.found};
        if (m_report.stock)
            entries.push_back(&*m_report.stock);
        if (m_report.seed)
            entries.push_back(&*m_report.seed);
        std::vector<PlanPointer> plans;
        for (const SearchEntry* entry : entries)
            plans.push_back(entry->plan ? &*entry->plan : nullptr);
        const base::ProgressEvent whole{"judging the result", 100, 100, "percent"};
        ESPALIER_TRY(const auto figures, m_meter->figures(plans, ItemPart::Test, partOf(m_job, whole, 0)));
        for (std::size_t i = 0; i < entries.size(); ++i)
            for (std::size_t s = 0; s < figures[i].size(); ++s)
                entries[i]->test.emplace_back(m_meter->setName(s), figures[i][s]);
        return {};
    }

    const model::OpenModel& m_model;
    study::Study& m_study;
    const SearchRequest& m_request;
    const base::JobContext& m_job;
    std::vector<Measure> m_measures;
    std::unique_ptr<method::Optimiser> m_optimiser;
    SearchJournal* m_journal = nullptr;
    SearchMeter* m_meter = nullptr;
    std::size_t m_cohort = 0;
    SearchReport m_report;
};

/// Flips against the model on the same items, and how likely as many are by chance (McNemar's exact test).
void addAccuracy(const SetFigures& figures, const SetFigures& model, base::OrderedJson& json)
{
    std::int64_t right = 0, lost = 0, gained = 0;
    for (std::size_t i = 0; i < figures.right.size(); ++i) {
        right += figures.right[i] ? 1 : 0;
        lost += model.right[i] && !figures.right[i] ? 1 : 0;
        gained += !model.right[i] && figures.right[i] ? 1 : 0;
    }
    const auto interval = stats::wilson95(right, figures.items);
    json["accuracy"] = *figures.accuracy;
    json["ci95"] = {interval.low, interval.high};
    json["flips"] = {{"lost", lost}, {"gained", gained}};
    json["p_value"] = stats::mcnemarExact(lost, gained);
}

/// `model` holds the same sets in the same order.
base::OrderedJson entryJson(const SearchEntry& entry, const SearchEntry& model)
{
    base::OrderedJson test = base::OrderedJson::object();
    for (std::size_t s = 0; s < entry.test.size(); ++s) {
        const auto& [name, figures] = entry.test[s];
        test[name] = {{"items", figures.items},
                      {"tokens", figures.tokens},
                      {"likelihood", figures.likelihood},
                      {"kl", figures.kl},
                      {"acceptance", figures.acceptance}};
        if (figures.accuracy)
            addAccuracy(figures, model.test[s].second, test[name]);
    }
    base::OrderedJson json{{"name", entry.name}};
    if (entry.plan) {
        json["train"] = std::isfinite(entry.train) ? base::OrderedJson(entry.train) : base::OrderedJson();
        json["dev"] = entry.dev;
        json["mixes"] = entry.plan->mixes();
    }
    json["test"] = test;
    return json;
}

} // namespace

base::OrderedJson SearchReport::toJson() const
{
    base::OrderedJson names = base::OrderedJson::array(), list = base::OrderedJson::array();
    for (const Measure measure : measures)
        names.push_back(measureName(measure));
    for (const auto& generation : generations)
        list.push_back({{"phase", generation.phase}, {"candidates", generation.candidates}, {"best", generation.best}});
    base::OrderedJson json{{"measures", names},
                           {"generations", list},
                           {"candidates", candidates},
                           {"steps", steps},
                           {"resumed_steps", replayed},
                           {"model", entryJson(model, model)},
                           {"found", entryJson(found, model)}};
    json["stock"] = stock ? entryJson(*stock, model) : base::OrderedJson();
    json["seed"] = seed ? entryJson(*seed, model) : base::OrderedJson();
    json["weight_bytes_read"] = counters.weightBytesRead;
    json["seconds"] = seconds;
    return json;
}

Result<SearchReport> runSearch(const model::OpenModel& model, study::Study& study, const SearchRequest& request,
                               const base::JobContext& job)
{
    return Search(model, study, request, job).run();
}

} // namespace espalier::engine
