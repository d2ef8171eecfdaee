// SPDX-License-Identifier: Apache-2.0
// Sums on their way between processes: bytes of the machine's own order, for processes of one release. Private to the
// room.
#pragma once

#include "core/base/result.h"
#include "core/engine/cluster.h"
#include "core/engine/engine.h"
#include "core/stats/statistics.h"

#include <span>
#include <vector>

namespace espalier::engine {

/// Tokens, windows and samples, and the arrays of the MoE layers in the range, of every domain.
[[nodiscard]] Message packSums(std::span<const stats::DomainStats> domains, const LayerRange& layers);
/// Puts them into domains of the same shape, whose own numbers for these layers, and for tokens and windows, they
/// replace; samples go behind those that are there. Internal when the message does not have the size of that.
[[nodiscard]] base::Result<void> unpackSums(std::span<const std::byte> message, const LayerRange& layers,
                                            std::span<stats::DomainStats> domains);

} // namespace espalier::engine
