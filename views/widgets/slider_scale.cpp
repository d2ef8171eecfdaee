// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/slider_scale.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QPainter>
#include <QSlider>
#include <QStyle>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kHandle = 16;

} // namespace

SliderScale::SliderScale(QSlider* slider, QWidget* parent) : QWidget(parent), m_slider(slider)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SliderScale::setFits(std::optional<int> value)
{
    m_fits = value;
    update();
}

int SliderScale::position(int value) const
{
    return kHandle / 2 + QStyle::sliderPositionFromValue(m_slider->minimum(), m_slider->maximum(), value,
                                                         m_slider->width() - kHandle);
}

QSize SliderScale::sizeHint() const
{
    return {160, 26};
}

void SliderScale::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(Theme::font(TextStyle::Label));
    const QFontMetrics metrics(painter.font());
    const int base = 10 + metrics.ascent();
    const QColor quiet = Theme::color(ColorRole::TextSecond);
    painter.setPen(quiet);
    const int left = position(m_slider->minimum());
    const int right = position(m_slider->maximum());
    for (const int x : {left, right})
        painter.drawLine(x, 1, x, 5);
    const QString first = tr("%1, least").arg(format::count(m_slider->minimum()));
    const QString last = format::count(m_slider->maximum());
    int from = metrics.horizontalAdvance(first) + 8;
    int to = width() - metrics.horizontalAdvance(last) - 8;
    if (m_fits) {
        const int x = position(*m_fits);
        painter.setPen(QPen(Theme::color(ColorRole::Text), 2));
        painter.drawLine(x, 0, x, 7);
        const QString text = tr("fits up to %1").arg(format::count(*m_fits));
        const int wide = metrics.horizontalAdvance(text);
        // The mark is what counts: the ends give way when the words would touch.
        const int at = std::clamp(x - wide / 2, 0, std::max(width() - wide, 0));
        painter.drawText(at, base, text);
        from = at - 8 < from ? -1 : from;
        to = at + wide + 8 > to ? -1 : to;
    }
    painter.setPen(quiet);
    if (from >= 0)
        painter.drawText(0, base, first);
    if (to >= 0)
        painter.drawText(width() - metrics.horizontalAdvance(last), base, last);
}

} // namespace espalier::views
