// SPDX-License-Identifier: Apache-2.0
// Gate files of `validate --gate`.
#include "core/engine/validate_job.h"
#include "tests/fuzz/fuzz_target.h"

using namespace espalier;

std::vector<std::string> fuzz::fuzzSeeds()
{
    return {R"({"schema": "espalier.gate/1", "domains": {"law": {"kl_mean_max": 0.1, "perplexity_ratio_max": 1.05},
                "*": {"top1_agreement_min": 0.8, "kl_p99_max": 3}}, "tasks": {"*": {"accuracy_drop_max": 0.02}}})",
            R"({"schema": "espalier.gate/1", "tasks": {"sum": {"accuracy_min": 0.5, "p_value_min": 0.01}}})"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const engine::ValidateReport report = [] {
        engine::PlanOutcome plan;
        plan.name = "half";
        plan.domains["law"] = {100, 2.1, 2.0, 0.04, 0.5, 0.95, 1.01, 1.09};
        plan.tasks["sum"] = {};
        engine::ValidateReport made;
        made.plans.push_back(plan);
        return made;
    }();
    const auto gate = base::parseJson(fuzz::viewOf(data, size), "gate.json");
    if (!gate)
        return fuzz::refused(gate.error());
    const auto broken = engine::applyGate(*gate, "gate.json", report);
    return broken ? 0 : fuzz::refused(broken.error());
}
