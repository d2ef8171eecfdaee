// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_size.h"
#include "core/report/figures.h"
#include "core/report/svg.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace espalier::report {
namespace {

constexpr double kLeft = 72, kTop = 24, kWidth = 760, kHeight = 320, kRight = 160;
constexpr double kFoot = 1e-4; ///< a divergence below this is drawn here

/// A round step that gives four to eight ticks.
double tickStep(double span)
{
    const double rough = span / 6, power = std::pow(10.0, std::floor(std::log10(rough)));
    const double lead = rough / power;
    return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

} // namespace

Figure paretoFigure(const Texts& t, std::span<const ParetoPoint> points, double base)
{
    double most = base, least = base, lowest = 1, highest = 1e-3;
    for (const auto& point : points) {
        most = std::max(most, point.memory);
        least = std::min(least, point.memory);
        lowest = std::min(lowest, std::max(point.kl, kFoot));
        highest = std::max(highest, point.kl);
    }
    const double unit = most >= 1024.0 * 1024 * 1024 ? 1024.0 * 1024 * 1024 : 1024.0 * 1024;
    const double margin = 0.08 * (most > least ? most - least : most);
    const double left = std::max(0.0, least - margin) / unit, right = std::max((most + margin) / unit, left + 1e-9);
    const double low = std::floor(std::log10(lowest)), high = std::max(low + 1, std::ceil(std::log10(highest)));
    const auto x = [&](double bytes) { return kLeft + kWidth * (bytes / unit - left) / (right - left); };
    const auto y = [&](double kl) { return kTop + kHeight * (high - std::log10(std::max(kl, kFoot))) / (high - low); };
    Svg svg(kLeft + kWidth + kRight, kTop + kHeight + 44, t("Memory against divergence"));
    for (double decade = low; decade <= high + 0.5; ++decade) {
        svg.line(kLeft, y(std::pow(10.0, decade)), kLeft + kWidth, y(std::pow(10.0, decade)));
        svg.text(kLeft - 8, y(std::pow(10.0, decade)) + 4, fmt::format("{:g}", std::pow(10.0, decade)),
                 Svg::Anchor::End);
    }
    const double step = tickStep(right - left);
    for (double tick = std::ceil(left / step) * step; tick <= right; tick += step) {
        svg.line(x(tick * unit), kTop, x(tick * unit), kTop + kHeight);
        svg.text(x(tick * unit), kTop + kHeight + 16, fmt::format("{:g}", tick), Svg::Anchor::Middle);
    }
    svg.text(kLeft, 14, t("mean KL divergence from the whole model, nats per token"));
    svg.text(kLeft + kWidth, kTop + kHeight + 34,
             t("predicted memory, {}; weights of the whole model: {}", unit > 2e6 ? "GiB" : "MiB",
               base::formatByteSize(ByteSize(static_cast<std::uint64_t>(base)))),
             Svg::Anchor::End);
    for (const auto& point : points)
        svg.circle(x(point.memory), y(point.kl), 5, point.control);
    // Labels right of their points; one that would cover an earlier one gives way. Names are in the table, too.
    std::vector<std::pair<double, double>> taken;
    for (const auto& point : points) {
        const double start = x(point.memory) + 9, middle = y(point.kl) + 4;
        const bool covered = std::any_of(taken.begin(), taken.end(), [&](const auto& at) {
            return std::abs(at.second - middle) < 12 && std::abs(at.first - start) < 120;
        });
        if (covered)
            continue;
        taken.emplace_back(start, middle);
        svg.text(start, middle, point.name, Svg::Anchor::Start, false);
    }
    return std::move(svg).finish({});
}

} // namespace espalier::report
