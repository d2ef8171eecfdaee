// SPDX-License-Identifier: Apache-2.0
// Facts of the weights to rows and back. The table is made when it is first needed: studies of earlier builds lack it,
// and programs that do not know it lose nothing by not reading it, so it is no new format version.
#include "core/study/blob.h"
#include "core/study/study_state.h"

#include <fmt/format.h>

namespace espalier::study {
namespace {

constexpr std::string_view kTable = R"sql(CREATE TABLE IF NOT EXISTS weight(
  layer INTEGER NOT NULL CHECK(layer >= 0),
  stat TEXT NOT NULL,
  dtype TEXT NOT NULL CHECK(dtype = 'f64'),
  rows INTEGER NOT NULL CHECK(rows > 0),
  cols INTEGER NOT NULL CHECK(cols > 0),
  checksum TEXT NOT NULL CHECK(length(checksum) = 32),
  data BLOB NOT NULL,
  PRIMARY KEY(layer, stat)) STRICT)sql";

std::uint64_t rowsOf(const stats::WeightStatInfo& info, std::int32_t experts)
{
    return info.pairs ? static_cast<std::uint64_t>(experts) : 1;
}

} // namespace

Result<void> Study::setWeights(const stats::WeightStats& weights)
{
    const auto& model = m_state->model;
    const auto wrong = [&](const std::string& why) {
        return base::badInput("facts of the weights do not fit the study: " + why, m_state->path.string());
    };
    if (weights.layers.size() != model.moeLayers.size())
        return wrong(fmt::format("{} layers instead of {}", weights.layers.size(), model.moeLayers.size()));
    for (std::size_t l = 0; l < weights.layers.size(); ++l) {
        const auto& layer = weights.layers[l];
        const auto experts = static_cast<std::uint64_t>(model.moeLayers[l].experts);
        if (layer.layer != model.moeLayers[l].layer || layer.experts != model.moeLayers[l].experts)
            return wrong(fmt::format("layer {} is another", layer.layer.value()));
        for (const auto& info : stats::kWeightStats)
            if ((layer.*info.values).size() != rowsOf(info, layer.experts) * experts)
                return wrong(fmt::format("layer {} has no {}", layer.layer.value(), info.id));
    }
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_CHECK(m_state->database.execute(std::string(kTable)));
    ESPALIER_CHECK(m_state->database.execute("DELETE FROM weight"));
    ESPALIER_TRY(Statement insert,
                 m_state->database.prepare("INSERT INTO weight(layer, stat, dtype, rows, cols, checksum, data) VALUES "
                                           "(?1, ?2, 'f64', ?3, ?4, ?5, ?6)"));
    for (const auto& layer : weights.layers)
        for (const auto& info : stats::kWeightStats) {
            const auto& values = layer.*info.values;
            const auto rows = rowsOf(info, layer.experts);
            const auto bytes = std::as_bytes(std::span(values));
            insert.bind(1, std::int64_t{layer.layer.value()}).bind(2, info.id);
            insert.bind(3, static_cast<std::int64_t>(rows)).bind(4, std::int64_t{layer.experts});
            insert.bind(5, blobChecksum("f64", rows, static_cast<std::uint64_t>(layer.experts), bytes));
            insert.bindBlob(6, bytes);
            ESPALIER_CHECK(insert.run());
        }
    return transaction.commit();
}

Result<std::shared_ptr<const stats::WeightStats>> StudyState::loadWeights()
{
    ESPALIER_TRY(const std::int64_t known,
                 database.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'weight'"));
    if (known == 0)
        return std::shared_ptr<const stats::WeightStats>();
    ESPALIER_TRY(const std::int64_t stored, database.integer("SELECT count(*) FROM weight"));
    if (stored == 0)
        return std::shared_ptr<const stats::WeightStats>();
    const auto damaged = [&](const std::string& place, const std::string& why) {
        return base::badInput(why, path.string(), place, "Run espalier weights again");
    };
    auto weights = std::make_shared<stats::WeightStats>();
    ESPALIER_TRY(Statement select,
                 database.prepare("SELECT dtype, rows, cols, checksum, data FROM weight WHERE layer = "
                                  "?1 AND stat = ?2"));
    for (const auto& facts : model.moeLayers) {
        auto& layer = weights->layers.emplace_back();
        layer.layer = facts.layer;
        layer.experts = facts.experts;
        for (const auto& info : stats::kWeightStats) {
            const std::string place = fmt::format("weights of layer {}", facts.layer.value());
            select.bind(1, std::int64_t{facts.layer.value()}).bind(2, info.id);
            ESPALIER_TRY(const bool row, select.step());
            if (!row)
                return damaged(place, fmt::format("{} is missing", info.id));
            const BlobRow blob{select.text(0), select.integer(1), select.integer(2), select.text(3), select.blob(4)};
            const std::string fault = blobFault(blob, "f64", sizeof(double), rowsOf(info, facts.experts),
                                                static_cast<std::uint64_t>(facts.experts));
            if (!fault.empty())
                return damaged(place, fmt::format("{} {}", info.id, fault));
            appendBlob(blob.bytes, layer.*info.values);
            select.reset();
        }
    }
    return std::shared_ptr<const stats::WeightStats>(std::move(weights));
}

} // namespace espalier::study
