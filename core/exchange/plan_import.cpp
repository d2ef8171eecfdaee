// SPDX-License-Identifier: Apache-2.0
#include "core/base/hash.h"
#include "core/exchange/binary_file.h"
#include "core/exchange/plan_parts.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::exchange {
namespace {

using Path = std::filesystem::path;

/// By what the file begins with.
Result<PlanForm> recognise(const Path& path)
{
    ESPALIER_TRY(auto file, BinaryFile::open(path));
    const std::uint64_t bytes = std::min<std::uint64_t>(file.bytes(), 4096);
    ESPALIER_TRY(const std::string head, file.take(bytes, "beginning"));
    const auto at = head.find_first_not_of(" \t\r\n");
    if (head.starts_with("IxF"))
        return PlanForm::Premoe;
    if (head.starts_with("PK"))
        return PlanForm::Eep;
    if (path.extension() == ".jsonl")
        return PlanForm::VllmAscend;
    if (at != std::string::npos && head[at] == '[')
        return PlanForm::EasyEp;
    if (at != std::string::npos && head[at] == '{')
        return head.find("\"pruned_experts\"") != std::string::npos || head.find("\"version\"") != std::string::npos
                   ? PlanForm::Vllm
                   : PlanForm::VllmAscend;
    return badInput("its form is not recognised", path.string(), {},
                    "Say it with --format: vllm-ascend, vllm, easy-ep, premoe or eep");
}

Result<KeepLists> readLists(PlanForm form, const std::vector<Path>& paths, const PlanImport& options,
                            const model::ModelSummary& model)
{
    if (form == PlanForm::Premoe) {
        if (paths.size() != 2)
            return usageError("a pattern of PreMoe is two files", "Give the .index file and the .pt file");
        const bool swapped = paths[0].extension() == ".pt";
        return readPremoe(paths[swapped ? 1 : 0], paths[swapped ? 0 : 1], options, model);
    }
    if (paths.size() != 1)
        return usageError("only a pattern of PreMoe comes in two files; import plans one by one");
    switch (form) {
    case PlanForm::VllmAscend:
        return readVllmAscend(paths.front(), options, model);
    case PlanForm::Vllm:
        return readVllm(paths.front(), model);
    case PlanForm::EasyEp:
        return readEasyEp(paths.front(), model);
    case PlanForm::Eep:
        return readEep(paths.front(), options, model);
    default:
        return usageError("a placement of llama.cpp does not say which experts are kept and cannot become a plan",
                          "Import the plan it was made from");
    }
}

/// A matrix of so many columns as a plan file has it.
base::OrderedJson rowsOf(const std::vector<float>& values, std::int32_t columns)
{
    base::OrderedJson rows = base::OrderedJson::array();
    for (auto at = values.begin(); at != values.end(); at += columns)
        rows.push_back(std::vector<float>(at, at + columns));
    return rows;
}

} // namespace

Result<ImportedPlan> importPlan(const std::vector<Path>& paths, const PlanImport& options,
                                const model::ModelSummary& model)
{
    if (paths.empty())
        return usageError("no file was given");
    if (model.moeLayers.empty())
        return badInput("the model has no layers with experts", model.name);
    PlanForm form = options.form;
    if (form == PlanForm::Automatic) {
        // Of PreMoe's two files the tensor may come first and looks like EEP's.
        if (paths.size() == 2)
            form = PlanForm::Premoe;
        else {
            ESPALIER_TRY(form, recognise(paths.front()));
        }
    }
    const bool ranked = form == PlanForm::VllmAscend || form == PlanForm::Premoe;
    if (options.keep && !ranked)
        return usageError(
            fmt::format("{} says itself which experts stay; --keep and --ratio are for rankings", planFormName(form)));
    if (options.task != 0 && form != PlanForm::Premoe)
        return usageError("--task is for patterns of PreMoe");
    if (options.mixing && form != PlanForm::Eep)
        return usageError("--mixing is for coefficients of EEP");
    ESPALIER_TRY(auto lists, readLists(form, paths, options, model));

    base::OrderedJson source{{"form", planFormName(form)}, {"files", base::OrderedJson::array()}};
    std::string name;
    for (const Path& path : paths) {
        ESPALIER_TRY(const std::string hash, base::sha256File(path));
        source["files"].push_back({{"name", path.filename().string()}, {"sha256", hash}});
        name += (name.empty() ? "" : ", ") + path.filename().string();
    }
    source["text"] = fmt::format("{} ({})", name, planFormName(form));
    if (!lists.notes.empty())
        source["notes"] = lists.notes;
    // Through the same gate as every plan file: top-k, ranges, order, predictions.
    base::OrderedJson document{{"schema", "espalier.plan/1"},
                               {"model", {{"fingerprint", model.fingerprint}, {"family", model.family}}},
                               {"method", options.mixing ? "eep" : "imported"},
                               {"allocator", ""},
                               {"settings", {{"source", source}}},
                               {"layers", base::OrderedJson::array()}};
    for (std::size_t l = 0; l < lists.keep.size(); ++l) {
        std::sort(lists.keep[l].begin(), lists.keep[l].end());
        base::OrderedJson layer{{"layer", model.moeLayers[l].layer.value()}, {"keep", lists.keep[l]}};
        if (!lists.order[l].empty())
            layer["order"] = lists.order[l];
        if (!lists.mixing.empty() && lists.mixing[l] && !lists.mixing[l]->selects(lists.keep[l]))
            layer["mixing"] = {{"experts", rowsOf(lists.mixing[l]->merge, model.experts)},
                               {"router", rowsOf(lists.mixing[l]->router, model.experts)}};
        document["layers"].push_back(std::move(layer));
    }
    ImportedPlan out;
    ESPALIER_TRY(out.plan, plan::Plan::fromJson(document, paths.front().string(), model));
    out.notes = std::move(lists.notes);
    if (const auto problem = plan::groupProblem(model, out.plan.layers))
        out.notes.push_back(*problem + ".");
    return out;
}

} // namespace espalier::exchange
