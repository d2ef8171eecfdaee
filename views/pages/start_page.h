// SPDX-License-Identifier: GPL-3.0-or-later
// Open, drop, recent, sample at the left; at the right what the opened model needs, before anything was run.
#pragma once

#include "views/models/recent_model.h"
#include "views/pages/page.h"

class QTableView;

namespace espalier::views {

class MachineDevices;
class StartMemory;
class WeightPreview;

/// Folder of the bundled model, empty when the program was moved away from its resources.
[[nodiscard]] QString sampleModelFolder();

class StartPage : public Page {
    Q_OBJECT
public:
    explicit StartPage(Session* session, QWidget* parent = nullptr);
    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasTable() const override;
    [[nodiscard]] RecentModel* recent() const { return m_recent; }
    [[nodiscard]] StartMemory* memory() const { return m_memory; }
    [[nodiscard]] WeightPreview* preview() const { return m_preview; }

signals:
    void planRequested(int keptPerLayer);

protected:
    void refresh() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* leftColumn();
    RecentModel* m_recent;
    QTableView* m_recentView = nullptr;
    StartMemory* m_memory = nullptr;
    MachineDevices* m_devices = nullptr;
    WeightPreview* m_preview = nullptr;
    QWidget* m_nothing = nullptr;
    QWidget* m_sample = nullptr;
    QWidget* m_right = nullptr;
};

} // namespace espalier::views
