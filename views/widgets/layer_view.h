// SPDX-License-Identifier: GPL-3.0-or-later
// One layer at a glance: use of its experts against uniform use, coverage against tokens, and which experts are chosen
// together. Tables of the same numbers go to the clipboard and to CSV by the plot that has the focus.
#pragma once

#include "views/models/layer_insights.h"

#include <QWidget>

#include <memory>

class QLabel;

namespace espalier::views {

class CoveragePlot;
class HeatmapWidget;
class UseScatter;

class LayerView : public QWidget {
    Q_OBJECT
public:
    explicit LayerView(QWidget* parent = nullptr);

    /// Shows a layer; what is the same as before is not computed again.
    void show(std::shared_ptr<const stats::Statistics> statistics, const std::string& domain, int row,
              double thinBelow);
    void setCurrentExpert(int expert);
    [[nodiscard]] UseScatter* scatter() const { return m_scatter; }
    [[nodiscard]] HeatmapWidget* together() const { return m_pairs; }
    /// Of the plot with the focus; the use of the experts when none has it.
    [[nodiscard]] QString toTsv() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;

signals:
    void expertChosen(int expert);

private:
    [[nodiscard]] QString pairText(int first, int second) const;
    void showPairs();

    std::shared_ptr<const stats::Statistics> m_statistics;
    std::string m_domain;
    int m_row = -1;
    double m_thinBelow = 0;
    Together m_together;
    UseScatter* m_scatter;
    CoveragePlot* m_coverage;
    HeatmapWidget* m_pairs;
    QLabel* m_head;
    QLabel* m_useText;
    QLabel* m_coverageText;
    QLabel* m_pairsText;
    QLabel* m_noPairs;
};

} // namespace espalier::views
