// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/plan_loading.h"

#include "core/stats/weight_stats.h"

#include <algorithm>

namespace espalier::views {

namespace {

/// Every domain of the study once, in its order; those the plan does not name have weight 0.
std::vector<method::DomainWeight> allDomains(const stats::Statistics& statistics,
                                             const std::vector<method::DomainWeight>& chosen)
{
    std::vector<method::DomainWeight> result;
    for (const auto& domain : statistics.domains) {
        const auto found = std::find_if(chosen.begin(), chosen.end(),
                                        [&](const method::DomainWeight& w) { return w.name == domain.name; });
        result.push_back({domain.name, found == chosen.end() ? (chosen.empty() ? 1.0 : 0.0) : found->weight});
    }
    return result;
}

std::uint64_t memoryOf(const plan::PlanRequest& request, plan::Planner& planner)
{
    const auto made = planner.make(request);
    return made ? made->predicted.memory.total() : 0;
}

std::int64_t number(const base::OrderedJson& settings, const char* key, std::int64_t fallback)
{
    const auto found = settings.find(key);
    return found != settings.end() && found->is_number_integer() ? found->get<std::int64_t>() : fallback;
}

} // namespace

bool canPlanWith(const stats::Statistics& statistics)
{
    return !statistics.domains.empty() || (statistics.weights && !statistics.weights->layers.empty());
}

PlanState defaultState(plan::Planner& planner)
{
    const auto& model = planner.model();
    const auto& statistics = planner.statistics();
    PlanState state;
    state.request.name = "plan-1";
    state.request.score.domains = allDomains(statistics, {});
    state.request.score.method = "reap-sum";
    if (!planner.scores(state.request.score))
        state.request.score.method = statistics.domains.empty() ? "aimer" : "frequency";
    state.request.target.keepPerLayer = plan::legalCount(model, (model.experts + 1) / 2);
    state.request.protectors = {"min-k"};
    state.budget = memoryOf(state.request, planner);
    return state;
}

PlanState stateFromPlan(const plan::Plan& plan, const model::ModelSummary& model, plan::Planner& planner,
                        const PlanState& present)
{
    const auto& settings = plan.settings;
    if (settings.is_object() && settings.contains(kStateKey))
        if (auto stored = PlanState::fromJson(settings.at(kStateKey))) {
            stored->request.name = plan.name;
            stored->request.score.domains = allDomains(planner.statistics(), stored->request.score.domains);
            return *stored;
        }

    PlanState state = present;
    state.edits.clear();
    state.useLocks = true;
    state.request.name = plan.name;
    state.request.locks = plan.locks;
    state.request.protectors = plan.protectors;
    state.request.score.method = method::findScoreMethod(plan.method) ? plan.method : present.request.score.method;
    state.request.allocator = method::findAllocator(plan.allocator) ? plan.allocator : "uniform";
    std::vector<method::DomainWeight> chosen;
    for (const auto& name : plan.domains)
        chosen.push_back({name, 1.0});
    state.request.score.domains = allDomains(planner.statistics(), chosen);
    if (settings.is_object()) {
        auto& deployment = state.request.deployment;
        state.request.score.seed = static_cast<std::uint64_t>(number(settings, "seed", 0));
        deployment.context = number(settings, "context", deployment.context);
        deployment.sequences = number(settings, "sequences", deployment.sequences);
        deployment.kvBytes = static_cast<std::int32_t>(number(settings, "kv_bytes", deployment.kvBytes));
        state.request.oneCount = settings.value("one_count", false);
    }
    state.request.topK.reset();
    state.request.meanTopK.reset();
    if (const auto active = plan.activeExperts(model); active > 0 && active != model.topK)
        state.request.topK = active;
    else if (const auto mean = settings.is_object() ? settings.find("mean_top_k") : settings.end();
             settings.is_object() && mean != settings.end() && mean->is_number())
        state.request.meanTopK = mean->get<double>();
    state.request.skip.reset();
    if (settings.is_object() && settings.contains("skip") && settings["skip"].is_number())
        state.request.skip = settings["skip"].get<double>();
    state.request.score.exponents = method::ScoreRequest().exponents;
    if (settings.is_object() && settings.contains("exponents") && settings["exponents"].is_array() &&
        settings["exponents"].size() == 3)
        for (std::size_t i = 0; i < 3; ++i)
            state.request.score.exponents[i] =
                settings["exponents"][i].is_number() ? settings["exponents"][i].get<double>() : 0;

    state.request.target = {};
    if (plan.uniform() && !plan.layers.empty()) {
        state.request.target.keepPerLayer = static_cast<std::int32_t>(plan.layers.front().keep.size());
    } else {
        std::vector<std::int32_t> counts;
        for (const auto& layer : plan.layers)
            counts.push_back(static_cast<std::int32_t>(layer.keep.size()));
        state.request.target.perLayer = std::move(counts);
    }
    if (const auto made = planner.make(state.effectiveRequest()))
        for (std::size_t l = 0; l < std::min(made->layers.size(), plan.layers.size()); ++l) {
            const auto& ranked = made->layers[l].keep;
            const auto& wanted = plan.layers[l].keep;
            for (std::int32_t e = 0; e < model.moeLayers[l].experts; ++e) {
                const bool keep = std::binary_search(wanted.begin(), wanted.end(), e);
                if (keep != std::binary_search(ranked.begin(), ranked.end(), e))
                    state.setEdit({plan.layers[l].layer, ExpertIndex(e), keep});
            }
        }
    const auto budget = number(settings.is_object() ? settings : base::OrderedJson::object(), "budget", 0);
    state.devices.clear();
    if (const auto list = settings.is_object() ? settings.find("devices") : settings.end();
        settings.is_object() && list != settings.end() && list->is_array())
        for (const auto& bytes : *list)
            if (bytes.is_number_unsigned() && state.devices.size() < 64)
                state.devices.push_back({{}, bytes.get<std::uint64_t>()});
    if (state.devices.size() > 1) {
        state.budget = 0;
        for (const auto& device : state.devices)
            state.budget += device.bytes;
        return state;
    }
    state.devices.clear();
    state.budget = budget > 0 ? static_cast<std::uint64_t>(budget) : plan.predicted.memory.total();
    return state;
}

std::optional<PlanState> unsavedState(const study::JournalEntry& step, const std::vector<study::PlanRecord>& plans,
                                      const stats::Statistics& statistics, const PlanState& untouched)
{
    auto state = PlanState::fromJson(step.document);
    if (!state)
        return std::nullopt;
    for (const auto& record : plans) {
        const auto settings = record.document.find("settings");
        if (record.name != state->request.name || settings == record.document.end() || !settings->is_object() ||
            !settings->contains(kStateKey))
            continue;
        if (const auto saved = PlanState::fromJson(settings->at(kStateKey)); saved && *saved == *state)
            return std::nullopt;
    }
    state->request.score.domains = allDomains(statistics, state->request.score.domains);
    return *state == untouched ? std::nullopt : std::optional(std::move(*state));
}

void applyEdits(const std::vector<HandEdit>& edits, plan::Plan& plan, const model::ModelSummary& model)
{
    // What is added comes first: a swap in a layer at top-k must not fail over the order of the edits.
    for (const bool keep : {true, false})
        for (const auto& edit : edits) {
            const int row = model.moePosition(edit.layer);
            if (edit.keep != keep || row < 0)
                continue;
            auto& ids = plan.layers[static_cast<std::size_t>(row)].keep;
            const auto place = std::lower_bound(ids.begin(), ids.end(), edit.expert.value());
            const bool present = place != ids.end() && *place == edit.expert.value();
            if (keep && !present)
                ids.insert(place, edit.expert.value());
            else if (!keep && present && static_cast<int>(ids.size()) > model.topK)
                ids.erase(place);
        }
}

} // namespace espalier::views
