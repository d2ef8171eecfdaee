// SPDX-License-Identifier: GPL-3.0-or-later
// How many experts of a layer are seen after so many tokens: at least once, and often enough to judge. Left and Right,
// or a click, read the curves.
#pragma once

#include "views/models/layer_insights.h"
#include "views/plots/plot_widget.h"

namespace espalier::views {

class CoveragePlot : public PlotWidget {
    Q_OBJECT
public:
    explicit CoveragePlot(QWidget* parent = nullptr);

    void setCoverage(Coverage coverage);
    [[nodiscard]] const Coverage& coverage() const { return m_coverage; }
    /// "After all 3 000 tokens 32 of 32 experts were chosen at least once and 28 at least 30 times; half …"
    [[nodiscard]] QString sentence() const;

protected:
    void rebuild() override;
    [[nodiscard]] int points() const override { return static_cast<int>(m_coverage.tokens.size()); }
    [[nodiscard]] int currentPoint() const override { return m_current; }
    void choosePoint(int point) override;
    [[nodiscard]] int pointAt(double pixel) const override;
    [[nodiscard]] QString pointText(int point) const override;

private:
    void addLine(const std::vector<double>& values, int number, const QString& name);
    void addCursor();

    Coverage m_coverage;
    int m_current = -1;
};

} // namespace espalier::views
