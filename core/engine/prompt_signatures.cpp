// SPDX-License-Identifier: Apache-2.0
#include "core/engine/prompt_signatures.h"

namespace espalier::engine {

Result<std::vector<PromptSignature>> promptSignatures(Engine& engine, const model::ModelSummary& model,
                                                      std::span<const TokenSequence> prompts,
                                                      std::int32_t signatureLayers, const base::JobContext& job)
{
    std::vector<tokenizer::Window> windows;
    for (const auto& prompt : prompts)
        windows.push_back({static_cast<std::int32_t>(windows.size()), prompt});
    stats::DomainStats found;
    found.name = "prompts";
    ESPALIER_TRY(const auto selection, stats::StatSelection::parse("S0,pool"));
    for (const auto& layer : model.moeLayers)
        found.layers.emplace_back(layer.layer, stats::Topology{layer.experts, model.topK, model.hidden}, selection);
    ESPALIER_CHECK(engine.profile(windows, found, job));
    std::vector<const stats::LogitPool*> pools;
    for (std::int32_t l = 0; l < signatureLayers; ++l)
        pools.push_back(&found.layers[static_cast<std::size_t>(l)].pool());
    std::vector<PromptSignature> out;
    std::size_t first = 0; // rows of the pools stand in the order of the prompts
    for (const auto& prompt : prompts) {
        out.push_back({static_cast<std::int64_t>(prompt.size()),
                       method::signatureOf(pools, static_cast<std::size_t>(model.experts), first, prompt.size())});
        first += prompt.size();
    }
    return out;
}

} // namespace espalier::engine
