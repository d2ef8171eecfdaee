// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/merge_observer.h"

#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {
namespace {

template <typename T>
std::vector<T> listOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous();
    return {flat.const_data_ptr<T>(), flat.const_data_ptr<T>() + flat.numel()};
}

at::Tensor finite(const at::Tensor& outputs)
{
    return at::nan_to_num(outputs.to(at::kFloat), 0.0, 0.0, 0.0);
}

} // namespace

MergeObserver::MergeObserver(const model::ModelSpec& spec, const EvidenceSettings& settings, std::int64_t rows)
    : m_spec(spec), m_settings(settings)
{
    const auto width = static_cast<std::uint64_t>(spec.experts) *
                       static_cast<std::uint64_t>(std::max(spec.hidden, spec.expertWidth)) * sizeof(float);
    const auto fits = static_cast<std::int64_t>(std::max<std::uint64_t>(1, settings.bankBytes / width));
    const std::int64_t wanted =
        std::clamp<std::int64_t>(std::min(settings.bankTokens, fits), 1, std::max<std::int64_t>(1, rows));
    m_step = (rows + wanted - 1) / wanted;
    m_bank = (rows + m_step - 1) / m_step;
    begin();
}

void MergeObserver::begin()
{
    const auto doubles = at::TensorOptions(at::kDouble);
    const std::int64_t e = m_spec.experts, h = m_spec.hidden;
    m_parts.clear();
    m_seen = m_slots = 0;
    m_tokens = 0;
    for (at::Tensor* each : {&m_chosen, &m_gates, &m_saliency, &m_squares, &m_logitSum})
        *each = at::zeros({e}, doubles);
    m_routed = at::zeros({e, h}, doubles);
    m_logitGram = at::zeros({e, e}, doubles);
    if (m_settings.needs.everyToken) {
        m_mean = at::zeros({e, h}, doubles);
        m_gatedMean = at::zeros({e, h}, doubles);
    }
    m_bankGates = at::zeros({m_bank, e}, at::kFloat);
    m_bankLogits = at::zeros({m_bank, e}, at::kFloat);
    m_outputs = at::zeros({m_bank, e, h}, at::kFloat);
    if (m_settings.needs.activations)
        m_activations = at::zeros({e, m_bank, m_spec.expertWidth}, at::kFloat);
}

const MergeObserver::Part& MergeObserver::partOf(const MoeObservation& observation)
{
    const auto [found, isNew] = m_parts.try_emplace(observation.residual.const_data_ptr());
    Part& part = found->second;
    if (!isNew)
        return part;
    const std::int64_t rows = observation.residual.size(0);
    const at::Tensor numbers = at::arange(rows, at::kLong);
    part.rows = numbers.masked_select((numbers + m_seen).remainder(m_step).eq(0));
    part.slot = m_slots;
    m_seen += rows;
    m_slots += part.rows.numel();
    if (part.rows.numel() > 0) {
        at::Tensor gates = at::zeros({rows, m_spec.experts}, at::kFloat);
        gates.scatter_add_(1, observation.ids, observation.gates.to(at::kFloat));
        m_bankGates.narrow(0, part.slot, part.rows.numel()).copy_(gates.index_select(0, part.rows));
        m_bankLogits.narrow(0, part.slot, part.rows.numel()).copy_(observation.logits.index_select(0, part.rows));
    }
    return part;
}

void MergeObserver::everyToken(const at::Tensor& outputs, const at::Tensor& scores, std::int64_t expert)
{
    m_mean[expert] += outputs.to(at::kDouble).sum(0);
    m_gatedMean[expert] += at::mv(outputs.t(), scores.select(1, expert)).to(at::kDouble);
}

void MergeObserver::observePack(const MoeObservation& observation, const at::Tensor& x, const ExpertPack& pack)
{
    const Part& part = partOf(observation);
    const std::int64_t count = part.rows.numel();
    const at::Tensor sample = count > 0 ? x.index_select(0, part.rows) : at::Tensor();
    for (std::size_t i = 0; i < pack.experts.size(); ++i) {
        const std::int64_t expert = pack.first + static_cast<std::int64_t>(i);
        const bool all = m_settings.needs.everyToken;
        if (!all && count == 0)
            continue;
        const FfnWeights weights = inUse(pack.experts[i], x.scalar_type());
        if (all)
            everyToken(finite(denseFfn(m_spec.activation, weights, x)), observation.scores, expert);
        if (count == 0)
            continue;
        const at::Tensor inner =
            innerOf(m_spec.activation, weights, sample, project({weights.gateUp, weights.gateUpBias}, sample));
        m_outputs.narrow(0, part.slot, count)
            .select(1, expert)
            .copy_(finite(project({weights.down, weights.downBias}, inner)));
        if (m_activations.defined())
            m_activations[expert].narrow(0, part.slot, count).copy_(finite(inner));
    }
}

void MergeObserver::observeExperts(MoeObservation& observation, std::span<const ExpertRows> experts)
{
    for (const ExpertRows& part : experts) {
        const at::Tensor outputs = finite(part.output).to(at::kDouble);
        const at::Tensor squares = outputs.square().sum(1);
        const at::Tensor scores = observation.scores.select(1, part.expert).index_select(0, part.rows).to(at::kDouble);
        m_routed[part.expert] += outputs.sum(0);
        m_squares[part.expert] += squares.sum();
        m_saliency[part.expert] += (scores * squares.sqrt()).sum();
    }
}

void MergeObserver::observeLayer(const MoeObservation& observation)
{
    const at::Tensor ids = observation.ids.reshape({-1});
    const at::Tensor logits = observation.logits.to(at::kDouble);
    m_tokens += static_cast<double>(observation.ids.size(0));
    m_chosen += at::bincount(ids, {}, m_spec.experts).to(at::kDouble);
    m_gates.index_add_(0, ids, observation.gates.reshape({-1}).to(at::kDouble));
    m_logitSum += logits.sum(0);
    m_logitGram += at::mm(logits.t(), logits);
}

void MergeObserver::finishBank(method::LayerEvidence& evidence) const
{
    evidence.bank = m_slots;
    const at::Tensor outputs = m_outputs.narrow(0, 0, m_slots);
    evidence.bankGates = listOf<float>(m_bankGates.narrow(0, 0, m_slots));
    evidence.bankLogits = listOf<float>(m_bankLogits.narrow(0, 0, m_slots));
    evidence.outputGram = listOf<float>(at::bmm(outputs, outputs.transpose(1, 2)));
    if (m_settings.needs.meanProducts) {
        const at::Tensor means = (m_routed / m_chosen.clamp_min(1.0).unsqueeze(1)).to(at::kFloat);
        evidence.meanProducts = listOf<float>(at::matmul(outputs, means.t()));
    }
    if (m_settings.needs.cka) {
        // <K_i, K_j> of centred kernels [n, n] is |F_iᵀ F_j|² of centred outputs: no H × H matrix is formed
        const at::Tensor centred = (outputs - outputs.mean(0, true)).transpose(0, 1).contiguous().to(at::kDouble);
        const at::Tensor kernels = at::bmm(centred, centred.transpose(1, 2)).view({m_spec.experts, -1});
        const at::Tensor products = at::mm(kernels, kernels.t());
        const at::Tensor norms = products.diagonal().sqrt();
        const at::Tensor scale = (norms.unsqueeze(1) * norms.unsqueeze(0)).clamp_min(1e-300);
        evidence.cka = listOf<double>(products / scale);
    }
    if (m_activations.defined())
        evidence.activations = listOf<float>(m_activations.narrow(1, 0, m_slots).transpose(1, 2));
}

method::LayerEvidence MergeObserver::take(LayerIndex layer)
{
    method::LayerEvidence evidence;
    evidence.layer = layer;
    evidence.experts = m_spec.experts;
    evidence.hidden = m_spec.hidden;
    evidence.tokens = m_tokens;
    const at::Tensor perExpert = m_chosen.clamp_min(1.0);
    evidence.chosen = listOf<double>(m_chosen);
    evidence.gates = listOf<double>(m_gates);
    evidence.saliency = listOf<double>(m_saliency / perExpert);
    evidence.squares = listOf<double>(m_squares / perExpert);
    evidence.routedMean = listOf<float>((m_routed / perExpert.unsqueeze(1)).to(at::kFloat));
    evidence.logitSum = listOf<double>(m_logitSum);
    evidence.logitGram = listOf<double>(m_logitGram);
    if (m_settings.needs.everyToken) {
        const double tokens = std::max(1.0, m_tokens);
        evidence.mean = listOf<float>((m_mean / tokens).to(at::kFloat));
        evidence.gatedMean = listOf<float>((m_gatedMean / tokens).to(at::kFloat));
    }
    finishBank(evidence);
    begin();
    return evidence;
}

} // namespace espalier::engine
