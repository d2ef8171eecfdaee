// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::bundle {
namespace {

// cividis at evenly spaced stops, as in the window.
constexpr std::array<std::array<int, 3>, 10> kCividis = {{{0x00, 0x20, 0x4D},
                                                          {0x00, 0x33, 0x6F},
                                                          {0x39, 0x48, 0x6B},
                                                          {0x57, 0x5C, 0x6D},
                                                          {0x70, 0x71, 0x73},
                                                          {0x8A, 0x87, 0x79},
                                                          {0xA6, 0x9D, 0x75},
                                                          {0xC4, 0xB5, 0x6C},
                                                          {0xE4, 0xCF, 0x5B},
                                                          {0xFF, 0xEA, 0x46}}};
constexpr double kLowest = -6, kHighest = 3; // log2 of the ratio to a uniform router
constexpr int kLeft = 56, kTop = 56, kRowHeight = 16, kPlotWidth = 768, kPanelGap = 44;

std::string colour(double ratio)
{
    return cividisColour((std::log2(ratio) - kLowest) / (kHighest - kLowest));
}

std::string cell(double x, double y, double width, double value, bool kept)
{
    const double w = width > 8 ? width - 1 : width;
    const double h = kRowHeight - 1;
    if (std::isnan(value))
        return fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"url(#hatch)\"/>\n", x, y, w, h);
    if (value <= 0)
        return fmt::format("<path d=\"M{:.1f} {:.1f}l6 6m0 -6l-6 6\" stroke=\"#5F6770\" fill=\"none\"/>\n",
                           x + w / 2 - 3, y + h / 2 - 3);
    std::string out = fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                                  x, y, w, h, colour(value));
    if (!kept)
        out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#fff\" "
                           "fill-opacity=\".55\"/><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                           "fill=\"url(#hatch)\"/>\n",
                           x, y, w, h, x, y, w, h);
    return out;
}

std::string panelSvg(const HeatmapPanel& panel, int top)
{
    const std::size_t experts = panel.values.empty() ? 1 : std::max<std::size_t>(1, panel.values.front().size());
    const double width = static_cast<double>(kPlotWidth) / static_cast<double>(experts);
    std::string out = fmt::format("<text x=\"{}\" y=\"{}\" class=\"h\">{}</text>\n<text x=\"{}\" y=\"{}\" class=\"c\" "
                                  "text-anchor=\"end\">{}</text>\n",
                                  kLeft, top - 8, escapeMarkup(panel.title), kLeft + kPlotWidth, top - 8,
                                  escapeMarkup(panel.caption));
    for (std::size_t row = 0; row < panel.values.size(); ++row) {
        const double y = top + kRowHeight * static_cast<double>(row);
        out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">L{}</text>\n", kLeft - 8, y + 12,
                           panel.layers[row].value());
        for (std::size_t e = 0; e < panel.values[row].size(); ++e)
            out += cell(kLeft + width * static_cast<double>(e), y, width, panel.values[row][e],
                        panel.kept.empty() || panel.kept[row][e]);
    }
    const double axis = top + kRowHeight * static_cast<double>(panel.values.size()) + 13;
    const std::size_t step = std::max<std::size_t>(1, (experts + 15) / 16);
    for (std::size_t e = 0; e < experts; e += step)
        out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                           kLeft + width * (static_cast<double>(e) + 0.5), axis, e);
    return out;
}

std::string colourBar(int top)
{
    std::string out;
    constexpr int kSteps = 90, kStepWidth = 4;
    for (int i = 0; i < kSteps; ++i)
        out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"10\" fill=\"{}\"/>\n", kLeft + i * kStepWidth,
                           top, kStepWidth + 1, colour(std::exp2(kLowest + (kHighest - kLowest) * (i + 0.5) / kSteps)));
    for (int tick = static_cast<int>(kLowest); tick <= static_cast<int>(kHighest); ++tick)
        out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\"{}>{}</text>\n",
                           kLeft + kSteps * kStepWidth * (tick - kLowest) / (kHighest - kLowest), top + 24,
                           tick == 0 ? " font-weight=\"bold\"" : "",
                           tick < 0 ? fmt::format("1/{}", 1 << -tick) : fmt::format("{}", 1 << tick));
    return out + fmt::format("<text x=\"{}\" y=\"{}\">times the share of a uniform router; x = no token</text>\n",
                             kLeft + kSteps * kStepWidth + 24, top + 10);
}

} // namespace

std::string cividisColour(double share)
{
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(kCividis.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(at), kCividis.size() - 2);
    std::array<int, 3> rgb{};
    for (std::size_t c = 0; c < 3; ++c)
        rgb[c] = static_cast<int>(std::lround(kCividis[low][c] + (at - static_cast<double>(low)) *
                                                                     (kCividis[low + 1][c] - kCividis[low][c])));
    return fmt::format("#{:02x}{:02x}{:02x}", rgb[0], rgb[1], rgb[2]);
}

std::string escapeMarkup(const std::string& text)
{
    std::string out;
    for (const char c : text)
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    return out;
}

std::string heatmapSvg(std::span<const HeatmapPanel> panels, const std::string& title)
{
    std::string body = colourBar(kTop);
    int y = kTop + 70;
    for (const auto& panel : panels) {
        body += panelSvg(panel, y);
        y += kRowHeight * static_cast<int>(panel.values.size()) + kPanelGap;
    }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
        "font-family=\"Roboto, 'Noto Sans', sans-serif\" font-size=\"12\" fill=\"#4E565F\">\n<title>{2}</title>\n"
        "<style>.h{{font-size:13px;font-weight:500;fill:#191D22}}.c{{fill:#5F6770}}</style>\n"
        "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><path d=\"M0 0V5\" stroke=\"#B4BAC2\" "
        "stroke-width=\"1.5\"/></pattern></defs>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        "<text x=\"{3}\" y=\"32\" font-size=\"20\" font-weight=\"500\" fill=\"#191D22\">{2}</text>\n{4}</svg>\n",
        kLeft + kPlotWidth + 24, y, escapeMarkup(title), kLeft, body);
}

} // namespace espalier::bundle
