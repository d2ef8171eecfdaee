// SPDX-License-Identifier: Apache-2.0
#include "core/engine/reconstruct_job.h"

#include "core/base/hash.h"
#include "core/engine/domain_texts.h"
#include "core/engine/job_progress.h"
#include "core/engine/search_journal.h"
#include "core/method/allocate/separable.h"
#include "core/plan/constraints.h"
#include "core/plan/memory_model.h"
#include "core/plan/planner.h"
#include "core/tokenizer/model_tokenizer.h"

#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// Tokens that a layer's sample is drawn from, times the sample.
constexpr std::int64_t kTextPerSample = 4;

const char* searchName(method::NaeeSearch search)
{
    switch (search) {
    case method::NaeeSearch::Exact:
        return "exact";
    case method::NaeeSearch::Greedy:
        return "greedy";
    case method::NaeeSearch::Coarse:
        return "coarse";
    }
    return "";
}

base::OrderedJson findingJson(const LayerFinding& finding)
{
    base::OrderedJson json{
        {"layer", finding.layer}, {"tokens", finding.tokens}, {"energy", finding.energy}, {"losses", finding.losses}};
    if (!finding.search.empty()) {
        json["search"] = finding.search;
        json["sets"] = finding.measured;
        json["keep"] = finding.keep;
        json["order"] = finding.order;
    }
    if (finding.topK > 0)
        json["top_k"] = finding.topK;
    return json;
}

/// Of our own journal, which may be damaged all the same.
Result<LayerFinding> findingOf(const base::OrderedJson& json, const std::string& file)
{
    try {
        LayerFinding finding;
        finding.layer = json.at("layer").get<std::int32_t>();
        finding.tokens = json.at("tokens").get<std::int64_t>();
        finding.energy = json.at("energy").get<double>();
        finding.losses = json.at("losses").get<std::vector<double>>();
        if (json.contains("search")) {
            finding.search = json.at("search").get<std::string>();
            finding.measured = json.at("sets").get<std::int64_t>();
            finding.keep = json.at("keep").get<method::KeepSet>();
            finding.order = json.at("order").get<std::vector<std::int32_t>>();
        }
        return finding;
    } catch (const base::OrderedJson::exception&) {
        return badInput("the journal of the search is damaged", file, {}, "Run the search again without --resume");
    }
}

/// Windows of all domains in turn, as many as the sample needs.
Result<std::vector<TokenSequence>> readTexts(const LayerSearchRequest& request, const model::OpenModel& model,
                                             base::OrderedJson& description)
{
    std::vector<TokenSequence> texts;
    if (request.data.texts.empty())
        return texts;
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    ESPALIER_TRY(const auto context, usableContext(model.spec, request.data.context));
    ESPALIER_TRY(auto domains,
                 readDomainTexts(request.data.texts, tokenizer, model.spec, context, request.data.maxTokens));
    description = describeData(request.data.texts, domains);
    std::int64_t tokens = 0;
    bool any = true;
    for (std::size_t window = 0; any && tokens < request.tokens * kTextPerSample; ++window) {
        any = false;
        for (auto& domain : domains)
            if (window < domain.windows.size()) {
                any = true;
                tokens += static_cast<std::int64_t>(domain.windows[window].ids.size());
                texts.push_back(std::move(domain.windows[window].ids));
            }
    }
    return texts;
}

class LayerSearch {
public:
    LayerSearch(const model::OpenModel& model, study::Study& study, const LayerSearchRequest& request,
                const base::JobContext& job)
        : m_model(model), m_study(study), m_request(request), m_job(job)
    {
    }

    Result<LayerSearchReport> run()
    {
        const auto start = std::chrono::steady_clock::now();
        ESPALIER_CHECK(check());
        base::OrderedJson description;
        ESPALIER_TRY(m_texts, readTexts(m_request, m_model, description));
        const auto settings = settingsOf(description);
        ESPALIER_TRY(auto journal,
                     SearchJournal::open(m_study, base::sha256(settings.dump()), settings, m_request.resume));
        m_journal = &journal;
        m_plan = plan::Plan::keepAll(m_model.summary);
        ESPALIER_TRY(const auto engine, openEngine(m_model, m_request.data.engine));
        ReconstructionRequest wanted;
        wanted.texts = m_texts;
        wanted.tokens = m_request.tokens;
        wanted.seed = m_request.seed;
        if (m_request.progressive) {
            for (std::size_t l = 0; l < m_plan.layers.size(); ++l) {
                ESPALIER_TRY(const bool known, takeKnown(l));
                if (known)
                    continue;
                const plan::Plan before = m_plan;
                wanted.before = &before;
                wanted.layer = static_cast<std::int32_t>(l);
                const base::ProgressEvent whole{"choosing experts", static_cast<double>(l),
                                                static_cast<double>(m_plan.layers.size()), "layers"};
                ESPALIER_CHECK(engine->reconstruct(
                    wanted, [&](const LayerReconstruction& layer) { return measure(layer); }, partOf(m_job, whole, 1)));
            }
        } else {
            for (std::size_t l = 0; l < m_plan.layers.size(); ++l) {
                ESPALIER_TRY(const bool known, takeKnown(l));
                if (!known)
                    break;
            }
            if (m_report.layers.size() < m_plan.layers.size())
                ESPALIER_CHECK(engine->reconstruct(
                    wanted, [&](const LayerReconstruction& layer) { return measure(layer); }, m_job));
        }
        if (m_request.method == LayerMethod::Lexi)
            spread();
        finishPlan();
        ESPALIER_CHECK(journal.finish());
        m_report.replayed = journal.replayed();
        m_report.counters = engine->counters();
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(m_report);
    }

private:
    [[nodiscard]] bool naee() const { return m_request.method == LayerMethod::Naee; }

    Result<void> check() const
    {
        const auto& summary = m_model.summary;
        if (summary.moeLayers.empty())
            return badInput("the model has no routed experts to choose from");
        if (naee()) {
            if (m_request.data.texts.empty())
                return usageError("there are no texts to measure layers on", "Give at least one --text");
            return plan::checkKeep(summary, m_request.keep);
        }
        if (!(m_request.meanTopK >= 1 && m_request.meanTopK <= summary.topK))
            return usageError(fmt::format("a mean of {} experts per token is not possible", m_request.meanTopK),
                              fmt::format("Choose 1 to {}", summary.topK));
        return {};
    }

    [[nodiscard]] base::OrderedJson settingsOf(const base::OrderedJson& description) const
    {
        base::OrderedJson settings{{"method", naee() ? "naee" : "lexi"},
                                   {"model", m_model.summary.fingerprint},
                                   {"tokens", m_request.tokens},
                                   {"context", m_request.data.context},
                                   {"max_tokens", m_request.data.maxTokens.value()},
                                   {"compute", static_cast<int>(m_request.data.engine.compute)},
                                   {"data", description}};
        if (naee()) {
            settings["keep"] = m_request.keep;
            settings["progressive"] = m_request.progressive;
            settings["enumerate"] = m_request.mostEnumerated;
        } else {
            settings["seed"] = m_request.seed; // losses serve every mean
        }
        return settings;
    }

    [[nodiscard]] base::OrderedJson question(std::size_t layer) const { return {{"layer", layer}}; }

    void take(LayerFinding finding)
    {
        auto& layer = m_plan.layers[m_report.layers.size()];
        if (!finding.keep.empty()) {
            layer.keep = finding.keep;
            layer.order = finding.order;
        }
        m_report.layers.push_back(std::move(finding));
    }

    /// Whether the journal knows the layer.
    Result<bool> takeKnown(std::size_t layer)
    {
        if (m_job.stopRequested())
            return cancelledError();
        ESPALIER_TRY(const auto known, m_journal->next(question(layer)));
        if (!known)
            return false;
        ESPALIER_TRY(auto finding, findingOf(*known, m_study.path().string()));
        const auto experts = static_cast<std::size_t>(m_model.summary.experts);
        if (naee() ? finding.order.size() != experts || std::cmp_not_equal(finding.keep.size(), m_request.keep)
                   : std::cmp_not_equal(finding.losses.size(), m_model.summary.topK))
            return badInput("the journal of the search is damaged", m_study.path().string());
        take(std::move(finding));
        return true;
    }

    Result<void> measure(const LayerReconstruction& layer)
    {
        if (std::cmp_less(layer.layer, m_report.layers.size()))
            return {}; // known
        if (m_job.stopRequested())
            return cancelledError();
        LayerFinding finding;
        finding.layer = m_plan.layers[static_cast<std::size_t>(layer.layer)].layer.value();
        finding.tokens = layer.tokens;
        finding.energy = layer.energy;
        if (naee()) {
            method::NaeeSettings settings;
            settings.experts = m_model.summary.experts;
            settings.kept = m_request.keep;
            settings.routerGroups = plan::routerGroups(m_model.summary);
            settings.smallest = plan::legalCount(m_model.summary, 1);
            settings.mostEnumerated = m_request.mostEnumerated;
            auto choice = method::chooseByReconstruction(settings, [&](std::span<const method::KeepSet> sets) {
                std::vector<ExpertChoice> choices;
                for (const auto& set : sets)
                    choices.push_back({set, 0});
                return layer.losses(choices);
            });
            finding.losses = {choice.loss};
            finding.search = searchName(choice.search);
            finding.measured = choice.measured;
            finding.keep = std::move(choice.keep);
            finding.order = std::move(choice.order);
        } else {
            std::vector<ExpertChoice> choices;
            for (std::int32_t k = 1; k <= m_model.summary.topK; ++k)
                choices.push_back({{}, k});
            finding.losses = layer.losses(choices);
        }
        ESPALIER_CHECK(m_journal->add(question(static_cast<std::size_t>(layer.layer)), findingJson(finding)));
        take(std::move(finding));
        return {};
    }

    /// LExI's sum over layers of D_l(k_l), D the norm of the change, at one sum of the k_l.
    void spread()
    {
        std::vector<method::CountLosses> losses;
        for (const auto& layer : m_report.layers) {
            auto& loss = losses.emplace_back();
            for (const double value : layer.losses)
                loss.push_back(std::sqrt(value));
        }
        const auto layers = static_cast<std::int64_t>(losses.size());
        const auto total = std::llround(m_request.meanTopK * static_cast<double>(layers));
        const auto places = method::minimiseSeparable(losses, total - layers);
        for (std::size_t l = 0; l < places.size(); ++l) {
            m_report.layers[l].topK = places[l] + 1;
            m_plan.layers[l].topK = places[l] + 1 == m_model.summary.topK ? 0 : places[l] + 1;
        }
    }

    void finishPlan()
    {
        m_plan.name = m_request.name;
        m_plan.method = naee() ? "naee" : "lexi";
        m_plan.allocator = naee() ? "uniform" : "lexi";
        for (const auto& data : m_request.data.texts)
            m_plan.domains.push_back(data.name);
        m_plan.predicted.bytes = plan::predictBytes(m_model.summary, m_plan.layers);
        m_plan.predicted.memory = plan::predictMemory(m_model.summary, m_plan.predicted.bytes, plan::Deployment{});
        m_report.plan = std::move(m_plan);
    }

    const model::OpenModel& m_model;
    study::Study& m_study;
    const LayerSearchRequest& m_request;
    const base::JobContext& m_job;
    std::vector<TokenSequence> m_texts;
    SearchJournal* m_journal = nullptr;
    plan::Plan m_plan;
    LayerSearchReport m_report;
};

} // namespace

base::OrderedJson LayerSearchReport::toJson() const
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& layer : layers)
        list.push_back(findingJson(layer));
    return {{"method", plan.method},
            {"layers", list},
            {"resumed_layers", replayed},
            {"weight_bytes_read", counters.weightBytesRead},
            {"seconds", seconds}};
}

Result<LayerSearchReport> runLayerSearch(const model::OpenModel& model, study::Study& study,
                                         const LayerSearchRequest& request, const base::JobContext& job)
{
    return LayerSearch(model, study, request, job).run();
}

} // namespace espalier::engine
