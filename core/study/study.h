// SPDX-License-Identifier: Apache-2.0
// The study file (*.espalier, SQLite): model facts, runs, statistics, plans, validations, exports, edit journal.
// application_id is checked first, then user_version (a larger one is BadInput); older files are migrated in one
// transaction after a backup copy. WAL, foreign keys, one writer. Matrices are little-endian blobs with dtype, shape
// and checksum. A Study object belongs to one thread; several read-only ones may be open beside one writer. A second
// writer waits 1.5 s and then gets BadInput "in use by process N". Runs, plans, validations and exports survive a power
// cut once committed (synchronous=FULL); progress of a run survives the death of the process (NORMAL).
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/model_summary.h"
#include "core/stats/statistics.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::study {

inline constexpr std::int32_t kApplicationId = 0x4553504C; ///< "ESPL"
inline constexpr std::int32_t kFormatVersion = 1;

/// What comes with the sums: what grows with the tokens (logit pools, counted sets of experts), and rows of single
/// tokens beside it, or neither.
enum class Pools { Load, Leave, LoadSamples };
enum class OpenMode { ReadOnly, ReadWrite };

/// One calibration run; its statistics are the sums over what was done so far.
struct RunInfo {
    std::int64_t id = 0;
    std::string state;   ///< "running" (also after a crash), "partial" (cancelled), "finished"
    std::string started; ///< UTC, ISO 8601
    std::string finished;
    base::OrderedJson settings; ///< command, data files with hashes, context, dtype, versions; see beginRun
    bool imported = false;      ///< added by importRuns
    /// settings["source"] of a run that another program measured (addMeasured): form, files with SHA-256; else null.
    base::OrderedJson source;
    std::int64_t tokens = 0;
    std::int64_t groupsDone = 0, groupsTotal = 0;
    double seconds = 0;
};

struct PlanRecord {
    std::string name;
    std::string created;
    base::OrderedJson document; ///< espalier.plan/1
};
struct ValidationRecord {
    std::int64_t id = 0;
    std::string created;
    base::OrderedJson document; ///< as `validate --json` prints it
};
struct ExportRecord {
    std::int64_t id = 0;
    std::string created;
    base::OrderedJson document; ///< as `export --json` prints it
};
struct JournalEntry {
    std::int64_t id = 0;
    std::string created;
    std::string text;           ///< "Keep 88 to 96 experts"
    base::OrderedJson document; ///< the planner's state after the step
};

/// A search of experts and how far it came.
struct SearchInfo {
    std::int64_t id = 0;
    std::string created;
    std::string key; ///< hash of everything that the answers depend on
    bool finished = false;
    base::OrderedJson settings; ///< what was asked, for people
    std::int64_t steps = 0;
};

/// Rows of one kind of sample (stats::SampleKind) in the file.
struct SampleColumn {
    std::int64_t domainId = 0; ///< row of the file
    std::string domain;
    std::int64_t layer = -1; ///< decoder layer; -1: of the domain as a whole
    stats::SampleKind kind{};
    stats::SampleType type{};
    std::int64_t rows = 0, cols = 0;
};
using SampleSink = std::function<Result<void>(std::span<const std::byte> bytes)>;

/// One finding of check().
struct Finding {
    std::string name;
    bool ok = false;
    std::string detail;
};

struct StudyState; // private to the room

class Study {
public:
    /// Makes a new file; BadInput when it exists.
    [[nodiscard]] static Result<Study> create(const std::filesystem::path& path, const model::ModelSummary& model);
    [[nodiscard]] static Result<Study> open(const std::filesystem::path& path, OpenMode mode);
    /// open for writing when it exists (its model must be `model`, else BadInput naming both), else create.
    [[nodiscard]] static Result<Study> openOrCreate(const std::filesystem::path& path,
                                                    const model::ModelSummary& model);
    Study(Study&&) noexcept;
    Study& operator=(Study&&) noexcept;
    ~Study();

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const model::ModelSummary& model() const;

    // runs and statistics
    /// Keys of `settings` that are read here: "resume_key" (text, findResumable), "context" (tokens) and
    /// "tokenizer_fingerprint" (text), which loadRun puts into Statistics. All may be absent.
    [[nodiscard]] Result<std::int64_t> beginRun(const base::OrderedJson& settings, std::int64_t groupsTotal);
    [[nodiscard]] Result<std::vector<RunInfo>> runs() const;
    /// The newest run that is not finished and whose settings have the same "resume_key"; empty when there is none.
    [[nodiscard]] Result<std::optional<RunInfo>> findResumable(const std::string& resumeKey) const;
    /// Replaces the run's statistics of one domain and its progress, in one transaction: after kill -9 the file holds
    /// the state of the last commit. Only that domain's rows are written; of a logit pool that grew, only what is new.
    /// Rows of tokens and counted sets are added to those of earlier commits: DomainStats::clearSamples() afterwards.
    [[nodiscard]] Result<void> commitProgress(std::int64_t run, const stats::DomainStats& domain,
                                              std::int64_t groupsDone, double seconds);
    /// The same of several domains.
    [[nodiscard]] Result<void> commitProgress(std::int64_t run, std::span<const stats::DomainStats> domains,
                                              std::int64_t groupsDone, double seconds);
    /// state: "partial" or "finished". Removes nothing.
    [[nodiscard]] Result<void> finishRun(std::int64_t run, const std::string& state);
    /// Statistics of one run.
    [[nodiscard]] Result<stats::Statistics> loadRun(std::int64_t run, Pools pools = Pools::Load) const;
    /// Statistics of all runs that hold data, merged by domain name; what scores and plans read.
    /// For a domain measured by several runs the newest run counts, except runs added by importRuns (merge), which add.
    /// The logit pools are nearly all of a study's bytes; what needs no method of a pool may leave them in the file.
    [[nodiscard]] Result<stats::Statistics> loadStatistics(Pools pools = Pools::Load) const;
    /// Rows of single tokens that runs kept, of the newest measurement of every domain, by layer and kind.
    [[nodiscard]] Result<std::vector<SampleColumn>> samples() const;
    /// Whole rows, in their order, a part at a time; BadInput when a checksum does not agree.
    [[nodiscard]] Result<void> readSample(const SampleColumn& column, const SampleSink& sink) const;
    /// Adds the other study's statistics (same model, else BadInput) as a run of their own: `study merge`. BadInput
    /// when a measurement of the other study is in this one already (its tokens would count twice). Rows of single
    /// tokens stay in the other file.
    [[nodiscard]] Result<void> importRuns(const Study& other);

    /// Facts of the weights alone; replaces earlier ones. They come back with loadStatistics. BadInput when they are
    /// not of the study's model.
    [[nodiscard]] Result<void> setWeights(const stats::WeightStats& weights);
    /// Stores what another program measured as one finished run. `source` becomes settings["source"]; its key
    /// "text" (file and form, for people) is what DomainStats::importedFrom says from then on. BadInput, and nothing
    /// changes, when a domain of that name holds data already.
    [[nodiscard]] Result<std::int64_t> addMeasured(const std::vector<stats::DomainStats>& domains,
                                                   const base::OrderedJson& source);

    // plans, validations, exports, journal
    [[nodiscard]] Result<void> savePlan(const std::string& name, const base::OrderedJson& document);
    [[nodiscard]] Result<void> removePlan(const std::string& name);
    [[nodiscard]] Result<std::vector<PlanRecord>> plans() const;
    [[nodiscard]] Result<std::int64_t> addValidation(const base::OrderedJson& document);
    [[nodiscard]] Result<std::vector<ValidationRecord>> validations() const;
    [[nodiscard]] Result<std::int64_t> addExport(const base::OrderedJson& document);
    [[nodiscard]] Result<std::vector<ExportRecord>> exports() const;
    [[nodiscard]] Result<void> addJournal(const std::string& text, const base::OrderedJson& document);
    [[nodiscard]] Result<std::vector<JournalEntry>> journal() const;
    [[nodiscard]] Result<std::optional<JournalEntry>> lastJournal() const;

    // journals of searches
    /// Begins a search and gives its id; steps that were left under the same key are removed.
    [[nodiscard]] Result<std::int64_t> beginSearch(const std::string& key, const base::OrderedJson& settings);
    [[nodiscard]] Result<std::vector<SearchInfo>> searches() const;
    /// Survives the death of the process once it returns.
    [[nodiscard]] Result<void> addSearchStep(std::int64_t search, const base::OrderedJson& step);
    [[nodiscard]] Result<std::vector<base::OrderedJson>> searchSteps(std::int64_t search) const;
    [[nodiscard]] Result<void> finishSearch(std::int64_t search);

    /// Checkpoints the write-ahead log so that one file travels.
    [[nodiscard]] Result<void> checkpointWal();
    /// integrity_check, foreign keys, every blob's checksum and shape, fingerprints of plans.
    [[nodiscard]] Result<std::vector<Finding>> check() const;

private:
    explicit Study(std::unique_ptr<StudyState> state);
    std::unique_ptr<StudyState> m_state;
};

} // namespace espalier::study
