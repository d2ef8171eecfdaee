// SPDX-License-Identifier: Apache-2.0
// Statistics that other programs measured, read into the sums of core/stats. Sources hold less than a profile of ours:
// what they do not hold stays absent, never zero, so scores that need it say so. Files are not trusted: sizes are
// checked before they are used, numbers before they are indices. Any thread.
//
//   imatrix          llama.cpp importance matrix, GGUF form: counts per expert, inner energy
//                    legacy .dat form: inner energy only (its writer divides by the counts and drops them)
//   esft             text traces of Expert-Specialized Fine-Tuning (Wang et al. 2024, arXiv 2407.01906): chosen experts
//                    and gate weights of every token -> counts, gate sums, co-activation
//   routed-experts   integer array [tokens, layers, k] as .npy or .npz (vLLM, SGLang: return routed experts) -> counts,
//                    co-activation
//   counts           table of counts per domain, layer and expert, CSV or JSON; first choices where given
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/model_summary.h"
#include "core/stats/statistics.h"
#include "core/study/study.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exchange {

enum class StatisticsForm : std::uint8_t { Automatic, Imatrix, Esft, RoutedExperts, Counts };

/// "auto", "imatrix", "esft", "routed-experts", "counts"; Usage error for anything else.
[[nodiscard]] Result<StatisticsForm> parseStatisticsForm(std::string_view name);

struct ImportOptions {
    StatisticsForm form = StatisticsForm::Automatic;
    std::string domain;               ///< name of the domain; empty: from the file (counts: in it, else its name)
    std::string select;               ///< counts in JSON: key of the model; .npz: name of the array
    std::vector<std::int32_t> layers; ///< decoder layers that the source's layers are, where it does not say so
};

struct ImportedStatistics {
    std::string form; ///< "llama.cpp importance matrix, GGUF", for people
    std::vector<stats::DomainStats> domains;
    std::vector<std::string> notes; ///< what the source does not hold or leaves open, sentences for people
    base::OrderedJson source;       ///< for Study::addMeasured: text, form, files[{name, bytes, sha256}], select, notes
};

/// `paths`: one file; of ESFT traces the folder or several files of one domain. BadInput names file, place, reason and
/// remedy; Usage for options that do not fit the form.
[[nodiscard]] Result<ImportedStatistics> readStatistics(const std::vector<std::filesystem::path>& paths,
                                                        const ImportOptions& options, const model::ModelSummary& model);

/// readStatistics() for the study's model, stored as a finished run. BadInput when the same file was imported already
/// into a domain of the study (its tokens would count twice).
[[nodiscard]] Result<ImportedStatistics>
importStatistics(study::Study& study, const std::vector<std::filesystem::path>& paths, const ImportOptions& options);

} // namespace espalier::exchange
