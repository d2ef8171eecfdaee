// SPDX-License-Identifier: Apache-2.0
#include "core/engine/profile_job.h"

#include "core/base/text.h"
#include "core/engine/job_progress.h"
#include "core/engine/profile_pass.h"
#include "core/study/study.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// The domains' sums so far: those of the study when a run goes on, none at first.
Result<stats::DomainStats> domainSoFar(const stats::Statistics& saved, stats::DomainStats fresh)
{
    const auto* found = saved.find(fresh.name);
    if (found == nullptr)
        return fresh;
    ESPALIER_CHECK(found->canMerge(fresh));
    return *found;
}

class Runner {
public:
    Runner(const model::OpenModel& model, const ProfileRequest& request, const ProfilePass& pass, Engine& engine,
           study::Study& study, const base::JobContext& job)
        : m_model(model), m_request(request), m_pass(pass), m_engine(engine), m_study(study), m_job(job)
    {
    }

    Result<ProfileReport> run()
    {
        ESPALIER_CHECK(beginOrResume());
        const auto done = groups();
        if (!done) {
            const auto marked = m_study.finishRun(m_report.run, "partial");
            if (!marked) // a run that is called "running" still can be resumed; the first error is the one to tell
                m_job.say(marked.error().text());
            return done.error();
        }
        ESPALIER_CHECK(m_study.finishRun(m_report.run, "finished"));
        ESPALIER_CHECK(m_study.checkpointWal());
        for (const auto& domain : m_pass.domains)
            m_report.tokens[domain.name] = domain.tokens;
        m_report.counters = m_engine.counters();
        m_report.seconds = seconds();
        return std::move(m_report);
    }

private:
    Result<void> beginOrResume()
    {
        const auto settings = profileSettings(m_model, m_request, m_pass, m_engine.counters().compute);
        const auto groupsTotal = static_cast<std::int64_t>(m_pass.groups.size());
        if (m_request.resume) {
            ESPALIER_TRY(const auto found, m_study.findResumable(settings["resume_key"].get<std::string>()));
            if (found && found->groupsTotal == groupsTotal && found->groupsDone <= groupsTotal) {
                m_report.run = found->id;
                m_report.resumed = true;
                m_done = static_cast<std::size_t>(found->groupsDone);
                m_secondsBefore = found->seconds;
                ESPALIER_TRY(m_saved, m_study.loadRun(found->id));
                for (std::size_t g = 0; g < m_done; ++g)
                    m_tokensDone += m_pass.groups[g].tokens;
                m_job.say(fmt::format("going on with run {}: {} of {} tokens are measured", m_report.run,
                                      base::withThousands(static_cast<std::uint64_t>(m_tokensDone)),
                                      base::withThousands(static_cast<std::uint64_t>(m_pass.tokens))));
                return {};
            }
            m_job.say("no unfinished run has these settings, texts and model; a new run begins");
        }
        ESPALIER_TRY(m_report.run, m_study.beginRun(settings, groupsTotal));
        return {};
    }

    Result<void> groups()
    {
        stats::DomainStats domain;
        for (std::size_t g = m_done; g < m_pass.groups.size(); ++g) {
            const ProfileGroup& group = m_pass.groups[g];
            const DomainTexts& texts = m_pass.domains[group.domain];
            if (m_job.stopRequested())
                return cancelledError();
            if (domain.name != texts.name) {
                ESPALIER_TRY(domain, domainSoFar(m_saved, emptyDomain(m_model, m_request, texts)));
                m_saved = {};
            }
            const auto windows = std::span(texts.windows).subspan(group.first, group.count);
            const std::int64_t tokens = domain.tokens + group.tokens;
            const std::int64_t windowCount = domain.windows + static_cast<std::int64_t>(group.count);
            const std::int64_t documents = domain.documents + newDocuments(texts, group);
            ESPALIER_CHECK(
                m_engine.profile(windows, domain, partOf(m_job, progress(), static_cast<double>(group.tokens))));
            domain.tokens = tokens;
            domain.windows = windowCount;
            domain.documents = documents;
            ESPALIER_CHECK(m_study.commitProgress(m_report.run, domain, static_cast<std::int64_t>(g + 1),
                                                  m_secondsBefore + seconds()));
            m_tokensDone += group.tokens;
            m_report.tokensThisTime += group.tokens;
            m_job.report(progress());
            if (g + 1 == m_pass.groups.size() || m_pass.groups[g + 1].domain != group.domain)
                m_job.say(fmt::format("{}: {} tokens in {} windows", texts.name,
                                      base::withThousands(static_cast<std::uint64_t>(texts.tokens)),
                                      base::withThousands(texts.windows.size())));
        }
        return {};
    }

    [[nodiscard]] base::ProgressEvent progress() const
    {
        return {"profile", static_cast<double>(m_tokensDone), static_cast<double>(m_pass.tokens), "tokens"};
    }
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

    const model::OpenModel& m_model;
    const ProfileRequest& m_request;
    const ProfilePass& m_pass;
    Engine& m_engine;
    study::Study& m_study;
    const base::JobContext& m_job;
    ProfileReport m_report;
    stats::Statistics m_saved;
    std::size_t m_done = 0;
    std::int64_t m_tokensDone = 0;
    double m_secondsBefore = 0;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace

Result<ProfileReport> runProfile(const model::OpenModel& model, const std::filesystem::path& study,
                                 const ProfileRequest& request, const base::JobContext& job)
{
    ESPALIER_TRY(const ProfilePass pass, prepareProfile(model, request));
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    ESPALIER_TRY(auto file, study::Study::openOrCreate(study, model.summary));
    return Runner(model, request, pass, *engine, file, job).run();
}

} // namespace espalier::engine
