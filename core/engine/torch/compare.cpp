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

bool skips(PlanPointer plan)
{
    return plan != nullptr && plan->skips();
}

/// Counts the choices that count, in every layer and stream, over the rows of one text set.
class ActiveCounter final : public Observer {
public:
    explicit ActiveCounter(std::size_t layers) : m_layers(layers) {}
    void observeExperts(MoeObservation&, std::span<const ExpertRows>) override {}
    void observeLayer(const MoeObservation& observation) override
    {
        auto& streams = m_layers[static_cast<std::size_t>(observation.moePosition)];
        const at::Tensor counts = observation.gates.ne(0).sum(1).contiguous(), stream = observation.stream.contiguous();
        for (std::int64_t row = 0; row < counts.size(0); ++row) {
            const auto s = static_cast<std::size_t>(stream.const_data_ptr<std::int64_t>()[row]);
            streams.resize(std::max(streams.size(), s + 1));
            streams[s].choices += static_cast<double>(counts.const_data_ptr<std::int64_t>()[row]);
            streams[s].rows += 1;
        }
    }
    /// Per MoE layer the mean of the rows that end as `stream`.
    [[nodiscard]] std::vector<double> means(const model::ModelSpec& spec, const Streams& streams,
                                            std::int64_t stream) const
    {
        std::vector<double> means;
        for (std::size_t index = 0; index < spec.layers.size(); ++index) {
            if (!spec.layers[index].moe)
                continue;
            const std::int64_t here = index + 1 < spec.layers.size()
                                          ? streams.layer(index + 1).entering[static_cast<std::size_t>(stream)]
                                          : stream;
            const auto& sums = m_layers[means.size()];
            const Sum sum = std::cmp_less(here, sums.size()) ? sums[static_cast<std::size_t>(here)] : Sum{};
            means.push_back(sum.rows > 0 ? sum.choices / sum.rows : 0);
        }
        return means;
    }

private:
    struct Sum {
        double choices = 0, rows = 0;
    };
    std::vector<std::vector<Sum>> m_layers; // [MoE layer][stream]
};

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
    std::vector<ActiveCounter> counters(texts.size(), ActiveCounter(m_model.summary.moeLayers.size()));
    PassSetup count;
    if (std::any_of(plans.begin(), plans.end(), skips))
        count = [&](Pass& pass, const Group& group) {
            for (ActiveCounter& counter : counters)
                pass.observers.push_back(&counter);
            for (std::size_t i = group.begin; i < group.end; ++i)
                pass.sets.push_back(places[i].set);
        };
    ESPALIER_CHECK(runToHead(sequences, streams, "comparing on texts", kLayersShare, use, job, count));
    TextComparison result(plans.size());
    for (std::size_t p = 0; p < plans.size(); ++p)
        for (std::size_t set = 0; set < texts.size(); ++set) {
            const std::int64_t stream = streams.ofVariant(p + 1);
            result[p].push_back(comparison.result(stream, set));
            if (skips(plans[p]))
                result[p].back().activeExperts = counters[set].means(m_model.spec, streams, stream);
        }
    return result;
}

} // namespace espalier::engine
