// SPDX-License-Identifier: Apache-2.0
// methods and scores.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/method/allocate.h"
#include "core/method/score.h"
#include "core/study/study.h"

#include <cmath>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

/// Sums are kept in double; counts of tokens are whole and are written so.
base::OrderedJson count(double tokens)
{
    return std::isfinite(tokens) ? base::OrderedJson(std::llround(tokens)) : base::OrderedJson();
}

} // namespace

study::Pools poolsFor(const std::string& method)
{
    const auto* info = method::findScoreMethod(method);
    return info != nullptr && info->needsPool ? study::Pools::Load : study::Pools::Leave;
}

void addMethods(CLI::App& app, Program& program)
{
    CLI::App* sub = program.add(app, "methods", "Every score, allocator, protector and applier with paper and formula",
                                "espalier methods --json");
    program.onRun(sub, [](Output& output) -> Result<void> {
        base::OrderedJson document{{"scores", base::OrderedJson::array()},
                                   {"allocators", base::OrderedJson::array()},
                                   {"protectors", base::OrderedJson::array()},
                                   {"appliers", base::OrderedJson::array()}};
        std::string text = "Scores (--method)\n";
        for (const auto& m : method::scoreMethods()) {
            base::OrderedJson needs = base::OrderedJson::array();
            for (const auto stat : m.needs)
                needs.push_back(stats::statInfo(stat).id);
            if (m.needsPool)
                needs.push_back("pool");
            document["scores"].push_back({{"id", m.id},
                                          {"title", m.title},
                                          {"paper", m.paper},
                                          {"formula", m.formula},
                                          {"unit", m.unit},
                                          {"needs", needs}});
            text += fmt::format("  {:<14}{}\n{:16}{}\n", m.id, m.formula, "", m.paper);
        }
        const auto add = [&](const char* key, const char* heading, const auto& list) {
            text += heading;
            for (const auto& m : list) {
                document[key].push_back({{"id", m.id}, {"title", m.title}, {"paper", m.paper}, {"formula", m.formula}});
                text += fmt::format("  {:<14}{}\n{:16}{}\n", m.id, m.formula, "", m.paper);
            }
        };
        add("allocators", "Allocators (--allocate)\n", method::allocators());
        add("protectors", "Protectors (--protect)\n", method::protectors());
        document["appliers"].push_back(
            {{"id", "mask"},
             {"title", "Mask"},
             {"paper", ""},
             {"formula", "-inf on the selection logits of dropped experts (preview, validate)"}});
        document["appliers"].push_back({{"id", "slice"},
                                        {"title", "Slice"},
                                        {"paper", ""},
                                        {"formula", "experts and router rows of kept experts, renumbered (export)"}});
        text += "Appliers\n  mask          -inf on the selection logits of dropped experts (validate)\n"
                "  slice         experts and router rows of kept experts, renumbered (export)\n";
        output.result(document, text);
        return {};
    });
}

void addScores(CLI::App& app, Program& program)
{
    struct Options {
        std::string study, method, domains;
        std::uint64_t seed = 0;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "scores", "Layers x experts table of one score, CSV or JSON",
                                "espalier scores my.espalier --method reap --domain code > reap.csv");
    sub->add_option("STUDY", options->study, "Study file")->required();
    sub->add_option("--method", options->method, "Score, see `espalier methods`")->required();
    sub->add_option("--domain", options->domains, "Domains, separated by commas (default: all)");
    sub->add_option("--seed", options->seed, "Seed of random")->capture_default_str();
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto study, study::Study::open(options->study, study::OpenMode::ReadOnly));
        ESPALIER_TRY(const auto statistics, study.loadStatistics(poolsFor(options->method)));
        method::ScoreRequest request;
        request.method = options->method;
        request.seed = options->seed;
        for (const auto& name : splitList(options->domains))
            request.domains.push_back({name, 1.0});
        ESPALIER_TRY(const auto table, method::computeScores(statistics, request));
        base::OrderedJson layers = base::OrderedJson::array();
        std::string csv = "layer,expert,score,stderr,tokens\n";
        for (const auto& layer : table.layers) {
            base::OrderedJson experts = base::OrderedJson::array();
            for (std::size_t id = 0; id < layer.experts.size(); ++id) {
                const auto& e = layer.experts[id];
                const bool known = std::isfinite(e.standardError);
                base::OrderedJson entry{
                    {"id", id}, {"score", e.score}, {"stderr", nullptr}, {"tokens", count(e.tokens)}};
                if (known)
                    entry["stderr"] = e.standardError;
                experts.push_back(std::move(entry));
                csv += fmt::format("{},{},{:.17g},{},{}\n", layer.layer.value(), id, e.score,
                                   known ? fmt::format("{:.17g}", e.standardError) : "",
                                   std::isfinite(e.tokens) ? fmt::format("{:.0f}", e.tokens) : "");
            }
            layers.push_back({{"layer", layer.layer.value()}, {"experts", std::move(experts)}});
        }
        output.result(
            {{"method", table.method}, {"domains", table.domains}, {"tokens", count(table.tokens)}, {"layers", layers}},
            csv);
        return {};
    });
}

} // namespace espalier::cli
