// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/color_bar.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace espalier::views {
namespace {

constexpr int kBarHeight = 10;
constexpr int kBarWidth = 280;
constexpr int kSwatch = 12;

/// 1, 2 or 5 times a power of ten.
double niceStep(double range, int most)
{
    const double rough = range / std::max(1, most);
    const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (factor * magnitude >= rough)
            return factor * magnitude;
    return 10 * magnitude;
}

QString powerOfTwo(int exponent)
{
    return exponent >= 0 ? format::count(std::int64_t{1} << exponent)
                         : QStringLiteral("1/%1").arg(std::int64_t{1} << -exponent);
}

QString plainNumber(double value)
{
    const double size = std::abs(value);
    if (size >= 10000)
        return format::shortCount(value);
    if (value == 0 || size >= 100)
        return format::fixed(value, 0);
    QString text = format::significant(value, 3);
    const QString point(format::locale().decimalPoint());
    if (text.contains(point)) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

} // namespace

QList<std::pair<double, QString>> colorBarTicks(const ColorBarData& data, int most)
{
    QList<std::pair<double, QString>> ticks;
    const ColorScale& scale = data.scale;
    if (!(scale.high > scale.low))
        return ticks;
    if (scale.logarithmic) {
        const double base = data.powersOfTwo ? 2.0 : 10.0;
        const double slack = 1e-9;
        int first = static_cast<int>(std::ceil(std::log(scale.low) / std::log(base) - slack));
        const int last = static_cast<int>(std::floor(std::log(scale.high) / std::log(base) + slack));
        int step = 1;
        while ((last - first) / step + 1 > most)
            ++step;
        // Ticks count from 1, so that 1 itself is one of them.
        while (first % step != 0)
            ++first;
        for (int exponent = first; exponent <= last; exponent += step)
            ticks << std::pair(scale.position(std::pow(base, exponent)),
                               data.powersOfTwo ? powerOfTwo(exponent) : plainNumber(std::pow(base, exponent)));
        if (ticks.size() >= 2)
            return ticks;
        // Less than two powers in range: the ends say it.
        return {{0.0, plainNumber(scale.low)}, {1.0, plainNumber(scale.high)}};
    }
    const double step = niceStep(scale.high - scale.low, most - 1);
    for (double value = std::ceil(scale.low / step - 1e-9) * step; value <= scale.high + step * 1e-9; value += step)
        ticks << std::pair(scale.position(value), plainNumber(std::abs(value) < step * 1e-6 ? 0.0 : value));
    return ticks;
}

void paintColorBar(QPainter& painter, const QRect& area, const ColorBarData& data, double marked,
                   const HeatmapColors& colors)
{
    painter.save();
    const QFont labelFont = Theme::font(TextStyle::Label);
    const QFontMetrics metrics(labelFont);
    painter.setFont(labelFont);
    const int width = std::min(kBarWidth, area.width() - 40);
    const QRect bar(area.left() + 12, area.top() + 10, width, kBarHeight);
    for (int x = 0; x < bar.width(); ++x)
        painter.fillRect(QRect(bar.left() + x, bar.top(), 1, bar.height()),
                         QColor(mapColor(data.map, (x + 0.5) / bar.width(), colors.dark)));
    const QColor label = Theme::colorOf(ColorRole::TextSecond, colors.dark);
    for (const auto& [position, text] : colorBarTicks(data, 9)) {
        const int x = bar.left() + static_cast<int>(std::lround(position * (bar.width() - 1)));
        painter.setPen(colors.hatch);
        painter.drawLine(x, bar.bottom() + 1, x, bar.bottom() + 4);
        painter.setPen(text == QLatin1String("1") && data.powersOfTwo ? colors.text : label);
        const int half = metrics.horizontalAdvance(text) / 2;
        painter.drawText(x - half, bar.bottom() + 6 + metrics.ascent(), text);
    }
    if (std::isfinite(marked)) {
        const double x = bar.left() + data.scale.position(marked) * (bar.width() - 1);
        QPainterPath triangle;
        triangle.moveTo(x, bar.top() - 1);
        triangle.lineTo(x - 4, bar.top() - 8);
        triangle.lineTo(x + 4, bar.top() - 8);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.fillPath(triangle, colors.text);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    painter.setPen(label);
    int x = bar.right() + 20;
    const int baseline = bar.top() + kBarHeight / 2 + metrics.ascent() / 2 - 1;
    painter.drawText(x, baseline, data.unit);
    x += metrics.horizontalAdvance(data.unit) + 32;
    for (const auto& [mark, text] : data.legend) {
        const QRect swatch(x, bar.top() + kBarHeight / 2 - kSwatch / 2, kSwatch, kSwatch);
        if (x + kSwatch + 6 + metrics.horizontalAdvance(text) > area.right())
            break; // a narrow place keeps the first ones, whole
        if (mark != CellMark::Dead && mark != CellMark::NotMeasured) {
            QRgb ground = mapColor(data.map, 0.25, colors.dark);
            if (mark == CellMark::Dropped)
                ground = mapColor(data.map, 0.5, colors.dark);
            painter.fillRect(swatch, QColor(ground));
            if (mark == CellMark::Dropped) {
                QColor fade = colors.work;
                fade.setAlphaF(0.72F);
                painter.fillRect(swatch, fade);
            }
        }
        paintMark(painter, swatch, mark, colors);
        if (mark == CellMark::NotMeasured || mark == CellMark::Dropped) {
            painter.setPen(colors.hatch);
            painter.drawRect(swatch.adjusted(0, 0, -1, -1));
        }
        painter.setPen(label);
        painter.drawText(x + kSwatch + 6, baseline, text);
        x += kSwatch + 6 + metrics.horizontalAdvance(text) + 20;
    }
    painter.restore();
}

ColorBar::ColorBar(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ColorBar::setData(ColorBarData data)
{
    m_data = std::move(data);
    update();
}

void ColorBar::setMarked(double value)
{
    if (m_marked == value || (std::isnan(m_marked) && std::isnan(value)))
        return;
    m_marked = value;
    update();
}

void ColorBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintColorBar(painter, rect(), m_data, m_marked, HeatmapColors::forTheme(Theme::isDark()));
}

} // namespace espalier::views
