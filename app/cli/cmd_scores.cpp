// SPDX-License-Identifier: Apache-2.0
// methods, weights and scores.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/method/allocate.h"
#include "core/method/merge/merge_methods.h"
#include "core/method/score.h"
#include "core/method/weight_facts.h"
#include "core/study/study.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace espalier::cli {
namespace {

/// Sums are kept in double; counts of tokens are whole and are written so.
base::OrderedJson count(double tokens)
{
    return std::isfinite(tokens) ? base::OrderedJson(std::llround(tokens)) : base::OrderedJson();
}

/// What is neither score nor allocator: commands and options of their own.
struct OtherMethod {
    std::string_view id, title, paper, formula, needs;
};
constexpr std::array kOthers{
    OtherMethod{"mone", "MoNE: constants for experts", "MoNE, arXiv 2507.00390",
                "the lowest sqrt(mean |f|^2 - |mean f|^2) sum g / T give their mean output (merge --method mone, shown "
                "only)",
                "mean outputs of routed tokens, outputs of all experts on a sample: a pass"},
    OtherMethod{"meo", "MEO: experts merged for one text", "MEO, arXiv 2310.09832, section 3.2, on trained experts",
                "a group of tokens has the one expert sum s_i W_i, s_i shares of the gates for its mean input (merge "
                "--method meo, shown only)",
                "no statistics: the chosen experts on all tokens, a pass"},
    OtherMethod{"top-k", "Fewer experts per token", "PreMoe, arXiv 2505.17639 (4 of 64)",
                "the first N choices of the router, renormalised where the model does (plan --top-k)", "nothing"},
    OtherMethod{"mean-top-k", "Experts per token by layer",
                "LExI, arXiv 2509.02753, exact knapsack on a loss of our own",
                "min over k_l of sum_l (w_l lost gate share)^2 with a given mean of k_l (plan --mean-top-k)",
                "cumulative-histogram, layer-ratio: one calibration pass"},
    OtherMethod{"skip", "Dynamic expert skipping", "NAEE, arXiv 2402.14800, section 3.3, for any k",
                "of a token's sorted weights the longest beginning with w_j >= beta_j w_1, beta_j = quantile of w_j / "
                "w_1 in the layer (plan --skip, beside a fixed number: validate --fixed-k)",
                "ratio-histogram: one calibration pass"},
    OtherMethod{"lexi", "Experts per token by layer, from outputs",
                "LExI, arXiv 2509.02753, exact dynamic programming in place of its evolution",
                "min over k_l of sum_l |z_l - z_l(k_l)|_F with a given mean of k_l (search --method lexi)",
                "no statistics: all experts' outputs for a sample of tokens, or of normal draws"},
    OtherMethod{"naee", "Experts by layer outputs", "NAEE, arXiv 2402.14800",
                "argmin over kept sets C of sum over tokens of |z - z_C|^2, layer by layer or behind the layers cut "
                "before; enumerated or eliminated (search --method naee)",
                "no statistics: all experts' outputs for a sample of tokens"},
    OtherMethod{"eep", "Evolution of experts and of their mixtures", "EEP, arXiv 2407.00945",
                "argmax over kept sets, then over matrices W_EM and W_RM, of what answers are worth on your own items "
                "(search --method eep)",
                "no statistics, plans of scores begin it where a study has them: one masked pass per candidate"},
    OtherMethod{"evoesap", "Evolution of counts per layer", "EvoESAP, arXiv 2603.06003",
                "argmax over counts k_l with a given sum of mean over tokens of sum_v min(p(v), p_cut(v)) (search "
                "--method evoesap)",
                "a score that orders experts: one masked pass per candidate"},
    OtherMethod{"patterns", "Task-adaptive retrieval", "PreMoe, arXiv 2505.17639v1",
                "nearest pattern by KL of routing signatures, generalist when none is near (patterns build, match, "
                "generate --patterns)",
                "pool: one calibration pass that keeps the k largest logits of every token"}};

/// "count, gate-norm: one calibration pass"
std::string needsText(const method::ScoreMethod& method)
{
    std::string names;
    for (const auto stat : method.needs)
        names += (names.empty() ? "" : ", ") + std::string(stats::statInfo(stat).id);
    if (method.needsPool)
        names += names.empty() ? "pool" : ", pool";
    if (method.fromWeights != nullptr)
        names = "weights";
    const std::string cost(method::scoreCost(method));
    return names.empty() ? cost : names + ": " + cost;
}

/// A study's statistics, or, for scores that look at the weights alone, a model's, measured on the spot.
Result<stats::Statistics> statisticsFor(const std::string& path, const std::string& method, Output& output)
{
    const auto* info = method::findScoreMethod(method);
    const bool isModel = std::filesystem::is_directory(path) || path.ends_with(".gguf");
    if (isModel && info != nullptr && info->fromWeights != nullptr) {
        ESPALIER_TRY(const auto opened, model::openModel(path));
        ESPALIER_TRY(auto weights, method::measureWeights(opened, output.job()));
        stats::Statistics statistics;
        statistics.modelFingerprint = opened.summary.fingerprint;
        statistics.weights = std::make_shared<const stats::WeightStats>(std::move(weights));
        return statistics;
    }
    ESPALIER_TRY(const auto study, study::Study::open(path, study::OpenMode::ReadOnly));
    return study.loadStatistics(poolsFor(method));
}

} // namespace

Result<std::array<double, 3>> parseExponents(const std::string& text)
{
    std::array<double, 3> out{};
    const auto parts = splitList(text);
    const auto wrong = usageError(fmt::format("'{}' are no exponents", text), "Write a,b,c, for example 0,1,1");
    if (parts.size() != out.size())
        return wrong;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto* end = parts[i].data() + parts[i].size();
        const auto read = std::from_chars(parts[i].data(), end, out[i]);
        if (read.ec != std::errc() || read.ptr != end || !std::isfinite(out[i]))
            return wrong;
    }
    return out;
}

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
                                          {"needs", needs},
                                          {"cost", method::scoreCost(m)}});
            text +=
                fmt::format("  {:<13} {}\n{:16}{}\n{:16}needs {}\n", m.id, m.formula, "", m.paper, "", needsText(m));
        }
        const auto add = [&](const char* key, const char* heading, const auto& list) {
            text += heading;
            for (const auto& m : list) {
                document[key].push_back(
                    {{"id", m.id}, {"title", m.title}, {"paper", m.paper}, {"formula", m.formula}, {"needs", m.needs}});
                text += fmt::format("  {:<13} {}\n{:16}{}\n", m.id, m.formula, "", m.paper);
                if (!m.needs.empty())
                    text += fmt::format("{:16}needs {}\n", "", m.needs);
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
        document["others"] = base::OrderedJson::array();
        document["mergers"] = base::OrderedJson::array();
        text += "Merging (merge --method)\n";
        for (const auto& m : method::mergeMethods()) {
            document["mergers"].push_back({{"id", m.id},
                                           {"title", m.title},
                                           {"paper", m.paper},
                                           {"formula", m.formula},
                                           {"needs", m.needs},
                                           {"cost", m.cost}});
            text += fmt::format("  {:<13} {}\n{:16}{}\n{:16}needs {}: {}\n", m.id, m.formula, "", m.paper, "", m.needs,
                                m.cost);
        }
        text += "Others\n";
        for (const auto& [id, title, paper, formula, needs] : kOthers) {
            document["others"].push_back(
                {{"id", id}, {"title", title}, {"paper", paper}, {"formula", formula}, {"needs", needs}});
            text += fmt::format("  {:<13} {}\n{:16}{}\n{:16}needs {}\n", id, formula, "", paper, "", needs);
        }
        output.result(document, text);
        return {};
    });
}

void addWeights(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, study;
        int threads = 0;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "weights", "Measure what scores without texts need: one read of every expert",
                                "espalier weights MODEL --study my.espalier");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--study", options->study, "Study file to write to; made when it does not exist")->required();
    sub->add_option("--threads", options->threads, "Threads (default: every core this process may use)")
        ->check(within(1, 1024));
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        ESPALIER_TRY(auto study, study::Study::openOrCreate(options->study, opened.summary));
        ESPALIER_TRY(const auto weights, method::measureWeights(opened, output.job(), options->threads));
        ESPALIER_CHECK(study.setWeights(weights));
        std::vector<std::string> methods;
        for (const auto& m : method::scoreMethods())
            if (m.fromWeights != nullptr)
                methods.emplace_back(m.id);
        output.result({{"study", options->study}, {"layers", weights.layers.size()}, {"methods", methods}},
                      fmt::format("Measured the weights of {} layers into {}; {} can be computed\n",
                                  weights.layers.size(), options->study, fmt::join(methods, " and ")));
        return {};
    });
}

void addScores(CLI::App& app, Program& program)
{
    struct Options {
        std::string study, method, domains, exponents = "0,1,1";
        std::uint64_t seed = 0;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "scores", "Layers x experts table of one score, CSV or JSON",
                                "espalier scores my.espalier --method reap --domain code > reap.csv");
    sub->add_option("STUDY", options->study, "Study file; for scores from the weights alone also a model folder")
        ->required();
    sub->add_option("--method", options->method, "Score, see `espalier methods`")->required();
    sub->add_option("--domain", options->domains, "Domains, separated by commas (default: all)");
    sub->add_option("--seed", options->seed, "Seed of random")->capture_default_str();
    sub->add_option("--exponents", options->exponents, "a,b,c of unified: n^a, mean of g^b |f|^c")
        ->capture_default_str();
    program.onRun(sub, [options](Output& output) -> Result<void> {
        method::ScoreRequest request;
        ESPALIER_TRY(request.exponents, parseExponents(options->exponents));
        ESPALIER_TRY(const auto statistics, statisticsFor(options->study, options->method, output));
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
