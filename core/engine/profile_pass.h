// SPDX-License-Identifier: Apache-2.0
// What a calibration pass will do, known before the first weight is read: windows, groups, settings. Private to the
// room.
#pragma once

#include "core/base/json.h"
#include "core/engine/domain_texts.h"
#include "core/engine/profile_job.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

/// Consecutive windows of one domain.
struct ProfilePart {
    std::size_t domain = 0, first = 0, count = 0;
};
/// Windows that go through the model, and are committed, together.
struct ProfileGroup {
    std::vector<ProfilePart> parts;
    std::int64_t tokens = 0;
};
/// How the texts go through the model.
struct ProfileOrder {
    /// False: group after group through weights that stay in memory, each group of one domain. True: groups across
    /// domains, as large as the memory for hidden states allows, layer after layer through weights that are streamed.
    bool byLayers = false;
    std::int64_t groupTokens = 0;
    /// By layers: sums are taken block by block, each of one domain and as large as a group would be if weights stayed
    /// in memory. Both orders, and any memory that holds a block, so give the same sums to the bit.
    std::int64_t blockTokens = 0;
    [[nodiscard]] std::int64_t block() const
    {
        return byLayers && blockTokens > 0 ? std::min(blockTokens, groupTokens) : groupTokens;
    }
};
[[nodiscard]] std::vector<ProfileGroup> cutIntoGroups(std::span<const DomainTexts> domains, const ProfileOrder& order);

/// Everything that is known before the first weight is read.
struct ProfilePass {
    std::vector<DomainTexts> domains;
    std::string tokenizer; ///< fingerprint
    std::int64_t context = 0;
    std::int64_t tokens = 0;
};

/// BadInput for a model without routed experts, Usage without texts; else what reading the texts gives.
[[nodiscard]] Result<ProfilePass> prepareProfile(const model::OpenModel& model, const ProfileRequest& request);

/// Tokens of the texts before this part.
[[nodiscard]] std::int64_t tokensBefore(const DomainTexts& texts, const ProfilePart& part);

[[nodiscard]] stats::Topology topologyOf(const model::OpenModel& model);

/// Which tokens of a domain S7, S8 and S17 keep; none without them.
[[nodiscard]] stats::SampleTokens sampledTokens(const ProfileRequest& request, const DomainTexts& texts);

/// Sums of zero, of the statistics that were asked for.
[[nodiscard]] stats::DomainStats emptyDomain(const model::OpenModel& model, const ProfileRequest& request,
                                             const DomainTexts& texts);

/// What the run says about itself. Requests of equal "resume_key", done in the same order, make the same groups with
/// the same sums.
[[nodiscard]] base::OrderedJson profileSettings(const model::OpenModel& model, const ProfileRequest& request,
                                                const ProfilePass& pass, const ProfileOrder& order,
                                                ComputeType compute);
/// The order that a run with these settings began in.
[[nodiscard]] ProfileOrder orderOf(const base::OrderedJson& settings, const ProfileOrder& fallback);

/// Tokens whose hidden states the memory holds: the bank takes room beside them.
[[nodiscard]] std::int64_t tokensAtOnce(const Engine& engine, const stats::StatSelection& statistics);
/// Tokens that a pass with a journal can measure.
[[nodiscard]] std::int64_t tokensPerPass(const Engine& engine, const stats::StatSelection& statistics);

/// Documents that begin in this part: one that an earlier part began is counted there.
[[nodiscard]] std::int64_t newDocuments(const DomainTexts& texts, const ProfilePart& part);

} // namespace espalier::engine
