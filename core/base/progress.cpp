// SPDX-License-Identifier: Apache-2.0
#include "core/base/progress.h"

#include <algorithm>

namespace espalier::base {

ProgressMeter::Reading ProgressMeter::update(const ProgressEvent& event, double seconds)
{
    // Work that goes backwards is a new pass under the same name.
    if (!m_begun || event.phase != m_phase || event.done < m_startDone) {
        m_begun = true;
        m_phase = event.phase;
        m_start = seconds;
        m_startDone = event.done; // a resumed run begins in the middle: what was done before has no rate
    }
    Reading reading;
    reading.seconds = std::max(0.0, seconds - m_start);
    const double done = event.done - m_startDone;
    if (reading.seconds > 0)
        reading.rate = done / reading.seconds;
    if (event.total > 0) {
        reading.percent = std::clamp(100.0 * event.done / event.total, 0.0, 100.0);
        if (event.done >= event.total)
            reading.secondsLeft = 0;
        else if (reading.rate > 0)
            reading.secondsLeft = (event.total - event.done) / reading.rate;
    }
    return reading;
}

} // namespace espalier::base
