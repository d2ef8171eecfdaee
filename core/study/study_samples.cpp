// SPDX-License-Identifier: Apache-2.0
// Counted sets of experts, and rows of single tokens, to rows of the file and back. The tables are made when they are
// first needed, as study_weights.cpp does and for the same reason.
#include "core/study/blob.h"
#include "core/study/study_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace espalier::study {
namespace {

/// Values of one row of the file: far below SQLite's limit of a value.
constexpr std::size_t kChunkBytes = std::size_t{16} << 20U;
constexpr std::size_t kChunkSets = 65536;

constexpr std::string_view kCoalitionTable = R"sql(CREATE TABLE IF NOT EXISTS coalition(
  layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
  first INTEGER NOT NULL CHECK(first >= 0),
  rows INTEGER NOT NULL CHECK(rows >= 0),
  cols INTEGER NOT NULL CHECK(cols > 0),
  ids_checksum TEXT NOT NULL CHECK(length(ids_checksum) = 32),
  ids BLOB NOT NULL,
  tokens_checksum TEXT NOT NULL CHECK(length(tokens_checksum) = 32),
  tokens BLOB NOT NULL,
  PRIMARY KEY(layer_id, first)) STRICT)sql";

constexpr std::string_view kSampleTable = R"sql(CREATE TABLE IF NOT EXISTS sample(
  domain_id INTEGER NOT NULL REFERENCES domain(id) ON DELETE CASCADE,
  layer INTEGER NOT NULL CHECK(layer >= -1),
  kind TEXT NOT NULL,
  first INTEGER NOT NULL CHECK(first >= 0),
  dtype TEXT NOT NULL,
  rows INTEGER NOT NULL CHECK(rows > 0),
  cols INTEGER NOT NULL CHECK(cols > 0),
  checksum TEXT NOT NULL CHECK(length(checksum) = 32),
  data BLOB NOT NULL,
  PRIMARY KEY(domain_id, layer, kind, first)) STRICT)sql";

/// Of what belongs to a domain and not to a layer.
constexpr std::int64_t kNoLayer = -1;

Result<bool> hasTable(StudyState& state, std::string_view name)
{
    ESPALIER_TRY(const std::int64_t known,
                 state.database.integer(
                     fmt::format("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{}'", name)));
    return known > 0;
}

Error damaged(const StudyState& state, const std::string& place, const std::string& why)
{
    return base::badInput(why, state.path.string(), place,
                          "The study is damaged: restore it from a copy or measure again");
}

} // namespace

Result<void> StudyState::storeCoalitions(std::int64_t layerId, const stats::Coalitions& sets)
{
    ESPALIER_TRY(const bool known, hasTable(*this, "coalition"));
    if (!sets.collected && !known)
        return {};
    ESPALIER_CHECK(database.execute(std::string(kCoalitionTable)));
    if (!sets.collected) {
        ESPALIER_TRY(Statement clear, database.prepare("DELETE FROM coalition WHERE layer_id = ?1"));
        clear.bind(1, layerId);
        return clear.run();
    }
    ESPALIER_TRY(Statement end,
                 database.prepare("SELECT coalesce(max(first + rows), 0), count(*) FROM coalition WHERE layer_id = "
                                  "?1"));
    end.bind(1, layerId);
    ESPALIER_TRY(const bool any, end.step());
    const std::int64_t before = any ? end.integer(0) : 0;
    if (any && end.integer(1) > 0 && sets.tokens.empty())
        return {};
    end.reset();
    ESPALIER_TRY(Statement insert,
                 database.prepare("INSERT OR REPLACE INTO coalition(layer_id, first, rows, cols, ids_checksum, ids, "
                                  "tokens_checksum, tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    const auto k = static_cast<std::size_t>(sets.k);
    for (std::size_t first = 0; first == 0 || first < sets.tokens.size(); first += kChunkSets) {
        const std::size_t rows = std::min(kChunkSets, sets.tokens.size() - first);
        const auto ids = std::as_bytes(std::span(sets.ids).subspan(first * k, rows * k));
        const auto tokens = std::as_bytes(std::span(sets.tokens).subspan(first, rows));
        insert.bind(1, layerId).bind(2, before + static_cast<std::int64_t>(first));
        insert.bind(3, static_cast<std::int64_t>(rows))
            .bind(4, std::int64_t{sets.k})
            .bind(5, blobChecksum("u16", rows, k, ids))
            .bindBlob(6, ids);
        insert.bind(7, blobChecksum("f64", rows, 1, tokens)).bindBlob(8, tokens);
        ESPALIER_CHECK(insert.run());
    }
    return {};
}

Result<stats::Coalitions> StudyState::loadCoalitions(std::int64_t layerId, const stats::Topology& topology, Pools pools)
{
    stats::Coalitions sets;
    ESPALIER_TRY(const bool known, hasTable(*this, "coalition"));
    if (!known)
        return sets;
    ESPALIER_TRY(Statement select,
                 database.prepare("SELECT first, rows, cols, ids_checksum, ids, tokens_checksum, tokens FROM coalition "
                                  "WHERE layer_id = ?1 ORDER BY first"));
    select.bind(1, layerId);
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            break;
        sets.collected = true;
        sets.k = topology.topK;
        if (pools == Pools::Leave)
            break; // says that there are some
        const std::int64_t rows = select.integer(1);
        if (std::cmp_not_equal(select.integer(0), sets.tokens.size()) || rows < 0)
            return damaged(*this, "sets of experts", "chunks do not join");
        const BlobRow ids{"u16", rows, select.integer(2), select.text(3), select.blob(4)};
        const BlobRow tokens{"f64", rows, 1, select.text(5), select.blob(6)};
        std::string fault = blobFault(ids, "u16", sizeof(std::uint16_t), static_cast<std::uint64_t>(rows),
                                      static_cast<std::uint64_t>(topology.topK));
        if (fault.empty())
            fault = blobFault(tokens, "f64", sizeof(double), static_cast<std::uint64_t>(rows), 1);
        if (!fault.empty())
            return damaged(*this, "sets of experts", fault);
        appendBlob(ids.bytes, sets.ids);
        appendBlob(tokens.bytes, sets.tokens);
    }
    for (const std::uint16_t id : sets.ids)
        if (id >= topology.experts)
            return damaged(*this, "sets of experts", fmt::format("expert {} does not exist", id));
    sets.settle(); // each commit counted its own tokens
    return sets;
}

Result<void> StudyState::appendSamples(std::int64_t domainId, const stats::DomainStats& domain)
{
    const bool any = !domain.samples.empty() || std::any_of(domain.layers.begin(), domain.layers.end(),
                                                            [](const auto& layer) { return !layer.samples().empty(); });
    if (!any)
        return {};
    ESPALIER_CHECK(database.execute(std::string(kSampleTable)));
    ESPALIER_TRY(Statement end, database.prepare("SELECT coalesce(max(first + rows), 0) FROM sample WHERE domain_id = "
                                                 "?1 AND layer = ?2 AND kind = ?3"));
    ESPALIER_TRY(Statement insert, database.prepare("INSERT INTO sample(domain_id, layer, kind, first, dtype, rows, "
                                                    "cols, checksum, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                                                    "?9)"));
    const auto append = [&](std::int64_t layer, const stats::Samples& samples) -> Result<void> {
        for (const stats::SampleInfo& info : stats::sampleInfos()) {
            const stats::SampleRows& rows = samples[info.kind];
            if (rows.rows() == 0)
                continue;
            end.bind(1, domainId).bind(2, layer).bind(3, info.id);
            ESPALIER_TRY(const bool found, end.step());
            std::int64_t first = found ? end.integer(0) : 0;
            end.reset();
            const auto width = static_cast<std::size_t>(rows.cols) * stats::sampleTypeBytes(rows.type);
            const std::size_t chunk = std::max<std::size_t>(1, kChunkBytes / width) * width;
            const auto type = stats::sampleTypeId(rows.type);
            for (std::size_t at = 0; at < rows.bytes.size(); at += chunk) {
                const auto part = std::span(rows.bytes).subspan(at, std::min(chunk, rows.bytes.size() - at));
                const std::size_t count = part.size() / width;
                insert.bind(1, domainId).bind(2, layer).bind(3, info.id).bind(4, first).bind(5, type);
                insert.bind(6, static_cast<std::int64_t>(count)).bind(7, rows.cols);
                insert.bind(8, blobChecksum(type, count, static_cast<std::uint64_t>(rows.cols), part));
                insert.bindBlob(9, part);
                ESPALIER_CHECK(insert.run());
                first += static_cast<std::int64_t>(count);
            }
        }
        return {};
    };
    ESPALIER_CHECK(append(kNoLayer, domain.samples));
    for (const stats::LayerStats& layer : domain.layers)
        ESPALIER_CHECK(append(layer.layer().value(), layer.samples()));
    return {};
}

Result<std::vector<SampleColumn>> StudyState::sampleColumns(std::int64_t domainId)
{
    std::vector<SampleColumn> columns;
    ESPALIER_TRY(const bool known, hasTable(*this, "sample"));
    if (!known)
        return columns;
    ESPALIER_TRY(Statement select,
                 database.prepare("SELECT layer, kind, min(dtype), max(dtype), sum(rows), min(cols), max(cols), "
                                  "max(first + rows), name FROM sample JOIN domain ON domain.id = domain_id WHERE "
                                  "domain_id = ?1 GROUP BY layer, kind ORDER BY layer, kind"));
    select.bind(1, domainId);
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return columns;
        const auto kind = stats::sampleFromId(select.text(1));
        const auto type = stats::sampleTypeFromId(select.text(2));
        const std::string place =
            fmt::format("domain {}, layer {}, {}", select.text(8), select.integer(0), select.text(1));
        if (!kind || !type)
            return damaged(*this, place, "unknown rows of tokens");
        if (select.text(2) != select.text(3) || select.integer(5) != select.integer(6) ||
            select.integer(4) != select.integer(7))
            return damaged(*this, place, "chunks of rows do not join");
        columns.push_back(
            {domainId, select.text(8), select.integer(0), *kind, *type, select.integer(4), select.integer(5)});
    }
}

Result<void> StudyState::readSample(const SampleColumn& column, const SampleSink& sink)
{
    const auto id = stats::sampleInfos()[static_cast<std::size_t>(column.kind)].id;
    const auto type = stats::sampleTypeId(column.type);
    ESPALIER_TRY(Statement select, database.prepare("SELECT first, dtype, rows, cols, checksum, data FROM sample WHERE "
                                                    "domain_id = ?1 AND layer = ?2 AND kind = ?3 ORDER BY first"));
    select.bind(1, column.domainId).bind(2, column.layer).bind(3, id);
    std::int64_t expected = 0;
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            break;
        const BlobRow blob{select.text(1), select.integer(2), select.integer(3), select.text(4), select.blob(5)};
        std::string fault = select.integer(0) == expected && blob.rows > 0 ? "" : "chunks of rows do not join";
        if (fault.empty())
            fault = blobFault(blob, type, stats::sampleTypeBytes(column.type), static_cast<std::uint64_t>(blob.rows),
                              static_cast<std::uint64_t>(column.cols));
        if (!fault.empty())
            return damaged(*this, fmt::format("domain {}, layer {}, {}", column.domain, column.layer, id), fault);
        ESPALIER_CHECK(sink(blob.bytes));
        expected += blob.rows;
    }
    return {};
}

Result<void> StudyState::loadSamples(std::int64_t domainId, stats::DomainStats& into)
{
    ESPALIER_TRY(const auto columns, sampleColumns(domainId));
    for (const SampleColumn& column : columns) {
        const auto layer = std::find_if(into.layers.begin(), into.layers.end(),
                                        [&](const auto& one) { return one.layer().value() == column.layer; });
        if (layer == into.layers.end() && column.layer != kNoLayer)
            return damaged(*this, "rows of tokens", fmt::format("layer {} does not exist", column.layer));
        stats::Samples& samples = layer == into.layers.end() ? into.samples : layer->editSamples();
        ESPALIER_CHECK(readSample(column, [&](std::span<const std::byte> bytes) -> Result<void> {
            samples.add(column.kind, column.type, column.cols, bytes);
            return {};
        }));
    }
    return {};
}

Result<std::vector<SampleColumn>> Study::samples() const
{
    ESPALIER_TRY(const Transaction snapshot, Transaction::begin(m_state->database, Transaction::Kind::Snapshot));
    std::vector<SampleColumn> all;
    ESPALIER_TRY(const bool known, hasTable(*m_state, "sample"));
    if (!known)
        return all;
    ESPALIER_TRY(Statement select, m_state->database.prepare(
                                       "SELECT max(id) FROM domain WHERE id IN (SELECT domain_id FROM sample) GROUP "
                                       "BY name ORDER BY max(id)"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return all;
        ESPALIER_TRY(const auto columns, m_state->sampleColumns(select.integer(0)));
        all.insert(all.end(), columns.begin(), columns.end());
    }
}

Result<void> Study::readSample(const SampleColumn& column, const SampleSink& sink) const
{
    return m_state->readSample(column, sink);
}

} // namespace espalier::study
