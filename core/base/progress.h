// SPDX-License-Identifier: Apache-2.0
// Progress of long work and its cancellation. Producers call Progress::report often; it costs little.
// Thread rule: report() is called from the thread that does the work; the stop token may be set from anywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace espalier::base {

struct ProgressEvent {
    std::string phase; ///< "reading weights", "profile prose-german", in the user's words
    double done = 0;
    double total = 0; ///< 0 when unknown
    std::string unit; ///< "tokens", "bytes", "items"
};

/// What a long job gets: where to say how far it is, where to say a sentence, whether to stop.
struct JobContext {
    std::function<void(const ProgressEvent&)> progress;
    std::function<void(const std::string&)> log;
    std::stop_token stop;

    void report(const ProgressEvent& event) const
    {
        if (progress)
            progress(event);
    }
    void say(const std::string& text) const
    {
        if (log)
            log(text);
    }
    [[nodiscard]] bool stopRequested() const { return stop.stop_requested(); }
};

/// Percent, rate and time left from a series of events. One instance per phase series; pure arithmetic, testable.
class ProgressMeter {
public:
    struct Reading {
        double percent = -1;     ///< −1 when unknown
        double rate = 0;         ///< units per second over the phase
        double secondsLeft = -1; ///< −1 when unknown
        double seconds = 0;      ///< since the phase began
    };
    /// `seconds`: any monotonic clock. A change of phase starts the measurement anew.
    [[nodiscard]] Reading update(const ProgressEvent& event, double seconds);

private:
    std::string m_phase;
    bool m_begun = false;
    double m_start = 0;
    double m_startDone = 0;
};

} // namespace espalier::base
