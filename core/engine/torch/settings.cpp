// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/settings.h"

#include "core/base/byte_size.h"
#include "core/base/machine.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/resident_weights.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// libtorch itself with its threads' pools, and the experts' outputs of one batch.
constexpr std::uint64_t kBaseBytes = std::uint64_t{320} << 20U;
constexpr std::uint64_t kLeastHiddenBytes = std::uint64_t{8} << 20U;
constexpr std::uint64_t kMostHiddenBytes = std::uint64_t{1} << 30U;

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

/// bfloat16 GEMMs gain over float32 only when a dot product is long enough to fill the matrix units between the
/// conversions around it; in models narrower than this the small operations dominate and float32 is as fast and exact.
constexpr int kNarrowestForBfloat16 = 1024;

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
    const auto needed = [&](at::ScalarType type) {
        return ResidentWeights::memoryNeeded(model, type, settings.threads) + headBytes(model.spec) + kBaseBytes +
               kLeastHiddenBytes;
    };
    settings.compute = options.compute;
    if (options.compute == ComputeType::Auto) {
        const bool pays = machine.fastBfloat16() && model.spec.hidden >= kNarrowestForBfloat16;
        const bool onlyNarrowFits = needed(at::kFloat) > limit && needed(at::kBFloat16) <= limit;
        settings.compute =
            narrowWeights(model) && (pays || onlyNarrowFits) ? ComputeType::BFloat16 : ComputeType::Float32;
    }
    const std::uint64_t need = needed(settings.scalarType());
    if (limit > 0 && need > limit)
        return noResources(
            fmt::format(
                "the model needs {} of memory to compute in {}, {} are {}", base::formatByteSize(ByteSize(need)),
                settings.compute == ComputeType::BFloat16 ? "bfloat16" : "float32",
                base::formatByteSize(ByteSize(limit)), options.memory.value() > 0 ? "allowed (--memory)" : "available"),
            settings.compute == ComputeType::Float32
                ? fmt::format("--dtype bfloat16 needs {}", base::formatByteSize(ByteSize(needed(at::kBFloat16))))
                : "Use a machine with more memory");
    const std::uint64_t rest = limit > 0 ? limit - need + kLeastHiddenBytes : kMostHiddenBytes;
    settings.hiddenBytes = std::clamp(rest / 2, kLeastHiddenBytes, kMostHiddenBytes);
    return settings;
}

} // namespace espalier::engine
