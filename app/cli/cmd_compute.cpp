// SPDX-License-Identifier: Apache-2.0
// tokenize, logits: small commands that show what the tokenizer and the engine do.
#include "app/cli/command.h"
#include "app/cli/npy.h"
#include "app/cli/plan_source.h"
#include "core/base/file.h"
#include "core/tokenizer/model_tokenizer.h"

#include <fmt/format.h>

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

} // namespace espalier::cli
