// SPDX-License-Identifier: Apache-2.0
#include "core/method/weight_facts.h"

#include "core/base/machine.h"
#include "core/model/weight_reader.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <thread>

namespace espalier::method {
namespace {

/// The matrices of one expert: names and the place in their stacks.
struct ExpertMatrices {
    std::vector<std::string> names;
    std::int64_t index = 0;
};

ExpertMatrices matricesOf(const model::LayerSpec& layer, int expert)
{
    ExpertMatrices out;
    if (layer.experts.empty()) {
        out.index = expert;
        out.names = {layer.fused.gateUp.weight, layer.fused.up.weight, layer.fused.down.weight};
    } else {
        const auto& own = layer.experts[static_cast<std::size_t>(expert)];
        out.names = {own.gate.weight, own.up.weight, own.down.weight};
    }
    std::erase(out.names, std::string());
    return out;
}

/// Sums over a matrix. Partial sums keep the order of additions, and so the result, the same on every machine.
void addMatrix(std::span<const float> values, double& absolute, double& squares)
{
    constexpr std::size_t kBlock = 4096;
    for (std::size_t begin = 0; begin < values.size(); begin += kBlock) {
        double a = 0, s = 0;
        for (const float v : values.subspan(begin, std::min(kBlock, values.size() - begin))) {
            a += std::abs(static_cast<double>(v));
            s += static_cast<double>(v) * v;
        }
        absolute += a;
        squares += s;
    }
}

/// Shared by the threads of one measurement; each takes the next expert until there are none.
class Measurement {
public:
    Measurement(const model::OpenModel& model, const base::JobContext& job)
        : m_model(model), m_job(job), m_reader(model)
    {
        for (std::size_t i = 0; i < model.spec.layers.size(); ++i) {
            const auto& layer = model.spec.layers[i];
            if (!layer.moe)
                continue;
            auto& facts = m_facts.layers.emplace_back();
            facts.layer = layer.index;
            facts.experts = model.spec.experts;
            const auto experts = static_cast<std::size_t>(facts.experts);
            facts.absMean.assign(experts, 0);
            facts.rms.assign(experts, 0);
            for (int e = 0; e < facts.experts; ++e) {
                m_tasks.push_back({&layer, m_facts.layers.size() - 1, e});
                for (const auto& name : matricesOf(layer, e).names)
                    m_total += static_cast<double>(m_reader.bytesOf(name));
            }
        }
    }

    Result<stats::WeightStats> run(int threads)
    {
        std::size_t position = 0;
        for (const auto& layer : m_model.spec.layers)
            if (layer.moe) {
                if (layer.router.weight.empty())
                    return badInput(
                        fmt::format("the router of layer {} has no row per expert to compare by", layer.index.value()),
                        m_model.checkpoint.path().string(), {},
                        "Use a score that is measured on texts, see `espalier methods`");
                ESPALIER_TRY(const auto rows, m_reader.read(layer.router.weight));
                auto& facts = m_facts.layers[position++];
                measureRouter(rows, static_cast<std::size_t>(facts.experts), facts);
            }
        const int count = threads > 0 ? threads : base::describeMachine().cores;
        {
            std::vector<std::jthread> others;
            for (int i = 1; i < std::min<int>(count, static_cast<int>(m_tasks.size())); ++i)
                others.emplace_back([this] { work(false); });
            work(true);
        }
        if (m_error)
            return *m_error;
        if (m_job.stopRequested())
            return cancelledError();
        m_job.report({"reading experts", m_total, m_total, "bytes"}); // the others may have read the last ones
        return std::move(m_facts);
    }

private:
    struct Task {
        const model::LayerSpec* layer;
        std::size_t position;
        int expert;
    };

    void work(bool reports)
    {
        for (std::size_t i = m_next++; i < m_tasks.size() && !m_failed && !m_job.stopRequested(); i = m_next++) {
            if (auto done = measure(m_tasks[i]); !done) {
                const std::lock_guard guard(m_lock);
                m_failed = true;
                if (!m_error)
                    m_error = done.error();
            }
            if (reports) // progress is told from the thread that was asked for it
                m_job.report({"reading experts", static_cast<double>(m_bytes), m_total, "bytes"});
        }
    }

    Result<void> measure(const Task& task)
    {
        const auto matrices = matricesOf(*task.layer, task.expert);
        double absolute = 0, squares = 0, count = 0;
        for (const auto& name : matrices.names) {
            ESPALIER_TRY(const auto values, m_reader.read(name, matrices.index));
            addMatrix(values, absolute, squares);
            count += static_cast<double>(values.size());
            m_bytes += m_reader.bytesOf(name);
        }
        auto& facts = m_facts.layers[task.position];
        const auto e = static_cast<std::size_t>(task.expert);
        facts.absMean[e] = count > 0 ? absolute / count : 0;
        facts.rms[e] = count > 0 ? std::sqrt(squares / count) : 0;
        return {};
    }

    const model::OpenModel& m_model;
    const base::JobContext& m_job;
    model::WeightReader m_reader;
    stats::WeightStats m_facts;
    std::vector<Task> m_tasks;
    double m_total = 0;
    std::atomic<std::size_t> m_next = 0;
    std::atomic<std::uint64_t> m_bytes = 0;
    std::atomic<bool> m_failed = false;
    std::mutex m_lock;
    std::optional<Error> m_error;
};

} // namespace

void measureRouter(std::span<const float> rows, std::size_t experts, stats::LayerWeights& into)
{
    const std::size_t width = experts > 0 ? rows.size() / experts : 0;
    into.routerNorm.assign(experts, 0);
    into.routerDistance.assign(experts * experts, 0);
    for (std::size_t i = 0; i < experts; ++i) {
        const auto a = rows.subspan(i * width, width);
        double norm = 0;
        for (const float v : a)
            norm += static_cast<double>(v) * v;
        into.routerNorm[i] = std::sqrt(norm);
        for (std::size_t j = 0; j < i; ++j) {
            const auto b = rows.subspan(j * width, width);
            double squares = 0;
            for (std::size_t c = 0; c < width; ++c) {
                const double d = static_cast<double>(a[c]) - b[c];
                squares += d * d;
            }
            into.routerDistance[i * experts + j] = into.routerDistance[j * experts + i] = std::sqrt(squares);
        }
    }
}

Result<stats::WeightStats> measureWeights(const model::OpenModel& model, const base::JobContext& job, int threads)
{
    if (!model.spec.isMoe())
        return badInput("the model has no routed experts", model.checkpoint.path().string());
    return Measurement(model, job).run(threads);
}

} // namespace espalier::method
