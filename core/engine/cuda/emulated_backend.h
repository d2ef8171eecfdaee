// SPDX-License-Identifier: Apache-2.0
// A device on the CPU for the tests of what surrounds the kernels. Its two lanes are queues, and nothing in them
// happens before somebody has to wait for it (or, in the other mode, everything at once): where an event is missing
// between the lanes, or a pinned buffer is filled again too early, results are wrong. Memory has guards and begins as
// garbage.
#pragma once

#include "core/base/result.h"
#include "core/engine/cuda/emulated_grid.h"
#include "core/engine/cuda/staging_ring.h"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace espalier::engine::cuda {

enum class LaneOrder { Late, Early };

class EmulatedBackend {
public:
    using Event = std::size_t;

    explicit EmulatedBackend(std::uint64_t memory, LaneOrder lanes = LaneOrder::Late,
                             ThreadOrder threads = ThreadOrder::Shuffled)
        : m_memory(memory), m_lanes(lanes), m_threads(threads)
    {
    }
    ~EmulatedBackend() { waitAll(); }
    EmulatedBackend(const EmulatedBackend&) = delete;
    EmulatedBackend& operator=(const EmulatedBackend&) = delete;

    [[nodiscard]] Result<std::uint64_t> memoryFree() const { return m_memory - m_used; }
    [[nodiscard]] Result<void*> allocate(std::size_t bytes)
    {
        if (bytes > m_memory - m_used)
            drain(Lane::Compute); // what was released but is still in use
        if (bytes > m_memory - m_used)
            return noResources("the emulated device has no memory left");
        m_used += bytes;
        auto block = std::make_unique<Block>(bytes);
        void* place = block->place();
        m_blocks.emplace(place, std::move(block));
        return place;
    }
    void release(void* place)
    {
        push(Lane::Compute, [this, place] {
            const auto found = m_blocks.find(place);
            if (!found->second->intact())
                m_fault = "a kernel or a copy wrote outside of its buffer";
            m_used -= found->second->bytes();
            m_blocks.erase(found);
        });
    }
    [[nodiscard]] Result<void*> allocatePinned(std::size_t bytes) { return static_cast<void*>(new std::byte[bytes]); }
    void releasePinned(void* place)
    {
        waitAll();
        delete[] static_cast<std::byte*>(place);
    }

    [[nodiscard]] Result<Event> makeEvent()
    {
        m_events.push_back({});
        return m_events.size() - 1;
    }
    [[nodiscard]] Result<void> record(Lane lane, Event event)
    {
        m_events[event].records.push_back({lane, false});
        push(lane, [this, event, version = m_events[event].records.size()] {
            m_events[event].records[version - 1].reached = true;
        });
        return {};
    }
    [[nodiscard]] Result<void> wait(Lane lane, Event event)
    {
        push(lane, [this, event, version = m_events[event].records.size()] { reach(event, version); });
        return {};
    }
    [[nodiscard]] Result<void> waitHost(Event event)
    {
        reach(event, m_events[event].records.size());
        return fault();
    }
    void waitAll()
    {
        drain(Lane::Compute);
        drain(Lane::Copy);
    }

    /// From memory that may change at once.
    [[nodiscard]] Result<void> upload(void* to, const void* from, std::size_t bytes)
    {
        const auto* begin = static_cast<const std::byte*>(from);
        push(Lane::Compute,
             [to, copy = std::vector<std::byte>(begin, begin + bytes)] { std::memcpy(to, copy.data(), copy.size()); });
        return {};
    }
    [[nodiscard]] Result<void> copyPinned(Lane lane, void* to, const void* pinned, std::size_t bytes)
    {
        push(lane, [=] { std::memcpy(to, pinned, bytes); });
        return {};
    }
    [[nodiscard]] Result<void> zero(void* to, std::size_t bytes)
    {
        push(Lane::Compute, [=] { std::memset(to, 0, bytes); });
        return {};
    }
    [[nodiscard]] Result<void> download(void* to, const void* from, std::size_t bytes)
    {
        drain(Lane::Compute);
        std::memcpy(to, from, bytes);
        return fault();
    }
    template <typename Kernel>
    [[nodiscard]] Result<void> launch(Lane lane, const Kernel& kernel)
    {
        if (kernel.grid().columns > kMostColumns)
            return internalError("a grid is too wide");
        push(lane, [kernel, threads = m_threads] { emulate(kernel, threads); });
        return {};
    }

private:
    class Block {
    public:
        explicit Block(std::size_t bytes)
            : m_bytes(bytes),
              m_whole(static_cast<std::byte*>(::operator new(bytes + 2 * kGuard, std::align_val_t(kGuard))))
        {
            std::memset(m_whole.get(), 0x5a, bytes + 2 * kGuard);
        }
        [[nodiscard]] void* place() const { return m_whole.get() + kGuard; }
        [[nodiscard]] std::size_t bytes() const { return m_bytes; }
        [[nodiscard]] bool intact() const
        {
            const std::byte* at = m_whole.get();
            const auto isGuard = [](std::byte byte) { return byte == std::byte{0x5a}; };
            return std::all_of(at, at + kGuard, isGuard) &&
                   std::all_of(at + kGuard + m_bytes, at + 2 * kGuard + m_bytes, isGuard);
        }

    private:
        static constexpr std::size_t kGuard = 256;
        struct Free {
            void operator()(std::byte* whole) const { ::operator delete(whole, std::align_val_t(kGuard)); }
        };
        std::size_t m_bytes;
        std::unique_ptr<std::byte, Free> m_whole;
    };
    /// An event may be recorded again, in another lane, while somebody waits for an earlier record.
    struct Mark {
        struct Record {
            Lane lane;
            bool reached;
        };
        std::vector<Record> records;
    };

    void push(Lane lane, std::function<void()> work)
    {
        queue(lane).push_back(std::move(work));
        if (m_lanes == LaneOrder::Early)
            drain(lane);
    }
    void step(Lane lane)
    {
        const std::function<void()> work = std::move(queue(lane).front());
        queue(lane).pop_front();
        work();
    }
    void drain(Lane lane)
    {
        while (!queue(lane).empty())
            step(lane);
    }
    void reach(Event event, std::size_t version)
    {
        while (version > 0 && !m_events[event].records[version - 1].reached)
            step(m_events[event].records[version - 1].lane);
    }
    [[nodiscard]] std::deque<std::function<void()>>& queue(Lane lane) { return m_queues[lane == Lane::Copy ? 1 : 0]; }
    [[nodiscard]] Result<void> fault() const
    {
        return m_fault.empty() ? Result<void>() : Result<void>(internalError(m_fault));
    }

    std::uint64_t m_memory, m_used = 0;
    LaneOrder m_lanes;
    ThreadOrder m_threads;
    std::array<std::deque<std::function<void()>>, 2> m_queues;
    std::deque<Mark> m_events;
    std::map<void*, std::unique_ptr<Block>> m_blocks;
    std::string m_fault;
};

} // namespace espalier::engine::cuda
