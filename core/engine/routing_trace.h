// SPDX-License-Identifier: Apache-2.0
// Texts through the engine, and what every token chose, with the tokens' own text beside it.
#pragma once

#include "core/engine/domain_texts.h"
#include "core/engine/engine.h"
#include "core/stats/routing_sample.h"

namespace espalier::engine {

/// The text that each token adds: joined they give the whole. A token that ends inside a character is empty, the one
/// that ends it has the character; what never becomes one is U+FFFD.
[[nodiscard]] std::vector<std::string> tokenTexts(const tokenizer::Tokenizer& tokenizer, std::span<const TokenId> ids);

/// One text per window. `layers`: MoE layers of the model, ascending. Errors as Engine::trace().
[[nodiscard]] Result<stats::RoutingSample> sampleRouting(Engine& engine, const model::OpenModel& model,
                                                         const tokenizer::Tokenizer& tokenizer,
                                                         std::span<const DomainTexts> domains,
                                                         std::span<const LayerIndex> layers, PlanPointer plan,
                                                         const base::JobContext& job);

} // namespace espalier::engine
