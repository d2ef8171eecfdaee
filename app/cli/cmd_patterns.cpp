// SPDX-License-Identifier: Apache-2.0
// patterns build | match | import | export: libraries of expert patterns and the nearest one to a prompt.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/engine/prompt_signatures.h"
#include "core/exchange/premoe_library.h"
#include "core/plan/pattern_plan.h"
#include "core/study/study.h"
#include "core/tokenizer/documents.h"

#include <fmt/format.h>
#include <map>

namespace espalier::cli {
namespace {

struct BuildOptions {
    std::string study, out, method = "peu", domains;
    int layers = 0;
};
struct MatchOptions {
    std::string library, model, prompt, out;
    std::vector<std::string> prompts;
    int keep = 0, maxItems = 0, maxTokens = 256;
    EngineArguments engine;
};

Result<void> build(const BuildOptions& options, Output& output)
{
    ESPALIER_TRY(const auto study, study::Study::open(options.study, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto statistics, study.loadStatistics());
    method::PatternRequest request;
    request.score.method = options.method;
    request.signatureLayers = options.layers;
    for (const auto& domain : splitList(options.domains))
        request.score.domains.push_back({domain, 1.0});
    ESPALIER_TRY(auto library, method::buildPatterns(statistics, study.model(), request));
    library.source = std::filesystem::path(options.study).filename().string();
    ESPALIER_CHECK(library.write(options.out));
    base::OrderedJson list = base::OrderedJson::array();
    std::string text = fmt::format("Wrote {} patterns of {} layers x {} experts by {} to {}\n", library.patterns.size(),
                                   library.layers.size(), library.experts, library.method, options.out);
    for (const auto& pattern : library.patterns) {
        const auto limit = pattern.limit(32);
        list.push_back({{"name", pattern.name},
                        {"tokens", pattern.tokens},
                        {"limit_32", limit ? base::OrderedJson(*limit) : base::OrderedJson()}});
        text += fmt::format("  {:<24}{:>10} tokens, prompts of 32 may lie within {}\n", pattern.name, pattern.tokens,
                            limit ? fmt::format("{:.3f} nats", *limit) : "an unknown distance");
    }
    output.result({{"out", options.out},
                   {"method", library.method},
                   {"signature_layers", library.signatureLayers},
                   {"patterns", list}},
                  text);
    return {};
}

/// A prompt with the domain it is known to be of, empty when unknown.
struct Query {
    std::string domain, text;
};

Result<std::vector<Query>> readQueries(const MatchOptions& options)
{
    std::vector<Query> queries;
    if (!options.prompt.empty())
        queries.push_back({"", options.prompt});
    for (const auto& argument : options.prompts) {
        ESPALIER_TRY(const auto file, tokenizer::parseDataArgument(argument));
        ESPALIER_TRY(const auto data, tokenizer::readDocuments(file));
        int taken = 0;
        for (const auto& document : data.documents) {
            if (options.maxItems > 0 && taken++ >= options.maxItems)
                break;
            queries.push_back({file.name, document.task ? document.prompt : document.text});
        }
    }
    if (queries.empty())
        return usageError("there is nothing to match", "Give --prompt TEXT or --prompts DOMAIN=FILE.jsonl");
    return queries;
}

/// How often the prompts of a domain found their own pattern, and how often none was near enough.
struct Rate {
    std::int64_t prompts = 0, right = 0, abstained = 0, rightOrAbstained = 0;
};

base::OrderedJson matchJson(const method::PatternLibrary& library, const method::PatternMatch& match,
                            std::int64_t tokens)
{
    base::OrderedJson ranking = base::OrderedJson::array();
    for (const auto& c : match.ranking)
        ranking.push_back({{"pattern", library.patterns[c.pattern].name},
                           {"distance", c.distance},
                           {"limit", c.limit ? base::OrderedJson(*c.limit) : base::OrderedJson()}});
    return {
        {"pattern", match.abstains ? library.generalist.name : library.patterns[match.ranking.front().pattern].name},
        {"abstained", match.abstains},
        {"tokens", tokens},
        {"ranking", ranking}};
}

Result<void> match(const MatchOptions& options, Output& output)
{
    if (!options.out.empty() && (options.prompt.empty() || options.keep == 0))
        return usageError("--out writes the plan of one matched pattern", "Give --prompt TEXT and --keep K with it");
    ESPALIER_TRY(const auto queries, readQueries(options));
    ESPALIER_TRY(const auto engineOptions, options.engine.options());
    ESPALIER_TRY(const auto library, method::PatternLibrary::read(options.library));
    ESPALIER_TRY(const auto opened, model::openModel(options.model));
    if (auto fits = plan::checkLibrary(opened.summary, library); !fits) {
        Error error = fits.error();
        error.file = options.library;
        return error;
    }
    ESPALIER_TRY(const auto tokenizer, tokenizer::Tokenizer::load(options.model));
    std::vector<engine::TokenSequence> prompts;
    for (const auto& query : queries) {
        ESPALIER_TRY(auto ids, tokenizer.encode(query.text, true));
        if (ids.empty())
            return usageError("a prompt is empty");
        if (ids.size() > static_cast<std::size_t>(options.maxTokens))
            ids.resize(static_cast<std::size_t>(options.maxTokens));
        prompts.push_back(std::move(ids));
    }
    ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
    ESPALIER_TRY(const auto signatures,
                 engine::promptSignatures(*engine, opened.summary, prompts, library, output.job()));
    base::OrderedJson list = base::OrderedJson::array();
    std::map<std::string, Rate> rates;
    std::string text;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto found = method::matchPattern(library, signatures[i].signature, signatures[i].tokens);
        const auto& nearest = library.patterns[found.ranking.front().pattern];
        auto document = matchJson(library, found, signatures[i].tokens);
        if (!queries[i].domain.empty()) {
            document["domain"] = queries[i].domain;
            auto& rate = rates[queries[i].domain];
            const bool right = nearest.name == queries[i].domain;
            ++rate.prompts;
            rate.right += right ? 1 : 0;
            rate.abstained += found.abstains ? 1 : 0;
            rate.rightOrAbstained += right || found.abstains ? 1 : 0;
        } else {
            text += fmt::format("{} ({} tokens)\n", found.abstains ? "generalist: no pattern is near" : nearest.name,
                                signatures[i].tokens);
            for (const auto& c : found.ranking)
                text += fmt::format("  {:<24}{:.4f} nats{}\n", library.patterns[c.pattern].name, c.distance,
                                    c.limit ? fmt::format(", near is within {:.4f}", *c.limit) : "");
            if (options.keep > 0) {
                const auto& pattern = found.abstains ? library.generalist : nearest;
                ESPALIER_TRY(const auto plan, plan::planFromPattern(opened.summary, library, pattern, options.keep));
                document["plan"] = plan.toJson();
                text += describePlan(plan, opened.summary, nullptr);
                if (!options.out.empty())
                    ESPALIER_CHECK(plan.write(options.out));
            }
        }
        list.push_back(std::move(document));
    }
    base::OrderedJson summary = base::OrderedJson::object();
    for (const auto& [domain, rate] : rates) {
        const auto n = static_cast<double>(rate.prompts);
        summary[domain] = {{"prompts", rate.prompts},
                           {"nearest_is_domain", static_cast<double>(rate.right) / n},
                           {"abstained", static_cast<double>(rate.abstained) / n},
                           {"right_or_abstained", static_cast<double>(rate.rightOrAbstained) / n}};
        text += fmt::format("  {:<24}{:>6} prompts, own pattern nearest {:>6.1f} %, abstained {:>6.1f} %\n", domain,
                            rate.prompts, 100 * static_cast<double>(rate.right) / n,
                            100 * static_cast<double>(rate.abstained) / n);
    }
    output.result({{"library", options.library}, {"matches", list}, {"domains", summary}}, text);
    return {};
}

struct PairOptions {
    std::vector<std::string> files;
    std::string library, model, out, names;
};

Result<void> importPair(const PairOptions& options, Output& output)
{
    if (options.files.size() != 2)
        return usageError("PreMoe's patterns are two files", "Give the .index and the .pt file");
    ESPALIER_TRY(const auto opened, model::openModel(options.model));
    const auto names = splitList(options.names);
    ESPALIER_TRY(const auto library,
                 exchange::readPremoeLibrary(options.files[0], options.files[1], names, opened.summary));
    ESPALIER_CHECK(library.write(options.out));
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& pattern : library.patterns)
        list.push_back(pattern.name);
    output.result({{"out", options.out}, {"patterns", list}},
                  fmt::format("Wrote {} patterns of {} layers x {} experts to {}; prompts are matched as PreMoe's v1 "
                              "does, the nearest is always taken\n",
                              library.patterns.size(), library.layers.size(), library.experts, options.out));
    return {};
}

Result<void> exportPair(const PairOptions& options, Output& output)
{
    ESPALIER_TRY(const auto library, method::PatternLibrary::read(options.library));
    const std::string index = options.out + ".index", tensor = options.out + ".pt";
    ESPALIER_CHECK(exchange::writePremoeLibrary(library, index, tensor));
    base::OrderedJson tasks = base::OrderedJson::array();
    std::string text = fmt::format("Wrote {} and {}\n", index, tensor);
    for (const auto& pattern : library.patterns) {
        text += fmt::format("  task {:<4}{}\n", tasks.size(), pattern.name);
        tasks.push_back(pattern.name);
    }
    output.result({{"index", index}, {"tensor", tensor}, {"tasks", tasks}}, text);
    return {};
}

} // namespace

void addPatterns(CLI::App& app, Program& program)
{
    auto building = std::make_shared<BuildOptions>();
    auto matching = std::make_shared<MatchOptions>();
    CLI::App* group = app.add_subcommand("patterns", "Libraries of expert patterns, and the nearest one to a prompt");
    group->require_subcommand(1);
    group->footer("\nExample:\n  espalier patterns build my.espalier --out my.patterns.json");
    CLI::App* sub = program.add(*group, "build", "Make a library from a study: one pattern per domain, a generalist",
                                "espalier patterns build my.espalier --out my.patterns.json");
    sub->add_option("STUDY", building->study, "Study file with logit pools")->required();
    sub->add_option("--out", building->out, "Library to write (espalier.patterns/1)")->required();
    sub->add_option("--method", building->method, "Score that chooses the experts, see `espalier methods`")
        ->capture_default_str();
    sub->add_option("--domain", building->domains, "Domains, separated by commas (default: all)");
    sub->add_option("--signature-layers", building->layers, "Compare prompts by the first N layers (default: all)")
        ->check(within(1, 65536));
    program.onRun(sub, [building](Output& output) { return build(*building, output); });

    sub = program.add(*group, "match", "Rank the patterns of a library for a prompt; none near: the generalist",
                      "espalier patterns match my.patterns.json --model MODEL --prompt '82-27='");
    sub->add_option("LIBRARY", matching->library, "Library from patterns build")->required();
    sub->add_option("--model", matching->model, "Model folder")->required();
    sub->add_option("--prompt", matching->prompt, "Text to match");
    sub->add_option("--prompts", matching->prompts,
                    "DOMAIN=FILE of prompts whose domain is known, to see how often it is found; repeatable");
    sub->add_option("--max-items", matching->maxItems, "Most prompts of a file (default: all)")
        ->check(within(1, 1 << 30));
    sub->add_option("--max-tokens", matching->maxTokens, "Most tokens of a prompt")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    sub->add_option("--keep", matching->keep, "Also plan: experts kept per layer")->check(within(1, 65536));
    sub->add_option("--out", matching->out, "Write that plan to this file");
    matching->engine.addTo(sub);
    program.onRun(sub, [matching](Output& output) { return match(*matching, output); });

    auto in = std::make_shared<PairOptions>(), to = std::make_shared<PairOptions>();
    sub = program.add(*group, "import", "A library from PreMoe's published pair of index and tensor",
                      "espalier patterns import tasks.index tasks.pt --model MODEL --out tasks.patterns.json");
    sub->add_option("FILE", in->files, "The .index file, then the .pt file")->required();
    sub->add_option("--model", in->model, "Model folder (headers are read)")->required();
    sub->add_option("--out", in->out, "Library to write (espalier.patterns/1)")->required();
    sub->add_option("--names", in->names, "Names of the tasks in order, separated by commas");
    program.onRun(sub, [in](Output& output) { return importPair(*in, output); });

    sub = program.add(*group, "export", "A library of TCESS scores as PreMoe's pair of index and tensor",
                      "espalier patterns export my.patterns.json --out tasks");
    sub->add_option("LIBRARY", to->library, "Library from patterns build --method tcess")->required();
    sub->add_option("--out", to->out, "Name of the files, without .index and .pt")->required();
    program.onRun(sub, [to](Output& output) { return exportPair(*to, output); });
}

} // namespace espalier::cli
