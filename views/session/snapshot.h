// SPDX-License-Identifier: GPL-3.0-or-later
// What is read from disk in one go, in a worker thread: the model's facts and everything in its study. Immutable once
// published.
#pragma once

#include "core/base/result.h"
#include "core/model/model_summary.h"
#include "core/stats/routing_sample.h"
#include "core/stats/statistics.h"
#include "core/study/study.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace espalier::views {

struct Snapshot {
    QString modelFolder; ///< empty when only a study was opened and its model's place is not known
    QString studyPath;   ///< may name a file that does not exist yet
    std::shared_ptr<const model::ModelSummary> model;
    std::shared_ptr<const stats::Statistics> statistics = std::make_shared<const stats::Statistics>();
    std::vector<study::RunInfo> runs;
    std::vector<study::PlanRecord> plans;
    std::vector<study::ValidationRecord> validations;
    std::vector<study::ExportRecord> exports;
    std::optional<study::JournalEntry> lastStep;        ///< of the planner
    std::shared_ptr<const stats::RoutingSample> sample; ///< null when there is none
    QString sampleProblem;                              ///< why the file that is there cannot be used
};

/// Any thread. `study` may be empty: the study that belongs to the folder is used.
[[nodiscard]] Result<Snapshot> loadModel(const QString& folder, const QString& study);
/// `folder` is where the study's model was last seen, may be empty.
[[nodiscard]] Result<Snapshot> loadStudy(const QString& path, const QString& folder);
/// Folder, .safetensors file inside one, or study.
[[nodiscard]] Result<Snapshot> loadAny(const QString& path);

/// Where the study of a model lies: beside the folder when such a file exists, else in the user's data folder.
[[nodiscard]] QString studyPathFor(const QString& folder, const model::ModelSummary& model);
/// Where single tokens of the study's texts lie once they were traced. Beside the study, never in it: it holds texts.
[[nodiscard]] QString samplePathFor(const QString& study);
/// Reads that file when it is there. One that cannot be read is no reason not to open the study.
void loadSample(Snapshot& snapshot);
/// Remembers and finds the folder of a model by its fingerprint (settings of the program).
void rememberModelFolder(const std::string& fingerprint, const QString& folder);
[[nodiscard]] QString knownModelFolder(const std::string& fingerprint);

} // namespace espalier::views
