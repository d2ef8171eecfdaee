// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/color_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace espalier::views {
namespace {

constexpr std::array<QRgb, 10> kCividis{0xFF00204D, 0xFF00336F, 0xFF39486B, 0xFF575C6D, 0xFF707173,
                                        0xFF8A8779, 0xFFA69D75, 0xFFC4B56C, 0xFFE4CF5B, 0xFFFFEA46};
constexpr std::array<QRgb, 9> kDivergingLight{0xFF123F73, 0xFF3D73AE, 0xFF8FB3D6, 0xFFD3E0EC, 0xFFF4F4F2,
                                              0xFFF3DCC2, 0xFFE3A869, 0xFFC06A1B, 0xFF7A3D06};
constexpr std::array<QRgb, 9> kDivergingDark{0xFF9CC8F5, 0xFF5E97D0, 0xFF386596, 0xFF2B4159, 0xFF2A2D31,
                                             0xFF55402B, 0xFF99612A, 0xFFD98D3E, 0xFFFFC98A};
constexpr std::array<QRgb, 5> kSequentialLight{0xFFF7F9F9, 0xFFCFE3E5, 0xFF8FC0C5, 0xFF43919A, 0xFF0B6670};
constexpr std::array<QRgb, 5> kSequentialDark{0xFF202428, 0xFF20393D, 0xFF22555C, 0xFF2F8591, 0xFF5CC0CB};

std::span<const QRgb> stops(MapKind kind, bool dark)
{
    switch (kind) {
    case MapKind::Diverging:
        return dark ? std::span<const QRgb>(kDivergingDark) : std::span<const QRgb>(kDivergingLight);
    case MapKind::Sequential:
        return dark ? std::span<const QRgb>(kSequentialDark) : std::span<const QRgb>(kSequentialLight);
    case MapKind::Cividis:
        break;
    }
    return kCividis;
}

int mix(int a, int b, double t)
{
    return static_cast<int>(std::lround(a + (b - a) * t));
}

} // namespace

QRgb mapColor(MapKind kind, double position, bool dark)
{
    const auto colors = stops(kind, dark);
    const double at = std::clamp(position, 0.0, 1.0) * static_cast<double>(colors.size() - 1);
    const auto left = std::min(static_cast<std::size_t>(at), colors.size() - 2);
    const double t = at - static_cast<double>(left);
    const QRgb a = colors[left];
    const QRgb b = colors[left + 1];
    return qRgb(mix(qRed(a), qRed(b), t), mix(qGreen(a), qGreen(b), t), mix(qBlue(a), qBlue(b), t));
}

double ColorScale::position(double value) const
{
    if (!std::isfinite(value))
        return std::isinf(value) ? (value > 0 ? 1.0 : 0.0) : value;
    if (logarithmic) {
        if (value <= low)
            return 0;
        return std::min(1.0, std::log(value / low) / std::log(high / low));
    }
    return std::clamp((value - low) / (high - low), 0.0, 1.0);
}

double ColorScale::valueAt(double position) const
{
    return logarithmic ? low * std::pow(high / low, position) : low + (high - low) * position;
}

ColorScale scaleFor(std::span<const double> values, bool logarithmic, bool diverging)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values) {
        if (!std::isfinite(value) || (logarithmic && value <= 0))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (low > high)
        return {logarithmic ? 1.0 : 0.0, logarithmic ? 10.0 : 1.0, logarithmic};
    if (diverging) {
        const double reach = std::max(std::abs(low), std::abs(high));
        return {reach > 0 ? -reach : -1.0, reach > 0 ? reach : 1.0, false};
    }
    if (!(high > low)) {
        if (logarithmic)
            return {low / 2, low * 2, true};
        const double margin = low == 0 ? 1.0 : std::abs(low) * 0.5;
        return {low - margin, low + margin, false};
    }
    return {low, high, logarithmic};
}

} // namespace espalier::views
