// SPDX-License-Identifier: Apache-2.0
#include "core/engine/layer_journal.h"

#include "core/base/file.h"
#include "core/study/study.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace espalier::engine {

namespace fs = std::filesystem;

namespace {

/// A pass has no more batches than this; a larger count is a damaged file.
constexpr std::uint64_t kMostBatches = std::uint64_t{1} << 32U;

} // namespace

LayerJournal::LayerJournal(fs::path folder, const model::ModelSummary& model, std::vector<stats::DomainStats*> sums)
    : m_folder(std::move(folder)), m_model(&model), m_sums(std::move(sums))
{
}

fs::path LayerJournal::hiddenFile(std::size_t layersDone) const
{
    return m_folder / (layersDone == 0 ? "embedded" : fmt::format("hidden-{:04}", layersDone - 1));
}

fs::path LayerJournal::sumsFile(std::size_t layer) const
{
    return m_folder / fmt::format("sums-{:04}.espalier", layer);
}

base::Error LayerJournal::damaged(const std::string& why) const
{
    return badInput("the state of the interrupted pass cannot be used: " + why, m_folder.string(), {},
                    "Delete this folder; the pass then begins anew");
}

Result<LayerJournal> LayerJournal::open(const fs::path& folder, const model::ModelSummary& model,
                                        std::vector<stats::DomainStats*> sums)
{
    LayerJournal journal(folder, model, std::move(sums));
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return base::systemError(folder, "cannot make the folder", error.value());
    for (auto done = static_cast<std::size_t>(model.layers); done > 0 && journal.m_layersDone == 0; --done)
        if (fs::exists(journal.hiddenFile(done), error))
            journal.m_layersDone = done;
    for (std::size_t position = 0; position < model.moeLayers.size(); ++position)
        if (std::cmp_less(model.moeLayers[position].layer.value(), journal.m_layersDone))
            ESPALIER_CHECK(journal.readSums(position));
    return journal;
}

Result<void> LayerJournal::readSums(std::size_t position)
{
    const auto path = sumsFile(static_cast<std::size_t>(m_model->moeLayers[position].layer.value()));
    const auto file = study::Study::open(path, study::OpenMode::ReadOnly);
    if (!file)
        return damaged(file.error().text());
    const auto saved = file->loadRun(1, study::Pools::LoadSamples);
    if (!saved)
        return damaged(saved.error().text());
    for (stats::DomainStats* sums : m_sums) {
        const stats::DomainStats* found = saved->find(sums->name);
        if (found == nullptr || found->layers.size() != 1)
            return damaged("the sums of domain " + sums->name + " are missing in " + path.filename().string());
        if (const auto fits = sums->layers[position].canMerge(found->layers[0]); !fits)
            return damaged(fits.error().text());
        sums->layers[position] = found->layers[0];
    }
    return {};
}

Result<void> LayerJournal::writeSums(std::size_t position) const
{
    const auto path = sumsFile(static_cast<std::size_t>(m_model->moeLayers[position].layer.value()));
    const fs::path temporary = path.string() + ".part";
    std::error_code ignored; // what a killed pass left is replaced; a folder that cannot be written says so below
    for (const char* end : {"", "-wal", "-shm", "-journal"})
        fs::remove(temporary.string() + end, ignored);
    {
        model::ModelSummary one = *m_model; // a study holds all MoE layers of its model
        one.moeLayers = {m_model->moeLayers[position]};
        ESPALIER_TRY(auto file, study::Study::create(temporary, one));
        ESPALIER_TRY(const auto run, file.beginRun(base::OrderedJson{{"command", "profile"}}, 1));
        std::vector<stats::DomainStats> domains;
        for (const stats::DomainStats* sums : m_sums) {
            stats::DomainStats& domain = domains.emplace_back();
            domain.name = sums->name;
            domain.layers.push_back(sums->layers[position]);
        }
        ESPALIER_CHECK(file.commitProgress(run, domains, 1, 0));
        ESPALIER_CHECK(file.finishRun(run, "finished"));
        ESPALIER_CHECK(file.checkpointWal());
    }
    std::error_code error;
    fs::rename(temporary, path, error);
    if (error)
        return base::systemError(path, "cannot be written", error.value());
    return base::syncDirectory(m_folder);
}

Result<void> LayerJournal::beginRows(std::size_t layersDone, std::span<const std::uint64_t> bytes)
{
    m_rowsDone = layersDone;
    ESPALIER_TRY(m_rows, base::AtomicFileWriter::create(hiddenFile(layersDone)));
    const std::uint64_t count = bytes.size();
    ESPALIER_CHECK(m_rows->write(std::as_bytes(std::span(&count, 1))));
    return m_rows->write(std::as_bytes(bytes));
}

Result<void> LayerJournal::addRows(std::span<const std::byte> rows)
{
    return m_rows->write(rows);
}

Result<void> LayerJournal::endRows()
{
    for (std::size_t position = 0; position < m_model->moeLayers.size(); ++position)
        if (std::cmp_equal(m_model->moeLayers[position].layer.value() + 1, m_rowsDone))
            ESPALIER_CHECK(writeSums(position));
    ESPALIER_CHECK(m_rows->finish());
    m_rows.reset();
    m_layersDone = m_rowsDone;
    if (m_layersDone > 0) {
        std::error_code ignored; // an older state does no harm: the newest counts
        fs::remove(hiddenFile(m_layersDone - 1), ignored);
    }
    return {};
}

Result<void> LayerJournal::load(std::size_t batch, std::span<std::byte> rows)
{
    const fs::path path = hiddenFile(m_layersDone);
    std::ifstream file(path, std::ios::binary);
    std::uint64_t count = 0;
    const auto read = [&file](void* into, std::uint64_t bytes) {
        return static_cast<bool>(file.read(static_cast<char*>(into), static_cast<std::streamsize>(bytes)));
    };
    if (!read(&count, sizeof count) || count > kMostBatches || batch >= count)
        return damaged(fmt::format("{} has no batch {}", path.filename().string(), batch));
    std::uint64_t before = sizeof count * (count + 1);
    for (std::size_t i = 0; i <= batch; ++i) {
        std::uint64_t bytes = 0;
        if (!read(&bytes, sizeof bytes))
            return damaged(path.filename().string() + " is cut off");
        if (i < batch)
            before += bytes;
        else if (bytes != rows.size())
            return damaged(fmt::format("batch {} of {} has {} bytes, {} were expected", batch, path.filename().string(),
                                       bytes, rows.size()));
    }
    file.seekg(static_cast<std::streamoff>(before));
    if (!read(rows.data(), rows.size()))
        return damaged(path.filename().string() + " is cut off");
    return {};
}

void LayerJournal::remove(const fs::path& folder)
{
    std::error_code ignored; // left-overs cost disk space only; a later run of the same number removes them
    fs::remove_all(folder, ignored);
}

} // namespace espalier::engine
