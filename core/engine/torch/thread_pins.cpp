// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/thread_pins.h"

#include <ATen/Parallel.h>
#include <cstdlib>
#include <sched.h>
#include <vector>

namespace espalier::engine {

namespace {

/// Cores that this process may use, as it was when the engine was opened.
const cpu_set_t& allowedCores()
{
    static const cpu_set_t cores = [] {
        cpu_set_t set;
        CPU_ZERO(&set);
        ::sched_getaffinity(0, sizeof set, &set);
        return set;
    }();
    return cores;
}

bool wanted(int threads)
{
    static const bool told = std::getenv("OMP_PROC_BIND") != nullptr || std::getenv("GOMP_CPU_AFFINITY") != nullptr;
    return !told && threads > 1 && CPU_COUNT(&allowedCores()) == threads;
}

/// A system that refuses leaves the threads where they are, which costs speed at most.
void pinTo(int core)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    ::sched_setaffinity(0, sizeof one, &one);
}

} // namespace

ThreadPins::ThreadPins(int threads) : m_pinned(wanted(threads))
{
    if (!m_pinned)
        return;
    std::vector<int> cores;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(core, &allowedCores()))
            cores.push_back(core);
    at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) {
        pinTo(cores[static_cast<std::size_t>(at::get_thread_num()) % cores.size()]);
    });
}

ThreadPins::~ThreadPins()
{
    if (m_pinned)
        release();
}

void ThreadPins::release()
{
    ::sched_setaffinity(0, sizeof(cpu_set_t), &allowedCores());
}

} // namespace espalier::engine
