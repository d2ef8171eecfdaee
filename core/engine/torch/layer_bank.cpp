// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/layer_bank.h"

#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/router.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace espalier::engine {

namespace {

/// Rows of choices that are routed together.
constexpr std::int64_t kRowsAtOnce = 1 << 15;

/// Above this, squares of outputs may not be summed in float32 any more.
constexpr double kLargeOutput = 1e15;
/// Loss of a choice that touches outputs which are no finite numbers: more than finite ones can give, never nothing.
constexpr double kOverflowed = 1e90;

/// x' G x of a sparse vector: `place` of its entries that are not 0, their `value`s.
double quadraticForm(const float* gram, std::int64_t width, const std::vector<std::int64_t>& place,
                     const std::vector<double>& value)
{
    double sum = 0;
    for (std::size_t i = 0; i < place.size(); ++i) {
        const float* row = gram + place[i] * width;
        double line = 0;
        for (std::size_t j = 0; j < place.size(); ++j)
            line += value[j] * static_cast<double>(row[place[j]]);
        sum += value[i] * line;
    }
    return std::isfinite(sum) ? std::max(0.0, sum) : kOverflowed;
}

} // namespace

LayerBank::LayerBank(const model::ModelSpec& spec, const LayerWeights& weights, at::Tensor x, at::Tensor aim)
    : m_spec(spec), m_weights(weights), m_x(std::move(x)), m_aim(std::move(aim))
{
    m_logits = routerLogits(spec.router, weights, m_x);
    const Routing whole = route(spec.router, weights, m_aim.defined() ? m_aim : m_x, {}, {}, {});
    m_aimIds = whole.ids.contiguous();
    m_aimGates = whole.gates.contiguous();
    m_outputs = at::zeros({m_x.size(0), spec.experts + 1, spec.hidden}, at::kFloat);
}

void LayerBank::add(const ExpertPack& pack)
{
    const auto outputs = [&](const FfnWeights& weights, const at::Tensor& rows) {
        return denseFfn(m_spec.activation, weights, rows).to(at::kFloat);
    };
    at::Tensor whole = m_outputs.select(1, m_spec.experts);
    for (std::size_t i = 0; i < pack.experts.size(); ++i) {
        const std::int64_t expert = pack.first + static_cast<std::int64_t>(i);
        const FfnWeights weights = inUse(pack.experts[i], m_x.scalar_type());
        at::Tensor place = m_outputs.select(1, expert);
        place.copy_(outputs(weights, m_x));
        const at::Tensor chosen = m_aimIds.eq(expert);
        const at::Tensor rows = chosen.any(1).nonzero().view(-1);
        if (rows.size(0) == 0)
            continue;
        const at::Tensor gate = (m_aimGates * chosen.to(at::kFloat)).sum(1).index_select(0, rows).unsqueeze(1);
        const at::Tensor found =
            m_aim.defined() ? outputs(weights, m_aim.index_select(0, rows)) : place.index_select(0, rows);
        whole.index_add_(0, rows, found * gate);
    }
}

void LayerBank::finish()
{
    const at::Tensor largest = at::maximum(m_outputs.amax({1, 2}), m_outputs.amin({1, 2}).neg());
    const at::Tensor large = largest.gt(kLargeOutput).logical_and(largest.isfinite());
    const at::Tensor scale = at::where(large, largest, at::ones({}, at::kFloat));
    if (large.any().item<bool>())
        m_outputs.div_(scale.view({-1, 1, 1}));
    m_squaredScale = scale.to(at::kDouble).square();
    m_gram = at::bmm(m_outputs, m_outputs.transpose(1, 2));
    m_outputs = at::Tensor();
}

double LayerBank::energy() const
{
    const at::Tensor squares = m_gram.select(1, m_spec.experts).select(1, m_spec.experts) * m_squaredScale;
    const double sum = squares.sum().item<double>();
    return std::isfinite(sum) ? sum : kOverflowed;
}

at::Tensor LayerBank::gram() const
{
    return m_gram.narrow(1, 0, m_spec.experts).narrow(2, 0, m_spec.experts) * m_squaredScale.view({-1, 1, 1});
}

at::Tensor LayerBank::gates() const
{
    return at::zeros({m_aimIds.size(0), m_spec.experts}, at::kFloat).scatter_(1, m_aimIds, m_aimGates);
}

std::vector<double> LayerBank::losses(std::span<const ExpertChoice> choices) const
{
    const std::vector<double> each = tokenLosses(choices);
    const std::size_t tokens = each.size() / std::max<std::size_t>(1, choices.size());
    std::vector<double> losses;
    for (std::size_t c = 0; c < choices.size(); ++c) {
        const auto begin = each.begin() + static_cast<std::ptrdiff_t>(c * tokens);
        losses.push_back(std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(tokens), 0.0));
    }
    return losses;
}

std::vector<double> LayerBank::tokenLosses(std::span<const ExpertChoice> choices) const
{
    const std::int64_t tokens = m_x.size(0), experts = m_spec.experts, width = experts + 1;
    const std::int64_t k = m_spec.router.topK;
    const bool exact = m_x.scalar_type() == at::kFloat || m_spec.router.float32Logits;
    const auto atOnce =
        static_cast<std::size_t>(std::max<std::int64_t>(1, kRowsAtOnce / std::max<std::int64_t>(1, tokens)));
    std::vector<double> losses;
    for (std::size_t begin = 0; begin < choices.size(); begin += atOnce) {
        const auto part = choices.subspan(begin, std::min(atOnce, choices.size() - begin));
        const auto count = static_cast<std::int64_t>(part.size());
        at::Tensor mask = at::zeros({count, experts}, at::kFloat), limit = at::zeros({count, k}, at::kFloat);
        for (std::int64_t c = 0; c < count; ++c) {
            const ExpertChoice& choice = part[static_cast<std::size_t>(c)];
            if (choice.topK > 0)
                std::fill(limit.data_ptr<float>() + c * k + choice.topK, limit.data_ptr<float>() + (c + 1) * k,
                          kBeyond);
            if (choice.keep.empty())
                continue;
            float* row = mask.data_ptr<float>() + c * experts;
            std::fill_n(row, experts, -std::numeric_limits<float>::infinity());
            for (const std::int32_t expert : choice.keep)
                row[expert] = 0;
        }
        const at::Tensor stream = at::arange(count, at::kLong).repeat_interleave(tokens);
        Routing routing =
            chooseByLogits(m_spec.router, m_weights, m_logits.repeat({count, 1}), exact, mask, limit, stream);
        if (m_x.scalar_type() != at::kFloat)
            routing.gates = routing.gates.to(m_x.scalar_type()).to(at::kFloat);
        const at::Tensor ids = routing.ids.contiguous(), gates = routing.gates.contiguous();
        std::vector<double> found(static_cast<std::size_t>(count * tokens));
        at::parallel_for(0, count * tokens, 64, [&](std::int64_t from, std::int64_t to) {
            std::vector<double> difference(static_cast<std::size_t>(width));
            std::vector<std::int64_t> place;
            std::vector<double> value;
            const auto add = [&](const std::int64_t* id, const float* gate, double sign) {
                for (std::int64_t j = 0; j < k; ++j)
                    difference[static_cast<std::size_t>(id[j])] += sign * static_cast<double>(gate[j]);
            };
            for (std::int64_t row = from; row < to; ++row) {
                const std::int64_t token = row % tokens;
                std::fill(difference.begin(), difference.end(), 0.0);
                add(ids.const_data_ptr<std::int64_t>() + row * k, gates.const_data_ptr<float>() + row * k, 1);
                if (m_aim.defined())
                    difference.back() = -1; // the aim has an output of its own
                else
                    add(m_aimIds.const_data_ptr<std::int64_t>() + token * k,
                        m_aimGates.const_data_ptr<float>() + token * k, -1);
                place.clear();
                value.clear();
                for (std::int64_t e = 0; e < width; ++e)
                    if (difference[static_cast<std::size_t>(e)] != 0) {
                        place.push_back(e);
                        value.push_back(difference[static_cast<std::size_t>(e)]);
                    }
                found[static_cast<std::size_t>(row)] =
                    quadraticForm(m_gram.const_data_ptr<float>() + token * width * width, width, place, value) *
                    m_squaredScale.const_data_ptr<double>()[token];
            }
        });
        losses.insert(losses.end(), found.begin(), found.end());
    }
    return losses;
}

} // namespace espalier::engine
