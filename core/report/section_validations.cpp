// SPDX-License-Identifier: Apache-2.0
// Stored validations: every plan once, its newest measurement; memory against divergence; per domain with intervals.
#include "core/base/text.h"
#include "core/report/figures.h"
#include "core/report/sections.h"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace espalier::report {
namespace {

using base::OrderedJson;

struct Validated {
    std::string name, created;
    const OrderedJson* document = nullptr;
    std::set<std::string> own; ///< domains the plan was made for; empty: all, or not known
    bool control = false;
    double kl = std::nan("");
    bool klOfOwn = true; ///< else over every text, because none of its own was measured as text
};

std::set<std::string> domainsOfPlan(const StudyContents& study, const std::string& name)
{
    std::set<std::string> domains;
    for (const auto& plan : study.plans)
        if (plan.name == name)
            for (const auto& domain : listAt(plan.document, "domains"))
                if (domain.is_string())
                    domains.insert(domain.get<std::string>());
    return domains;
}

void meanDivergence(Validated& plan)
{
    for (const bool ownOnly : {true, false}) {
        double sum = 0;
        int count = 0;
        const auto& domains = objectAt(*plan.document, "domains");
        for (const auto& [name, values] : domains.items())
            if (const double kl = numberAt(values, "kl_mean");
                std::isfinite(kl) && (!ownOnly || plan.own.empty() || plan.own.contains(name))) {
                sum += kl;
                ++count;
            }
        if (count > 0) {
            plan.kl = sum / count;
            plan.klOfOwn = ownOnly;
            return;
        }
    }
}

std::vector<Validated> newestOfEach(const StudyContents& study)
{
    std::vector<Validated> plans;
    std::set<std::string> seen;
    for (auto record = study.validations.rbegin(); record != study.validations.rend(); ++record)
        for (const auto& entry : listAt(record->document, "plans")) {
            Validated plan;
            plan.name = textAt(entry, "name");
            if (!entry.is_object() || !seen.insert(plan.name).second)
                continue;
            plan.created = record->created;
            plan.document = &entry;
            const auto control = entry.find("control");
            plan.control = control != entry.end() && control->is_boolean() && control->get<bool>();
            plan.control = plan.control || textAt(entry, "method") == "random";
            plan.own = domainsOfPlan(study, plan.name);
            meanDivergence(plan);
            plans.push_back(std::move(plan));
        }
    return plans;
}

std::pair<double, double> intervalAt(const OrderedJson& json, const char* key)
{
    const auto& list = listAt(json, key);
    if (list.size() != 2 || !list[0].is_number() || !list[1].is_number())
        return {std::nan(""), std::nan("")};
    return {list[0].get<double>(), list[1].get<double>()};
}

/// Names of the domains and tasks that break, its own ones first; what "own" is not known of counts as own.
std::string breaking(const Texts& t, const Validated& plan)
{
    std::set<std::string> broken;
    for (const auto& [name, d] : objectAt(*plan.document, "domains").items())
        if (numberAt(d, "kl_mean") > kKlLimit)
            broken.insert(name);
    for (const auto& [name, task] : objectAt(*plan.document, "tasks").items())
        if (numberAt(task, "accuracy_base") - numberAt(task, "accuracy") > kAccuracyDrop &&
            numberAt(task, "p_value") < kSignificance)
            broken.insert(name);
    std::string own, others;
    for (const auto& name : broken) {
        std::string& list = plan.own.empty() || plan.own.contains(name) ? own : others;
        list += (list.empty() ? "" : ", ") + name;
    }
    if (broken.empty())
        return t("nothing");
    return own.empty() ? t("others: {}", others) : others.empty() ? own : t("{}; others: {}", own, others);
}

Table summary(const Texts& t, const std::vector<Validated>& plans)
{
    Table table{t("Plans that were validated"),
                {{t("plan"), false},
                 {t("memory, predicted")},
                 {t("mean KL")},
                 {t("over"), false},
                 {t("breaks"), false},
                 {t("measured, UTC")}},
                {},
                false};
    for (const auto& plan : plans) {
        const double memory = numberAt(objectAt(*plan.document, "predicted"), "memory");
        table.rows.push_back({plan.control ? t("{} (random)", plan.name) : plan.name,
                              memory >= 0 ? sizeText(static_cast<std::uint64_t>(memory)) : kUnknown,
                              std::isfinite(plan.kl) ? fmt::format("{:.4f}", plan.kl) : kUnknown,
                              !std::isfinite(plan.kl) ? kUnknown
                              : plan.klOfOwn          ? t("its own texts")
                                                      : t("all texts"),
                              breaking(t, plan), whenText(plan.created)});
    }
    return table;
}

const char* ownText(const Validated& plan, const std::string& domain)
{
    return plan.own.empty() || plan.own.contains(domain) ? "yes" : "no";
}

std::string whole(double value)
{
    return std::isfinite(value) && value >= 0 ? base::withThousands(static_cast<std::uint64_t>(value)) : kUnknown;
}

void addTables(const Texts& t, Section& section, const Validated& plan)
{
    Table texts{t("{}: texts", plan.name),
                {{t("domain"), false},
                 {t("planned for it"), false},
                 {t("tokens")},
                 {t("perplexity, whole")},
                 {t("cut")},
                 {t("ratio")},
                 {t("95 %")},
                 {t("KL mean")},
                 {t("KL p99")},
                 {t("same first choice")}},
                {},
                false};
    for (const auto& [name, d] : objectAt(*plan.document, "domains").items()) {
        const double before = numberAt(d, "perplexity_base"), after = numberAt(d, "perplexity");
        const auto [low, high] = intervalAt(d, "perplexity_ratio_ci95");
        texts.rows.push_back({name, t(ownText(plan, name)), whole(numberAt(d, "tokens")), numberText(before, 3),
                              numberText(after, 3), numberText(after / before, 4), rangeText(t, low, high, 4),
                              numberText(numberAt(d, "kl_mean"), 4), numberText(numberAt(d, "kl_p99"), 3),
                              percentText(numberAt(d, "top1_agreement"), 1)});
    }
    if (!texts.rows.empty())
        section.blocks.emplace_back(std::move(texts));
    Table tasks{t("{}: tasks, exact match", plan.name),
                {{t("task"), false},
                 {t("planned for it"), false},
                 {t("items")},
                 {t("whole")},
                 {t("cut")},
                 {t("95 % (Wilson)")},
                 {t("lost")},
                 {t("gained")},
                 {t("p (McNemar)")}},
                {},
                false};
    for (const auto& [name, task] : objectAt(*plan.document, "tasks").items()) {
        const auto [low, high] = intervalAt(task, "ci95");
        const auto& flips = objectAt(task, "flips");
        const double p = numberAt(task, "p_value");
        tasks.rows.push_back({name, t(ownText(plan, name)), whole(numberAt(task, "items")),
                              percentText(numberAt(task, "accuracy_base"), 1),
                              percentText(numberAt(task, "accuracy"), 1),
                              std::isfinite(low) ? rangeText(t, 100 * low, 100 * high, 1) + " %" : kUnknown,
                              whole(numberAt(flips, "lost")), whole(numberAt(flips, "gained")),
                              std::isfinite(p) ? fmt::format("{:.3g}", p) : kUnknown});
    }
    if (!tasks.rows.empty())
        section.blocks.emplace_back(std::move(tasks));
}

} // namespace

Section validationsSection(const StudyContents& study)
{
    const Texts& t = study.texts;
    Section section{"validations", t("What the cuts cost"), {}};
    const auto plans = newestOfEach(study);
    if (plans.empty()) {
        section.blocks.emplace_back(
            Paragraph{t("Nothing has been validated: what a plan costs in quality is not known."), true});
        return section;
    }
    std::vector<ParetoPoint> points;
    for (const auto& plan : plans)
        if (const double memory = numberAt(objectAt(*plan.document, "predicted"), "memory");
            std::isfinite(plan.kl) && memory > 0)
            points.push_back({shortened(plan.name, 24), memory, plan.kl, plan.control});
    if (!points.empty()) {
        auto figure = paretoFigure(t, points, static_cast<double>(study.model->bytes.total()));
        figure.caption =
            t("Predicted memory against the mean KL divergence of a plan's own texts, or of all texts where "
              "none of its own was measured. Hollow: random plans of the same size; a plan that is no "
              "better than they are has learnt nothing from the texts.");
        section.blocks.emplace_back(std::move(figure));
    }
    section.blocks.emplace_back(summary(t, plans));
    section.blocks.emplace_back(
        Paragraph{t("A domain breaks above a mean KL of {} nats per token, or when a task loses "
                    "more than {:.0f} % of its items with p < {}. Others are domains that the "
                    "plan was not made for.",
                    kKlLimit, 100 * kAccuracyDrop, kSignificance)});
    for (const auto& plan : plans)
        addTables(t, section, plan);
    return section;
}

} // namespace espalier::report
