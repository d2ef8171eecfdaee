// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/feed_forward.h"

#include "core/engine/torch/kernels.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <atomic>
#include <c10/core/InferenceMode.h>

namespace espalier::engine {

namespace {

/// Enough rows for a GEMM near its best rate, few enough to share an expert with many rows among threads.
constexpr std::int64_t kTaskRows = 512;

struct Task {
    std::int64_t expert, begin, end; // places
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

at::Tensor denseFfn(const model::ActivationSpec& spec, const FfnWeights& weights, const at::Tensor& x)
{
    const at::Tensor inner = activate(spec, project({weights.gateUp, weights.gateUpBias}, x));
    return project({weights.down, weights.downBias}, inner);
}

Dispatch dispatchRows(const at::Tensor& ids, std::int64_t experts)
{
    const std::int64_t k = ids.size(1);
    const auto* expert = ids.const_data_ptr<std::int64_t>();
    const auto total = static_cast<std::size_t>(ids.numel());
    Dispatch dispatch;
    dispatch.begin.assign(static_cast<std::size_t>(experts) + 1, 0);
    dispatch.row.resize(total);
    dispatch.slot.resize(total);
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
        dispatch.place[i] = place;
    }
    return dispatch;
}

at::Tensor runExperts(const model::ActivationSpec& spec, const std::vector<FfnWeights>& experts, const at::Tensor& x,
                      const Dispatch& dispatch)
{
    at::Tensor outputs = at::empty({static_cast<std::int64_t>(dispatch.row.size()), x.size(1)}, x.options());
    std::vector<Task> tasks;
    for (std::int64_t e = 0; e < static_cast<std::int64_t>(experts.size()); ++e) {
        const std::int64_t end = dispatch.begin[static_cast<std::size_t>(e) + 1];
        for (std::int64_t at = dispatch.begin[static_cast<std::size_t>(e)]; at < end; at += kTaskRows)
            tasks.push_back({e, at, std::min(end, at + kTaskRows)});
    }
    const auto inner = [&](const FfnWeights& weights, const at::Tensor& rows) {
        at::Tensor gateUp = at::mm(rows, weights.gateUp.t());
        if (weights.gateUpBias.defined())
            gateUp.add_(weights.gateUpBias);
        return activate(spec, gateUp);
    };
    const auto run = [&](const Task& task) {
        const FfnWeights weights = inUse(experts[static_cast<std::size_t>(task.expert)], x.scalar_type());
        const std::int64_t count = task.end - task.begin;
        const std::int64_t padded = paddedRows(count, x.scalar_type());
        const at::Tensor chosen = view(dispatch.row, task.begin, task.end);
        at::Tensor out = outputs.narrow(0, task.begin, count);
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

void showExperts(Observer& observer, int moePosition, const Dispatch& dispatch, const Routing& routing,
                 const at::Tensor& outputs)
{
    const std::int64_t k = routing.ids.size(1);
    for (std::size_t e = 0; e + 1 < dispatch.begin.size(); ++e) {
        const std::int64_t begin = dispatch.begin[e];
        const std::int64_t end = dispatch.begin[e + 1];
        if (begin == end)
            continue;
        const at::Tensor rows = view(dispatch.row, begin, end);
        const at::Tensor slots = view(dispatch.slot, begin, end);
        const at::Tensor gates = routing.gates.view(-1).index_select(0, rows * k + slots);
        observer.observeExpert(moePosition, static_cast<int>(e), rows, slots, gates,
                               outputs.narrow(0, begin, end - begin));
    }
}

} // namespace espalier::engine
