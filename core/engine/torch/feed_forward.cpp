// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/feed_forward.h"

#include "core/engine/torch/kernels.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <atomic>
#include <c10/core/InferenceMode.h>

namespace espalier::engine {

namespace {

/// Enough rows for a GEMM near its best rate, few enough to share an expert with many rows among threads.
constexpr std::int64_t kTaskRows = 512;

struct Task {
    const FfnWeights* expert;
    std::int64_t begin, end; // places
};

/// oneDNN, which multiplies bfloat16, compiles a kernel for every number of rows it meets: with the exact numbers of
/// rows of all experts that is hundreds of MiB of code. Rows beyond the task's own are computed and not used.
std::int64_t paddedRows(std::int64_t rows, at::ScalarType type)
{
    if (type == at::kFloat)
        return rows;
    const std::int64_t step = rows <= 64 ? 8 : 32;
    return (rows + step - 1) / step * step;
}

at::Tensor view(const std::vector<std::int64_t>& values, std::int64_t begin, std::int64_t end)
{
    return at::from_blob(const_cast<std::int64_t*>(values.data()) + begin, {end - begin}, at::kLong);
}

} // namespace

at::Tensor activate(const model::ActivationSpec& spec, const at::Tensor& gateUp)
{
    if (spec.kind == model::ActivationKind::Silu)
        return siluMul(gateUp);
    const std::int64_t width = gateUp.size(1) / 2;
    const at::Tensor gate = gateUp.narrow(1, 0, width).clamp_max(spec.limit);
    const at::Tensor up = gateUp.narrow(1, width, width).clamp(-spec.limit, spec.limit);
    return (up + 1).mul_(gate * at::sigmoid(gate * spec.alpha));
}

at::Tensor innerOf(const model::ActivationSpec& spec, const FfnWeights& weights, const at::Tensor& x,
                   const at::Tensor& gateUp)
{
    at::Tensor inner = activate(spec, gateUp);
    const SubRouterWeights& sub = weights.sub;
    if (!sub.weight.defined())
        return inner;
    // In double, so that a choice does not depend on the rows beside it
    const at::Tensor logits = at::linear(x.to(at::kDouble), sub.weight.to(at::kDouble), sub.bias.to(at::kDouble));
    const at::Tensor ids = std::get<1>(logits.topk(sub.active, 1));
    const at::Tensor chosen = at::zeros(logits.sizes(), inner.options()).scatter_(1, ids, 1.0F);
    const std::int64_t routed = sub.weight.size(0) * sub.width;
    inner.narrow(1, inner.size(1) - routed, routed)
        .unflatten(1, {sub.weight.size(0), sub.width})
        .mul_(chosen.unsqueeze(2));
    return inner;
}

at::Tensor denseFfn(const model::ActivationSpec& spec, const FfnWeights& weights, const at::Tensor& x)
{
    const at::Tensor inner = innerOf(spec, weights, x, project({weights.gateUp, weights.gateUpBias}, x));
    return project({weights.down, weights.downBias}, inner);
}

Dispatch dispatchRows(const Routing& routing, std::int64_t experts)
{
    const std::int64_t k = routing.ids.size(1);
    const auto* expert = routing.ids.const_data_ptr<std::int64_t>();
    const auto* gates = routing.gates.const_data_ptr<float>();
    const auto total = static_cast<std::size_t>(routing.ids.numel());
    Dispatch dispatch;
    dispatch.begin.assign(static_cast<std::size_t>(experts) + 1, 0);
    dispatch.row.resize(total);
    dispatch.slot.resize(total);
    dispatch.gate.resize(total);
    dispatch.place.resize(total);
    for (std::size_t i = 0; i < total; ++i)
        ++dispatch.begin[static_cast<std::size_t>(expert[i]) + 1];
    for (std::size_t e = 0; e < static_cast<std::size_t>(experts); ++e)
        dispatch.begin[e + 1] += dispatch.begin[e];
    std::vector<std::int64_t> next(dispatch.begin.begin(), dispatch.begin.end() - 1);
    for (std::size_t i = 0; i < total; ++i) {
        const std::int64_t place = next[static_cast<std::size_t>(expert[i])]++;
        dispatch.row[static_cast<std::size_t>(place)] = static_cast<std::int64_t>(i) / k;
        dispatch.slot[static_cast<std::size_t>(place)] = static_cast<std::int64_t>(i) % k;
        dispatch.gate[static_cast<std::size_t>(place)] = gates[i];
        dispatch.place[i] = place;
    }
    // Sums are taken in expert order, so that they do not depend on the packs in which experts come.
    for (std::size_t row = 0; row < total; row += static_cast<std::size_t>(k))
        std::sort(dispatch.place.begin() + static_cast<std::ptrdiff_t>(row),
                  dispatch.place.begin() + static_cast<std::ptrdiff_t>(row) + k);
    return dispatch;
}

at::Tensor runExperts(const model::ActivationSpec& spec, const ExpertPack& pack, const at::Tensor& x,
                      const Dispatch& dispatch)
{
    const std::int64_t firstPlace = dispatch.begin[static_cast<std::size_t>(pack.first)];
    const std::int64_t lastPlace = dispatch.begin[static_cast<std::size_t>(pack.first) + pack.experts.size()];
    at::Tensor outputs = at::empty({lastPlace - firstPlace, x.size(1)}, x.options());
    std::vector<Task> tasks;
    for (std::size_t i = 0; i < pack.experts.size(); ++i) {
        const std::int64_t end = dispatch.begin[static_cast<std::size_t>(pack.first) + i + 1];
        for (std::int64_t at = dispatch.begin[static_cast<std::size_t>(pack.first) + i]; at < end; at += kTaskRows)
            tasks.push_back({&pack.experts[i], at, std::min(end, at + kTaskRows)});
    }
    const auto inner = [&](const FfnWeights& weights, const at::Tensor& rows) {
        at::Tensor gateUp = at::mm(rows, weights.gateUp.t());
        if (weights.gateUpBias.defined())
            gateUp.add_(weights.gateUpBias);
        return innerOf(spec, weights, rows, gateUp);
    };
    const auto run = [&](const Task& task) {
        const FfnWeights weights = inUse(*task.expert, x.scalar_type());
        const std::int64_t count = task.end - task.begin;
        const std::int64_t padded = paddedRows(count, x.scalar_type());
        const at::Tensor chosen = view(dispatch.row, task.begin, task.end);
        at::Tensor out = outputs.narrow(0, task.begin - firstPlace, count);
        if (padded == count) {
            at::mm_out(out, inner(weights, x.index_select(0, chosen)), weights.down.t());
            if (weights.downBias.defined())
                out.add_(weights.downBias);
            return;
        }
        const at::Tensor rows = at::empty({padded, x.size(1)}, x.options());
        at::Tensor own = rows.narrow(0, 0, count);
        at::index_select_out(own, x, 0, chosen);
        rows.narrow(0, count, padded - count).zero_();
        out.copy_(at::mm(inner(weights, rows), weights.down.t()).narrow(0, 0, count));
        if (weights.downBias.defined())
            out.add_(weights.downBias);
    };
    const std::int64_t threads = at::get_num_threads();
    if (std::cmp_less(tasks.size(), threads)) { // let each GEMM use all threads
        for (const Task& task : tasks)
            run(task);
        return outputs;
    }
    // Experts get unequal numbers of rows, so threads take the next task when they are done with one.
    std::atomic<std::size_t> next = 0;
    at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) {
        const c10::InferenceMode inference; // a thread's own setting
        for (std::size_t i = next++; i < tasks.size(); i = next++)
            run(tasks[i]);
    });
    return outputs;
}

std::vector<ExpertRows> rowsOfExperts(const ExpertPack& pack, const Dispatch& dispatch, const at::Tensor& outputs)
{
    const std::int64_t firstPlace = dispatch.begin[static_cast<std::size_t>(pack.first)];
    std::vector<ExpertRows> experts;
    for (std::size_t i = 0; i < pack.experts.size(); ++i) {
        const std::size_t expert = static_cast<std::size_t>(pack.first) + i;
        const std::int64_t begin = dispatch.begin[expert];
        const std::int64_t end = dispatch.begin[expert + 1];
        if (begin < end)
            experts.push_back({static_cast<int>(expert), view(dispatch.row, begin, end),
                               view(dispatch.slot, begin, end), outputs.narrow(0, begin - firstPlace, end - begin)});
    }
    return experts;
}

} // namespace espalier::engine
