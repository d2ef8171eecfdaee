// SPDX-License-Identifier: Apache-2.0
// demo --dense: carves the bundled dense model at three active shares and says what is left, beside static pruning and
// the published recipe. Every number was measured in this run.
#pragma once

#include "app/cli/command.h"

#include <filesystem>
#include <string>
#include <vector>

namespace espalier::cli {

struct DenseDemoOptions {
    std::filesystem::path out;
    bool overwrite = false;
    bool quick = false;
    engine::EngineOptions engine;
};

struct DenseDemoRow {
    int share = 0; ///< per cent of the feed-forward part that a token runs
    std::string name;
    double exactMatch = 0; ///< mean over the tasks, per cent
    double perplexity = 0; ///< geometric mean over the texts that the model knows
    double agreement = 0;  ///< with the oracle, per cent, mean over the layers; 0 without a router
    double energyKept = 0; ///< per cent, mean over the layers
    double seconds = 0;    ///< per layer
    std::filesystem::path folder;
};

struct DenseDemoOutcome {
    std::filesystem::path out, report;
    std::vector<DenseDemoRow> rows; ///< the dense model first
    double seconds = 0;
    [[nodiscard]] base::OrderedJson toJson() const;
    [[nodiscard]] std::string text() const;
};

/// Refuses a folder that holds other things.
[[nodiscard]] Result<DenseDemoOutcome> walkDenseDemo(const DenseDemoOptions& options, Output& output);

} // namespace espalier::cli
