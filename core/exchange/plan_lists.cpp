// SPDX-License-Identifier: Apache-2.0
// Keep lists in text: vllm-ascend, vLLM, EASY-EP.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/exchange/import_parts.h"
#include "core/exchange/plan_parts.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace espalier::exchange {
namespace {

using base::OrderedJson;

constexpr ByteSize kLimit{256ULL << 20U};

KeepLists emptyLists(const model::ModelSummary& model)
{
    KeepLists lists;
    lists.keep.resize(model.moeLayers.size());
    lists.order.resize(model.moeLayers.size());
    return lists;
}

Result<std::int32_t> expertId(const OrderedJson& json, std::int32_t experts, const Place& at)
{
    if (!json.is_number_integer())
        return badInput("expert ids must be whole numbers", at.file, at.place);
    const auto id = json.get<std::int64_t>();
    if (id < 0 || id >= experts)
        return badInput(fmt::format("expert {} does not exist, the layer has 0 to {}", id, experts - 1), at.file,
                        at.place, "Check that the file belongs to this model");
    return static_cast<std::int32_t>(id);
}

} // namespace

Result<std::int32_t> keptCount(const PlanImport& options, const model::ModelSummary& model, const std::string& form)
{
    if (!options.keep)
        return usageError(fmt::format("{} ranks all experts and does not say how many stay", form),
                          "Say it with --keep N or --ratio R");
    if (*options.keep < model.topK || *options.keep > model.experts)
        return usageError(fmt::format("cannot keep {} experts per layer: the model has {} and its router chooses {}",
                                      *options.keep, model.experts, model.topK),
                          fmt::format("Choose {} to {}", model.topK, model.experts));
    return *options.keep;
}

Result<KeepLists> readVllmAscend(const std::filesystem::path& path, const PlanImport& options,
                                 const model::ModelSummary& model)
{
    ESPALIER_TRY(const std::string text, base::readTextFile(path, kLimit));
    KeepLists lists = emptyLists(model);
    std::int64_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const Place at{path.string(), fmt::format("line {}", number)};
        auto parsed = base::parseJson(line, path.string());
        if (!parsed) {
            Error error = parsed.error();
            error.place = at.place + (error.place.empty() ? "" : ", " + error.place);
            return error;
        }
        std::int32_t layer = 0;
        if (!parsed->is_object() || parsed->size() != 1 || !base::parseIndex(parsed->begin().key(), layer) ||
            !parsed->begin().value().is_array())
            return badInput("a line is one object {\"layer\": [expert ids, best first]}", at.file, at.place);
        ESPALIER_TRY(const std::size_t row, moeRow(model, layer, at));
        if (!lists.order[row].empty())
            return badInput(fmt::format("layer {} stands twice", layer), at.file, at.place);
        const std::int32_t experts = model.moeLayers[row].experts;
        std::vector<bool> seen(static_cast<std::size_t>(experts), false);
        for (const auto& value : parsed->begin().value()) {
            ESPALIER_TRY(const std::int32_t id, expertId(value, experts, at));
            if (seen[static_cast<std::size_t>(id)])
                return badInput(fmt::format("expert {} is listed twice", id), at.file, at.place);
            seen[static_cast<std::size_t>(id)] = true;
            lists.order[row].push_back(id);
        }
        if (static_cast<std::int32_t>(lists.order[row].size()) != experts)
            return badInput(fmt::format("lists {} of {} experts", lists.order[row].size(), experts), at.file, at.place,
                            "The form ranks all experts of a layer");
    }
    for (std::size_t row = 0; row < lists.order.size(); ++row)
        if (lists.order[row].empty())
            return badInput(fmt::format("layer {} is missing", model.moeLayers[row].layer.value()), path.string(), {},
                            "Every layer with experts needs its line");
    ESPALIER_TRY(const std::int32_t keep, keptCount(options, model, "vllm-ascend"));
    for (std::size_t row = 0; row < lists.order.size(); ++row)
        lists.keep[row].assign(lists.order[row].begin(), lists.order[row].begin() + keep);
    return lists;
}

Result<KeepLists> readVllm(const std::filesystem::path& path, const model::ModelSummary& model)
{
    const std::string file = path.string();
    ESPALIER_TRY(const OrderedJson json, base::readJsonFile(path, kLimit));
    if (!json.is_object() || !json.contains("pruned_experts") || !json["pruned_experts"].is_array())
        return badInput("has no list pruned_experts", file, "top level", "Give a pruning profile of vLLM");
    if (json.contains("version") && json["version"] != 1)
        return badInput("is of a version that is not known", file, "key version", "Known is version 1");
    KeepLists lists = emptyLists(model);
    std::vector<std::set<std::int32_t>> dropped(lists.keep.size());
    std::size_t position = 0;
    for (const auto& pair : json["pruned_experts"]) {
        const Place at{file, fmt::format("pruned_experts[{}]", position++)};
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_integer())
            return badInput("must be [layer, expert]", at.file, at.place);
        ESPALIER_TRY(const std::size_t row, moeRow(model, pair[0].get<std::int64_t>(), at));
        ESPALIER_TRY(const std::int32_t id, expertId(pair[1], model.moeLayers[row].experts, at));
        if (!dropped[row].insert(id).second)
            return badInput(fmt::format("layer {}, expert {} stands twice", model.moeLayers[row].layer.value(), id),
                            at.file, at.place);
    }
    for (std::size_t row = 0; row < lists.keep.size(); ++row)
        for (std::int32_t e = 0; e < model.moeLayers[row].experts; ++e)
            if (!dropped[row].contains(e))
                lists.keep[row].push_back(e);
    if (json.contains("model") && json["model"].is_string() && json["model"] != model.name)
        lists.notes.push_back(fmt::format("The profile names the model {}; this one is called {}.",
                                          json["model"].get<std::string>().substr(0, 200), model.name));
    return lists;
}

Result<KeepLists> readEasyEp(const std::filesystem::path& path, const model::ModelSummary& model)
{
    const std::string file = path.string();
    ESPALIER_TRY(const OrderedJson json, base::readJsonFile(path, kLimit));
    if (!json.is_array() || json.size() != model.moeLayers.size())
        return badInput(fmt::format("must be a list of {} rows, one per layer with experts{}", model.moeLayers.size(),
                                    json.is_array() ? fmt::format("; it has {}", json.size()) : std::string()),
                        file, "top level", "Check that the mask belongs to this model");
    KeepLists lists = emptyLists(model);
    for (std::size_t row = 0; row < lists.keep.size(); ++row) {
        const std::string place = fmt::format("row {}", row);
        const std::int32_t experts = model.moeLayers[row].experts;
        if (!json[row].is_array() || static_cast<std::int32_t>(json[row].size()) != experts)
            return badInput(fmt::format("must hold {} values", experts), file, place,
                            "Check that the mask belongs to this model");
        for (std::int32_t e = 0; e < experts; ++e) {
            const auto& value = json[row][static_cast<std::size_t>(e)];
            if (!value.is_number() || (value != 0 && value != 1))
                return badInput(fmt::format("value {} is neither 0 nor 1", e), file, place);
            if (value == 1)
                lists.keep[row].push_back(e);
        }
    }
    return lists;
}

} // namespace espalier::exchange
