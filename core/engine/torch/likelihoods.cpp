// SPDX-License-Identifier: Apache-2.0
// Log-likelihoods of endings: the layers as in a comparison, the head for the rows that predict a token of an ending.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Share of a group's progress that the layers take; the rest is the head.
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

} // namespace

Result<EndingLikelihoods> TorchEngine::likelihoods(std::span<const Ending> endings,
                                                   std::span<const PlanPointer> variants, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runLikelihoods(endings, variants, job); });
}

Result<EndingLikelihoods> TorchEngine::runLikelihoods(std::span<const Ending> endings,
                                                      std::span<const PlanPointer> variants,
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
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, variants));
    ESPALIER_CHECK(m_weights->prepare(true, job));
    std::vector<std::vector<double>> sums(static_cast<std::size_t>(streams.count()),
                                          std::vector<double>(endings.size(), 0.0));
    ProgressPart progress{&job, "judging endings", "tokens"};
    for (const TokenSpan& sequence : sequences)
        progress.total += static_cast<double>(sequence.size());
    for (const Group& group : groupsOf(sequences, streams.count())) {
        const auto tokens = static_cast<double>(group.tokens);
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        pass.device = m_device.get();
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
            const at::Tensor row = at::tensor(rows.row, at::kLong), next = at::tensor(rows.next, at::kLong);
            for (std::int64_t begin = 0; begin < row.size(0); begin += head.rowsAtOnce()) {
                const std::int64_t count = std::min(head.rowsAtOnce(), row.size(0) - begin);
                for (std::int64_t stream = 0; stream < streams.count(); ++stream) {
                    const at::Tensor logits =
                        head.logits(batch.hidden.index_select(0, row.narrow(0, begin, count) + stream * batch.rows));
                    const at::Tensor chosen = at::log_softmax(logits, 1)
                                                  .gather(1, next.narrow(0, begin, count).unsqueeze(1))
                                                  .to(at::kDouble)
                                                  .contiguous();
                    const double* values = chosen.const_data_ptr<double>();
                    for (std::int64_t i = 0; i < count; ++i)
                        sums[static_cast<std::size_t>(stream)]
                            [first + rows.ending[static_cast<std::size_t>(begin + i)]] += values[i];
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
    EndingLikelihoods result;
    for (std::size_t v = 0; v < variants.size(); ++v)
        result.push_back(sums[static_cast<std::size_t>(streams.ofVariant(v))]);
    return result;
}

} // namespace espalier::engine
