// SPDX-License-Identifier: Apache-2.0
// Each computing thread on a core of its own while a pass runs, so that what it has in its caches stays beside it. Only
// where there are as many threads as cores this process may use: with fewer, the system knows better which are free.
// OMP_PROC_BIND or GOMP_CPU_AFFINITY in the environment take its place.
#pragma once

namespace espalier::engine {

class ThreadPins {
public:
    /// `threads` that compute, this one among them.
    explicit ThreadPins(int threads);
    /// The calling thread may use every core again; the others compute only, and stay.
    ~ThreadPins();
    ThreadPins(const ThreadPins&) = delete;
    ThreadPins& operator=(const ThreadPins&) = delete;

    /// For threads that are begun while a pass runs and do something else than compute: every core.
    static void release();

private:
    bool m_pinned = false;
};

} // namespace espalier::engine
