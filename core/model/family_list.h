// SPDX-License-Identifier: Apache-2.0
// Private to the room: one line per family.
#pragma once

#include "core/model/family.h"

namespace espalier::model {

[[nodiscard]] Family qwen3MoeFamily();
[[nodiscard]] Family qwen3Family();
[[nodiscard]] Family mixtralFamily();
[[nodiscard]] Family olmoeFamily();
[[nodiscard]] Family qwen2MoeFamily();
[[nodiscard]] Family llamaFamily();
[[nodiscard]] Family mistralFamily();
[[nodiscard]] Family qwen2Family();

} // namespace espalier::model
