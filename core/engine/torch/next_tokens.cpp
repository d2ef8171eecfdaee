// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/next_tokens.h"

#include "core/engine/sampled_tokens.h"
#include "core/engine/torch/element.h"
#include "core/engine/torch/sample_rows.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

using stats::SampleKind;
using stats::SampleType;

void NextTokens::take(const Head& head, const Batch& batch, stats::DomainStats& into)
{
    const std::int64_t place = into.sampleTokens.before + m_taken[&into];
    m_taken[&into] += batch.rows;
    if (!into.sampled.hasGroup("S17") || into.sampleTokens.step <= 0)
        return;
    std::vector<std::int64_t> rows;
    std::vector<std::uint32_t> tokens;
    for (const Span& text : batch.sequences)
        for (std::int64_t at = 0; at < text.length; ++at)
            if (isSampled(at, text.key, into.sampleTokens.step)) {
                rows.push_back(text.begin + at);
                tokens.push_back(static_cast<std::uint32_t>(place + text.begin + at));
            }
    if (rows.empty())
        return;
    into.samples.add(SampleKind::NextToken, SampleType::U32, 1, tokens);
    const at::Tensor all = at::tensor(rows, at::kLong);
    for (std::int64_t begin = 0; begin < all.size(0); begin += head.rowsAtOnce()) {
        const at::Tensor part = all.narrow(0, begin, std::min(head.rowsAtOnce(), all.size(0) - begin));
        const at::Tensor logp = at::log_softmax(head.logits(batch.hidden.index_select(0, part)), 1);
        m_flops += head.flops(part.size(0));
        const std::int64_t count = std::min(stats::kNextTokens, logp.size(1));
        const auto [values, ids] = at::topk(logp, count, 1);
        const at::Tensor tail = logp.exp().scatter_(1, ids, 0).sum(1, false, at::kDouble).to(at::kFloat);
        const at::Tensor found = ids.contiguous();
        const auto* from = data<std::int64_t>(found);
        into.samples.add(SampleKind::NextIds, SampleType::U32, count,
                         std::vector<std::uint32_t>(from, from + found.numel()));
        addRows(into.samples, SampleKind::NextLogp, values);
        addRows(into.samples, SampleKind::NextTail, tail);
    }
}

} // namespace espalier::engine
