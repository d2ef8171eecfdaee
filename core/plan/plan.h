// SPDX-License-Identifier: Apache-2.0
// A plan: which experts stay, per MoE layer, with its provenance and what it is predicted to need. JSON schema
// espalier.plan/1. A hand-written plan needs only schema and layers[].layer, keep.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/method/allocate.h"
#include "core/method/mixing.h"
#include "core/model/model_summary.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace espalier::plan {

struct PlanLayer {
    LayerIndex layer;
    std::vector<std::int32_t> keep;  ///< ascending ids
    std::vector<std::int32_t> order; ///< all ids, best first; may be empty in hand-written plans
    std::int32_t topK = 0;           ///< experts per token, 0 = as many as the model's router takes; never more
    /// The kept places hold weighted sums of the layer's experts, row j in place of keep[j]; null: they are as they
    /// were.
    std::shared_ptr<const method::ExpertMixing> mixing{};
    /// Dynamic skipping (method/allocate/skipping.h): of a token's choices sorted by weight, the (j + 2)-th and those
    /// behind it are left out when its weight is below skip[j] times the largest, j = 0 … k - 2, k = experts per token
    /// of this layer. Empty: every token gets all its experts.
    std::vector<double> skip{};
    bool operator==(const PlanLayer& other) const;
};

struct PredictedMemory {
    std::uint64_t weights = 0, kvCache = 0, workspace = 0;
    [[nodiscard]] std::uint64_t total() const { return weights + kvCache + workspace; }
    bool operator==(const PredictedMemory&) const = default;
};
struct Prediction {
    model::BytesByPart bytes;
    PredictedMemory memory;
    std::map<std::string, double> massKept;      ///< domain -> share of routed gate mass kept, 0 … 1; absent: unknown
    std::map<std::string, double> massKeptWorst; ///< domain -> the same in its worst layer
    bool operator==(const Prediction&) const = default;
};

struct Plan {
    std::string name;
    std::string fingerprint; ///< empty = not checked
    std::string family;
    std::string method, allocator;
    std::vector<std::string> protectors;
    std::vector<std::string> domains;
    std::vector<method::Lock> locks;
    std::vector<PlanLayer> layers; ///< ascending, every MoE layer
    Prediction predicted;
    base::OrderedJson settings; ///< what was asked for (target, context, sequences, seed …), kept as it came

    [[nodiscard]] bool uniform() const; ///< same count in every layer
    /// Experts per token where it is the same in every layer, the model's own number included; 0 when it differs.
    [[nodiscard]] std::int32_t activeExperts(const model::ModelSummary& model) const;
    [[nodiscard]] std::int64_t keptTotal() const;
    [[nodiscard]] bool mixes() const; ///< some layer mixes experts
    [[nodiscard]] bool skips() const; ///< some layer leaves experts out token by token
    [[nodiscard]] base::OrderedJson toJson() const;
    /// Reads and checks against `model`: BadInput for another fingerprint, missing or extra layers, unsorted, duplicate
    /// or out-of-range ids, fewer than top-k.
    [[nodiscard]] static Result<Plan> fromJson(const base::OrderedJson& json, const std::string& file,
                                               const model::ModelSummary& model);
    [[nodiscard]] static Result<Plan> read(const std::filesystem::path& path, const model::ModelSummary& model);
    [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;
    /// The plan that keeps everything.
    [[nodiscard]] static Plan keepAll(const model::ModelSummary& model);
};

/// Where a router chooses groups of experts first, all groups must keep the same number, at least two where a group is
/// worth its two best, and enough that the chosen groups hold top-k. The reason and the nearest legal counts, or
/// nothing.
[[nodiscard]] std::optional<std::string> groupProblem(const model::ModelSummary& model,
                                                      const std::vector<PlanLayer>& layers);

} // namespace espalier::plan
