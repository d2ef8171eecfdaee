// SPDX-License-Identifier: Apache-2.0
#include "core/plan/comparison.h"

#include "core/base/byte_size.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace espalier::plan {
namespace {

Result<void> checkNames(const std::vector<std::string>& names, std::string_view what)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
            names.begin() + static_cast<std::ptrdiff_t>(i))
            return usageError(fmt::format("{} '{}' is named twice", what, names[i]));
    return {};
}

} // namespace

std::string targetName(const Target& target)
{
    if (target.keepPerLayer)
        return fmt::format("keep {}", *target.keepPerLayer);
    if (target.ratio)
        return fmt::format("remove {:g} %", 100 * *target.ratio);
    if (target.budget)
        return base::formatByteSize(ByteSize(*target.budget));
    return "counts by hand";
}

Result<std::vector<ComparisonPlan>> comparisonPlans(Planner& planner, const ComparisonRequest& request)
{
    if (request.methods.empty() || request.targets.empty())
        return usageError("a comparison needs at least one method and one size",
                          "For example --method reap-sum,frequency --ratio 0.25,0.5");
    ESPALIER_CHECK(checkNames(request.methods, "method"));
    ESPALIER_CHECK(checkNames(request.allocators, "allocator"));
    auto allocators = request.allocators;
    const bool asked = std::find(allocators.begin(), allocators.end(), "uniform") != allocators.end();
    if (!asked)
        allocators.insert(allocators.begin(), "uniform");
    auto sets = request.domainSets;
    if (sets.empty()) {
        auto& only = sets.emplace_back();
        for (const auto& domain : request.common.score.domains)
            only.push_back(domain.name);
    }
    std::vector<std::string> setNames;
    for (const auto& set : sets)
        setNames.push_back(set.empty() ? "all domains" : fmt::format("{}", fmt::join(set, "+")));
    ESPALIER_CHECK(checkNames(setNames, "set of domains"));
    std::vector<ComparisonPlan> plans;
    const auto add = [&](PlanRequest one, std::size_t target, const std::string& by,
                         Baseline baseline) -> Result<void> {
        one.target = request.targets[target];
        one.name += ", " + targetName(one.target);
        auto plan = planner.make(one);
        if (!plan) {
            Error error = plan.error();
            error.message = one.name + ": " + error.message;
            return error;
        }
        plans.push_back({std::move(*plan), target, by, baseline});
        return {};
    };
    for (std::size_t t = 0; t < request.targets.size(); ++t) {
        for (const auto& method : request.methods)
            for (const auto& allocator : allocators)
                for (std::size_t s = 0; s < sets.size(); ++s) {
                    PlanRequest one = request.common;
                    one.score.method = method;
                    one.allocator = allocator;
                    one.name = allocator == "uniform" ? method : method + ", " + allocator;
                    if (!request.domainSets.empty()) {
                        one.score.domains.clear();
                        for (const auto& domain : sets[s])
                            one.score.domains.push_back({domain, 1.0});
                        one.name += " by " + setNames[s];
                    }
                    ESPALIER_CHECK(add(one, t, setNames[s],
                                       allocator == "uniform" && !asked ? Baseline::Uniform : Baseline::None));
                }
        for (std::int32_t seed = 1; seed <= request.randomSeeds; ++seed) {
            PlanRequest one = request.common;
            one.score.method = "random";
            one.score.seed = static_cast<std::uint64_t>(seed);
            one.allocator = "uniform";
            one.name = fmt::format("random {}", seed);
            ESPALIER_CHECK(add(one, t, {}, Baseline::Random));
        }
    }
    return plans;
}

} // namespace espalier::plan
