// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/plan_editor.h"

#include "views/plan/plan_loading.h"
#include "views/plan/plan_texts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace espalier::views {

namespace {

constexpr const char* kSuperExperts = "super-experts";
constexpr int kJournalDelay = 500; // ms; a drag is one entry, not fifty

bool contains(const std::vector<std::int32_t>& ids, int id)
{
    return std::binary_search(ids.begin(), ids.end(), id);
}

} // namespace

PlanEditor::PlanEditor(QObject* parent) : QObject(parent)
{
    m_journal.setSingleShot(true);
    m_journal.setInterval(kJournalDelay);
    connect(&m_journal, &QTimer::timeout, this, [this] { emit journalDue(m_stack.undoText(), m_state.toJson()); });
}

PlanEditor::~PlanEditor() = default;

void PlanEditor::setData(std::shared_ptr<const model::ModelSummary> model,
                         std::shared_ptr<const stats::Statistics> statistics)
{
    const bool usable = model && statistics && canPlanWith(*statistics) && !model->moeLayers.empty();
    m_statistics = std::move(statistics);
    m_planner.reset();
    m_model = model ? *model : model::ModelSummary{};
    m_super.clear();
    if (const auto* protector = method::findProtector(kSuperExperts); usable && protector)
        m_super = protector->protect(*m_statistics, m_model, protector->standard);
    if (usable)
        m_planner = std::make_unique<plan::Planner>(m_model, m_statistics);
    startOver(usable ? defaultState(*m_planner) : PlanState{});
}

const model::ModelSummary& PlanEditor::model() const
{
    return m_model;
}

const stats::Statistics& PlanEditor::statistics() const
{
    static const stats::Statistics none;
    return m_statistics ? *m_statistics : none;
}

int PlanEditor::smallestCount() const
{
    return plan::legalCount(m_model, 1);
}

std::uint64_t PlanEditor::wholeMemory() const
{
    return plan::predictMemory(m_model, m_model.bytes, m_state.request.deployment).total();
}

bool PlanEditor::kept(int row, int expert) const
{
    return row >= 0 && row < static_cast<int>(m_plan.layers.size()) &&
           contains(m_plan.layers[static_cast<std::size_t>(row)].keep, expert);
}

bool PlanEditor::isProtected(int row, int expert) const
{
    const LayerIndex layer = m_model.moeLayers[static_cast<std::size_t>(row)].layer;
    return m_protectSuper && std::any_of(m_super.begin(), m_super.end(), [&](const method::Lock& lock) {
               return lock.layer == layer && lock.expert.value() == expert;
           });
}

// ---- edits ----------------------------------------------------------------------------------------------------------

void PlanEditor::rename(const QString& name)
{
    PlanState next = m_state;
    next.request.name = name.trimmed().toStdString();
    if (!next.request.name.empty())
        push(std::move(next), KindOther);
}

void PlanEditor::setBudget(std::uint64_t bytes)
{
    if (!ready())
        return;
    PlanState next = m_state;
    next.budget = bytes;
    next.devices.clear();
    next.request.target = {};
    next.request.target.keepPerLayer = largestFit(next).value_or(smallestCount());
    push(std::move(next), KindBudget);
}

void PlanEditor::setDevices(std::vector<plan::Device> devices)
{
    if (!ready() || devices.empty())
        return;
    PlanState next = m_state;
    const auto bytesOf = [](const std::vector<plan::Device>& list) {
        std::vector<std::uint64_t> bytes;
        for (const auto& device : list)
            bytes.push_back(device.bytes);
        return bytes;
    };
    const auto bytes = bytesOf(devices);
    next.budget = std::accumulate(bytes.begin(), bytes.end(), std::uint64_t(0));
    next.devices = devices.size() > 1 ? std::move(devices) : std::vector<plan::Device>();
    if (bytes != bytesOf(m_state.devices)) {
        next.request.target = {};
        next.request.target.keepPerLayer = largestFit(next).value_or(smallestCount());
    }
    push(std::move(next), KindOther);
}

void PlanEditor::setKeepPerLayer(int count)
{
    if (!ready())
        return;
    PlanState next = m_state;
    next.request.target = {};
    next.request.target.keepPerLayer = plan::legalCount(m_model, count);
    push(std::move(next), KindCount);
}

void PlanEditor::setLayerCount(int row, int count)
{
    if (!ready() || row < 0 || row >= static_cast<int>(m_plan.layers.size()))
        return;
    PlanState next = m_state;
    std::vector<std::int32_t> counts;
    for (const auto& layer : m_plan.layers)
        counts.push_back(static_cast<std::int32_t>(layer.keep.size()));
    const auto& facts = m_model.moeLayers[static_cast<std::size_t>(row)];
    counts[static_cast<std::size_t>(row)] = std::clamp(count, m_model.topK, facts.experts);
    // Counts say it all from here on: an expert set by hand would shift them.
    std::erase_if(next.edits, [&](const HandEdit& edit) { return edit.layer == facts.layer; });
    next.request.target = {};
    next.request.target.perLayer = std::move(counts);
    push(std::move(next), KindLayer, row);
}

void PlanEditor::setMethod(const std::string& id)
{
    PlanState next = m_state;
    next.request.score.method = id;
    push(std::move(next), KindOther);
}

void PlanEditor::setSeed(std::uint64_t seed)
{
    PlanState next = m_state;
    next.request.score.seed = seed;
    push(std::move(next), KindSeed);
}

void PlanEditor::setAllocator(const std::string& id)
{
    if (!ready())
        return;
    PlanState next = m_state;
    next.request.allocator = id;
    // Counts by hand and an allocator exclude each other; the total stays.
    if (next.request.target.perLayer) {
        const auto total = static_cast<double>(m_plan.keptTotal());
        next.request.target = {};
        next.request.target.keepPerLayer =
            plan::legalCount(m_model, static_cast<int>(std::lround(total / static_cast<double>(m_plan.layers.size()))));
    }
    push(std::move(next), KindOther);
}

void PlanEditor::setProtector(const std::string& id, bool on)
{
    PlanState next = m_state;
    auto& list = next.request.protectors;
    std::erase(list, id);
    if (on)
        list.push_back(id);
    push(std::move(next), KindOther);
}

void PlanEditor::setProtectorNumber(const std::string& id, std::optional<double> number)
{
    PlanState next = m_state;
    auto& list = next.request.protectors;
    std::erase_if(list, [&](const std::string& entry) { return entry == id || entry.starts_with(id + ":"); });
    if (number)
        list.push_back(fmt::format("{}:{:g}", id, *number));
    else if (id == "min-k")
        list.push_back(id); // every router needs it
    push(std::move(next), KindProtector);
}

std::optional<double> PlanEditor::protectorNumber(const std::string& id) const
{
    for (const auto& entry : m_state.request.protectors)
        if (entry == id || entry.starts_with(id + ":"))
            if (const auto choice = method::chooseProtector(entry))
                return choice->parameter;
    return std::nullopt;
}

void PlanEditor::setTopK(std::optional<int> count)
{
    if (!ready())
        return;
    PlanState next = m_state;
    next.request.meanTopK.reset();
    next.request.topK.reset();
    if (count && *count < m_model.topK)
        next.request.topK = std::max(1, *count);
    if (next.request.topK == 1)
        next.request.skip.reset(); // there is none left to skip
    push(std::move(next), KindTopK);
}

void PlanEditor::setSkip(std::optional<double> share)
{
    PlanState next = m_state;
    next.request.skip = share && *share > 0 ? std::optional(std::min(*share, 1.0)) : std::nullopt;
    push(std::move(next), KindSkip);
}

QString PlanEditor::cannotSkip() const
{
    if (m_state.request.topK.value_or(m_model.topK) < 2)
        return tr("Every token takes one expert: there is none to leave out.");
    bool any = false;
    for (const auto& domain : statistics().domains) {
        const auto& chosen = m_state.request.score.domains;
        const auto entry =
            std::find_if(chosen.begin(), chosen.end(), [&](const auto& each) { return each.name == domain.name; });
        if (entry != chosen.end() && entry->weight <= 0)
            continue;
        any = true;
        if (!std::all_of(domain.layers.begin(), domain.layers.end(),
                         [](const auto& layer) { return layer.has(stats::Stat::RatioHistogram); }))
            return tr("The profile of %1 does not say how small a token’s later weights are. Measure it again with all "
                      "usual statistics.")
                .arg(QString::fromStdString(domain.name));
    }
    return any ? QString() : tr("Only a profile on texts says how small a token’s later weights are.");
}

void PlanEditor::setOneCount(bool on)
{
    PlanState next = m_state;
    next.request.oneCount = on;
    push(std::move(next), KindOther);
}

void PlanEditor::setExponents(const std::array<double, 3>& exponents)
{
    PlanState next = m_state;
    next.request.score.exponents = exponents;
    push(std::move(next), KindExponents);
}

void PlanEditor::setUseLocks(bool on)
{
    PlanState next = m_state;
    next.useLocks = on;
    push(std::move(next), KindOther);
}

void PlanEditor::setDeployment(const plan::Deployment& deployment)
{
    PlanState next = m_state;
    next.request.deployment = deployment;
    push(std::move(next), KindDeployment);
}

void PlanEditor::setDomainWeight(const std::string& domain, double weight)
{
    PlanState next = m_state;
    int position = 0;
    for (auto& entry : next.request.score.domains) {
        if (entry.name == domain) {
            entry.weight = std::max(weight, 0.0);
            push(std::move(next), KindWeight, position);
            return;
        }
        ++position;
    }
}

bool PlanEditor::toggle(int row, int expert)
{
    if (!ready() || row < 0 || row >= static_cast<int>(m_plan.layers.size()))
        return false;
    const auto& layer = m_plan.layers[static_cast<std::size_t>(row)];
    const bool keep = !kept(row, expert);
    if (!keep && static_cast<int>(layer.keep.size()) <= m_model.topK) {
        emit refused(tr("Layer %1 keeps %2 experts and the router chooses %2 per token. Keep another one first.")
                         .arg(layer.layer.value())
                         .arg(m_model.topK));
        return false;
    }
    PlanState next = m_state;
    const ExpertIndex id(expert);
    // Going back to what the ranking says is no edit at all.
    if (const HandEdit* edit = next.editOf(layer.layer, id); edit && edit->keep != keep)
        next.removeEdit(layer.layer, id);
    else
        next.setEdit({layer.layer, id, keep});
    push(std::move(next), KindOther);
    return true;
}

void PlanEditor::setBlock(const QRect& cells, bool keep)
{
    if (!ready())
        return;
    PlanState next = m_state;
    for (int row = std::max(cells.top(), 0); row <= cells.bottom() && row < static_cast<int>(m_plan.layers.size());
         ++row) {
        const auto& layer = m_plan.layers[static_cast<std::size_t>(row)];
        auto count = static_cast<int>(layer.keep.size());
        const int experts = m_model.moeLayers[static_cast<std::size_t>(row)].experts;
        for (int expert = std::max(cells.left(), 0); expert <= cells.right() && expert < experts; ++expert) {
            if (kept(row, expert) == keep || (!keep && count <= m_model.topK))
                continue;
            count += keep ? 1 : -1;
            const ExpertIndex id(expert);
            if (const HandEdit* edit = next.editOf(layer.layer, id); edit && edit->keep != keep)
                next.removeEdit(layer.layer, id);
            else
                next.setEdit({layer.layer, id, keep});
        }
    }
    push(std::move(next), KindOther);
}

void PlanEditor::toggleLock(int row, int expert)
{
    if (!ready() || row < 0 || row >= static_cast<int>(m_plan.layers.size()))
        return;
    PlanState next = m_state;
    const LayerIndex layer = m_plan.layers[static_cast<std::size_t>(row)].layer;
    const ExpertIndex id(expert);
    if (m_state.lockOf(layer, id))
        std::erase_if(next.request.locks,
                      [&](const method::Lock& lock) { return lock.layer == layer && lock.expert == id; });
    else
        next.request.locks.push_back({layer, id, kept(row, expert)});
    next.removeEdit(layer, id);
    push(std::move(next), KindOther);
}

void PlanEditor::makeUniform()
{
    if (!ready() || m_plan.layers.empty())
        return;
    PlanState next = m_state;
    const double mean = static_cast<double>(m_plan.keptTotal()) / static_cast<double>(m_plan.layers.size());
    next.request.allocator = "uniform";
    next.request.target = {};
    next.request.target.keepPerLayer = plan::legalCount(m_model, static_cast<int>(std::lround(mean)));
    next.edits.clear();
    push(std::move(next), KindOther);
}

void PlanEditor::beginGesture()
{
    m_inGesture = true;
    ++m_gesture;
}

void PlanEditor::endGesture()
{
    m_inGesture = false;
}

// ---- stored plans ---------------------------------------------------------------------------------------------------

void PlanEditor::load(const plan::Plan& plan)
{
    if (ready())
        startOver(stateFromPlan(plan, m_model, *m_planner, m_state));
}

void PlanEditor::load(const PlanState& state)
{
    if (ready())
        startOver(state);
}

void PlanEditor::takeUp(const PlanState& state)
{
    load(state);
    m_stack.resetClean();
    emit changed();
}

void PlanEditor::duplicate(const QString& name)
{
    PlanState next = m_state;
    next.request.name = name.toStdString();
    startOver(std::move(next));
    m_stack.resetClean();
}

plan::Plan PlanEditor::planToSave() const
{
    plan::Plan plan = m_plan;
    plan.settings[kStateKey] = m_state.toJson();
    return plan;
}

void PlanEditor::markSaved()
{
    m_stack.setClean();
}

// ---- machinery ------------------------------------------------------------------------------------------------------

void PlanEditor::push(PlanState next, int kind, int detail)
{
    if (!ready() || next == m_state)
        return;
    // Outside a gesture nothing merges. The detail (which domain, which layer) is part of what must be equal.
    const MergeKey key = m_inGesture ? MergeKey{kind * 100000 + detail, m_gesture} : MergeKey{};
    m_stack.push(new PlanCommand(m_state, std::move(next), &PlanTexts::step, key,
                                 [this](const PlanState& state) { apply(state); }));
}

void PlanEditor::apply(const PlanState& state)
{
    m_state = state;
    recompute();
    m_journal.start();
    emit changed();
}

std::optional<int> PlanEditor::largestFit(const PlanState& state) const
{
    if (!state.devices.empty())
        return plan::largestCountThatFits(m_model, state.devices, state.request.deployment);
    const auto fits = plan::largestCountThatFits(m_model, state.budget, state.request.deployment);
    return fits ? std::optional<int>(*fits) : std::nullopt;
}

void PlanEditor::recompute()
{
    m_fits = largestFit(m_state);
    const plan::PlanRequest request = m_state.effectiveRequest();
    auto scores = m_planner->scores(request.score);
    auto made = scores ? m_planner->make(request) : Result<plan::Plan>(scores.error());
    if (!made) {
        m_problem = QString::fromStdString(made.error().text());
        return;
    }
    m_problem.clear();
    m_scores = *scores;
    m_plan = std::move(*made);
    applyEdits(m_state.edits, m_plan, m_model);
    if (!m_state.edits.empty())
        m_planner->predict(m_plan, request.deployment);
    m_split.reset();
    if (!m_state.devices.empty())
        m_split = plan::splitOverDevices(m_model, m_plan.layers, request.deployment, m_state.devices);
    m_protectSuper =
        std::find(request.protectors.begin(), request.protectors.end(), kSuperExperts) != request.protectors.end();
}

void PlanEditor::startOver(PlanState state)
{
    m_stack.clear();
    m_journal.stop();
    m_state = std::move(state);
    m_plan = {};
    m_scores.reset();
    m_problem.clear();
    m_fits.reset();
    m_split.reset();
    m_protectSuper = false;
    if (ready())
        recompute();
    emit changed();
}

} // namespace espalier::views
