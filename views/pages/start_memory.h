// SPDX-License-Identifier: GPL-3.0-or-later
// The right side of the start page: what the opened model needs to run as it is, part by part, and which uniform counts
// fit this machine.
#pragma once

#include "core/plan/device_split.h"
#include "core/plan/memory_model.h"
#include "views/models/cell_table_model.h"
#include "views/plots/stack_bar.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace espalier::views {

class NumberBox;

class StartMemory : public QWidget {
    Q_OBJECT
public:
    explicit StartMemory(QWidget* parent = nullptr);
    /// `memory`: bytes this machine has; a model must be given before the widget is shown.
    void setModel(std::shared_ptr<const model::ModelSummary> model, std::uint64_t memory);
    /// Graphics cards of the machine; the model's layers go over them in order.
    void setDevices(std::vector<plan::Device> devices);
    [[nodiscard]] plan::Deployment deployment() const;
    [[nodiscard]] CellTableModel* parts() const { return m_parts; }
    [[nodiscard]] CellTableModel* counts() const { return m_counts; }
    [[nodiscard]] QString answer() const;

signals:
    void profileRequested();
    void planRequested(int keptPerLayer);

private:
    void recompute();
    void fillParts(const plan::PredictedMemory& memory);
    void fillCounts();

    std::shared_ptr<const model::ModelSummary> m_summary;
    std::uint64_t m_memory = 0;
    std::vector<plan::Device> m_devices;
    QLabel* m_name;
    QLabel* m_facts;
    QLabel* m_answer;
    QLabel* m_note;
    QLabel* m_fitHead;
    QLabel* m_warnings;
    NumberBox* m_context;
    NumberBox* m_sequences;
    QComboBox* m_cache;
    StackBar* m_bar;
    CellTableModel* m_parts;
    CellTableModel* m_counts;
    QTableView* m_partsView;
    QTableView* m_countsView;
    QPushButton* m_profile;
    QList<int> m_kept;
};

/// Tables of a page in one look: no grid, rows 26 high, full-width last column. The view shows all its rows.
void setUpPlainTable(QTableView* view, const QString& accessibleName);
void fitHeightToRows(QTableView* view);

} // namespace espalier::views
