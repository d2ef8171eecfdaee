// SPDX-License-Identifier: Apache-2.0
// Routing signatures of prompts: all prompts in one pass, as far as the last router that the signature looks at.
#pragma once

#include "core/engine/engine.h"
#include "core/method/retrieve/patterns.h"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::engine {

struct PromptSignature {
    std::int64_t tokens = 0;
    method::ExpertMatrix signature; ///< as the library compares prompts
};
/// One for each prompt, in order. BadInput as Engine::routePrompts().
[[nodiscard]] Result<std::vector<PromptSignature>> promptSignatures(Engine& engine, const model::ModelSummary& model,
                                                                    std::span<const TokenSequence> prompts,
                                                                    const method::PatternLibrary& library,
                                                                    const base::JobContext& job);

} // namespace espalier::engine
