// SPDX-License-Identifier: GPL-3.0-or-later
// One layer at a glance: use of its experts against uniform use, coverage against tokens, and which experts are chosen
// together; and the same numbers as tables. What is copied or written is that of the plot used last.
#pragma once

#include "views/models/layer_tables.h"
#include "views/session/latest.h"

#include <QWidget>

#include <memory>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QTableView;

namespace espalier::views {

class CoveragePlot;
class HeatmapWidget;
class UseScatter;

class LayerView : public QWidget {
    Q_OBJECT
public:
    /// The three views; of their numbers, pairs are limited to the strongest.
    enum Figure { Use, Seen, Pairs };

    explicit LayerView(QWidget* parent = nullptr);

    /// Shows a layer; what is the same as before is not computed again.
    void showLayer(std::shared_ptr<const stats::Statistics> statistics, const std::string& domain, int row,
                   double thinBelow);
    void setCurrentExpert(int expert);
    /// Tables in place of the plots, and back.
    void showTable(bool table);
    [[nodiscard]] bool tableShown() const;
    /// The plot, or its table, that is copied and written.
    void choose(Figure figure);
    [[nodiscard]] Figure chosen() const { return m_chosen; }
    [[nodiscard]] UseScatter* scatter() const { return m_scatter; }
    [[nodiscard]] CoveragePlot* coverage() const { return m_coverage; }
    [[nodiscard]] HeatmapWidget* together() const { return m_pairs; }
    [[nodiscard]] CellTableModel* table() const { return m_table; }
    [[nodiscard]] QString toTsv() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;

signals:
    void expertChosen(int expert);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* makePlots();
    [[nodiscard]] QWidget* makeTables();
    [[nodiscard]] LayerTable tableOf(Figure figure) const;
    [[nodiscard]] QString pairText(int first, int second) const;
    /// What takes longer than a frame for hundreds of experts.
    struct Slow {
        Coverage coverage;
        Together together;
    };
    void showSlow(const Slow& slow);
    void showPairs();
    void fillTable();
    void selectExpert();

    std::shared_ptr<const stats::Statistics> m_statistics;
    std::string m_domain;
    int m_row = -1, m_expert = -1;
    double m_thinBelow = 0;
    Together m_together;
    Latest<Slow> m_slow;
    Figure m_chosen = Use;
    UseScatter* m_scatter;
    CoveragePlot* m_coverage;
    HeatmapWidget* m_pairs;
    QLabel* m_head;
    QLabel* m_useText;
    QLabel* m_coverageText;
    QLabel* m_pairsText;
    QLabel* m_noPairs;
    QStackedWidget* m_stack;
    QButtonGroup* m_figures;
    QLabel* m_tableNote;
    CellTableModel* m_table;
    QTableView* m_tableView;
};

} // namespace espalier::views
