// SPDX-License-Identifier: GPL-3.0-or-later
// How evenly a layer uses its experts: ratio to uniform use of every expert, most used first, with its 95 % interval
// and the uniform line. Filled = told apart from uniform, hollow = not, cross = too few tokens to judge. Click, or Left
// and Right, choose an expert. No QCustomPlot type leaks out.
#pragma once

#include "views/models/layer_insights.h"

#include <QWidget>

#include <memory>

namespace espalier::views {

class UseScatter : public QWidget {
    Q_OBJECT
public:
    explicit UseScatter(QWidget* parent = nullptr);
    ~UseScatter() override;

    void setUse(LayerUse use);
    void setCurrentExpert(int expert);
    /// "9 of 32 experts are used more than uniform use would have it, 12 less; 8 cannot be told apart, 3 too few
    /// tokens."
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] QString exportFigure(const QString& path) const;
    [[nodiscard]] QString toTsv() const;
    /// Where the point of an expert is drawn, in this widget's coordinates (tests).
    [[nodiscard]] QPoint pointOf(int expert) const;
    void replotNow();

signals:
    void expertChosen(int expert);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    void showCurrent();
    [[nodiscard]] int rankOf(int expert) const;
    struct Private;
    std::unique_ptr<Private> d;
};

/// "used more", "used less", "not told apart", "too few tokens", "not known".
[[nodiscard]] QString useVerdictText(UseVerdict verdict);

} // namespace espalier::views
