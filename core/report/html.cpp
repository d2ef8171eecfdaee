// SPDX-License-Identifier: Apache-2.0
#include "core/report/html.h"

#include "core/report/markup.h"

#include <fmt/format.h>

namespace espalier::report {
namespace {

// Figures name their colours by class and carry the light ones as attributes, which these rules override in the dark.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ground:#fff;--text:#191D22;--muted:#5F6770;--rule:#D9DDE2;--fill:#F4F5F7;--warn:#A4480A}
@media (prefers-color-scheme:dark){:root{--ground:#16191D;--text:#E4E7EB;--muted:#9BA3AC;--rule:#363C44;--fill:#20252B;--warn:#F0A35E}
svg .ink{fill:#E4E7EB}svg .muted{fill:#9BA3AC}svg .rule{stroke:#363C44}svg .mark{stroke:#9BA3AC}svg .track{fill:#2A3037}
svg .bar{fill:#8FA8C8}svg .hollow{fill:#16191D;stroke:#9BA3AC}svg .dot{fill:#E69F45;stroke:#16191D}svg .void{fill:#3A414A}}
*{box-sizing:border-box}
body{font:15px/1.5 Roboto,'Noto Sans','Noto Sans CJK SC',system-ui,sans-serif;max-width:1240px;margin:32px auto;padding:0 24px;background:var(--ground);color:var(--text)}
h1{font-size:26px;font-weight:500;margin:0}h2{font-size:19px;font-weight:500;margin:40px 0 8px;padding-top:8px;border-top:1px solid var(--rule)}
p{margin:8px 0;max-width:80ch}p.sub,figcaption,caption{color:var(--muted)}p.warn{color:var(--warn)}
nav a{margin-right:16px;white-space:nowrap}a{color:inherit}
figure{margin:16px 0}svg{max-width:100%;height:auto;display:block}
.wide{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}caption{text-align:left;padding:4px 0}
td,th{padding:3px 18px 3px 0;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top}
td{white-space:nowrap}th{font-weight:500;vertical-align:bottom}
td.t,th.t{text-align:left;white-space:normal;overflow-wrap:break-word;max-width:70ch}
pre{background:var(--fill);padding:12px;overflow-x:auto;font:13px/1.5 'DejaVu Sans Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--muted)}
@media print{:root{--ground:#fff;--text:#000;--muted:#444;--rule:#bbb;--fill:#f4f4f4;--warn:#7a3300}
body{max-width:none;margin:0;padding:0;font-size:10pt}table{font-size:8pt}td,th{padding-right:10px}.wide{overflow:visible}nav,details{display:none}figure,tr{break-inside:avoid}h2{break-after:avoid}
svg .ink{fill:#191D22}svg .muted{fill:#5F6770}svg .rule{stroke:#D9DDE2}svg .mark{stroke:#5F6770}svg .track{fill:#ECEEF1}
svg .bar{fill:#4C6A92}svg .hollow{fill:#fff;stroke:#5F6770}svg .dot{fill:#B35900;stroke:#fff}svg .void{fill:#D5D9DE}}
@page{size:A4 landscape;margin:15mm})";

struct Writer {
    std::string out;

    void operator()(const Paragraph& paragraph)
    {
        out += fmt::format("<p{}>{}</p>\n", paragraph.warning ? " class=\"warn\"" : "", markup(paragraph.text));
    }
    void operator()(const Table& table)
    {
        if (table.folded)
            out += fmt::format("<details><summary>{}</summary>\n", markup(table.caption));
        out += "<div class=\"wide\"><table>\n";
        if (!table.folded && !table.caption.empty())
            out += fmt::format("<caption>{}</caption>\n", markup(table.caption));
        out += "<thead><tr>";
        for (const auto& column : table.columns)
            out +=
                fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? "" : " class=\"t\"", markup(column.title));
        out += "</tr></thead>\n<tbody>\n";
        for (const auto& row : table.rows) {
            out += "<tr>";
            for (std::size_t c = 0; c < row.size(); ++c)
                out += fmt::format("<td{}>{}</td>", table.columns[c].number ? "" : " class=\"t\"", markup(row[c]));
            out += "</tr>\n";
        }
        out += "</tbody></table></div>\n";
        if (table.folded)
            out += "</details>\n";
    }
    void operator()(const Figure& figure)
    {
        out += fmt::format("<figure>\n{}<figcaption>{}</figcaption></figure>\n", figure.svg, markup(figure.caption));
    }
    void operator()(const Commands& commands)
    {
        out += "<pre>";
        for (const auto& line : commands.lines)
            out += markup(line) + "\n";
        out += "</pre>\n";
    }
};

} // namespace

std::string toHtml(const Document& document)
{
    Writer writer;
    writer.out = fmt::format("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{3}\">\n<head>\n"
                             "<meta charset=\"utf-8\" />\n<meta name=\"viewport\" "
                             "content=\"width=device-width, initial-scale=1\" />\n<title>{0}</title>\n"
                             "<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n<p class=\"sub\">{2}</p>\n<nav>",
                             markup(document.title), kStyle, markup(document.subtitle), markup(document.language));
    for (const auto& section : document.sections)
        writer.out += fmt::format("<a href=\"#{}\">{}</a>\n", section.id, markup(section.title));
    writer.out += "</nav>\n";
    for (const auto& section : document.sections) {
        writer.out += fmt::format("<h2 id=\"{}\">{}</h2>\n", section.id, markup(section.title));
        for (const auto& block : section.blocks)
            std::visit(writer, block);
    }
    return writer.out + "</body>\n</html>\n";
}

} // namespace espalier::report
