// SPDX-License-Identifier: Apache-2.0
// Statistics of routing and experts: per domain, per MoE layer. Plain data; not thread-safe while being written.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/stats/samples.h"
#include "core/stats/statistic.h"
#include "core/stats/weight_stats.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::stats {

/// The k largest raw router logits of every token, in token order: what PEU's per-domain threshold needs
/// (PreMoe v3 3.2: r = mean over tokens of the winner's pool probability is known only at the end).
/// logits and ids are [tokens, k], each row ordered by logit, largest first.
struct LogitPool {
    std::int32_t k = 0;
    std::vector<float> logits;
    std::vector<std::uint16_t> ids;
};

class LayerStats {
public:
    LayerStats() = default;
    LayerStats(LayerIndex layer, Topology topology, StatSelection selection);

    [[nodiscard]] LayerIndex layer() const { return m_layer; }
    [[nodiscard]] const Topology& topology() const { return m_topology; }
    /// T, tokens that went through the layer.
    [[nodiscard]] double tokens() const { return m_tokens; }
    void addTokens(double tokens) { m_tokens += tokens; }

    [[nodiscard]] bool has(Stat stat) const { return !m_arrays[static_cast<std::size_t>(stat)].empty(); }
    /// Row-major values; empty when not collected.
    [[nodiscard]] std::span<const double> operator[](Stat stat) const
    {
        return m_arrays[static_cast<std::size_t>(stat)];
    }
    [[nodiscard]] std::span<double> edit(Stat stat) { return m_arrays[static_cast<std::size_t>(stat)]; }
    /// True when nothing was measured here (a source from elsewhere may cover some layers only).
    [[nodiscard]] bool empty() const;
    /// Value of a per-expert statistic; 0 when not collected.
    [[nodiscard]] double at(Stat stat, ExpertIndex expert) const;
    /// Replaces an array (from the study file); BadInput when the size does not fit the topology.
    [[nodiscard]] Result<void> set(Stat stat, std::vector<double> values);

    [[nodiscard]] const LogitPool& pool() const { return m_pool; }
    [[nodiscard]] LogitPool& editPool() { return m_pool; }
    [[nodiscard]] const Coalitions& coalitions() const { return m_coalitions; }
    [[nodiscard]] Coalitions& editCoalitions() { return m_coalitions; }
    /// S7 and S8 of a run that collects them; never loaded with the sums, see study::Study::samples.
    [[nodiscard]] const Samples& samples() const { return m_samples; }
    [[nodiscard]] Samples& editSamples() { return m_samples; }

    /// Adds another part of the same layer: sums add, maxima take the larger, pools and samples are appended.
    /// BadInput when layer or topology differ. A statistic missing on one side is dropped on both. `other` must not be
    /// this object.
    [[nodiscard]] Result<void> merge(const LayerStats& other);
    /// What merge() would refuse, without changing anything.
    [[nodiscard]] Result<void> canMerge(const LayerStats& other) const;

private:
    LayerIndex m_layer{};
    Topology m_topology;
    double m_tokens = 0;
    std::array<std::vector<double>, kStatCount> m_arrays;
    LogitPool m_pool;
    Coalitions m_coalitions;
    Samples m_samples;
};

struct DomainStats {
    std::string name;
    std::int64_t tokens = 0;
    std::int64_t windows = 0;
    std::int64_t documents = 0;
    std::string dataSha256;         ///< of the file(s) the texts came from, joined by ','
    std::string importedFrom;       ///< file and form when another program measured it, else empty
    std::vector<LayerStats> layers; ///< every MoE layer, ascending; one without any array was not measured
    StatSelection sampled{};        ///< which of S7, S8 and S17 a run collects
    SampleTokens sampleTokens{};    ///< and for which tokens
    Samples samples{};              ///< S17, as LayerStats::samples()

    /// Layers that hold anything.
    [[nodiscard]] std::size_t measuredLayers() const;
    /// Forgets the rows and counted sets of all layers: they were stored.
    void clearSamples();
    /// Keeps rows of the same tokens as `other`; stored sums do not say which.
    void sampleLike(const DomainStats& other);
    /// All or nothing: after an error nothing was added.
    [[nodiscard]] Result<void> merge(const DomainStats& other);
    [[nodiscard]] Result<void> canMerge(const DomainStats& other) const;
};

struct Statistics {
    std::string modelFingerprint;
    std::string tokenizerFingerprint;
    std::int64_t context = 0;
    std::vector<DomainStats> domains;           ///< in the order they were measured
    std::shared_ptr<const WeightStats> weights; ///< facts of the weights alone, null when they were not measured

    [[nodiscard]] const DomainStats* find(std::string_view domain) const;
    [[nodiscard]] DomainStats* find(std::string_view domain);
    /// Same model and tokenizer needed, else BadInput naming the difference. Domains of equal name are added.
    /// All or nothing: after an error nothing was added.
    [[nodiscard]] Result<void> merge(const Statistics& other);
};

/// Topology-free helpers for reading a layer at a glance (overview page, layer strip).
struct LayerConcentration {
    double entropyShare = 0;     ///< entropy of the assignment shares / ln E, 0 … 1
    double effectiveExperts = 0; ///< exp(entropy)
    double gini = 0;             ///< of the assignment shares
    int dead = 0;                ///< experts with no token; -1 not known
};
[[nodiscard]] LayerConcentration concentration(std::span<const double> counts);

} // namespace espalier::stats
