// SPDX-License-Identifier: Apache-2.0
#include "core/stats/statistics.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <utility>

namespace espalier::stats {

LayerStats::LayerStats(LayerIndex layer, Topology topology, StatSelection selection)
    : m_layer(layer), m_topology(topology)
{
    for (const auto& info : statInfos()) {
        if (!selection.has(info.stat))
            continue;
        const auto size = statSize(info.stat, topology);
        m_arrays[static_cast<std::size_t>(info.stat)].assign(size.rows * size.cols, 0.0);
    }
    if (selection.hasPool())
        m_pool.k = topology.topK;
    if (selection.hasGroup("S5"))
        m_coalitions = {true, topology.topK, {}, {}};
}

bool LayerStats::empty() const
{
    return std::all_of(m_arrays.begin(), m_arrays.end(), [](const auto& array) { return array.empty(); });
}

double LayerStats::at(Stat stat, ExpertIndex expert) const
{
    const auto& values = m_arrays[static_cast<std::size_t>(stat)];
    return expert.index() < values.size() ? values[expert.index()] : 0.0;
}

Result<void> LayerStats::set(Stat stat, std::vector<double> values)
{
    const auto size = statSize(stat, m_topology);
    if (values.size() != size.rows * size.cols)
        return badInput(fmt::format("statistic {} has {} values where {} x {} are needed", statInfo(stat).id,
                                    values.size(), size.rows, size.cols));
    m_arrays[static_cast<std::size_t>(stat)] = std::move(values);
    return {};
}

Result<void> LayerStats::canMerge(const LayerStats& other) const
{
    if (m_layer != other.m_layer || m_topology != other.m_topology)
        return badInput(fmt::format("layer {} ({} experts, top-{}, hidden {}) and layer {} ({} experts, top-{}, hidden "
                                    "{}) cannot be added",
                                    m_layer.value(), m_topology.experts, m_topology.topK, m_topology.hidden,
                                    other.m_layer.value(), other.m_topology.experts, other.m_topology.topK,
                                    other.m_topology.hidden));
    return {};
}

Result<void> LayerStats::merge(const LayerStats& other)
{
    ESPALIER_CHECK(canMerge(other));
    for (std::size_t i = 0; i < kStatCount; ++i) {
        auto& mine = m_arrays[i];
        const auto& theirs = other.m_arrays[i];
        if (mine.size() != theirs.size() || statInfos()[i].merge == StatMerge::Never) {
            mine.clear();
            continue;
        }
        if (statInfos()[i].merge == StatMerge::Maximum)
            std::transform(mine.begin(), mine.end(), theirs.begin(), mine.begin(),
                           [](double a, double b) { return std::max(a, b); });
        else
            std::transform(mine.begin(), mine.end(), theirs.begin(), mine.begin(), std::plus<>());
    }
    m_tokens += other.m_tokens;
    if (m_pool.k != other.m_pool.k) {
        m_pool = {};
    } else {
        m_pool.logits.insert(m_pool.logits.end(), other.m_pool.logits.begin(), other.m_pool.logits.end());
        m_pool.ids.insert(m_pool.ids.end(), other.m_pool.ids.begin(), other.m_pool.ids.end());
    }
    if (m_coalitions.collected && other.m_coalitions.collected)
        m_coalitions.add(other.m_coalitions);
    else
        m_coalitions = {};
    m_samples.append(other.m_samples);
    return {};
}

std::size_t DomainStats::measuredLayers() const
{
    return static_cast<std::size_t>(
        std::count_if(layers.begin(), layers.end(), [](const LayerStats& layer) { return !layer.empty(); }));
}

void DomainStats::clearSamples()
{
    samples.clear();
    for (LayerStats& layer : layers) {
        layer.editSamples().clear();
        layer.editCoalitions() = {layer.coalitions().collected, layer.coalitions().k, {}, {}};
    }
}

void DomainStats::sampleLike(const DomainStats& other)
{
    sampled = other.sampled;
    sampleTokens = other.sampleTokens;
}

Result<void> DomainStats::canMerge(const DomainStats& other) const
{
    if (layers.size() != other.layers.size())
        return badInput(fmt::format("domain {} has {} layers in one part and {} in the other", name, layers.size(),
                                    other.layers.size()));
    for (std::size_t i = 0; i < layers.size(); ++i)
        ESPALIER_CHECK(layers[i].canMerge(other.layers[i]));
    return {};
}

Result<void> DomainStats::merge(const DomainStats& other)
{
    // Everything is checked before anything is added: a refused part must not leave half of itself behind.
    ESPALIER_CHECK(canMerge(other));
    for (std::size_t i = 0; i < layers.size(); ++i)
        ESPALIER_CHECK(layers[i].merge(other.layers[i]));
    samples.append(other.samples);
    tokens += other.tokens;
    if (!other.importedFrom.empty() && importedFrom.find(other.importedFrom) == std::string::npos)
        importedFrom += (importedFrom.empty() ? "" : ", ") + other.importedFrom;
    windows += other.windows;
    documents += other.documents;
    if (dataSha256.empty())
        dataSha256 = other.dataSha256;
    else if (!other.dataSha256.empty() && dataSha256.find(other.dataSha256) == std::string::npos)
        dataSha256 += "," + other.dataSha256;
    return {};
}

const DomainStats* Statistics::find(std::string_view domain) const
{
    const auto found = std::find_if(domains.begin(), domains.end(), [&](const auto& d) { return d.name == domain; });
    return found == domains.end() ? nullptr : &*found;
}

DomainStats* Statistics::find(std::string_view domain)
{
    return const_cast<DomainStats*>(std::as_const(*this).find(domain));
}

Result<void> Statistics::merge(const Statistics& other)
{
    if (!modelFingerprint.empty() && !other.modelFingerprint.empty() && modelFingerprint != other.modelFingerprint)
        return badInput(fmt::format("statistics of model {} cannot be added to those of model {}",
                                    other.modelFingerprint, modelFingerprint));
    if (!tokenizerFingerprint.empty() && !other.tokenizerFingerprint.empty() &&
        tokenizerFingerprint != other.tokenizerFingerprint)
        return badInput(fmt::format("statistics made with tokenizer {} cannot be added to those of tokenizer {}",
                                    other.tokenizerFingerprint, tokenizerFingerprint));
    for (const auto& domain : other.domains)
        if (const auto* mine = find(domain.name))
            ESPALIER_CHECK(mine->canMerge(domain));
    if (modelFingerprint.empty())
        modelFingerprint = other.modelFingerprint;
    if (tokenizerFingerprint.empty())
        tokenizerFingerprint = other.tokenizerFingerprint;
    context = std::max(context, other.context);
    if (weights == nullptr) // the same for every part: they belong to the model
        weights = other.weights;
    for (const auto& domain : other.domains) {
        if (auto* mine = find(domain.name)) {
            ESPALIER_CHECK(mine->merge(domain));
        } else {
            domains.push_back(domain);
        }
    }
    return {};
}

LayerConcentration concentration(std::span<const double> counts)
{
    LayerConcentration out;
    double total = 0;
    for (const double c : counts)
        total += c;
    out.dead = static_cast<int>(std::count(counts.begin(), counts.end(), 0.0));
    if (total <= 0 || counts.empty())
        return out;
    double entropy = 0;
    for (const double c : counts)
        if (c > 0)
            entropy -= c / total * std::log(c / total);
    const auto n = static_cast<double>(counts.size());
    out.entropyShare = counts.size() > 1 ? entropy / std::log(n) : 0;
    out.effectiveExperts = std::exp(entropy);
    std::vector<double> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end());
    double weighted = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        weighted += (2.0 * static_cast<double>(i + 1) - n - 1.0) * sorted[i];
    out.gini = weighted / (n * total);
    return out;
}

} // namespace espalier::stats
