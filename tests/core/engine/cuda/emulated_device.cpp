// SPDX-License-Identifier: Apache-2.0
// A device plug-in for the tests: the kernels of the CUDA plug-in, and what launches them, on the emulated grid. Its
// memory (ESPALIER_EMULATED_MEMORY, bytes) may be small, so that few experts fit at a time.
#include "core/engine/cuda/emulated_backend.h"
#include "core/engine/cuda/moe_device.h"

#include <cstdlib>

namespace espalier::engine::cuda {

namespace {

std::uint64_t memory()
{
    const char* text = std::getenv("ESPALIER_EMULATED_MEMORY");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : std::uint64_t{1} << 28U;
}

DeviceInfo info()
{
    return {"emulated", 0, 0, memory(), memory()};
}

template <typename T>
std::unique_ptr<Device> make()
{
    return std::make_unique<MoeDevice<EmulatedBackend, T>>(std::make_unique<EmulatedBackend>(memory()), info());
}

Result<std::vector<DeviceInfo>> devices()
{
    return std::vector<DeviceInfo>{info()};
}

Result<std::unique_ptr<Device>> open(int number, DeviceType type)
{
    if (number != 0)
        return usageError("there is one emulated device", "Use --device cuda");
    return type == DeviceType::BFloat16 ? make<Bf16>() : make<float>();
}

} // namespace

} // namespace espalier::engine::cuda

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::DeviceEntry espalier_device_entry;
const espalier::engine::DeviceEntry espalier_device_entry = {
    espalier::engine::kDeviceAbi, espalier::engine::cuda::devices, espalier::engine::cuda::open};
}
