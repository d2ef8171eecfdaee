// SPDX-License-Identifier: Apache-2.0
// Private to the room: the tensors of a carved checkpoint. Feed-forward matrices are rows and columns of the dense ones
// in a new order, in their stored dtype; everything else is copied. Blocks of ggml are written as float32.
#pragma once

#include "core/bundle/tensor_writer.h"
#include "core/engine/carve_job.h"

namespace espalier::bundle {

/// How a carved model is stored.
enum class CarveFormat {
    Stock,     ///< glm4_moe: linear router with correction bias, shared expert; any engine that knows GLM-4.5 loads it
    Carved,    ///< espalier_carved: gates exactly 1 + s u, any router; comes with its modelling file
    Dense,     ///< no routed experts: the source's own family with a narrower feed-forward part
    SubExperts ///< of a model with experts: its own family, see carve_experts.h
};

/// "stock", "carved", "dense", "sub-experts".
[[nodiscard]] std::string_view carveFormatName(CarveFormat format);

/// `model` and `carving` must outlive what is returned. `routers` false leaves out what carving adds to the weights.
[[nodiscard]] Result<std::vector<MadeTensor>>
carvedTensors(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format, bool routers = true);

/// A stock router's logits are scaled by a power of two so that they are at most this large. Gates, which are
/// K · sigmoid / sum of the chosen sigmoids, then differ from 1 by less than this; much smaller, and sigmoids near 1/2
/// would no longer tell experts apart in float32.
inline constexpr double kStockLogit = 1.0 / 16;

} // namespace espalier::bundle
