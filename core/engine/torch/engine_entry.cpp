// SPDX-License-Identifier: Apache-2.0
// The plug-in's one symbol.
#include "core/engine/device_plugin.h"
#include "core/engine/engine.h"
#include "core/engine/torch/guard.h"
#include "core/engine/torch/resident_weights.h"
#include "core/engine/torch/settings.h"
#include "core/engine/torch/streamed_weights.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/Version.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/headeronly/version.h>

namespace espalier::engine {

namespace {

/// Temporaries of a batch are some MiB each. Given back to the system and faulted in again for every operation they
/// cost a tenth of the time; kept by the allocator they are reused. Weights above the threshold are still mapped.
void keepTemporaries()
{
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

Result<std::unique_ptr<Engine>> open(const model::OpenModel& model, const EngineOptions& options)
{
    return guarded(options.threads > 0 ? options.threads : at::get_num_threads(),
                   [&]() -> Result<std::unique_ptr<Engine>> {
                       keepTemporaries();
                       ESPALIER_TRY(const Settings settings, chooseSettings(model, options));
                       std::unique_ptr<Device> device;
                       if (options.device) {
                           ESPALIER_TRY(device, openDevice(*options.device, settings.compute == ComputeType::BFloat16
                                                                                ? DeviceType::BFloat16
                                                                                : DeviceType::Float32));
                       }
                       std::unique_ptr<WeightSource> weights;
                       if (settings.stream)
                           weights = std::make_unique<StreamedWeights>(model, settings.scalarType(), settings.footprint,
                                                                       *settings.stream);
                       else
                           weights = std::make_unique<ResidentWeights>(model, settings.scalarType(), settings.footprint,
                                                                       settings.layers);
                       return std::unique_ptr<Engine>(
                           std::make_unique<TorchEngine>(model, settings, std::move(weights), std::move(device)));
                   });
}

std::string describe()
{
    return fmt::format("libtorch {}, {}", TORCH_VERSION, at::get_cpu_capability());
}

} // namespace

} // namespace espalier::engine

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::EngineEntry espalier_engine_entry;
const espalier::engine::EngineEntry espalier_engine_entry = {espalier::engine::kEngineAbi, espalier::engine::open,
                                                             espalier::engine::describe};
}
