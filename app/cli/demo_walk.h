// SPDX-License-Identifier: Apache-2.0
// The demo's steps and what they found. Every number in the tables was measured in this run; the column "reference"
// comes from resources/demo/reference.json, measured once with transformers.
#pragma once

#include "app/cli/command.h"
#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "core/engine/profile_job.h"
#include "core/engine/validate_job.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace espalier::cli {

struct DemoOptions {
    std::filesystem::path out;
    bool overwrite = false;
    bool quick = false;
    engine::EngineOptions engine;
};

/// One line of a domain's table: what a cut made for `domain` keeps, and what the other domains lose.
struct DemoRow {
    std::string domain;
    bool text = false; ///< prose: `inDomain` is a perplexity, else exact match in percent
    int keep = 0;
    std::string method;
    double inDomain = 0;
    double low = 0, high = 0;        ///< 95 % interval for exact match; range over seeds for random
    std::optional<double> reference; ///< the same measured with transformers
    double othersExactMatch = 0;     ///< mean over the other exact-match domains, percent
    double othersPerplexity = 0;     ///< geometric mean over the other trained text domains
    double klMean = 0;               ///< own domain's text when it has one, else all trained texts, nats
    std::uint64_t bytes = 0;         ///< predicted tensor bytes of the cut model
};

struct DemoOutcome {
    std::filesystem::path out, study, report, heatmap, bundle;
    model::ModelSummary model;
    engine::ProfileReport profile;
    engine::ValidateReport validation;
    std::vector<DemoRow> rows;
    bundle::ExportReport exported;
    bundle::VerifyReport verification;
    bool quick = false;
    double seconds = 0;
    [[nodiscard]] base::OrderedJson toJson() const;
    [[nodiscard]] std::string text() const;
};

/// Refuses a folder that holds other things. Cancelled keeps the partial study.
[[nodiscard]] Result<DemoOutcome> walkDemo(const DemoOptions& options, Output& output);

/// Folds the validation into the rows of REPORT.md; `reference` is resources/demo/reference.json.
[[nodiscard]] std::vector<DemoRow> demoRows(const engine::ValidateReport& validation,
                                            const base::OrderedJson& reference);

/// heatmap.svg and report.html in outcome.out.
[[nodiscard]] Result<void> writeDemoReport(const DemoOutcome& outcome, const stats::Statistics& statistics);

} // namespace espalier::cli
