// SPDX-License-Identifier: Apache-2.0
#include "core/engine/bench.h"

#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/checkpoint/io_probe.h"
#include "core/engine/bench_checkpoint.h"
#include "core/engine/engine.h"
#include "core/engine/plugin.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <dlfcn.h>
#include <fmt/format.h>
#include <optional>
#include <random>

namespace espalier::engine {

namespace {

const std::array<std::string, 6> kParts{"io", "gemm", "router", "dispatch", "layers", "end-to-end"};

const std::array<BenchShapeName, 4> kShapes{{{"qwen3-30b-a3b", "Qwen3-30B-A3B"},
                                             {"olmoe-7b", "OLMoE-1B-7B"},
                                             {"mixtral-8x7b", "Mixtral-8x7B"},
                                             {"deepseek-v3", "DeepSeek-V3"}}};

bool wants(const BenchRequest& request, std::string_view part)
{
    return std::find(request.parts.begin(), request.parts.end(), part) != request.parts.end();
}

Result<void> benchIo(const BenchCheckpoint& checkpoint, const BenchRequest& request, BenchReport& report,
                     const base::JobContext& job)
{
    job.report({"reading", 0, 0, "bytes"});
    for (const bool cold : {true, false}) {
        if (cold)
            ESPALIER_CHECK(checkpoint.makeCold());
        checkpoint::ReadProbeOptions options;
        options.threads = request.threads;
        ESPALIER_TRY(const auto probe, checkpoint::probeReads(checkpoint.weights(), options, job.stop));
        double best = 0;
        for (const auto& speed : probe.speeds)
            best = std::max(best, speed.bytesPerSecond());
        for (std::size_t i = 0; i < probe.speeds.size(); ++i) {
            const auto& speed = probe.speeds[i];
            BenchRow row{"io",
                         fmt::format("{}, {}", checkpoint::readModeName(checkpoint::kReadModes[i]),
                                     cold ? "not cached" : "cached as left"),
                         speed.bytesPerSecond() / 1e9,
                         "GB/s",
                         speed.seconds,
                         0,
                         best > 0 ? speed.bytesPerSecond() / best : 0,
                         "the fastest way",
                         ""};
            if (!speed.possible)
                row.note = "the file system refuses direct reads";
            else if (checkpoint::kReadModes[i] == probe.best())
                row.note = "what a pass that streams would choose";
            report.rows.push_back(std::move(row));
        }
    }
    return {};
}

/// Profile of random tokens on the generated checkpoint through the engine's own face, weights in memory and streamed.
Result<void> benchEndToEnd(const BenchCheckpoint& checkpoint, const BenchRequest& request, BenchReport& report,
                           const base::JobContext& job)
{
    ESPALIER_TRY(const auto model, model::openModel(checkpoint.folder()));
    std::mt19937 random(3);
    std::uniform_int_distribution<TokenId> any(0, checkpoint.vocabulary() - 1);
    std::vector<tokenizer::Window> windows;
    for (std::int64_t done = 0; done < request.tokens;) {
        const std::int64_t count = std::min<std::int64_t>(512, request.tokens - done);
        for (std::int64_t i = 0; i < count; ++i) {
            if (i == 0)
                windows.emplace_back();
            windows.back().ids.push_back(any(random));
        }
        done += count;
    }
    const auto peak = std::find_if(report.rows.begin(), report.rows.end(), [&](const BenchRow& row) {
        return row.part == "gemm" && row.name == (request.float32 ? "float32 peak" : "bfloat16 peak");
    });
    for (const bool streamed : {false, true}) {
        EngineOptions options;
        options.threads = request.threads;
        options.compute = request.float32 ? ComputeType::Float32 : ComputeType::BFloat16;
        if (streamed)
            options.window = ByteSize(1);
        std::optional<BenchRow> best;
        for (int repeat = 0; repeat < request.repeats; ++repeat) {
            if (job.stopRequested())
                return base::cancelledError();
            ESPALIER_TRY(const auto engine, openEngine(model, options));
            stats::DomainStats sums;
            sums.name = "random";
            for (const auto& layer : model.summary.moeLayers)
                sums.layers.emplace_back(
                    layer.layer, stats::Topology{model.summary.experts, model.summary.topK, model.summary.hidden},
                    stats::StatSelection::all());
            const std::clock_t before = std::clock();
            ESPALIER_CHECK(engine->profile(windows, sums, job));
            const double processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
            const PassCounters counters = engine->counters();
            const double seconds = streamed ? counters.seconds : counters.seconds - counters.secondsWaiting;
            if (best && best->seconds <= seconds)
                continue;
            best = BenchRow{"end-to-end",
                            streamed ? "profile, all statistics, streamed" : "profile, all statistics, in memory",
                            static_cast<double>(request.tokens) / seconds,
                            "tokens/s",
                            seconds,
                            processor,
                            0,
                            "",
                            ""};
            if (streamed)
                best->note = fmt::format("{:.2f} s waiting for weights, overlap {:.2f}", counters.secondsWaiting,
                                         counters.overlap());
            else
                best->note = fmt::format("{:.2f} s of reading weights left out", counters.secondsWaiting);
            if (peak != report.rows.end()) {
                best->fraction = counters.flops / seconds / (peak->value * 1e9);
                best->limit = peak->name + ", by wall time";
            }
        }
        report.rows.push_back(*best);
    }
    return {};
}

Result<const BenchEntry*> loadBench()
{
    ESPALIER_TRY(const Plugin* plugin, loadPlugin());
    void* handle = ::dlopen(plugin->library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    const auto* entry =
        handle == nullptr ? nullptr : static_cast<const BenchEntry*>(::dlsym(handle, "espalier_bench_entry"));
    if (entry == nullptr || entry->abi != kEngineAbi)
        return badInput("the engine has no benchmark of this release", plugin->library.string(), {},
                        "Use program and engine of the same release");
    return entry;
}

Result<void> checkNames(const std::vector<std::string>& names, const std::vector<std::string>& known,
                        std::string_view what)
{
    for (const std::string& name : names)
        if (std::find(known.begin(), known.end(), name) == known.end())
            return usageError(fmt::format("there is no {} '{}'", what, name),
                              fmt::format("There are {}", fmt::join(known, ", ")));
    return {};
}

} // namespace

std::span<const std::string> benchParts()
{
    return kParts;
}

std::span<const BenchShapeName> benchShapes()
{
    return kShapes;
}

Result<BenchReport> runBench(const BenchRequest& asked, const base::JobContext& job)
{
    BenchRequest request = asked;
    std::vector<std::string> shapes;
    for (const BenchShapeName& shape : kShapes)
        shapes.push_back(shape.id);
    ESPALIER_CHECK(checkNames(request.parts, {kParts.begin(), kParts.end()}, "part"));
    ESPALIER_CHECK(checkNames(request.shapes, shapes, "shape"));
    if (request.parts.empty())
        request.parts.assign(kParts.begin(), kParts.end());
    if (request.shapes.empty())
        request.shapes = shapes;
    if (request.threads <= 0)
        request.threads = base::describeMachine().cores;
    if (request.folder.empty()) {
        std::error_code failed;
        request.folder = std::filesystem::temp_directory_path(failed);
        if (failed)
            return base::systemError(request.folder, "there is no temporary folder", failed.value());
    }
    const auto start = std::chrono::steady_clock::now();
    BenchReport report;
    report.threads = request.threads;
    std::optional<BenchCheckpoint> checkpoint;
    if (wants(request, "io") || wants(request, "end-to-end")) {
        ESPALIER_TRY(auto made, BenchCheckpoint::write(request.folder, job));
        checkpoint.emplace(std::move(made));
    }
    if (wants(request, "io"))
        ESPALIER_CHECK(benchIo(*checkpoint, request, report, job));
    if (std::any_of(request.parts.begin(), request.parts.end(), [](const auto& part) { return part != "io"; })) {
        ESPALIER_TRY(const BenchEntry* entry, loadBench());
        ESPALIER_TRY(auto rows, entry->measure(request, job));
        for (BenchRow& row : rows)
            report.rows.push_back(std::move(row));
    }
    if (wants(request, "end-to-end"))
        ESPALIER_CHECK(benchEndToEnd(*checkpoint, request, report, job));
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace espalier::engine
