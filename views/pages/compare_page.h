// SPDX-License-Identifier: GPL-3.0-or-later
// Two domains side by side, of one study or of two: where their use of the experts differs, how concentrated each is,
// how alike all domains are, and the largest differences with their intervals. The choice is linked: matrix, map and
// table show one pair.
#pragma once

#include "views/models/compare_data.h"
#include "views/pages/page.h"
#include "views/session/latest.h"

#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace espalier::views {

class CellTableModel;
class LikenessMatrix;
class ShareCurve;

class ComparePage : public Page {
    Q_OBJECT
public:
    explicit ComparePage(Session* session, QWidget* parent = nullptr);
    ~ComparePage() override;

    /// False for a name that is not in the study.
    bool choosePair(const QString& first, const QString& second);
    void swap();
    /// Domains of another study stand beside those of the open one, until it is taken away or another model is opened.
    void addStudy(const QString& path);
    void removeStudy();
    [[nodiscard]] bool hasOtherStudy() const { return m_both != nullptr; }
    [[nodiscard]] const Comparison* comparison() const { return m_comparison.get(); }
    [[nodiscard]] HeatmapWidget* heatmap() const { return m_heatmap; }

    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] bool usable() const override;
    [[nodiscard]] QString keysText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportFigure(const QString& path) override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasFigure() const override { return m_comparison != nullptr; }
    [[nodiscard]] bool hasTable() const override { return m_comparison != nullptr; }
    [[nodiscard]] QString proposedFileName() const override;

protected:
    void refresh() override;

private:
    void build();
    void chooseStudy();
    [[nodiscard]] std::shared_ptr<const stats::Statistics> statistics() const;
    void rebuild();
    void showMap();
    void showTable();
    void showCell(int row, int expert);
    [[nodiscard]] QString toolTip(int row, int expert) const;

    using Read = Result<std::shared_ptr<const stats::Statistics>>;
    std::shared_ptr<const stats::Statistics> m_statistics;
    std::shared_ptr<const stats::Statistics> m_own;  ///< what the other study was put beside
    std::shared_ptr<const stats::Statistics> m_both; ///< both; null when there is no other study
    QString m_otherPath;
    Latest<Read> m_reading;
    std::unique_ptr<Comparison> m_comparison;
    Likeness m_likeness;
    std::vector<QPoint> m_rows; ///< cells of the table's rows: x = expert, y = row of the map
    bool m_following = false;   ///< map and table move each other's choice

    QPushButton* m_other;
    QComboBox* m_first;
    QComboBox* m_second;
    QCheckBox* m_hide;
    QLabel* m_figureValues[3] = {};
    QLabel* m_figureNames[3] = {};
    HeatmapWidget* m_heatmap;
    ShareCurve* m_curve;
    LikenessMatrix* m_matrix;
    QLabel* m_matrixHint;
    CellTableModel* m_table;
    QTableView* m_tableView;
};

} // namespace espalier::views
