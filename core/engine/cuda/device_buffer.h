// SPDX-License-Identifier: Apache-2.0
// Memory of a device. Given out and taken back in the order of the compute lane: what was started before may still use
// it when the buffer goes.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <utility>

namespace espalier::engine::cuda {

template <class Backend, typename T>
class DeviceBuffer {
public:
    DeviceBuffer() = default;
    DeviceBuffer(DeviceBuffer&& other) noexcept
        : m_backend(other.m_backend), m_place(std::exchange(other.m_place, nullptr))
    {
    }
    DeviceBuffer& operator=(DeviceBuffer&& other) noexcept
    {
        std::swap(m_backend, other.m_backend);
        std::swap(m_place, other.m_place);
        return *this;
    }
    DeviceBuffer(const DeviceBuffer&) = delete;
    DeviceBuffer& operator=(const DeviceBuffer&) = delete;
    ~DeviceBuffer()
    {
        if (m_place != nullptr)
            m_backend->release(m_place);
    }
    /// Not initialised. `backend` must outlive the buffer.
    [[nodiscard]] static Result<DeviceBuffer> make(Backend& backend, std::size_t count)
    {
        DeviceBuffer buffer;
        buffer.m_backend = &backend;
        ESPALIER_TRY(void* place, backend.allocate(count * sizeof(T)));
        buffer.m_place = static_cast<T*>(place);
        return Result<DeviceBuffer>(std::move(buffer));
    }
    [[nodiscard]] T* data() const { return m_place; }

private:
    Backend* m_backend = nullptr;
    T* m_place = nullptr;
};

} // namespace espalier::engine::cuda
