// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_verify.h"

#include "core/bundle/carve_experts.h"
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

VerifyCheck compareTensors(const model::OpenModel& carved, const std::vector<MadeTensor>& expected, const char* name,
                           const base::JobContext& job)
{
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

/// Both on the same sequences, everything running.
Result<void> compareWhole(const model::OpenModel& source, const model::OpenModel& carved, const char* name,
                          const engine::EngineOptions& options, VerifyReport& report, const base::JobContext& job)
{
    ESPALIER_TRY(const auto whole, verifyLogits(source, nullptr, options, job));
    ESPALIER_TRY(const auto all, verifyLogits(carved, nullptr, options, job));
    const double difference = largestDifference(whole, all);
    double largest = 0;
    for (const float logit : whole)
        largest = std::max(largest, std::abs(static_cast<double>(logit)));
    report.maxAbsLogitDifference = difference;
    report.checks.push_back({name, difference <= kCarvedTolerance * largest,
                             fmt::format("with all experts on, logits differ by {:.2g} of {:.3g}, limit {:.0e}",
                                         difference, largest, kCarvedTolerance * largest)});
    return {};
}

/// The same for routers inside the experts of a model that has some.
Result<void> verifyExpertsAgainst(const std::filesystem::path& folder, const model::OpenModel& source,
                                  const base::OrderedJson& carve, const engine::EngineOptions& options,
                                  VerifyReport& report, const base::JobContext& job)
{
    ESPALIER_TRY(auto carved, model::openModel(folder));
    if (!source.spec.isMoe() || source.spec.subExperts || source.spec.experts != carved.spec.experts ||
        source.spec.expertWidth != carved.spec.expertWidth ||
        source.summary.moeLayers.size() != carve["layers"].size()) {
        report.checks.push_back({"source model", false, "its experts are others than the recipe's"});
        return {};
    }
    const engine::Carving carving = carvedExpertsOf(carve);
    ESPALIER_TRY(const auto expected, carvedExpertTensors(source, carving, false));
    report.checks.push_back(compareTensors(carved, expected, "weights are the source model's", job));
    if (!report.ok())
        return {};
    carved.spec.subExperts->active = carved.spec.subExperts->routed();
    return compareWhole(source, carved, "all blocks are the source model", options, report, job);
}

} // namespace

Result<void> verifyCarvedAgainst(const std::filesystem::path& folder, const model::OpenModel& dense,
                                 const base::OrderedJson& recipe, const engine::EngineOptions& options,
                                 VerifyReport& report, const base::JobContext& job)
{
    const base::OrderedJson& carve = recipe["carve"];
    if (carve.contains("inside"))
        return verifyExpertsAgainst(folder, dense, carve, options, report, job);
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
    report.checks.push_back(compareTensors(carved, *expected, "weights are the dense model's", job));
    if (!routed || !report.ok())
        return {};
    // The engine executes what the spec says: every expert, each in full
    carved.spec.router.score = model::RouterScore::UnitGates;
    carved.spec.router.topK = carved.spec.experts;
    carved.spec.router.normalizeTopK = false;
    carved.spec.router.scale = 1;
    for (auto& layer : carved.spec.layers)
        layer.neurons.gain.clear();
    return compareWhole(dense, carved, "all experts are the dense model", options, report, job);
}

} // namespace espalier::bundle
