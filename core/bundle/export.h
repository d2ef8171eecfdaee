// SPDX-License-Identifier: Apache-2.0
// Export: checkpoint + plan -> a folder that stock engines load. Tensors are copied or sliced byte for byte in their
// stored dtype and layout; experts are renumbered 0 … E'-1 in ascending original order; only the keys that must change
// do. Written to a temporary sibling of the target, verified there, then renamed: the target is complete or absent.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/method/merge/merge_map.h"
#include "core/model/model_summary.h"
#include "core/plan/plan.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace espalier::bundle {

struct BundleFile {
    std::string name;
    std::uint64_t bytes = 0;
    std::string sha256;
};

struct ExportRequest {
    plan::Plan plan;
    std::filesystem::path out;
    /// Experts become one instead of going: `plan` is then the one that keeps those that stand for groups, or the one
    /// that mixes experts whose sums the map holds, and the map has passed checkMerge(). Must outlive the call.
    const method::MergeMap* merge = nullptr;
    bool dropMtp = false; ///< leave out blocks that predict further tokens; else their experts are cut along
    std::uint64_t shardBytes = 5ULL * 1000 * 1000 * 1000; ///< a tensor is never split
    base::OrderedJson validation; ///< validate --json document for the model card's table; may be null
    std::string command;          ///< how it was made, for recipe.json
    base::OrderedJson data;       ///< domain -> {tokens, sha256} of the calibration, from the study; may be null
    /// Called on the complete temporary folder before the rename; an error removes it. Used for the logits check.
    std::function<Result<void>(const std::filesystem::path& folder)> verify;
};

struct ExportReport {
    std::filesystem::path directory;
    std::vector<BundleFile> files;
    std::uint64_t bytes = 0;          ///< sum of tensor bytes
    std::uint64_t predictedBytes = 0; ///< plan.predicted.bytes.total
    bool verified = false;
    double seconds = 0;          ///< all of it
    double secondsVerifying = 0; ///< of those
    [[nodiscard]] base::OrderedJson toJson() const;
};

/// Things to know before writing, each passed or failed with its reason: target empty, disk space, uniform counts,
/// rules of stock engines. `blocking` ones stop exportBundle with the error code in `code`.
struct PreflightCheck {
    std::string name;
    bool ok = false;
    bool blocking = true;
    std::string detail;
    ErrorCode code = ErrorCode::BadInput;
    std::string remedy{}; ///< of a failed one
};
[[nodiscard]] std::vector<PreflightCheck> preflight(const model::OpenModel& model, const ExportRequest& request);

[[nodiscard]] Result<ExportReport> exportBundle(const model::OpenModel& model, const ExportRequest& request,
                                                const base::JobContext& job);

} // namespace espalier::bundle
