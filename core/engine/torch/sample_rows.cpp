// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/sample_rows.h"

#include "core/engine/sampled_tokens.h"
#include "core/engine/torch/element.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <numeric>

namespace espalier::engine {

using stats::SampleKind;
using stats::SampleType;

stats::Coalitions countSets(const at::Tensor& ids)
{
    const std::int64_t n = ids.size(0), k = ids.size(1);
    const auto* from = data<std::int64_t>(ids);
    std::vector<std::vector<std::uint16_t>> sets(static_cast<std::size_t>(n));
    for (std::size_t row = 0; row < sets.size(); ++row) {
        sets[row].assign(from + static_cast<std::int64_t>(row) * k, from + static_cast<std::int64_t>(row + 1) * k);
        std::sort(sets[row].begin(), sets[row].end());
    }
    std::sort(sets.begin(), sets.end());
    stats::Coalitions counted{true, static_cast<std::int32_t>(k), {}, {}};
    for (std::size_t row = 0; row < sets.size(); ++row) {
        if (row > 0 && sets[row] == sets[row - 1]) {
            counted.tokens.back() += 1;
            continue;
        }
        counted.ids.insert(counted.ids.end(), sets[row].begin(), sets[row].end());
        counted.tokens.push_back(1);
    }
    return counted;
}

void addRows(stats::Samples& samples, SampleKind kind, const at::Tensor& values)
{
    const at::Tensor rows = values.contiguous();
    const auto type = rows.scalar_type() == at::kBFloat16 ? SampleType::BF16 : SampleType::F32;
    samples.add(kind, type, rows.dim() == 1 ? 1 : rows.size(1),
                {static_cast<const std::byte*>(rows.const_data_ptr()), rows.nbytes()});
}

namespace {

void addTokens(stats::Samples& samples, SampleKind kind, const std::vector<std::int64_t>& rows, std::int64_t place)
{
    std::vector<std::uint32_t> tokens;
    for (const std::int64_t row : rows)
        tokens.push_back(static_cast<std::uint32_t>(place + row));
    samples.add(kind, SampleType::U32, 1, tokens);
}

} // namespace

/// Of every text as many rows as its share, evenly spaced in the order of the router's largest score: what it is sure
/// of and what it is not are there as often as in the text.
std::vector<std::int64_t> SampleRowsTaker::spreadRows(const MoeObservation& o) const
{
    const at::Tensor sure = std::get<0>(o.scores.max(1)).contiguous();
    const float* score = data<float>(sure);
    const std::int64_t end = o.firstRow + o.residual.size(0);
    std::vector<std::int64_t> chosen;
    for (const Span& text : o.texts) {
        const std::int64_t from = std::max(text.begin, o.firstRow), to = std::min(text.begin + text.length, end);
        if (from >= to)
            continue;
        std::vector<std::int64_t> rows(static_cast<std::size_t>(to - from));
        std::iota(rows.begin(), rows.end(), from - o.firstRow);
        std::stable_sort(rows.begin(), rows.end(), [&](auto a, auto b) { return score[a] > score[b]; });
        for (std::size_t rank = 0; rank < rows.size(); ++rank)
            if (isSampled(from - text.begin + static_cast<std::int64_t>(rank), text.key, m_tokens.step))
                chosen.push_back(rows[rank]);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void SampleRowsTaker::begin(const MoeObservation& o, const at::Tensor& x)
{
    if (!m_wanted.hasGroup("S8") || m_tokens.step <= 0 || m_held.contains(o.residual.const_data_ptr()))
        return;
    Held held{spreadRows(o), {}};
    if (!held.rows.empty())
        held.x = x.index_select(0, at::tensor(held.rows, at::kLong));
    m_held.emplace(o.residual.const_data_ptr(), std::move(held));
}

void SampleRowsTaker::take(const MoeObservation& o, std::int64_t place, stats::Samples& into)
{
    if (m_wanted.hasGroup("S7")) {
        const std::int64_t k = o.ids.size(1);
        const std::int64_t rows = std::clamp<std::int64_t>(m_tokens.first - place, 0, o.ids.size(0));
        std::vector<std::int64_t> all(static_cast<std::size_t>(rows));
        std::iota(all.begin(), all.end(), std::int64_t{0});
        if (rows > 0) {
            const at::Tensor ids = o.ids.narrow(0, 0, rows).contiguous();
            const auto* from = data<std::int64_t>(ids);
            addTokens(into, SampleKind::TraceToken, all, place);
            into.add(SampleKind::TraceExperts, SampleType::U16, k, std::vector<std::uint16_t>(from, from + rows * k));
            addRows(into, SampleKind::TraceGates, o.gates.narrow(0, 0, rows));
        }
    }
    const auto found = m_held.find(o.residual.const_data_ptr());
    if (found == m_held.end())
        return;
    const Held held = std::move(found->second);
    m_held.erase(found);
    if (held.rows.empty())
        return;
    const at::Tensor rows = at::tensor(held.rows, at::kLong);
    addTokens(into, SampleKind::BankToken, held.rows, place);
    addRows(into, SampleKind::BankInput, held.x);
    addRows(into, SampleKind::BankResidual, o.residual.index_select(0, rows));
    addRows(into, SampleKind::BankOutput, o.routed.index_select(0, rows));
}

} // namespace espalier::engine
