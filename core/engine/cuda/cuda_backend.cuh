// SPDX-License-Identifier: Apache-2.0
// MoeDevice on the CUDA runtime: two streams, stream-ordered memory, events.
#pragma once

#include "core/base/result.h"
#include "core/engine/cuda/device_block.cuh"
#include "core/engine/cuda/staging_ring.h"

#include <cuda_runtime_api.h>

#include <string>
#include <vector>

namespace espalier::engine::cuda {

/// What the runtime said, as an error: missing memory is the user's to solve, all else a fault of ours or the driver's.
[[nodiscard]] inline Result<void> checked(cudaError_t code, const char* doing)
{
    if (code == cudaSuccess)
        return {};
    const std::string reason =
        std::string(doing) + ": " + cudaGetErrorString(code) + " (" + cudaGetErrorName(code) + ")";
    if (code == cudaErrorMemoryAllocation)
        return noResources("the device has no memory left " + reason,
                           "Measure fewer tokens at a time (--memory), or use --device cpu");
    return internalError("CUDA " + reason);
}

class CudaBackend {
public:
    using Event = cudaEvent_t;

    explicit CudaBackend(int device) : m_device(device) {}
    CudaBackend(const CudaBackend&) = delete;
    CudaBackend& operator=(const CudaBackend&) = delete;
    ~CudaBackend()
    {
        waitAll();
        for (const Event event : m_events)
            cudaEventDestroy(event);
        for (const cudaStream_t stream : m_streams)
            if (stream != nullptr)
                cudaStreamDestroy(stream);
    }
    [[nodiscard]] Result<void> open()
    {
        ESPALIER_CHECK(checked(cudaSetDevice(m_device), "choosing the device"));
        for (cudaStream_t& stream : m_streams)
            ESPALIER_CHECK(checked(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "making a stream"));
        cudaMemPool_t pool{};
        ESPALIER_CHECK(checked(cudaDeviceGetDefaultMemPool(&pool, m_device), "asking for the memory pool"));
        std::uint64_t keep = ~std::uint64_t{0}; // a batch needs what the one before it gave back
        return checked(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep),
                       "setting up the memory pool");
    }

    /// What the driver has left, and what the pool holds for us unused.
    [[nodiscard]] Result<std::uint64_t> memoryFree() const
    {
        ESPALIER_CHECK(checked(cudaStreamSynchronize(stream(Lane::Compute)), "waiting for the device"));
        std::size_t free = 0;
        std::size_t all = 0;
        ESPALIER_CHECK(checked(cudaMemGetInfo(&free, &all), "asking for the free memory"));
        cudaMemPool_t pool{};
        ESPALIER_CHECK(checked(cudaDeviceGetDefaultMemPool(&pool, m_device), "asking for the memory pool"));
        std::uint64_t reserved = 0;
        std::uint64_t used = 0;
        ESPALIER_CHECK(
            checked(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &reserved), "asking the pool"));
        ESPALIER_CHECK(checked(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &used), "asking the pool"));
        return free + (reserved - used);
    }
    [[nodiscard]] Result<void*> allocate(std::size_t bytes)
    {
        void* place = nullptr;
        ESPALIER_CHECK(
            checked(cudaMallocAsync(&place, bytes > 0 ? bytes : 1, stream(Lane::Compute)), "allocating on the device"));
        return place;
    }
    void release(void* place)
    {
        // An error here is one of work before, and the next call reports it.
        cudaFreeAsync(place, stream(Lane::Compute));
    }
    [[nodiscard]] Result<void*> allocatePinned(std::size_t bytes)
    {
        void* place = nullptr;
        ESPALIER_CHECK(checked(cudaMallocHost(&place, bytes), "pinning host memory"));
        return place;
    }
    void releasePinned(void* place)
    {
        waitAll();
        cudaFreeHost(place);
    }

    [[nodiscard]] Result<Event> makeEvent()
    {
        Event event{};
        ESPALIER_CHECK(checked(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "making an event"));
        m_events.push_back(event);
        return event;
    }
    [[nodiscard]] Result<void> record(Lane lane, Event event)
    {
        return checked(cudaEventRecord(event, stream(lane)), "recording an event");
    }
    [[nodiscard]] Result<void> wait(Lane lane, Event event)
    {
        return checked(cudaStreamWaitEvent(stream(lane), event, 0), "waiting for an event");
    }
    [[nodiscard]] Result<void> waitHost(Event event)
    {
        return checked(cudaEventSynchronize(event), "waiting for the device");
    }
    void waitAll()
    {
        for (const cudaStream_t stream : m_streams)
            if (stream != nullptr)
                cudaStreamSynchronize(stream);
    }

    /// Returns when `from` was read: the runtime stages memory that is not pinned.
    [[nodiscard]] Result<void> upload(void* to, const void* from, std::size_t bytes)
    {
        return checked(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream(Lane::Compute)),
                       "copying to the device");
    }
    [[nodiscard]] Result<void> copyPinned(Lane lane, void* to, const void* pinned, std::size_t bytes)
    {
        return checked(cudaMemcpyAsync(to, pinned, bytes, cudaMemcpyHostToDevice, stream(lane)),
                       "copying to the device");
    }
    [[nodiscard]] Result<void> zero(void* to, std::size_t bytes)
    {
        return checked(cudaMemsetAsync(to, 0, bytes, stream(Lane::Compute)), "clearing memory");
    }
    [[nodiscard]] Result<void> download(void* to, const void* from, std::size_t bytes)
    {
        ESPALIER_CHECK(checked(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream(Lane::Compute)),
                               "copying from the device"));
        return checked(cudaStreamSynchronize(stream(Lane::Compute)), "computing on the device");
    }
    template <typename Kernel>
    [[nodiscard]] Result<void> launch(Lane lane, const Kernel& kernel)
    {
        const Grid grid = kernel.grid();
        if (grid.columns > kMostColumns || grid.threads > kMostThreads)
            return internalError("a grid is too wide");
        const dim3 blocks(static_cast<unsigned>(grid.rows), static_cast<unsigned>(grid.columns));
        runKernel<<<blocks, static_cast<unsigned>(grid.threads), kernel.sharedBytes(), stream(lane)>>>(kernel);
        return checked(cudaGetLastError(), "starting a kernel");
    }

private:
    [[nodiscard]] cudaStream_t stream(Lane lane) const { return m_streams[lane == Lane::Copy ? 1 : 0]; }

    int m_device;
    cudaStream_t m_streams[2] = {};
    std::vector<Event> m_events;
};

} // namespace espalier::engine::cuda
