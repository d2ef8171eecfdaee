// SPDX-License-Identifier: Apache-2.0
// The planner: target + scores + allocator + protectors + locks -> Plan, deterministic, nested (a smaller plan of the
// same request keeps a subset of a larger one), in one frame for 94 x 512 x 12. A Planner belongs to one thread.
#pragma once

#include "core/base/result.h"
#include "core/method/allocate.h"
#include "core/method/score.h"
#include "core/plan/memory_model.h"
#include "core/plan/plan.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace espalier::plan {

/// Exactly one of them is set.
struct Target {
    std::optional<std::int32_t> keepPerLayer;
    std::optional<double> ratio;                       ///< removed share, 0 <= R < 1: kept = E - floor(E R)
    std::optional<std::uint64_t> budget;               ///< bytes of device memory, compared with predicted.memory.total
    std::optional<std::vector<std::int32_t>> perLayer; ///< counts by hand, one per MoE layer
    bool operator==(const Target&) const = default;
};

struct PlanRequest {
    std::string name;
    method::ScoreRequest score;
    Target target;
    std::string allocator = "uniform";
    std::vector<std::string> protectors; ///< as chooseProtector() reads them
    std::vector<method::Lock> locks;
    /// For stock engines: layers with fewer experts than the fullest are filled with their next best.
    bool oneCount = false;
    /// Experts per token of the cut model, fewer than the model's own (PreMoe's 4/64); empty = the model's own.
    std::optional<std::int32_t> topK;
    /// Instead of topK: a mean over the layers, which get as many as lose least (method::allocateActive).
    std::optional<double> meanTopK;
    /// Share of tokens, 0 … 1, that leave out each of their experts behind the first (method::skipThresholds).
    std::optional<double> skip;
    Deployment deployment;
    bool operator==(const PlanRequest&) const = default;
};

/// Largest uniform count per layer whose predicted memory fits `budget`; NoResources when even the smallest legal count
/// (top-k, rounded up for grouped routers) does not fit, naming need and have. A budget larger than the model gives E.
[[nodiscard]] Result<std::int32_t> largestCountThatFits(const model::ModelSummary& model, std::uint64_t budget,
                                                        const Deployment& deployment);

/// Legal uniform count at or above `wanted` (at least top-k, equal per router group).
[[nodiscard]] std::int32_t legalCount(const model::ModelSummary& model, std::int32_t wanted);

class Planner {
public:
    Planner(model::ModelSummary model, std::shared_ptr<const stats::Statistics> statistics);
    ~Planner();
    Planner(Planner&&) noexcept;
    Planner& operator=(Planner&&) noexcept;

    /// Usage errors for impossible targets, unknown ids; BadInput for statistics that do not fit; see
    /// largestCountThatFits. Score tables are kept between calls, so moving a slider costs allocation and prediction
    /// only.
    [[nodiscard]] Result<Plan> make(const PlanRequest& request);
    /// The scores the request ranks by (kept between calls).
    [[nodiscard]] Result<std::shared_ptr<const method::ScoreTable>> scores(const method::ScoreRequest& request);
    [[nodiscard]] const model::ModelSummary& model() const;
    [[nodiscard]] const stats::Statistics& statistics() const;
    /// Recomputes predictions of a plan whose keep lists were edited by hand.
    void predict(Plan& plan, const Deployment& deployment) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace espalier::plan
