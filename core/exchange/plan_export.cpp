// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_size.h"
#include "core/exchange/plan_files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace espalier::exchange {
namespace {

constexpr std::array<std::pair<std::string_view, PlanForm>, 7> kForms{{{"auto", PlanForm::Automatic},
                                                                       {"vllm-ascend", PlanForm::VllmAscend},
                                                                       {"vllm", PlanForm::Vllm},
                                                                       {"easy-ep", PlanForm::EasyEp},
                                                                       {"llama-cpp", PlanForm::LlamaCpp},
                                                                       {"premoe", PlanForm::Premoe},
                                                                       {"eep", PlanForm::Eep}}};

bool keeps(const plan::PlanLayer& layer, std::int32_t expert)
{
    return std::binary_search(layer.keep.begin(), layer.keep.end(), expert);
}

/// Kept ids before dropped ones, each in the plan's ranking where it has one.
std::vector<std::int32_t> ranking(const plan::PlanLayer& layer, std::int32_t experts)
{
    std::vector<std::int32_t> order = layer.order;
    if (order.empty()) {
        order.resize(static_cast<std::size_t>(experts));
        std::iota(order.begin(), order.end(), 0);
    }
    std::stable_partition(order.begin(), order.end(), [&](std::int32_t id) { return keeps(layer, id); });
    return order;
}

Result<PlanText> toVllmAscend(const plan::Plan& plan, const model::ModelSummary& model)
{
    if (!plan.uniform())
        return badInput("keeps different numbers of experts in different layers; vllm-ascend takes one ratio for all",
                        plan.name, {}, "Make the plan with --allocate uniform, or export the form vllm");
    PlanText out;
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
        base::OrderedJson line = base::OrderedJson::object();
        line[std::to_string(plan.layers[l].layer.value())] = ranking(plan.layers[l], model.moeLayers[l].experts);
        out.text += line.dump() + "\n";
    }
    const auto kept = plan.layers.front().keep.size();
    const double ratio = 1.0 - static_cast<double>(kept) / model.moeLayers.front().experts;
    out.notes.push_back(fmt::format("vllm serve MODEL --additional-config '{{\"expert_list_file\": \"FILE\", "
                                    "\"expert_prune_ratio\": {}}}' keeps the first {} of every layer.",
                                    ratio, kept));
    if (std::any_of(plan.layers.begin(), plan.layers.end(), [](const auto& layer) { return layer.order.empty(); }))
        out.notes.emplace_back("The plan has no ranking: behind the kept experts the others stand by id.");
    return out;
}

Result<PlanText> toVllm(const plan::Plan& plan, const model::ModelSummary& model)
{
    base::OrderedJson pruned = base::OrderedJson::array();
    for (std::size_t l = 0; l < plan.layers.size(); ++l)
        for (std::int32_t e = 0; e < model.moeLayers[l].experts; ++e)
            if (!keeps(plan.layers[l], e))
                pruned.push_back({plan.layers[l].layer.value(), e});
    PlanText out;
    out.text =
        base::OrderedJson{
            {"version", 1}, {"model", model.name}, {"workload", plan.name}, {"pruned_experts", std::move(pruned)}}
            .dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace) +
        "\n";
    out.notes.emplace_back(
        "For builds of vLLM with profile pruning: --riy-expert-profile FILE (pull request 37824) or "
        "--moe-pruned-experts-profile FILE (42613). Stock vLLM loads what `espalier export` writes.");
    return out;
}

Result<PlanText> toEasyEp(const plan::Plan& plan, const model::ModelSummary& model)
{
    base::OrderedJson rows = base::OrderedJson::array();
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
        base::OrderedJson row = base::OrderedJson::array();
        for (std::int32_t e = 0; e < model.moeLayers[l].experts; ++e)
            row.push_back(keeps(plan.layers[l], e) ? 1.0 : 0.0);
        rows.push_back(std::move(row));
    }
    PlanText out;
    out.text = rows.dump() + "\n";
    out.notes.emplace_back("One row per layer with experts, in their order; 1 is kept.");
    return out;
}

Result<PlanText> toLlamaCpp(const plan::Plan& plan, const model::ModelSummary& model)
{
    ESPALIER_TRY(const auto placement, placeLayers(plan, model));
    PlanText out;
    out.text = placement.override + "\n";
    out.notes.push_back(fmt::format(
        "llama-server -m MODEL.gguf -ngl 99 --override-tensor \"$(cat FILE)\" leaves {} of {} "
        "layers' experts on the device ({}).",
        placement.layersOnDevice, placement.layers, base::formatByteSize(ByteSize(placement.bytesOnDevice))));
    out.notes.emplace_back("llama.cpp places a layer's experts together: whole layers are chosen within the bytes that "
                           "the plan keeps, and no expert is dropped.");
    return out;
}

} // namespace

Result<Placement> placeLayers(const plan::Plan& plan, const model::ModelSummary& model)
{
    if (plan.layers.empty() || plan.layers.size() != model.moeLayers.size())
        return badInput("has no layers with experts", plan.name);
    const auto bytesOf = [&](std::size_t l) {
        const auto& bytes = model.moeLayers[l].expertBytes;
        return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});
    };
    std::uint64_t budget = 0;
    for (std::size_t l = 0; l < plan.layers.size(); ++l)
        for (const std::int32_t id : plan.layers[l].keep)
            budget += model.moeLayers[l].expertBytes[static_cast<std::size_t>(id)];
    std::vector<std::size_t> order(plan.layers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto x = plan.layers[a].keep.size(), y = plan.layers[b].keep.size();
        return x != y ? x > y : a > b; // among equals the later ones, as --n-cpu-moe leaves them
    });
    Placement placement;
    placement.layers = static_cast<std::int32_t>(plan.layers.size());
    std::vector<std::int32_t> elsewhere;
    for (const std::size_t l : order) {
        if (placement.bytesOnDevice + bytesOf(l) <= budget) {
            placement.bytesOnDevice += bytesOf(l);
            ++placement.layersOnDevice;
        } else {
            placement.bytesElsewhere += bytesOf(l);
            elsewhere.push_back(plan.layers[l].layer.value());
        }
    }
    if (elsewhere.empty())
        return badInput("keeps every expert, so nothing has to leave the device", plan.name, {},
                        "Make a plan that keeps fewer");
    std::sort(elsewhere.begin(), elsewhere.end());
    std::string layers;
    for (const std::int32_t layer : elsewhere)
        layers += fmt::format("{}{}", layers.empty() ? "" : "|", layer);
    placement.override = fmt::format("blk\\.({})\\.ffn_(gate|up|down|gate_up)_exps\\.=CPU", layers);
    return placement;
}

Result<PlanForm> parsePlanForm(std::string_view name)
{
    for (const auto& [id, form] : kForms)
        if (id == name)
            return form;
    return usageError(fmt::format("there is no format '{}'", name),
                      "Known are vllm-ascend, vllm, easy-ep, llama-cpp (export only), premoe and eep (import only)");
}

std::string_view planFormName(PlanForm form)
{
    return kForms[static_cast<std::size_t>(form)].first;
}

Result<PlanText> exportPlan(const plan::Plan& plan, const model::ModelSummary& model, PlanForm form)
{
    if (plan.layers.empty() || plan.layers.size() != model.moeLayers.size())
        return badInput("has no layers with experts", plan.name);
    if (plan.mixes())
        return badInput("mixes experts, which no such file can say", plan.name, {},
                        "Write the plan NAME-stock that the search saved beside it");
    switch (form) {
    case PlanForm::VllmAscend:
        return toVllmAscend(plan, model);
    case PlanForm::Vllm:
        return toVllm(plan, model);
    case PlanForm::EasyEp:
        return toEasyEp(plan, model);
    case PlanForm::LlamaCpp:
        return toLlamaCpp(plan, model);
    default:
        return usageError(fmt::format("plans are not written as {}", planFormName(form)),
                          "Choose vllm-ascend, vllm, easy-ep or llama-cpp");
    }
}

} // namespace espalier::exchange
