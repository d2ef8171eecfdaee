// SPDX-License-Identifier: Apache-2.0
#include "core/engine/profile_job.h"

#include "core/base/text.h"
#include "core/engine/cluster_profile.h"
#include "core/engine/job_progress.h"
#include "core/engine/layer_journal.h"
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
    stats::DomainStats soFar = *found;
    soFar.sampleLike(fresh);
    soFar.clearSamples(); // commits add to what is stored
    return soFar;
}

class Runner {
public:
    /// `order`: of a new run. `shared`: other processes that measure, too, else null.
    Runner(const model::OpenModel& model, const ProfileRequest& request, const ProfilePass& pass, Engine& engine,
           study::Study& study, const ProfileOrder& order, SharedProfile* shared, const base::JobContext& job)
        : m_model(model), m_request(request), m_pass(pass), m_engine(engine), m_study(study), m_shared(shared),
          m_job(job), m_order(order)
    {
    }

    Result<void> begin()
    {
        ESPALIER_CHECK(beginOrResume());
        return m_shared != nullptr ? m_shared->start(m_pass, m_engine, m_order, m_done, m_saved) : Result<void>();
    }

    Result<ProfileReport> run()
    {
        const auto done = groups();
        if (!done) {
            const auto marked = m_study.finishRun(m_report.run, "partial");
            if (!marked) // a run that is called "running" still can be resumed; the first error is the one to tell
                m_job.say(marked.error().text());
            return done.error();
        }
        ESPALIER_CHECK(m_study.finishRun(m_report.run, "finished"));
        ESPALIER_CHECK(m_study.checkpointWal());
        if (m_shared != nullptr) {
            ESPALIER_TRY(m_report.ranks, m_shared->finish());
        }
        for (const auto& domain : m_pass.domains)
            m_report.tokens[domain.name] = domain.tokens;
        m_report.counters = m_engine.counters();
        m_report.seconds = seconds();
        return std::move(m_report);
    }

private:
    Result<void> beginOrResume()
    {
        const PassCounters counters = m_engine.counters();
        auto settings = profileSettings(m_model, m_request, m_pass, m_order, counters.compute);
        if (counters.streamed)
            settings["read"] = counters.reading; // found by probing: not part of what makes a run the same
        if (m_request.resume) {
            ESPALIER_TRY(const auto found, m_study.findResumable(settings["resume_key"].get<std::string>()));
            if (found) {
                m_order = orderOf(found->settings, m_order);
                if (m_shared != nullptr && m_order.byLayers && m_request.engine.layers.end == SIZE_MAX)
                    return usageError("the unfinished run was begun with weights that did not fit the memory",
                                      "Use --split layers");
                m_groups = cutIntoGroups(m_pass.domains, m_order);
            }
            if (found && std::cmp_equal(found->groupsTotal, m_groups.size()) &&
                found->groupsDone <= found->groupsTotal) {
                ESPALIER_CHECK(fitsMemory(static_cast<std::size_t>(found->groupsDone)));
                m_report.run = found->id;
                m_report.resumed = true;
                m_done = static_cast<std::size_t>(found->groupsDone);
                m_secondsBefore = found->seconds;
                ESPALIER_TRY(m_saved, m_study.loadRun(found->id));
                for (std::size_t g = 0; g < m_done; ++g)
                    m_tokensDone += m_groups[g].tokens;
                m_job.say(fmt::format("going on with run {}: {} of {} tokens are measured", m_report.run,
                                      base::withThousands(static_cast<std::uint64_t>(m_tokensDone)),
                                      base::withThousands(static_cast<std::uint64_t>(m_pass.tokens))));
                return {};
            }
            m_job.say("no unfinished run has these settings, texts and model; a new run begins");
        }
        m_groups = cutIntoGroups(m_pass.domains, m_order);
        ESPALIER_TRY(m_report.run, m_study.beginRun(settings, static_cast<std::int64_t>(m_groups.size())));
        for (std::size_t g = 0; g < m_groups.size() && m_order.byLayers; ++g) {
            std::error_code ignored; // of another study that stood here; what remains is found damaged or is rewritten
            std::filesystem::remove_all(journalFolder(g), ignored);
        }
        return {};
    }

    /// Groups were cut to what the memory held when the run began.
    [[nodiscard]] Result<void> fitsMemory(std::size_t done) const
    {
        const std::int64_t most = tokensPerPass(m_engine, m_request.statistics);
        for (std::size_t g = done; g < m_groups.size() && m_order.byLayers; ++g)
            if (m_groups[g].tokens > most)
                return noResources(fmt::format("the unfinished run measures {} tokens in a pass, and the memory holds "
                                               "hidden states of {} now",
                                               base::withThousands(static_cast<std::uint64_t>(m_groups[g].tokens)),
                                               base::withThousands(static_cast<std::uint64_t>(most))),
                                   "Allow as much memory as it began with (--memory), or begin anew without --resume");
        return {};
    }

    Result<void> groups()
    {
        std::vector<stats::DomainStats> sums; // of the domains of the group, what earlier groups gave included
        for (std::size_t g = m_done; g < m_groups.size(); ++g) {
            const ProfileGroup& group = m_groups[g];
            if (m_job.stopRequested())
                return cancelledError();
            std::vector<stats::DomainStats> before = std::move(sums);
            sums.clear();
            for (const ProfilePart& part : group.parts) {
                const DomainTexts& texts = m_pass.domains[part.domain];
                const auto same = std::find_if(before.begin(), before.end(),
                                               [&](const auto& domain) { return domain.name == texts.name; });
                if (same != before.end()) {
                    sums.push_back(std::move(*same));
                } else {
                    ESPALIER_TRY(auto soFar, domainSoFar(m_saved, emptyDomain(m_model, m_request, texts)));
                    sums.push_back(std::move(soFar));
                }
                sums.back().sampleTokens.before = tokensBefore(texts, part);
            }
            ESPALIER_CHECK(m_shared != nullptr ? together(g, sums)
                           : m_order.byLayers  ? layerByLayer(g, sums)
                                               : atOnce(group, sums));
            ESPALIER_CHECK(m_study.commitProgress(m_report.run, sums, static_cast<std::int64_t>(g + 1),
                                                  m_secondsBefore + seconds()));
            for (stats::DomainStats& domain : sums)
                domain.clearSamples();
            if (m_order.byLayers)
                LayerJournal::remove(journalFolder(g));
            m_tokensDone += group.tokens;
            m_job.report(progress());
            for (const ProfilePart& part : group.parts) {
                const DomainTexts& texts = m_pass.domains[part.domain];
                if (part.first + part.count == texts.windows.size())
                    m_job.say(fmt::format("{}: {} tokens in {} windows", texts.name,
                                          base::withThousands(static_cast<std::uint64_t>(texts.tokens)),
                                          base::withThousands(texts.windows.size())));
            }
        }
        return {};
    }

    Result<void> together(std::size_t number, std::vector<stats::DomainStats>& sums)
    {
        const ProfileGroup& group = m_groups[number];
        ESPALIER_CHECK(m_shared->measure(number, sums, partOf(m_job, progress(), static_cast<double>(group.tokens))));
        countDocuments(group, sums);
        m_report.tokensThisTime += group.tokens;
        return {};
    }

    /// Weights stay in memory: the group is small, and what it gives is all or nothing.
    Result<void> atOnce(const ProfileGroup& group, std::vector<stats::DomainStats>& sums)
    {
        ESPALIER_CHECK(m_engine.profileSets(setsOf(group, sums), nullptr,
                                            partOf(m_job, progress(), static_cast<double>(group.tokens))));
        countDocuments(group, sums);
        m_report.tokensThisTime += group.tokens;
        return {};
    }

    /// Weights pass through the memory: the state after every layer is kept until the group is committed.
    Result<void> layerByLayer(std::size_t number, std::vector<stats::DomainStats>& sums)
    {
        const ProfileGroup& group = m_groups[number];
        std::vector<stats::DomainStats*> pointers;
        for (stats::DomainStats& domain : sums)
            pointers.push_back(&domain);
        ESPALIER_TRY(LayerJournal journal, LayerJournal::open(journalFolder(number), m_model.summary, pointers));
        const auto layers = static_cast<double>(m_model.summary.layers);
        const double share = 1 - static_cast<double>(journal.layersDone()) / layers;
        if (journal.layersDone() > 0)
            m_job.say(fmt::format("going on after layer {} of {}", journal.layersDone(), m_model.summary.layers));
        base::ProgressEvent event = progress();
        event.done += (1 - share) * static_cast<double>(group.tokens);
        ESPALIER_CHECK(m_engine.profileSets(setsOf(group, sums), &journal,
                                            partOf(m_job, event, share * static_cast<double>(group.tokens))));
        countDocuments(group, sums);
        m_report.tokensThisTime += static_cast<std::int64_t>(share * static_cast<double>(group.tokens));
        return {};
    }

    std::vector<ProfileSet> setsOf(const ProfileGroup& group, std::vector<stats::DomainStats>& sums) const
    {
        std::vector<ProfileSet> sets;
        for (std::size_t i = 0; i < group.parts.size(); ++i) {
            const ProfilePart& part = group.parts[i];
            sets.push_back({std::span(m_pass.domains[part.domain].windows).subspan(part.first, part.count), &sums[i],
                            m_order.block()});
        }
        return sets;
    }

    void countDocuments(const ProfileGroup& group, std::vector<stats::DomainStats>& sums) const
    {
        for (std::size_t i = 0; i < group.parts.size(); ++i)
            sums[i].documents += newDocuments(m_pass.domains[group.parts[i].domain], group.parts[i]);
    }

    [[nodiscard]] std::filesystem::path journalFolder(std::size_t group) const
    {
        return m_study.path().string() + fmt::format(".run{}.layers{}", m_report.run, group + 1);
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
    SharedProfile* m_shared;
    const base::JobContext& m_job;
    ProfileReport m_report;
    ProfileOrder m_order;
    std::vector<ProfileGroup> m_groups;
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
    const ProfileOrder order = engine->counters().streamed
                                   ? ProfileOrder{true, tokensPerPass(*engine, request.statistics), request.groupTokens}
                                   : ProfileOrder{false, request.groupTokens, request.groupTokens};
    Runner runner(model, request, pass, *engine, file, order, nullptr, job);
    ESPALIER_CHECK(runner.begin());
    return runner.run();
}

namespace {

/// One of several processes, up to the point where it could begin.
struct Member {
    ProfileRequest request;
    ProfilePass pass;
    std::unique_ptr<Engine> engine;

    Result<RankState> prepare(const model::OpenModel& model, const Team& team)
    {
        if (team.split == Split::Layers) {
            ESPALIER_TRY(request.engine.layers, layersOfRank(model, team.cluster->size(), team.cluster->rank()));
        }
        ESPALIER_TRY(pass, prepareProfile(model, request));
        ESPALIER_TRY(engine, openEngine(model, request.engine));
        const PassCounters counters = engine->counters();
        const auto settings = profileSettings(model, request, pass, {}, counters.compute);
        return RankState{counters.streamed, tokensAtOnce(*engine, request.statistics),
                         settings["resume_key"].get<std::string>()};
    }
};

} // namespace

Result<ProfileReport> runProfile(const model::OpenModel& model, const std::filesystem::path& study,
                                 const ProfileRequest& request, const base::JobContext& job, Team& team)
{
    if (team.cluster == nullptr)
        return runProfile(model, study, request, job);
    Member member{request, {}, nullptr};
    const auto state = member.prepare(model, team);
    SharedProfile shared(team, model, member.request, job);
    if (team.cluster->rank() > 0) {
        ESPALIER_CHECK(shared.serve(state, member.pass, member.engine.get()));
        return ProfileReport{};
    }
    const auto leave = [&](Error error) {
        shared.dismiss();
        team.agreed = true;
        return error;
    };
    const auto order = shared.gather(state);
    if (!order)
        return leave(order.error());
    auto file = study::Study::openOrCreate(study, model.summary);
    if (!file)
        return leave(file.error());
    Runner runner(model, member.request, member.pass, *member.engine, *file, *order, &shared, job);
    if (const auto begun = runner.begin(); !begun)
        return leave(begun.error());
    return runner.run();
}

} // namespace espalier::engine
