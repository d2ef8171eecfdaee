// SPDX-License-Identifier: Apache-2.0
// MEO looked at: what a layer gives when each group of tokens has one expert, merged by the group's gates.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <numeric>

namespace espalier::engine {

namespace {

at::Tensor finite(const at::Tensor& outputs)
{
    return at::nan_to_num(outputs.to(at::kFloat), 0.0, 0.0, 0.0);
}

/// The rows of one batch at one layer. N rows, G groups, E experts, H hidden.
class GroupedRows {
public:
    GroupedRows(const model::ModelSpec& spec, const LayerWeights& weights, const Batch& batch, std::int64_t groupTokens)
        : m_spec(spec), m_set(batch.set), m_x(norm(spec, weights.ffnNorm, batch.hidden))
    {
        std::vector<std::int64_t> group; // of each row
        std::vector<at::Tensor> means;
        for (const Span& sequence : batch.sequences) {
            const std::int64_t size = groupTokens > 0 ? groupTokens : sequence.length;
            for (std::int64_t begin = 0; begin < sequence.length; begin += size) {
                const std::int64_t count = std::min(size, sequence.length - begin);
                group.insert(group.end(), static_cast<std::size_t>(count), static_cast<std::int64_t>(means.size()));
                means.push_back(m_x.narrow(0, sequence.begin + begin, count).to(at::kFloat).mean(0, true));
            }
        }
        m_groups = static_cast<std::int64_t>(means.size());
        const at::Tensor groups = at::tensor(group, at::kLong);
        const Routing shared = route(spec.router, weights, at::cat(means).to(m_x.scalar_type()), {}, {}, {});
        const at::Tensor sum = shared.gates.sum(1, true);
        at::Tensor shares = at::zeros({m_groups, spec.experts}, at::kFloat);
        shares.scatter_add_(1, shared.ids, shared.gates / sum.clamp_min(1e-30));
        m_shares = shares.index_select(0, groups);
        m_scale = sum.index_select(0, groups);
        m_own = gatesOf(route(spec.router, weights, m_x, {}, {}, {}));
        at::Tensor first = at::full({1, spec.router.topK}, kBeyond, at::kFloat);
        first.select(1, 0).zero_();
        m_first = gatesOf(
            route(spec.router, weights, m_x, {}, first, at::zeros({m_x.size(0)}, at::TensorOptions(at::kLong))));
        m_inner = at::zeros({m_x.size(0), 2 * std::int64_t{spec.expertWidth}}, at::kFloat);
        for (at::Tensor* output : {&m_whole, &m_merged, &m_averaged, &m_single})
            *output = at::zeros({m_x.size(0), spec.hidden}, at::kFloat);
    }

    /// Every expert once: what it gives by itself, and its part of the merged gate and up projections.
    void addInner(const ExpertPack& pack)
    {
        for (std::size_t i = 0; i < pack.experts.size(); ++i) {
            const std::int64_t expert = pack.first + static_cast<std::int64_t>(i);
            const at::Tensor share = m_shares.select(1, expert), own = m_own.select(1, expert),
                             first = m_first.select(1, expert);
            const at::Tensor rows = (share.ne(0).logical_or(own.ne(0)).logical_or(first.ne(0))).nonzero().view(-1);
            if (rows.size(0) == 0)
                continue;
            const FfnWeights weights = inUse(pack.experts[i], m_x.scalar_type());
            const at::Tensor inner = project({weights.gateUp, weights.gateUpBias}, m_x.index_select(0, rows));
            const at::Tensor output =
                finite(project({weights.down, weights.downBias}, activate(m_spec.activation, inner)));
            const auto weighed = [&](const at::Tensor& values, const at::Tensor& by) {
                return values * by.index_select(0, rows).unsqueeze(1);
            };
            m_inner.index_add_(0, rows, weighed(finite(inner), share));
            m_averaged.index_add_(0, rows, weighed(output, share));
            m_whole.index_add_(0, rows, weighed(output, own));
            m_single.index_add_(0, rows, weighed(output, first));
        }
    }

    /// Between the two.
    void activateInner() { m_inner = activate(m_spec.activation, m_inner.to(m_x.scalar_type())); }

    /// Every expert again: its part of the merged down projection.
    void addDown(const ExpertPack& pack)
    {
        for (std::size_t i = 0; i < pack.experts.size(); ++i) {
            const at::Tensor share = m_shares.select(1, pack.first + static_cast<std::int64_t>(i));
            const at::Tensor rows = share.nonzero().view(-1);
            if (rows.size(0) == 0)
                continue;
            const FfnWeights weights = inUse(pack.experts[i], m_x.scalar_type());
            const at::Tensor down = finite(project({weights.down, weights.downBias}, m_inner.index_select(0, rows)));
            m_merged.index_add_(0, rows, down * share.index_select(0, rows).unsqueeze(1));
        }
    }

    void addTo(std::vector<SequenceMergeFigures>& sets) const
    {
        const auto squares = [&](const at::Tensor& output) {
            return (m_whole - output).to(at::kDouble).square().sum().item<double>();
        };
        SequenceMergeFigures& figures = sets[m_set];
        figures.tokens += m_x.size(0);
        figures.groups += m_groups;
        figures.energy += m_whole.to(at::kDouble).square().sum().item<double>();
        figures.merged += squares(m_merged * m_scale);
        figures.averaged += squares(m_averaged * m_scale);
        figures.first += squares(m_single);
    }

private:
    /// [N, E]
    [[nodiscard]] at::Tensor gatesOf(const Routing& routing) const
    {
        return at::zeros({routing.ids.size(0), m_spec.experts}, at::kFloat)
            .scatter_add(1, routing.ids, routing.gates.to(at::kFloat));
    }

    const model::ModelSpec& m_spec;
    std::size_t m_set;
    std::int64_t m_groups = 0;
    at::Tensor m_x;                                     ///< [N, H] compute type
    at::Tensor m_shares, m_scale, m_own, m_first;       ///< [N, E], [N, 1], [N, E], [N, E]
    at::Tensor m_inner;                                 ///< [N, 2I], then [N, I]
    at::Tensor m_whole, m_merged, m_averaged, m_single; ///< [N, H]
};

} // namespace

Result<void> TorchEngine::mergeSequences(std::span<const TextSet> texts, std::int64_t groupTokens,
                                         const SequenceMergeSink& sink, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runMergeSequences(texts, groupTokens, sink, job); });
}

Result<void> TorchEngine::runMergeSequences(std::span<const TextSet> texts, std::int64_t groupTokens,
                                            const SequenceMergeSink& sink, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!spec.isMoe())
        return badInput("the model has no routed experts to merge", m_model.checkpoint.path().string());
    if (spec.subExperts)
        return badInput("its experts are carved: the router inside each of them knows its own neurons only",
                        m_model.checkpoint.path().string(), {}, "Look at the model before it is carved");
    std::vector<TokenSpan> sequences;
    std::vector<std::size_t> sets;
    for (std::size_t set = 0; set < texts.size(); ++set)
        for (const tokenizer::Window& window : texts[set].windows) {
            sequences.emplace_back(window.ids);
            sets.push_back(set);
        }
    std::vector<std::int64_t> all(static_cast<std::size_t>(spec.experts));
    std::iota(all.begin(), all.end(), 0);
    const auto overPacks = [&](std::size_t index, const auto& use) -> Result<void> {
        m_weights->wanted(index, all);
        for (std::size_t p = 0; p < m_weights->packs(index); ++p) {
            if (job.stopRequested())
                return base::cancelledError();
            ESPALIER_TRY(const ExpertPack pack, m_weights->experts(index, p, job));
            use(pack);
        }
        return {};
    };
    const auto look = [&](std::size_t index, const LayerWeights& weights,
                          std::span<const Batch> batches) -> Result<void> {
        std::vector<GroupedRows> rows;
        for (const Batch& batch : batches)
            rows.emplace_back(spec, weights, batch, groupTokens);
        ESPALIER_CHECK(overPacks(index, [&](const ExpertPack& pack) {
            for (GroupedRows& part : rows)
                part.addInner(pack);
        }));
        for (GroupedRows& part : rows)
            part.activateInner();
        ESPALIER_CHECK(overPacks(index, [&](const ExpertPack& pack) {
            for (GroupedRows& part : rows)
                part.addDown(pack);
        }));
        std::vector<SequenceMergeFigures> figures(texts.size());
        for (const GroupedRows& part : rows)
            part.addTo(figures);
        return sink(spec.layers[index].index, figures);
    };
    return runLayers(sequences, "merging experts by sequence", job, [&](Pass& pass, const Group&) {
        pass.sets = sets;
        pass.beforeExperts = look;
    });
}

} // namespace espalier::engine
