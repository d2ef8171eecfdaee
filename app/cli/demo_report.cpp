// SPDX-License-Identifier: Apache-2.0
// The demo's picture and its self-contained HTML page.
#include "app/cli/demo_walk.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/bundle/picture.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

constexpr const char* kStyle =
    ":root{color-scheme:light dark}body{font:15px/1.5 Roboto,'Noto Sans',sans-serif;max-width:1000px;margin:32px auto;"
    "padding:0 24px}h1{font-size:24px;font-weight:500}h2{font-size:17px;font-weight:500;margin-top:32px}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}td,th{padding:4px "
    "8px;text-align:right;"
    "border-bottom:1px solid #8886}td:nth-child(2),th:nth-child(2){text-align:left}th{font-weight:500}"
    "svg{max-width:100%;height:auto}code{font-family:'DejaVu Sans Mono',monospace;font-size:13px}";

bundle::HeatmapPanel panelOf(const stats::DomainStats& domain)
{
    bundle::HeatmapPanel panel;
    panel.title = domain.name;
    panel.caption = base::withThousands(static_cast<std::uint64_t>(domain.tokens)) + " tokens";
    for (const auto& layer : domain.layers) {
        const auto counts = layer[stats::Stat::Count];
        double total = 0;
        for (const double count : counts)
            total += count;
        std::vector<double> row;
        for (const double count : counts)
            row.push_back(total > 0 ? count * static_cast<double>(counts.size()) / total : 0);
        panel.layers.push_back(layer.layer());
        panel.values.push_back(std::move(row));
    }
    return panel;
}

std::string tableOf(const std::vector<DemoRow>& rows)
{
    std::string html, domain;
    for (const auto& row : rows) {
        if (row.domain != domain) {
            html += domain.empty() ? "" : "</table>\n";
            domain = row.domain;
            html +=
                fmt::format("<h2>{}, {}</h2>\n<table><tr><th>kept</th><th>method</th><th>in domain</th>"
                            "<th>transformers</th><th>other tasks, exact match %</th><th>other texts, perplexity</th>"
                            "<th>size</th></tr>\n",
                            bundle::escapeMarkup(domain), row.text ? "perplexity" : "exact match %");
        }
        html += fmt::format("<tr><td>{}</td><td>{}</td><td>{:.1f}</td><td>{}</td><td>{:.1f}</td><td>{:.1f}</td>"
                            "<td>{}</td></tr>\n",
                            row.keep, bundle::escapeMarkup(row.method), row.inDomain,
                            row.reference ? fmt::format("{:.1f}", *row.reference) : "–", row.othersExactMatch,
                            row.othersPerplexity, row.bytes > 0 ? base::formatByteSize(ByteSize(row.bytes)) : "–");
    }
    return html + "</table>\n";
}

} // namespace

Result<void> writeDemoReport(const DemoOutcome& outcome, const stats::Statistics& statistics)
{
    std::vector<bundle::HeatmapPanel> panels;
    for (const auto& domain : statistics.domains)
        panels.push_back(panelOf(domain));
    const std::string svg = bundle::heatmapSvg(panels, "Which experts serve which domain");
    ESPALIER_CHECK(base::writeFileAtomically(outcome.heatmap, svg));
    std::string checks;
    for (const auto& check : outcome.verification.checks)
        checks += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", check.ok ? "ok" : "failed",
                              bundle::escapeMarkup(check.name), bundle::escapeMarkup(check.detail));
    const std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Espalier demo</title>\n"
        "<style>{}</style></head><body>\n<h1>The whole road on the bundled model</h1>\n"
        "<p>{} layers of {} experts, top-{}, {} parameters, {}. Association, not cause: the map shows where tokens "
        "went.</p>\n{}\n{}<p>“transformers”: the same cut measured with transformers. REAP’s mean lets experts that "
        "are "
        "rarely used but large displace the ones json needs; its sum does not.</p>\n"
        "<h2>Exported and verified</h2>\n<p><code>{}</code>: predicted {} bytes, written {} bytes.</p>\n"
        "<table><tr><th></th><th>check</th><th>found</th></tr>\n{}</table>\n</body></html>\n",
        kStyle, outcome.model.moeLayers.size(), outcome.model.experts, outcome.model.topK,
        base::formatCount(outcome.model.parameters), base::formatByteSize(ByteSize(outcome.model.bytes.total())), svg,
        tableOf(outcome.rows), bundle::escapeMarkup(outcome.bundle.string()),
        base::withThousands(outcome.exported.predictedBytes), base::withThousands(outcome.exported.bytes), checks);
    return base::writeFileAtomically(outcome.report, html);
}

} // namespace espalier::cli
