// SPDX-License-Identifier: GPL-3.0-or-later
// How many experts of a layer are seen after so many tokens: at least once, and often enough to judge. No QCustomPlot
// type leaks out.
#pragma once

#include "views/models/layer_insights.h"

#include <QWidget>

#include <memory>

namespace espalier::views {

class CoveragePlot : public QWidget {
    Q_OBJECT
public:
    explicit CoveragePlot(QWidget* parent = nullptr);
    ~CoveragePlot() override;

    void setCoverage(Coverage coverage);
    /// "After all 3 000 tokens 32 of 32 experts were seen, 28 often enough to judge; half of them after 190 tokens."
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;
    [[nodiscard]] QString toTsv() const;

protected:
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void rebuild();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
