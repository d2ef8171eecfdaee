// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/settings.h"

#include "core/base/byte_size.h"
#include "core/base/machine.h"
#include "core/engine/torch/head.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// libtorch itself with its threads' pools, and the experts' outputs of one batch.
constexpr std::uint64_t kBaseBytes = std::uint64_t{320} << 20U;
constexpr std::uint64_t kLeastHiddenBytes = std::uint64_t{8} << 20U;
constexpr std::uint64_t kMostHiddenBytes = std::uint64_t{1} << 30U;
constexpr std::uint64_t kHeadHiddenBytes = std::uint64_t{64} << 20U; // hidden states while the head is in memory

/// Logits of a chunk of rows as a comparison holds them: of base and plan, as log-probabilities and probabilities.
std::uint64_t headBytes(const model::ModelSpec& spec)
{
    return 5 * sizeof(float) * static_cast<std::uint64_t>(Head::rowsAtOnce(spec) * spec.vocabulary);
}

/// Matrices, which the arithmetic is about, are all of 16 bits or less.
bool narrowWeights(const model::OpenModel& model)
{
    const auto& tensors = model.checkpoint.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const model::TensorRole role = model.spec.uses[i].role;
        const bool matrix = role == model::TensorRole::Attention || role == model::TensorRole::RoutedExpert ||
                            role == model::TensorRole::DenseFfn || role == model::TensorRole::SharedExpert;
        const bool packed = model.spec.parameters[i] != static_cast<std::uint64_t>(tensors[i].elements());
        if (matrix && !packed && tensors[i].shape.size() > 1 && checkpoint::bitsPerElement(tensors[i].dtype) > 16)
            return false;
    }
    return true;
}

/// Shares a memory that is too small for all weights among the window of layers, the ends and the hidden states.
Result<void> stream(const model::OpenModel& model, const EngineOptions& options, std::uint64_t limit,
                    std::uint64_t fixed, Settings& settings)
{
    const WeightFootprint& footprint = settings.footprint;
    const std::uint64_t least = StreamedWeights::leastWindow(footprint, model.spec.experts);
    // Embedding and head are never held at the same time as layers when they do not fit beside them.
    const std::uint64_t need =
        fixed + footprint.scratch + std::max({least, footprint.embedding, footprint.head + kHeadHiddenBytes});
    if (need > limit)
        return noResources(fmt::format("streaming the model in {} needs {} of memory, {} are {}",
                                       settings.compute == ComputeType::BFloat16 ? "bfloat16" : "float32",
                                       base::formatByteSize(ByteSize(need)), base::formatByteSize(ByteSize(limit)),
                                       options.memory.value() > 0 ? "allowed (--memory)" : "available"),
                           settings.compute == ComputeType::Float32
                               ? "Allow more with --memory, or use --dtype bfloat16"
                               : "Allow more with --memory, or use a machine with more memory");
    const std::uint64_t room = limit - fixed - footprint.scratch;
    settings.stream.emplace();
    settings.stream->keepEnds = footprint.ends() <= room / 4 && least + footprint.ends() <= room;
    const std::uint64_t forLayers = room - (settings.stream->keepEnds ? footprint.ends() : 0);
    // Hidden states first get a quarter, so that a pass takes many texts; what the window cannot use is theirs too.
    // With a window of whole layers rows do not wait for packs of experts, and need a fraction of that.
    const std::uint64_t best = std::max(least, StreamedWeights::bestWindow(footprint));
    const std::uint64_t window = forLayers - forLayers / 16 >= best && forLayers - best >= kLeastHiddenBytes
                                     ? best
                                     : std::clamp(forLayers / 4 * 3, least, best);
    settings.stream->window = window;
    settings.hiddenBytes = std::max(forLayers - window, kLeastHiddenBytes);
    return {};
}

/// How the weights are read: as told, or as a second of probing finds fastest.
Result<void> chooseReading(const model::OpenModel& model, const EngineOptions& options, std::uint64_t available,
                           StreamSettings& settings)
{
    // The page cache serves the next pass when it can hold the model. When not, pages read are only in the way.
    const std::uint64_t cache = available > settings.window ? available - settings.window : 0;
    settings.layers = options.layers;
    settings.reading.forget = model.checkpoint.tensorBytes() > cache;
    if (options.reading) {
        settings.reading.mode = *options.reading;
        return {};
    }
    ESPALIER_TRY(settings.probe, checkpoint::probeCheckpoint(model.checkpoint));
    settings.reading.mode = settings.probe.best();
    return {};
}

/// bfloat16 GEMMs gain over float32 only when a dot product is long enough to fill the matrix units between the
/// conversions around it; in models narrower than this the small operations dominate and float32 is as fast and exact.
constexpr int kNarrowestForBfloat16 = 1024;

/// Room for experts that are read as they are needed, and for hidden states, beside everything else.
Result<void> chooseCache(const EngineOptions& options, std::uint64_t limit, std::uint64_t fixed, Settings& settings)
{
    std::uint64_t rest = settings.footprint.ends() + settings.footprint.scratch + fixed;
    std::uint64_t layer = 0; // the cache holds one layer at least
    for (const auto& one : settings.footprint.layers) {
        rest += one.rest;
        layer = std::max(layer, one.experts);
    }
    const std::uint64_t asked = std::max(options.expertCache.value(), layer);
    if (limit > 0 && rest + asked > limit)
        return noResources(
            fmt::format("the model without its experts needs {} of memory and {} are needed for experts, {} are {}",
                        base::formatByteSize(ByteSize(rest)), base::formatByteSize(ByteSize(asked)),
                        base::formatByteSize(ByteSize(limit)),
                        options.memory.value() > 0 ? "allowed (--memory)" : "available"),
            "Give the experts less, or allow more");
    settings.mostExpertBytes = limit > 0 ? limit - rest : UINT64_MAX;
    settings.hiddenBytes =
        limit > 0 ? std::clamp((limit - rest - asked) / 2, kLeastHiddenBytes, kMostHiddenBytes) : kMostHiddenBytes;
    return {};
}

} // namespace

at::ScalarType Settings::scalarType() const
{
    return compute == ComputeType::BFloat16 ? at::kBFloat16 : at::kFloat;
}

Result<Settings> chooseSettings(const model::OpenModel& model, const EngineOptions& options)
{
    const base::Machine machine = base::describeMachine();
    Settings settings;
    settings.threads = options.threads > 0 ? options.threads : machine.cores;
    const std::uint64_t limit = options.memory.value() > 0 ? options.memory.value() : machine.memoryAvailable.value();
    const std::uint64_t fixed = headBytes(model.spec) + kBaseBytes + kLeastHiddenBytes;
    const auto resident = [&](at::ScalarType type) {
        return footprintOf(model, type, settings.threads, options.layers).total() + fixed;
    };
    settings.compute = options.compute;
    if (options.compute == ComputeType::Auto) {
        const bool pays = machine.fastBfloat16() && model.spec.hidden >= kNarrowestForBfloat16;
        const bool onlyNarrowFits = resident(at::kFloat) > limit && resident(at::kBFloat16) <= limit;
        settings.compute =
            narrowWeights(model) && (pays || onlyNarrowFits) ? ComputeType::BFloat16 : ComputeType::Float32;
    }
    settings.footprint = footprintOf(model, settings.scalarType(), settings.threads, options.layers);
    settings.layers = options.layers;
    if (options.expertCache.value() > 0) {
        ESPALIER_CHECK(chooseCache(options, limit, fixed, settings));
        return settings;
    }
    const std::uint64_t need = settings.footprint.total() + fixed;
    if (options.window.value() > 0 && (limit == 0 || need <= limit)) {
        settings.stream = StreamSettings{
            std::max(options.window.value(), StreamedWeights::leastWindow(settings.footprint, model.spec.experts)),
            false,
            {},
            {}};
        settings.hiddenBytes = kMostHiddenBytes;
        ESPALIER_CHECK(chooseReading(model, options, machine.memoryAvailable.value(), *settings.stream));
        return settings;
    }
    if (limit == 0 || need <= limit) {
        const std::uint64_t rest = limit > 0 ? limit - need + kLeastHiddenBytes : kMostHiddenBytes;
        settings.hiddenBytes = std::clamp(rest / 2, kLeastHiddenBytes, kMostHiddenBytes);
        return settings;
    }
    ESPALIER_CHECK(stream(model, options, limit, fixed, settings));
    ESPALIER_CHECK(chooseReading(model, options, machine.memoryAvailable.value(), *settings.stream));
    return settings;
}

} // namespace espalier::engine
