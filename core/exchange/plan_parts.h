// SPDX-License-Identifier: Apache-2.0
// Private to the room: what the readers of plans share.
#pragma once

#include "core/exchange/plan_files.h"

namespace espalier::exchange {

/// What a reader makes: per MoE layer of the model the kept ids (any order) and, where known, all ids best first.
struct KeepLists {
    std::vector<std::vector<std::int32_t>> keep, order;
    std::vector<std::shared_ptr<const method::ExpertMixing>> mixing{}; ///< with keep ascending; null or empty = none
    std::vector<std::string> notes;
};

/// The first of a ranking; Usage when options.keep is absent or not possible.
[[nodiscard]] Result<std::int32_t> keptCount(const PlanImport& options, const model::ModelSummary& model,
                                             const std::string& form);

[[nodiscard]] Result<KeepLists> readVllmAscend(const std::filesystem::path& path, const PlanImport& options,
                                               const model::ModelSummary& model);
[[nodiscard]] Result<KeepLists> readVllm(const std::filesystem::path& path, const model::ModelSummary& model);
[[nodiscard]] Result<KeepLists> readEasyEp(const std::filesystem::path& path, const model::ModelSummary& model);
/// One task of PreMoe's v1 pair: the index's row, and per MoE layer all ids best first.
struct PremoeOrders {
    std::vector<float> first;
    std::vector<std::vector<std::int32_t>> order;
};
[[nodiscard]] Result<std::int64_t> premoeTasks(const std::filesystem::path& index);
[[nodiscard]] Result<PremoeOrders> readPremoeOrders(const std::filesystem::path& index,
                                                    const std::filesystem::path& tensor, std::int64_t task,
                                                    const model::ModelSummary& model);
[[nodiscard]] Result<KeepLists> readPremoe(const std::filesystem::path& index, const std::filesystem::path& tensor,
                                           const PlanImport& options, const model::ModelSummary& model);
[[nodiscard]] Result<KeepLists> readEep(const std::filesystem::path& path, const PlanImport& options,
                                        const model::ModelSummary& model);

} // namespace espalier::exchange
