// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_verify.h"

#include "core/bundle/carve_tensors.h"
#include "core/bundle/verify_logits.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace espalier::bundle {

namespace {

/// What the recipe says, in the form that the tensors were made from. Routers are left out. verifyBundle() has checked
/// the numbers.
engine::Carving carvingOf(const base::OrderedJson& carve)
{
    engine::Carving carving;
    carving.settings.shape = {carve["width"].get<int>(), carve["shared"].get<int>(), carve.value("active", 0),
                              carve["experts"].get<int>()};
    for (std::size_t l = 0; l < carve["layers"].size(); ++l) {
        engine::CarvedLayer layer;
        layer.split.order = carve["layers"][l]["order"].get<std::vector<std::int32_t>>();
        carving.layers.push_back(std::move(layer));
    }
    return carving;
}

VerifyCheck compareTensors(const model::OpenModel& carved, const std::vector<MadeTensor>& expected,
                           const base::JobContext& job)
{
    const char* name = "weights are the dense model's";
    checkpoint::TensorReader reader(carved.checkpoint);
    std::size_t compared = 0;
    for (const MadeTensor& tensor : expected) {
        if (job.stopRequested())
            return {name, false, "interrupted"};
        const auto* info = carved.checkpoint.find(tensor.out.name);
        if (info == nullptr || info->dtype != tensor.out.dtype || info->shape != tensor.out.shape)
            return {name, false, fmt::format("'{}' is missing or has another type or shape", tensor.out.name)};
        const auto ours = reader.bytes(*info);
        const auto theirs = tensor.make();
        if (!ours || !theirs)
            return {name, false, (ours ? theirs.error() : ours.error()).text()};
        if (ours->size() != theirs->size() || std::memcmp(ours->data(), theirs->data(), ours->size()) != 0)
            return {name, false, fmt::format("'{}' differs", tensor.out.name)};
        ++compared;
    }
    return {name, true, fmt::format("{} tensors, neurons in the recipe's order", compared)};
}

} // namespace

Result<void> verifyCarvedAgainst(const std::filesystem::path& folder, const model::OpenModel& dense,
                                 const base::OrderedJson& recipe, const engine::EngineOptions& options,
                                 VerifyReport& report, const base::JobContext& job)
{
    const base::OrderedJson& carve = recipe["carve"];
    const engine::Carving carving = carvingOf(carve);
    if (carving.layers.size() != dense.spec.layers.size() ||
        dense.spec.layers.front().denseWidth != carving.settings.shape.width || dense.spec.isMoe()) {
        report.checks.push_back({"source model", false, "its layers are others than the recipe's"});
        return {};
    }
    ESPALIER_TRY(auto carved, model::openModel(folder));
    const bool routed = carved.spec.isMoe();
    // Routers are not part of the dense model
    auto expected = carvedTensors(dense, carving, routed ? CarveFormat::Carved : CarveFormat::Dense, false);
    if (!expected)
        return expected.error();
    report.checks.push_back(compareTensors(carved, *expected, job));
    if (!routed || !report.ok())
        return {};
    // The engine executes what the spec says: every expert, each in full
    carved.spec.router.score = model::RouterScore::UnitGates;
    carved.spec.router.topK = carved.spec.experts;
    carved.spec.router.normalizeTopK = false;
    carved.spec.router.scale = 1;
    for (auto& layer : carved.spec.layers)
        layer.neurons.gain.clear();
    ESPALIER_TRY(const auto whole, verifyLogits(dense, nullptr, options, job));
    ESPALIER_TRY(const auto all, verifyLogits(carved, nullptr, options, job));
    const double difference = largestDifference(whole, all);
    double largest = 0;
    for (const float logit : whole)
        largest = std::max(largest, std::abs(static_cast<double>(logit)));
    report.maxAbsLogitDifference = difference;
    report.checks.push_back({"all experts are the dense model", difference <= kCarvedTolerance * largest,
                             fmt::format("with all experts on, logits differ by {:.2g} of {:.3g}, limit {:.0e}",
                                         difference, largest, kCarvedTolerance * largest)});
    return {};
}

} // namespace espalier::bundle
