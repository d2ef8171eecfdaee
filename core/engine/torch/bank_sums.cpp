// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/bank_sums.h"

#include "core/engine/sampled_tokens.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace espalier::engine {

using stats::LayerStats;
using stats::Stat;

namespace {

/// Tokens of one text whose kernels are compared together; the estimate needs four.
constexpr std::int64_t kHsicTokens = 32, kLeastHsicTokens = 4;

void add(LayerStats& sums, Stat stat, const at::Tensor& values)
{
    const auto into = sums.edit(stat);
    const at::Tensor from = values.to(at::kDouble).contiguous();
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] += from.const_data_ptr<double>()[i];
}

/// [E, E] unbiased HSIC (Song et al. 2012, eq. 5) of the experts' outputs `f` [n, E, H] with linear kernels:
/// (tr(KL) + 1'K1 1'L1 / ((n-1)(n-2)) - 2 1'KL1 / (n-2)) / (n (n-3)), K and L without their diagonals.
at::Tensor hsic(const at::Tensor& f)
{
    const at::Tensor experts = f.transpose(0, 1).contiguous();
    at::Tensor kernel = at::bmm(experts, experts.transpose(1, 2)).to(at::kDouble);
    kernel.diagonal(0, 1, 2).zero_();
    const auto n = static_cast<double>(f.size(0));
    const at::Tensor flat = kernel.flatten(1), rows = kernel.sum(2), total = rows.sum(1, true);
    const at::Tensor trace = at::mm(flat, flat.t()), totals = at::mm(total, total.t()), cross = at::mm(rows, rows.t());
    return (trace + totals / ((n - 1) * (n - 2)) - cross * (2 / (n - 2))) / (n * (n - 3));
}

void addHsic(LayerStats& sums, const at::Tensor& outputs, const std::vector<std::int64_t>& texts)
{
    const auto end = static_cast<std::int64_t>(texts.size());
    for (std::int64_t begin = 0; begin < end;) {
        std::int64_t count = 1;
        while (begin + count < end && count < kHsicTokens &&
               texts[static_cast<std::size_t>(begin + count)] == texts[static_cast<std::size_t>(begin)])
            ++count;
        if (count >= kLeastHsicTokens)
            add(sums, Stat::OutputHsic, hsic(outputs.narrow(0, begin, count)));
        begin += count;
    }
}

void addLeaveOut(LayerStats& sums, const LayerBank& bank, const model::ModelSpec& spec, std::size_t tokens)
{
    std::vector<ExpertChoice> choices;
    for (std::int32_t left = 0; left < spec.experts && spec.experts > 1; ++left) {
        ExpertChoice choice;
        for (std::int32_t e = 0; e < spec.experts; ++e)
            if (e != left)
                choice.keep.push_back(e);
        choice.topK = std::min(spec.router.topK, spec.experts - 1);
        choices.push_back(std::move(choice));
    }
    const std::vector<double> losses = bank.tokenLosses(choices);
    for (std::size_t i = 0; i < losses.size(); ++i) {
        sums.edit(Stat::LeaveOutLoss)[i / tokens] += losses[i];
        sums.edit(Stat::LeaveOutLoss2)[i / tokens] += losses[i] * losses[i];
    }
}

} // namespace

BankSums::BankSums(const model::ModelSpec& spec) : m_spec(spec), m_step(bankStep(spec.experts))
{
}

BankSums::Part BankSums::begin(const MoeObservation& o, const at::Tensor& x) const
{
    Part part;
    std::vector<std::int64_t> rows;
    const std::int64_t end = o.firstRow + x.size(0);
    for (std::size_t text = 0; text < o.texts.size(); ++text) {
        const Span& span = o.texts[text];
        for (std::int64_t at = std::max<std::int64_t>(0, o.firstRow - span.begin);
             at < std::min(span.length, end - span.begin); ++at)
            if (isSampled(at, span.key, m_step)) {
                rows.push_back(span.begin + at - o.firstRow);
                part.texts.push_back(static_cast<std::int64_t>(text));
            }
    }
    if (!rows.empty())
        part.bank = std::make_unique<LayerBank>(m_spec, *o.weights, x.index_select(0, at::tensor(rows, at::kLong)),
                                                at::Tensor());
    return part;
}

void BankSums::add(const MoeObservation& o, const at::Tensor& x, const ExpertPack& pack)
{
    auto found = m_parts.find(o.residual.const_data_ptr());
    if (found == m_parts.end())
        found = m_parts.emplace(o.residual.const_data_ptr(), begin(o, x)).first;
    if (found->second.bank)
        found->second.bank->add(pack);
}

void BankSums::finish(const MoeObservation& o, LayerStats& sums)
{
    const auto found = m_parts.find(o.residual.const_data_ptr());
    if (found == m_parts.end())
        return;
    const Part part = std::move(found->second);
    m_parts.erase(found);
    if (!part.bank)
        return;
    LayerBank& bank = *part.bank;
    if (sums.has(Stat::BankOutputSum))
        engine::add(sums, Stat::BankOutputSum, bank.outputs().sum(0, false, at::kDouble));
    if (sums.has(Stat::OutputHsic))
        addHsic(sums, bank.outputs(), part.texts);
    bank.finish();
    sums.edit(Stat::BankTokens)[0] += static_cast<double>(part.texts.size());
    sums.edit(Stat::BankEnergy)[0] += bank.energy();
    if (sums.has(Stat::LeaveOutLoss)) {
        const at::Tensor gram = bank.gram(), gates = bank.gates();
        engine::add(sums, Stat::OutputGram, gram.sum(0, false, at::kDouble));
        engine::add(sums, Stat::GatedGram, (gram * gates.unsqueeze(1) * gates.unsqueeze(2)).sum(0, false, at::kDouble));
        addLeaveOut(sums, bank, m_spec, part.texts.size());
    }
    if (sums.has(Stat::TopKLoss)) {
        std::vector<ExpertChoice> choices(static_cast<std::size_t>(m_spec.router.topK));
        for (std::size_t m = 0; m < choices.size(); ++m)
            choices[m].topK = static_cast<std::int32_t>(m + 1);
        const std::vector<double> losses = bank.losses(choices);
        std::transform(losses.begin(), losses.end(), sums[Stat::TopKLoss].begin(), sums.edit(Stat::TopKLoss).begin(),
                       std::plus<>());
    }
}

} // namespace espalier::engine
