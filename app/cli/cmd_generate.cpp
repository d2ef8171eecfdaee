// SPDX-License-Identifier: Apache-2.0
// generate: a prompt continued by the whole model, under a plan, or by the experts of the pattern that matches it.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/engine/pattern_answers.h"
#include "core/tokenizer/model_tokenizer.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

struct Options {
    std::vector<std::string> prompts;
    std::string model, plan, study, library, cache;
    int maxTokens = 64, keep = 0;
    bool base = false;
    EngineArguments engine;
};

/// Prints an answer as it grows.
class Stream {
public:
    Stream(const tokenizer::Tokenizer& tokenizer, Output& output) : m_tokenizer(tokenizer), m_output(output) {}

    /// As far as it is complete UTF-8, so that no half character reaches the terminal.
    void show(std::span<const engine::TokenId> ids)
    {
        const std::string text = m_tokenizer.decode(ids, true, tokenizer::DecodeAt::Inside);
        std::size_t end = text.size();
        if (!base::isUtf8(text, &end) && text.size() - end > 3)
            end = text.size();
        if (end > m_shown)
            m_output.print(text.substr(m_shown, end - m_shown));
        m_shown = std::max(m_shown, end);
    }
    /// What is left of the whole text.
    [[nodiscard]] std::string rest(const std::string& text) const
    {
        return (m_shown < text.size() ? text.substr(m_shown) : std::string()) + "\n";
    }

private:
    const tokenizer::Tokenizer& m_tokenizer;
    Output& m_output;
    std::size_t m_shown = 0;
};

Result<void> generate(const Options& o, const model::OpenModel& opened, const tokenizer::Tokenizer& tokenizer,
                      engine::TokenSequence ids, const engine::EngineOptions& engineOptions, Output& output)
{
    ESPALIER_TRY(const auto plan, optionalPlan(o.plan, o.study, opened.summary));
    ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
    engine::GenerateRequest request;
    request.prompts.push_back(std::move(ids));
    request.variants.push_back(plan ? &*plan : nullptr);
    if (o.base)
        request.variants.push_back(nullptr);
    request.maxTokens = o.maxTokens;
    request.stopTokens = opened.spec.stopTokens;
    Stream stream(tokenizer, output);
    request.stop = [&](std::size_t variant, std::size_t, std::span<const engine::TokenId> sofar) {
        if (variant == 0)
            stream.show(sofar);
        return false;
    };
    ESPALIER_TRY(const auto generated, engine->generate(request, output.job()));
    const auto& answer = generated.front().front();
    const std::string text = tokenizer.decode(answer, true, tokenizer::DecodeAt::Inside);
    base::OrderedJson document{{"prompt", o.prompts.front()}, {"text", text}, {"ids", answer}};
    std::string rest = stream.rest(text);
    if (o.base) {
        const auto& whole = generated.back().front();
        const std::string wholeText = tokenizer.decode(whole, true, tokenizer::DecodeAt::Inside);
        document["base"] = {{"text", wholeText}, {"ids", whole}};
        rest += "Whole model: " + wholeText + "\n";
    }
    output.result(document, rest);
    return {};
}

Result<void> generateByPatterns(const Options& o, const model::OpenModel& opened, const tokenizer::Tokenizer& tokenizer,
                                const std::vector<engine::TokenSequence>& prompts, engine::EngineOptions engineOptions,
                                Output& output)
{
    ESPALIER_TRY(const auto library, method::PatternLibrary::read(o.library));
    engineOptions.expertCache = ByteSize(1); // what a pattern needs
    if (!o.cache.empty()) {
        ESPALIER_TRY(engineOptions.expertCache, base::parseByteSize(o.cache));
        engineOptions.expertCache = std::max(engineOptions.expertCache, ByteSize(1));
    }
    ESPALIER_TRY(const auto engine, engine::openEngine(opened, engineOptions));
    auto made = engine::PatternAnswerer::make(*engine, opened, library, o.keep);
    if (!made) {
        Error error = made.error();
        error.file = error.file.empty() && error.code == ErrorCode::BadInput ? o.library : error.file;
        return error;
    }
    base::OrderedJson list = base::OrderedJson::array();
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        Stream stream(tokenizer, output);
        ESPALIER_TRY(const auto answer,
                     made->answer(
                         prompts[i], o.maxTokens, [&](std::span<const engine::TokenId> ids) { stream.show(ids); },
                         output.job()));
        const std::string text = tokenizer.decode(answer.ids, true, tokenizer::DecodeAt::Inside);
        base::OrderedJson document{{"prompt", o.prompts[i]}, {"text", text}, {"ids", answer.ids}};
        document.update(answer.toJson());
        list.push_back(std::move(document));
        output.print(stream.rest(text));
        output.print(fmt::format("  {}: {} of {} experts were in memory, read {} ({} experts); first token after "
                                 "{:.3f} s, of which {:.3f} s matching, {:.3f} s reading\n",
                                 answer.abstained ? answer.pattern + " (no pattern is near)" : answer.pattern,
                                 answer.patternHits, answer.patternExperts,
                                 base::formatByteSize(ByteSize(answer.loadedBytes)), answer.loadedExperts,
                                 answer.secondsToFirstToken, answer.secondsMatching, answer.secondsLoading));
    }
    const auto cache = engine->expertCache();
    const ByteSize peak = base::peakResidentSet();
    output.result({{"library", o.library},
                   {"keep", o.keep},
                   {"answers", list},
                   {"expert_cache",
                    {{"capacity", cache.capacity},
                     {"held_bytes", cache.heldBytes},
                     {"held_experts", cache.heldExperts},
                     {"wanted", cache.wanted},
                     {"hits", cache.hits},
                     {"loaded_experts", cache.loadedExperts},
                     {"loaded_bytes", cache.loadedBytes},
                     {"evicted_experts", cache.evictedExperts}}},
                   {"peak_rss_bytes", peak.value()}},
                  fmt::format("{} experts in memory ({}), {} of the process at most\n", cache.heldExperts,
                              base::formatByteSize(ByteSize(cache.heldBytes)), base::formatByteSize(peak)));
    return {};
}

Result<void> run(const Options& o, Output& output)
{
    const bool patterns = !o.library.empty();
    if (patterns && (o.keep == 0 || !o.plan.empty()))
        return usageError("--patterns chooses the experts of each prompt", "Give --keep K with it, and no --plan");
    if (!patterns && (o.keep > 0 || !o.cache.empty() || o.prompts.size() > 1))
        return usageError("--keep, --expert-cache and several prompts are for --patterns",
                          "Give --patterns L.patterns.json, or one prompt and --plan");
    if (o.base && o.plan.empty())
        return usageError("--base stands beside a plan", "Give --plan as well");
    ESPALIER_TRY(const auto engineOptions, o.engine.options());
    ESPALIER_TRY(const auto opened, model::openModel(o.model));
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(opened.checkpoint));
    std::vector<engine::TokenSequence> prompts;
    for (const auto& prompt : o.prompts) {
        ESPALIER_TRY(auto ids, tokenizer.encode(prompt, true));
        if (ids.empty())
            return usageError("the prompt is empty");
        prompts.push_back(std::move(ids));
    }
    return patterns ? generateByPatterns(o, opened, tokenizer, prompts, engineOptions, output)
                    : generate(o, opened, tokenizer, std::move(prompts.front()), engineOptions, output);
}

} // namespace

void addGenerate(CLI::App& app, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(
        app, "generate", "Continue a prompt, greedily, with the whole model, under a plan, or by matched experts",
        "espalier generate MODEL --prompt '82-27=' --max-tokens 8");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--prompt", options->prompts, "Text to continue; repeatable with --patterns")->required();
    sub->add_option("--plan", options->plan, "Mask with this plan: a file, or a name in --study");
    sub->add_option("--study", options->study, "Study that holds the plan");
    sub->add_flag("--base", options->base, "Also continue with the whole model, in the same run");
    sub->add_option("--patterns", options->library,
                    "Pattern library: read only the experts of the pattern that matches each prompt");
    sub->add_option("--keep", options->keep, "Experts of a pattern per layer")->check(within(1, 65536));
    sub->add_option("--expert-cache", options->cache,
                    "Memory for experts of earlier patterns, too, as 4GiB (default: one pattern's)");
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens to generate")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    options->engine.addTo(sub);
    program.onRun(sub, [options](Output& output) { return run(*options, output); });
}

} // namespace espalier::cli
