// SPDX-License-Identifier: Apache-2.0
#include "core/engine/validate_job.h"

namespace espalier::engine {
namespace {

base::OrderedJson domainJson(const DomainComparison& d)
{
    base::OrderedJson json{{"tokens", d.tokens},
                           {"perplexity", d.perplexity},
                           {"perplexity_base", d.perplexityBase},
                           {"perplexity_ratio_ci95", {d.perplexityRatioLow, d.perplexityRatioHigh}},
                           {"kl_mean", d.klMean},
                           {"kl_p99", d.klP99},
                           {"top1_agreement", d.top1Agreement}};
    if (!d.activeExperts.empty())
        json["active_experts"] = {{"mean", d.meanActiveExperts()}, {"layers", d.activeExperts}};
    return json;
}

base::OrderedJson taskJson(const TaskOutcome& t)
{
    base::OrderedJson json{{"items", t.items},
                           {"accuracy", t.accuracy},
                           {"accuracy_base", t.accuracyBase},
                           {"ci95", {t.ci95.low, t.ci95.high}},
                           {"flips", {{"lost", t.lost}, {"gained", t.gained}}},
                           {"p_value", t.pValue},
                           {"lost_examples", t.lostExamples}};
    if (t.accuracyNorm) {
        json["accuracy_norm"] = *t.accuracyNorm;
        json["accuracy_norm_base"] = t.accuracyNormBase.value_or(0);
    }
    return json;
}

} // namespace

base::OrderedJson ValidateReport::toJson() const
{
    using base::OrderedJson;
    OrderedJson base{{"domains", OrderedJson::object()}, {"tasks", OrderedJson::object()}};
    for (const auto& [name, perplexity] : basePerplexity)
        base["domains"][name] = {{"perplexity", perplexity}};
    for (const auto& [name, accuracy] : baseAccuracy)
        base["tasks"][name] = {{"accuracy", accuracy}};
    OrderedJson list = OrderedJson::array();
    for (const auto& plan : plans) {
        OrderedJson entry{{"name", plan.name},
                          {"method", plan.method},
                          {"control", plan.control},
                          {"predicted", {{"bytes", plan.bytes}, {"memory", plan.memory}}},
                          {"domains", OrderedJson::object()},
                          {"tasks", OrderedJson::object()}};
        if (plan.activeExperts > 0)
            entry["active_experts"] = plan.activeExperts;
        if (!plan.fixedOf.empty())
            entry["fixed_of"] = plan.fixedOf;
        for (const auto& [name, domain] : plan.domains)
            entry["domains"][name] = domainJson(domain);
        for (const auto& [name, task] : plan.tasks)
            entry["tasks"][name] = taskJson(task);
        list.push_back(std::move(entry));
    }
    return {{"base", base},
            {"plans", list},
            {"weight_bytes_read", counters.weightBytesRead},
            {"seconds", seconds},
            {"tokens_per_second", tokensPerSecond}};
}

} // namespace espalier::engine
