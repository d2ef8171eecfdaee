// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/comparison.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Share of a group's progress that the layers take; the rest is the head.
constexpr double kLayersShare = 0.8;

/// The rows of one batch that predict something, with what they predict.
struct PredictedRows {
    std::vector<std::int64_t> row; // of one stream
    std::vector<Prediction> prediction;
};

/// `texts` and `places` begin with the batch's first sequence.
PredictedRows predictedRows(const Batch& batch, std::span<const TokenSpan> texts, std::span<const Prediction> places)
{
    PredictedRows rows;
    for (std::size_t i = 0; i < batch.sequences.size(); ++i)
        for (std::size_t t = 0; t + 1 < texts[i].size(); ++t) {
            rows.row.push_back(batch.sequences[i].begin + static_cast<std::int64_t>(t));
            rows.prediction.push_back({places[i].set, places[i].window, texts[i][t + 1]});
        }
    return rows;
}

void addBatch(const Head& head, const Batch& batch, const PredictedRows& rows, Comparison& comparison)
{
    const at::Tensor row = at::tensor(rows.row, at::kLong);
    for (std::int64_t begin = 0; begin < row.size(0); begin += head.rowsAtOnce()) {
        const std::int64_t count = std::min(head.rowsAtOnce(), row.size(0) - begin);
        const at::Tensor chosen = row.narrow(0, begin, count);
        comparison.add(
            std::span(rows.prediction).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)),
            [&](std::int64_t stream) {
                return head.logits(batch.hidden.index_select(0, chosen + stream * batch.rows));
            });
    }
}

} // namespace

Result<TextComparison> TorchEngine::runCompare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                               const base::JobContext& job)
{
    std::vector<TokenSpan> sequences;
    std::vector<Prediction> places; // set and window of each sequence
    std::vector<std::size_t> windows;
    for (std::size_t set = 0; set < texts.size(); ++set) {
        windows.push_back(texts[set].windows.size());
        for (std::size_t w = 0; w < texts[set].windows.size(); ++w) {
            sequences.emplace_back(texts[set].windows[w].ids);
            places.push_back({set, w, 0});
        }
    }
    ESPALIER_CHECK(checkSequences(sequences));
    std::vector<PlanPointer> variants{nullptr};
    variants.insert(variants.end(), plans.begin(), plans.end());
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, variants));
    ESPALIER_CHECK(m_weights->prepare(true, job));
    Comparison comparison(windows, streams.count());
    ProgressPart progress{&job, "comparing on texts", "tokens"};
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
            addBatch(head, batch,
                     predictedRows(batch, std::span(sequences).subspan(first), std::span(places).subspan(first)),
                     comparison);
            progress.size = static_cast<double>(batch.rows) * (1 - kLayersShare);
            progress.report(1);
            progress.from += progress.size;
            m_flops += head.flops(batch.rows * streams.count());
            batch = {}; // its rows are not needed any more
        }
        m_flops += pass.flops();
    }
    TextComparison result(plans.size());
    for (std::size_t p = 0; p < plans.size(); ++p)
        for (std::size_t set = 0; set < texts.size(); ++set)
            result[p].push_back(comparison.result(streams.ofVariant(p + 1), set));
    return result;
}

} // namespace espalier::engine
