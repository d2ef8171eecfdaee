// SPDX-License-Identifier: Apache-2.0
// Pattern libraries as PreMoe's v1 publishes them (Pei et al. 2025, arXiv 2505.17639v1): a flat L2 index of FAISS, one
// row per task with the TCESS values of the first MoE layer, and a torch tensor [tasks, layers - 1, experts] of int64
// whose entry [l][j] is the expert of layer l with the rank that expert j has in the first layer.
#pragma once

#include "core/method/retrieve/patterns.h"

#include <filesystem>
#include <span>
#include <string>

namespace espalier::exchange {

/// A library that is matched as v1 matches. `names` of the tasks in order; those that are missing are "task 0", ...
/// Scores are ranks, E for the best: the files hold no others but in the first layer. The generalist is the mean over
/// the tasks. BadInput names file, place, reason and remedy.
[[nodiscard]] Result<method::PatternLibrary> readPremoeLibrary(const std::filesystem::path& index,
                                                               const std::filesystem::path& tensor,
                                                               std::span<const std::string> names,
                                                               const model::ModelSummary& model);

/// Usage error for libraries whose scores are not TCESS: v1 would compare prompts with something else.
[[nodiscard]] Result<void> writePremoeLibrary(const method::PatternLibrary& library, const std::filesystem::path& index,
                                              const std::filesystem::path& tensor);

} // namespace espalier::exchange
