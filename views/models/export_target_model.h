// SPDX-License-Identifier: GPL-3.0-or-later
// Engines a plan can be written for: what each takes, and whether it takes this plan of this model. A refused row stays
// and says why.
#pragma once

#include "core/bundle/targets.h"
#include "views/models/export_check_model.h"

#include <QAbstractTableModel>

#include <vector>

namespace espalier::views {

class ExportTargetModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Mark, Engine, Counts, Files, Verdict, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// `gguf`: the model is a GGUF file. Reports in the order of the targets; until they are there no verdict is shown.
    void setReports(std::vector<bundle::TargetReport> reports, bool gguf);
    void choose(bundle::Target target);
    [[nodiscard]] bundle::Target chosen() const { return m_chosen; }
    [[nodiscard]] bundle::Target targetAt(int row) const;
    /// The chosen target's findings beyond what is checked for every bundle: file format, router, tests.
    [[nodiscard]] std::vector<ExportCheck> checks() const;
    [[nodiscard]] static QString title(bundle::Target target);
    [[nodiscard]] static QString sentence(bundle::TargetFinding finding);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] const bundle::TargetReport* reportOf(bundle::Target target) const;
    [[nodiscard]] QString display(bundle::Target target, int column) const;
    [[nodiscard]] QString verdict(const bundle::TargetReport& report) const;

    std::vector<bundle::TargetReport> m_reports;
    bundle::Target m_chosen = bundle::Target::Transformers;
    bool m_gguf = false;
};

} // namespace espalier::views
