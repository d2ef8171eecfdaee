// SPDX-License-Identifier: GPL-3.0-or-later
// What the window works on: one model folder, one study file. Publishes immutable snapshots; pages only read them and
// ask for jobs. Lives in the GUI thread; files are read in a worker so that the window never blocks.
#pragma once

#include "core/model/model_summary.h"
#include "core/plan/plan.h"
#include "core/stats/routing_sample.h"
#include "core/stats/statistics.h"
#include "core/study/study.h"
#include "views/session/job.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace espalier::views {

struct Snapshot;

class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    /// Opens a model folder or a *.espalier file; the study beside a model (<folder>.espalier in the data folder, or
    /// the one given) is opened when present. On failure the old state stays and failed() is sent.
    void open(const QString& path);
    void openModel(const QString& folder, const QString& study = {});

    [[nodiscard]] bool isLoading() const;
    [[nodiscard]] bool hasModel() const;
    [[nodiscard]] QString modelFolder() const; ///< empty when only a study is open
    [[nodiscard]] QString studyPath() const;
    [[nodiscard]] std::shared_ptr<const model::ModelSummary> model() const;
    [[nodiscard]] std::shared_ptr<const stats::Statistics>
    statistics() const; ///< never null; no domains before a profile
    [[nodiscard]] std::vector<study::RunInfo> runs() const;
    [[nodiscard]] std::vector<study::PlanRecord> plans() const;
    [[nodiscard]] std::vector<study::ValidationRecord> validations() const;
    [[nodiscard]] std::vector<study::ExportRecord> exports() const;
    /// The planner's last step that the study holds, whether a plan was saved with it or not.
    [[nodiscard]] std::optional<study::JournalEntry> lastStep() const;
    /// Single tokens with the experts they chose; null when no texts were traced.
    [[nodiscard]] std::shared_ptr<const stats::RoutingSample> sample() const;
    /// Why the traced texts beside the study cannot be used; empty when they can, or there are none.
    [[nodiscard]] QString sampleProblem() const;
    [[nodiscard]] QString samplePath() const;
    [[nodiscard]] JobRunner& jobs();

    /// Writes to the study; failed() on error, and then false.
    bool savePlan(const plan::Plan& plan);
    void removePlan(const QString& name);
    /// Beside the window's thread, since another program may hold the study; ends with journalWritten().
    void addJournal(const QString& text, const base::OrderedJson& state);
    void reload(); ///< after a job changed the study

    /// Texts that belong to the model (the sample's calibration and tasks): domain -> file, for the dialogs' defaults.
    [[nodiscard]] std::vector<std::pair<QString, QString>> suggestedCalibration() const;
    /// Texts the statistics were measured on, as far as their files are still there; else the suggested ones.
    [[nodiscard]] std::vector<std::pair<QString, QString>> measuredTexts() const;
    [[nodiscard]] std::vector<std::pair<QString, QString>> suggestedTasks() const; ///< texts and tasks for validation
    /// Tokens per window for the dialogs' defaults: what sample.json beside the texts says ("context"), else 2048;
    /// never more than the model has positions.
    [[nodiscard]] int suggestedContext() const;

signals:
    void modelChanged();
    void statisticsChanged();
    void plansChanged();
    void validationsChanged();
    void exportsChanged();
    /// Shown as a banner: what, which file, why, what to do.
    void failed(const QString& text);
    /// `fault` is empty when the step is in the study, or will be as soon as the running job has ended.
    void journalWritten(const QString& fault);
    /// A model folder or study was opened (for the list of recent files).
    void opened(const QString& path);
    void loadingChanged(bool loading);

private:
    void load(std::function<Result<Snapshot>()> read, bool fresh);
    void publish(const Snapshot& snapshot, bool fresh);
    bool write(std::function<Result<void>(study::Study&)> action);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
