// SPDX-License-Identifier: Apache-2.0
// trace: which experts single tokens choose. Only on request, since the result holds the texts themselves.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/file.h"
#include "core/engine/domain_texts.h"
#include "core/engine/routing_trace.h"
#include "core/tokenizer/model_tokenizer.h"

#include <fmt/format.h>
#include <optional>
#include <set>

namespace espalier::cli {
namespace {

struct TraceOptions {
    std::string model, prompt, plan, study, out, layers;
    std::vector<std::string> texts;
    std::int64_t context = 512, maxTokens = 512;
    EngineArguments engine;
};

/// "DOMAIN=FILE", or a file alone, whose name is then the domain.
Result<tokenizer::DataFile> dataFile(const std::string& argument)
{
    if (argument.find('=') != std::string::npos)
        return tokenizer::parseDataArgument(argument);
    return tokenizer::parseDataArgument(std::filesystem::path(argument).stem().string() + "=" + argument);
}

Result<std::vector<engine::DomainTexts>> readTexts(const TraceOptions& options, const tokenizer::Tokenizer& tokenizer,
                                                   const model::ModelSpec& spec)
{
    std::vector<tokenizer::DataFile> files;
    for (const auto& argument : options.texts) {
        ESPALIER_TRY(auto file, dataFile(argument));
        files.push_back(std::move(file));
    }
    ESPALIER_TRY(const auto context, engine::usableContext(spec, options.context));
    ESPALIER_TRY(auto domains, engine::readDomainTexts(files, tokenizer, spec, context, TokenCount(options.maxTokens)));
    if (!options.prompt.empty()) {
        engine::DomainTexts prompt{"prompt", {}, {}, 0};
        ESPALIER_TRY(auto ids, tokenizer.encode(options.prompt, true));
        if (std::cmp_greater(ids.size(), context))
            ids.resize(static_cast<std::size_t>(context));
        prompt.tokens = static_cast<std::int64_t>(ids.size());
        prompt.windows.push_back({0, std::move(ids)});
        domains.push_back(std::move(prompt));
    }
    return domains;
}

/// MoE layers of "3,7"; all for an empty list.
Result<std::vector<LayerIndex>> chosenLayers(const std::string& list, const model::ModelSummary& model)
{
    std::set<LayerIndex> chosen;
    for (const auto& word : splitList(list)) {
        int layer = -1;
        if (!CLI::detail::lexical_cast(word, layer) || model.moePosition(LayerIndex(layer)) < 0)
            return usageError(fmt::format("--layer {}: the model has no experts there", word),
                              fmt::format("Layers with experts: {} to {}", model.moeLayers.front().layer.value(),
                                          model.moeLayers.back().layer.value()));
        chosen.emplace(layer);
    }
    if (chosen.empty())
        for (const auto& layer : model.moeLayers)
            chosen.insert(layer.layer);
    return std::vector<LayerIndex>(chosen.begin(), chosen.end());
}

/// A token on one line, with its blanks and line breaks to be seen.
std::string shown(const std::string& token)
{
    return base::OrderedJson(token).dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
}

std::string describeLayer(const stats::RoutingSample& sample, std::size_t layer)
{
    std::string out = fmt::format("Layer {}: every token and the experts it chose\n", sample.layers[layer].value());
    const auto k = static_cast<std::size_t>(sample.topK);
    for (const auto& text : sample.texts) {
        out += fmt::format("{}, document {}\n", text.domain, text.document + 1);
        for (std::size_t i = 0; i < text.tokens.size(); ++i) {
            out += fmt::format("  {:<20}", shown(text.tokens[i]));
            for (std::size_t j = i * k; j < (i + 1) * k; ++j)
                out += fmt::format("  E{:<4}{:.3f}", text.experts[layer][j], text.gates[layer][j]);
            out += "\n";
        }
    }
    return out;
}

/// All layers that were asked for; one, and how to see others, when none was.
std::string describe(const stats::RoutingSample& sample, bool asked)
{
    std::string out;
    for (std::size_t layer = 0; layer < (asked ? sample.layers.size() : 1); ++layer)
        out += describeLayer(sample, layer);
    if (!asked && sample.layers.size() > 1)
        out += fmt::format("{} more layers: choose with --layer, or take all with --json\n", sample.layers.size() - 1);
    return out;
}

Result<void> trace(const TraceOptions& options, Output& output)
{
    if (options.texts.empty() && options.prompt.empty())
        return usageError("there is no text to trace", "Give --text DOMAIN=FILE or --prompt TEXT");
    ESPALIER_TRY(const auto engineOptions, options.engine.options());
    ESPALIER_TRY(const auto opened, model::openModel(options.model));
    if (opened.summary.moeLayers.empty())
        return badInput("the model has no experts to trace", options.model);
    ESPALIER_TRY(const auto layers, chosenLayers(options.layers, opened.summary));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(opened.checkpoint));
    ESPALIER_TRY(const auto domains, readTexts(options, tokenizer, opened.spec));
    std::optional<plan::Plan> plan;
    if (!options.plan.empty()) {
        ESPALIER_TRY(plan, findPlan(options.plan, options.study, opened.summary));
    }
    ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
    ESPALIER_TRY(const auto sample, engine::sampleRouting(*engine, opened, tokenizer, domains, layers,
                                                          plan ? &*plan : nullptr, output.job()));
    if (options.out.empty()) {
        output.result(sample.toJson(), describe(sample, !options.layers.empty()));
        return {};
    }
    ESPALIER_CHECK(sample.write(options.out));
    output.result({{"out", options.out},
                   {"texts", sample.texts.size()},
                   {"tokens", sample.tokens()},
                   {"layers", sample.layers.size()}},
                  fmt::format("Wrote the choices of {} tokens in {} layers to {}\n", sample.tokens(),
                              sample.layers.size(), options.out));
    return {};
}

} // namespace

void addTrace(CLI::App& app, Program& program)
{
    auto options = std::make_shared<TraceOptions>();
    CLI::App* sub = program.add(app, "trace", "Which experts every token of a text chooses",
                                "espalier trace MODEL --text law=law.txt --layer 3 --max-tokens 100");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--text", options->texts, "DOMAIN=FILE or FILE, .txt or .jsonl; repeatable");
    sub->add_option("--prompt", options->prompt, "A text given here");
    sub->add_option("--layer", options->layers, "Layers, separated by commas (default: all that have experts)");
    sub->add_option("--context", options->context, "Tokens per window")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens per domain")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 24))
        ->capture_default_str();
    sub->add_option("--plan", options->plan, "Under this plan: a file, or a name in --study");
    sub->add_option("--study", options->study, "Study that holds the plan");
    sub->add_option("--out", options->out, "Write the trace to this JSON file instead of standard output");
    options->engine.addTo(sub);
    program.onRun(sub, [options](Output& output) { return trace(*options, output); });
}

} // namespace espalier::cli
