// SPDX-License-Identifier: Apache-2.0
// A gate file read strictly (a misspelt limit must not pass silently) and held against every plan of a report, the
// random controls excepted: they are there to fail.
#include "core/engine/validate_job.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace espalier::engine {
namespace {

constexpr std::string_view kSchema = "espalier.gate/1";

template <typename Measured>
struct Limit {
    std::string_view key;
    std::string_view meaning;
    bool atMost;
    double (*value)(const Measured&);
};

constexpr std::array<Limit<DomainComparison>, 4> kDomainLimits{{
    {"perplexity_ratio_max", "perplexity over the base's", true,
     [](const DomainComparison& d) { return d.perplexity / d.perplexityBase; }},
    {"kl_mean_max", "mean KL", true, [](const DomainComparison& d) { return d.klMean; }},
    {"kl_p99_max", "99th percentile of KL", true, [](const DomainComparison& d) { return d.klP99; }},
    {"top1_agreement_min", "top-1 agreement", false, [](const DomainComparison& d) { return d.top1Agreement; }},
}};
constexpr std::array<Limit<TaskOutcome>, 3> kTaskLimits{{
    {"accuracy_min", "exact match", false, [](const TaskOutcome& t) { return t.accuracy; }},
    {"accuracy_drop_max", "drop of exact match", true,
     [](const TaskOutcome& t) { return t.accuracyBase - t.accuracy; }},
    {"p_value_min", "p-value of the change", false, [](const TaskOutcome& t) { return t.pValue; }},
}};

template <typename Limits>
std::string known(const Limits& limits)
{
    std::string names;
    for (const auto& limit : limits)
        names += (names.empty() ? "" : ", ") + std::string(limit.key);
    return names;
}

/// One section of the gate against the same-named map of every plan.
template <typename Measured, std::size_t N>
Result<void> applySection(const base::OrderedJson& section, const std::string& name, const std::string& file,
                          const std::array<Limit<Measured>, N>& limits, const ValidateReport& report,
                          std::map<std::string, Measured> PlanOutcome::*results, std::vector<std::string>& broken)
{
    if (!section.is_object())
        return badInput("expected an object of limits by name", file, "key " + name);
    std::set<std::string> measured, held;
    for (const auto& plan : report.plans)
        for (const auto& entry : plan.*results)
            measured.insert(entry.first);
    const auto hold = [&](const std::string& what, const base::OrderedJson& limitsOfName) {
        for (const auto& plan : report.plans) {
            const auto found = (plan.*results).find(what);
            if (plan.control || found == (plan.*results).end())
                continue;
            for (const auto& limit : limits) {
                if (!limitsOfName.contains(std::string(limit.key)))
                    continue;
                const double bound = limitsOfName[std::string(limit.key)].template get<double>();
                const double value = limit.value(found->second);
                if (limit.atMost ? value <= bound : value >= bound)
                    continue; // NaN breaks every limit
                broken.push_back(fmt::format("plan {}, {}: {} is {:.4g}, {} {:.4g} is allowed", plan.name, what,
                                             limit.meaning, value, limit.atMost ? "at most" : "at least", bound));
            }
        }
    };
    for (const auto& [what, limitsOfName] : section.items()) {
        const std::string place = fmt::format("key {}.{}", name, what);
        if (!limitsOfName.is_object())
            return badInput("expected an object of limits", file, place);
        for (const auto& [key, value] : limitsOfName.items()) {
            if (std::none_of(limits.begin(), limits.end(),
                             [&, &wanted = key](const auto& limit) { return limit.key == wanted; }))
                return badInput(fmt::format("unknown limit {}", key), file, place, "Known are " + known(limits));
            if (!value.is_number() || !std::isfinite(value.template get<double>()))
                return badInput(fmt::format("the limit {} must be a number", key), file, place);
        }
        if (what == "*")
            continue;
        if (!measured.contains(what))
            return badInput(fmt::format("{} was not measured", what), file, place,
                            "Validate on it too, or take it out of the gate");
        held.insert(what);
        hold(what, limitsOfName);
    }
    if (section.contains("*")) // names without limits of their own
        for (const auto& what : measured)
            if (!held.contains(what))
                hold(what, section["*"]);
    return {};
}

} // namespace

Result<std::vector<std::string>> applyGate(const base::OrderedJson& gate, const std::string& file,
                                           const ValidateReport& report)
{
    if (!gate.is_object() || !gate.contains("schema") || gate["schema"] != kSchema)
        return badInput(fmt::format("not a gate: the key schema must be \"{}\"", kSchema), file, "key schema");
    std::vector<std::string> broken;
    for (const auto& [key, value] : gate.items()) {
        if (key == "schema")
            continue;
        if (key == "domains")
            ESPALIER_CHECK(applySection(value, key, file, kDomainLimits, report, &PlanOutcome::domains, broken));
        else if (key == "tasks")
            ESPALIER_CHECK(applySection(value, key, file, kTaskLimits, report, &PlanOutcome::tasks, broken));
        else
            return badInput(fmt::format("unknown key {}", key), file, {}, "Known are schema, domains, tasks");
    }
    return broken;
}

} // namespace espalier::engine
