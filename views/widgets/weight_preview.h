// SPDX-License-Identifier: GPL-3.0-or-later
// A first look at the experts before any text was run: scores from the weights alone (AIMER, STUN) as map and table,
// and while there are none, what it takes to get them. Follows the session and its jobs by itself.
#pragma once

#include "core/model/model_summary.h"
#include "views/models/overview_map.h"

#include <QPointer>
#include <QWidget>

#include <cstdint>
#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace espalier::views {

class Job;
class MapTableModel;
class Session;

/// Models whose experts take up to this many bytes are scored as soon as they are opened: some seconds of reading.
inline constexpr std::uint64_t kScoredOnOpening = std::uint64_t(4) << 30;

/// Whether opening the session's model should start the scores: they are not there, nothing was measured on texts, the
/// model's files are known and small enough.
[[nodiscard]] bool wantsWeightScores(const Session& session);
/// Seconds one read of the experts takes at the speed of the last one; a guess before the first.
[[nodiscard]] double weightScoreSeconds(const model::ModelSummary& model);
/// Remembers how fast this machine read the experts of a model.
void rememberWeightSpeed(const model::ModelSummary& model, double seconds);
/// The newest job that scores the weights of the session's model; null when there is none.
[[nodiscard]] Job* weightJob(Session& session);

class WeightPreview : public QWidget {
    Q_OBJECT
public:
    explicit WeightPreview(Session* session, QWidget* parent = nullptr);
    void refresh();
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] std::shared_ptr<const OverviewMap> map() const { return m_map; }
    [[nodiscard]] HeatmapWidget* heatmap() const { return m_heatmap; }

signals:
    void scoreRequested();

private:
    void showScores();
    void showState();
    void buttonPressed();
    [[nodiscard]] QString toolTip(int row, int expert) const;

    QPointer<Session> m_session;
    std::shared_ptr<const stats::Statistics> m_statistics;
    std::shared_ptr<const OverviewMap> m_map;
    QWidget* m_controls;
    QComboBox* m_method;
    QPushButton* m_asTable;
    QStackedWidget* m_stack;
    HeatmapWidget* m_heatmap;
    MapTableModel* m_table;
    QTableView* m_tableView;
    QLabel* m_state;
    QPushButton* m_button;
};

} // namespace espalier::views
