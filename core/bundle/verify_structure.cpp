// SPDX-License-Identifier: Apache-2.0
// The checks that need nothing but the bundle itself.
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/carve_experts.h"
#include "core/bundle/expert_names.h"
#include "core/bundle/gguf_writer.h"
#include "core/bundle/verify.h"
#include "core/method/carve/neuron_split.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace espalier::bundle {
namespace {

namespace fs = std::filesystem;
constexpr const char* kSums = "SHA256SUMS";

/// A relative path that does not lead upwards.
bool staysInside(const std::string& name)
{
    const fs::path path(name);
    return !name.empty() && path.is_relative() &&
           std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".." || part == "."; });
}

/// Name -> hash. BadInput for lines that are not `sha256sum` output.
Result<std::map<std::string, std::string>> readSums(const fs::path& path)
{
    ESPALIER_TRY(const std::string text, base::readTextFile(path, base::kConfigLimit));
    std::map<std::string, std::string> sums;
    std::int64_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        const std::string name = line.size() > 66 ? line.substr(66) : "";
        if (line.find_first_not_of("0123456789abcdef") != 64 || !staysInside(name))
            return badInput("the line is not '<sha256>  <name>'", path.string(), fmt::format("line {}", number));
        sums[name] = line.substr(0, 64);
    }
    return sums;
}

/// Every file is listed and matches, every listed file exists.
Result<VerifyCheck> checkSums(const fs::path& folder, const base::JobContext& job)
{
    ESPALIER_TRY(const auto sums, readSums(folder / kSums));
    std::uint64_t total = 0, done = 0;
    std::set<std::string> present;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (name == kSums)
            continue;
        if (entry.is_directory(error)) {
            const auto inside = sums.lower_bound(name + '/');
            if (inside == sums.end() || !inside->first.starts_with(name + '/'))
                return VerifyCheck{"checksums", false, fmt::format("'{}' is not listed in {}", name, kSums)};
            continue;
        }
        present.insert(name);
        if (!sums.contains(name))
            return VerifyCheck{"checksums", false, fmt::format("'{}' is not listed in {}", name, kSums)};
        total += entry.file_size(error);
    }
    for (const auto& [name, expected] : sums) {
        if (!present.contains(name))
            return VerifyCheck{"checksums", false, fmt::format("'{}' is listed but missing", name)};
        if (job.stopRequested())
            return cancelledError();
        ESPALIER_TRY(const std::string actual, base::sha256File(folder / name));
        if (actual != expected)
            return VerifyCheck{"checksums", false, fmt::format("'{}' was changed after it was written", name)};
        done += fs::file_size(folder / name, error);
        job.report({"checking files", static_cast<double>(done), static_cast<double>(total), "bytes"});
    }
    return VerifyCheck{"checksums", true, fmt::format("{} files match", sums.size())};
}

/// Groups that choose nothing: transformers and vLLM run them, llama.cpp aborts. Other faults of groups (no equal share
/// for each, fewer than two experts, too few for top-k) are found when the model is opened.
VerifyCheck checkRouterGroups(const model::OpenModel& model)
{
    const char* name = "router groups";
    for (const auto& [key, value] : model.spec.exportKeys)
        if (model.checkpoint.config()[base::OrderedJson::json_pointer(key)] != value)
            return {name, false,
                    fmt::format("all groups are used, which some engines abort on; the same is said by '{}' = {}",
                                key.substr(1), value.dump())};
    const auto& router = model.spec.router;
    return {name, true,
            router.groups > 1 ? fmt::format("{} of {} groups, {} experts in each", router.groupsUsed, router.groups,
                                            model.spec.experts / router.groups)
                              : "none"};
}

/// Blocks that predict further tokens are there, or nothing says that they are.
VerifyCheck checkFurtherTokens(const model::OpenModel& model, const base::OrderedJson& recipe)
{
    const char* name = "blocks for further tokens";
    const auto stored = std::count_if(model.spec.uses.begin(), model.spec.uses.end(),
                                      [](const model::TensorUse& use) { return use.mtp; });
    const bool dropped = recipe.is_object() && recipe.value("mtp", base::OrderedJson()) == "dropped";
    if (dropped && stored > 0)
        return {name, false, fmt::format("the recipe says they were dropped, {} of their tensors are stored", stored)};
    for (const auto& [key, none] : model.spec.mtpKeys)
        if (dropped && model.checkpoint.config()[base::OrderedJson::json_pointer(key)] != none)
            return {name, false,
                    fmt::format("'{}' announces some, but they were dropped; engines would leave their memory unset",
                                key.substr(1))};
    return {name, true, stored > 0 ? fmt::format("{} tensors", stored) : "none"};
}

/// Lists of modules in the quantisation block must not name experts that are gone.
VerifyCheck checkNamedExperts(const model::OpenModel& model)
{
    const char* name = "experts named in config.json";
    for (const char* key : {"quantization_config", "compression_config"})
        if (const auto& config = model.checkpoint.config(); config.contains(key))
            if (const auto beyond = expertNameBeyond(config[key], model.spec.experts))
                return {name, false, fmt::format("'{}' names '{}', which is not there", key, *beyond)};
    return {name, true, "all are there"};
}

VerifyCheck checkCountKeys(const model::OpenModel& model)
{
    if (model.checkpoint.gguf() != nullptr) // one key, which the model was opened by
        return {"expert count keys", true, fmt::format("expert_count = {}", model.spec.experts)};
    std::string found;
    for (const auto& key : model.spec.expertCountKeys) {
        const base::OrderedJson::json_pointer pointer(key);
        const auto& config = model.checkpoint.config();
        if (!config.contains(pointer))
            return {"expert count keys", false,
                    fmt::format("config.json lacks '{}', which some engines read", key.substr(1))};
        if (config[pointer] != model.spec.experts)
            return {"expert count keys", false, fmt::format("'{}' differs from the others", key.substr(1))};
        found += (found.empty() ? "" : ", ") + key.substr(1);
    }
    return {"expert count keys", true, fmt::format("{} = {}", found, model.spec.experts)};
}

/// Text values under `key`, nothing for anything else.
std::set<std::string> textsOf(const base::OrderedJson& object, const char* key)
{
    std::set<std::string> texts;
    if (object.is_object() && object.contains(key) && object[key].is_array())
        for (const auto& text : object[key])
            if (text.is_string())
                texts.insert(text.get<std::string>());
    return texts;
}

/// `carried`: tensors outside the architecture that the source had, too, by the recipe.
VerifyCheck checkStrayWeights(const model::OpenModel& model, const std::set<std::string>& carried)
{
    const char* name = "no stray tensors";
    for (std::size_t i = 0; i < model.spec.uses.size(); ++i) {
        const auto& tensor = model.checkpoint.tensors()[i];
        const auto& use = model.spec.uses[i];
        if (use.role == model::TensorRole::Other && !use.mtp && !carried.contains(tensor.name))
            return {name, false, fmt::format("'{}' belongs to no part of the model", tensor.name)};
    }
    std::set<std::string> known;
    for (const auto& shard : model.checkpoint.shards())
        known.insert(shard.file);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(model.checkpoint.folder(), error))
        if (entry.path().extension() == ".safetensors" && !known.contains(entry.path().filename().string()))
            return {name, false,
                    fmt::format("'{}' is not named by the index; engines that read every file would load it",
                                entry.path().filename().string())};
    return {name, true, fmt::format("{} tensors, each with its place", model.spec.uses.size())};
}

/// Scales and zero points that belong to an expert: an engine stacks them, and a gap would hold whatever was in memory.
VerifyCheck checkExpertParts(const model::OpenModel& model)
{
    const char* name = "parts of every expert";
    std::map<std::pair<std::string, std::string>, std::int64_t> experts; // (block, part) -> how many have it
    for (const auto& use : model.spec.uses)
        if (use.expert >= 0)
            ++experts[{use.nameHead, use.nameTail}];
    for (const auto& [part, count] : experts)
        if (count != model.spec.experts)
            return {
                name, false,
                fmt::format("{} of {} '{}*' have '{}'", count, model.spec.experts, part.first, part.second.substr(1))};
    return {name, true, "the same in every expert of a layer"};
}

/// What this program reads all the same, but not every engine does.
VerifyCheck checkFiles(const model::OpenModel& model)
{
    const auto& warnings = model.checkpoint.warnings();
    if (!warnings.empty())
        return {"index and metadata", false, warnings.front()};
    return {"index and metadata", true,
            fmt::format("{} file{}, {} tensor bytes", model.checkpoint.shards().size(),
                        model.checkpoint.shards().size() == 1 ? "" : "s", model.checkpoint.tensorBytes())};
}

/// Of a carved model: an order of all neurons for every layer, of as many experts as the model has.
VerifyCheck checkCarveRecipe(const model::OpenModel& model, const base::OrderedJson& carve)
{
    const auto wrong = [](std::string why) { return VerifyCheck{"recipe", false, std::move(why)}; };
    if (carve.is_object() && carve.contains("inside"))
        return checkCarvedExpertRecipe(model, carve);
    const auto number = [&](const char* key) {
        return carve.is_object() && carve.contains(key) && carve[key].is_number_integer()
                   ? carve[key].get<std::int64_t>()
                   : -1;
    };
    const std::int64_t width = number("width");
    const std::int64_t experts = number("experts");
    const std::int64_t shared = number("shared");
    if (width < 1 || width > 1 << 24 || experts < 2 || shared < 0 || shared > experts || width % experts != 0)
        return wrong("its numbers of neurons and experts make no sense");
    if (!carve.contains("layers") || !carve["layers"].is_array() || carve["layers"].size() != model.spec.layers.size())
        return wrong("it does not hold as many layers as the model");
    const std::int64_t own = width / experts;
    for (std::size_t l = 0; l < model.spec.layers.size(); ++l) {
        const auto& spec = model.spec.layers[l];
        const auto& layer = carve["layers"][l];
        if (!layer.is_object() || !layer.contains("order") || !layer["order"].is_array() ||
            !std::all_of(layer["order"].begin(), layer["order"].end(),
                         [](const auto& value) { return value.is_number_integer(); }) ||
            !method::isPermutation(layer["order"].get<std::vector<std::int32_t>>(), width))
            return wrong(fmt::format("its order of layer {} does not name every neuron once", l));
        if (spec.moe ? model.spec.experts != experts - shared || model.spec.expertWidth != own ||
                           spec.sharedWidth != shared * own
                     : spec.denseWidth != shared * own)
            return wrong(fmt::format("layer {} has other experts than it says", l));
    }
    return {"recipe", true,
            fmt::format("{} layers, every neuron of the dense model in one expert", model.spec.layers.size())};
}

/// Of a merged model, whose plan has been checked: groups of the source's experts that stand for those the plan keeps.
VerifyCheck checkMergeRecipe(const base::OrderedJson& recipe)
{
    const auto wrong = [](std::string why) { return VerifyCheck{"recipe", false, std::move(why)}; };
    const auto map = method::mergeMapFromJson(recipe["merge"], "recipe.json");
    if (!map)
        return wrong(map.error().text());
    const auto& layers = recipe["plan"]["layers"];
    if (map->layers.size() != layers.size())
        return wrong(fmt::format("it merges {} layers, its plan has {}", map->layers.size(), layers.size()));
    for (std::size_t l = 0; l < layers.size(); ++l) {
        base::OrderedJson kept = base::OrderedJson::array();
        for (const auto& group : map->layers[l].groups)
            kept.push_back(group.kept);
        if (layers[l]["layer"] != map->layers[l].layer.value() || layers[l]["keep"] != kept)
            return wrong(fmt::format("its groups of layer {} are not those of its plan", map->layers[l].layer.value()));
    }
    return {"recipe", true, "its groups are as many as the model has experts"};
}

VerifyCheck checkRecipe(const model::OpenModel& model, const base::OrderedJson& recipe)
{
    const auto wrong = [](std::string why) { return VerifyCheck{"recipe", false, std::move(why)}; };
    if (!recipe.is_object() || !recipe.contains("schema") || recipe["schema"] != "espalier.recipe/1")
        return wrong("recipe.json is not of schema espalier.recipe/1");
    if (recipe.contains("carve"))
        return checkCarveRecipe(model, recipe["carve"]);
    const auto plan = recipe.find("plan");
    if (plan == recipe.end() || !plan->is_object() || !plan->contains("layers") || !(*plan)["layers"].is_array())
        return wrong("recipe.json holds no plan");
    const auto& layers = (*plan)["layers"];
    if (layers.size() != model.summary.moeLayers.size())
        return wrong(
            fmt::format("its plan has {} layers, the model {}", layers.size(), model.summary.moeLayers.size()));
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const auto layer = model.summary.moeLayers[l].layer.value();
        if (!layers[l].is_object() || !layers[l].contains("layer") || layers[l]["layer"] != layer)
            return wrong(fmt::format("its plan says nothing about layer {}", layer));
        if (!layers[l].contains("keep") || !layers[l]["keep"].is_array() ||
            layers[l]["keep"].size() != static_cast<std::size_t>(model.spec.experts))
            return wrong(fmt::format("its plan keeps another number of experts in layer {}", layer));
    }
    if (recipe.contains("merge"))
        return checkMergeRecipe(recipe);
    return {"recipe", true, "its plan keeps as many experts as the model has"};
}

} // namespace

bool VerifyReport::ok() const
{
    return !checks.empty() && std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.ok; });
}

base::OrderedJson VerifyReport::toJson() const
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& check : checks)
        list.push_back({{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
    base::OrderedJson json{{"ok", ok()}, {"checks", list}, {"max_abs_logit_difference", nullptr}};
    if (maxAbsLogitDifference)
        json["max_abs_logit_difference"] = *maxAbsLogitDifference;
    return json;
}

Result<VerifyReport> verifyBundle(const std::filesystem::path& folder, const base::JobContext& job)
{
    std::error_code error;
    const char* weights = fs::is_regular_file(folder / kGgufFile, error) ? kGgufFile : "config.json";
    for (const char* name : {weights, kSums, "recipe.json"})
        if (!fs::is_regular_file(folder / name, error))
            return badInput(fmt::format("this is no bundle: '{}' is missing", name), folder.string(), {},
                            "Give a folder that `espalier export` wrote");
    VerifyReport report;
    auto sums = checkSums(folder, job);
    if (!sums && sums.error().code == ErrorCode::Cancelled)
        return sums.error();
    report.checks.push_back(sums ? sums.value() : VerifyCheck{"checksums", false, sums.error().text()});
    // Opening checks headers, index, names 0 … E'-1 in every layer, shapes and router rows against the configuration.
    const auto model = model::openModel(folder);
    if (!model) {
        report.checks.push_back({"headers, names and shapes", false, model.error().text()});
        return report;
    }
    const auto& m = model.value();
    report.checks.push_back({"headers, names and shapes", true,
                             fmt::format("{} layers, experts 0 to {} in each, router rows to match", m.summary.layers,
                                         m.spec.experts - 1)});
    report.checks.push_back({"experts per token", m.spec.router.topK <= m.spec.experts,
                             fmt::format("top-{} of {}", m.spec.router.topK, m.spec.experts)});
    report.checks.push_back(checkCountKeys(m));
    report.checks.push_back(checkRouterGroups(m));
    report.checks.push_back(checkNamedExperts(m));
    report.checks.push_back(checkExpertParts(m));
    report.checks.push_back(checkFiles(m));
    const auto recipe = base::readJsonFile(folder / "recipe.json", ByteSize(std::uint64_t{1} << 30U));
    report.checks.push_back(checkFurtherTokens(m, recipe ? recipe.value() : base::OrderedJson()));
    report.checks.push_back(checkStrayWeights(m, textsOf(recipe ? recipe.value() : base::OrderedJson(), "carried")));
    report.checks.push_back(recipe ? checkRecipe(m, recipe.value())
                                   : VerifyCheck{"recipe", false, recipe.error().text()});
    return report;
}

} // namespace espalier::bundle
