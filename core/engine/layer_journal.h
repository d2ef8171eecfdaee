// SPDX-License-Identifier: Apache-2.0
// The state of a streamed pass between two layers, in a folder beside the study: hidden states of all batches after the
// last layer (before the first: as they were embedded, which does not count as progress), and the sums of every MoE
// layer before it. Each file is complete or absent (temporary sibling, fsync, rename), so after kill -9 a pass loses at
// most the layer it was in. Private to the room; belongs to one thread.
#pragma once

#include "core/base/file.h"
#include "core/engine/engine.h"
#include "core/model/model_summary.h"
#include "core/stats/statistics.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

class LayerJournal : public PassJournal {
public:
    /// `sums` are those of the pass's sets, with what passes before gave; for layers that are done, what they left
    /// takes their place. All must outlive the journal. BadInput for a folder whose files are damaged, with the remedy
    /// to delete it.
    [[nodiscard]] static Result<LayerJournal>
    open(const std::filesystem::path& folder, const model::ModelSummary& model, std::vector<stats::DomainStats*> sums);

    [[nodiscard]] std::size_t layersDone() const override { return m_layersDone; }
    [[nodiscard]] Result<void> load(std::size_t batch, std::span<std::byte> rows) override;
    [[nodiscard]] Result<void> beginRows(std::size_t layersDone, std::span<const std::uint64_t> bytes) override;
    [[nodiscard]] Result<void> addRows(std::span<const std::byte> rows) override;
    [[nodiscard]] Result<void> endRows() override;
    [[nodiscard]] bool keepsRows() const override { return true; }
    /// The pass is complete and its sums are saved elsewhere.
    static void remove(const std::filesystem::path& folder);

private:
    LayerJournal(std::filesystem::path folder, const model::ModelSummary& model, std::vector<stats::DomainStats*> sums);
    [[nodiscard]] std::filesystem::path hiddenFile(std::size_t layersDone) const;
    [[nodiscard]] std::filesystem::path sumsFile(std::size_t layer) const;
    [[nodiscard]] Result<void> readSums(std::size_t position);
    [[nodiscard]] Result<void> writeSums(std::size_t position) const;
    [[nodiscard]] base::Error damaged(const std::string& why) const;

    std::filesystem::path m_folder;
    const model::ModelSummary* m_model;
    std::vector<stats::DomainStats*> m_sums;
    std::size_t m_layersDone = 0;
    std::size_t m_rowsDone = 0; ///< layers that will be done with the rows that are being added
    std::optional<base::AtomicFileWriter> m_rows;
};

} // namespace espalier::engine
