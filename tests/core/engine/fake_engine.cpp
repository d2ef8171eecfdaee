// SPDX-License-Identifier: Apache-2.0
// An engine of another release, which the loader must refuse.
#include "core/engine/engine.h"

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::EngineEntry espalier_engine_entry;
const espalier::engine::EngineEntry espalier_engine_entry = {espalier::engine::kEngineAbi + 1, nullptr, nullptr};
}
