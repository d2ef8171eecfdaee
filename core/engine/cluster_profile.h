// SPDX-License-Identifier: Apache-2.0
// A calibration pass of several processes. Process 0 keeps the study and adds; sums are added in the order in which one
// process adds them, so the result is the same to the bit.
//   Documents: every process holds the whole model and measures every size()-th group of windows; 0 adds the groups'
//   sums in order.
//   Layers: every process holds a range of layers, balanced by their bytes. Groups pass from process to process as
//   hidden states, several on their way at once; what a layer's sums are never leaves its process but to be saved.
// Private to the room.
#pragma once

#include "core/engine/cluster.h"
#include "core/engine/profile_job.h"
#include "core/engine/profile_pass.h"

#include <deque>

namespace espalier::engine {

/// Layers of process `rank` of `size`: contiguous, at least one each, about equally many bytes. Usage error when there
/// are more processes than layers.
[[nodiscard]] Result<LayerRange> layersOfRank(const model::OpenModel& model, int size, int rank);

/// What a process can say about itself before work begins, or why it cannot work.
struct RankState {
    bool streamed = false;
    std::int64_t tokensAtOnce = 0;
    std::string key; ///< resume key: equal in all processes, or they would measure different things
};

class SharedProfile {
public:
    /// All must outlive it. `job` is this process's own.
    SharedProfile(const Team& team, const model::OpenModel& model, const ProfileRequest& request,
                  const base::JobContext& job);

    // Process 0
    /// Hears the others and gives the order to work in; an error of any of them is returned.
    [[nodiscard]] Result<ProfileOrder> gather(const Result<RankState>& own);
    /// Lets the others begin after `done` groups, whose sums are `saved`. With an error: tells them to leave.
    [[nodiscard]] Result<void> start(const ProfilePass& pass, Engine& engine, const ProfileOrder& order,
                                     std::size_t done, const stats::Statistics& saved);
    void dismiss();
    /// Adds what the group gives to `sums`, those of its domains. Groups are asked for in order.
    [[nodiscard]] Result<void> measure(std::size_t group, std::span<stats::DomainStats> sums,
                                       const base::JobContext& job);
    /// What each process read, when all groups are measured.
    [[nodiscard]] Result<std::vector<RankReport>> finish();

    // The others
    /// Tells its state, waits for the start and works until nothing is left. True when there was a start.
    [[nodiscard]] Result<bool> serve(const Result<RankState>& own, const ProfilePass& pass, Engine* engine);

private:
    [[nodiscard]] std::vector<stats::DomainStats> emptySums(const ProfileGroup& group) const;
    [[nodiscard]] std::vector<ProfileSet> setsOf(const ProfileGroup& group, std::span<stats::DomainStats> sums) const;
    [[nodiscard]] Result<void> begin(const ProfilePass& pass, Engine& engine, const ProfileOrder& order);
    [[nodiscard]] Result<std::vector<stats::DomainStats>> whole(std::size_t group, const base::JobContext& job);
    [[nodiscard]] Result<std::vector<stats::DomainStats>> ownLayers(std::size_t group, const base::JobContext& job);
    [[nodiscard]] Result<Message> received(int from);

    const Team& m_team;
    Cluster& m_cluster;
    const model::OpenModel& m_model;
    const ProfileRequest& m_request;
    base::JobContext m_job;
    const ProfilePass* m_pass = nullptr;
    Engine* m_engine = nullptr;
    ProfileOrder m_order;
    std::vector<ProfileGroup> m_groups;
    std::vector<stats::DomainStats> m_running;             ///< of own layers, of every domain
    std::deque<std::vector<stats::DomainStats>> m_waiting; ///< process 0: groups whose other layers are on their way
    std::size_t m_next = 0;                                ///< group that goes through own layers next
};

} // namespace espalier::engine
