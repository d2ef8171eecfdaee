// SPDX-License-Identifier: Apache-2.0
// Statistics of one domain to rows and back.
#include "core/study/blob.h"
#include "core/study/study_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace espalier::study {
namespace {

// Tokens per pool chunk at most: 8 logits and ids each make 3 MiB, far below SQLite's limit of a value.
constexpr std::size_t kChunkTokens = 65536;

struct PoolSlice {
    std::span<const float> logits;
    std::span<const std::uint16_t> ids;
    std::string logitsChecksum, idsChecksum;
};

PoolSlice slicePool(const stats::LogitPool& pool, std::size_t first, std::size_t tokens)
{
    const auto k = static_cast<std::size_t>(pool.k);
    PoolSlice slice{std::span(pool.logits).subspan(first * k, tokens * k),
                    std::span(pool.ids).subspan(first * k, tokens * k),
                    {},
                    {}};
    slice.logitsChecksum = blobChecksum("f32", tokens, k, std::as_bytes(slice.logits));
    slice.idsChecksum = blobChecksum("u16", tokens, k, std::as_bytes(slice.ids));
    return slice;
}

Error damaged(const std::string& path, const std::string& place, const std::string& why)
{
    return base::badInput(why, path, place, "The study is damaged: restore it from a copy or measure again");
}

/// What a run's settings say about where a domain comes from; empty when it was measured by Espalier.
std::string sourceText(const base::OrderedJson& settings, const std::string& domain)
{
    if (!settings.is_object())
        return {};
    const auto text = [](const base::OrderedJson& object, const std::string& key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (const auto source = settings.find("source"); source != settings.end() && source->is_object())
        return text(*source, "text");
    const auto merged = settings.find("domain_sources");
    return merged == settings.end() ? std::string() : text(*merged, domain);
}

} // namespace

Result<void> StudyState::storePool(std::int64_t layerId, const stats::LogitPool& pool)
{
    const auto k = static_cast<std::size_t>(std::max(pool.k, 0));
    const std::size_t tokens = k == 0 ? 0 : pool.logits.size() / k;
    if (pool.logits.size() != tokens * k || pool.ids.size() != tokens * k)
        return base::internalError("a logit pool is not rectangular");

    // What lies in the file is the beginning of this pool when its first and last chunk are; then only the rest is
    // written, so that a long run does not rewrite all its tokens at every commit.
    std::size_t stored = 0;
    ESPALIER_TRY(Statement ends,
                 database.prepare("SELECT first, rows, cols, logits_checksum, ids_checksum FROM pool "
                                  "WHERE layer_id = ?1 AND first IN ((SELECT min(first) FROM pool WHERE "
                                  "layer_id = ?1), (SELECT max(first) FROM pool WHERE layer_id = ?1)) "
                                  "ORDER BY first"));
    ends.bind(1, layerId);
    bool prefix = true;
    bool any = false;
    for (;;) {
        ESPALIER_TRY(const bool row, ends.step());
        if (!row)
            break;
        any = true;
        const auto first = static_cast<std::size_t>(ends.integer(0));
        const auto rows = static_cast<std::size_t>(ends.integer(1));
        if (static_cast<std::size_t>(ends.integer(2)) != k || first > tokens || rows > tokens - first) {
            prefix = false;
            break;
        }
        const PoolSlice slice = slicePool(pool, first, rows);
        prefix = prefix && slice.logitsChecksum == ends.text(3) && slice.idsChecksum == ends.text(4);
        stored = first + rows;
    }
    ends.reset();
    if (any && !prefix) {
        ESPALIER_TRY(Statement clear, database.prepare("DELETE FROM pool WHERE layer_id = ?1"));
        clear.bind(1, layerId);
        ESPALIER_CHECK(clear.run());
        stored = 0;
    }
    if (stored == tokens)
        return {};
    ESPALIER_TRY(Statement insert, database.prepare("INSERT INTO pool(layer_id, first, rows, cols, logits_dtype, "
                                                    "logits_checksum, logits, ids_dtype, ids_checksum, ids) "
                                                    "VALUES (?1, ?2, ?3, ?4, 'f32', ?5, ?6, 'u16', ?7, ?8)"));
    for (std::size_t first = stored; first < tokens; first += kChunkTokens) {
        const std::size_t rows = std::min(kChunkTokens, tokens - first);
        const PoolSlice slice = slicePool(pool, first, rows);
        insert.bind(1, layerId).bind(2, static_cast<std::int64_t>(first)).bind(3, static_cast<std::int64_t>(rows));
        insert.bind(4, static_cast<std::int64_t>(k)).bind(5, slice.logitsChecksum);
        insert.bindBlob(6, std::as_bytes(slice.logits)).bind(7, slice.idsChecksum);
        insert.bindBlob(8, std::as_bytes(slice.ids));
        ESPALIER_CHECK(insert.run());
    }
    return {};
}

Result<void> StudyState::storeDomain(std::int64_t run, const stats::DomainStats& domain)
{
    ESPALIER_TRY(Statement head,
                 database.prepare("INSERT INTO domain(run_id, name, tokens, windows, documents, data_sha256) VALUES "
                                  "(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(run_id, name) DO UPDATE SET tokens = "
                                  "excluded.tokens, windows = excluded.windows, documents = excluded.documents, "
                                  "data_sha256 = excluded.data_sha256 RETURNING id"));
    head.bind(1, run).bind(2, domain.name).bind(3, domain.tokens).bind(4, domain.windows).bind(5, domain.documents);
    head.bind(6, domain.dataSha256);
    ESPALIER_TRY(const bool row, head.step());
    const std::int64_t domainId = row ? head.integer(0) : 0;
    head.reset();

    ESPALIER_TRY(Statement layerRow,
                 database.prepare("INSERT INTO layer(domain_id, layer, tokens, experts, top_k, hidden, pool_k) VALUES "
                                  "(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(domain_id, layer) DO UPDATE SET tokens = "
                                  "excluded.tokens, experts = excluded.experts, top_k = excluded.top_k, hidden = "
                                  "excluded.hidden, pool_k = excluded.pool_k RETURNING id"));
    ESPALIER_TRY(Statement matrix,
                 database.prepare("INSERT INTO statistic(layer_id, stat, dtype, rows, cols, checksum, data) VALUES "
                                  "(?1, ?2, 'f64', ?3, ?4, ?5, ?6) ON CONFLICT(layer_id, stat) DO UPDATE SET rows = "
                                  "excluded.rows, cols = excluded.cols, checksum = excluded.checksum, data = "
                                  "excluded.data"));
    ESPALIER_TRY(Statement drop, database.prepare("DELETE FROM statistic WHERE layer_id = ?1 AND stat = ?2"));
    for (const stats::LayerStats& layer : domain.layers) {
        layerRow.bind(1, domainId).bind(2, std::int64_t{layer.layer().value()}).bind(3, layer.tokens());
        layerRow.bind(4, std::int64_t{layer.topology().experts}).bind(5, std::int64_t{layer.topology().topK});
        layerRow.bind(6, std::int64_t{layer.topology().hidden}).bind(7, std::int64_t{layer.pool().k});
        ESPALIER_TRY(const bool stored, layerRow.step());
        const std::int64_t layerId = stored ? layerRow.integer(0) : 0;
        layerRow.reset();
        for (const stats::StatInfo& info : stats::statInfos()) {
            if (!layer.has(info.stat)) {
                drop.bind(1, layerId).bind(2, info.id);
                ESPALIER_CHECK(drop.run());
                continue;
            }
            const stats::StatSize size = stats::statSize(info.stat, layer.topology());
            const auto bytes = std::as_bytes(layer[info.stat]);
            matrix.bind(1, layerId).bind(2, info.id).bind(3, static_cast<std::int64_t>(size.rows));
            matrix.bind(4, static_cast<std::int64_t>(size.cols));
            matrix.bind(5, blobChecksum("f64", size.rows, size.cols, bytes)).bindBlob(6, bytes);
            ESPALIER_CHECK(matrix.run());
        }
        ESPALIER_CHECK(storePool(layerId, layer.pool()));
        ESPALIER_CHECK(storeCoalitions(layerId, layer.coalitions()));
    }
    return appendSamples(domainId, domain);
}

Result<stats::LayerStats> StudyState::loadLayer(std::int64_t layerId, LayerIndex layer, stats::Topology topology,
                                                double tokens, std::int32_t poolK, Pools pools)
{
    stats::LayerStats stats(layer, topology, stats::StatSelection{});
    stats.addTokens(tokens);
    const std::string place = fmt::format("layer {}", layer.value());
    ESPALIER_TRY(Statement select, database.prepare("SELECT stat, dtype, rows, cols, checksum, data FROM statistic "
                                                    "WHERE layer_id = ?1"));
    select.bind(1, layerId);
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            break;
        const std::string id = select.text(0);
        const auto stat = stats::statFromId(id);
        if (!stat)
            return damaged(path.string(), place, fmt::format("unknown statistic \"{}\"", id));
        const stats::StatSize size = stats::statSize(*stat, topology);
        const BlobRow blob{select.text(1), select.integer(2), select.integer(3), select.text(4), select.blob(5)};
        const std::string fault = blobFault(blob, "f64", sizeof(double), size.rows, size.cols);
        if (!fault.empty())
            return damaged(path.string(), place, fmt::format("statistic {} {}", id, fault));
        std::vector<double> values;
        appendBlob(blob.bytes, values);
        ESPALIER_CHECK(stats.set(*stat, std::move(values)));
    }
    ESPALIER_TRY(stats.editCoalitions(), loadCoalitions(layerId, topology, pools));
    stats.editPool().k = poolK; // says that there is a pool, also when it stays in the file
    if (pools == Pools::Leave)
        return stats;
    ESPALIER_TRY(Statement chunks,
                 database.prepare("SELECT first, rows, cols, logits_dtype, logits_checksum, logits, ids_dtype, "
                                  "ids_checksum, ids FROM pool WHERE layer_id = ?1 ORDER BY first"));
    chunks.bind(1, layerId);
    std::int64_t expected = 0;
    for (;;) {
        ESPALIER_TRY(const bool row, chunks.step());
        if (!row)
            break;
        const std::int64_t rows = chunks.integer(1);
        const auto cols = static_cast<std::uint64_t>(poolK);
        if (chunks.integer(0) != expected || rows <= 0 || rows > std::numeric_limits<std::int32_t>::max())
            return damaged(path.string(), place, "chunks of the logit pool do not join");
        const BlobRow logits{chunks.text(3), rows, chunks.integer(2), chunks.text(4), chunks.blob(5)};
        std::string fault = blobFault(logits, "f32", sizeof(float), static_cast<std::uint64_t>(rows), cols);
        if (fault.empty()) {
            appendBlob(logits.bytes, stats.editPool().logits);
            const BlobRow ids{chunks.text(6), rows, chunks.integer(2), chunks.text(7), chunks.blob(8)};
            fault = blobFault(ids, "u16", sizeof(std::uint16_t), static_cast<std::uint64_t>(rows), cols);
            if (fault.empty())
                appendBlob(ids.bytes, stats.editPool().ids);
        }
        if (!fault.empty())
            return damaged(path.string(), place, fmt::format("logit pool {}", fault));
        expected += rows;
    }
    for (const std::uint16_t id : stats.pool().ids)
        if (id >= topology.experts)
            return damaged(path.string(), place, fmt::format("logit pool names expert {}", id));
    return stats;
}

Result<stats::DomainStats> StudyState::loadDomain(std::int64_t id, Pools pools)
{
    ESPALIER_TRY(Statement head,
                 database.prepare("SELECT domain.name, tokens, windows, documents, data_sha256, settings "
                                  "FROM domain JOIN run ON run.id = run_id WHERE domain.id = ?1"));
    head.bind(1, id);
    ESPALIER_TRY(const bool found, head.step());
    if (!found)
        return damaged(path.string(), "table domain", "a domain is missing");
    stats::DomainStats domain;
    domain.name = head.text(0);
    domain.tokens = head.integer(1);
    domain.windows = head.integer(2);
    domain.documents = head.integer(3);
    domain.dataSha256 = head.text(4);
    ESPALIER_TRY(const base::OrderedJson settings, json(head.text(5), "table run"));
    domain.importedFrom = sourceText(settings, domain.name);
    ESPALIER_TRY(Statement select,
                 database.prepare("SELECT id, layer, tokens, experts, top_k, hidden, pool_k FROM layer WHERE "
                                  "domain_id = ?1 ORDER BY layer"));
    select.bind(1, id);
    std::size_t position = 0;
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            break;
        const std::int64_t layer = select.integer(1);
        const std::string place = fmt::format("domain {}, layer {}", domain.name, layer);
        // Sizes come from the model's facts, never from the row alone.
        if (position >= model.moeLayers.size() || model.moeLayers[position].layer.value() != layer)
            return damaged(path.string(), place, "the model has no such Mixture-of-Experts layer at this position");
        const stats::Topology topology{model.moeLayers[position].experts, model.topK, model.hidden};
        if (select.integer(3) != topology.experts || select.integer(4) != topology.topK ||
            select.integer(5) != topology.hidden)
            return damaged(path.string(), place, "experts, top-k or width differ from the model's");
        const std::int64_t poolK = select.integer(6);
        if (poolK < 0 || poolK > topology.experts)
            return damaged(path.string(), place, "width of the logit pool is out of range");
        auto loaded = loadLayer(select.integer(0), LayerIndex(static_cast<std::int32_t>(layer)), topology,
                                select.real(2), static_cast<std::int32_t>(poolK), pools);
        if (!loaded) {
            Error error = loaded.error();
            if (!error.place.empty())
                error.place = place;
            return error;
        }
        domain.layers.push_back(std::move(*loaded));
        ++position;
    }
    if (position != model.moeLayers.size())
        return damaged(path.string(), fmt::format("domain {}", domain.name), "layers are missing");
    if (pools == Pools::LoadSamples)
        ESPALIER_CHECK(loadSamples(id, domain));
    return domain;
}

} // namespace espalier::study
