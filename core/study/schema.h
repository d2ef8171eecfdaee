// SPDX-License-Identifier: Apache-2.0
// Tables of the study file and the steps from older formats to this one.
#pragma once

#include "core/study/database.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace espalier::study {

/// Statements that make an empty study of kFormatVersion.
[[nodiscard]] std::string_view schemaSql();

/// Brings a file from version `from` to `from` + 1. Runs inside the migration's transaction.
struct MigrationStep {
    std::int32_t from = 0;
    std::string_view title;
    Result<void> (*apply)(Database&) = nullptr;
};
/// Every step this program knows, ascending without gaps; ends at kFormatVersion.
[[nodiscard]] std::span<const MigrationStep> migrationSteps();

/// Brings `database` to version `target` by `steps`: first a copy named "<file>.backup-v<version>", then all steps in
/// one transaction; on any error the file is as it was. Nothing happens when it is at `target` already. BadInput when
/// the file is newer (names both versions) or older than the first step.
[[nodiscard]] Result<void> migrate(Database& database, const std::filesystem::path& path,
                                   std::span<const MigrationStep> steps, std::int32_t target);

} // namespace espalier::study
