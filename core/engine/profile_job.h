// SPDX-License-Identifier: Apache-2.0
// The calibration pass as a job: windows in groups, each group's sums committed to the study in one transaction, so
// that kill -9 loses at most one group and --resume goes on to the bit. Same data, settings and model -> same groups.
// When the weights do not fit the memory, a group is as large as its hidden states allow and kill -9 loses one layer.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/cluster.h"
#include "core/engine/engine.h"
#include "core/model/model_summary.h"
#include "core/stats/statistic.h"
#include "core/tokenizer/documents.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace espalier::engine {

struct ProfileRequest {
    std::vector<tokenizer::DataFile> data; ///< several files of one name are one domain, in order
    std::int64_t context = 2048;           ///< capped at the model's positions
    TokenCount maxTokens{};                ///< per domain, 0 = all
    stats::StatSelection statistics = stats::StatSelection::all();
    bool resume = false; ///< go on with the unfinished run of the same settings; without it such a run is left as it is
    std::int64_t groupTokens = 8192;  ///< tokens between commits
    std::int64_t sampleTokens = 1024; ///< of every domain, that S7, S8 and S17 keep
    EngineOptions engine;
};

/// Of one of several processes.
struct RankReport {
    std::uint64_t weightBytesRead = 0;
    std::size_t firstLayer = 0, endLayer = 0; ///< layers it computed
};

struct ProfileReport {
    std::int64_t run = 0;
    std::map<std::string, std::int64_t> tokens; ///< per domain, whole run
    std::int64_t tokensThisTime = 0;
    double seconds = 0; ///< this time
    PassCounters counters;
    bool resumed = false;
    std::vector<RankReport> ranks; ///< of all processes, empty when there was one
};

/// How several processes share the work, see cluster_profile.h.
enum class Split { Documents, Layers };
struct Team {
    Cluster* cluster = nullptr; ///< null: one process alone
    Split split = Split::Documents;
    bool agreed = false; ///< result: an error is known to all processes, and all return
};

/// What would be done, without computing: windows and tokens per domain, and the size of the study.
struct ProfileEstimate {
    std::map<std::string, std::int64_t> tokens, windows;
    std::uint64_t studyBytes = 0;
    double flops = 0;
    double effort = 0;           ///< operations of large products that take as long: those of few rows take longer
    std::int64_t bankTokens = 0; ///< that go through all experts of each layer, for S9 to S12
};
[[nodiscard]] Result<ProfileEstimate> estimateProfile(const model::OpenModel& model, const ProfileRequest& request);

/// `study` is created when it does not exist. Cancelled: the run is left "partial" and Cancelled is returned.
[[nodiscard]] Result<ProfileReport> runProfile(const model::OpenModel& model, const std::filesystem::path& study,
                                               const ProfileRequest& request, const base::JobContext& job);
/// The same in every process of a cluster: process 0 opens the study and reports, the others return an empty report.
/// After an error that is not agreed the other processes still wait: Cluster::abort() ends them.
[[nodiscard]] Result<ProfileReport> runProfile(const model::OpenModel& model, const std::filesystem::path& study,
                                               const ProfileRequest& request, const base::JobContext& job, Team& team);

} // namespace espalier::engine
