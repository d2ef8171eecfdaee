// SPDX-License-Identifier: Apache-2.0
// A report as plain data: sections of paragraphs, tables, figures and commands. Two writers read it: html.h here, the
// window's PDF in views/report. Texts are plain UTF-8, never markup; figures are complete SVG images whose own parts
// are escaped already. Any thread.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace espalier::report {

struct Paragraph {
    std::string text;
    bool warning = false; ///< something that a reader must not miss
};
struct Column {
    std::string title;
    bool number = true; ///< set to the right
};
struct Table {
    std::string caption;
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows; ///< as many cells as columns
    bool folded = false; ///< long twin of a figure: the page shows it on demand, the PDF leaves it out
};
struct Figure {
    std::string svg;
    double width = 0, height = 0; ///< of the image, in its own units
    std::string caption;
};
/// Commands of a shell, one a line.
struct Commands {
    std::vector<std::string> lines;
};
using Block = std::variant<Paragraph, Table, Figure, Commands>;

struct Section {
    std::string id; ///< anchor, letters and '-'
    std::string title;
    std::vector<Block> blocks;
};
struct Document {
    std::string title, subtitle;
    std::string language = "en"; ///< of its texts, as HTML names it
    std::vector<Section> sections;
};

} // namespace espalier::report
