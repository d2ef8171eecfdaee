// SPDX-License-Identifier: Apache-2.0
// The demo's numbers as rows, as JSON and as the table printed at the end.
#include "app/cli/demo_walk.h"
#include "core/base/byte_size.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

constexpr const char* kUntrainedText = "heldout-spanish";

struct PlanName {
    std::string domain, method;
    int keep = 0;
};

/// "number-german-16-reap-sum" -> its three parts; "random-16-2" has the domain "random".
PlanName splitName(const std::string& name)
{
    for (const char* count : {"-16-", "-8-"}) {
        const auto at = name.find(count);
        if (at != std::string::npos)
            return {name.substr(0, at), name.substr(at + std::string_view(count).size()), count[1] == '8' ? 8 : 16};
    }
    return {name, {}, 0};
}

double valueOf(const engine::PlanOutcome& plan, const std::string& domain, bool text)
{
    return text ? plan.domains.at(domain).perplexity : 100 * plan.tasks.at(domain).accuracy;
}

DemoRow rowOf(const engine::PlanOutcome& plan, const std::string& domain)
{
    DemoRow row;
    row.domain = domain;
    row.text = plan.domains.contains(domain);
    row.bytes = plan.bytes;
    row.inDomain = valueOf(plan, domain, row.text);
    if (!row.text) {
        row.low = 100 * plan.tasks.at(domain).ci95.low;
        row.high = 100 * plan.tasks.at(domain).ci95.high;
    }
    double exact = 0, logarithm = 0, kl = 0;
    int tasks = 0, texts = 0;
    for (const auto& [name, task] : plan.tasks)
        if (name != domain) {
            exact += 100 * task.accuracy;
            ++tasks;
        }
    for (const auto& [name, text] : plan.domains)
        if (name != domain && name != kUntrainedText) {
            logarithm += std::log(text.perplexity);
            kl += text.klMean;
            ++texts;
        }
    row.othersExactMatch = tasks > 0 ? exact / tasks : 0;
    row.othersPerplexity = texts > 0 ? std::exp(logarithm / texts) : 0;
    row.klMean = row.text ? plan.domains.at(domain).klMean : texts > 0 ? kl / texts : 0;
    return row;
}

/// The base beside the cuts, from what the validation measured of it.
DemoRow baseRow(const engine::ValidateReport& v, const std::string& domain, int experts)
{
    engine::PlanOutcome base;
    for (const auto& [name, perplexity] : v.basePerplexity)
        base.domains[name].perplexity = perplexity;
    for (const auto& [name, accuracy] : v.baseAccuracy) {
        base.tasks[name].accuracy = accuracy;
        base.tasks[name].ci95 = {accuracy, accuracy};
    }
    DemoRow row = rowOf(base, domain);
    row.method = "base";
    row.keep = experts;
    return row;
}

/// Mean over the seeds, with their range.
DemoRow meanOf(const std::vector<DemoRow>& seeds)
{
    DemoRow row = seeds.front();
    row.inDomain = row.othersExactMatch = row.klMean = 0;
    double logarithm = 0;
    row.low = row.high = seeds.front().inDomain;
    for (const auto& seed : seeds) {
        const auto n = static_cast<double>(seeds.size());
        row.inDomain += seed.inDomain / n;
        row.othersExactMatch += seed.othersExactMatch / n;
        row.klMean += seed.klMean / n;
        logarithm += std::log(seed.othersPerplexity) / n;
        row.low = std::min(row.low, seed.inDomain);
        row.high = std::max(row.high, seed.inDomain);
    }
    row.othersPerplexity = std::exp(logarithm);
    row.method = fmt::format("random ({} seeds)", seeds.size());
    return row;
}

} // namespace

std::vector<DemoRow> demoRows(const engine::ValidateReport& validation, const base::OrderedJson& reference)
{
    constexpr int kExperts = 32;
    std::vector<std::string> domains;
    for (const auto& plan : validation.plans) {
        const auto name = splitName(plan.name);
        if (name.domain != "random" && std::find(domains.begin(), domains.end(), name.domain) == domains.end())
            domains.push_back(name.domain);
    }
    std::vector<DemoRow> rows;
    for (const auto& domain : domains) {
        rows.push_back(baseRow(validation, domain, kExperts));
        rows.back().reference = reference.at("base").at(domain).get<double>();
        for (const int keep : {16, 8}) {
            std::vector<DemoRow> seeds;
            for (const auto& plan : validation.plans) {
                const auto name = splitName(plan.name);
                if (name.keep != keep || (name.domain != domain && name.domain != "random"))
                    continue;
                DemoRow row = rowOf(plan, domain);
                row.keep = keep;
                row.method = name.method;
                for (const auto& cut : reference.at("cuts"))
                    if (cut.at("cut_for") == domain && cut.at("keep") == keep && cut.at("method") == name.method)
                        row.reference = cut.at("values").at(domain).get<double>();
                if (name.domain == "random")
                    seeds.push_back(row);
                else
                    rows.push_back(row);
            }
            if (!seeds.empty())
                rows.push_back(meanOf(seeds));
        }
    }
    return rows;
}

base::OrderedJson DemoOutcome::toJson() const
{
    base::OrderedJson table = base::OrderedJson::array();
    for (const auto& row : rows) {
        base::OrderedJson entry{{"domain", row.domain},
                                {"measure", row.text ? "perplexity" : "exact_match"},
                                {"keep", row.keep},
                                {"method", row.method},
                                {"in_domain", row.inDomain},
                                {"reference", nullptr},
                                {"others_exact_match", row.othersExactMatch},
                                {"others_perplexity", row.othersPerplexity},
                                {"kl_mean", row.klMean}};
        if (row.reference)
            entry["reference"] = *row.reference;
        table.push_back(std::move(entry));
    }
    return {{"directory", out.string()},
            {"study", study.string()},
            {"report", report.string()},
            {"heatmap", heatmap.string()},
            {"bundle", bundle.string()},
            {"quick", quick},
            {"table", table},
            {"export", exported.toJson()},
            {"verify", verification.toJson()},
            {"validate", validation.toJson()},
            {"seconds", seconds}};
}

std::string DemoOutcome::text() const
{
    std::string lines =
        fmt::format("\n{}: {} layers of {} experts, top-{}, {} parameters, {}\n", "Bundled model",
                    model.moeLayers.size(), model.experts, model.topK, base::formatCount(model.parameters),
                    base::formatByteSize(ByteSize(model.bytes.total())));
    std::int64_t tokens = 0;
    for (const auto& [domain, count] : profile.tokens)
        tokens += count;
    lines +=
        fmt::format("Measured {} tokens of {} domains in {}\n", base::withThousands(static_cast<std::uint64_t>(tokens)),
                    profile.tokens.size(), base::formatDuration(profile.seconds));
    std::string domain;
    for (const auto& row : rows) {
        if (row.domain != domain) {
            domain = row.domain;
            lines += fmt::format("\n{} ({})\n", domain, row.text ? "perplexity, lower is better" : "exact match, %");
            lines += fmt::format("  {:>4}  {:<17}{:>10}  {:<18}{:>10}{:>14}{:>12}\n", "kept", "method", "in domain",
                                 row.text ? "" : "95 % interval", "reference", "others EM %", "others ppl");
        }
        const bool random = row.method.starts_with("random");
        std::string interval;
        if (random)
            interval = fmt::format("{:.1f} to {:.1f}", row.low, row.high);
        else if (!row.text && row.method != "base")
            interval = fmt::format("{:.1f} to {:.1f}", row.low, row.high);
        lines += fmt::format("  {:>4}  {:<17}{:>10.1f}  {:<18}{:>10}{:>14.1f}{:>12.1f}\n", row.keep, row.method,
                             row.inDomain, interval, row.reference ? fmt::format("{:.1f}", *row.reference) : "-",
                             row.othersExactMatch, row.othersPerplexity);
    }
    lines +=
        "\n\"reference\": the same cut measured with transformers. random: mean and range over seeds.\n"
        "REAP's mean lets experts that are rarely used but large displace the ones json needs; its sum does not.\n";
    if (quick)
        lines += "Quick run: fewer items and tokens than the reference used, so figures differ from it.\n";
    lines += fmt::format("\nExported {} (predicted {}, written {} bytes)", bundle.string(),
                         base::withThousands(exported.predictedBytes), base::withThousands(exported.bytes));
    if (verification.maxAbsLogitDifference)
        lines += fmt::format("; its logits differ from the masked base by at most {:.1e}",
                             *verification.maxAbsLogitDifference);
    lines +=
        fmt::format("\n\nStudy    {}\nHeatmap  {}\nReport   {}\nDone in {}. See it in the window: "
                    "espalier-studio {}\n",
                    study.string(), heatmap.string(), report.string(), base::formatDuration(seconds), study.string());
    return lines;
}

} // namespace espalier::cli
