// SPDX-License-Identifier: Apache-2.0
// report: a study as one HTML page. PDF is the window's work, which has Qt to set pages with.
#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/report/html.h"
#include "core/report/report.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace espalier::cli {

void addReport(CLI::App& app, Program& program)
{
    struct Options {
        std::string study, out, method = "frequency", domains;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub =
        program.add(app, "report",
                    "A study as one HTML page that needs nothing else: maps, plans, validations, commands. For PDF: "
                    "espalier-studio --report STUDY --pdf FILE, which needs no display",
                    "espalier report my.espalier --out report.html");
    sub->add_option("STUDY", options->study, "Study file")->required();
    sub->add_option("--out", options->out, "HTML file to write; an older one is replaced")->required();
    sub->add_option("--method", options->method, "Score of the maps, see `espalier methods`")->capture_default_str();
    sub->add_option("--domain", options->domains, "Domains that get a map, separated by commas (default: all)");
    program.onRun(sub, [options](Output& output) -> Result<void> {
        if (options->out.ends_with(".pdf"))
            return usageError(
                "this program writes HTML only",
                fmt::format("espalier-studio --report {} --pdf {} writes the PDF", options->study, options->out));
        std::error_code failed;
        if (std::filesystem::equivalent(options->study, options->out, failed))
            return usageError("the report would replace the study", "Give --out another name");
        ESPALIER_TRY(const auto study, study::Study::open(options->study, study::OpenMode::ReadOnly));
        report::ReportRequest request;
        request.method = options->method;
        request.domains = splitList(options->domains);
        ESPALIER_TRY(const auto document, report::makeReport(study, request));
        const std::string html = report::toHtml(document);
        ESPALIER_CHECK(base::writeFileAtomically(options->out, html));
        std::int64_t figures = 0, tables = 0;
        base::OrderedJson sections = base::OrderedJson::array();
        for (const auto& section : document.sections) {
            sections.push_back(section.id);
            for (const auto& block : section.blocks) {
                figures += std::holds_alternative<report::Figure>(block) ? 1 : 0;
                tables += std::holds_alternative<report::Table>(block) ? 1 : 0;
            }
        }
        output.result({{"report", options->out},
                       {"bytes", html.size()},
                       {"sections", sections},
                       {"figures", figures},
                       {"tables", tables}},
                      fmt::format("Wrote {}: {} figures, {} tables, {} bytes\n", options->out, figures, tables,
                                  base::withThousands(html.size())));
        return {};
    });
}

} // namespace espalier::cli
