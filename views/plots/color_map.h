// SPDX-License-Identifier: GPL-3.0-or-later
// Colour maps from evenly spaced stops: cividis (made for colour-vision deficiency, Nunez et al. 2018) for quantities,
// a diverging map for differences, a sequential one for similarity. Values are placed linearly or by logarithm.
#pragma once

#include <QColor>
#include <QRgb>

#include <span>

namespace espalier::views {

enum class MapKind { Cividis, Diverging, Sequential };

/// Colour at position 0 … 1 (clamped). The diverging and sequential maps have a light and a dark form.
[[nodiscard]] QRgb mapColor(MapKind kind, double position, bool dark);

/// Places values on 0 … 1.
struct ColorScale {
    double low = 0, high = 1;
    bool logarithmic = false;
    /// 0 … 1, clamped; NaN stays NaN. With a logarithm, values at or below `low` are 0.
    [[nodiscard]] double position(double value) const;
    /// The value at a position.
    [[nodiscard]] double valueAt(double position) const;
};

/// Range of the finite values; with a logarithm of the positive ones; symmetric around 0 when diverging. Never empty:
/// equal ends are widened.
[[nodiscard]] ColorScale scaleFor(std::span<const double> values, bool logarithmic, bool diverging);

} // namespace espalier::views
