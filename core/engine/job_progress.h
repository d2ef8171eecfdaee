// SPDX-License-Identifier: Apache-2.0
// People follow one count over a whole job; the engine counts its own steps through each part of it. Private to the
// room.
#pragma once

#include "core/base/progress.h"

#include <algorithm>
#include <string>

namespace espalier::engine {

/// `job` for one part of it: the engine's share of the part, as [from, from + size] of `total`. Reading weights is
/// told as it is. `job` must outlive the result.
inline base::JobContext partOf(const base::JobContext& job, base::ProgressEvent whole, double size)
{
    base::JobContext part = job;
    part.progress = [&job, whole = std::move(whole), size](const base::ProgressEvent& event) {
        if (event.unit == "bytes") {
            job.report(event);
            return;
        }
        base::ProgressEvent told = whole;
        told.done += event.total > 0 ? size * std::clamp(event.done / event.total, 0.0, 1.0) : 0.0;
        job.report(told);
    };
    return part;
}

} // namespace espalier::engine
