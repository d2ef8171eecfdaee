// SPDX-License-Identifier: Apache-2.0
#include "core/engine/gate.h"

#include "core/engine/validate_job.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <set>

namespace espalier::engine {
namespace {

using base::OrderedJson;

constexpr std::array<GateLimit, 7> kLimits{{
    {"domains", "perplexity_ratio_max", "perplexity over the base's", true},
    {"domains", "kl_mean_max", "mean KL", true},
    {"domains", "kl_p99_max", "99th percentile of KL", true},
    {"domains", "top1_agreement_min", "top-1 agreement", false},
    {"tasks", "accuracy_min", "exact match", false},
    {"tasks", "accuracy_drop_max", "drop of exact match", true},
    {"tasks", "p_value_min", "p-value of the change", false},
}};

double number(const OrderedJson& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_number() ? found->get<double>()
                                                       : std::numeric_limits<double>::quiet_NaN();
}

const OrderedJson& part(const OrderedJson& object, const std::string& key)
{
    static const OrderedJson nothing = OrderedJson::object();
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && (found->is_object() || found->is_array()) ? *found : nothing;
}

/// Random controls, and fixed numbers of experts beside a plan that skips.
bool isControl(const OrderedJson& plan)
{
    const auto found = plan.find("control");
    return plan.contains("fixed_of") || (found != plan.end() && found->is_boolean() && found->get<bool>());
}

std::string nameOf(const OrderedJson& plan)
{
    const auto found = plan.find("name");
    return found != plan.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const GateLimit* findLimit(std::string_view section, std::string_view key)
{
    const auto found = std::find_if(kLimits.begin(), kLimits.end(), [&](const GateLimit& limit) {
        return limit.section == section && limit.key == key;
    });
    return found == kLimits.end() ? nullptr : &*found;
}

std::string known(std::string_view section)
{
    std::string names;
    for (const auto& limit : kLimits)
        if (limit.section == section)
            names += (names.empty() ? "" : ", ") + std::string(limit.key);
    return names;
}

Result<void> checkSection(const OrderedJson& section, const std::string& name, const std::string& file)
{
    if (!section.is_object())
        return badInput("expected an object of limits by name", file, "key " + name);
    for (const auto& [what, limits] : section.items()) {
        const std::string place = fmt::format("key {}.{}", name, what);
        if (!limits.is_object())
            return badInput("expected an object of limits", file, place);
        for (const auto& [key, value] : limits.items()) {
            if (findLimit(name, key) == nullptr)
                return badInput(fmt::format("unknown limit {}", key), file, place, "Known are " + known(name));
            if (!value.is_number() || !std::isfinite(value.get<double>()))
                return badInput(fmt::format("the limit {} must be a number", key), file, place);
        }
    }
    return {};
}

/// The plans that a gate is held against.
std::vector<const OrderedJson*> plansOf(const OrderedJson& validation)
{
    std::vector<const OrderedJson*> plans;
    for (const auto& plan : part(validation, "plans"))
        if (plan.is_object() && !isControl(plan))
            plans.push_back(&plan);
    return plans;
}

/// One section of the gate against the same-named object of every plan.
Result<void> holdSection(const OrderedJson& section, const std::string& name, const std::string& file,
                         const OrderedJson& validation, std::vector<GateFinding>& findings)
{
    const auto plans = plansOf(validation);
    std::set<std::string> measured, held;
    for (const auto& plan : part(validation, "plans"))
        for (const auto& [what, values] : part(plan, name).items())
            measured.insert(what);
    const auto hold = [&](const std::string& what, const OrderedJson& limits) {
        for (const auto* plan : plans) {
            const OrderedJson& results = part(*plan, name);
            if (!results.contains(what))
                continue;
            for (const auto& limit : kLimits) {
                const std::string key(limit.key);
                if (limit.section != name || !limits.contains(key))
                    continue;
                const double value = gateValue(limit, results[what]), bound = limits[key].get<double>();
                findings.push_back(
                    {nameOf(*plan), what, limit, value, bound, espalier::engine::holds(limit, value, bound)});
            }
        }
    };
    for (const auto& [what, limits] : section.items()) {
        if (what == "*")
            continue;
        if (!measured.contains(what))
            return badInput(fmt::format("{} was not measured", what), file, fmt::format("key {}.{}", name, what),
                            "Validate on it too, or take it out of the gate");
        held.insert(what);
        hold(what, limits);
    }
    if (section.contains("*")) // names without limits of their own
        for (const auto& what : measured)
            if (!held.contains(what))
                hold(what, section["*"]);
    return {};
}

} // namespace

std::span<const GateLimit> gateLimits()
{
    return kLimits;
}

double gateValue(const GateLimit& limit, const OrderedJson& measured)
{
    if (limit.key == "perplexity_ratio_max")
        return number(measured, "perplexity") / number(measured, "perplexity_base");
    if (limit.key == "accuracy_drop_max")
        return number(measured, "accuracy_base") - number(measured, "accuracy");
    // The others are named after what they bound: "kl_mean_max" bounds "kl_mean".
    return number(measured, std::string(limit.key.substr(0, limit.key.rfind('_'))).c_str());
}

bool holds(const GateLimit& limit, double value, double bound)
{
    return limit.atMost ? value <= bound : value >= bound;
}

Result<void> checkGate(const OrderedJson& gate, const std::string& file)
{
    if (!gate.is_object() || !gate.contains("schema") || gate["schema"] != kGateSchema)
        return badInput(fmt::format("not a gate: the key schema must be \"{}\"", kGateSchema), file, "key schema");
    for (const auto& [key, value] : gate.items()) {
        if (key == "schema")
            continue;
        if (key != "domains" && key != "tasks")
            return badInput(fmt::format("unknown key {}", key), file, {}, "Known are schema, domains, tasks");
        ESPALIER_CHECK(checkSection(value, key, file));
    }
    return {};
}

Result<std::vector<GateFinding>> holdGate(const OrderedJson& gate, const std::string& file,
                                          const OrderedJson& validation)
{
    ESPALIER_CHECK(checkGate(gate, file));
    std::vector<GateFinding> findings;
    for (const auto& [key, value] : gate.items())
        if (key != "schema")
            ESPALIER_CHECK(holdSection(value, key, file, validation, findings));
    return findings;
}

Result<std::vector<std::string>> applyGate(const OrderedJson& gate, const std::string& file,
                                           const ValidateReport& report)
{
    ESPALIER_TRY(const auto findings, holdGate(gate, file, report.toJson()));
    std::vector<std::string> broken;
    for (const auto& finding : findings)
        if (!finding.ok)
            broken.push_back(fmt::format("plan {}, {}: {} is {:.4g}, {} {:.4g} is allowed", finding.plan, finding.name,
                                         finding.limit.meaning, finding.value,
                                         finding.limit.atMost ? "at most" : "at least", finding.bound));
    return broken;
}

} // namespace espalier::engine
