// SPDX-License-Identifier: Apache-2.0
// The checks against the source model: same bytes, same logits as the masked base.
#include "core/bundle/carve_verify.h"
#include "core/bundle/gguf_writer.h"
#include "core/bundle/merged_tensors.h"
#include "core/bundle/tensor_slices.h"
#include "core/bundle/verify.h"
#include "core/bundle/verify_logits.h"
#include "core/engine/mixture_job.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace espalier::bundle {
namespace {

Result<VerifyCheck> compareBytes(const model::OpenModel& bundle, const model::OpenModel& source, const plan::Plan& plan,
                                 bool mtpDropped, MergedTensors* merged, const base::JobContext& job)
{
    ESPALIER_TRY(const auto slices, sliceTensors(source, plan, mtpDropped));
    if (slices.size() != bundle.checkpoint.tensors().size())
        return VerifyCheck{
            "bytes equal the source", false,
            fmt::format("{} tensors, the plan leads to {}", bundle.checkpoint.tensors().size(), slices.size())};
    checkpoint::TensorReader ours(bundle.checkpoint), theirs(source.checkpoint);
    std::vector<std::byte> gathered;
    std::uint64_t done = 0;
    for (const auto& slice : slices) {
        if (job.stopRequested())
            return cancelledError();
        const auto* tensor = bundle.checkpoint.find(slice.out.name);
        if (tensor == nullptr || tensor->dtype != slice.out.dtype || tensor->shape != slice.out.shape)
            return VerifyCheck{"bytes equal the source", false,
                               fmt::format("'{}' is missing or has another type or shape", slice.out.name)};
        ESPALIER_TRY(const auto written, ours.bytes(*tensor));
        const bool made = merged != nullptr && merged->changes(slice);
        ESPALIER_TRY(auto expected,
                     made ? merged->make(slice) : theirs.bytes(source.checkpoint.tensors()[slice.source]));
        if (slice.out.bytes != expected.size()) {
            gather(slice, expected, gathered);
            expected = gathered;
        }
        if (written.size() != expected.size() || std::memcmp(written.data(), expected.data(), written.size()) != 0)
            return VerifyCheck{"bytes equal the source", false, fmt::format("'{}' differs", slice.out.name)};
        done += written.size();
        job.report({"comparing bytes", static_cast<double>(done), static_cast<double>(bundle.checkpoint.tensorBytes()),
                    "bytes"});
    }
    return VerifyCheck{"bytes equal the source", true, fmt::format("{} tensors, {} bytes", slices.size(), done)};
}

/// A GGUF file's metadata and tensor table: what the plan makes of the source's, byte for byte.
Result<VerifyCheck> compareHead(const model::OpenModel& bundle, const model::OpenModel& source, const plan::Plan& plan,
                                bool mtpDropped)
{
    const char* name = "metadata equal the source";
    ESPALIER_TRY(const auto slices, sliceTensors(source, plan, mtpDropped));
    ESPALIER_TRY(const std::string expected, ggufHead(source, plan, slices, mtpDropped));
    std::ifstream file(bundle.checkpoint.path(), std::ios::binary);
    std::string actual(expected.size(), '\0');
    file.read(actual.data(), static_cast<std::streamsize>(actual.size()));
    if (!file || actual != expected)
        return VerifyCheck{name, false, "a key or the table of tensors differs from what the plan leads to"};
    return VerifyCheck{
        name, true, fmt::format("{} keys, the number of experts changed", bundle.checkpoint.gguf()->entries().size())};
}

/// The groups in a recipe, fit for the source.
Result<method::MergeMap> mergeOf(const base::OrderedJson& recipe, const model::OpenModel& source)
{
    ESPALIER_CHECK(checkMergeable(source));
    ESPALIER_TRY(auto map, method::mergeMapFromJson(recipe["merge"], "recipe.json"));
    for (const auto& layer : map.layers)
        ESPALIER_CHECK(method::checkMerge(layer, source.spec.experts, source.spec.expertWidth, "recipe.json"));
    return map;
}

/// A model of sums beside the plan that mixes the source's experts: equal where all router mappings are exact; else the
/// difference is said.
Result<void> checkMixture(const model::OpenModel& bundle, const model::OpenModel& source, const plan::Plan& plan,
                          const method::MergeMap& map, const engine::EngineOptions& options, VerifyReport& report,
                          const base::JobContext& job)
{
    ESPALIER_TRY(const auto written, verifyLogits(bundle, nullptr, options, job));
    ESPALIER_TRY(const auto mixed, verifyLogits(source, &plan, options, job));
    const double difference = largestDifference(written, mixed);
    report.maxAbsLogitDifference = difference;
    const bool exact = std::none_of(map.layers.begin(), map.layers.end(), [](const auto& l) { return l.fit; });
    const std::string detail = fmt::format("largest difference {:.2g}", difference);
    if (exact)
        report.checks.push_back(
            {"logits equal the mixed base", difference <= kLogitTolerance,
             fmt::format("{}, limit {:.0e}, {}", detail, kLogitTolerance, verifyTexts(bundle.spec))});
    else
        report.checks.push_back({"logits are numbers", std::isfinite(difference),
                                 fmt::format("{} from the mixed base, whose router mapping was fitted, {}", detail,
                                             verifyTexts(bundle.spec))});
    return {};
}

/// No mask says what a merged model computes; that it computes can be seen.
Result<void> checkNumbers(const model::OpenModel& bundle, const engine::EngineOptions& options, VerifyReport& report,
                          const base::JobContext& job)
{
    ESPALIER_TRY(const auto logits, verifyLogits(bundle, nullptr, options, job));
    const bool finite = std::all_of(logits.begin(), logits.end(), [](float value) { return std::isfinite(value); });
    report.checks.push_back({"logits are numbers", finite, verifyTexts(bundle.spec)});
    return {};
}

} // namespace

Result<VerifyReport> verifyBundleAgainst(const std::filesystem::path& folder, const model::OpenModel& against,
                                         const engine::EngineOptions& options, const base::JobContext& job)
{
    ESPALIER_TRY(auto report, verifyBundle(folder, job));
    if (!report.ok())
        return report;
    ESPALIER_TRY(const auto bundle, model::openModel(folder));
    ESPALIER_TRY(const auto recipe, base::readJsonFile(folder / "recipe.json", ByteSize(std::uint64_t{1} << 30U)));
    if (recipe.contains("carve")) {
        ESPALIER_CHECK(verifyCarvedAgainst(folder, against, recipe, options, report, job));
        return report;
    }
    // verifyBundle() made sure that there is a plan.
    auto plan = plan::Plan::fromJson(recipe["plan"], (folder / "recipe.json").string(), against.summary);
    if (!plan) {
        report.checks.push_back({"plan of the source model", false, plan.error().text()});
        return report;
    }
    for (auto& layer : plan.value().layers)
        layer.skip.clear(); // a rule for servers; the files, and our engine on them, know nothing of it
    const bool merges = recipe.contains("merge");
    method::MergeMap map;
    if (merges) {
        auto read = mergeOf(recipe, against);
        if (!read) {
            report.checks.push_back({"groups of the source model", false, read.error().text()});
            return report;
        }
        map = std::move(read).value();
        if (plan.value().mixes() && !engine::isMixtureOf(map, against, plan.value())) {
            report.checks.push_back({"groups of the source model", false, "they are not what the plan mixes"});
            return report;
        }
    }
    MergedTensors merged(against, map);
    ESPALIER_TRY(auto bytes,
                 compareBytes(bundle, against, plan.value(), recipe.value("mtp", base::OrderedJson()) == "dropped",
                              merges ? &merged : nullptr, job));
    report.checks.push_back(std::move(bytes));
    if (merges) {
        if (report.ok() && plan.value().mixes())
            ESPALIER_CHECK(checkMixture(bundle, against, plan.value(), map, options, report, job));
        else if (report.ok())
            ESPALIER_CHECK(checkNumbers(bundle, options, report, job));
        return report;
    }
    if (bundle.checkpoint.gguf() != nullptr && against.checkpoint.gguf() != nullptr) {
        ESPALIER_TRY(auto head, compareHead(bundle, against, plan.value(), recipe.value("mtp", "kept") == "dropped"));
        report.checks.push_back(std::move(head));
    }
    if (!report.ok())
        return report;
    if (const auto computable = engine::checkComputable(bundle); !computable) {
        report.checks.push_back({"logits", true, "not compared: " + computable.error().message});
        return report;
    }
    ESPALIER_TRY(const auto cut, verifyLogits(bundle, nullptr, options, job));
    ESPALIER_TRY(const auto masked, verifyLogits(against, &plan.value(), options, job));
    const double difference = largestDifference(cut, masked);
    report.maxAbsLogitDifference = difference;
    report.checks.push_back({"logits equal the masked base", difference <= kLogitTolerance,
                             fmt::format("largest difference {:.2g}, limit {:.0e}, {}", difference, kLogitTolerance,
                                         verifyTexts(bundle.spec))});
    return report;
}

} // namespace espalier::bundle
