// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plan/plan_state.h"

#include <algorithm>

namespace espalier::views {

namespace {

using base::OrderedJson;

OrderedJson cell(LayerIndex layer, ExpertIndex expert, bool keep)
{
    return OrderedJson{{"layer", layer.value()}, {"expert", expert.value()}, {"keep", keep}};
}

template <typename Cell>
Cell cellFrom(const OrderedJson& json)
{
    Cell result;
    result.layer = LayerIndex(json.at("layer").get<std::int32_t>());
    result.expert = ExpertIndex(json.at("expert").get<std::int32_t>());
    result.keep = json.at("keep").get<bool>();
    return result;
}

bool before(const HandEdit& edit, LayerIndex layer, ExpertIndex expert)
{
    return edit.layer != layer ? edit.layer < layer : edit.expert < expert;
}

} // namespace

plan::PlanRequest PlanState::effectiveRequest() const
{
    plan::PlanRequest result = request;
    if (!useLocks)
        result.locks.clear();
    return result;
}

const HandEdit* PlanState::editOf(LayerIndex layer, ExpertIndex expert) const
{
    const auto found =
        std::lower_bound(edits.begin(), edits.end(), HandEdit{layer, expert, true},
                         [](const HandEdit& a, const HandEdit& b) { return before(a, b.layer, b.expert); });
    return found != edits.end() && found->layer == layer && found->expert == expert ? &*found : nullptr;
}

void PlanState::setEdit(const HandEdit& edit)
{
    const auto found = std::lower_bound(edits.begin(), edits.end(), edit, [](const HandEdit& a, const HandEdit& b) {
        return before(a, b.layer, b.expert);
    });
    if (found != edits.end() && found->layer == edit.layer && found->expert == edit.expert)
        *found = edit;
    else
        edits.insert(found, edit);
}

void PlanState::removeEdit(LayerIndex layer, ExpertIndex expert)
{
    std::erase_if(edits, [&](const HandEdit& edit) { return edit.layer == layer && edit.expert == expert; });
}

const method::Lock* PlanState::lockOf(LayerIndex layer, ExpertIndex expert) const
{
    const auto found = std::find_if(request.locks.begin(), request.locks.end(), [&](const method::Lock& lock) {
        return lock.layer == layer && lock.expert == expert;
    });
    return found == request.locks.end() ? nullptr : &*found;
}

OrderedJson PlanState::toJson() const
{
    OrderedJson json;
    json["name"] = request.name;
    json["method"] = request.score.method;
    json["seed"] = request.score.seed;
    json["shrink_tokens"] = request.score.shrinkTokens;
    OrderedJson domains = OrderedJson::array();
    for (const auto& domain : request.score.domains)
        domains.push_back({{"name", domain.name}, {"weight", domain.weight}});
    json["domains"] = std::move(domains);
    if (request.target.perLayer)
        json["per_layer"] = *request.target.perLayer;
    else
        json["keep"] = request.target.keepPerLayer.value_or(0);
    json["exponents"] = request.score.exponents;
    if (request.topK)
        json["top_k"] = *request.topK;
    if (request.meanTopK)
        json["mean_top_k"] = *request.meanTopK;
    if (request.skip)
        json["skip"] = *request.skip;
    json["one_count"] = request.oneCount;
    json["allocator"] = request.allocator;
    json["protectors"] = request.protectors;
    OrderedJson locks = OrderedJson::array();
    for (const auto& lock : request.locks)
        locks.push_back(cell(lock.layer, lock.expert, lock.keep));
    json["locks"] = std::move(locks);
    json["use_locks"] = useLocks;
    json["context"] = request.deployment.context;
    json["sequences"] = request.deployment.sequences;
    json["kv_bytes"] = request.deployment.kvBytes;
    json["budget"] = budget;
    for (const auto& device : devices)
        json["devices"].push_back({{"name", device.name}, {"bytes", device.bytes}});
    OrderedJson list = OrderedJson::array();
    for (const auto& edit : edits)
        list.push_back(cell(edit.layer, edit.expert, edit.keep));
    json["edits"] = std::move(list);
    return json;
}

Result<PlanState> PlanState::fromJson(const OrderedJson& json)
{
    // nlohmann names the key and the type it met; one place to catch is clearer than a check per key.
    try {
        PlanState state;
        state.request.name = json.at("name").get<std::string>();
        state.request.score.method = json.at("method").get<std::string>();
        state.request.score.seed = json.at("seed").get<std::uint64_t>();
        state.request.score.shrinkTokens = json.at("shrink_tokens").get<double>();
        for (const auto& domain : json.at("domains"))
            state.request.score.domains.push_back(
                {domain.at("name").get<std::string>(), domain.at("weight").get<double>()});
        if (json.contains("per_layer"))
            state.request.target.perLayer = json.at("per_layer").get<std::vector<std::int32_t>>();
        else
            state.request.target.keepPerLayer = json.at("keep").get<std::int32_t>();
        // Studies of earlier versions do not have these
        if (json.contains("exponents"))
            state.request.score.exponents = json.at("exponents").get<std::array<double, 3>>();
        if (json.contains("top_k"))
            state.request.topK = json.at("top_k").get<std::int32_t>();
        if (json.contains("mean_top_k"))
            state.request.meanTopK = json.at("mean_top_k").get<double>();
        if (json.contains("skip"))
            state.request.skip = json.at("skip").get<double>();
        state.request.oneCount = json.contains("one_count") && json.at("one_count").get<bool>();
        state.request.allocator = json.at("allocator").get<std::string>();
        state.request.protectors = json.at("protectors").get<std::vector<std::string>>();
        for (const auto& lock : json.at("locks"))
            state.request.locks.push_back(cellFrom<method::Lock>(lock));
        state.useLocks = json.at("use_locks").get<bool>();
        state.request.deployment.context = json.at("context").get<std::int64_t>();
        state.request.deployment.sequences = json.at("sequences").get<std::int64_t>();
        state.request.deployment.kvBytes = json.at("kv_bytes").get<std::int32_t>();
        state.budget = json.at("budget").get<std::uint64_t>();
        if (json.contains("devices"))
            for (const auto& device : json.at("devices"))
                state.devices.push_back(
                    {device.at("name").get<std::string>(), device.at("bytes").get<std::uint64_t>()});
        for (const auto& edit : json.at("edits"))
            state.setEdit(cellFrom<HandEdit>(edit));
        return state;
    } catch (const OrderedJson::exception& error) {
        return base::badInput(std::string("the planner's state cannot be read: ") + error.what());
    }
}

} // namespace espalier::views
