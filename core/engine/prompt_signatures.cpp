// SPDX-License-Identifier: Apache-2.0
#include "core/engine/prompt_signatures.h"

namespace espalier::engine {

Result<std::vector<PromptSignature>> promptSignatures(Engine& engine, const model::ModelSummary& model,
                                                      std::span<const TokenSequence> prompts,
                                                      const method::PatternLibrary& library,
                                                      const base::JobContext& job)
{
    ESPALIER_TRY(const auto routing, engine.routePrompts(prompts, library.signatureLayers, job));
    std::vector<const stats::LogitPool*> pools;
    for (const auto& layer : routing.layers)
        pools.push_back(&layer);
    std::vector<PromptSignature> out;
    std::size_t first = 0; // rows of the pools stand in the order of the prompts
    for (const auto& prompt : prompts) {
        out.push_back(
            {static_cast<std::int64_t>(prompt.size()),
             method::signatureOf(pools, static_cast<std::size_t>(model.experts), first, prompt.size(), library.key)});
        first += prompt.size();
    }
    return out;
}

} // namespace espalier::engine
