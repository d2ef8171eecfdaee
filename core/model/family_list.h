// SPDX-License-Identifier: Apache-2.0
// Private to the room: one line per family file.
#pragma once

#include "core/model/family.h"

namespace espalier::model {

[[nodiscard]] Family qwen3MoeFamily();
[[nodiscard]] Family qwen3Family();

} // namespace espalier::model
