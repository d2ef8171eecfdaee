// SPDX-License-Identifier: Apache-2.0
// tokenize, logits, generate: small commands that show what the tokenizer and the engine do.
#include "app/cli/command.h"
#include "app/cli/npy.h"
#include "app/cli/plan_source.h"
#include "core/base/file.h"
#include "core/tokenizer/model_tokenizer.h"

#include <fmt/format.h>
#include <optional>

namespace espalier::cli {
namespace {

constexpr ByteSize kTextLimit{1ULL << 30U};

Result<std::vector<engine::TokenSequence>> readTokens(const std::string& path, int vocabulary)
{
    ESPALIER_TRY(const auto json, base::readJsonFile(path, kTextLimit));
    if (!json.is_array() || json.empty())
        return badInput("expected [[ids...], ...] with at least one sequence", path);
    std::vector<engine::TokenSequence> sequences;
    for (std::size_t i = 0; i < json.size(); ++i) {
        engine::TokenSequence ids;
        if (!json[i].is_array() || json[i].empty())
            return badInput("a sequence must be a non-empty array of ids", path, fmt::format("sequence {}", i));
        for (const auto& id : json[i]) {
            if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocabulary)
                return badInput(fmt::format("ids must be integers from 0 to {}", vocabulary - 1), path,
                                fmt::format("sequence {}", i));
            ids.push_back(id.get<engine::TokenId>());
        }
        sequences.push_back(std::move(ids));
    }
    return sequences;
}

Result<std::optional<plan::Plan>> optionalPlan(const std::string& argument, const std::string& study,
                                               const model::ModelSummary& model)
{
    if (argument.empty())
        return std::optional<plan::Plan>{};
    ESPALIER_TRY(auto plan, findPlan(argument, study, model));
    return std::optional<plan::Plan>(std::move(plan));
}

} // namespace

void addTokenize(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, file;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "tokenize", "Token ids of a text file by the model's tokenizer",
                                "espalier tokenize MODEL --file text.txt --json");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--file", options->file, "UTF-8 text")->required();
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerAt(options->model));
        ESPALIER_TRY(const auto text, base::readTextFile(options->file, kTextLimit));
        std::size_t bad = 0;
        if (!base::isUtf8(text, &bad))
            return badInput("the text is not UTF-8", options->file, fmt::format("byte {}", bad));
        ESPALIER_TRY(const auto ids, tokenizer.encode(text));
        const bool same = tokenizer.decode(ids, false) == text;
        base::OrderedJson document{{"ids", ids}, {"text_roundtrip", same}};
        output.result(document, document.dump() + "\n");
        return {};
    });
}

void addLogits(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, tokens, out, plan, study;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub =
        program.add(app, "logits", "Logits of token sequences as a NumPy file, to compare with other engines",
                    "espalier logits MODEL --tokens ids.json --out logits.npy");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--tokens", options->tokens, "JSON file [[ids...], ...]")->required();
    sub->add_option("--out", options->out, "NumPy file, float32 [sequences, positions, vocabulary]")->required();
    sub->add_option("--plan", options->plan, "Mask with this plan: a file, or a name in --study");
    sub->add_option("--study", options->study, "Study that holds the plan");
    options->engine.addTo(sub, "float32");
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto engineOptions, options->engine.options());
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        ESPALIER_TRY(const auto sequences, readTokens(options->tokens, opened.summary.vocabulary));
        ESPALIER_TRY(const auto plan, optionalPlan(options->plan, options->study, opened.summary));
        ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
        std::size_t longest = 0;
        for (const auto& ids : sequences)
            longest = std::max(longest, ids.size());
        const auto vocabulary = static_cast<std::size_t>(opened.summary.vocabulary);
        ESPALIER_TRY(auto writer, NpyWriter::create(options->out, {sequences.size(), longest, vocabulary}));
        const auto sink = [&](std::size_t, std::span<const float> logits, std::int64_t positions) -> Result<void> {
            ESPALIER_CHECK(writer.write(logits));
            return writer.fill((longest - static_cast<std::size_t>(positions)) * vocabulary);
        };
        ESPALIER_CHECK(engine->logits(sequences, plan ? &*plan : nullptr, sink, output.job()));
        ESPALIER_CHECK(writer.finish());
        output.result(
            {{"out", options->out}, {"shape", {sequences.size(), longest, vocabulary}}},
            fmt::format("Wrote float32 [{}, {}, {}] to {}\n", sequences.size(), longest, vocabulary, options->out));
        return {};
    });
}

void addGenerate(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, prompt, plan, study;
        int maxTokens = 64;
        bool base = false;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "generate", "Continue a prompt, greedily, with the whole model or under a plan",
                                "espalier generate MODEL --prompt '82-27=' --max-tokens 8");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--prompt", options->prompt, "Text to continue")->required();
    sub->add_option("--plan", options->plan, "Mask with this plan: a file, or a name in --study");
    sub->add_option("--study", options->study, "Study that holds the plan");
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens to generate")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    sub->add_flag("--base", options->base, "Also continue with the whole model, in the same run");
    options->engine.addTo(sub);
    program.onRun(sub, [options](Output& output) -> Result<void> {
        if (options->base && options->plan.empty())
            return usageError("--base stands beside a plan", "Give --plan as well");
        ESPALIER_TRY(const auto engineOptions, options->engine.options());
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(opened.checkpoint));
        ESPALIER_TRY(auto ids, tokenizer.encode(options->prompt, true));
        if (ids.empty())
            return usageError("the prompt is empty");
        ESPALIER_TRY(const auto plan, optionalPlan(options->plan, options->study, opened.summary));
        ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
        engine::GenerateRequest request;
        request.prompts.push_back(std::move(ids));
        request.variants.push_back(plan ? &*plan : nullptr);
        if (options->base)
            request.variants.push_back(nullptr);
        request.maxTokens = options->maxTokens;
        request.stopTokens = opened.spec.stopTokens;
        std::size_t shown = 0;
        // Text is streamed as far as it is complete UTF-8, so that no half character reaches the terminal.
        request.stop = [&](std::size_t variant, std::size_t, std::span<const engine::TokenId> sofar) {
            if (variant > 0)
                return false;
            const std::string text = tokenizer.decode(sofar, true, tokenizer::DecodeAt::Inside);
            std::size_t end = text.size();
            if (!base::isUtf8(text, &end) && text.size() - end > 3)
                end = text.size();
            if (end > shown)
                output.print(text.substr(shown, end - shown));
            shown = std::max(shown, end);
            return false;
        };
        ESPALIER_TRY(const auto generated, engine->generate(request, output.job()));
        const auto& answer = generated.front().front();
        const std::string text = tokenizer.decode(answer, true, tokenizer::DecodeAt::Inside);
        base::OrderedJson document{{"prompt", options->prompt}, {"text", text}, {"ids", answer}};
        std::string rest = (shown < text.size() ? text.substr(shown) : std::string()) + "\n";
        if (options->base) {
            const auto& whole = generated.back().front();
            const std::string wholeText = tokenizer.decode(whole, true, tokenizer::DecodeAt::Inside);
            document["base"] = {{"text", wholeText}, {"ids", whole}};
            rest += "Whole model: " + wholeText + "\n";
        }
        output.result(document, rest);
        return {};
    });
}

} // namespace espalier::cli
