// SPDX-License-Identifier: GPL-3.0-or-later
// Layers x experts heatmap. Rows are MoE layers from top, columns experts. The cursor moves by mouse click and keyboard
// (arrows, Home/End, PageUp/PageDown by 8 rows); hovering touches the overlay layer only. No QCustomPlot type leaks
// out.
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace espalier::views {

/// Cell classes, never a colour of the map.
enum class CellMark : std::uint8_t {
    None = 0,
    Dead = 1,        ///< empty cell with a cross
    NotMeasured = 2, ///< hatched
    Thin = 4,        ///< cut corner: too few tokens to judge
    Dropped = 8,     ///< hatch over the faded value
    Locked = 16,     ///< white square
    Super = 32,      ///< white ring
};

struct HeatmapData {
    std::vector<int> layers; ///< row labels (decoder layer indices)
    int columns = 0;
    std::vector<double> values;      ///< row-major; NaN = not measured
    std::vector<std::uint8_t> marks; ///< row-major CellMark bits; may be empty
    bool logarithmic = false;
    bool diverging = false;   ///< symmetric range around 0, diverging map
    bool powersOfTwo = false; ///< ticks 1/4, 1/2, 1, 2 … of a logarithmic scale
    double low = 0, high = 0; ///< colour range; equal = computed from the values
    QString unit;             ///< at the colour bar
    QString title, caption;
    QString rowTitle, columnTitle; ///< at the axes; empty = layer and expert
    QString deadName;              ///< what a dead cell is, in the legend; empty = an expert without tokens
};

class HeatmapWidget : public QWidget {
    Q_OBJECT
public:
    explicit HeatmapWidget(QWidget* parent = nullptr);
    ~HeatmapWidget() override;

    void setData(HeatmapData data);
    [[nodiscard]] const HeatmapData& data() const;
    /// Only marks and values change (planner): no axis rebuild.
    void setMarks(std::vector<std::uint8_t> marks);
    void setCursorCell(int row, int column);
    /// Row of a decoder layer, −1 when it is not shown.
    [[nodiscard]] int rowOf(int layer) const;
    [[nodiscard]] QPoint cursorCell() const; ///< x = column, y = row; (-1, -1) = none
    /// Text for the tooltip of a cell, made on demand.
    void setToolTipProvider(std::function<QString(int row, int column)> provider);
    /// Rectangle of a cell in widget coordinates (tests, tooltips); empty when outside.
    [[nodiscard]] QRect cellRect(int row, int column) const;
    /// Cell under a widget position, (-1, -1) when none.
    [[nodiscard]] QPoint cellAt(const QPoint& position) const;
    /// PNG, SVG or PDF by the file's ending; empty string or an error text.
    [[nodiscard]] QString exportFigure(const QString& path) const;
    /// Tab separated values with header; the whole map.
    [[nodiscard]] QString toTsv() const;
    /// Draws now instead of with the next event loop turn (tests, screenshots).
    void replotNow();

signals:
    void cursorMoved(int row, int column);
    void hovered(int row, int column);         ///< (-1, -1) when left
    void cellActivated(int row, int column);   ///< Enter or double click
    void toggleRequested(int row, int column); ///< Space
    void lockRequested(int row, int column);   ///< L
    void blockSelected(const QRect& cells);    ///< drag: x, width = columns; y, height = rows
    void geometryChanged();                    ///< cells may lie elsewhere: companions in the same rows follow

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void setHover(const QPoint& cell);
    void showToolTip();
    void describeCursor();
    void screenChanged();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
