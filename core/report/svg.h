// SPDX-License-Identifier: Apache-2.0
// An SVG image being written: numbers with one decimal, texts escaped.
#pragma once

#include "core/report/document.h"

#include <string>
#include <string_view>

namespace espalier::report {

class Svg {
public:
    Svg(double width, double height, const std::string& title);
    enum class Anchor { Start, Middle, End };
    /// `size` in units of the image; muted texts are captions and axes.
    void text(double x, double y, const std::string& text, Anchor anchor = Anchor::Start, bool muted = true,
              double size = 12);
    void rect(double x, double y, double width, double height, std::string_view css, std::string_view fill);
    void line(double x1, double y1, double x2, double y2);
    void circle(double x, double y, double radius, bool hollow);
    /// Anything else, which must be well-formed.
    void raw(std::string_view markup) { m_body += markup; }
    [[nodiscard]] Figure finish(const std::string& caption) &&;

private:
    double m_width, m_height;
    std::string m_title, m_body;
};

} // namespace espalier::report
