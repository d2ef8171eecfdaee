// SPDX-License-Identifier: GPL-3.0-or-later
// "Place, don't prune": the whole model with the experts of some layers in main memory, as a command for llama.cpp.
// The honest alternative to a cut, where there is RAM enough: answers stay the model's own.
#pragma once

#include "core/exchange/plan_files.h"

#include <QFrame>

#include <optional>

class QLabel;
class QPushButton;

namespace espalier::views {

class PlacementNote : public QFrame {
    Q_OBJECT
public:
    explicit PlacementNote(QWidget* parent = nullptr);

    /// `gguf`: the model's file, empty when it is no GGUF model.
    void setPlan(const plan::Plan& plan, const model::ModelSummary& model, const QString& folder, const QString& gguf);
    /// Command that serves the model so; empty when the plan leaves nothing to place.
    [[nodiscard]] QString command() const;
    /// Writes the value of --override-tensor, as `espalier plans export --format llama-cpp` does; error text or empty.
    [[nodiscard]] QString save(const QString& path) const;

signals:
    void failed(const QString& text);

private:
    std::optional<exchange::Placement> m_placement;
    QString m_folder, m_gguf, m_name;
    QLabel* m_text;
    QPushButton* m_copy;
    QPushButton* m_save;
};

} // namespace espalier::views
