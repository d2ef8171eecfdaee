// SPDX-License-Identifier: Apache-2.0
// Endings under the model and plans: the layers as in a comparison, the head for the rows that predict a token of an
// ending. With the base beside every variant both distributions are at hand, so KL and acceptance are exact.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Share of the progress that the layers take; the rest is the head.
constexpr double kLayersShare = 0.9;

struct JudgedRows {
    std::vector<std::int64_t> row, next; // of one stream; the token that comes
    std::vector<std::size_t> ending;     // of the batch's
};

JudgedRows judgedRows(const Batch& batch, std::span<const Ending> endings)
{
    JudgedRows rows;
    for (std::size_t i = 0; i < batch.sequences.size(); ++i)
        for (std::size_t t = endings[i].from; t < endings[i].ids.size(); ++t) {
            rows.row.push_back(batch.sequences[i].begin + static_cast<std::int64_t>(t) - 1);
            rows.next.push_back(endings[i].ids[t]);
            rows.ending.push_back(i);
        }
    return rows;
}

/// KL and acceptance of each row, logs of both distributions given.
void compareRows(const at::Tensor& p, const at::Tensor& logP, const at::Tensor& logQ, std::span<EndingFigures> found)
{
    const std::int64_t n = p.size(1);
    at::parallel_for(0, p.size(0), 4, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            const float* base = p.const_data_ptr<float>() + i * n;
            const float* log = logQ.const_data_ptr<float>() + i * n;
            double overlap = 0;
            for (std::int64_t v = 0; v < n; ++v)
                overlap += std::min(static_cast<double>(base[v]), std::exp(static_cast<double>(log[v])));
            found[static_cast<std::size_t>(i)].acceptance = overlap;
            found[static_cast<std::size_t>(i)].kl =
                std::max(0.0, klDivergence(base, logP.const_data_ptr<float>() + i * n, log, n));
        }
    });
}

} // namespace

Result<EndingLikelihoods> TorchEngine::likelihoods(std::span<const Ending> endings,
                                                   std::span<const PlanPointer> variants, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    ESPALIER_TRY(const EndingJudgements found,
                 guarded(m_settings.threads, [&] { return runEndings(endings, variants, false, job); }));
    EndingLikelihoods result;
    for (const auto& variant : found) {
        auto& values = result.emplace_back();
        for (const EndingFigures& ending : variant)
            values.push_back(ending.logLikelihood);
    }
    return result;
}

Result<EndingJudgements> TorchEngine::judge(std::span<const Ending> endings, std::span<const PlanPointer> variants,
                                            const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runEndings(endings, variants, true, job); });
}

Result<EndingJudgements> TorchEngine::runEndings(std::span<const Ending> endings, std::span<const PlanPointer> variants,
                                                 bool beside, const base::JobContext& job)
{
    std::vector<TokenSpan> sequences;
    for (std::size_t i = 0; i < endings.size(); ++i) {
        if (endings[i].from < 1 || endings[i].from >= endings[i].ids.size())
            return base::internalError(
                fmt::format("ending {} begins at {} of {} tokens", i, endings[i].from, endings[i].ids.size()));
        sequences.emplace_back(endings[i].ids);
    }
    std::vector<PlanPointer> all(variants.begin(), variants.end());
    if (beside)
        all.insert(all.begin(), nullptr); // stream 0
    ESPALIER_TRY(const Streams streams, streamsOf(all));
    EndingJudgements sums(static_cast<std::size_t>(streams.count()), std::vector<EndingFigures>(endings.size()));
    const auto use = [&](const Head& head, const Batch& batch, std::size_t first) -> Result<std::int64_t> {
        const JudgedRows rows = judgedRows(batch, endings.subspan(first));
        const at::Tensor row = at::tensor(rows.row, at::kLong), next = at::tensor(rows.next, at::kLong);
        for (std::int64_t begin = 0; begin < row.size(0); begin += head.rowsAtOnce()) {
            const std::int64_t count = std::min(head.rowsAtOnce(), row.size(0) - begin);
            at::Tensor logP, p; // of the base
            for (std::int64_t stream = 0; stream < streams.count(); ++stream) {
                const at::Tensor logQ = at::log_softmax(
                    head.logits(batch.hidden.index_select(0, row.narrow(0, begin, count) + stream * batch.rows)), 1);
                const at::Tensor chosen =
                    logQ.gather(1, next.narrow(0, begin, count).unsqueeze(1)).to(at::kDouble).contiguous();
                std::vector<EndingFigures> found(static_cast<std::size_t>(count));
                if (beside) {
                    if (stream == 0) {
                        logP = logQ;
                        p = logP.exp();
                    }
                    compareRows(p, logP, logQ, found);
                }
                for (std::int64_t i = 0; i < count; ++i) { // in order, so that sums do not depend on threads
                    const EndingFigures& one = found[static_cast<std::size_t>(i)];
                    EndingFigures& sum = sums[static_cast<std::size_t>(stream)]
                                             [first + rows.ending[static_cast<std::size_t>(begin + i)]];
                    sum.logLikelihood += chosen.const_data_ptr<double>()[i];
                    sum.kl += one.kl;
                    sum.acceptance += one.acceptance;
                }
            }
        }
        return row.size(0) * streams.count();
    };
    ESPALIER_CHECK(runToHead(sequences, streams, "judging endings", kLayersShare, use, job));
    EndingJudgements result;
    for (std::size_t v = 0; v < variants.size(); ++v)
        result.push_back(sums[static_cast<std::size_t>(streams.ofVariant(v + (beside ? 1 : 0)))]);
    return result;
}

} // namespace espalier::engine
