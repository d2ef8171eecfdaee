// SPDX-License-Identifier: Apache-2.0
// What candidates of a search are measured on: answers of tasks and windows of texts, divided once into items that are
// searched with, items that choose among the finalists, and items that judge the result.
#pragma once

#include "core/engine/task_items.h"
#include "core/engine/validate_job.h"

#include <array>
#include <string>
#include <vector>

namespace espalier::engine {

enum class ItemPart : std::uint8_t { Train, Dev, Test };
inline constexpr std::array<const char*, 3> kSplitNames{"train", "dev", "test"};

/// A text or a task.
struct SearchSet {
    std::string name;
    std::vector<Ending> endings; ///< one per item: the answer behind its prompt, or a window behind its first token
    std::optional<Task> task;    ///< items in the order of `endings`
    /// Item numbers of each split, in a drawn order: every beginning is a fair sample.
    std::array<std::vector<std::size_t>, 3> split;

    /// The first `share` of a split, at least one item.
    [[nodiscard]] std::vector<std::size_t> part(ItemPart which, double share) const;
};

struct SearchData {
    std::vector<SearchSet> sets;
    base::OrderedJson description; ///< names, files' hashes, items per split
    [[nodiscard]] bool onlyTasks() const;
};

/// Reads texts and tasks of `request` (its plans are ignored). Windows of one document stay in one split; half of a
/// set's documents are for the search, a quarter each for choosing and judging. BadInput for sets of fewer than four.
[[nodiscard]] Result<SearchData> readSearchData(const ValidateRequest& request, const tokenizer::Tokenizer& tokenizer,
                                                const model::ModelSpec& spec, std::uint64_t seed);

} // namespace espalier::engine
