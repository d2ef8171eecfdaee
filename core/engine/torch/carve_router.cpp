// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/carve_router.h"

#include <ATen/ATen.h>

namespace espalier::engine {

namespace {

constexpr double kRidge = 1e-3; ///< of the mean diagonal
constexpr double kLeast = 1e-12;

std::vector<float> values(const at::Tensor& tensor)
{
    const at::Tensor plain = tensor.to(at::kFloat).contiguous();
    return {plain.const_data_ptr<float>(), plain.const_data_ptr<float>() + plain.numel()};
}

at::Tensor tensorOf(const std::vector<float>& values, at::IntArrayRef shape)
{
    return at::from_blob(const_cast<float*>(values.data()), shape, at::kFloat);
}

at::Tensor withOnes(const at::Tensor& x)
{
    return at::cat({x, at::ones({x.size(0), 1}, x.options())}, 1);
}

at::Tensor plusRidge(const at::Tensor& gram)
{
    const at::Tensor diagonal = gram.diagonal(0, -2, -1);
    const at::Tensor ridge = (diagonal.mean(-1, true) * kRidge + kLeast).expand_as(diagonal);
    return gram + at::diag_embed(ridge);
}

/// Half the work of a general solution where `matrix` is positive definite, as what has a ridge is but for rounding.
at::Tensor solveSymmetric(const at::Tensor& matrix, const at::Tensor& right)
{
    const auto [factor, info] = at::linalg_cholesky_ex(matrix);
    return info.item<int>() == 0 ? at::cholesky_solve(right, factor) : at::linalg_solve(matrix, right);
}

} // namespace

RouterFit::RouterFit(const CarveSettings& settings, const CarveWeights& weights, const at::Tensor& strength,
                     at::Tensor nearest)
    : m_settings(settings), m_weights(weights)
{
    const auto doubles = at::TensorOptions(at::kDouble);
    const std::int64_t experts = weights.experts;
    const std::int64_t hidden = weights.gateUp.size(1);
    const std::int64_t width = weights.expertWidth;
    switch (settings.router) {
    case RouterKind::Linear:
        m_gram = at::zeros({hidden + 1, hidden + 1}, doubles);
        m_cross = at::zeros({hidden + 1, experts}, doubles);
        break;
    case RouterKind::Representative:
        m_sum = at::zeros({experts, width}, doubles);
        m_square = at::zeros_like(m_sum);
        m_product = at::zeros_like(m_sum);
        m_root = at::zeros({experts, 2}, doubles);
        break;
    case RouterKind::Energy: {
        const std::int64_t each = std::min<std::int64_t>(settings.neurons, width);
        const at::Tensor own = strength.narrow(0, weights.sharedWidth, experts * width).view({experts, width});
        m_neurons = std::get<1>(own.topk(each, 1)) + weights.sharedWidth +
                    (at::arange(experts, at::kLong) * width).unsqueeze(1);
        m_gram = at::zeros({experts, each + 1, each + 1}, doubles);
        m_cross = at::zeros({experts, each + 1}, doubles);
        break;
    }
    case RouterKind::LowRank:
        m_gram = at::zeros({hidden, hidden}, doubles);
        break;
    case RouterKind::Paper:
        m_neurons = nearest.unsqueeze(1);
        break;
    }
}

void RouterFit::add(const at::Tensor& x, const at::Tensor& h, const at::Tensor& energies)
{
    m_rows += x.size(0);
    const std::int64_t experts = m_weights.experts;
    if (m_settings.router == RouterKind::Linear) {
        // An expert's energy spans decades; of its logarithm only the differences among a token's experts matter.
        const at::Tensor logs = energies.clamp_min(kLeast).log();
        const at::Tensor targets = logs - logs.mean(1, true);
        const at::Tensor rows = withOnes(x);
        m_gram += at::mm(rows.t(), rows).to(at::kDouble);
        m_cross += at::mm(rows.t(), targets).to(at::kDouble);
    } else if (m_settings.router == RouterKind::LowRank) {
        m_gram += at::mm(x.t(), x).to(at::kDouble);
    } else if (m_settings.router == RouterKind::Representative) {
        const at::Tensor own = (h.abs() * m_weights.norms)
                                   .narrow(1, m_weights.sharedWidth, experts * m_weights.expertWidth)
                                   .view({x.size(0), experts, m_weights.expertWidth})
                                   .to(at::kDouble);
        const at::Tensor root = energies.to(at::kDouble).sqrt();
        m_sum += own.sum(0);
        m_square += own.square().sum(0);
        m_product += (own * root.unsqueeze(2)).sum(0);
        m_root += at::stack({root.sum(0), root.square().sum(0)}, 1);
    } else if (m_settings.router == RouterKind::Energy) {
        const at::Tensor contributions = h.abs() * m_weights.norms;
        for (std::int64_t e = 0; e < experts; ++e) {
            const at::Tensor rows = withOnes(contributions.index_select(1, m_neurons[e]).square()).to(at::kDouble);
            m_gram[e] += at::mm(rows.t(), rows);
            m_cross[e] += at::mv(rows.t(), energies.select(1, e).to(at::kDouble));
        }
    }
}

void RouterFit::takeRows(CarvedRouter& router, const at::Tensor& neurons) const
{
    const at::Tensor flat = neurons.reshape({-1});
    router.perExpert = static_cast<int>(neurons.size(1));
    at::Tensor gate = m_weights.gate().index_select(0, flat);
    at::Tensor up = m_weights.up().index_select(0, flat);
    if (router.kind == RouterKind::Paper) {
        gate = gate / gate.norm(2, 1, true).clamp_min(kLeast);
        up = up / up.norm(2, 1, true).clamp_min(kLeast);
    }
    router.gate = values(gate);
    router.up = values(up);
}

void RouterFit::chooseByCorrelation(CarvedRouter& router) const
{
    const auto n = static_cast<double>(m_rows);
    const at::Tensor root = m_root.select(1, 0).unsqueeze(1);
    const at::Tensor covariance = m_product - m_sum * root / n;
    const at::Tensor variance = (m_square - m_sum.square() / n).clamp_min(0);
    // A neuron that never varies correlates with nothing
    const at::Tensor correlation =
        at::where(variance > kLeast, covariance / variance.clamp_min(kLeast).sqrt(), at::full_like(variance, -1e30));
    const at::Tensor best = correlation.argmax(1, true);
    const at::Tensor scale = (m_product.gather(1, best) / m_square.gather(1, best).clamp_min(kLeast)).square();
    const at::Tensor neurons =
        best + m_weights.sharedWidth + (at::arange(m_weights.experts, at::kLong) * m_weights.expertWidth).unsqueeze(1);
    takeRows(router, neurons);
    const at::Tensor norms = m_weights.norms.index_select(0, neurons.view(-1)).view_as(neurons).to(at::kDouble);
    router.scale = values(scale * norms.square());
}

void RouterFit::chooseStrongest(CarvedRouter& router) const
{
    // Scaled to unit diagonal: squares of neurons differ by decades, and the ridge must not swallow the small ones.
    const at::Tensor unit = m_gram.diagonal(0, 1, 2).clamp_min(kLeast * kLeast).rsqrt();
    const at::Tensor gram = m_gram * unit.unsqueeze(1) * unit.unsqueeze(2);
    const at::Tensor solved =
        at::linalg_solve(plusRidge(gram), (m_cross * unit).unsqueeze(2)).squeeze(2) * unit; // [E, R + 1]
    takeRows(router, m_neurons);
    const std::int64_t each = m_neurons.size(1);
    const at::Tensor norms =
        m_weights.norms.index_select(0, m_neurons.reshape({-1})).view_as(m_neurons).to(at::kDouble);
    router.scale = values(solved.narrow(1, 0, each) * norms.square());
    router.bias = values(solved.select(1, each));
}

void RouterFit::lowRank(CarvedRouter& router) const
{
    const std::int64_t rank =
        std::min<std::int64_t>({m_settings.rank, m_weights.expertWidth, m_weights.gateUp.size(1)});
    router.perExpert = static_cast<int>(rank);
    const at::Tensor gram = m_gram.to(at::kFloat);
    // M S^(1/2) = u s v^T: its best approximation of rank r is that of u_r u_r^T M (Eckart and Young), and u belongs to
    // M S M^T, which is small.
    const auto shorten = [&](const at::Tensor& matrix) {
        const at::Tensor small = at::mm(at::mm(matrix, gram), matrix.t()).to(at::kDouble);
        const at::Tensor u = std::get<1>(at::linalg_eigh((small + small.t()) / 2));
        const at::Tensor leading = u.narrow(1, u.size(1) - rank, rank).to(at::kFloat);
        return std::pair(leading.contiguous(), at::mm(leading.t(), matrix));
    };
    std::vector<at::Tensor> parts[4];
    for (std::int64_t e = 0; e < m_weights.experts; ++e) {
        const auto [gateOut, gate] = shorten(m_weights.part(m_weights.gate(), 0, e));
        const auto [upOut, up] = shorten(m_weights.part(m_weights.up(), 0, e));
        parts[0].push_back(gate);
        parts[1].push_back(up);
        parts[2].push_back(gateOut);
        parts[3].push_back(upOut * m_weights.part(m_weights.norms, 0, e).unsqueeze(1));
    }
    router.gate = values(at::stack(parts[0]));
    router.up = values(at::stack(parts[1]));
    router.gateOut = values(at::stack(parts[2]));
    router.upOut = values(at::stack(parts[3]));
}

Result<CarvedRouter> RouterFit::finish()
{
    if (m_rows == 0 && m_settings.router != RouterKind::Paper)
        return internalError("a router was to be fitted on no token");
    CarvedRouter router;
    router.kind = m_settings.router;
    switch (router.kind) {
    case RouterKind::Linear: {
        const at::Tensor solved = solveSymmetric(plusRidge(m_gram), m_cross); // [H + 1, E]
        router.weight = values(solved.narrow(0, 0, solved.size(0) - 1).t());
        router.bias = values(solved.select(0, solved.size(0) - 1));
        break;
    }
    case RouterKind::Representative:
        chooseByCorrelation(router);
        break;
    case RouterKind::Energy:
        chooseStrongest(router);
        break;
    case RouterKind::LowRank:
        lowRank(router);
        break;
    case RouterKind::Paper:
        takeRows(router, m_neurons);
        router.scale.assign(static_cast<std::size_t>(m_weights.experts), 1.0F);
        break;
    }
    return router;
}

at::Tensor routerScores(const CarvedRouter& router, const at::Tensor& x, std::int64_t experts)
{
    const std::int64_t hidden = x.size(1);
    if (router.kind == RouterKind::Linear)
        return at::mm(x, tensorOf(router.weight, {experts, hidden}).t()) + tensorOf(router.bias, {experts});
    const std::int64_t each = router.perExpert;
    const at::Tensor gate = at::mm(x, tensorOf(router.gate, {experts * each, hidden}).t());
    const at::Tensor up = at::mm(x, tensorOf(router.up, {experts * each, hidden}).t());
    if (router.kind == RouterKind::LowRank) {
        const auto width = static_cast<std::int64_t>(router.gateOut.size()) / (experts * each);
        const auto spread = [&](const at::Tensor& low, const std::vector<float>& out) { // [E, n, m]
            return at::bmm(low.view({x.size(0), experts, each}).transpose(0, 1),
                           tensorOf(out, {experts, width, each}).transpose(1, 2));
        };
        const at::Tensor neurons = at::silu(spread(gate, router.gateOut)) * spread(up, router.upOut);
        return neurons.square().sum(2).t().clamp_min(kLeast).log();
    }
    const at::Tensor neurons = (at::silu(gate) * up).view({x.size(0), experts, each});
    if (router.kind == RouterKind::Paper)
        return neurons.abs().squeeze(2);
    at::Tensor energy = (neurons.square() * tensorOf(router.scale, {experts, each})).sum(2);
    if (!router.bias.empty())
        energy = energy + tensorOf(router.bias, {experts});
    return energy.clamp_min(kLeast).log();
}

} // namespace espalier::engine
