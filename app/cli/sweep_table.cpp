// SPDX-License-Identifier: Apache-2.0
#include "app/cli/sweep_table.h"

#include "core/base/byte_size.h"
#include "core/bundle/pareto_picture.h"
#include "core/plan/pareto.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

using base::OrderedJson;

double numberOr(const OrderedJson& value, double otherwise)
{
    return value.is_number() ? value.get<double>() : otherwise;
}

bool isRandom(const OrderedJson& row)
{
    return row["baseline"] == "random";
}

/// Where a row stands in the plane of memory and what it loses; random plans do not count.
std::vector<bool> frontOf(const OrderedJson& rows, const char* key, double sign)
{
    std::vector<plan::ParetoPoint> points;
    for (const auto& row : rows)
        points.push_back({row["memory"].get<double>(), isRandom(row) ? NAN : sign * numberOr(row[key], NAN)});
    return plan::paretoFront(points);
}

std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

std::string cell(const OrderedJson& value)
{
    if (value.is_string())
        return quoted(value.get<std::string>());
    return value.is_null() ? "" : value.dump();
}

OrderedJson at(const OrderedJson& object, const std::string& key)
{
    const auto found = object.find(key);
    return found == object.end() ? OrderedJson() : *found;
}

bundle::ParetoPanel panelOf(const OrderedJson& rows, const char* key, const char* front, double scale)
{
    bundle::ParetoPanel panel;
    for (const auto& row : rows)
        panel.marks.push_back({row["name"].get<std::string>(), row["method"].get<std::string>(),
                               row["memory"].get<double>(), scale * numberOr(row[key], NAN), row[front] == true,
                               isRandom(row)});
    return panel;
}

double meanOf(const OrderedJson& object)
{
    double sum = 0;
    for (const auto& value : object)
        sum += value.get<double>();
    return object.empty() ? NAN : sum / static_cast<double>(object.size());
}

} // namespace

OrderedJson sweepRow(const plan::ComparisonPlan& entry, const std::string& size, const engine::PlanOutcome& outcome,
                     const OrderedJson& measured)
{
    OrderedJson row{{"name", entry.plan.name},
                    {"method", entry.plan.method},
                    {"allocator", entry.plan.allocator},
                    {"scored_by", entry.scoredBy},
                    {"size", size},
                    {"kept", entry.plan.keptTotal()},
                    {"bytes", outcome.bytes},
                    {"memory", outcome.memory},
                    {"baseline", baselineName(entry.baseline)},
                    {"mean_kl", outcome.domains.empty() ? OrderedJson() : OrderedJson(meanKl(outcome))},
                    {"mean_accuracy", outcome.tasks.empty() ? OrderedJson() : OrderedJson(meanAccuracy(outcome))},
                    {"domains", measured["domains"]},
                    {"tasks", measured["tasks"]}};
    for (auto& task : row["tasks"])
        task.erase("lost_examples");
    return row;
}

void markFronts(OrderedJson& rows)
{
    const auto kl = frontOf(rows, "mean_kl", 1), accuracy = frontOf(rows, "mean_accuracy", -1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i]["front_kl"] = static_cast<bool>(kl[i]);
        rows[i]["front_accuracy"] = static_cast<bool>(accuracy[i]);
    }
}

std::string sweepCsv(const OrderedJson& sweep)
{
    constexpr std::array kPlain{"name",          "method",   "allocator",     "scored_by", "size",
                                "kept",          "bytes",    "memory",        "baseline",  "mean_kl",
                                "mean_accuracy", "front_kl", "front_accuracy"};
    constexpr std::array kDomain{"perplexity", "kl_mean", "kl_p99", "top1_agreement"};
    std::string out;
    for (const char* key : kPlain)
        out += fmt::format("{}{}", out.empty() ? "" : ",", key);
    for (const auto& [domain, value] : sweep["base"]["perplexity"].items())
        for (const char* key : kDomain)
            out += "," + quoted(fmt::format("{} {}", key, domain));
    for (const auto& [task, value] : sweep["base"]["accuracy"].items())
        for (const char* key : {"accuracy", "low", "high", "p_value"})
            out += "," + quoted(fmt::format("{} {}", key, task));
    out += "\n";
    for (const auto& row : sweep["rows"]) {
        std::string line;
        for (const char* key : kPlain)
            line += (line.empty() ? "" : ",") + cell(row[key]);
        for (const auto& [domain, value] : sweep["base"]["perplexity"].items())
            for (const char* key : kDomain)
                line += "," + cell(at(at(row["domains"], domain), key));
        for (const auto& [name, value] : sweep["base"]["accuracy"].items()) {
            const auto task = at(row["tasks"], name);
            const auto interval = at(task, "ci95");
            line += "," + cell(at(task, "accuracy")) + "," + cell(interval.is_array() ? interval[0] : OrderedJson()) +
                    "," + cell(interval.is_array() ? interval[1] : OrderedJson()) + "," + cell(at(task, "p_value"));
        }
        out += line + "\n";
    }
    return out;
}

std::string sweepText(const OrderedJson& sweep)
{
    std::vector<const OrderedJson*> best;
    for (const auto& row : sweep["rows"])
        if (row["front_kl"] == true || row["front_accuracy"] == true)
            best.push_back(&row);
    std::stable_sort(best.begin(), best.end(), [](const OrderedJson* a, const OrderedJson* b) {
        return (*a)["memory"].get<double>() < (*b)["memory"].get<double>();
    });
    const bool texts = !sweep["base"]["perplexity"].empty(), tasks = !sweep["base"]["accuracy"].empty();
    std::string out = fmt::format("{:<46}{:>12}{}{}\n", "best for its memory", "memory", texts ? "        KL" : "",
                                  tasks ? "    right" : "");
    for (const auto* row : best) {
        out += fmt::format("{:<46}{:>12}", (*row)["name"].get<std::string>().substr(0, 45),
                           base::formatByteSize(ByteSize((*row)["memory"].get<std::uint64_t>())));
        if (texts)
            out += fmt::format("{:>9.4f}{}", numberOr((*row)["mean_kl"], NAN), (*row)["front_kl"] == true ? "*" : " ");
        if (tasks)
            out += fmt::format("{:>6.1f} %{}", 100 * numberOr((*row)["mean_accuracy"], NAN),
                               (*row)["front_accuracy"] == true ? "*" : " ");
        out += "\n";
    }
    return out + fmt::format("{} of {} plans; * nothing smaller or equal is as good by this measure\n", best.size(),
                             sweep["rows"].size());
}

std::string sweepSvg(const OrderedJson& sweep)
{
    std::vector<bundle::ParetoPanel> panels;
    if (!sweep["base"]["perplexity"].empty()) {
        auto& panel = panels.emplace_back(panelOf(sweep["rows"], "mean_kl", "front_kl", 1));
        panel.title = "KL from the whole model, nats per token, mean of domains (lower is better)";
        panel.logarithmic = true;
        panel.base = NAN;
    }
    if (!sweep["base"]["accuracy"].empty()) {
        auto& panel = panels.emplace_back(panelOf(sweep["rows"], "mean_accuracy", "front_accuracy", 100));
        panel.title = "task items right, %, mean of tasks (higher is better)";
        panel.base = 100 * meanOf(sweep["base"]["accuracy"]);
    }
    return bundle::paretoSvg(panels, "Memory against quality");
}

} // namespace espalier::cli
