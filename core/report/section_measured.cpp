// SPDX-License-Identifier: Apache-2.0
// What was measured: texts, one map of a score per domain, layers, and the experts that stand out.
#include "core/base/text.h"
#include "core/method/score.h"
#include "core/report/figures.h"
#include "core/report/sections.h"
#include "core/stats/inference.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>

namespace espalier::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kNamed = 10; ///< experts named per domain

/// One domain's map, whatever its colours mean.
struct Map {
    const stats::DomainStats* domain = nullptr;
    method::ScoreTable scores;
    HeatmapData data;
};

Table domainTable(const Texts& t, const stats::Statistics& statistics)
{
    Table table{t("Texts that were measured"),
                {{t("domain"), false},
                 {t("tokens")},
                 {t("windows")},
                 {t("documents")},
                 {t("layers")},
                 {t("data, SHA-256"), false}},
                {},
                false};
    for (const auto& domain : statistics.domains) {
        const bool unknown = !domain.importedFrom.empty() && domain.tokens == 0;
        table.rows.push_back(
            {domain.name, unknown ? kUnknown : base::withThousands(static_cast<std::uint64_t>(domain.tokens)),
             domain.windows > 0 ? fmt::format("{}", domain.windows) : kUnknown,
             domain.documents > 0 ? fmt::format("{}", domain.documents) : kUnknown,
             t("{} of {}", domain.measuredLayers(), domain.layers.size()),
             domain.importedFrom.empty() ? domain.dataSha256 : t("imported from {}", domain.importedFrom)});
    }
    return table;
}

double layerTotal(const stats::LayerStats& layer)
{
    const auto counts = layer[stats::Stat::Count];
    return std::accumulate(counts.begin(), counts.end(), 0.0);
}

/// The frequency's map is a ratio to an even share, as in the window; other scores are themselves.
double shown(const std::string& method, const stats::LayerStats& layer, double score, std::size_t expert)
{
    if (method != "frequency")
        return score;
    const double total = layerTotal(layer);
    const auto counts = layer[stats::Stat::Count];
    return total > 0 ? counts[expert] * static_cast<double>(counts.size()) / total : 0;
}

HeatmapData mapOf(const Texts& t, const stats::DomainStats& domain, const method::ScoreTable& scores)
{
    HeatmapData data;
    data.title = shortened(domain.name);
    data.caption = std::isfinite(scores.tokens)
                       ? t("{} tokens", base::withThousands(static_cast<std::uint64_t>(scores.tokens)))
                       : t("tokens not known");
    for (const auto& layer : domain.layers) {
        const auto& topology = layer.topology();
        const auto found = std::find_if(scores.layers.begin(), scores.layers.end(),
                                        [&](const auto& entry) { return entry.layer == layer.layer(); });
        const bool counted = layer.has(stats::Stat::Count);
        auto& values = data.values.emplace_back(static_cast<std::size_t>(topology.experts), kNaN);
        auto& dead = data.dead.emplace_back(values.size(), false);
        data.layers.push_back(layer.layer());
        data.strip.push_back(counted ? stats::concentration(layer[stats::Stat::Count])
                                     : stats::LayerConcentration{0, 0, 0, -1});
        if (found == scores.layers.end())
            continue;
        for (std::size_t e = 0; e < std::min(values.size(), found->experts.size()); ++e) {
            values[e] = shown(scores.method, layer, found->experts[e].score, e);
            dead[e] = counted && layer[stats::Stat::Count][e] <= 0;
        }
    }
    return data;
}

Scale scaleOf(const Texts& t, const std::vector<Map>& maps, const method::ScoreMethod& method)
{
    Scale scale;
    scale.unit = fmt::format("{} ({})", t(method.title), t(method.unit));
    if (method.id == "frequency") {
        scale = {-6, 3, true, t("times the share of an even router")};
        return scale;
    }
    scale.low = std::numeric_limits<double>::infinity();
    scale.high = -scale.low;
    for (const auto& map : maps)
        for (const auto& row : map.data.values)
            for (const double value : row)
                if (std::isfinite(value)) {
                    scale.low = std::min(scale.low, value);
                    scale.high = std::max(scale.high, value);
                }
    if (!std::isfinite(scale.low))
        scale.low = 0;
    scale.high = std::max(scale.high, scale.low);
    return scale;
}

/// The experts with the largest scores, with 95 % intervals of score and share.
Table namedExperts(const Texts& t, const Map& map, const method::ScoreMethod& method)
{
    struct Row {
        double score;
        std::size_t layer, expert;
    };
    std::vector<Row> rows;
    for (std::size_t l = 0; l < map.scores.layers.size(); ++l)
        for (std::size_t e = 0; e < map.scores.layers[l].experts.size(); ++e)
            rows.push_back({map.scores.layers[l].experts[e].score, l, e});
    const std::size_t count = std::min(kNamed, rows.size());
    std::partial_sort(
        rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(), [](const Row& a, const Row& b) {
            return a.score != b.score ? a.score > b.score : std::pair(a.layer, a.expert) < std::pair(b.layer, b.expert);
        });
    rows.resize(count);
    Table table{t("{}: the {} experts with the largest {}", map.domain->name, count, t(method.title)),
                {{t("layer")},
                 {t("expert")},
                 {t(method.title)},
                 {t("95 %")},
                 {t("tokens routed")},
                 {t("of the layer's tokens")},
                 {t("95 %")}},
                {},
                false};
    for (const auto& row : rows) {
        const auto& layer = map.scores.layers[row.layer];
        const auto& expert = layer.experts[row.expert];
        const double half = stats::kZ95 * expert.standardError;
        std::string share = kUnknown, interval = kUnknown, thin;
        const auto measured = std::find_if(map.domain->layers.begin(), map.domain->layers.end(),
                                           [&](const auto& entry) { return entry.layer() == layer.layer; });
        if (std::isfinite(expert.tokens) && measured != map.domain->layers.end() && measured->tokens() > 0) {
            const auto wilson = stats::wilson95(std::llround(expert.tokens), std::llround(measured->tokens()));
            share = percentText(expert.tokens / measured->tokens());
            interval = rangeText(t, 100 * wilson.low, 100 * wilson.high, 2) + " %";
            thin = expert.tokens < method::kThinTokens ? " " + t("(too few to judge)") : "";
        }
        table.rows.push_back(
            {fmt::format("{}", layer.layer.value()), fmt::format("{}", row.expert), fmt::format("{:.6g}", row.score),
             std::isfinite(half)
                 ? t("{} to {}", fmt::format("{:.6g}", row.score - half), fmt::format("{:.6g}", row.score + half))
                 : kUnknown,
             std::isfinite(expert.tokens)
                 ? base::withThousands(static_cast<std::uint64_t>(std::llround(expert.tokens))) + thin
                 : kUnknown,
             share, interval});
    }
    return table;
}

Table layerTable(const Texts& t, const Map& map)
{
    Table table{
        t("{}: layers in numbers", map.domain->name),
        {{t("layer")}, {t("entropy, of its maximum")}, {t("effective experts")}, {t("Gini")}, {t("without a token")}},
        {},
        true};
    for (std::size_t l = 0; l < map.data.strip.size(); ++l) {
        const auto& strip = map.data.strip[l];
        const bool known = strip.dead >= 0;
        table.rows.push_back(
            {fmt::format("{}", map.data.layers[l].value()), known ? percentText(strip.entropyShare, 1) : kUnknown,
             known ? numberText(strip.effectiveExperts, 1) : kUnknown, known ? numberText(strip.gini, 3) : kUnknown,
             known ? fmt::format("{}", strip.dead) : kUnknown});
    }
    return table;
}

} // namespace

Result<Section> measuredSection(const StudyContents& study, const ReportRequest& request)
{
    const Texts& t = request.texts;
    Section section{"measured", t("What the experts do"), {}};
    const auto& statistics = study.statistics;
    const auto* method = method::findScoreMethod(request.method);
    if (method == nullptr)
        return usageError(fmt::format("there is no score '{}'", request.method), "`espalier methods` lists them");
    for (const auto& name : request.domains)
        if (statistics.find(name) == nullptr)
            return usageError(fmt::format("the study holds no domain '{}'", name),
                              "`espalier study info` lists its domains");
    if (statistics.domains.empty()) {
        section.blocks.emplace_back(
            Paragraph{t("No text has been measured yet: `espalier profile` or the window's Profile does it."), true});
        return section;
    }
    section.blocks.emplace_back(domainTable(t, statistics));
    if (method->fromWeights != nullptr)
        return usageError(fmt::format("{} looks at the weights alone and has no map per domain", method->id),
                          "Choose a score of the statistics, for example frequency or reap-sum");
    std::vector<Map> maps;
    for (const auto& domain : statistics.domains) {
        const bool wanted = request.domains.empty() || std::find(request.domains.begin(), request.domains.end(),
                                                                 domain.name) != request.domains.end();
        if (!wanted)
            continue;
        method::ScoreRequest scoreRequest;
        scoreRequest.method = request.method;
        scoreRequest.domains = {{domain.name, 1}};
        auto scores = method::computeScores(statistics, scoreRequest);
        if (!scores) {
            section.blocks.emplace_back(Paragraph{t("{} has no map: {}", domain.name, scores.error().message), true});
            continue;
        }
        auto& map = maps.emplace_back();
        map.domain = &domain;
        map.scores = std::move(scores).value();
        map.data = mapOf(t, domain, map.scores);
    }
    const Scale scale = scaleOf(t, maps, *method);
    section.blocks.emplace_back(Paragraph{t(
        "Maps of {}: {}. Rows are layers, columns experts; right of each map the entropy of the routing, the number of "
        "equally used experts that would be as spread, the Gini coefficient and the share of experts without a token. "
        "Counts are association, not cause: only a validation tells what a cut costs.",
        t(method->title), method->formula)});
    if (!maps.empty())
        section.blocks.emplace_back(scaleFigure(t, scale));
    for (const auto& map : maps) {
        section.blocks.emplace_back(heatmapFigure(t, map.data, scale));
        section.blocks.emplace_back(layerTable(t, map));
        section.blocks.emplace_back(namedExperts(t, map, *method));
    }
    return section;
}

} // namespace espalier::report
