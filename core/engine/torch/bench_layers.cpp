// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_size.h"
#include "core/base/machine.h"
#include "core/engine/torch/bench_measure.h"
#include "core/engine/torch/bench_shapes.h"
#include "core/engine/torch/guard.h"
#include "core/engine/torch/pass.h"
#include "core/engine/torch/rotary.h"
#include "core/engine/torch/stats_observer.h"
#include "core/engine/torch/streams.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <random>

namespace espalier::engine {

namespace {

constexpr std::int64_t kContext = 512;

std::vector<TokenSequence> randomTexts(std::int64_t tokens, int vocabulary)
{
    std::mt19937 random(5);
    std::uniform_int_distribution<TokenId> any(0, vocabulary - 1);
    std::vector<TokenSequence> texts;
    for (std::int64_t i = 0; i < tokens; ++i) {
        if (i % kContext == 0)
            texts.emplace_back();
        texts.back().push_back(any(random));
    }
    return texts;
}

Result<void> benchLayer(const BenchRequest& request, const BenchShapeName& shape, const Limits& limits,
                        std::vector<BenchRow>& rows, const base::JobContext& job)
{
    const at::ScalarType type = request.float32 ? at::kFloat : at::kBFloat16;
    const model::ModelSpec spec = shapeSpec(shape.id);
    auto made = RandomWeights::make(spec, type, base::describeMachine().memoryAvailable.value() / 2);
    if (!made) {
        rows.push_back({"layers", shape.title, 0, "tokens/s", 0, 0, 0, "", "left out: " + made.error().message});
        return {};
    }
    RandomWeights& weights = *made;
    const auto texts = randomTexts(request.tokens, spec.vocabulary);
    const std::vector<TokenSpan> sequences(texts.begin(), texts.end());
    Rotary rotary(spec.rope);
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(spec, base));
    ESPALIER_TRY(const auto basic, stats::StatSelection::parse("S0"));
    ESPALIER_TRY(const auto everything, stats::StatSelection::parse("all,bank"));
    struct Variant {
        const char* name;
        stats::StatSelection selection;
        bool observed;
        Times times;
    };
    Variant variants[] = {{"plain", basic, false, {}},
                          {"statistics S0", basic, true, {}},
                          {"all statistics", stats::StatSelection::all(), true, {}},
                          {"all statistics and the bank", everything, true, {}}};
    double flops = 0;
    for (int repeat = 0; repeat < request.repeats; ++repeat)
        for (Variant& variant : variants) { // in turns: what else the machine does meets all alike
            if (job.stopRequested())
                return base::cancelledError();
            job.report({"layer of " + shape.title, static_cast<double>(repeat), static_cast<double>(request.repeats),
                        "repeats"});
            stats::DomainStats sums;
            sums.layers.emplace_back(LayerIndex(0), stats::Topology{spec.experts, spec.router.topK, spec.hidden},
                                     variant.selection);
            StatsObserver observer(spec, sums);
            Pass pass(spec, weights, rotary, streams);
            if (variant.observed)
                pass.observers.push_back(&observer);
            const base::JobContext quiet{{}, {}, job.stop};
            Result<void> outcome;
            variant.times.add([&] {
                if (auto ran = pass.run(sequences, ProgressPart{&quiet, "", ""}); !ran)
                    outcome = ran.error();
            });
            ESPALIER_CHECK(outcome);
            flops = pass.flops();
        }
    const auto tokens = static_cast<double>(request.tokens);
    for (const Variant& variant : variants) {
        BenchRow row = arithmeticRow("layers", fmt::format("{}, {}", shape.title, variant.name), flops, variant.times,
                                     limits, type);
        row.note = fmt::format("{:.0f} GFLOP/s", row.value);
        row.value = tokens / variant.times.wall;
        row.unit = "tokens/s";
        if (variant.observed)
            row.note += fmt::format(", {:+.1f} % processor time over plain",
                                    100 * (variant.times.processor / variants[0].times.processor - 1));
        if (weights.distinctExperts() < spec.experts)
            row.note += fmt::format("; {} of {} experts have matrices of their own, all do not fit",
                                    weights.distinctExperts(), spec.experts);
        rows.push_back(std::move(row));
    }
    return {};
}

} // namespace

Result<void> benchLayers(const BenchRequest& request, const Limits& limits, std::vector<BenchRow>& rows,
                         const base::JobContext& job)
{
    for (const BenchShapeName& shape : benchShapes())
        if (std::find(request.shapes.begin(), request.shapes.end(), shape.id) != request.shapes.end())
            ESPALIER_CHECK(benchLayer(request, shape, limits, rows, job));
    return {};
}

} // namespace espalier::engine
