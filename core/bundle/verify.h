// SPDX-License-Identifier: Apache-2.0
// Verification: reopens a bundle from disk and checks every rule stock engines need, stricter than they do themselves.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/model/model_summary.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier::bundle {

struct VerifyCheck {
    std::string name;
    bool ok = false;
    std::string detail;
};
struct VerifyReport {
    std::vector<VerifyCheck> checks;
    std::optional<double> maxAbsLogitDifference; ///< with --against
    [[nodiscard]] bool ok() const;
    [[nodiscard]] base::OrderedJson toJson() const;
};

/// Largest accepted |logit difference| between the bundle and the masked base, float32 compute.
inline constexpr double kLogitTolerance = 1e-5;

/// Structure only: SHA256SUMS covers every other file and matches, headers, index, names 0..E'-1 in every layer,
/// shapes, router rows, config aliases, k <= E', no stray weights, recipe. BadInput when `folder` is no bundle at all.
[[nodiscard]] Result<VerifyReport> verifyBundle(const std::filesystem::path& folder, const base::JobContext& job);

/// The same and: tensors equal the slices of `against` byte for byte, and logits of both on `prompts` fixed sequences
/// agree within kLogitTolerance (needs the engine). Of a merged model: tensors equal the averages of the recipe's
/// groups byte for byte, and its logits are finite; of a model of sums (EEP): its logits equal those of the plan that
/// mixes the source's experts where every router mapping is exact, else the difference is said.
[[nodiscard]] Result<VerifyReport> verifyBundleAgainst(const std::filesystem::path& folder,
                                                       const model::OpenModel& against,
                                                       const engine::EngineOptions& options,
                                                       const base::JobContext& job);

} // namespace espalier::bundle
