// SPDX-License-Identifier: GPL-3.0-or-later
// What every expert does: layers x experts map of one quantity and domain, or the difference of two domains, with key
// figures, concentration per layer, all domains on one scale, the card of the expert under the cursor, and a table
// twin; one layer at a glance; traced texts coloured by expert.
#pragma once

#include "views/models/expert_relations.h"
#include "views/models/overview_map.h"
#include "views/pages/page.h"
#include "views/session/latest.h"

#include <QTimer>

#include <map>
#include <memory>
#include <vector>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace espalier::views {

class ExpertCard;
class LayerStrip;
class LayerView;
class MapTableModel;
class RoutedText;
class SmallMultiples;
class WeightPreview;

class OverviewPage : public Page {
    Q_OBJECT
public:
    explicit OverviewPage(Session* session, QWidget* parent = nullptr);
    ~OverviewPage() override;

    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] bool usable() const override;
    [[nodiscard]] QString keysText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportFigure(const QString& path) override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasFigure() const override;
    [[nodiscard]] bool hasTable() const override;
    [[nodiscard]] QString proposedFileName() const override;

    /// Empty = all domains; false for a name that is not in the study.
    bool chooseDomain(const QString& name);
    /// Shows domain − other; empty ends it.
    bool compareWith(const QString& other);
    /// "ratio", "share" or the id of a score.
    bool chooseQuantity(const QString& id);
    /// What stands in the middle: the map, its numbers, one layer at a glance, or a traced text.
    enum View { MapView, TableView, LayerInsight, TextView };
    void showView(View view);
    [[nodiscard]] View view() const;
    void showTable(bool table) { showView(table ? TableView : MapView); }
    [[nodiscard]] LayerView* layerView() const { return m_layerView; }
    [[nodiscard]] RoutedText* textView() const { return m_textView; }
    [[nodiscard]] std::shared_ptr<const OverviewMap> map() const { return m_map; }
    [[nodiscard]] HeatmapWidget* heatmap() const { return m_heatmap; }
    [[nodiscard]] WeightPreview* preview() const { return m_preview; }

protected:
    void refresh() override;

private:
    void buildControls();
    void buildFigures(QBoxLayout* column);
    void buildMap(QBoxLayout* column);
    void buildKeys();
    void fillChoosers();
    void rebuild();
    void rebuildTiles();
    void nextTile();
    void showFigures();
    void showCell(int row, int expert);
    void buildInsights();
    /// The view in the middle and the card's lower half, for the cell under the cursor.
    void showInsights(int row, int expert);
    void showRelations();
    void nextRank();
    void requestTrace();
    void toggleTable();
    void stepDomain(int step);
    [[nodiscard]] std::string domain() const;
    [[nodiscard]] std::string other() const;
    [[nodiscard]] double thinBelow() const;
    [[nodiscard]] Result<std::shared_ptr<const OverviewMap>> mapOf(const std::string& domain);
    [[nodiscard]] QString toolTip(int row, int expert) const;
    [[nodiscard]] QString captionText() const;
    /// Where imported numbers come from and what they do not know; empty when all was measured here.
    [[nodiscard]] QString importedText() const;

    std::shared_ptr<const stats::Statistics> m_statistics;
    std::vector<MapQuantity> m_quantities;
    std::map<std::string, std::shared_ptr<const OverviewMap>> m_maps; ///< of the current quantity, by domain
    std::shared_ptr<const OverviewMap> m_map;
    QTimer m_tileTimer; ///< one domain per turn of the event loop: many domains never block the window
    int m_nextTile = 0;
    /// Score tables for the ranks in the card, one more per turn of the event loop; of m_rankDomain.
    QTimer m_rankTimer;
    std::vector<std::shared_ptr<const method::ScoreTable>> m_rankTables;
    std::vector<const method::ScoreMethod*> m_rankMethods;
    std::string m_rankDomain;
    std::shared_ptr<const ExpertLikeness> m_likeness; ///< of m_likenessRow and m_likenessDomain; null while it is made
    Latest<ExpertLikeness> m_likenessWork;
    int m_likenessRow = -1;
    std::string m_likenessDomain;

    QComboBox* m_domain;
    QComboBox* m_other;
    QComboBox* m_quantity;
    QComboBox* m_thin;
    QButtonGroup* m_scale;
    QButtonGroup* m_views;
    QLabel* m_figureValues[5] = {};
    QLabel* m_figureNames[5] = {};
    QStackedWidget* m_stack;
    HeatmapWidget* m_heatmap;
    LayerStrip* m_strip;
    SmallMultiples* m_tiles;
    QLabel* m_tilesHint;
    MapTableModel* m_table;
    QTableView* m_tableView;
    LayerView* m_layerView;
    RoutedText* m_textView;
    ExpertCard* m_card;
    WeightPreview* m_preview; ///< in place of the page while nothing was measured
};

} // namespace espalier::views
