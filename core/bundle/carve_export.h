// SPDX-License-Identifier: Apache-2.0
// Writes a carved model: tensors, configuration, recipe, card and checksums in a temporary sibling that is verified and
// renamed, as exportBundle() does.
#pragma once

#include "core/bundle/carve_tensors.h"
#include "core/bundle/export.h"

namespace espalier::bundle {

struct CarveExportRequest {
    std::filesystem::path out;
    /// Nothing: Stock where it can say the same, else Carved. Models with experts have one format alone.
    std::optional<CarveFormat> format;
    std::string command;
    std::uint64_t shardBytes = 5ULL * 1000 * 1000 * 1000;
    /// Called on the complete temporary folder before the rename; an error removes it.
    std::function<Result<void>(const std::filesystem::path& folder)> verify;
};

struct CarveExportReport {
    std::filesystem::path directory;
    CarveFormat format = CarveFormat::Stock;
    std::vector<BundleFile> files;
    std::uint64_t bytes = 0; ///< sum of tensor bytes
};

/// BadInput when the routed experts of a model that has some cannot be carved: GGUF, quantised, code of its own.
[[nodiscard]] Result<void> checkExpertsCarvable(const model::OpenModel& model);

/// Nothing when the stock architecture says what the carving means; else the reason why not.
[[nodiscard]] std::optional<std::string> whyNotStock(const model::OpenModel& model, const engine::Carving& carving);

/// BadInput when the target is there and not empty, NoResources when the disk is too small.
[[nodiscard]] Result<CarveExportReport> exportCarved(const model::OpenModel& model, const engine::Carving& carving,
                                                     const CarveExportRequest& request, const base::JobContext& job);

} // namespace espalier::bundle
