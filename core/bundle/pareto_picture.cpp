// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/pareto_picture.h"

#include "core/base/byte_size.h"
#include "core/bundle/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::bundle {
namespace {

constexpr double kLeft = 76, kTop = 64, kWidth = 640, kHeight = 280, kGap = 84, kLegend = 190;
/// Okabe and Ito's colours: told apart with every kind of colour vision.
constexpr std::array<const char*, 7> kColours{"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                              "#56B4E9", "#D55E00", "#8C7A00"};

struct Range {
    double low = 0, high = 1;
    [[nodiscard]] double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

/// 1, 2 or 5 times a power of ten, so that the range has at most six steps.
double stepOf(double span)
{
    const double raw = std::max(span, 1e-300) / 5;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= raw)
            return factor * power;
    return 10 * power;
}

Range memoryRange(std::span<const ParetoPanel> panels)
{
    Range range{INFINITY, -INFINITY};
    for (const auto& panel : panels)
        for (const auto& mark : panel.marks) {
            range.low = std::min(range.low, mark.memory);
            range.high = std::max(range.high, mark.memory);
        }
    if (!(range.low <= range.high))
        return {};
    const double margin = std::max(range.high - range.low, 0.02 * range.high) * 0.08;
    return {std::max(0.0, range.low - margin), range.high + margin};
}

/// Of what is drawn upwards: log10 of the value, or the value.
Range valueRange(const ParetoPanel& panel)
{
    Range range{INFINITY, -INFINITY};
    const auto take = [&](double value) {
        if (std::isnan(value) || (panel.logarithmic && value <= 0))
            return;
        const double at = panel.logarithmic ? std::log10(value) : value;
        range.low = std::min(range.low, at);
        range.high = std::max(range.high, at);
    };
    for (const auto& mark : panel.marks)
        take(mark.value);
    take(panel.base);
    if (!(range.low <= range.high))
        return {};
    const double margin = std::max(range.high - range.low, panel.logarithmic ? 0.3 : 0.02) * 0.08;
    return {range.low - margin, range.high + margin};
}

std::string yAxis(const ParetoPanel& panel, const Range& range, double top)
{
    std::string out;
    const auto line = [&](double at, const std::string& label) {
        const double y = top + kHeight * (1 - range.share(at));
        out +=
            fmt::format("<line class=\"g\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{:.1f}\" "
                        "y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                        kLeft, kLeft + kWidth, y, y, kLeft - 8, y + 4, label);
    };
    if (panel.logarithmic && range.high - range.low > 0.9) {
        const bool wide = range.high - range.low > 2.5;
        for (double power = std::floor(range.low); power <= range.high; power += 1)
            for (const double digit : {1.0, 2.0, 5.0})
                if (const double at = power + std::log10(digit);
                    at >= range.low && at <= range.high && (digit == 1 || !wide))
                    line(at, fmt::format("{:g}", digit * std::pow(10.0, power)));
        return out;
    }
    const double low = panel.logarithmic ? std::pow(10.0, range.low) : range.low;
    const double high = panel.logarithmic ? std::pow(10.0, range.high) : range.high;
    const double step = stepOf(high - low);
    for (double value = std::ceil(low / step) * step; value <= high; value += step)
        if (!panel.logarithmic || value > 0)
            line(panel.logarithmic ? std::log10(value) : value,
                 fmt::format("{:.4g}", std::abs(value) < step / 2 ? 0 : value));
    return out;
}

std::string xAxis(const Range& range, double top)
{
    constexpr double kUnits[] = {1, 1024.0, 1024.0 * 1024, 1024.0 * 1024 * 1024};
    const double unit =
        *std::find_if(std::rbegin(kUnits), std::rend(kUnits) - 1, [&](double u) { return range.high >= 2 * u; });
    const double step = stepOf((range.high - range.low) / unit) * unit;
    std::string out;
    for (double value = std::ceil(range.low / step) * step; value <= range.high; value += step) {
        const double x = kLeft + kWidth * range.share(value);
        out +=
            fmt::format("<line class=\"g\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{:.1f}\" "
                        "y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                        x, x, top, top + kHeight, x, top + kHeight + 16,
                        base::formatByteSize(ByteSize(static_cast<std::uint64_t>(std::max(0.0, value)))));
    }
    return out;
}

} // namespace

std::string paretoSvg(std::span<const ParetoPanel> panels, const std::string& title)
{
    std::vector<std::string> groups;
    for (const auto& panel : panels)
        for (const auto& mark : panel.marks)
            if (!mark.random && std::find(groups.begin(), groups.end(), mark.group) == groups.end())
                groups.push_back(mark.group);
    const auto colourOf = [&](const std::string& group) {
        const auto at = std::find(groups.begin(), groups.end(), group) - groups.begin();
        return kColours[static_cast<std::size_t>(at) % kColours.size()];
    };
    const Range memory = memoryRange(panels);
    const double height = kTop - 40 + (kHeight + kGap) * static_cast<double>(std::max<std::size_t>(1, panels.size()));
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n<style>.b{{fill:#fff}}text{{fill:#1f2933}}.g{{stroke:#d9dee3}}"
        ".f{{fill:none;stroke:#1f2933;stroke-width:1.5}}.d{{stroke:#5f6770;stroke-dasharray:4 4}}.r{{fill:none;"
        "stroke:#7b8794}}@media(prefers-color-scheme:dark){{.b{{fill:#15191e}}text{{fill:#e4e7eb}}.g{{stroke:#323a43}}"
        ".f{{stroke:#e4e7eb}}.d{{stroke:#9aa5b1}}}}</style>\n<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n"
        "<text x=\"{2}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">{3}</text>\n",
        kLeft + kWidth + kLegend, height, kLeft, escapeMarkup(title));
    double top = kTop;
    for (const auto& panel : panels) {
        const Range range = valueRange(panel);
        const auto place = [&](const ParetoMark& mark) {
            const double value = !panel.logarithmic ? mark.value : mark.value > 0 ? std::log10(mark.value) : range.low;
            return std::pair{kLeft + kWidth * memory.share(mark.memory), top + kHeight * (1 - range.share(value))};
        };
        out += fmt::format("<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>\n", kLeft, top - 10,
                           escapeMarkup(panel.title));
        out += yAxis(panel, range, top) + xAxis(memory, top);
        if (!std::isnan(panel.base) && !(panel.logarithmic && panel.base <= 0)) {
            const double y = top + kHeight * (1 - range.share(panel.logarithmic ? std::log10(panel.base) : panel.base));
            out += fmt::format("<line class=\"d\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kLeft,
                               kLeft + kWidth, y, y);
        }
        std::vector<std::pair<double, double>> front;
        for (const auto& mark : panel.marks)
            if (mark.front && !std::isnan(mark.value))
                front.push_back(place(mark));
        std::sort(front.begin(), front.end());
        std::string line;
        for (std::size_t i = 0; i < front.size(); ++i) // a step: what a little more memory does not improve yet
            line += i == 0 ? fmt::format("M{:.1f} {:.1f}", front[i].first, front[i].second)
                           : fmt::format("H{:.1f}V{:.1f}", front[i].first, front[i].second);
        if (!line.empty())
            out += fmt::format("<path class=\"f\" d=\"{}\"/>\n", line);
        for (const auto& mark : panel.marks) {
            if (std::isnan(mark.value))
                continue;
            const auto [x, y] = place(mark);
            const std::string look = mark.random ? std::string("class=\"r\"")
                                                 : fmt::format("fill=\"{}\" fill-opacity=\"{}\"", colourOf(mark.group),
                                                               mark.front ? "1" : ".6");
            out +=
                fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" {}><title>{}: {:.4g}, {}</title></circle>\n",
                            x, y, mark.front ? 5 : 4, look, escapeMarkup(mark.name), mark.value,
                            base::formatByteSize(ByteSize(static_cast<std::uint64_t>(mark.memory))));
        }
        top += kHeight + kGap;
    }
    double y = kTop + 6;
    const auto legend = [&](const std::string& mark, const std::string& text) {
        out += fmt::format("<g transform=\"translate({},{:.0f})\">{}<text x=\"12\" y=\"4\">{}</text></g>\n",
                           kLeft + kWidth + 18, y, mark, escapeMarkup(text));
        y += 20;
    };
    for (const auto& group : groups)
        legend(fmt::format("<circle r=\"5\" fill=\"{}\"/>", colourOf(group)), group.substr(0, 26));
    legend("<circle r=\"4\" class=\"r\"/>", "random");
    legend("<path class=\"f\" d=\"M-7 4H0V-4H7\"/>", "best for its memory");
    legend("<path class=\"d\" d=\"M-7 0H7\"/>", "the whole model");
    return out + "</svg>\n";
}

} // namespace espalier::bundle
