// SPDX-License-Identifier: Apache-2.0
// What a profile will cost on this machine, before it starts: seconds from a second of probing disk and arithmetic,
// memory and disk from sizes.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/profile_job.h"

#include <filesystem>

namespace espalier::engine {

struct ProfileCost {
    ProfileEstimate estimate;
    double seconds = 0;            ///< about, if nothing else keeps the machine busy
    double secondsComputing = 0;   ///< alone
    double secondsReading = 0;     ///< alone, all passes
    double flopsPerSecond = 0;     ///< that a matrix product reached now, in the compute type
    double readBytesPerSecond = 0; ///< that reading the weights reached now; 0 when they are too few to probe
    std::int64_t passes = 1;       ///< over the weights
    std::uint64_t weightBytes = 0; ///< of one pass, as stored
    std::uint64_t memoryBytes = 0; ///< peak resident set, about
    std::uint64_t diskBytes = 0;   ///< the study's growth and, while it runs, hidden states between layers
    std::uint64_t diskFree = 0;    ///< where the study is
    PassCounters settings;         ///< compute type, streamed or not, how weights are read
};

/// Opens the engine but reads no weights, except what a second of probing reads. NoResources when the memory is too
/// small even for streaming.
[[nodiscard]] Result<ProfileCost> estimateCost(const model::OpenModel& model, const std::filesystem::path& study,
                                               const ProfileRequest& request, const base::JobContext& job);

} // namespace espalier::engine
