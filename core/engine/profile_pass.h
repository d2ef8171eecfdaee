// SPDX-License-Identifier: Apache-2.0
// What a calibration pass will do, known before the first weight is read: windows, groups, settings. Private to the
// room.
#pragma once

#include "core/base/json.h"
#include "core/engine/domain_texts.h"
#include "core/engine/profile_job.h"

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::engine {

/// Consecutive windows of one domain that are committed together.
struct ProfileGroup {
    std::size_t domain = 0, first = 0, count = 0;
    std::int64_t tokens = 0;
};

/// Everything that is known before the first weight is read.
struct ProfilePass {
    std::vector<DomainTexts> domains;
    std::vector<ProfileGroup> groups;
    std::string tokenizer; ///< fingerprint
    std::int64_t context = 0;
    std::int64_t tokens = 0;
};

/// BadInput for a model without routed experts, Usage without texts; else what reading the texts gives.
[[nodiscard]] Result<ProfilePass> prepareProfile(const model::OpenModel& model, const ProfileRequest& request);

/// Sums of zero, of the statistics that were asked for.
[[nodiscard]] stats::DomainStats emptyDomain(const model::OpenModel& model, const ProfileRequest& request,
                                             const DomainTexts& texts);

/// What the run says about itself. Requests of equal "resume_key" make the same groups with the same sums.
[[nodiscard]] base::OrderedJson profileSettings(const model::OpenModel& model, const ProfileRequest& request,
                                                const ProfilePass& pass, ComputeType compute);

/// Documents that begin in this group: one that an earlier group began is counted there.
[[nodiscard]] std::int64_t newDocuments(const DomainTexts& texts, const ProfileGroup& group);

} // namespace espalier::engine
