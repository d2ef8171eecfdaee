// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_journal.h"

#include <fmt/format.h>

namespace espalier::engine {

Result<SearchJournal> SearchJournal::open(study::Study& study, const std::string& key,
                                          const base::OrderedJson& settings, bool resume)
{
    if (resume) {
        ESPALIER_TRY(const auto searches, study.searches());
        for (const auto& search : searches)
            if (search.key == key) {
                SearchJournal journal(study, search.id);
                ESPALIER_TRY(journal.m_known, study.searchSteps(search.id));
                return journal;
            }
    }
    ESPALIER_TRY(const std::int64_t id, study.beginSearch(key, settings));
    return SearchJournal(study, id);
}

Result<std::optional<base::OrderedJson>> SearchJournal::next(const base::OrderedJson& question)
{
    if (m_replayed >= m_known.size())
        return std::optional<base::OrderedJson>{};
    const auto& step = m_known[m_replayed];
    if (!step.is_object() || !step.contains("question") || !step.contains("answer") || step["question"] != question)
        return badInput("the journal of the search does not fit it", m_study->path().string(),
                        fmt::format("step {}", m_replayed), "Run the search again without --resume");
    ++m_replayed;
    return std::optional<base::OrderedJson>(step["answer"]);
}

Result<void> SearchJournal::add(const base::OrderedJson& question, const base::OrderedJson& answer)
{
    return m_study->addSearchStep(m_id, {{"question", question}, {"answer", answer}});
}

Result<void> SearchJournal::finish()
{
    return m_study->finishSearch(m_id);
}

} // namespace espalier::engine
