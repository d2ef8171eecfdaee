// SPDX-License-Identifier: GPL-3.0-or-later
// Memory as one bar: needed parts solid, what was removed dashed, limits (budget, device, RAM) as lines with their
// names. What lies beyond the budget line is hatched red and the word "over" appears. Legend below the bar.
#pragma once

#include "views/theme/theme.h"

#include <QList>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>

namespace espalier::views {

struct StackPart {
    QString label; ///< "experts kept"
    std::uint64_t bytes = 0;
    ColorRole color = ColorRole::SeriesBlue;
    bool estimate = false; ///< hatched, because the number is an estimate
};

struct StackLine {
    QString label; ///< "budget"
    std::uint64_t bytes = 0;
    bool limit = true; ///< red, and what lies beyond it is over; false: a quiet mark
};

class StackBar : public QWidget {
    Q_OBJECT
public:
    explicit StackBar(QWidget* parent = nullptr);

    void setParts(const QList<StackPart>& parts);
    void setRemoved(std::uint64_t bytes);
    void setLines(const QList<StackLine>& lines);

    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] bool isOver() const;
    /// x of an amount of bytes inside the widget; the scale covers parts, removed and lines.
    [[nodiscard]] double position(std::uint64_t bytes) const;
    /// The bar's part in widget coordinates.
    [[nodiscard]] QRectF partRect(int part) const;
    [[nodiscard]] QRectF barRect() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] std::optional<std::uint64_t> limit() const;
    [[nodiscard]] std::uint64_t scale() const;
    [[nodiscard]] int unit() const;
    void paintLines(QPainter& painter) const;
    void paintLegend(QPainter& painter) const;
    [[nodiscard]] QString partText(const StackPart& part) const;
    [[nodiscard]] bool isLabelled(int part, const QFontMetrics& metrics) const;
    void describe();

    QList<StackPart> m_parts;
    QList<StackLine> m_lines;
    std::uint64_t m_removed = 0;
};

/// Diagonal hatch in the given colour on a transparent ground; one look for every hatched area of the window.
[[nodiscard]] QBrush hatchBrush(const QColor& color);

} // namespace espalier::views
