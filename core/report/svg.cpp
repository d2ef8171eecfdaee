// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg.h"

#include "core/report/markup.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::report {

Svg::Svg(double width, double height, const std::string& title) : m_width(width), m_height(height), m_title(title)
{
}

void Svg::text(double x, double y, const std::string& text, Anchor anchor, bool muted, double size)
{
    const char* side = anchor == Anchor::End      ? " text-anchor=\"end\""
                       : anchor == Anchor::Middle ? " text-anchor=\"middle\""
                                                  : "";
    m_body += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" fill=\"{}\" font-size=\"{}\"{}>{}</text>\n", x,
                          y, muted ? "muted" : "ink", muted ? "#5F6770" : "#191D22", size, side, markup(text));
}

void Svg::rect(double x, double y, double width, double height, std::string_view css, std::string_view fill)
{
    m_body += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {}fill=\"{}\"/>\n", x, y,
                          std::max(0.0, width), std::max(0.0, height),
                          css.empty() ? std::string() : fmt::format("class=\"{}\" ", css), fill);
}

void Svg::line(double x1, double y1, double x2, double y2)
{
    m_body += fmt::format(
        "<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" class=\"rule\" stroke=\"#D9DDE2\" fill=\"none\"/>\n", x1, y1, x2, y2);
}

void Svg::circle(double x, double y, double radius, bool hollow)
{
    m_body += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"{}\" fill=\"{}\" stroke=\"{}\" "
                          "stroke-width=\"1.5\"/>\n",
                          x, y, radius, hollow ? "hollow" : "dot", hollow ? "#ffffff" : "#B35900",
                          hollow ? "#5F6770" : "#ffffff");
}

Figure Svg::finish(const std::string& caption) &&
{
    Figure figure;
    figure.width = m_width;
    figure.height = m_height;
    figure.caption = caption;
    figure.svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
                             "width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" font-family=\"Roboto, 'Noto Sans', "
                             "sans-serif\">\n<title>{2}</title>\n{3}</svg>\n",
                             m_width, m_height, markup(m_title), m_body);
    return figure;
}

} // namespace espalier::report
