// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace espalier::engine {

/// Adds the wall time of its life, in seconds, to a sum.
class Stopwatch {
public:
    explicit Stopwatch(double& sum) : m_sum(sum), m_begin(std::chrono::steady_clock::now()) {}
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;
    ~Stopwatch() { m_sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

private:
    double& m_sum;
    std::chrono::steady_clock::time_point m_begin;
};

} // namespace espalier::engine
