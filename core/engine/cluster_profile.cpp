// SPDX-License-Identifier: Apache-2.0
#include "core/engine/cluster_profile.h"

#include "core/base/json.h"
#include "core/engine/cluster_sums.h"
#include "core/engine/job_progress.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

Message toMessage(const base::OrderedJson& document)
{
    const std::string text = document.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

Result<base::OrderedJson> fromMessage(const Message& message)
{
    const auto* text = reinterpret_cast<const char*>(message.data());
    auto document = base::OrderedJson::parse(text, text + message.size(), nullptr, false);
    if (!document.is_object())
        return internalError("a message of another process cannot be read");
    return document;
}

/// Where a process's layers begin and end: hidden states come from the process before and go to the one behind.
class Stage : public PassJournal {
public:
    Stage(Cluster& cluster, LayerRange layers, std::stop_token stop)
        : m_cluster(cluster), m_layers(layers), m_stop(std::move(stop))
    {
    }
    [[nodiscard]] std::size_t layersDone() const override { return m_layers.begin; }
    [[nodiscard]] Result<void> load(std::size_t, std::span<std::byte> rows) override
    {
        ESPALIER_TRY(const Message message, m_cluster.receive(m_cluster.rank() - 1, m_stop));
        if (message.size() != rows.size())
            return internalError("hidden states of another process do not have the expected size");
        std::memcpy(rows.data(), message.data(), rows.size());
        return {};
    }
    [[nodiscard]] Result<void> beginRows(std::size_t layersDone, std::span<const std::uint64_t>) override
    {
        m_last = layersDone == m_layers.end && m_cluster.rank() + 1 < m_cluster.size();
        return {};
    }
    [[nodiscard]] Result<void> addRows(std::span<const std::byte> rows) override
    {
        return m_last ? m_cluster.send(m_cluster.rank() + 1, Message(rows.begin(), rows.end())) : Result<void>();
    }
    [[nodiscard]] Result<void> endRows() override { return {}; }

private:
    Cluster& m_cluster;
    LayerRange m_layers;
    std::stop_token m_stop;
    bool m_last = false; ///< rows that are being added leave this process's layers
};

/// Copies of a process's own layers, and of the counts, into sums that hold all.
void takeLayers(const stats::DomainStats& from, const LayerRange& layers, stats::DomainStats& to)
{
    to.tokens = from.tokens;
    to.windows = from.windows;
    to.samples = from.samples;
    for (std::size_t i = 0; i < to.layers.size(); ++i)
        if (layers.contains(static_cast<std::size_t>(to.layers[i].layer().value())))
            to.layers[i] = from.layers[i];
}

} // namespace

Result<LayerRange> layersOfRank(const model::OpenModel& model, int size, int rank)
{
    const std::size_t layers = model.spec.layers.size();
    const auto ranks = static_cast<std::size_t>(size);
    if (ranks > layers)
        return usageError(fmt::format("{} processes cannot share {} layers", size, layers),
                          "Start fewer, or use --split documents");
    std::vector<double> bytes(layers, 0.0);
    const auto& tensors = model.checkpoint.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (const int layer = model.spec.uses[i].layer; layer >= 0 && std::cmp_less(layer, layers))
            bytes[static_cast<std::size_t>(layer)] += static_cast<double>(tensors[i].bytes);
    double total = 0;
    for (const double one : bytes)
        total += one;
    LayerRange range{0, 0};
    double before = 0;
    for (std::size_t r = 0; std::cmp_less_equal(r, rank); ++r) {
        range.begin = range.end;
        const std::size_t last = layers - (ranks - 1 - r); // those behind get one each
        const double until = total * static_cast<double>(r + 1) / static_cast<double>(ranks);
        do
            before += bytes[range.end++];
        while (range.end < last && (r + 1 == ranks || before + bytes[range.end] / 2 < until));
    }
    return range;
}

SharedProfile::SharedProfile(const Team& team, const model::OpenModel& model, const ProfileRequest& request,
                             const base::JobContext& job)
    : m_team(team), m_cluster(*team.cluster), m_model(model), m_request(request), m_job(job)
{
}

Result<ProfileOrder> SharedProfile::gather(const Result<RankState>& own)
{
    RankState all = own ? *own : RankState{};
    std::optional<Error> first;
    if (!own)
        first = own.error();
    for (int rank = 1; rank < m_cluster.size(); ++rank) {
        ESPALIER_TRY(const Message message, m_cluster.receive(rank, m_job.stop));
        ESPALIER_TRY(const base::OrderedJson state, fromMessage(message));
        if (first)
            continue;
        if (state.contains("error"))
            first = Error{static_cast<ErrorCode>(state.value("code", 70)),
                          fmt::format("process {}: {}", rank, state.value("error", std::string())),
                          {},
                          {},
                          {}};
        else if (state.value("key", std::string()) != all.key)
            first = badInput(fmt::format("process {} would measure something else than process 0: another model, other "
                                         "texts or another compute type",
                                         rank),
                             {}, {}, "Give all processes the same files, and --dtype");
        all.streamed = all.streamed || state.value("streamed", false);
        all.tokensAtOnce = std::min(all.tokensAtOnce, state.value("tokens", std::int64_t{1}));
    }
    if (!first && all.streamed && m_team.split == Split::Documents)
        first = noResources("the model does not fit the memory of every process", "Use --split layers");
    if (first)
        return *first;
    if (all.streamed)
        return ProfileOrder{true, all.tokensAtOnce, m_request.groupTokens};
    const std::int64_t tokens =
        m_team.split == Split::Layers ? std::min(m_request.groupTokens, all.tokensAtOnce) : m_request.groupTokens;
    return ProfileOrder{false, tokens, tokens};
}

void SharedProfile::dismiss()
{
    for (int rank = 1; rank < m_cluster.size(); ++rank) {
        const auto told = m_cluster.send(rank, toMessage({{"go", false}}));
        if (!told)
            m_job.say(told.error().text());
    }
}

Result<void> SharedProfile::begin(const ProfilePass& pass, Engine& engine, const ProfileOrder& order)
{
    m_pass = &pass;
    m_engine = &engine;
    m_order = order;
    m_groups = cutIntoGroups(pass.domains, order);
    if (m_team.split == Split::Layers)
        for (const DomainTexts& texts : pass.domains)
            m_running.push_back(emptyDomain(m_model, m_request, texts));
    return {};
}

Result<void> SharedProfile::start(const ProfilePass& pass, Engine& engine, const ProfileOrder& order, std::size_t done,
                                  const stats::Statistics& saved)
{
    ESPALIER_CHECK(begin(pass, engine, order));
    for (stats::DomainStats& domain : m_running)
        if (const auto* before = saved.find(domain.name); before != nullptr) {
            const stats::DomainStats fresh = std::move(domain);
            domain = *before;
            domain.sampleLike(fresh);
            domain.clearSamples();
        }
    m_next = done;
    for (int rank = 1; rank < m_cluster.size(); ++rank) {
        ESPALIER_CHECK(m_cluster.send(rank, toMessage({{"go", true},
                                                       {"by_layers", order.byLayers},
                                                       {"group_tokens", order.groupTokens},
                                                       {"block_tokens", order.blockTokens},
                                                       {"done", done}})));
        if (m_team.split == Split::Layers) {
            ESPALIER_TRY(const LayerRange layers, layersOfRank(m_model, m_cluster.size(), rank));
            ESPALIER_CHECK(m_cluster.send(rank, packSums(m_running, layers)));
        }
    }
    return {};
}

std::vector<stats::DomainStats> SharedProfile::emptySums(const ProfileGroup& group) const
{
    std::vector<stats::DomainStats> sums;
    for (const ProfilePart& part : group.parts) {
        sums.push_back(emptyDomain(m_model, m_request, m_pass->domains[part.domain]));
        sums.back().sampleTokens.before = tokensBefore(m_pass->domains[part.domain], part);
    }
    return sums;
}

std::vector<ProfileSet> SharedProfile::setsOf(const ProfileGroup& group, std::span<stats::DomainStats> sums) const
{
    std::vector<ProfileSet> sets;
    for (std::size_t i = 0; i < group.parts.size(); ++i) {
        const ProfilePart& part = group.parts[i];
        stats::DomainStats& into = m_team.split == Split::Layers ? sums[part.domain] : sums[i];
        sets.push_back(
            {std::span(m_pass->domains[part.domain].windows).subspan(part.first, part.count), &into, m_order.block()});
    }
    return sets;
}

Result<std::vector<stats::DomainStats>> SharedProfile::whole(std::size_t group, const base::JobContext& job)
{
    std::vector<stats::DomainStats> sums = emptySums(m_groups[group]);
    ESPALIER_CHECK(m_engine->profileSets(setsOf(m_groups[group], sums), nullptr, job));
    return sums;
}

Result<std::vector<stats::DomainStats>> SharedProfile::ownLayers(std::size_t group, const base::JobContext& job)
{
    Stage stage(m_cluster, m_request.engine.layers, job.stop);
    for (const ProfilePart& part : m_groups[group].parts)
        m_running[part.domain].sampleTokens.before = tokensBefore(m_pass->domains[part.domain], part);
    ESPALIER_CHECK(m_engine->profileSets(setsOf(m_groups[group], m_running), &stage, job));
    std::vector<stats::DomainStats> now;
    for (const ProfilePart& part : m_groups[group].parts) {
        now.push_back(m_running[part.domain]);
        m_running[part.domain].clearSamples(); // they go out once, sums every time
    }
    return now;
}

Result<Message> SharedProfile::received(int from)
{
    return m_cluster.receive(from, m_job.stop);
}

Result<void> SharedProfile::measure(std::size_t group, std::span<stats::DomainStats> sums, const base::JobContext& job)
{
    const int size = m_cluster.size();
    base::JobContext moving = job;
    moving.progress = [this, &job](const base::ProgressEvent& event) {
        m_cluster.progress();
        job.report(event);
    };
    if (m_team.split == Split::Documents) {
        const int rank = static_cast<int>(group % static_cast<std::size_t>(size));
        std::vector<stats::DomainStats> found;
        if (rank == 0) {
            ESPALIER_TRY(found, whole(group, moving));
        } else {
            found = emptySums(m_groups[group]);
            ESPALIER_TRY(const Message message, received(rank));
            ESPALIER_CHECK(unpackSums(message, {}, found));
        }
        for (std::size_t i = 0; i < sums.size(); ++i)
            ESPALIER_CHECK(sums[i].merge(found[i]));
        return {};
    }
    // As many groups are on their way as there are processes, so that none waits for the others.
    for (; m_next < m_groups.size() && m_next < group + static_cast<std::size_t>(size); ++m_next) {
        ESPALIER_TRY(auto mine, ownLayers(m_next, moving));
        m_waiting.push_back(std::move(mine));
    }
    std::vector<stats::DomainStats> found = std::move(m_waiting.front());
    m_waiting.pop_front();
    for (int rank = 1; rank < size; ++rank) {
        ESPALIER_TRY(const LayerRange layers, layersOfRank(m_model, size, rank));
        ESPALIER_TRY(const Message message, received(rank));
        ESPALIER_CHECK(unpackSums(message, layers, found));
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        takeLayers(found[i], {}, sums[i]);
    return {};
}

Result<std::vector<RankReport>> SharedProfile::finish()
{
    std::vector<RankReport> reports;
    for (int rank = 0; rank < m_cluster.size(); ++rank) {
        RankReport& report = reports.emplace_back();
        LayerRange layers{0, m_model.spec.layers.size()};
        if (m_team.split == Split::Layers) {
            ESPALIER_TRY(layers, layersOfRank(m_model, m_cluster.size(), rank));
        }
        report.firstLayer = layers.begin;
        report.endLayer = layers.end;
        report.weightBytesRead = m_engine->counters().weightBytesRead;
        if (rank == 0)
            continue;
        ESPALIER_TRY(const Message message, received(rank));
        ESPALIER_TRY(const base::OrderedJson document, fromMessage(message));
        report.weightBytesRead = document.value("weight_bytes_read", std::uint64_t{0});
    }
    return reports;
}

Result<bool> SharedProfile::serve(const Result<RankState>& own, const ProfilePass& pass, Engine* engine)
{
    const base::OrderedJson state =
        own ? base::OrderedJson{{"key", own->key}, {"streamed", own->streamed}, {"tokens", own->tokensAtOnce}}
            : base::OrderedJson{{"error", own.error().text()}, {"code", static_cast<int>(own.error().code)}};
    ESPALIER_CHECK(m_cluster.send(0, toMessage(state)));
    ESPALIER_TRY(const Message message, received(0));
    ESPALIER_TRY(const base::OrderedJson orders, fromMessage(message));
    if (!orders.value("go", false))
        return false;
    ESPALIER_CHECK(begin(pass, *engine,
                         {orders.value("by_layers", false), orders.value("group_tokens", std::int64_t{1}),
                          orders.value("block_tokens", std::int64_t{1})}));
    const LayerRange layers = m_request.engine.layers;
    const bool documents = m_team.split == Split::Documents;
    if (!documents) {
        ESPALIER_TRY(const Message saved, received(0));
        ESPALIER_CHECK(unpackSums(saved, layers, m_running));
    }
    base::JobContext job = m_job;
    job.progress = [this](const base::ProgressEvent&) { m_cluster.progress(); };
    const auto size = static_cast<std::size_t>(m_cluster.size());
    for (auto g = orders.value("done", std::size_t{0}); g < m_groups.size(); ++g) {
        if (documents && std::cmp_not_equal(g % size, m_cluster.rank()))
            continue;
        ESPALIER_TRY(const auto found, documents ? whole(g, job) : ownLayers(g, job));
        ESPALIER_CHECK(m_cluster.send(0, packSums(found, layers)));
    }
    ESPALIER_CHECK(m_cluster.send(0, toMessage({{"weight_bytes_read", m_engine->counters().weightBytesRead}})));
    return true;
}

} // namespace espalier::engine
