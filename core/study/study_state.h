// SPDX-License-Identifier: Apache-2.0
// Private to the room: what a Study holds, shared by its source files.
#pragma once

#include "core/base/json.h"
#include "core/study/database.h"
#include "core/study/study.h"
#include "core/study/write_lock.h"

#include <optional>
#include <set>

namespace espalier::study {

struct StudyState {
    std::filesystem::path path;
    OpenMode mode = OpenMode::ReadOnly;
    bool writeAheadLog = false;
    std::optional<WriteLock> lock; ///< before the database, so that it is let go after the database is closed
    Database database;
    model::ModelSummary model;

    explicit StudyState(Database opened) : database(std::move(opened)) {}
    /// Internal error on a read-only study: a fault of the caller.
    [[nodiscard]] Result<void> needWriting() const;
    [[nodiscard]] Result<base::OrderedJson> json(const std::string& text, const std::string& place) const;
    /// Begins a write that survives a power cut once committed (synchronous=FULL).
    [[nodiscard]] Result<Transaction> beginDurable();
    /// Begins a write that survives the death of the process; a power cut may lose the last few, never the file.
    [[nodiscard]] Result<Transaction> beginQuick();
    [[nodiscard]] Result<stats::DomainStats> loadDomain(std::int64_t id, Pools pools);
    [[nodiscard]] Result<stats::LayerStats> loadLayer(std::int64_t layerId, LayerIndex layer, stats::Topology topology,
                                                      double tokens, std::int32_t poolK, Pools pools);
    [[nodiscard]] Result<void> storeDomain(std::int64_t run, const stats::DomainStats& domain);
    [[nodiscard]] Result<void> storePool(std::int64_t layerId, const stats::LogitPool& pool);
    [[nodiscard]] Result<void> storeCoalitions(std::int64_t layerId, const stats::Coalitions& sets);
    [[nodiscard]] Result<stats::Coalitions> loadCoalitions(std::int64_t layerId, const stats::Topology& topology,
                                                           Pools pools);
    /// Rows of single tokens, behind those of earlier calls.
    [[nodiscard]] Result<void> appendSamples(std::int64_t domainId, const stats::DomainStats& domain);
    [[nodiscard]] Result<void> loadSamples(std::int64_t domainId, stats::DomainStats& into);
    [[nodiscard]] Result<std::vector<SampleColumn>> sampleColumns(std::int64_t domainId);
    [[nodiscard]] Result<void> readSample(const SampleColumn& column, const SampleSink& sink);
    [[nodiscard]] Result<stats::Statistics> emptyStatistics(std::int64_t run);
    [[nodiscard]] Result<stats::Statistics> loadAll(Pools pools);
    /// Null when the study holds none.
    [[nodiscard]] Result<std::shared_ptr<const stats::WeightStats>> loadWeights();
    /// Ids of every measurement whose tokens are in this study, imported ones included.
    [[nodiscard]] Result<std::set<std::string>> measurements();
    [[nodiscard]] Result<std::int64_t> insertRun(const std::string& kind, const std::string& state,
                                                 const base::OrderedJson& settings, std::int64_t groupsTotal);
};

/// "2026-11-24T05:19:37Z"
[[nodiscard]] std::string utcNow();

/// JSON as text for a STRICT column; null documents are stored as "null". Invalid UTF-8 inside strings is replaced.
[[nodiscard]] std::string jsonText(const base::OrderedJson& json);

} // namespace espalier::study
