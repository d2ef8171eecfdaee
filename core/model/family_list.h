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
[[nodiscard]] Family gptOssFamily();
[[nodiscard]] Family deepseekV2Family();
[[nodiscard]] Family deepseekV3Family();
[[nodiscard]] Family kimiK2Family();
[[nodiscard]] Family glm4MoeFamily();
[[nodiscard]] Family minimaxM2Family();
[[nodiscard]] Family graniteMoeFamily();
[[nodiscard]] Family graniteMoeSharedFamily();
[[nodiscard]] Family ernie45MoeFamily();
[[nodiscard]] Family phimoeFamily();
[[nodiscard]] Family qwen3NextFamily();
[[nodiscard]] Family qwen35MoeFamily();
[[nodiscard]] Family qwen35MoeTextFamily();
[[nodiscard]] Family carvedFamily();

} // namespace espalier::model
