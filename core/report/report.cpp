// SPDX-License-Identifier: Apache-2.0
#include "core/report/report.h"

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/method/score.h"
#include "core/report/sections.h"

#include <fmt/format.h>

namespace espalier::report {

Section modelSection(const StudyContents& study)
{
    const auto& model = *study.model;
    const Texts& t = study.texts;
    Section section{"model", t("The model"), {}};
    section.blocks.emplace_back(Paragraph{
        t("{}: family {}, {} layers, {} of them with experts; {} experts per layer, {} chosen per token{}. {} "
          "parameters, {} of them used per token. Router: {}.",
          model.name, model.family, model.layers, model.moeLayers.size(), model.experts, model.topK,
          model.sharedExperts > 0 ? t(" beside {} shared", model.sharedExperts) : std::string(),
          base::formatCount(model.parameters), base::formatCount(model.activeParameters), model.routerArithmetic)});
    Table table{t("Tensor bytes by part"), {{t("part"), false}, {t("bytes")}, {t("size")}, {t("share")}}, {}, false};
    const auto row = [&](std::string_view part, std::uint64_t bytes) {
        const double total = static_cast<double>(model.bytes.total());
        table.rows.push_back({t(part), base::withThousands(bytes), sizeText(bytes),
                              total > 0 ? percentText(static_cast<double>(bytes) / total, 1) : kUnknown});
    };
    row("routed experts", model.bytes.routedExperts);
    row("shared experts", model.bytes.sharedExperts);
    row("router", model.bytes.router);
    row("attention", model.bytes.attention);
    row("embedding", model.bytes.embedding);
    row("other", model.bytes.other);
    row("total", model.bytes.total());
    section.blocks.emplace_back(std::move(table));
    for (const auto& warning : model.warnings)
        section.blocks.emplace_back(Paragraph{warning, true});
    return section;
}

Result<Document> makeReport(const study::Study& study, const ReportRequest& request)
{
    StudyContents contents;
    contents.texts = request.texts;
    contents.path = study.path().string();
    contents.model = &study.model();
    const auto* method = method::findScoreMethod(request.method);
    const bool pools = method != nullptr && method->needsPool;
    ESPALIER_TRY(contents.statistics, study.loadStatistics(pools ? study::Pools::Load : study::Pools::Leave));
    ESPALIER_TRY(contents.runs, study.runs());
    ESPALIER_TRY(contents.plans, study.plans());
    ESPALIER_TRY(contents.validations, study.validations());
    ESPALIER_TRY(contents.exports, study.exports());
    ESPALIER_TRY(auto measured, measuredSection(contents, request));
    Document document;
    document.title = request.texts("{}: which experts serve which texts", study.model().name);
    document.language = request.language;
    document.subtitle = request.texts("Study {}, fingerprint {}, written by Espalier {}",
                                      study.path().filename().string(), study.model().fingerprint, base::kVersion);
    document.sections = {modelSection(contents), std::move(measured), plansSection(contents),
                         validationsSection(contents), provenanceSection(contents)};
    return document;
}

} // namespace espalier::report
