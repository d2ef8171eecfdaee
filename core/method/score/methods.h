// SPDX-License-Identifier: Apache-2.0
// The score files' contributions to the registry, one function each.
#pragma once

#include "core/method/score.h"

namespace espalier::method {

[[nodiscard]] ScoreMethod frequencyMethod();
[[nodiscard]] ScoreMethod gateMassMethod();
[[nodiscard]] ScoreMethod seerHardMethod();
[[nodiscard]] ScoreMethod seerSoftMethod();
[[nodiscard]] ScoreMethod reapMethod();
[[nodiscard]] ScoreMethod reapSumMethod();
[[nodiscard]] ScoreMethod reapShrunkMethod();
[[nodiscard]] ScoreMethod reapLcbMethod();
[[nodiscard]] ScoreMethod manMethod();
[[nodiscard]] ScoreMethod msanMethod();
[[nodiscard]] ScoreMethod unifiedMethod();
[[nodiscard]] ScoreMethod easyEpMethod();
[[nodiscard]] ScoreMethod tcessMethod();
[[nodiscard]] ScoreMethod peuMethod();
[[nodiscard]] ScoreMethod shapeMethod();
[[nodiscard]] ScoreMethod leaveOneOutMethod();
[[nodiscard]] ScoreMethod aimerMethod();
[[nodiscard]] ScoreMethod stunMethod();
[[nodiscard]] ScoreMethod randomMethod();
[[nodiscard]] ScoreMethod energyMethod();
[[nodiscard]] ScoreMethod energySumMethod();

} // namespace espalier::method
