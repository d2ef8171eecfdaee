// SPDX-License-Identifier: Apache-2.0
// Carving as a job: reads the texts, opens the engine, carves every layer, or every expert of a model that has some, in
// one pass. Cancelled between chunks of
// rows.
#pragma once

#include "core/base/progress.h"
#include "core/engine/carve.h"
#include "core/engine/engine.h"
#include "core/tokenizer/documents.h"

#include <map>
#include <string>
#include <vector>

namespace espalier::engine {

struct CarveRequest {
    CarveSettings settings;
    std::vector<tokenizer::DataFile> data;
    std::int64_t context = 2048;
    TokenCount maxTokens{4096}; ///< per domain, 0 = all
    EngineOptions engine;
};

struct Carving {
    CarveSettings settings; ///< with the model's width, or that of its experts
    std::vector<CarvedLayer> layers;
    std::map<std::string, std::int64_t> tokens; ///< by domain
    base::OrderedJson data;                     ///< domain -> {tokens, sha256}
    double seconds = 0;
    PassCounters counters;
};

/// All rows of the texts stay in memory while the pass runs. Errors as Engine::carve(); Usage for a shape that does not
/// divide the model's layers, before the engine is opened.
[[nodiscard]] Result<Carving> runCarving(const model::OpenModel& model, const CarveRequest& request,
                                         const base::JobContext& job);

} // namespace espalier::engine
