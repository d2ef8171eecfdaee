// SPDX-License-Identifier: Apache-2.0
#include "core/engine/validate_job.h"

#include "core/engine/domain_texts.h"
#include "core/engine/job_progress.h"
#include "core/engine/task_items.h"
#include "core/method/score.h"
#include "core/plan/memory_model.h"
#include "core/tokenizer/model_tokenizer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// The plan's counts filled with experts drawn at random.
plan::Plan randomControl(const model::ModelSummary& model, const plan::Plan& like, std::uint64_t seed)
{
    stats::DomainStats shape;
    for (const auto& layer : model.moeLayers)
        shape.layers.emplace_back(layer.layer, stats::Topology{model.experts, model.topK, model.hidden},
                                  stats::StatSelection{1});
    const std::array<const stats::DomainStats*, 1> domains{&shape};
    const std::array<double, 1> weights{1.0};
    method::ScoreRequest request;
    request.method = "random";
    request.seed = seed;
    const auto scores = method::findScoreMethod("random")->compute(domains, weights, request);

    plan::Plan control;
    control.name = fmt::format("control-{}", seed);
    control.fingerprint = model.fingerprint;
    control.family = model.family;
    control.method = "random";
    control.settings = {{"seed", seed}, {"counts_of", like.name}};
    for (std::size_t l = 0; l < like.layers.size(); ++l) {
        auto order = method::rankExperts(scores.layers[l]);
        std::vector<std::int32_t> keep(order.begin(),
                                       order.begin() + static_cast<std::ptrdiff_t>(like.layers[l].keep.size()));
        std::sort(keep.begin(), keep.end());
        control.layers.push_back(
            {like.layers[l].layer, std::move(keep), std::move(order), like.layers[l].topK, {}, like.layers[l].skip});
    }
    return control;
}

/// The same experts, `count` of them for every token.
plan::Plan withFixedCount(const plan::Plan& like, std::int32_t count, std::int32_t own)
{
    plan::Plan fixed = like;
    fixed.name = fmt::format("{}-top-{}", like.name, count);
    for (auto& layer : fixed.layers) {
        layer.skip.clear();
        layer.topK = count == own ? 0 : count;
    }
    fixed.settings["fixed_of"] = like.name;
    return fixed;
}

/// Of the domains' means, by tokens.
double meanOver(const std::map<std::string, DomainComparison>& domains)
{
    double sum = 0, tokens = 0;
    for (const auto& [name, domain] : domains) {
        sum += domain.meanActiveExperts() * static_cast<double>(domain.tokens);
        tokens += static_cast<double>(domain.tokens);
    }
    return tokens > 0 ? sum / tokens : 0;
}

/// Of plans whose layers take fixed numbers; 0 where all take the model's.
double fixedMean(const plan::Plan& plan, std::int32_t own)
{
    double sum = 0;
    bool lower = false;
    for (const auto& layer : plan.layers) {
        sum += layer.topK > 0 ? layer.topK : own;
        lower = lower || layer.topK > 0;
    }
    return lower ? sum / static_cast<double>(plan.layers.size()) : 0;
}

/// `wanted`, with a number where a plan has that name.
std::string freeName(std::span<const plan::Plan> plans, const std::string& wanted)
{
    std::string name = wanted;
    for (int copy = 2; std::any_of(plans.begin(), plans.end(), [&](const auto& other) { return other.name == name; });
         ++copy)
        name = fmt::format("{} ({})", wanted, copy);
    return name;
}

/// All plans with distinct names and predictions, the controls behind them.
Result<std::vector<plan::Plan>> gatherPlans(const model::ModelSummary& model, const ValidateRequest& request)
{
    std::vector<plan::Plan> plans = request.plans;
    if (request.randomControls > 0 && plans.empty())
        return usageError("random controls take their size from a plan", "Give a plan with --plan");
    for (std::int32_t seed = 1; seed <= request.randomControls; ++seed)
        plans.push_back(randomControl(model, plans.front(), static_cast<std::uint64_t>(seed)));
    for (std::size_t i = 0; i < plans.size(); ++i) {
        auto& plan = plans[i];
        if (!plan.fingerprint.empty() && plan.fingerprint != model.fingerprint)
            return badInput(fmt::format("plan {} was made for model {} but this model is {}", plan.name,
                                        plan.fingerprint, model.fingerprint));
        plan.name = freeName(std::span(plans).first(i), plan.name.empty() ? fmt::format("plan-{}", i + 1) : plan.name);
        plan.predicted.bytes = plan::predictBytes(model, plan.layers);
        if (plan.predicted.memory.total() == 0)
            plan.predicted.memory = plan::predictMemory(model, plan.predicted.bytes, plan::Deployment{});
    }
    return plans;
}

class Validation {
public:
    Validation(const model::OpenModel& model, const ValidateRequest& request, const base::JobContext& job)
        : m_model(model), m_request(request), m_job(job)
    {
    }

    Result<ValidateReport> run()
    {
        if (m_request.texts.empty() && m_request.tasks.empty())
            return usageError("nothing to compare on", "Give at least one text or task");
        if (m_request.fixedCounts && m_request.texts.empty())
            return usageError("how many experts a token gets is measured on texts, and there is none",
                              "Give at least one --text DOMAIN=FILE");
        ESPALIER_TRY(m_plans, gatherPlans(m_model.summary, m_request));
        ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(m_model.checkpoint));
        ESPALIER_TRY(const auto texts, readTexts(tokenizer));
        ESPALIER_TRY(const auto tasks, readTasks(m_request, tokenizer, m_model.spec));
        ESPALIER_TRY(const auto engine, openEngine(m_model, m_request.engine));
        for (std::size_t i = 0; i < m_plans.size(); ++i)
            addOutcome(m_plans[i]).control = i >= m_request.plans.size();
        const auto start = std::chrono::steady_clock::now();
        if (!texts.empty())
            ESPALIER_CHECK(compareTexts(*engine, texts, 0));
        if (m_request.fixedCounts)
            ESPALIER_CHECK(addFixedCounts(*engine, texts));
        for (const auto& task : tasks)
            ESPALIER_CHECK(runTask(*engine, tokenizer, task));
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        m_report.tokensPerSecond = m_report.seconds > 0 ? static_cast<double>(m_tokens) / m_report.seconds : 0;
        m_report.counters = engine->counters();
        return std::move(m_report);
    }

private:
    Result<std::vector<TextSet>> readTexts(const tokenizer::Tokenizer& tokenizer) const
    {
        std::vector<TextSet> texts;
        if (m_request.texts.empty())
            return texts;
        ESPALIER_TRY(const auto context, usableContext(m_model.spec, m_request.context));
        ESPALIER_TRY(auto domains,
                     readDomainTexts(m_request.texts, tokenizer, m_model.spec, context, m_request.maxTokens));
        for (auto& domain : domains) {
            std::erase_if(domain.windows, [](const auto& window) { return window.ids.size() < 2; });
            if (domain.windows.empty())
                return badInput(fmt::format("the texts of {} are too short to predict a token", domain.name));
            texts.push_back({domain.name, std::move(domain.windows)});
        }
        return texts;
    }

    PlanOutcome& addOutcome(const plan::Plan& plan)
    {
        PlanOutcome& outcome = m_report.plans.emplace_back();
        outcome.name = plan.name;
        outcome.method = plan.method;
        outcome.bytes = plan.predicted.bytes.total();
        outcome.memory = plan.predicted.memory.total();
        outcome.activeExperts = plan.skips() ? 0 : fixedMean(plan, m_model.summary.topK);
        return outcome;
    }

    /// Baselines of the plans that skip, in a pass of their own: what those plans take is known now.
    Result<void> addFixedCounts(Engine& engine, const std::vector<TextSet>& texts)
    {
        const std::size_t before = m_plans.size();
        for (std::size_t p = 0; p < before; ++p) {
            if (!m_plans[p].skips() || m_report.plans[p].control)
                continue;
            const auto count = static_cast<std::int32_t>(std::lround(m_report.plans[p].activeExperts));
            auto fixed = withFixedCount(m_plans[p], count, m_model.summary.topK);
            fixed.name = freeName(m_plans, fixed.name);
            m_plans.push_back(std::move(fixed));
            addOutcome(m_plans.back()).fixedOf = m_plans[p].name;
        }
        if (m_plans.size() == before)
            return usageError("no plan skips experts, so there is nothing to set a fixed number beside",
                              "Make one with `espalier plan … --skip 0.5`");
        return compareTexts(engine, texts, before);
    }

    /// Plans `from` … and the base.
    Result<void> compareTexts(Engine& engine, const std::vector<TextSet>& texts, std::size_t from)
    {
        std::vector<PlanPointer> plans;
        for (std::size_t p = from; p < m_plans.size(); ++p)
            plans.push_back(&m_plans[p]);
        if (plans.empty())
            plans.push_back(nullptr); // the base against itself gives its perplexity
        std::int64_t tokens = 0;
        for (const auto& text : texts)
            for (const auto& window : text.windows)
                tokens += static_cast<std::int64_t>(window.ids.size());
        const auto runs = static_cast<std::int64_t>(m_plans.size() - from) + 1;
        const auto total = static_cast<double>(tokens * runs);
        ESPALIER_TRY(const auto comparison,
                     engine.compare(texts, plans, partOf(m_job, {"comparing texts", 0, total, "tokens"}, total)));
        m_job.report({"comparing texts", total, total, "tokens"});
        m_tokens += tokens * runs;
        for (std::size_t t = 0; t < texts.size(); ++t) {
            m_report.basePerplexity[texts[t].name] = comparison.front()[t].perplexityBase;
            for (std::size_t p = from; p < m_plans.size(); ++p)
                m_report.plans[p].domains[texts[t].name] = comparison[p - from][t];
        }
        for (std::size_t p = from; p < m_plans.size(); ++p)
            if (m_plans[p].skips())
                m_report.plans[p].activeExperts = meanOver(m_report.plans[p].domains);
        return {};
    }

    Result<void> runTask(Engine& engine, const tokenizer::Tokenizer& tokenizer, const Task& task)
    {
        std::vector<PlanPointer> variants{nullptr};
        for (const auto& plan : m_plans)
            variants.push_back(&plan);
        if (!task.choices.empty()) {
            ESPALIER_TRY(const auto likely, weighChoices(engine, task, variants, m_job));
            m_tokens += likely.tokens;
            const auto& whole = likely.values.front();
            m_report.baseAccuracy[task.name] = judgeChoices(task, whole, whole).accuracy;
            for (std::size_t p = 0; p < m_plans.size(); ++p)
                m_report.plans[p].tasks[task.name] = judgeChoices(task, whole, likely.values[p + 1]);
            return {};
        }
        constexpr std::uint64_t kCache = std::uint64_t{1} << 30U;
        const std::uint64_t bound = m_request.engine.memory.value();
        ESPALIER_TRY(const auto answers,
                     answerTask(engine, task, variants, tokenizer, m_model.spec, m_request.maxAnswer,
                                bound > 0 ? std::min(kCache, bound / 4) : kCache, m_job));
        m_tokens += answers.tokens;
        const auto& base = answers.given.front();
        m_report.baseAccuracy[task.name] = judge(task, base, base).accuracy;
        for (std::size_t p = 0; p < m_plans.size(); ++p)
            m_report.plans[p].tasks[task.name] = judge(task, base, answers.given[p + 1]);
        return {};
    }

    const model::OpenModel& m_model;
    const ValidateRequest& m_request;
    const base::JobContext& m_job;
    std::vector<plan::Plan> m_plans;
    ValidateReport m_report;
    std::int64_t m_tokens = 0;
};

} // namespace

Result<ValidateReport> runValidation(const model::OpenModel& model, const ValidateRequest& request,
                                     const base::JobContext& job)
{
    return Validation(model, request, job).run();
}

} // namespace espalier::engine
