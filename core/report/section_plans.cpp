// SPDX-License-Identifier: Apache-2.0
#include "core/plan/plan.h"
#include "core/report/sections.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace espalier::report {
namespace {

/// "16 of 32", or every layer's count where they differ.
std::string keptText(const Texts& t, const plan::Plan& plan, const model::ModelSummary& model)
{
    if (plan.uniform() && !plan.layers.empty())
        return t("{} of {}", plan.layers.front().keep.size(), model.experts);
    std::string counts;
    for (const auto& layer : plan.layers)
        counts += fmt::format("{}L{}: {}", counts.empty() ? "" : ", ", layer.layer.value(), layer.keep.size());
    return counts;
}

/// The first three by name; the rest is in the command and in the table of gate weight.
std::string domainsText(const Texts& t, const std::vector<std::string>& domains)
{
    if (domains.empty())
        return t("all");
    constexpr std::size_t kNamed = 3;
    const auto end = domains.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, domains.size()));
    std::string text = fmt::format("{}", fmt::join(domains.begin(), end, ", "));
    return domains.size() > kNamed ? t("{} and {} more", text, domains.size() - kNamed) : text;
}

Table layersOf(const Texts& t, const plan::Plan& plan)
{
    Table table{t("{}: experts that stay", plan.name), {{t("layer")}, {t("kept")}, {t("ids"), false}}, {}, true};
    for (const auto& layer : plan.layers)
        table.rows.push_back(
            {fmt::format("{}", layer.layer.value()), fmt::format("{}", layer.keep.size()), rangesOf(layer.keep)});
    return table;
}

/// The least share of gate weight that stays of a domain that the plan was made for.
double leastOwnMass(const plan::Plan& plan)
{
    double least = std::numeric_limits<double>::quiet_NaN();
    for (const auto& [domain, kept] : plan.predicted.massKept)
        if (plan.domains.empty() || std::find(plan.domains.begin(), plan.domains.end(), domain) != plan.domains.end())
            least = std::fmin(least, kept);
    return least;
}

} // namespace

Section plansSection(const StudyContents& study)
{
    const Texts& t = study.texts;
    Section section{"plans", t("Plans"), {}};
    if (study.plans.empty()) {
        section.blocks.emplace_back(Paragraph{t("The study holds no plan."), true});
        return section;
    }
    Table table{
        t("Plans of the study. Memory is predicted: weights exactly, cache by formula, workspace estimated. Own "
          "gate weight: what the router gives to kept experts in the domains that a plan was made for, the "
          "least of them"),
        {{t("plan"), false},
         {t("score"), false},
         {t("allocator"), false},
         {t("protectors"), false},
         {t("domains"), false},
         {t("kept per layer"), false},
         {t("per token")},
         {t("weights")},
         {t("memory")},
         {t("of the model")},
         {t("own gate weight")},
         {t("made, UTC")}},
        {},
        false};
    std::vector<plan::Plan> plans;
    for (const auto& record : study.plans) {
        auto read = plan::Plan::fromJson(record.document, study.path, *study.model);
        if (!read) {
            section.blocks.emplace_back(
                Paragraph{t("Plan {} is not shown: {}", record.name, read.error().message), true});
            continue;
        }
        auto& plan = plans.emplace_back(std::move(read).value());
        plan.name = record.name;
        const auto& predicted = plan.predicted;
        const auto active = plan.activeExperts(*study.model);
        const std::uint64_t weights = predicted.bytes.total(), whole = study.model->bytes.total();
        table.rows.push_back(
            {plan.name, plan.method.empty() ? kUnknown : plan.method,
             plan.allocator.empty() ? kUnknown : plan.allocator,
             plan.protectors.empty() ? kUnknown : fmt::format("{}", fmt::join(plan.protectors, ", ")),
             domainsText(t, plan.domains), keptText(t, plan, *study.model),
             active > 0 ? fmt::format("{}", active) : t("differs"), weights > 0 ? sizeText(weights) : kUnknown,
             predicted.memory.total() > 0 ? sizeText(predicted.memory.total()) : kUnknown,
             weights > 0 && whole > 0 ? percentText(static_cast<double>(weights) / static_cast<double>(whole), 1)
                                      : kUnknown,
             percentText(leastOwnMass(plan)), whenText(record.created)});
    }
    section.blocks.emplace_back(std::move(table));
    Table mass{
        t("Share of the router's gate weight that the kept experts carry, and in the worst layer"),
        {{t("plan"), false}, {t("domain"), false}, {t("planned for it"), false}, {t("kept")}, {t("worst layer")}},
        {},
        true};
    for (const auto& plan : plans)
        for (const auto& [domain, kept] : plan.predicted.massKept) {
            const auto worst = plan.predicted.massKeptWorst.find(domain);
            const bool own = plan.domains.empty() ||
                             std::find(plan.domains.begin(), plan.domains.end(), domain) != plan.domains.end();
            mass.rows.push_back(
                {plan.name, domain, t(own ? "yes" : "no"), percentText(kept),
                 percentText(worst == plan.predicted.massKeptWorst.end() ? std::numeric_limits<double>::quiet_NaN()
                                                                         : worst->second)});
        }
    if (!mass.rows.empty())
        section.blocks.emplace_back(std::move(mass));
    for (const auto& plan : plans)
        section.blocks.emplace_back(layersOf(t, plan));
    return section;
}

} // namespace espalier::report
