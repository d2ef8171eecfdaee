// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/export.h"

#include "core/base/atomic_directory.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/bundle/bundle_papers.h"
#include "core/bundle/bundle_writer.h"
#include "core/bundle/gguf_writer.h"
#include "core/bundle/hashed_file.h"
#include "core/bundle/merged_tensors.h"
#include "core/bundle/tensor_slices.h"
#include "core/plan/memory_model.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace espalier::bundle {
namespace {

namespace fs = std::filesystem;

/// README.md -> README.base.md -> README.base.base.md: what a cut of a cut finds makes room, too.
std::string nameInBundle(const std::string& name)
{
    for (const auto& [stem, ending] :
         {std::pair<std::string, std::string>{"README", ".md"}, {"recipe", ".json"}, {"skipping", ".json"}}) {
        if (!name.starts_with(stem) || !name.ends_with(ending))
            continue;
        std::string middle = name.substr(stem.size(), name.size() - stem.size() - ending.size());
        while (middle.starts_with(".base"))
            middle.erase(0, 5);
        if (middle.empty())
            return name.substr(0, name.size() - ending.size()) + ".base" + ending;
    }
    return name;
}

/// Weights in other forms; code and tables beside them travel along.
bool holdsWeights(const fs::path& file)
{
    static const std::set<std::string> endings = {".safetensors", ".bin",  ".pt",   ".pth",     ".gguf",
                                                  ".h5",          ".onnx", ".ckpt", ".msgpack", ".index"};
    const std::string name = file.filename().string();
    return endings.contains(file.extension().string()) || name.ends_with(".bin.index.json") ||
           name.ends_with(".safetensors.index.json");
}

/// Files of the source that travel along, with the name they get, those of subfolders too (further chat templates,
/// licences, code). What is written anew stays behind, so do hidden folders (of version control and downloads) and
/// symbolic links that would bring in something else than the model's. A GGUF file stands for itself, whatever lies
/// beside it.
std::vector<std::pair<fs::path, std::string>> companions(const checkpoint::Checkpoint& source)
{
    if (source.gguf() != nullptr)
        return {};
    const fs::path& folder = source.folder();
    static const std::set<std::string> ours = {"config.json", "SHA256SUMS"};
    std::vector<std::pair<fs::path, std::string>> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error); at != fs::recursive_directory_iterator();
         at.increment(error)) {
        const fs::path relative = at->path().lexically_relative(folder);
        const bool top = at.depth() == 0;
        if (at->is_directory(error)) {
            if (relative.filename().string().starts_with('.'))
                at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file(error) || (top && ours.contains(relative.string())) || holdsWeights(relative) ||
            !checkpoint::checkStaysInside(folder, relative.string()))
            continue;
        files.emplace_back(at->path(), top ? nameInBundle(relative.string()) : relative.string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

PreflightCheck targetCheck(const ExportRequest& request)
{
    PreflightCheck check{"target folder", true, true, "does not exist yet", ErrorCode::BadInput};
    std::error_code error;
    if (!fs::exists(fs::symlink_status(request.out, error)))
        return check;
    check.ok = fs::is_directory(request.out, error) && fs::is_empty(request.out, error);
    check.detail = check.ok ? "exists and is empty" : "is there already and is not an empty folder";
    check.remedy = "Choose a new or empty folder";
    return check;
}

PreflightCheck diskCheck(const model::OpenModel& model, const ExportRequest& request, std::uint64_t tensorBytes)
{
    std::uint64_t need = tensorBytes + (std::uint64_t{1} << 20U); // headers and papers
    std::error_code error;
    for (const auto& [path, name] : companions(model.checkpoint))
        need += fs::file_size(path, error);
    const auto place = fs::absolute(request.out, error);
    const auto space = base::freeDiskSpace(place);
    if (!space)
        return {"disk space", false, true, space.error().text(), space.error().code};
    const bool ok = space.value().value() >= need;
    return {
        "disk space",
        ok,
        true,
        fmt::format("needs {}, {} are free", base::formatByteSize(ByteSize(need)), base::formatByteSize(space.value())),
        ErrorCode::NoResources,
        "Free space or choose a place on another disk"};
}

PreflightCheck countsCheck(const model::OpenModel& model, const ExportRequest& request)
{
    const plan::Plan& plan = request.plan;
    PreflightCheck check{"experts per layer", true, true, {}, ErrorCode::BadInput};
    const auto active = plan.activeExperts(model.summary);
    std::size_t low = SIZE_MAX, high = 0;
    for (const auto& layer : plan.layers) {
        low = std::min(low, layer.keep.size());
        high = std::max(high, layer.keep.size());
    }
    if (plan.layers.size() != model.summary.moeLayers.size() || plan.layers.empty()) {
        check.ok = false;
        check.detail = fmt::format("the plan has {} layers, the model {} with experts", plan.layers.size(),
                                   model.summary.moeLayers.size());
    } else if (plan.mixes() && request.merge == nullptr) {
        check.ok = false;
        check.detail = "the plan mixes experts, which a cut of the model cannot hold";
        check.remedy =
            "Write it with `espalier merge MODEL --plan PLAN`, or export the plan NAME-stock that the search "
            "saved beside it";
    } else if (low != high) {
        check.ok = false;
        check.detail = fmt::format(
            "the plan keeps {} to {} experts, but the configuration has one count for all layers", low, high);
        check.remedy = "Make the plan with --allocate uniform";
    } else if (active == 0 || (active != model.summary.topK && model.spec.topKKeys.empty())) {
        check.ok = false;
        check.detail = active == 0 ? "the plan gives tokens different numbers of experts in different layers, but the "
                                     "configuration has one number for all"
                                   : "this architecture's router always chooses the same number of experts";
        check.remedy = "Make the plan without --top-k, or with one for all layers";
    } else if (low < static_cast<std::size_t>(active)) {
        check.ok = false;
        check.detail = fmt::format("{} experts are kept but every token needs {}", low, active);
    } else if (const auto problem = plan::groupProblem(model.summary, plan.layers)) {
        check.ok = false;
        check.detail = *problem;
    } else {
        check.detail = fmt::format("{} in every layer, top-{}", low, active);
    }
    return check;
}

} // namespace

base::OrderedJson ExportReport::toJson() const
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& file : files)
        list.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    return {{"directory", directory.string()},      {"files", list},        {"bytes", bytes},
            {"predicted_bytes", predictedBytes},    {"verified", verified}, {"seconds", seconds},
            {"seconds_verifying", secondsVerifying}};
}

std::vector<PreflightCheck> preflight(const model::OpenModel& model, const ExportRequest& request)
{
    std::vector<PreflightCheck> checks{targetCheck(request), countsCheck(model, request)};
    if (request.merge != nullptr)
        if (const auto mergeable = checkMergeable(model); !mergeable)
            checks.push_back(
                {"merging", false, true, mergeable.error().message, mergeable.error().code, mergeable.error().remedy});
    if (!request.plan.fingerprint.empty() && request.plan.fingerprint != model.summary.fingerprint)
        checks.push_back({"plan and model", false, true,
                          fmt::format("the plan belongs to model {}, this is {}", request.plan.fingerprint,
                                      model.summary.fingerprint),
                          ErrorCode::BadInput, "Make a plan from a study of this model"});
    std::uint64_t bytes = 0;
    if (checks[1].ok)
        if (const auto slices = sliceTensors(model, request.plan, request.dropMtp))
            for (const auto& slice : slices.value())
                bytes += slice.out.bytes;
    checks.push_back(diskCheck(model, request, bytes));
    return checks;
}

Result<ExportReport> exportBundle(const model::OpenModel& model, const ExportRequest& request,
                                  const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& check : preflight(model, request))
        if (!check.ok && check.blocking)
            return Error{check.code, check.detail, request.out.string(), check.name, check.remedy};
    ESPALIER_TRY(auto slices, sliceTensors(model, request.plan, request.dropMtp));
    ExportReport report;
    report.directory = request.out;
    for (const auto& slice : slices)
        report.bytes += slice.out.bytes;
    const plan::Prediction& predicted = request.plan.predicted;
    // A plan written by hand predicts nothing; the same arithmetic answers for it.
    report.predictedBytes = predicted.bytes.total() > 0
                                ? predicted.bytes.total()
                                : plan::predictBytes(model.summary, request.plan.layers).total();
    if (request.dropMtp) { // plans keep those blocks
        ESPALIER_TRY(const auto all, sliceTensors(model, request.plan));
        for (const auto& slice : all)
            report.predictedBytes -= model.spec.uses[slice.source].mtp ? slice.out.bytes : 0;
    }
    if (report.predictedBytes != report.bytes)
        return Error{ErrorCode::BadInput,
                     fmt::format("the plan predicts {} bytes, the cut has {}", report.predictedBytes, report.bytes),
                     request.plan.name,
                     {},
                     "The plan was edited after it was made; make it again"};
    ESPALIER_TRY(auto folder, base::AtomicDirectory::create(request.out));
    DiskSyncs syncs; // the disk works while the next file is written and the folder verified
    const bool gguf = model.checkpoint.gguf() != nullptr;
    if (gguf) {
        ESPALIER_TRY(auto file, writeGguf(model, request.plan, slices, request.dropMtp, folder.path(), job, &syncs));
        report.files.push_back(std::move(file));
    } else {
        std::optional<MergedTensors> merged;
        if (request.merge != nullptr)
            merged.emplace(model, *request.merge);
        ESPALIER_TRY(report.files, writeTensors(model, std::move(slices), folder.path(), request.shardBytes, job,
                                                &syncs, merged ? &*merged : nullptr));
    }
    const auto text = [&](const std::string& name, const std::string& content) -> Result<void> {
        ESPALIER_TRY(auto file, writeText(folder.path(), name, content));
        report.files.push_back(std::move(file));
        return {};
    };
    if (!gguf) {
        ESPALIER_TRY(const auto config, patchedConfig(model, request.plan, request.dropMtp));
        ESPALIER_CHECK(text("config.json", config.dump(2) + "\n"));
    }
    ESPALIER_CHECK(text("recipe.json", recipe(model, request).dump(2) + "\n"));
    if (request.plan.skips())
        ESPALIER_CHECK(text("skipping.json", skipRule(request.plan).dump(2) + "\n"));
    ESPALIER_CHECK(text("README.md", modelCard(model, request)));
    for (const auto& [path, name] : companions(model.checkpoint)) {
        ESPALIER_TRY(auto file, copyFile(path, folder.path(), name));
        report.files.push_back(std::move(file));
    }
    ESPALIER_CHECK(text("SHA256SUMS", checksums(report.files)));
    const auto written = std::chrono::steady_clock::now();
    if (request.verify)
        ESPALIER_CHECK(request.verify(folder.path()));
    report.secondsVerifying = std::chrono::duration<double>(std::chrono::steady_clock::now() - written).count();
    ESPALIER_CHECK(waitFor(syncs));
    if (job.stopRequested())
        return cancelledError();
    ESPALIER_CHECK(folder.commit());
    report.verified = static_cast<bool>(request.verify);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

} // namespace espalier::bundle
