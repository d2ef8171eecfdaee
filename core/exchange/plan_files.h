// SPDX-License-Identifier: Apache-2.0
// Plans in the forms of other programs. Pure functions and one file at a time; any thread.
//
//   vllm-ascend  JSON lines {"layer": [all experts, best first]}; the program takes a ratio beside it
//   vllm         {"version": 1, "model", "workload", "pruned_experts": [[layer, expert], …]}: pruning profile
//   easy-ep      [[0 or 1 per expert] per MoE layer], 1 = kept (RUCAIBox/EASYEP)
//   llama-cpp    value of --override-tensor: whole layers' expert tensors that stay in main memory; export only,
//   because
//                it cannot say which experts of a layer are kept
//   premoe       FAISS flat index (scores of the first MoE layer) and torch tensor of orders [tasks, layers - 1,
//   experts]
//                (Pei et al. 2025, arXiv 2505.17639, v1); import only
//   eep          torch dictionary of merging and router matrices [kept, experts] per layer group (arXiv 2407.00945);
//   import only
#pragma once

#include "core/model/model_summary.h"
#include "core/plan/plan.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exchange {

enum class PlanForm : std::uint8_t { Automatic, VllmAscend, Vllm, EasyEp, LlamaCpp, Premoe, Eep };

/// Names as above and "auto"; Usage error for anything else.
[[nodiscard]] Result<PlanForm> parsePlanForm(std::string_view name);
[[nodiscard]] std::string_view planFormName(PlanForm form);

struct PlanText {
    std::string text;               ///< what the file holds
    std::vector<std::string> notes; ///< how it is used, what it cannot say
};
/// BadInput when the form cannot say what the plan does (vllm-ascend: counts that differ between layers); Usage for
/// forms that are import only.
[[nodiscard]] Result<PlanText> exportPlan(const plan::Plan& plan, const model::ModelSummary& model, PlanForm form);

/// Place, don't prune: llama.cpp stacks a layer's experts in one tensor and places tensors as a whole, so whole layers
/// stay on the device: as many as fit into the bytes that the plan keeps, those first where it keeps most.
struct Placement {
    std::string override;                                ///< value of --override-tensor
    std::int32_t layersOnDevice = 0, layers = 0;         ///< of the layers with experts
    std::uint64_t bytesOnDevice = 0, bytesElsewhere = 0; ///< of routed experts
};
/// BadInput when the plan keeps every expert: nothing has to leave the device.
[[nodiscard]] Result<Placement> placeLayers(const plan::Plan& plan, const model::ModelSummary& model);

struct PlanImport {
    PlanForm form = PlanForm::Automatic;
    std::optional<std::int32_t> keep; ///< experts per layer, where the file ranks all
    std::int64_t task = 0;            ///< premoe: row of the pattern
    bool mixing = false;              ///< eep: the coefficients too, not only the main expert of every row
};
struct ImportedPlan {
    plan::Plan plan; ///< checked like a plan file; method "imported", settings.source {text, files[{name, sha256}]}
    std::vector<std::string> notes;
};
/// `paths`: one file; of premoe the index and the tensor. BadInput names file, place, reason and remedy.
[[nodiscard]] Result<ImportedPlan> importPlan(const std::vector<std::filesystem::path>& paths,
                                              const PlanImport& options, const model::ModelSummary& model);

} // namespace espalier::exchange
