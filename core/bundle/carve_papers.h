// SPDX-License-Identifier: Apache-2.0
// Private to the room: configuration, recipe and model card of a carved model.
#pragma once

#include "core/bundle/carve_export.h"

namespace espalier::bundle {

/// Of all formats but SubExperts, see carve_experts.h.
[[nodiscard]] base::OrderedJson carvedConfiguration(const model::OpenModel& model, const engine::Carving& carving,
                                                    CarveFormat format);
/// The Python file that lets transformers load CarveFormat::Carved.
[[nodiscard]] std::string_view carvedModelingFile();
[[nodiscard]] base::OrderedJson carveRecipe(const model::OpenModel& model, const engine::Carving& carving,
                                            CarveFormat format, const std::string& command);
[[nodiscard]] std::string carveCard(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format);

} // namespace espalier::bundle
