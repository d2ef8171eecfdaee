// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/overview_map.h"

#include "core/method/score.h"
#include "core/stats/inference.h"
#include "views/plan/method_texts.h"
#include "views/theme/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

QString text(const char* source)
{
    return QCoreApplication::translate("OverviewMap", source);
}

/// Whether every domain has counted there; imports may cover some layers only, or know no counts.
bool isCounted(const std::vector<const stats::DomainStats*>& domains, std::size_t row)
{
    return std::all_of(domains.begin(), domains.end(), [&](const stats::DomainStats* domain) {
        return row < domain->layers.size() && domain->layers[row].has(stats::Stat::Count);
    });
}

struct Share {
    double count = 0, tokens = 0;
};

/// Times an expert was chosen and tokens that could have chosen it.
Share shareOf(const std::vector<const stats::DomainStats*>& domains, std::size_t row, std::size_t expert)
{
    Share share;
    for (const auto* domain : domains) {
        share.count += domain->layers[row][stats::Stat::Count][expert];
        share.tokens += domain->layers[row].tokens();
    }
    return share;
}

/// A token chooses an expert at most once: binomial error of the fraction of tokens.
MapCell shareCell(const Share& share, double scale)
{
    MapCell cell;
    cell.measured = true;
    cell.tokens = share.count;
    const double p = share.tokens > 0 ? share.count / share.tokens : 0;
    cell.value = p * scale;
    cell.error = share.tokens > 1 ? std::sqrt(p * (1 - p) / share.tokens) * scale : std::nan("");
    return cell;
}

} // namespace

std::vector<MapQuantity> mapQuantities(const stats::Statistics& statistics)
{
    std::vector<MapQuantity> quantities{{"ratio", text(QT_TRANSLATE_NOOP("OverviewMap", "ratio to uniform")),
                                         text(QT_TRANSLATE_NOOP("OverviewMap", "× uniform share")), false, true},
                                        {"share", text(QT_TRANSLATE_NOOP("OverviewMap", "share of assignments")),
                                         text(QT_TRANSLATE_NOOP("OverviewMap", "% of the layer's assignments")), false,
                                         false}};
    for (const method::ScoreMethod& method : method::scoreMethods())
        // Offered when any domain can give it; for the others the page says what they lack
        if (method.id != "random" && method::canCompute(method, statistics))
            quantities.push_back({std::string(method.id), methodTitle(method.id),
                                  QString::fromUtf8(method.unit.data(), static_cast<qsizetype>(method.unit.size())),
                                  method.isMean, false});
    return quantities;
}

double OverviewMap::support(const MapCell& cell) const
{
    if (!difference)
        return cell.tokens;
    return quantity.isMean ? std::min(cell.tokens, cell.against) : std::max(cell.tokens, cell.against);
}

int OverviewMap::dead() const
{
    return static_cast<int>(
        std::count_if(cells.begin(), cells.end(), [this](const MapCell& c) { return c.measured && support(c) == 0; }));
}

int OverviewMap::thin(double below) const
{
    return static_cast<int>(
        std::count_if(cells.begin(), cells.end(), [&](const MapCell& c) { return c.measured && support(c) < below; }));
}

double OverviewMap::medianTokens() const
{
    std::vector<double> tokensOf;
    for (const MapCell& cell : cells)
        if (cell.measured && std::isfinite(cell.tokens))
            tokensOf.push_back(cell.tokens);
    if (tokensOf.empty())
        return std::nan("");
    const auto middle = tokensOf.begin() + static_cast<std::ptrdiff_t>(tokensOf.size() / 2);
    std::nth_element(tokensOf.begin(), middle, tokensOf.end());
    const double high = *middle;
    return tokensOf.size() % 2 == 1 ? high : (high + *std::max_element(tokensOf.begin(), middle)) / 2;
}

int OverviewMap::rankInLayer(int row, int column) const
{
    int rank = 1;
    for (int e = 0; e < experts; ++e)
        rank += at(row, e).measured && at(row, e).value > at(row, column).value ? 1 : 0;
    return rank;
}

Result<OverviewMap> overviewMap(const stats::Statistics& statistics, const MapQuantity& quantity,
                                const std::string& domain)
{
    OverviewMap map;
    map.quantity = quantity;
    map.domain = domain;
    std::vector<const stats::DomainStats*> domains;
    for (const auto& each : statistics.domains)
        if (domain.empty() || each.name == domain) {
            domains.push_back(&each);
            map.tokens += each.tokens > 0 ? static_cast<double>(each.tokens) : std::nan("");
            map.windows += each.windows;
        }
    if (domains.empty() && !domain.empty())
        return badInput("the study has no domain " + domain);
    if (domains.empty())
        return map;
    const auto& layers = domains.front()->layers;
    for (const auto& layer : layers) {
        map.layers.push_back(static_cast<int>(layer.layer().value()));
        map.experts = std::max(map.experts, layer.topology().experts);
        map.topK = layer.topology().topK;
    }
    method::ScoreTable scores;
    const bool counted = quantity.id == "ratio" || quantity.id == "share";
    if (!counted) {
        method::ScoreRequest request;
        request.method = quantity.id;
        if (!domain.empty())
            request.domains = {{domain, 1}};
        auto computed = method::computeScores(statistics, request);
        if (!computed)
            return computed.error();
        scores = std::move(*computed);
    }
    map.cells.resize(layers.size() * static_cast<std::size_t>(map.experts));
    for (std::size_t row = 0; row < layers.size(); ++row) {
        const auto experts = static_cast<std::size_t>(layers[row].topology().experts);
        const double k = layers[row].topology().topK;
        const bool known = isCounted(domains, row);
        const auto scored = std::find_if(scores.layers.begin(), scores.layers.end(),
                                         [&](const auto& each) { return each.layer == layers[row].layer(); });
        std::vector<double> counts(known ? experts : 0);
        for (std::size_t e = 0; e < experts && (counted ? known : scored != scores.layers.end()); ++e) {
            MapCell& cell = map.cells[row * static_cast<std::size_t>(map.experts) + e];
            if (known) {
                const Share share = shareOf(domains, row, e);
                counts[e] = share.count;
                cell = shareCell(share, quantity.id == "ratio" ? static_cast<double>(experts) / k : 100 / k);
            } else {
                cell.measured = true;
                cell.tokens = std::nan("");
            }
            if (!counted) {
                cell.value = scored->experts[e].score;
                cell.error = scored->experts[e].standardError;
            }
        }
        if (known)
            map.concentrations.push_back(stats::concentration(counts));
        else
            map.concentrations.push_back({std::nan(""), std::nan(""), std::nan(""), -1});
    }
    return map;
}

std::vector<MapQuantity> weightQuantities(const stats::Statistics& statistics)
{
    std::vector<MapQuantity> quantities;
    if (statistics.weights != nullptr)
        for (const MapQuantity& quantity : mapQuantities(statistics))
            if (const auto* method = method::findScoreMethod(quantity.id); method && method->fromWeights != nullptr)
                quantities.push_back(quantity);
    return quantities;
}

Result<OverviewMap> weightMap(const stats::Statistics& statistics, const MapQuantity& quantity)
{
    method::ScoreRequest request;
    request.method = quantity.id;
    ESPALIER_TRY(const auto scores, method::computeScores(statistics, request));
    OverviewMap map;
    map.quantity = quantity;
    map.tokens = std::nan("");
    for (const auto& layer : scores.layers)
        map.experts = std::max(map.experts, static_cast<int>(layer.experts.size()));
    for (const auto& layer : scores.layers) {
        map.layers.push_back(layer.layer.value());
        for (const auto& expert : layer.experts)
            map.cells.push_back({expert.score, std::nan(""), std::nan(""), 0, true});
        map.cells.resize(map.layers.size() * static_cast<std::size_t>(map.experts));
    }
    return map;
}

OverviewMap difference(const OverviewMap& first, const OverviewMap& second)
{
    OverviewMap map = first;
    map.against = second.domain;
    map.difference = true;
    for (std::size_t i = 0; i < map.cells.size(); ++i) {
        map.cells[i].value -= second.cells[i].value;
        map.cells[i].error = std::hypot(first.cells[i].error, second.cells[i].error);
        map.cells[i].against = second.cells[i].tokens;
        map.cells[i].measured = first.cells[i].measured && second.cells[i].measured;
    }
    return map;
}

HeatmapData heatmapOf(const OverviewMap& map, bool logarithmic, double thinBelow)
{
    HeatmapData data;
    data.layers = map.layers;
    data.columns = map.experts;
    data.diverging = map.difference;
    data.logarithmic = logarithmic && !map.difference;
    data.unit = map.quantity.unit;
    if (map.quantity.isRatio && !map.difference) {
        data.powersOfTwo = data.logarithmic;
        data.low = data.logarithmic ? 1.0 / 64 : 0;
        data.high = map.topK > 0 ? static_cast<double>(map.experts) / map.topK : 1; // every token chooses the expert
    }
    for (const MapCell& cell : map.cells) {
        data.values.push_back(cell.measured ? cell.value : std::nan(""));
        CellMark mark = CellMark::None;
        if (!cell.measured)
            mark = CellMark::NotMeasured;
        else if (map.support(cell) == 0)
            mark = CellMark::Dead;
        else if (map.support(cell) < thinBelow)
            mark = CellMark::Thin;
        data.marks.push_back(static_cast<std::uint8_t>(mark));
    }
    return data;
}

double halfWidth95(const MapCell& cell)
{
    return stats::kZ95 * cell.error;
}

namespace {

bool hasTwoDecimals(const OverviewMap& map)
{
    return map.quantity.isRatio || map.quantity.id == "share";
}

} // namespace

QString valueText(const OverviewMap& map, double value)
{
    return hasTwoDecimals(map) ? format::fixed(value, 2) : format::significant(value);
}

QString intervalText(const OverviewMap& map, const MapCell& cell)
{
    const double half = halfWidth95(cell);
    if (!std::isfinite(half) || (half == 0 && cell.value == 0))
        return {};
    return hasTwoDecimals(map) ? format::plusMinus(half) : QStringLiteral("± ") + format::significant(half, 2);
}

} // namespace espalier::views
