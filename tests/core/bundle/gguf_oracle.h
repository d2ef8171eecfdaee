// SPDX-License-Identifier: Apache-2.0
// Tiny random GGUF files made by tests/oracle/gguf_models.py, and what llama.cpp does with a file.
#pragma once

#include "tests/core/engine/engine_support.h"

#include <QTest>
#include <string>
#include <vector>

namespace espalier::test {

struct GgufCase {
    std::string name;
    std::string architecture;
    std::string modelType; ///< of the twin in transformers
    base::OrderedJson config;
    std::string experts = "F32", matrices = "F32"; ///< ggml types
    int keep = 0;                                  ///< experts an exported plan keeps; 0 = dense
    std::vector<std::string> options = {};         ///< see gguf_models.py
    int mtp = 0;
    /// Of log-probabilities against llama.cpp, which rounds activations to a type like the weights'.
    double tolerance = 1e-3;
    /// False where llama.cpp's rounding would choose other experts in a near tie: its text is compared for the cut
    /// alone, of which every token uses every expert.
    bool wholeAsLlamaCpp = true;
};

inline constexpr int kGgufVocabulary = 144; ///< of the made-up vocabularies

inline std::vector<TokenSequence> ggufTexts()
{
    std::mt19937 random(3);
    std::vector<TokenSequence> texts;
    for (const int length : {1, 7, 40})
        for (auto& text = texts.emplace_back(); std::cmp_less(text.size(), length);)
            text.push_back(static_cast<engine::TokenId>(random() % kGgufVocabulary));
    return texts;
}

/// Files <folder>/<i>.gguf, plain twins <folder>/plain-<i>, transformers' logits <folder>/logits-<i>. Throws with the
/// oracle's words.
inline void makeGgufModels(const std::filesystem::path& folder, const std::vector<GgufCase>& cases)
{
    base::OrderedJson list = base::OrderedJson::array();
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const GgufCase& one = cases[i];
        base::OrderedJson config{
            {"vocab_size", kGgufVocabulary}, {"num_hidden_layers", 3}, {"num_attention_heads", 4},
            {"num_key_value_heads", 2},      {"hidden_size", 64},      {"max_position_embeddings", 256}};
        config.update(one.config);
        list.push_back({{"architecture", one.architecture},
                        {"model_type", one.modelType},
                        {"config", config},
                        {"seed", 100 + i},
                        {"types", {{"experts", one.experts}, {"matrices", one.matrices}}},
                        {"out", (folder / (std::to_string(i) + ".gguf")).string()},
                        {"plain", (folder / ("plain-" + std::to_string(i))).string()},
                        {"sequences", ggufTexts()},
                        {"logits", (folder / ("logits-" + std::to_string(i))).string()},
                        {"options", one.options},
                        {"mtp", one.mtp}});
    }
    writeText(folder / "cases.json", list.dump());
    const OracleRun run =
        runOracle(QStringLiteral("gguf_models.py"), {QString::fromStdString((folder / "cases.json").string())});
    if (run.exitCode != 0)
        throw std::runtime_error(run.errors.toStdString());
}

/// What llama.cpp says, one entry per file; see llama_cpp.py.
inline base::OrderedJson askLlamaCpp(const std::filesystem::path& folder,
                                     const std::vector<std::filesystem::path>& files,
                                     const std::vector<TokenSequence>& prompts, int tokens, int vocabulary,
                                     const std::vector<std::string>& texts = {})
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& file : files)
        list.push_back({{"gguf", file.string()},
                        {"prompts", prompts},
                        {"max_tokens", tokens},
                        {"vocabulary", vocabulary},
                        {"texts", texts}});
    writeText(folder / "llama.json", list.dump());
    const OracleRun run =
        runOracle(QStringLiteral("llama_cpp.py"), {QString::fromStdString((folder / "llama.json").string()),
                                                   QString::fromStdString((folder / "llama-answers.json").string())});
    if (run.exitCode != 0)
        throw std::runtime_error(run.errors.toStdString());
    return base::OrderedJson::parse(readText(folder / "llama-answers.json"));
}

/// Log-probabilities of one row of logits.
inline std::vector<double> logProbabilities(const float* row, std::size_t count)
{
    const double best = *std::max_element(row, row + count);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += std::exp(static_cast<double>(row[i]) - best);
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(static_cast<double>(row[i]) - best - std::log(sum));
    return out;
}

struct Continuation {
    double difference = 0; ///< largest, of log-probabilities
    double regret = 0;     ///< largest by which the best token is better than llama.cpp's, by our logits
    std::string problem;
};

/// Our logits along the texts that llama.cpp wrote against its own probabilities at every step.
inline Continuation compareWithLlama(engine::Engine& engine, int vocabulary, const std::vector<TokenSequence>& prompts,
                                     const base::OrderedJson& answer)
{
    std::vector<TokenSequence> whole = prompts;
    for (std::size_t p = 0; p < whole.size(); ++p)
        for (const auto& id : answer["ids"][p])
            whole[p].push_back(id.get<engine::TokenId>());
    const Logits logits = collectLogits(engine, whole);
    Continuation result;
    const auto width = static_cast<std::size_t>(vocabulary);
    for (std::size_t p = 0; p < whole.size(); ++p) {
        if (answer["ids"][p].empty())
            result.problem = "llama.cpp wrote nothing";
        for (std::size_t i = 0; i < answer["ids"][p].size(); ++i) {
            const std::size_t at = prompts[p].size() + i;
            const auto ours = logProbabilities(logits[p].data() + (at - 1) * width, width);
            const auto theirs = answer["logprobs"][p][i].get<std::vector<double>>();
            for (std::size_t v = 0; v < width; ++v)
                result.difference = std::max(result.difference, std::abs(ours[v] - theirs[v]));
            const auto chosen = static_cast<std::size_t>(whole[p][at]);
            result.regret = std::max(result.regret, *std::max_element(ours.begin(), ours.end()) - ours[chosen]);
        }
    }
    return result;
}

} // namespace espalier::test
