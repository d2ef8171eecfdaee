// SPDX-License-Identifier: Apache-2.0
// What the tests of the engine share: models opened, random texts, logits collected, cases for the logits oracle.
#pragma once

#include "core/engine/engine.h"
#include "core/model/model_summary.h"
#include "core/plan/plan.h"
#include "tests/support/oracle.h"
#include "tests/support/tiny_checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

namespace espalier::test {

using engine::TokenSequence;
/// [sequence][position · vocabulary + token]
using Logits = std::vector<std::vector<float>>;

template <typename T>
T must(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().text());
    return *std::move(result);
}
inline void must(const Result<void>& result)
{
    if (!result)
        throw std::runtime_error(result.error().text());
}

/// A model with an engine of one thread on it; one thread keeps tests apart when several run.
struct Machine {
    std::unique_ptr<model::OpenModel> model;
    std::unique_ptr<engine::Engine> engine;
};
inline Machine openMachine(const std::filesystem::path& folder, engine::EngineOptions options = {})
{
    if (options.threads == 0)
        options.threads = 1;
    Machine machine;
    machine.model = std::make_unique<model::OpenModel>(must(model::openModel(folder)));
    machine.engine = must(engine::openEngine(*machine.model, options));
    return machine;
}
/// The same with routed experts on the emulated device: the CUDA plug-in's kernels, run on the CPU.
inline engine::EngineOptions onEmulatedDevice(engine::EngineOptions options)
{
    ::setenv("ESPALIER_CUDA", ESPALIER_BUILD_DIR "/tests/core/engine/cuda/libemulated_device.so", 1);
    options.device = 0;
    return options;
}
inline std::filesystem::path demoFolder()
{
    return std::filesystem::path(ESPALIER_SOURCE_DIR) / "resources/demo/model";
}

inline std::vector<TokenSequence> randomTexts(const model::OpenModel& model, const std::vector<int>& lengths,
                                              unsigned seed = 7)
{
    std::mt19937 random(seed);
    std::vector<TokenSequence> texts;
    for (const int length : lengths) {
        TokenSequence& text = texts.emplace_back();
        for (int i = 0; i < length; ++i)
            text.push_back(static_cast<engine::TokenId>(random() % static_cast<unsigned>(model.spec.vocabulary)));
    }
    return texts;
}

/// A plan that keeps `count` random experts of every MoE layer; `seed` decides which.
inline plan::Plan randomPlan(const model::OpenModel& model, int count, unsigned seed)
{
    std::mt19937 random(seed);
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    for (plan::PlanLayer& layer : plan.layers) {
        while (std::cmp_greater(layer.keep.size(), count))
            layer.keep.erase(layer.keep.begin() + static_cast<std::ptrdiff_t>(random() % layer.keep.size()));
        layer.order.clear();
    }
    return plan;
}

inline Logits collectLogits(engine::Engine& engine, const std::vector<TokenSequence>& texts,
                            engine::PlanPointer plan = nullptr)
{
    Logits all;
    must(
        engine.logits(texts, plan,
                      [&](std::size_t sequence, std::span<const float> logits, std::int64_t positions) -> Result<void> {
                          if (sequence != all.size() || std::cmp_not_equal(positions, texts[sequence].size()))
                              return internalError("sequences are out of order");
                          all.emplace_back(logits.begin(), logits.end());
                          return {};
                      },
                      {}));
    return all;
}

inline double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    if (a.size() != b.size() || a.empty())
        return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
    }
    return largest;
}

/// One case of tests/oracle/logits.py.
inline base::OrderedJson oracleCase(const std::filesystem::path& folder, const std::vector<TokenSequence>& texts,
                                    const plan::Plan* plan, const std::filesystem::path& out)
{
    base::OrderedJson keep;
    if (plan != nullptr)
        for (const plan::PlanLayer& layer : plan->layers)
            keep[std::to_string(layer.layer.value())] = layer.keep;
    return {{"model", folder.string()}, {"sequences", texts}, {"keep", keep}, {"out", out.string()}};
}

inline Logits readOracleLogits(const std::filesystem::path& file, const std::vector<TokenSequence>& texts,
                               int vocabulary)
{
    const std::string bytes = readText(file);
    Logits all;
    std::size_t at = 0;
    for (const TokenSequence& text : texts) {
        const std::size_t count = text.size() * static_cast<std::size_t>(vocabulary);
        if (at + 4 * count > bytes.size())
            throw std::runtime_error("the oracle wrote too few logits");
        all.push_back(toFloats(checkpoint::Dtype::F32, reinterpret_cast<const std::byte*>(bytes.data()) + at, count));
        at += 4 * count;
    }
    return all;
}

} // namespace espalier::test
