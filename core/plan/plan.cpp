// SPDX-License-Identifier: Apache-2.0
#include "core/plan/plan.h"

#include "core/base/file.h"
#include "core/plan/memory_model.h"
#include "core/plan/planner.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>

namespace espalier::plan {
namespace {

constexpr std::string_view kSchema = "espalier.plan/1";

base::OrderedJson idsToJson(const std::vector<std::int32_t>& ids)
{
    base::OrderedJson out = base::OrderedJson::array();
    for (const auto id : ids)
        out.push_back(id);
    return out;
}

/// Array of ids in [0, experts).
Result<std::vector<std::int32_t>> readIds(const base::OrderedJson& json, std::int32_t experts, const std::string& file,
                                          const std::string& place)
{
    if (!json.is_array())
        return badInput("expected an array of expert ids", file, place);
    std::vector<std::int32_t> ids;
    std::vector<bool> seen(static_cast<std::size_t>(experts), false);
    for (const auto& value : json) {
        if (!value.is_number_integer())
            return badInput("expert ids must be integers", file, place);
        const auto id = value.get<std::int64_t>();
        if (id < 0 || id >= experts)
            return badInput(fmt::format("expert {} does not exist, the layer has 0 to {}", id, experts - 1), file,
                            place);
        if (seen[static_cast<std::size_t>(id)])
            return badInput(fmt::format("expert {} is listed twice", id), file, place);
        seen[static_cast<std::size_t>(id)] = true;
        ids.push_back(static_cast<std::int32_t>(id));
    }
    return ids;
}

std::vector<std::string> readNames(const base::OrderedJson& json, const char* key)
{
    std::vector<std::string> names;
    if (const auto found = json.find(key); found != json.end() && found->is_array())
        for (const auto& name : *found)
            if (name.is_string())
                names.push_back(name.get<std::string>());
    return names;
}

std::string readText(const base::OrderedJson& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::OrderedJson matrixToJson(const method::ExpertMixing& mixing, const std::vector<float>& values)
{
    base::OrderedJson rows = base::OrderedJson::array();
    const auto experts = static_cast<std::size_t>(mixing.experts);
    for (std::size_t row = 0; row < static_cast<std::size_t>(mixing.kept); ++row)
        rows.push_back(std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(row * experts),
                                          values.begin() + static_cast<std::ptrdiff_t>((row + 1) * experts)));
    return rows;
}

/// Largest coefficient that makes sense: sums of so many 16-bit weights stay finite.
constexpr double kLargestCoefficient = 1000;

Result<std::vector<float>> readMatrix(const base::OrderedJson& json, const char* key, std::size_t kept,
                                      std::size_t experts, const std::string& file, const std::string& place)
{
    const auto wrong = [&](const std::string& why) { return badInput(why, file, place + " mixing " + key); };
    if (!json.is_object() || !json.contains(key) || !json[key].is_array() || json[key].size() != kept)
        return wrong(fmt::format("must be an array of {} rows, one for each kept expert", kept));
    std::vector<float> values;
    for (const auto& row : json[key]) {
        if (!row.is_array() || row.size() != experts)
            return wrong(fmt::format("a row must hold {} numbers, one for each expert", experts));
        for (const auto& value : row) {
            if (!value.is_number() || !(std::abs(value.get<double>()) <= kLargestCoefficient))
                return wrong(fmt::format("coefficients must be numbers of at most {}", kLargestCoefficient));
            values.push_back(value.get<float>());
        }
    }
    return values;
}

/// Thresholds of a layer whose tokens take `active` experts.
Result<std::vector<double>> readSkip(const base::OrderedJson& list, std::int32_t active, const std::string& file,
                                     const std::string& place)
{
    if (active == 1 && (!list.is_array() || !list.empty()))
        return badInput("every token takes one expert here, there is none to leave out", file, place,
                        "Take the key skip out");
    if (!list.is_array() || std::cmp_not_equal(list.size(), active - 1))
        return badInput(
            fmt::format("skip must hold {} thresholds, one for each of a token's experts behind the first", active - 1),
            file, place);
    std::vector<double> thresholds;
    for (const auto& value : list) {
        if (!value.is_number() || !(value.get<double>() >= 0 && value.get<double>() <= kLargestCoefficient))
            return badInput(
                fmt::format("thresholds must be numbers from 0 to {}; none is reached above 1", kLargestCoefficient),
                file, place);
        thresholds.push_back(value.get<double>());
    }
    return thresholds;
}

/// `topK` is the plan's own number of experts per token, null when it has none.
Result<PlanLayer> readLayer(const base::OrderedJson& entry, const base::OrderedJson& topK,
                            const model::ModelSummary& model, const std::string& file, std::size_t position)
{
    const std::string where = fmt::format("layers[{}]", position);
    if (!entry.is_object() || !entry.contains("layer") || !entry["layer"].is_number_integer() ||
        !entry.contains("keep"))
        return badInput("a layer needs the keys layer and keep", file, where);
    const auto number = entry["layer"].get<std::int64_t>();
    const int index = number < 0 || number > std::numeric_limits<std::int32_t>::max()
                          ? -1
                          : model.moePosition(LayerIndex(static_cast<std::int32_t>(number)));
    if (index < 0)
        return badInput(fmt::format("layer {} has no experts in this model", number), file, where);
    const std::string place = fmt::format("layer {}", number);
    const auto experts = model.moeLayers[static_cast<std::size_t>(index)].experts;
    PlanLayer layer;
    layer.layer = LayerIndex(static_cast<std::int32_t>(number));
    if (const auto given = entry.contains("top_k") ? entry["top_k"] : topK; !given.is_null()) {
        if (!given.is_number_integer() || given.get<std::int64_t>() < 1 || given.get<std::int64_t>() > model.topK)
            return badInput(fmt::format("top_k must be a number from 1 to the model's {}", model.topK), file, place);
        const auto k = given.get<std::int32_t>();
        layer.topK = k == model.topK ? 0 : k;
    }
    const std::int32_t active = layer.topK > 0 ? layer.topK : model.topK;
    ESPALIER_TRY(layer.keep, readIds(entry["keep"], experts, file, place + " keep"));
    if (!std::is_sorted(layer.keep.begin(), layer.keep.end()))
        return badInput("kept ids must be ascending", file, place + " keep");
    if (static_cast<std::int32_t>(layer.keep.size()) < active)
        return badInput(
            fmt::format("{} experts are kept but the router chooses {} per token", layer.keep.size(), active), file,
            place + " keep", fmt::format("Keep at least {}", active));
    if (entry.contains("order") && !entry["order"].empty()) {
        ESPALIER_TRY(layer.order, readIds(entry["order"], experts, file, place + " order"));
        if (static_cast<std::int32_t>(layer.order.size()) != experts)
            return badInput(fmt::format("order lists {} of {} experts", layer.order.size(), experts), file,
                            place + " order");
    }
    if (entry.contains("skip")) {
        ESPALIER_TRY(layer.skip, readSkip(entry["skip"], active, file, place + " skip"));
    }
    if (entry.contains("mixing")) {
        method::ExpertMixing mixing;
        mixing.kept = static_cast<std::int32_t>(layer.keep.size());
        mixing.experts = experts;
        const auto rows = layer.keep.size(), columns = static_cast<std::size_t>(experts);
        ESPALIER_TRY(mixing.merge, readMatrix(entry["mixing"], "experts", rows, columns, file, place));
        ESPALIER_TRY(mixing.router, readMatrix(entry["mixing"], "router", rows, columns, file, place));
        layer.mixing = std::make_shared<const method::ExpertMixing>(std::move(mixing));
    }
    return layer;
}

/// Whole number in [0, largest]; −1 for anything else.
std::int64_t readNumber(const base::OrderedJson& object, const char* key, std::int64_t largest)
{
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer())
        return -1;
    const auto number = found->get<std::int64_t>();
    return number < 0 || number > largest ? -1 : number;
}

std::vector<method::Lock> readLocks(const base::OrderedJson& json)
{
    constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
    std::vector<method::Lock> locks;
    if (const auto found = json.find("locks"); found != json.end() && found->is_array())
        for (const auto& lock : *found) {
            if (!lock.is_object())
                continue;
            const auto layer = readNumber(lock, "layer", kLargest), expert = readNumber(lock, "expert", kLargest);
            const auto keep = lock.find("keep");
            if (layer >= 0 && expert >= 0)
                locks.push_back({LayerIndex(static_cast<std::int32_t>(layer)),
                                 ExpertIndex(static_cast<std::int32_t>(expert)),
                                 keep == lock.end() || !keep->is_boolean() || keep->get<bool>()});
        }
    return locks;
}

} // namespace

bool PlanLayer::operator==(const PlanLayer& other) const
{
    const bool same = mixing == nullptr || other.mixing == nullptr ? mixing == other.mixing : *mixing == *other.mixing;
    return same && layer == other.layer && keep == other.keep && order == other.order && topK == other.topK &&
           skip == other.skip;
}

bool Plan::skips() const
{
    return std::any_of(layers.begin(), layers.end(), [](const auto& l) { return !l.skip.empty(); });
}

bool Plan::mixes() const
{
    return std::any_of(layers.begin(), layers.end(), [](const auto& l) { return l.mixing != nullptr; });
}

bool Plan::uniform() const
{
    return std::all_of(layers.begin(), layers.end(),
                       [this](const auto& l) { return l.keep.size() == layers.front().keep.size(); });
}

std::int32_t Plan::activeExperts(const model::ModelSummary& model) const
{
    std::int32_t active = 0;
    for (const auto& layer : layers) {
        const auto own = layer.topK > 0 ? layer.topK : model.topK;
        if (active != 0 && active != own)
            return 0;
        active = own;
    }
    return active;
}

std::int64_t Plan::keptTotal() const
{
    std::int64_t total = 0;
    for (const auto& layer : layers)
        total += static_cast<std::int64_t>(layer.keep.size());
    return total;
}

base::OrderedJson Plan::toJson() const
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& layer : layers) {
        list.push_back(
            {{"layer", layer.layer.value()}, {"keep", idsToJson(layer.keep)}, {"order", idsToJson(layer.order)}});
        if (layer.topK > 0)
            list.back()["top_k"] = layer.topK;
        if (!layer.skip.empty())
            list.back()["skip"] = layer.skip;
        if (layer.mixing)
            list.back()["mixing"] = {{"experts", matrixToJson(*layer.mixing, layer.mixing->merge)},
                                     {"router", matrixToJson(*layer.mixing, layer.mixing->router)}};
    }
    base::OrderedJson lockList = base::OrderedJson::array();
    for (const auto& lock : locks)
        lockList.push_back({{"layer", lock.layer.value()}, {"expert", lock.expert.value()}, {"keep", lock.keep}});
    base::OrderedJson mass = base::OrderedJson::object(), worst = base::OrderedJson::object();
    for (const auto& [domain, share] : predicted.massKept)
        mass[domain] = share;
    for (const auto& [domain, share] : predicted.massKeptWorst)
        worst[domain] = share;
    return {{"schema", kSchema},
            {"name", name},
            {"model", {{"fingerprint", fingerprint}, {"family", family}}},
            {"method", method},
            {"allocator", allocator},
            {"protectors", protectors},
            {"domains", domains},
            {"settings", settings},
            {"locks", lockList},
            {"layers", list},
            {"predicted",
             {{"bytes", predicted.bytes.toJson()},
              {"memory",
               {{"weights", predicted.memory.weights},
                {"kv_cache", predicted.memory.kvCache},
                {"workspace", predicted.memory.workspace},
                {"total", predicted.memory.total()}}},
              {"mass_kept", mass},
              {"mass_kept_worst_layer", worst}}}};
}

Result<Plan> Plan::fromJson(const base::OrderedJson& json, const std::string& file, const model::ModelSummary& model)
{
    if (!json.is_object() || readText(json, "schema") != kSchema)
        return badInput(fmt::format("not a plan: the key schema must be \"{}\"", kSchema), file, "key schema");
    Plan plan;
    plan.name = readText(json, "name");
    if (const auto found = json.find("model"); found != json.end()) {
        const bool named = found->is_object() && found->contains("fingerprint");
        if (!found->is_object() || (named && !(*found)["fingerprint"].is_string()))
            return badInput("the key model must be an object whose fingerprint is a string", file, "key model");
        plan.fingerprint = readText(*found, "fingerprint");
        plan.family = readText(*found, "family");
    }
    if (!plan.fingerprint.empty() && plan.fingerprint != model.fingerprint)
        return badInput(
            fmt::format("the plan was made for model {} but this model is {}", plan.fingerprint, model.fingerprint),
            file, "key model.fingerprint", "Make a plan from a study of this model");
    plan.method = readText(json, "method");
    plan.allocator = readText(json, "allocator");
    plan.protectors = readNames(json, "protectors");
    plan.domains = readNames(json, "domains");
    plan.locks = readLocks(json);
    if (json.contains("settings"))
        plan.settings = json["settings"];
    if (!json.contains("layers") || !json["layers"].is_array())
        return badInput("the plan has no layers", file, "key layers");
    const auto topK = json.contains("top_k") ? json["top_k"] : base::OrderedJson();
    for (std::size_t i = 0; i < json["layers"].size(); ++i) {
        ESPALIER_TRY(auto layer, readLayer(json["layers"][i], topK, model, file, i));
        if (!plan.layers.empty() && plan.layers.back().layer >= layer.layer)
            return badInput("layers must be ascending and appear once", file,
                            fmt::format("layer {}", layer.layer.value()));
        plan.layers.push_back(std::move(layer));
    }
    for (const auto& facts : model.moeLayers)
        if (std::none_of(plan.layers.begin(), plan.layers.end(), [&](const auto& l) { return l.layer == facts.layer; }))
            return badInput(
                fmt::format("layer {} is missing; every layer with experts must be present", facts.layer.value()), file,
                "key layers");
    // Sizes are facts about this model, so they are computed, not believed; memory and mass are kept as they were
    // predicted.
    plan.predicted.bytes = predictBytes(model, plan.layers);
    plan.predicted.memory = predictMemory(model, plan.predicted.bytes, Deployment{});
    if (const auto found = json.find("predicted"); found != json.end() && found->is_object()) {
        if (const auto memory = found->find("memory"); memory != found->end() && memory->is_object()) {
            constexpr std::int64_t kLargest = std::int64_t{1} << 60;
            if (const auto bytes = readNumber(*memory, "kv_cache", kLargest); bytes >= 0)
                plan.predicted.memory.kvCache = static_cast<std::uint64_t>(bytes);
            if (const auto bytes = readNumber(*memory, "workspace", kLargest); bytes >= 0)
                plan.predicted.memory.workspace = static_cast<std::uint64_t>(bytes);
        }
        const auto shares = [&](const char* key, std::map<std::string, double>& into) {
            if (const auto mass = found->find(key); mass != found->end() && mass->is_object())
                for (const auto& [domain, share] : mass->items())
                    if (share.is_number())
                        into[domain] = share.get<double>();
        };
        shares("mass_kept", plan.predicted.massKept);
        shares("mass_kept_worst_layer", plan.predicted.massKeptWorst);
    }
    return plan;
}

Result<Plan> Plan::read(const std::filesystem::path& path, const model::ModelSummary& model)
{
    ESPALIER_TRY(const auto json, base::readJsonFile(path, ByteSize(256ULL << 20U)));
    return fromJson(json, path.string(), model);
}

Result<void> Plan::write(const std::filesystem::path& path) const
{
    return base::writeFileAtomically(path, toJson().dump(1) + "\n");
}

std::optional<std::string> groupProblem(const model::ModelSummary& model, const std::vector<PlanLayer>& layers)
{
    const std::int32_t groups = model.routerGroups;
    if (groups <= 1)
        return std::nullopt;
    const std::int32_t size = model.experts / groups;
    for (const PlanLayer& layer : layers) {
        std::vector<std::int32_t> counts(static_cast<std::size_t>(groups), 0);
        for (const std::int32_t id : layer.keep)
            ++counts[static_cast<std::size_t>(id / size)];
        const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
        const auto kept = static_cast<std::int32_t>(layer.keep.size());
        model::ModelSummary active = model;
        active.topK = layer.topK > 0 ? layer.topK : model.topK;
        if (*low == *high && legalCount(active, kept) == kept)
            continue;
        const std::int32_t above = legalCount(active, kept);
        const std::int32_t below = std::max(legalCount(active, 1), kept / groups * groups);
        const std::string nearest = below == above ? fmt::format("{}", above) : fmt::format("{} or {}", below, above);
        return fmt::format("layer {} keeps {} to {} experts of the router's {} groups; every group must keep the same "
                           "number, nearest are {} per layer",
                           layer.layer.value(), *low, *high, groups, nearest);
    }
    return std::nullopt;
}

Plan Plan::keepAll(const model::ModelSummary& model)
{
    Plan plan;
    plan.name = "all";
    plan.fingerprint = model.fingerprint;
    plan.family = model.family;
    for (const auto& facts : model.moeLayers) {
        PlanLayer layer;
        layer.layer = facts.layer;
        layer.keep.resize(static_cast<std::size_t>(facts.experts));
        std::iota(layer.keep.begin(), layer.keep.end(), 0);
        plan.layers.push_back(std::move(layer));
    }
    plan.predicted.bytes = model.bytes;
    plan.predicted.memory = predictMemory(model, model.bytes, Deployment{});
    return plan;
}

} // namespace espalier::plan
