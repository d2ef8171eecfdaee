// SPDX-License-Identifier: Apache-2.0
// What this machine has. Cheap calls, no libtorch.
#pragma once

#include "core/base/strong_index.h"

#include <string>
#include <vector>

namespace espalier::base {

struct Machine {
    int cores = 1;                           ///< cores this process may use
    std::string cpu;                         ///< model name
    std::vector<std::string> isa;            ///< of avx2, avx512f, avx512_bf16, amx_bf16 those present
    ByteSize memory{};                       ///< physical
    ByteSize memoryAvailable{};              ///< MemAvailable, bounded by the cgroup's limit
    [[nodiscard]] bool fastBfloat16() const; ///< avx512_bf16 or amx_bf16
};
[[nodiscard]] Machine describeMachine();
/// VmHWM of this process: peak resident set in bytes.
[[nodiscard]] ByteSize peakResidentSet();

} // namespace espalier::base
