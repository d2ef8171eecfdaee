// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sequence_merge_job.h"

#include "core/engine/domain_texts.h"
#include "core/tokenizer/model_tokenizer.h"

#include <chrono>

namespace espalier::engine {

SequenceMergeFigures SequenceMergeLayer::pooled() const
{
    SequenceMergeFigures sum;
    for (const auto& [name, one] : domains) {
        sum.tokens += one.tokens;
        sum.groups += one.groups;
        sum.energy += one.energy;
        sum.merged += one.merged;
        sum.averaged += one.averaged;
        sum.first += one.first;
    }
    return sum;
}

Result<SequenceMerging> runSequenceMerging(const model::OpenModel& model, const SequenceMergeRequest& request,
                                           const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    if (!model.spec.isMoe())
        return badInput("the model has no routed experts to merge", model.checkpoint.path().string());
    ESPALIER_CHECK(checkComputable(model));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    ESPALIER_TRY(const auto texts,
                 readDomainTexts(request.data, tokenizer, model.spec, request.context, request.maxTokens));
    SequenceMerging merging;
    std::vector<TextSet> sets;
    for (const DomainTexts& domain : texts) {
        sets.push_back({domain.name, domain.windows});
        merging.tokens[domain.name] = domain.tokens;
    }
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    ESPALIER_CHECK(engine->mergeSequences(
        sets, request.groupTokens,
        [&](LayerIndex index, std::span<const SequenceMergeFigures> figures) -> Result<void> {
            auto& layer = merging.layers.emplace_back();
            layer.layer = index;
            for (std::size_t set = 0; set < sets.size(); ++set)
                layer.domains[sets[set].name] = figures[set];
            return {};
        },
        job));
    merging.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return merging;
}

} // namespace espalier::engine
