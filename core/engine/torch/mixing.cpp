// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/mixing.h"

#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <map>

namespace espalier::engine {

namespace {

/// Where every mapped probability is 0 or less nothing is chosen, instead of a division by 0.
constexpr double kLeastSum = 1e-30;

at::Tensor matrixOf(std::span<const float> values, std::int64_t rows)
{
    return at::from_blob(const_cast<float*>(values.data()), {rows, static_cast<std::int64_t>(values.size()) / rows},
                         at::kFloat)
        .to(at::kDouble);
}

void accumulate(at::Tensor& sum, const at::Tensor& weight, double coefficient)
{
    if (!weight.defined())
        return;
    if (!sum.defined())
        sum = at::zeros(weight.sizes(), weight.options().dtype(at::kDouble));
    sum.add_(weight.to(at::kDouble), coefficient);
}

std::uint64_t bytesOf(const FfnWeights& weights)
{
    std::uint64_t bytes = 0;
    for (const at::Tensor* tensor : {&weights.gateUp, &weights.down, &weights.gateUpBias, &weights.downBias})
        bytes += tensor->defined() ? tensor->nbytes() : 0;
    return bytes;
}

} // namespace

LayerMixing::LayerMixing(std::vector<MixingChoice> streams, std::int64_t experts, at::ScalarType type)
    : m_experts(experts), m_type(type), m_choices(std::move(streams))
{
    std::map<std::vector<float>, std::int64_t> known; // equal rows of several streams are one expert
    for (const MixingChoice& choice : m_choices) {
        auto& stream = m_streams.emplace_back();
        if (!choice.mixing)
            continue;
        stream.emplace();
        stream->router = matrixOf(choice.mixing->router, choice.mixing->kept);
        stream->home.assign(choice.keep.begin(), choice.keep.end());
        std::vector<std::int64_t> ids;
        for (std::size_t row = 0; row < choice.keep.size(); ++row) {
            const std::span<const float> merge = choice.mixing->mergeRow(row);
            if (const std::int32_t copied = method::ExpertMixing::copied(merge); copied >= 0) {
                ids.push_back(copied);
                continue;
            }
            const auto [entry, isNew] = known.try_emplace({merge.begin(), merge.end()}, total());
            if (isNew)
                m_rows.push_back(merge);
            ids.push_back(entry->second);
        }
        stream->id = at::tensor(ids, at::kLong);
    }
}

void LayerMixing::route(const model::RouterSpec& spec, const at::Tensor& correctionBias, const at::Tensor& limit,
                        const at::Tensor& stream, Routing& routing) const
{
    const bool softmax = spec.score != model::RouterScore::Sigmoid;
    for (std::size_t s = 0; s < m_streams.size(); ++s) {
        if (!m_streams[s])
            continue;
        const Stream& mixes = *m_streams[s];
        const at::Tensor rows = at::nonzero(stream == static_cast<std::int64_t>(s)).view(-1);
        if (rows.size(0) == 0)
            continue;
        at::Tensor mapped =
            at::linear(routing.scores.index_select(0, rows).to(at::kDouble), mixes.router).clamp_min_(0);
        if (softmax)
            mapped.div_(mapped.sum(1, true).clamp_min_(kLeastSum));
        const at::Tensor scores = mapped.to(at::kFloat);
        at::Tensor keys = scores;
        if (correctionBias.defined())
            keys = scores + correctionBias.index_select(0, at::tensor(mixes.home, at::kLong));
        at::Tensor ids, gates;
        selectTopK(keys, keys, scores, spec.topK, ids, gates);
        if (limit.defined())
            gates.masked_fill_(beyondLimit(limit.narrow(0, static_cast<std::int64_t>(s), 1), gates), 0.0F);
        if (spec.score == model::RouterScore::SoftmaxChosen) {
            gates.div_(gates.sum(1, true).clamp_min_(kLeastSum));
        } else {
            if (spec.normalizeTopK)
                gates.div_(gates.sum(1, true).clamp_min_(std::max(spec.normFloor, kLeastSum)).add_(spec.normAddend));
            if (spec.scale != 1.0)
                gates.mul_(spec.scale);
        }
        routing.ids.index_copy_(0, rows, mixes.id.index_select(0, ids.view(-1)).view_as(ids));
        routing.gates.index_copy_(0, rows, gates);
    }
}

void LayerMixing::add(const ExpertPack& pack, at::ScalarType compute)
{
    if (!m_mixed.empty()) // they are ready from an earlier batch
        return;
    m_sums.resize(m_rows.size());
    for (std::size_t i = 0; i < pack.experts.size(); ++i) {
        const std::size_t expert = static_cast<std::size_t>(pack.first) + i;
        const bool wanted =
            std::any_of(m_rows.begin(), m_rows.end(), [&](const auto& row) { return row[expert] != 0.0F; });
        if (!wanted)
            continue;
        const FfnWeights weights = inUse(pack.experts[i], compute);
        for (std::size_t r = 0; r < m_rows.size(); ++r) {
            const double coefficient = m_rows[r][expert];
            if (coefficient == 0.0)
                continue;
            accumulate(m_sums[r].gateUp, weights.gateUp, coefficient);
            accumulate(m_sums[r].down, weights.down, coefficient);
            accumulate(m_sums[r].gateUpBias, weights.gateUpBias, coefficient);
            accumulate(m_sums[r].downBias, weights.downBias, coefficient);
        }
    }
}

void LayerMixing::finish(at::ScalarType compute)
{
    if (!m_mixed.empty())
        return;
    const auto rounded = [&](const at::Tensor& sum) {
        return sum.defined() ? sum.to(at::kFloat).to(m_type).to(compute) : sum;
    };
    for (Sum& sum : m_sums) {
        m_mixed.push_back(
            {rounded(sum.gateUp), rounded(sum.down), rounded(sum.gateUpBias), rounded(sum.downBias), {}, {}});
        sum = {};
    }
    m_sums.clear();
}

ExpertPack LayerMixing::mixed(at::ScalarType compute)
{
    finish(compute);
    return {m_experts, m_mixed};
}

ExpertPack LayerMixing::together(const ExpertPack& all, at::ScalarType compute)
{
    if (m_rows.empty())
        return all;
    if (m_together.empty()) {
        add(all, compute);
        finish(compute);
        m_together.assign(all.experts.begin(), all.experts.end());
        m_together.insert(m_together.end(), m_mixed.begin(), m_mixed.end());
    }
    return {0, m_together};
}

void LayerMixing::forget()
{
    m_sums.clear();
    m_mixed.clear();
    m_together.clear();
}

std::uint64_t LayerMixing::bytes() const
{
    std::uint64_t bytes = 0;
    for (const FfnWeights& weights : m_mixed)
        bytes += bytesOf(weights);
    return bytes;
}

} // namespace espalier::engine
