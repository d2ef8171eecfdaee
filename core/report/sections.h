// SPDX-License-Identifier: Apache-2.0
// The parts of a report; see report.h. What a study holds is read once and handed to each.
#pragma once

#include "core/base/result.h"
#include "core/report/document.h"
#include "core/report/report.h"
#include "core/report/texts.h"
#include "core/stats/statistics.h"
#include "core/study/study.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::report {

struct StudyContents {
    Texts texts;
    std::string path;
    const model::ModelSummary* model = nullptr;
    stats::Statistics statistics;
    std::vector<study::RunInfo> runs;
    std::vector<study::PlanRecord> plans;
    std::vector<study::ValidationRecord> validations;
    std::vector<study::ExportRecord> exports;
};

[[nodiscard]] Section modelSection(const StudyContents& study);
[[nodiscard]] Result<Section> measuredSection(const StudyContents& study, const ReportRequest& request);
[[nodiscard]] Section plansSection(const StudyContents& study);
[[nodiscard]] Section validationsSection(const StudyContents& study);
[[nodiscard]] Section provenanceSection(const StudyContents& study);

// How numbers are written; "–" for what is not known.
inline constexpr const char* kUnknown = "–";
[[nodiscard]] std::string sizeText(std::uint64_t bytes);
[[nodiscard]] std::string numberText(double value, int digits);
/// 0.9731 -> "97.31 %"
[[nodiscard]] std::string percentText(double share, int digits = 2);
/// "0.91 to 1.04"
[[nodiscard]] std::string rangeText(const Texts& t, double low, double high, int digits);
/// A time of the study, "2026-11-27T18:36:49Z", as "2026-11-27 18:36"; anything else as it is.
[[nodiscard]] std::string whenText(const std::string& stamp);
/// Ascending ids as "0–4, 6, 9".
[[nodiscard]] std::string rangesOf(const std::vector<std::int32_t>& ids);
/// At most `most` characters of a name, with … where some are left out.
[[nodiscard]] std::string shortened(const std::string& name, std::size_t most = 40);

// Reading documents of the study, which anyone may have written: what is absent or of another type is NaN or empty.
[[nodiscard]] double numberAt(const base::OrderedJson& json, std::string_view key);
[[nodiscard]] std::string textAt(const base::OrderedJson& json, std::string_view key);
[[nodiscard]] const base::OrderedJson& objectAt(const base::OrderedJson& json, std::string_view key);
[[nodiscard]] const base::OrderedJson& listAt(const base::OrderedJson& json, std::string_view key);

} // namespace espalier::report
