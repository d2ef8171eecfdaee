// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/validation_data.h"

#include <algorithm>
#include <map>
#include <set>

namespace espalier::views {

namespace {

using base::OrderedJson;

double number(const OrderedJson& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : std::nan("");
}

std::int64_t whole(const OrderedJson& json, const char* key)
{
    const double value = number(json, key);
    return std::isfinite(value) ? std::llround(value) : 0;
}

OrderedJson object(const OrderedJson& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_object() ? *found : OrderedJson::object();
}

QString text(const OrderedJson& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

std::set<std::string> namesIn(const OrderedJson& document)
{
    std::set<std::string> names;
    if (const auto found = document.find("domains"); found != document.end() && found->is_array())
        for (const auto& name : *found)
            if (name.is_string())
                names.insert(name.get<std::string>());
    return names;
}

void readTask(const OrderedJson& json, MeasuredDomain& row)
{
    row.task = true;
    row.base = number(json, "accuracy_base");
    row.value = number(json, "accuracy");
    row.items = whole(json, "items");
    if (const auto ci = json.find("ci95");
        ci != json.end() && ci->is_array() && ci->size() == 2 && ci->at(0).is_number() && ci->at(1).is_number()) {
        row.low = ci->at(0).get<double>();
        row.high = ci->at(1).get<double>();
    }
    const OrderedJson flips = object(json, "flips");
    row.lost = whole(flips, "lost");
    row.gained = whole(flips, "gained");
    row.pValue = number(json, "p_value");
    if (const auto examples = json.find("lost_examples"); examples != json.end() && examples->is_array())
        for (const auto& example : *examples)
            if (example.is_string())
                row.lostExamples.push_back(QString::fromStdString(example.get<std::string>()));
}

ValidatedPlan readPlan(const OrderedJson& json, const std::set<std::string>& calibrated)
{
    ValidatedPlan plan;
    plan.name = text(json, "name");
    plan.method = text(json, "method");
    plan.control = json.value("control", false) || json.value("method", "") == "random"; // hollow in the plot
    const OrderedJson predicted = object(json, "predicted");
    plan.bytes = static_cast<std::uint64_t>(whole(predicted, "bytes"));
    plan.memory = static_cast<std::uint64_t>(whole(predicted, "memory"));
    std::map<std::string, MeasuredDomain> rows;
    const OrderedJson domains = object(json, "domains"), tasks = object(json, "tasks"); // items() only refers to them
    for (const auto& [name, values] : domains.items()) {
        MeasuredDomain& row = rows[name];
        row.base = number(values, "perplexity_base");
        row.value = number(values, "perplexity");
        row.kl = number(values, "kl_mean");
        row.klP99 = number(values, "kl_p99");
        row.agreement = number(values, "top1_agreement");
    }
    for (const auto& [name, values] : tasks.items())
        readTask(values, rows[name]);
    for (auto& [name, row] : rows) {
        row.name = QString::fromStdString(name);
        row.calibrated = calibrated.empty() || calibrated.contains(name);
        plan.domains.push_back(std::move(row));
    }
    std::stable_sort(plan.domains.begin(), plan.domains.end(),
                     [](const MeasuredDomain& a, const MeasuredDomain& b) { return a.calibrated > b.calibrated; });
    return plan;
}

} // namespace

bool MeasuredDomain::breaks() const
{
    if (task && base - value > kAccuracyDrop && pValue < kSignificance)
        return true;
    return kl > kKlLimit;
}

double ValidatedPlan::kl() const
{
    double sum = 0;
    int count = 0;
    for (const auto& domain : domains)
        if (domain.calibrated && std::isfinite(domain.kl)) {
            sum += domain.kl;
            ++count;
        }
    return count > 0 ? sum / count : std::nan("");
}

std::vector<ValidatedPlan> readValidations(const std::vector<study::ValidationRecord>& records,
                                           const std::vector<study::PlanRecord>& plans)
{
    std::map<std::string, const study::PlanRecord*> stored;
    for (const auto& plan : plans)
        stored[plan.name] = &plan;
    std::vector<ValidatedPlan> result;
    std::set<QString> seen;
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        const auto list = record->document.find("plans");
        if (list == record->document.end() || !list->is_array())
            continue;
        // A control stands for the plan it was drawn for: the first one of the run.
        std::set<std::string> first;
        for (const auto& entry : *list) {
            if (!entry.is_object())
                continue;
            const auto found = stored.find(text(entry, "name").toStdString());
            const auto own = found == stored.end() ? std::set<std::string>() : namesIn(found->second->document);
            if (first.empty())
                first = own;
            ValidatedPlan plan = readPlan(entry, own.empty() ? first : own);
            plan.created = QString::fromStdString(record->created);
            plan.stale = found != stored.end() && found->second->created > record->created;
            if (seen.insert(plan.name).second)
                result.push_back(std::move(plan));
        }
    }
    return result;
}

} // namespace espalier::views
