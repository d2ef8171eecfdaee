// SPDX-License-Identifier: Apache-2.0
// What a pass measures for merging experts.
#pragma once

#include "core/method/merge/evidence.h"
#include "core/method/merge/merge_methods.h"

#include <cstdint>

namespace espalier::engine {

struct EvidenceSettings {
    method::MergeNeeds needs;
    /// Tokens of the bank, spread evenly over the texts; fewer where the texts are shorter or where all experts'
    /// outputs on them would take more than bankBytes.
    std::int64_t bankTokens = 256;
    std::uint64_t bankBytes = std::uint64_t{512} << 20U;
};

} // namespace espalier::engine
