// SPDX-License-Identifier: Apache-2.0
// Private to the room: what the readers of statistics share.
#pragma once

#include "core/exchange/import.h"

#include <span>

namespace espalier::exchange {

using Path = std::filesystem::path;

/// Domain with every MoE layer of the model and nothing measured.
[[nodiscard]] stats::DomainStats emptyDomain(const std::string& name, const model::ModelSummary& model);

/// Where the errors of one piece of a source are.
struct Place {
    std::string file, place;
};

/// Sets Count and the layer's tokens (sum / k). BadInput when they cannot be counts of a top-k router: not whole, not
/// finite, negative, a sum that k does not divide, more than one choice of an expert per token.
[[nodiscard]] Result<void> setCounts(stats::LayerStats& layer, std::vector<double> counts, const Place& at);

/// Sums over tokens that name their chosen experts one by one.
class TraceLayer {
public:
    explicit TraceLayer(const stats::Topology& topology);
    /// One token; `gates` is empty or as long as `ids`. BadInput for ids out of range, ids that stand twice, or weights
    /// that are no numbers from 0.
    [[nodiscard]] Result<void> add(std::span<const std::int64_t> ids, std::span<const double> gates, const Place& at);
    [[nodiscard]] double tokens() const { return m_tokens; }
    /// Puts Count, Coactivation and, where gates were given, Gate and Gate2 into the layer.
    [[nodiscard]] Result<void> moveTo(stats::LayerStats& layer, const Place& at);

private:
    stats::Topology m_topology;
    double m_tokens = 0;
    bool m_gated = false;
    std::vector<double> m_count, m_gate, m_gate2, m_pairs;
};

/// domain.tokens from its layers; a note when layers saw different numbers of tokens, another when layers were not
/// measured at all. BadInput when none was.
[[nodiscard]] Result<void> settleDomain(stats::DomainStats& domain, const Place& at, std::vector<std::string>& notes);

/// Position in model.moeLayers of a decoder layer; BadInput when the model has none there.
[[nodiscard]] Result<std::size_t> moeRow(const model::ModelSummary& model, std::int64_t layer, const Place& at);

/// Which decoder layers a source with `count` layers means: options.layers, all MoE layers, or all decoder layers (then
/// −1 stands for dense ones). BadInput with the remedy --layers when none fits.
[[nodiscard]] Result<std::vector<std::int64_t>> layersOf(const model::ModelSummary& model, std::size_t count,
                                                         const ImportOptions& options, const Place& at);

/// Name for a domain after a file: its stem, characters that a name cannot have replaced.
[[nodiscard]] std::string domainNameOf(const Path& path);

// The readers: domains are filled and settled, form and notes set.
[[nodiscard]] Result<ImportedStatistics> readImatrix(const Path& path, const ImportOptions& options,
                                                     const model::ModelSummary& model);
[[nodiscard]] Result<ImportedStatistics> readImatrixLegacy(const Path& path, const ImportOptions& options,
                                                           const model::ModelSummary& model);
[[nodiscard]] Result<ImportedStatistics> readEsft(const std::vector<Path>& paths, const ImportOptions& options,
                                                  const model::ModelSummary& model);
[[nodiscard]] Result<ImportedStatistics> readRoutedExperts(const Path& path, const ImportOptions& options,
                                                           const model::ModelSummary& model);
[[nodiscard]] Result<ImportedStatistics> readCountsJson(const Path& path, const ImportOptions& options,
                                                        const model::ModelSummary& model);
[[nodiscard]] Result<ImportedStatistics> readCountsCsv(const Path& path, const ImportOptions& options,
                                                       const model::ModelSummary& model);

/// "blk.12.ffn_down_exps.weight" -> 12 and "ffn_down_exps".
struct BlockName {
    std::int32_t block = 0;
    std::string_view part;
};
[[nodiscard]] bool parseBlockName(std::string_view name, BlockName& out);

} // namespace espalier::exchange
