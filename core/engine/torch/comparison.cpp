// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/comparison.h"

#include "core/engine/torch/kernels.h"
#include "core/engine/torch/ratio_interval.h"
#include "core/stats/inference.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::engine {

namespace {

struct Row {
    double loss = 0, kl = 0;
    std::int64_t best = 0;
};

/// `p`, `logP`: of the base, undefined when `logQ` is the base's own.
std::vector<Row> rowsOf(std::span<const Prediction> predictions, const at::Tensor& logQ, const at::Tensor& p,
                        const at::Tensor& logP)
{
    const std::int64_t v = logQ.size(1);
    const auto* q = logQ.const_data_ptr<float>();
    std::vector<Row> rows(predictions.size());
    at::parallel_for(0, logQ.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            Row& row = rows[static_cast<std::size_t>(i)];
            row.loss = -static_cast<double>(q[i * v + predictions[static_cast<std::size_t>(i)].next]);
            row.best = argmax(q + i * v, v);
            if (p.defined()) // rounding may leave a tiny negative sum
                row.kl = std::max(0.0, klDivergence(p.const_data_ptr<float>() + i * v,
                                                    logP.const_data_ptr<float>() + i * v, q + i * v, v));
        }
    });
    return rows;
}

double sum(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

Comparison::Comparison(const std::vector<std::size_t>& windows, std::int64_t streams)
    : m_sums(static_cast<std::size_t>(streams), std::vector<Sums>(windows.size()))
{
    for (std::size_t set = 0; set < windows.size(); ++set) {
        m_tokens.emplace_back(windows[set], 0.0);
        for (auto& stream : m_sums)
            stream[set].loss.assign(windows[set], 0.0);
    }
}

void Comparison::add(std::span<const Prediction> predictions,
                     const std::function<at::Tensor(std::int64_t stream)>& logitsOf)
{
    const at::Tensor logP = at::log_softmax(logitsOf(0), 1);
    const at::Tensor p = m_sums.size() > 1 ? logP.exp() : at::Tensor();
    const std::vector<Row> base = rowsOf(predictions, logP, {}, {});
    for (std::size_t stream = 0; stream < m_sums.size(); ++stream) {
        const std::vector<Row> rows =
            stream == 0 ? base
                        : rowsOf(predictions, at::log_softmax(logitsOf(static_cast<std::int64_t>(stream)), 1), p, logP);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Sums& sums = m_sums[stream][predictions[i].set];
            sums.loss[predictions[i].window] += rows[i].loss;
            sums.kl.push_back(static_cast<float>(rows[i].kl));
            sums.agreements += rows[i].best == base[i].best ? 1 : 0;
        }
    }
    for (const Prediction& prediction : predictions)
        ++m_tokens[prediction.set][prediction.window];
}

DomainComparison Comparison::result(std::int64_t stream, std::size_t set) const
{
    const Sums& sums = m_sums[static_cast<std::size_t>(stream)][set];
    const Sums& base = m_sums.front()[set];
    DomainComparison out;
    out.tokens = static_cast<std::int64_t>(sums.kl.size());
    if (out.tokens == 0)
        return out;
    const auto n = static_cast<double>(out.tokens);
    out.perplexity = std::exp(sum(sums.loss) / n);
    out.perplexityBase = std::exp(sum(base.loss) / n);
    out.klMean = std::accumulate(sums.kl.begin(), sums.kl.end(), 0.0) / n;
    out.klP99 = stats::quantile(sums.kl.data(), sums.kl.size(), 0.99);
    out.top1Agreement = static_cast<double>(sums.agreements) / n;
    std::vector<double> difference, tokens; // of windows that predict anything
    for (std::size_t w = 0; w < m_tokens[set].size(); ++w)
        if (m_tokens[set][w] > 0) {
            difference.push_back(sums.loss[w] - base.loss[w]);
            tokens.push_back(m_tokens[set][w]);
        }
    const stats::Interval interval = ratioInterval(difference, tokens);
    out.perplexityRatioLow = interval.low;
    out.perplexityRatioHigh = interval.high;
    return out;
}

} // namespace espalier::engine
