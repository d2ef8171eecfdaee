// SPDX-License-Identifier: Apache-2.0
// The figures of a report as SVG: self-contained, of presentation attributes only (QtSvg reads them for the PDF), with
// classes that a page's style may recolour in the dark. Pure functions.
#pragma once

#include "core/base/strong_index.h"
#include "core/report/document.h"
#include "core/report/texts.h"
#include "core/stats/statistics.h"

#include <span>
#include <string>
#include <vector>

namespace espalier::report {

/// What the colours of maps mean; the same for all maps of a report, so that they can be compared.
struct Scale {
    double low = 0, high = 1;
    bool logarithmic = false; ///< colours are even steps of log2
    std::string unit;
    /// 0 … 1, clamped. Values at or below 0 have no place on a logarithmic scale; callers mark them.
    [[nodiscard]] double at(double value) const;
};

/// Layers x experts of one domain, with the layers' concentration beside it where counts are known.
struct HeatmapData {
    std::string title, caption;
    std::vector<LayerIndex> layers;
    std::vector<std::vector<double>> values;      ///< [layer][expert]; NaN = not measured
    std::vector<std::vector<bool>> dead;          ///< [layer][expert]: no token chose it; empty = not known
    std::vector<stats::LayerConcentration> strip; ///< per layer; empty = not known
};
[[nodiscard]] Figure heatmapFigure(const Texts& t, const HeatmapData& data, const Scale& scale);
/// The colours of `scale` with their values.
[[nodiscard]] Figure scaleFigure(const Texts& t, const Scale& scale);

struct ParetoPoint {
    std::string name;
    double memory = 0; ///< bytes
    double kl = 0;     ///< nats per token, > 0 for a logarithmic axis; less is drawn at its foot
    bool control = false;
};
/// Predicted memory against measured divergence; left and low is better. `base` is the memory of the whole model.
[[nodiscard]] Figure paretoFigure(const Texts& t, std::span<const ParetoPoint> points, double base);

} // namespace espalier::report
