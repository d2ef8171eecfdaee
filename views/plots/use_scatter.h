// SPDX-License-Identifier: GPL-3.0-or-later
// How evenly a layer uses its experts: ratio to uniform use of every expert, most used first, with its 95 % interval
// and the uniform line. Filled = told apart from uniform, hollow = not, cross = too few tokens to judge. Click, or Left
// and Right, choose an expert. No QCustomPlot type leaks out.
#pragma once

#include "views/models/layer_insights.h"
#include "views/plots/plot_widget.h"

class QCPItemTracer;

namespace espalier::views {

class UseScatter : public PlotWidget {
    Q_OBJECT
public:
    explicit UseScatter(QWidget* parent = nullptr);

    void setUse(LayerUse use);
    [[nodiscard]] const LayerUse& use() const { return m_use; }
    void setCurrentExpert(int expert);
    /// "Of 32 experts, 9 are used more than uniform use would have it and 12 less; 8 cannot be told apart, …"
    [[nodiscard]] QString sentence() const;
    /// Where the point of an expert is drawn, in this widget's coordinates (tests).
    [[nodiscard]] QPoint pointOf(int expert) const;

signals:
    void expertChosen(int expert);

protected:
    void rebuild() override;
    [[nodiscard]] int points() const override { return static_cast<int>(m_use.points.size()); }
    [[nodiscard]] int currentPoint() const override { return rankOf(m_current); }
    void choosePoint(int point) override;
    [[nodiscard]] int pointAt(double pixel) const override;
    [[nodiscard]] QString pointText(int point) const override;

private:
    void addPoints(UseVerdict verdict, std::vector<std::pair<double, double>>& drawn);
    void addRing(const std::vector<std::pair<double, double>>& drawn);
    void showCurrent();
    [[nodiscard]] int rankOf(int expert) const;

    LayerUse m_use;
    int m_current = -1;
    QCPItemTracer* m_ring = nullptr;
};

} // namespace espalier::views
