// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/comparison.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Share of the progress that the layers take; the rest is the head.
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
    std::vector<PlanPointer> variants{nullptr};
    variants.insert(variants.end(), plans.begin(), plans.end());
    ESPALIER_TRY(const Streams streams, streamsOf(variants));
    Comparison comparison(windows, streams.count());
    const auto use = [&](const Head& head, const Batch& batch, std::size_t first) -> Result<std::int64_t> {
        addBatch(head, batch,
                 predictedRows(batch, std::span(sequences).subspan(first), std::span(places).subspan(first)),
                 comparison);
        return batch.rows * streams.count();
    };
    ESPALIER_CHECK(runToHead(sequences, streams, "comparing on texts", kLayersShare, use, job));
    TextComparison result(plans.size());
    for (std::size_t p = 0; p < plans.size(); ++p)
        for (std::size_t set = 0; set < texts.size(); ++set)
            result[p].push_back(comparison.result(streams.ofVariant(p + 1), set));
    return result;
}

} // namespace espalier::engine
