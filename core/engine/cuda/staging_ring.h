// SPDX-License-Identifier: Apache-2.0
// The way of weights to the device: a ring of pinned buffers. The host fills one while those before it are on the bus,
// and waits only when all are. Copies go along a lane of their own, beside the arithmetic.
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>

namespace espalier::engine::cuda {

/// Lanes of a device: work in one is done in order; between them only what an event says.
enum class Lane { Compute, Copy };

template <class Backend>
class StagingRing {
public:
    static constexpr std::size_t kSlots = 4;

    /// `backend` must outlive the ring; `slotBytes` of pinned memory are taken kSlots times at the first copy.
    StagingRing(Backend& backend, std::size_t slotBytes) : m_backend(backend), m_slotBytes(slotBytes) {}
    ~StagingRing()
    {
        for (Slot& slot : m_slots)
            m_backend.releasePinned(slot.place);
    }
    StagingRing(const StagingRing&) = delete;
    StagingRing& operator=(const StagingRing&) = delete;

    /// Starts the copy of `from` to the device; `from` may change when this returns.
    [[nodiscard]] Result<void> copy(void* to, std::span<const std::byte> from)
    {
        auto* target = static_cast<std::byte*>(to);
        while (!from.empty()) {
            Slot& slot = m_slots[m_next];
            if (slot.place == nullptr) {
                ESPALIER_TRY(slot.place, m_backend.allocatePinned(m_slotBytes));
                ESPALIER_TRY(slot.empty, m_backend.makeEvent());
            } else {
                ESPALIER_CHECK(m_backend.waitHost(slot.empty));
            }
            const std::size_t count = std::min(from.size(), m_slotBytes);
            std::memcpy(slot.place, from.data(), count);
            ESPALIER_CHECK(m_backend.copyPinned(Lane::Copy, target, slot.place, count));
            ESPALIER_CHECK(m_backend.record(Lane::Copy, slot.empty));
            from = from.subspan(count);
            target += count;
            m_next = (m_next + 1) % kSlots;
        }
        return {};
    }

private:
    struct Slot {
        void* place = nullptr;
        typename Backend::Event empty{};
    };
    Backend& m_backend;
    std::size_t m_slotBytes;
    std::array<Slot, kSlots> m_slots;
    std::size_t m_next = 0;
};

} // namespace espalier::engine::cuda
