// SPDX-License-Identifier: Apache-2.0
// search: which experts to keep, by evolution on the user's own items (EEP) or by what each layer's output loses
// (NAEE); how many in each layer (EvoESAP); how many a token gets there (LExI).
#include "app/cli/command.h"
#include "app/cli/data_files.h"
#include "core/engine/reconstruct_job.h"
#include "core/engine/search_job.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

struct Options {
    std::string model, study, name, method = "eep", generations, measures, seedMethods, domains, out;
    std::vector<std::string> texts, tasks;
    int keep = 0, groups = 0, children = 0, initial = 30, finalists = 20, maxItems = 0, maxAnswer = 64,
        plansPerPass = 16;
    double meanTopK = 0;
    std::uint64_t seed = 0;
    std::int64_t context = 2048, maxTokens = 0, sample = 512, enumerate = 20000;
    bool resume = false, progressive = false;
    EngineArguments engine;
};

constexpr int kMostGenerations = 100000;

Result<int> parseGenerations(const std::string& text)
{
    int value = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 0 || value > kMostGenerations)
        return usageError(fmt::format("'{}' is no number of generations", text),
                          "Give --generations 20, or 20,40 with the second phase");
    return value;
}

Result<engine::ValidateRequest> dataOf(const Options& o)
{
    engine::ValidateRequest data;
    ESPALIER_TRY(data.texts, dataFiles(o.texts));
    ESPALIER_TRY(data.tasks, dataFiles(o.tasks));
    data.context = o.context;
    data.maxTokens = TokenCount(o.maxTokens);
    data.maxItems = o.maxItems;
    data.maxAnswer = o.maxAnswer;
    ESPALIER_TRY(data.engine, o.engine.options());
    return data;
}

Result<engine::SearchRequest> requestOf(const Options& o)
{
    engine::SearchRequest request;
    const bool eep = o.method == "eep";
    request.method = eep ? engine::SearchMethod::Eep : engine::SearchMethod::EvoEsap;
    request.name = o.name;
    request.keep = o.keep;
    request.groups = o.groups;
    const auto generations = splitList(o.generations.empty() ? (eep ? "10,20" : "20") : o.generations);
    if (generations.empty() || generations.size() > (eep ? 2U : 1U))
        return usageError(fmt::format("{} has {}", o.method, eep ? "two phases" : "one phase"),
                          eep ? "Give --generations 20 or 20,40" : "Give --generations 20");
    ESPALIER_TRY(request.pruning, parseGenerations(generations.front()));
    if (generations.size() > 1) {
        ESPALIER_TRY(request.merging, parseGenerations(generations.back()));
    }
    request.children = o.children > 0 ? o.children : (eep ? 8 : 16);
    request.initial = o.initial;
    request.seed = o.seed;
    if (!o.measures.empty()) {
        ESPALIER_TRY(request.measures, engine::parseMeasures(o.measures));
    }
    request.seedMethods = splitList(o.seedMethods);
    request.domains = splitList(o.domains);
    request.finalists = o.finalists;
    request.plansPerPass = o.plansPerPass;
    request.resume = o.resume;
    ESPALIER_TRY(request.data, dataOf(o));
    return request;
}

std::string entryText(const engine::SearchEntry& entry)
{
    std::string text = fmt::format("  {:<30}", entry.name);
    for (const auto& [set, figures] : entry.test)
        text += fmt::format("{:>12}{:>9.3f}{:>9.4f}{:>9}", set, -figures.likelihood, figures.kl,
                            figures.accuracy ? fmt::format("{:.1f} %", 100 * *figures.accuracy) : "");
    return text + "\n";
}

std::string reportText(const engine::SearchReport& report)
{
    std::string text;
    for (std::size_t g = 0; g < report.generations.size(); ++g) {
        const auto& generation = report.generations[g];
        const bool last = g + 1 == report.generations.size() || report.generations[g + 1].phase != generation.phase;
        if (last)
            text += fmt::format("{:<18} best {} {:.4f} after generation {}\n", generation.phase,
                                engine::measureName(report.measures.back()), generation.best, g);
    }
    text += fmt::format("{} candidates in {} passes{}\nOn items that nothing was chosen by (loss, KL, right)\n",
                        report.candidates, report.steps,
                        report.replayed > 0 ? fmt::format(", {} of them from the journal", report.replayed) : "");
    text += entryText(report.model) + entryText(report.found);
    if (report.stock)
        text += entryText(*report.stock);
    if (report.seed)
        text += entryText(*report.seed);
    return text;
}

/// Cancellations say how to go on.
template <typename Report>
Result<Report> resumable(Result<Report> outcome)
{
    if (outcome || outcome.error().code != ErrorCode::Cancelled)
        return outcome;
    Error error = outcome.error();
    error.remedy = "What was measured is kept; the same command with --resume goes on";
    return error;
}

struct Found {
    base::OrderedJson document;
    std::string text;
    std::vector<plan::Plan> plans; ///< the first is the answer
};

Result<Found> evolve(const Options& o, const model::OpenModel& model, study::Study& study, Output& output)
{
    ESPALIER_TRY(const auto request, requestOf(o));
    ESPALIER_TRY(auto report, resumable(engine::runSearch(model, study, request, output.job())));
    Found found{report.toJson(), reportText(report), {}};
    found.plans.push_back(std::move(*report.found.plan));
    if (report.stock) {
        found.plans.push_back(std::move(*report.stock->plan));
        found.plans.back().name += "-stock";
    }
    return found;
}

Result<Found> reconstruct(const Options& o, const model::OpenModel& model, study::Study& study, Output& output)
{
    engine::LayerSearchRequest request;
    request.method = o.method == "naee" ? engine::LayerMethod::Naee : engine::LayerMethod::Lexi;
    request.name = o.name;
    request.keep = o.keep;
    request.meanTopK = o.meanTopK;
    request.progressive = o.progressive;
    request.tokens = o.sample;
    request.mostEnumerated = o.enumerate;
    request.seed = o.seed;
    request.resume = o.resume;
    if (!o.tasks.empty())
        return usageError(o.method + " measures layers on texts", "Give --text DOMAIN=FILE instead of --task");
    ESPALIER_TRY(request.data, dataOf(o));
    ESPALIER_TRY(auto report, resumable(engine::runLayerSearch(model, study, request, output.job())));
    Found found{report.toJson(), {}, {}};
    for (const auto& layer : report.layers) {
        found.text += fmt::format("  layer {:<4}", layer.layer);
        if (layer.topK > 0)
            found.text += fmt::format("{} experts per token;", layer.topK);
        found.text += fmt::format("{} of the output's energy lost", layer.topK > 0 ? "" : " ");
        for (const double loss : layer.losses)
            found.text += fmt::format("{:>9.3f} %", layer.energy > 0 ? 100 * loss / layer.energy : 0);
        found.text +=
            layer.search.empty() ? " with 1, 2, ...\n" : fmt::format("  ({}, {} sets)\n", layer.search, layer.measured);
    }
    found.plans.push_back(std::move(report.plan));
    return found;
}

/// Options that belong to other methods are mistakes.
Result<void> checkOptions(const Options& o)
{
    const bool layers = o.method == "naee" || o.method == "lexi";
    if (o.method == "lexi" ? o.meanTopK == 0 || o.keep > 0 : o.keep == 0 || o.meanTopK > 0)
        return usageError(o.method == "lexi" ? "lexi chooses experts per token" : o.method + " chooses experts to keep",
                          o.method == "lexi" ? "Give --mean-top-k N, not --keep" : "Give --keep K, not --mean-top-k");
    if (o.progressive && o.method != "naee")
        return usageError("--progressive is for --method naee");
    if (o.groups > 0 && o.method != "eep")
        return usageError("--groups is for --method eep");
    if (layers && (!o.generations.empty() || o.children > 0 || !o.measures.empty() || !o.seedMethods.empty()))
        return usageError("--generations, --children, --fitness and --seed-method are for evolution, not for " +
                          o.method);
    return {};
}

Result<void> run(const Options& o, const std::string& commandLine, Output& output)
{
    ESPALIER_CHECK(checkOptions(o));
    ESPALIER_TRY(const auto opened, model::openModel(o.model));
    ESPALIER_TRY(auto study, study::Study::openOrCreate(o.study, opened.summary));
    ESPALIER_TRY(auto found, o.method == "naee" || o.method == "lexi" ? reconstruct(o, opened, study, output)
                                                                      : evolve(o, opened, study, output));
    base::OrderedJson saved = base::OrderedJson::array();
    for (auto& plan : found.plans) {
        plan.settings = {{"search", found.document}, {"command", commandLine}};
        if (o.keep > 0)
            plan.settings["keep"] = o.keep;
        else
            plan.settings["mean_top_k"] = o.meanTopK;
        ESPALIER_CHECK(study.savePlan(plan.name, plan.toJson()));
        saved.push_back(plan.name);
        found.text += fmt::format("Saved plan {}\n", plan.name);
    }
    if (!o.out.empty())
        ESPALIER_CHECK(found.plans.front().write(o.out));
    found.document["name"] = o.name;
    found.document["plans"] = saved;
    found.document["study"] = o.study;
    output.result(found.document, found.text);
    return {};
}

} // namespace

void addSearch(CLI::App& app, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "search", "Choose experts by measuring choices: EEP, EvoESAP, NAEE, LExI",
                                "espalier search MODEL --study my.espalier --keep 16 --task json=json.jsonl --name "
                                "searched --domain json");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--study", options->study,
                    "Study: journal, plans to begin with, the plan that is found; made when "
                    "it does not exist")
        ->required();
    sub->add_option("--name", options->name, "Name of the plan")->required();
    sub->add_option("--keep", options->keep, "Experts kept per layer; evoesap: on average")->check(within(1, 65536));
    sub->add_option("--mean-top-k", options->meanTopK, "lexi: experts per token, mean over the layers")
        ->check(within(1.0, 65536.0));
    sub->add_option("--method", options->method,
                    "eep: which experts, then how they are mixed, by evolution; evoesap: how many in each layer, by "
                    "evolution; naee: which experts, by each layer's output; lexi: how many a token gets in each "
                    "layer, by its output")
        ->check(CLI::IsMember({"eep", "evoesap", "naee", "lexi"}))
        ->capture_default_str();
    sub->add_option("--groups", options->groups,
                    "Groups of neighbouring layers that keep the same experts (default: "
                    "every layer for itself)")
        ->check(within(1, 65536));
    sub->add_option("--task", options->tasks, "NAME=FILE.jsonl with prompt and answer; repeatable");
    sub->add_option("--text", options->texts, "DOMAIN=FILE; repeatable");
    sub->add_option("--generations", options->generations,
                    "Generations of pruning, and after a comma of merging, 0 = "
                    "none")
        ->default_str("10,20; evoesap: 20");
    sub->add_option("--children", options->children, "Candidates of a generation")
        ->check(within(1, 4096))
        ->default_str("8; evoesap: 16");
    sub->add_option("--initial", options->initial, "Random candidates to begin with")
        ->check(within(1, 65536))
        ->capture_default_str();
    sub->add_option("--fitness", options->measures,
                    "Rungs of the ladder: likelihood, kl, acceptance, accuracy; the last "
                    "decides (default: likelihood,kl,accuracy for tasks alone, "
                    "likelihood,kl with texts; evoesap: acceptance)");
    sub->add_option("--seed-method", options->seedMethods,
                    "Scores whose plans begin the search (default: reap-sum, "
                    "easy-ep and frequency, where the study has them)");
    sub->add_option("--domain", options->domains, "Domains of those scores, separated by commas (default: all)");
    sub->add_option("--finalists", options->finalists, "Candidates among which the held-out items choose")
        ->check(within(1, 4096))
        ->capture_default_str();
    sub->add_flag("--progressive", options->progressive,
                  "naee: measure each layer behind the layers that are cut already");
    sub->add_option("--sample", options->sample, "naee, lexi: tokens that each layer is measured on")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 20))
        ->capture_default_str();
    sub->add_option("--enumerate", options->enumerate,
                    "naee: so many sets of experts are all measured; more are searched")
        ->check(within(std::int64_t{0}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--seed", options->seed, "Seed of everything drawn")->capture_default_str();
    sub->add_option("--context", options->context, "Tokens per window of a text")
        ->check(within(std::int64_t{2}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens per text (default: all)")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 40));
    sub->add_option("--max-items", options->maxItems, "Most items per task (default: all)")->check(within(1, 1 << 30));
    sub->add_option("--max-answer", options->maxAnswer, "Most tokens of an answer")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    sub->add_option("--plans-per-pass", options->plansPerPass, "Candidates that one pass over the weights carries")
        ->check(within(1, 256))
        ->capture_default_str();
    sub->add_option("--out", options->out, "Write the plan to this file, too");
    sub->add_flag("--resume", options->resume, "Go on with the same search; what was measured is kept");
    options->engine.addTo(sub);
    program.onRun(sub, [options, &program](Output& output) { return run(*options, program.commandLine, output); });
}

} // namespace espalier::cli
