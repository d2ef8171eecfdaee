// SPDX-License-Identifier: Apache-2.0
// One path per colour step, in units of cells: a map of 94 layers and 512 experts stays below a megabyte.
#include "core/bundle/picture.h"
#include "core/report/figures.h"
#include "core/report/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::report {
namespace {

constexpr double kLeft = 48, kPlot = 700, kGap = 16, kColumn = 56, kTop = 40;
constexpr int kSteps = 64;

/// Where and how large the cells are, in units of the image.
struct Grid {
    double width, height;
    bool gaps; ///< cells stand apart; small ones touch
    explicit Grid(const HeatmapData& data)
    {
        const std::size_t experts = data.values.empty() ? 1 : std::max<std::size_t>(1, data.values.front().size());
        width = kPlot / static_cast<double>(experts);
        height = std::clamp(560.0 / static_cast<double>(std::max<std::size_t>(1, data.values.size())), 5.0, 16.0);
        gaps = width > 6 && height > 6;
    }
};

bool isDead(const HeatmapData& data, std::size_t row, std::size_t expert)
{
    return !data.dead.empty() && data.dead[row][expert];
}

void drawCells(Svg& svg, const HeatmapData& data, const Scale& scale, const Grid& grid)
{
    std::array<std::string, kSteps> paths;
    std::string unmeasured, dead;
    const auto box = [&](std::size_t row, std::size_t first, std::size_t count) {
        return grid.gaps ? fmt::format("M{} {}h.93v.93h-.93z", first, row)
                         : fmt::format("M{} {}h{}v1h-{}z", first, row, count, count);
    };
    for (std::size_t row = 0; row < data.values.size(); ++row)
        for (std::size_t e = 0; e < data.values[row].size();) {
            const auto stepOf = [&](std::size_t expert) {
                const double value = data.values[row][expert];
                if (!std::isfinite(value))
                    return -2;
                if (isDead(data, row, expert) || (scale.logarithmic && value <= 0))
                    return -1;
                return std::min(kSteps - 1, static_cast<int>(scale.at(value) * kSteps));
            };
            const int step = stepOf(e);
            std::size_t end = e + 1;
            while (!grid.gaps && end < data.values[row].size() && stepOf(end) == step)
                ++end;
            const std::string shape = box(row, e, end - e);
            if (step == -2)
                unmeasured += shape;
            else if (step >= 0)
                paths[static_cast<std::size_t>(step)] += shape;
            else if (grid.gaps) // dead: an empty cell with a cross, in units of the image
                dead += fmt::format("M{:.1f} {:.1f}l5 5m0 -5l-5 5",
                                    kLeft + grid.width * (static_cast<double>(e) + .46) - 2.5,
                                    kTop + grid.height * (static_cast<double>(row) + .46) - 2.5);
            e = end;
        }
    svg.raw(
        fmt::format("<g transform=\"translate({} {}) scale({:.4f} {:.4f})\">\n", kLeft, kTop, grid.width, grid.height));
    for (int step = 0; step < kSteps; ++step)
        if (const auto& path = paths[static_cast<std::size_t>(step)]; !path.empty())
            svg.raw(fmt::format("<path d=\"{}\" fill=\"{}\"/>\n", path, bundle::cividisColour((step + 0.5) / kSteps)));
    if (!unmeasured.empty())
        svg.raw(fmt::format("<path d=\"{}\" class=\"void\" fill=\"#D5D9DE\"/>\n", unmeasured));
    svg.raw("</g>\n");
    if (!dead.empty())
        svg.raw(fmt::format("<path d=\"{}\" class=\"mark\" stroke=\"#5F6770\" fill=\"none\"/>\n", dead));
}

/// Entropy, effective experts, Gini and dead experts of every layer as bars of one row each.
void drawStrip(const Texts& t, Svg& svg, const HeatmapData& data, const Grid& grid)
{
    const double experts = data.values.empty() ? 1.0 : static_cast<double>(data.values.front().size());
    constexpr std::array kTitles{"entropy", "eff.", "Gini", "dead"};
    for (std::size_t c = 0; c < kTitles.size(); ++c) {
        const double x = kLeft + kPlot + kGap + kColumn * static_cast<double>(c);
        svg.text(x, kTop - 6, t(kTitles[c]), Svg::Anchor::Start, true, 11);
        for (std::size_t row = 0; row < data.strip.size(); ++row) {
            const auto& layer = data.strip[row];
            const double y = kTop + grid.height * static_cast<double>(row), width = kColumn - 8;
            if (layer.dead < 0) {
                svg.rect(x, y, width, grid.height * .93, "void", "#D5D9DE");
                continue;
            }
            const std::array shares{layer.entropyShare, layer.effectiveExperts / experts, layer.gini,
                                    layer.dead / experts};
            svg.rect(x, y, width, grid.height * .93, "track", "#ECEEF1");
            svg.rect(x, y, width * std::clamp(shares[c], 0.0, 1.0), grid.height * .93, "bar", "#4C6A92");
        }
    }
}

} // namespace

double Scale::at(double value) const
{
    const double x = logarithmic ? std::log2(std::max(value, 1e-300)) : value;
    return high > low ? std::clamp((x - low) / (high - low), 0.0, 1.0) : 0.5;
}

Figure heatmapFigure(const Texts& t, const HeatmapData& data, const Scale& scale)
{
    const Grid grid(data);
    const double bottom = kTop + grid.height * static_cast<double>(data.values.size());
    Svg svg(kLeft + kPlot + kGap + 4 * kColumn, bottom + 24, data.title);
    svg.text(kLeft, 18, data.title, Svg::Anchor::Start, false, 14);
    svg.text(kLeft + kPlot, 18, data.caption, Svg::Anchor::End);
    const auto each = static_cast<std::size_t>(std::ceil(13 / grid.height));
    for (std::size_t row = 0; row < data.values.size(); row += each)
        svg.text(kLeft - 6, kTop + grid.height * static_cast<double>(row) + std::min(grid.height, 12.0),
                 fmt::format("L{}", data.layers[row].value()), Svg::Anchor::End, true, 11);
    drawCells(svg, data, scale, grid);
    const std::size_t experts = data.values.empty() ? 0 : data.values.front().size();
    const std::size_t step = std::max<std::size_t>(1, (experts + 15) / 16);
    for (std::size_t e = 0; e < experts; e += step)
        svg.text(kLeft + grid.width * (static_cast<double>(e) + 0.5), bottom + 14, fmt::format("{}", e),
                 Svg::Anchor::Middle, true, 11);
    if (!data.strip.empty())
        drawStrip(t, svg, data, grid);
    return std::move(svg).finish({});
}

Figure scaleFigure(const Texts& t, const Scale& scale)
{
    Svg svg(kLeft + kPlot, 44, t("Colour scale"));
    constexpr double kWidth = 5;
    for (int step = 0; step < kSteps; ++step)
        svg.rect(kLeft + kWidth * step, 6, kWidth + 0.5, 12, {}, bundle::cividisColour((step + 0.5) / kSteps));
    const int ticks = scale.logarithmic ? static_cast<int>(scale.high - scale.low) : 4;
    for (int i = 0; i <= ticks; ++i) {
        const double at = scale.low + (scale.high - scale.low) * i / ticks;
        std::string label = fmt::format("{:.3g}", at);
        if (scale.logarithmic)
            label = at < 0 ? fmt::format("1/{:.0f}", std::exp2(-at)) : fmt::format("{:.0f}", std::exp2(at));
        svg.text(kLeft + kWidth * kSteps * i / ticks, 34, label, Svg::Anchor::Middle, true, 11);
    }
    svg.text(kLeft + kWidth * kSteps + 20, 16, t("{}; x: no token, grey: not measured", scale.unit));
    return std::move(svg).finish({});
}

} // namespace espalier::report
