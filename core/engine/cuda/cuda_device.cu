// SPDX-License-Identifier: Apache-2.0
// The CUDA plug-in's one symbol, and the only translation unit that nvcc sees: kernels for every architecture.
#include "core/engine/cuda/cuda_backend.cuh"
#include "core/engine/cuda/moe_device.h"

namespace espalier::engine::cuda {

namespace {

Result<std::vector<DeviceInfo>> devices()
{
    int count = 0;
    ESPALIER_CHECK(checked(cudaGetDeviceCount(&count), "counting the devices"));
    std::vector<DeviceInfo> all;
    for (int i = 0; i < count; ++i) {
        cudaDeviceProp properties{};
        ESPALIER_CHECK(checked(cudaGetDeviceProperties(&properties, i), "asking a device what it is"));
        all.push_back({properties.name, properties.major, properties.minor, properties.totalGlobalMem, 0});
    }
    return Result<std::vector<DeviceInfo>>(std::move(all));
}

template <typename T>
Result<std::unique_ptr<Device>> make(int number, DeviceInfo info)
{
    auto backend = std::make_unique<CudaBackend>(number);
    ESPALIER_CHECK(backend->open());
    ESPALIER_TRY(info.memoryFree, backend->memoryFree());
    return std::unique_ptr<Device>(std::make_unique<MoeDevice<CudaBackend, T>>(std::move(backend), std::move(info)));
}

Result<std::unique_ptr<Device>> open(int number, DeviceType type)
{
    ESPALIER_TRY(const auto all, devices());
    if (number < 0 || static_cast<std::size_t>(number) >= all.size())
        return usageError("there is no CUDA device " + std::to_string(number) + ", the machine has " +
                              std::to_string(all.size()),
                          "See espalier doctor");
    const DeviceInfo& info = all[static_cast<std::size_t>(number)];
    // One kernel is enough to know whether the plug-in was built for this device.
    cudaFuncAttributes attributes{};
    ESPALIER_CHECK(checked(cudaSetDevice(number), "choosing the device"));
    if (cudaFuncGetAttributes(&attributes, runKernel<CountChoices>) != cudaSuccess)
        return badInput("the CUDA plug-in has no code for " + info.name + " (compute capability " +
                            std::to_string(info.major) + "." + std::to_string(info.minor) + ")",
                        {}, {},
                        "Build it with -DESPALIER_CUDA_ARCHITECTURES=" + std::to_string(info.major) +
                            std::to_string(info.minor) + ", or use --device cpu");
    return type == DeviceType::BFloat16 ? make<Bf16>(number, info) : make<float>(number, info);
}

} // namespace

} // namespace espalier::engine::cuda

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::DeviceEntry espalier_device_entry;
const espalier::engine::DeviceEntry espalier_device_entry = {
    espalier::engine::kDeviceAbi, espalier::engine::cuda::devices, espalier::engine::cuda::open};
}
