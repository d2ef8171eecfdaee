// SPDX-License-Identifier: Apache-2.0
// Private to the room: models whose routed experts were carved. The checkpoint stays that of its family: experts keep
// their tensors, with neurons in a new order, which changes nothing; beside them stand a router for every expert and
// the key espalier_sub_experts. Who does not know these runs the whole model; Espalier, and the modelling file in the
// folder, run the blocks that each expert's router chooses.
#pragma once

#include "core/bundle/tensor_writer.h"
#include "core/bundle/verify.h"
#include "core/engine/carve_job.h"

namespace espalier::bundle {

/// `model` and `carving` (entries by layer, then expert) must outlive what is returned. `routers` false leaves out what
/// carving adds to the weights. The order of the source's tensors.
[[nodiscard]] Result<std::vector<MadeTensor>> carvedExpertTensors(const model::OpenModel& model,
                                                                  const engine::Carving& carving, bool routers = true);

/// The source's configuration as an export writes it, and what carving adds.
[[nodiscard]] Result<base::OrderedJson> carvedExpertConfiguration(const model::OpenModel& model,
                                                                  const method::CarveShape& shape);
/// The recipe's key "carve".
[[nodiscard]] base::OrderedJson carvedExpertRecipe(const engine::Carving& carving);
[[nodiscard]] std::string carvedExpertCard(const model::OpenModel& model, const engine::Carving& carving);
/// modeling_espalier_sub_experts.py
[[nodiscard]] std::string_view subExpertModelingFile();

/// Of a bundle `model`: an order of all neurons for every expert, and the sizes that the configuration says.
[[nodiscard]] VerifyCheck checkCarvedExpertRecipe(const model::OpenModel& model, const base::OrderedJson& carve);
/// What a checked recipe says, in the form that the tensors were made from; routers are left out.
[[nodiscard]] engine::Carving carvedExpertsOf(const base::OrderedJson& carve);

} // namespace espalier::bundle
