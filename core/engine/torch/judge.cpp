// SPDX-License-Identifier: Apache-2.0
// Endings under the base and under variants, side by side: likelihood, exact KL and acceptance of every ending. As
// likelihoods.cpp, with both distributions in hand.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Share of a group's progress that the layers take; the rest is the head.
constexpr double kLayersShare = 0.8;

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

/// `p`, `logP` of the base, `logQ` of the variant: one row of n numbers each.
EndingFigures figuresOf(const float* p, const float* logP, const float* logQ, std::int64_t n, std::int64_t next)
{
    double overlap = 0;
    for (std::int64_t v = 0; v < n; ++v)
        overlap += std::min(static_cast<double>(p[v]), std::exp(static_cast<double>(logQ[v])));
    return {static_cast<double>(logQ[next]), std::max(0.0, klDivergence(p, logP, logQ, n)), overlap};
}

} // namespace

Result<EndingJudgements> TorchEngine::judge(std::span<const Ending> endings, std::span<const PlanPointer> variants,
                                            const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runJudge(endings, variants, job); });
}

Result<EndingJudgements> TorchEngine::runJudge(std::span<const Ending> endings, std::span<const PlanPointer> variants,
                                               const base::JobContext& job)
{
    std::vector<TokenSpan> sequences;
    for (std::size_t i = 0; i < endings.size(); ++i) {
        if (endings[i].from < 1 || endings[i].from >= endings[i].ids.size())
            return base::internalError(
                fmt::format("ending {} begins at {} of {} tokens", i, endings[i].from, endings[i].ids.size()));
        sequences.emplace_back(endings[i].ids);
    }
    ESPALIER_CHECK(checkSequences(sequences));
    std::vector<PlanPointer> all{nullptr}; // stream 0 is the base
    all.insert(all.end(), variants.begin(), variants.end());
    ESPALIER_TRY(const Streams streams, streamsOf(all));
    ESPALIER_CHECK(m_weights->prepare(true, job));
    EndingJudgements sums(static_cast<std::size_t>(streams.count()), std::vector<EndingFigures>(endings.size()));
    ProgressPart progress{&job, "judging endings", "tokens"};
    for (const TokenSpan& sequence : sequences)
        progress.total += static_cast<double>(sequence.size());
    for (const Group& group : groupsOf(sequences, streams.count())) {
        const auto tokens = static_cast<double>(group.tokens);
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        progress.size = tokens * kLayersShare;
        ESPALIER_TRY(std::vector<Batch> batches,
                     pass.run(std::span(sequences).subspan(group.begin, group.end - group.begin), progress));
        progress.from += progress.size;
        ESPALIER_TRY(const EndWeights* ends, m_weights->ends(End::Head, job));
        const Head head(m_model.spec, *ends);
        for (Batch& batch : batches) {
            if (job.stopRequested())
                return base::cancelledError();
            const std::size_t first = group.begin + batch.first;
            const JudgedRows rows = judgedRows(batch, endings.subspan(first));
            const at::Tensor row = at::tensor(rows.row, at::kLong);
            for (std::int64_t begin = 0; begin < row.size(0); begin += head.rowsAtOnce()) {
                const std::int64_t count = std::min(head.rowsAtOnce(), row.size(0) - begin);
                const auto logOf = [&](std::int64_t stream) {
                    return at::log_softmax(
                        head.logits(batch.hidden.index_select(0, row.narrow(0, begin, count) + stream * batch.rows)),
                        1);
                };
                const at::Tensor logP = logOf(0), p = logP.exp();
                const std::int64_t n = p.size(1);
                for (std::int64_t stream = 0; stream < streams.count(); ++stream) {
                    const at::Tensor logQ = stream == 0 ? logP : logOf(stream);
                    std::vector<EndingFigures> found(static_cast<std::size_t>(count));
                    at::parallel_for(0, count, 4, [&](std::int64_t from, std::int64_t to) {
                        for (std::int64_t i = from; i < to; ++i)
                            found[static_cast<std::size_t>(i)] =
                                figuresOf(p.const_data_ptr<float>() + i * n, logP.const_data_ptr<float>() + i * n,
                                          logQ.const_data_ptr<float>() + i * n, n,
                                          rows.next[static_cast<std::size_t>(begin + i)]);
                    });
                    for (std::int64_t i = 0; i < count; ++i) { // in order, so that sums do not depend on threads
                        EndingFigures& sum = sums[static_cast<std::size_t>(stream)]
                                                 [first + rows.ending[static_cast<std::size_t>(begin + i)]];
                        const EndingFigures& one = found[static_cast<std::size_t>(i)];
                        sum.logLikelihood += one.logLikelihood;
                        sum.kl += one.kl;
                        sum.acceptance += one.acceptance;
                    }
                }
            }
            progress.size = static_cast<double>(batch.rows) * (1 - kLayersShare);
            progress.report(1);
            progress.from += progress.size;
            m_flops += head.flops(row.size(0) * streams.count());
            batch = {}; // its rows are not needed any more
        }
        m_flops += pass.flops();
    }
    EndingJudgements result;
    for (std::size_t v = 0; v < variants.size(); ++v)
        result.push_back(sums[static_cast<std::size_t>(streams.ofVariant(v + 1))]);
    return result;
}

} // namespace espalier::engine
