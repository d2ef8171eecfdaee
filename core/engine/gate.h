// SPDX-License-Identifier: Apache-2.0
// A gate: limits on what a validation measured, by domain and task, kept in a file that `espalier validate --gate` and
// the window read. Works on the document of `validate --json`, fresh or stored. Pure functions; any thread.
//
//   {"schema": "espalier.gate/1", "domains": {"json": {"kl_mean_max": 0.05}, "*": {…}}, "tasks": {"json": {…}}}
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::engine {

inline constexpr std::string_view kGateSchema = "espalier.gate/1";

struct GateLimit {
    std::string_view section; ///< "domains" or "tasks"
    std::string_view key;     ///< "kl_mean_max"
    std::string_view meaning; ///< "mean KL", for people
    bool atMost = true;       ///< else at least
};
/// Every limit that a gate may hold, domains first.
[[nodiscard]] std::span<const GateLimit> gateLimits();
/// The quantity a limit is about, from plans[].domains[name] or plans[].tasks[name]; NaN when it is not there.
[[nodiscard]] double gateValue(const GateLimit& limit, const base::OrderedJson& measured);
/// NaN breaks every limit.
[[nodiscard]] bool holds(const GateLimit& limit, double value, double bound);

/// BadInput naming the place for another schema, unknown keys, and limits that are no numbers: a misspelt limit must
/// not pass silently.
[[nodiscard]] Result<void> checkGate(const base::OrderedJson& gate, const std::string& file);

struct GateFinding {
    std::string plan, name; ///< name of the domain or task
    GateLimit limit;
    double value = 0, bound = 0;
    bool ok = false;
};
/// Every limit against every plan, random controls and baselines excepted: they are there to be beaten. "*" holds for
/// the names that have no limits of their own. BadInput as checkGate(), and for names that no plan was measured on.
[[nodiscard]] Result<std::vector<GateFinding>> holdGate(const base::OrderedJson& gate, const std::string& file,
                                                        const base::OrderedJson& validation);

} // namespace espalier::engine
