// SPDX-License-Identifier: Apache-2.0
// Answers of a search kept in the study. A search asks the same questions in the same order; what was answered before
// it was stopped is read instead of measured, so that the result does not depend on stops.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/study/study.h"

#include <optional>
#include <string>
#include <vector>

namespace espalier::engine {

class SearchJournal {
public:
    /// With `resume` the steps stored under `key` are taken up, if there are any. `study` must outlive the journal.
    [[nodiscard]] static Result<SearchJournal> open(study::Study& study, const std::string& key,
                                                    const base::OrderedJson& settings, bool resume);

    /// The answer that is known already, nothing when it has to be measured and added. BadInput when the journal
    /// answers another question.
    [[nodiscard]] Result<std::optional<base::OrderedJson>> next(const base::OrderedJson& question);
    [[nodiscard]] Result<void> add(const base::OrderedJson& question, const base::OrderedJson& answer);
    [[nodiscard]] Result<void> finish();
    /// Steps that were read instead of measured.
    [[nodiscard]] std::size_t replayed() const { return m_replayed; }

private:
    SearchJournal(study::Study& study, std::int64_t id) : m_study(&study), m_id(id) {}
    study::Study* m_study;
    std::int64_t m_id;
    std::vector<base::OrderedJson> m_known;
    std::size_t m_replayed = 0;
};

} // namespace espalier::engine
