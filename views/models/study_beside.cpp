// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/study_beside.h"

#include "core/study/study.h"

#include <filesystem>
#include <fmt/format.h>

namespace espalier::views {
namespace {

/// Pairs and sums of outputs may take gigabytes and say nothing here.
stats::DomainStats perExpert(const stats::DomainStats& domain)
{
    stats::DomainStats light;
    light.name = domain.name;
    light.tokens = domain.tokens;
    light.windows = domain.windows;
    light.documents = domain.documents;
    light.dataSha256 = domain.dataSha256;
    light.importedFrom = domain.importedFrom;
    for (const auto& layer : domain.layers) {
        auto& copy = light.layers.emplace_back(layer.layer(), layer.topology(), stats::StatSelection{});
        copy.addTokens(layer.tokens());
        for (const auto& info : stats::statInfos())
            if (info.shape == stats::StatShape::PerExpert && layer.has(info.stat)) {
                const auto values = layer[info.stat];
                (void)copy.set(info.stat, {values.begin(), values.end()}); // of the same topology
            }
    }
    return light;
}

Result<void> checkComparable(const stats::DomainStats& own, const stats::DomainStats& other)
{
    if (own.layers.size() != other.layers.size())
        return badInput(
            fmt::format("it measured {} layers, the open study {}", other.layers.size(), own.layers.size()));
    for (std::size_t l = 0; l < own.layers.size(); ++l) {
        const auto& a = own.layers[l];
        const auto& b = other.layers[l];
        if (a.layer() != b.layer())
            return badInput(fmt::format("its layers are others: {} stands where the open study has {}",
                                        b.layer().value(), a.layer().value()));
        if (a.topology().experts != b.topology().experts)
            return badInput(fmt::format("layer {} has {} experts there and {} in the open study", a.layer().value(),
                                        b.topology().experts, a.topology().experts));
        if (a.topology().topK != b.topology().topK)
            return badInput(fmt::format("layer {} chooses {} experts per token there and {} in the open study",
                                        a.layer().value(), b.topology().topK, a.topology().topK));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const stats::Statistics>> besideStudy(const stats::Statistics& own,
                                                             const stats::Statistics& other, const std::string& label)
{
    if (own.domains.empty() || other.domains.empty())
        return badInput(own.domains.empty() ? "the open study has measured nothing" : "it has measured nothing");
    if (!own.tokenizerFingerprint.empty() && !other.tokenizerFingerprint.empty() &&
        own.tokenizerFingerprint != other.tokenizerFingerprint)
        return badInput("its texts were cut into tokens by another tokenizer");
    ESPALIER_CHECK(checkComparable(own.domains.front(), other.domains.front()));
    auto both = std::make_shared<stats::Statistics>();
    both->modelFingerprint = own.modelFingerprint;
    both->tokenizerFingerprint = own.tokenizerFingerprint;
    both->context = own.context;
    for (const auto& domain : own.domains)
        both->domains.push_back(perExpert(domain));
    for (const auto& domain : other.domains) {
        both->domains.push_back(perExpert(domain));
        both->domains.back().name = fmt::format("{} ({})", domain.name, label);
    }
    return std::shared_ptr<const stats::Statistics>(std::move(both));
}

Result<std::shared_ptr<const stats::Statistics>> besideStudyFile(const std::shared_ptr<const stats::Statistics>& own,
                                                                 const std::string& path)
{
    ESPALIER_TRY(const auto study, study::Study::open(path, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto other, study.loadStatistics(study::Pools::Leave));
    auto both = besideStudy(*own, other, std::filesystem::path(path).stem().string());
    if (!both)
        return badInput("this study cannot be compared with the open one: " + both.error().message, path);
    return both;
}

} // namespace espalier::views
