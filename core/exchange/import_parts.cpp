// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/import_parts.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace espalier::exchange {

stats::DomainStats emptyDomain(const std::string& name, const model::ModelSummary& model)
{
    stats::DomainStats domain;
    domain.name = name;
    for (const auto& facts : model.moeLayers)
        domain.layers.emplace_back(facts.layer, stats::Topology{facts.experts, model.topK, model.hidden},
                                   stats::StatSelection{});
    return domain;
}

Result<void> setCounts(stats::LayerStats& layer, std::vector<double> counts, const Place& at)
{
    constexpr double kExact = 9007199254740992.0; // 2^53: whole numbers up to here are exact
    double sum = 0;
    for (std::size_t e = 0; e < counts.size(); ++e) {
        if (!(counts[e] >= 0 && counts[e] <= kExact) || counts[e] != std::floor(counts[e]))
            return badInput(fmt::format("the count of expert {} is {}, not a whole number from 0", e, counts[e]),
                            at.file, at.place);
        sum += counts[e];
    }
    const double k = layer.topology().topK;
    const double tokens = sum / k;
    if (sum > kExact || tokens != std::floor(tokens))
        return badInput(fmt::format("the counts add up to {:.0f}, which is no multiple of the {} experts that this "
                                    "model's router chooses per token",
                                    sum, layer.topology().topK),
                        at.file, at.place, "Check that the file belongs to this model and is complete");
    const auto most = std::max_element(counts.begin(), counts.end());
    if (most != counts.end() && *most > tokens)
        return badInput(
            fmt::format("expert {} was chosen {:.0f} times by {:.0f} tokens", most - counts.begin(), *most, tokens),
            at.file, at.place, "Check that the file belongs to this model and is complete");
    ESPALIER_CHECK(layer.set(stats::Stat::Count, std::move(counts)));
    layer.addTokens(tokens - layer.tokens());
    return {};
}

TraceLayer::TraceLayer(const stats::Topology& topology)
    : m_topology(topology), m_count(static_cast<std::size_t>(topology.experts), 0.0), m_gate(m_count), m_gate2(m_count),
      m_pairs(m_count.size() * m_count.size(), 0.0)
{
}

Result<void> TraceLayer::add(std::span<const std::int64_t> ids, std::span<const double> gates, const Place& at)
{
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] < 0 || ids[i] >= m_topology.experts)
            return badInput(
                fmt::format("expert {} does not exist, the layer has 0 to {}", ids[i], m_topology.experts - 1), at.file,
                at.place, "Check that the file belongs to this model");
        if (std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) !=
            ids.begin() + static_cast<std::ptrdiff_t>(i))
            return badInput(fmt::format("a token lists expert {} twice", ids[i]), at.file, at.place,
                            "Rows of zeros are positions that were not captured: leave them out");
        if (!gates.empty() && !(std::isfinite(gates[i]) && gates[i] >= 0))
            return badInput(fmt::format("the weight {} is no number from 0", gates[i]), at.file, at.place);
    }
    const auto width = static_cast<std::size_t>(m_topology.experts);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto e = static_cast<std::size_t>(ids[i]);
        m_count[e] += 1;
        if (!gates.empty()) {
            m_gated = true;
            m_gate[e] += gates[i];
            m_gate2[e] += gates[i] * gates[i];
        }
        for (const std::int64_t other : ids)
            m_pairs[e * width + static_cast<std::size_t>(other)] += 1;
    }
    m_tokens += 1;
    return {};
}

Result<void> TraceLayer::moveTo(stats::LayerStats& layer, const Place& at)
{
    ESPALIER_CHECK(setCounts(layer, std::move(m_count), at));
    ESPALIER_CHECK(layer.set(stats::Stat::Coactivation, std::move(m_pairs)));
    if (m_gated) {
        ESPALIER_CHECK(layer.set(stats::Stat::Gate, std::move(m_gate)));
        ESPALIER_CHECK(layer.set(stats::Stat::Gate2, std::move(m_gate2)));
    }
    return {};
}

namespace {

std::string layerList(const std::vector<std::int32_t>& layers)
{
    std::string text;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (i == 12)
            return text + fmt::format(" and {} more", layers.size() - i);
        text += fmt::format("{}{}", i == 0 ? "" : ", ", layers[i]);
    }
    return text;
}

void addOnce(std::vector<std::string>& notes, std::string note)
{
    if (std::find(notes.begin(), notes.end(), note) == notes.end())
        notes.push_back(std::move(note));
}

} // namespace

Result<void> settleDomain(stats::DomainStats& domain, const Place& at, std::vector<std::string>& notes)
{
    double most = 0, fewest = -1;
    std::vector<std::int32_t> absent;
    for (const auto& layer : domain.layers) {
        if (layer.empty()) {
            absent.push_back(layer.layer().value());
            continue;
        }
        most = std::max(most, layer.tokens());
        fewest = fewest < 0 ? layer.tokens() : std::min(fewest, layer.tokens());
    }
    if (absent.size() == domain.layers.size())
        return badInput("holds nothing about the experts of this model's layers", at.file, at.place,
                        "Check that the file belongs to this model");
    if (fewest != most)
        addOnce(notes,
                fmt::format("Layers saw between {:.0f} and {:.0f} tokens of domain {}.", fewest, most, domain.name));
    if (!absent.empty())
        addOnce(notes, fmt::format("Layers without statistics: {}. Plans need every layer.", layerList(absent)));
    domain.tokens = static_cast<std::int64_t>(most);
    return {};
}

Result<std::size_t> moeRow(const model::ModelSummary& model, std::int64_t layer, const Place& at)
{
    const int row =
        layer < 0 || layer > 0x7fffffff ? -1 : model.moePosition(LayerIndex(static_cast<std::int32_t>(layer)));
    if (row < 0)
        return badInput(fmt::format("the model has no experts in layer {}", layer), at.file, at.place,
                        "Check that the file belongs to this model");
    return static_cast<std::size_t>(row);
}

Result<std::vector<std::int64_t>> layersOf(const model::ModelSummary& model, std::size_t count,
                                           const ImportOptions& options, const Place& at)
{
    std::vector<std::int64_t> layers;
    if (!options.layers.empty()) {
        if (options.layers.size() != count)
            return usageError(fmt::format("--layers names {} layers, the file holds {}", options.layers.size(), count));
        for (const std::int32_t layer : options.layers) {
            ESPALIER_CHECK(moeRow(model, layer, at));
            if (std::find(layers.begin(), layers.end(), layer) != layers.end())
                return usageError(fmt::format("--layers names layer {} twice", layer));
            layers.push_back(layer);
        }
        return layers;
    }
    if (count == model.moeLayers.size()) {
        for (const auto& facts : model.moeLayers)
            layers.push_back(facts.layer.value());
        return layers;
    }
    if (count == static_cast<std::size_t>(model.layers)) {
        for (std::int32_t layer = 0; layer < model.layers; ++layer)
            layers.push_back(model.moePosition(LayerIndex(layer)) < 0 ? -1 : layer);
        return layers;
    }
    return badInput(fmt::format("holds {} layers; the model has {}, {} of them with experts", count, model.layers,
                                model.moeLayers.size()),
                    at.file, at.place, "Name the decoder layers they are with --layers, for example --layers 0,7,15");
}

std::string domainNameOf(const Path& path)
{
    std::string name = path.stem().string();
    for (char& c : name) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '+';
        c = fine ? c : '-';
    }
    return name.empty() ? "imported" : name;
}

bool parseBlockName(std::string_view name, BlockName& out)
{
    if (!name.starts_with("blk.") || !name.ends_with(".weight"))
        return false;
    name.remove_prefix(4);
    name.remove_suffix(7);
    const auto dot = name.find('.');
    if (dot == std::string_view::npos || !base::parseIndex(name.substr(0, dot), out.block))
        return false;
    out.part = name.substr(dot + 1);
    return true;
}

} // namespace espalier::exchange
