// SPDX-License-Identifier: GPL-3.0-or-later
// What the plots with a cursor over numbered points share: focus shown by the ground, colours that follow the theme,
// Left, Right, Home and End to step, click and hover to choose. No QCustomPlot type leaks out.
#pragma once

#include <QWidget>

class QCustomPlot;

namespace espalier::views {

class PlotWidget : public QWidget {
    Q_OBJECT
public:
    [[nodiscard]] QString exportFigure(const QString& path) const;
    /// Draws now instead of with the next turn of the event loop (tests).
    void replotNow();

protected:
    PlotWidget(QSize least, QWidget* parent);
    [[nodiscard]] QCustomPlot* plot() const { return m_plot; }
    /// Clears the plot and gives it the theme; what is drawn follows.
    void begin();
    void finish();

    virtual void rebuild() = 0;
    [[nodiscard]] virtual int points() const = 0;
    [[nodiscard]] virtual int currentPoint() const = 0; ///< -1 = none
    virtual void choosePoint(int point) = 0;
    /// The point at a place of the horizontal axis, in pixels; out of range when there is none.
    [[nodiscard]] virtual int pointAt(double pixel) const = 0;
    [[nodiscard]] virtual QString pointText(int point) const = 0;

    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QCustomPlot* m_plot;
};

} // namespace espalier::views
