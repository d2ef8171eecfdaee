// SPDX-License-Identifier: Apache-2.0
// Greedy generation against transformers.generate on the bundled tasks, and against the decoder's own logits, step by
// step, where transformers has no masks or no such ends.
#include "core/tokenizer/documents.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using namespace espalier::test;
using engine::GenerateRequest;
using engine::TokenId;

class TestGenerate : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path place(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    Machine tiny(const TinyOptions& options = {}) const
    {
        writeTinyCheckpoint(place("tiny"), options);
        return openMachine(place("tiny"));
    }

    static std::vector<TokenSequence> demoPrompts(int perTask)
    {
        const auto tokenizer = must(tokenizer::Tokenizer::load(demoFolder()));
        std::vector<TokenSequence> prompts;
        for (const char* task : {"json", "arithmetic", "sort", "number-german", "logic"}) {
            const auto file = demoFolder().parent_path() / "tasks" / (std::string(task) + ".jsonl");
            const auto data = must(tokenizer::readDocuments({task, file}));
            for (int i = 0; i < perTask; ++i)
                prompts.push_back(must(tokenizer.encode(data.documents[static_cast<std::size_t>(i)].prompt)));
        }
        return prompts;
    }

    /// Greedy continuation by running the whole text again for every token.
    static TokenSequence slowly(engine::Engine& engine, TokenSequence text, engine::PlanPointer plan, int tokens,
                                const std::vector<TokenId>& stopTokens = {})
    {
        TokenSequence answer;
        while (std::cmp_less(answer.size(), tokens)) {
            const auto logits = collectLogits(engine, {text}, plan)[0];
            const auto row = logits.end() - static_cast<std::ptrdiff_t>(logits.size() / text.size());
            const auto next = static_cast<TokenId>(std::max_element(row, logits.end()) - row);
            if (std::find(stopTokens.begin(), stopTokens.end(), next) != stopTokens.end())
                break;
            text.push_back(next);
            answer.push_back(next);
        }
        return answer;
    }

private Q_SLOTS:
    void equalsTransformers()
    {
        ESPALIER_NEED_ORACLE();
        const Machine demo = openMachine(demoFolder());
        const plan::Plan half = randomPlan(*demo.model, 20, 4);
        GenerateRequest request;
        request.prompts = demoPrompts(4);
        request.variants = {nullptr, &half};
        request.maxTokens = 24;
        request.stopTokens = must(must(tokenizer::Tokenizer::load(demoFolder())).encode("\n")); // an answer is a line
        QCOMPARE(request.stopTokens.size(), std::size_t{1});
        base::OrderedJson cases = base::OrderedJson::array();
        for (const plan::Plan* plan : request.variants) {
            base::OrderedJson one = oracleCase(demoFolder(), {}, plan, {});
            one["prompts"] = request.prompts;
            one["max_tokens"] = request.maxTokens;
            one["stop_tokens"] = request.stopTokens;
            cases.push_back(std::move(one));
        }
        writeText(place("cases.json"), cases.dump());
        const OracleRun run = runOracle("generate.py", {QString::fromStdString(place("cases.json").string()),
                                                        QString::fromStdString(place("answers.json").string())});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto wanted = must(base::readJsonFile(place("answers.json"))).get<engine::Generated>();
        const engine::Generated found = must(demo.engine->generate(request, {}));
        QCOMPARE(found.size(), wanted.size());
        bool ended = false;
        for (std::size_t v = 0; v < found.size(); ++v)
            for (std::size_t i = 0; i < found[v].size(); ++i) {
                QCOMPARE(found[v][i], wanted[v][i]);
                ended = ended || std::cmp_less(found[v][i].size(), request.maxTokens);
            }
        QVERIFY(ended);
    }

    void equalsItsOwnLogits_data()
    {
        QTest::addColumn<bool>("moe");
        QTest::addColumn<bool>("tied");
        QTest::newRow("moe") << true << false;
        QTest::newRow("moe tied") << true << true;
        QTest::newRow("dense") << false << false;
    }
    void equalsItsOwnLogits()
    {
        QFETCH(const bool, moe);
        QFETCH(const bool, tied);
        TinyOptions options;
        options.moe = moe;
        options.tied = tied;
        options.seed = 21;
        options.mlpOnlyLayers = {1};
        const Machine machine = tiny(options);
        GenerateRequest request;
        request.prompts = randomTexts(*machine.model, {9, 1, 30, 9, 4});
        request.variants = {nullptr};
        request.maxTokens = 12;
        plan::Plan half, late;
        if (moe) {
            half = randomPlan(*machine.model, 3, 6);
            late = plan::Plan::keepAll(machine.model->summary);
            late.layers.back() = half.layers.back();
            request.variants = {&half, nullptr, &late, &half};
        }
        const engine::Generated found = must(machine.engine->generate(request, {}));
        QCOMPARE(found.size(), request.variants.size());
        for (std::size_t v = 0; v < found.size(); ++v)
            for (std::size_t i = 0; i < request.prompts.size(); ++i)
                QCOMPARE(found[v][i], slowly(*machine.engine, request.prompts[i], request.variants[v], 12));
    }

    void slidingWindow()
    {
        TinyOptions options;
        base::OrderedJson config = tinyConfig(options);
        config["use_sliding_window"] = true;
        config["sliding_window"] = 6;
        writeCheckpoint(place("window"), config, tinyTensors(options));
        const Machine machine = openMachine(place("window"));
        QCOMPARE(machine.model->spec.attention.slidingWindow, 6);
        GenerateRequest request;
        request.prompts = randomTexts(*machine.model, {3, 14});
        request.variants = {nullptr};
        request.maxTokens = 10;
        const auto found = must(machine.engine->generate(request, {}))[0];
        for (std::size_t i = 0; i < 2; ++i)
            QCOMPARE(found[i], slowly(*machine.engine, request.prompts[i], nullptr, 10));
        writeTinyCheckpoint(place("full"), options); // a window does change something
        QVERIFY(largestDifference(collectLogits(*openMachine(place("full")).engine, request.prompts)[1],
                                  collectLogits(*machine.engine, request.prompts)[1]) > 1e-3);
    }

    void companyDoesNotMatter()
    {
        const Machine demo = openMachine(demoFolder());
        GenerateRequest request;
        request.prompts = demoPrompts(3);
        request.variants = {nullptr};
        request.maxTokens = 16;
        const auto together = must(demo.engine->generate(request, {}))[0];
        for (std::size_t i = 0; i < request.prompts.size(); i += 4) {
            GenerateRequest alone = request;
            alone.prompts = {request.prompts[i]};
            QCOMPARE(must(demo.engine->generate(alone, {}))[0][0], together[i]);
        }
    }

    void stopTokensEndWithoutBeingThere()
    {
        const Machine machine = tiny();
        const auto prompt = randomTexts(*machine.model, {8})[0];
        const TokenSequence free = slowly(*machine.engine, prompt, nullptr, 10);
        GenerateRequest request;
        request.prompts = {prompt};
        request.variants = {nullptr};
        request.maxTokens = 10;
        request.stopTokens = {free[3]};
        const auto first = std::find(free.begin(), free.end(), free[3]) - free.begin();
        QCOMPARE(must(machine.engine->generate(request, {}))[0][0], TokenSequence(free.begin(), free.begin() + first));
    }

    void callbackEndsOneVariantOnly()
    {
        const Machine machine = tiny();
        const plan::Plan all = plan::Plan::keepAll(machine.model->summary);
        GenerateRequest request;
        request.prompts = randomTexts(*machine.model, {8, 5});
        request.variants = {nullptr, &all}; // equal, so they are computed as one
        request.maxTokens = 6;
        std::size_t calls = 0;
        request.stop = [&](std::size_t variant, std::size_t prompt, std::span<const TokenId> ids) {
            ++calls;
            return variant == 1 && prompt == 0 && ids.size() == 2;
        };
        const auto found = must(machine.engine->generate(request, {}));
        QCOMPARE(found[1][0].size(), std::size_t{2});
        QCOMPARE(found[0][0].size(), std::size_t{6});
        QCOMPARE(found[1][1].size(), std::size_t{6});
        QVERIFY(std::equal(found[1][0].begin(), found[1][0].end(), found[0][0].begin()));
        QCOMPARE(calls, std::size_t{6 + 6 + 2 + 6});
    }

    void nothingToDo()
    {
        const Machine machine = tiny();
        GenerateRequest request;
        request.variants = {nullptr};
        QCOMPARE(must(machine.engine->generate(request, {})), engine::Generated(1));
        request.prompts = {{1, 2}};
        request.maxTokens = 0;
        QVERIFY(must(machine.engine->generate(request, {}))[0][0].empty());
        request.variants.clear();
        QVERIFY(must(machine.engine->generate(request, {})).empty());
    }

    void endsAtTheLastPosition()
    {
        TinyOptions options;
        options.maxPositions = 12;
        const Machine machine = tiny(options);
        GenerateRequest request;
        request.prompts = randomTexts(*machine.model, {10, 12});
        request.variants = {nullptr};
        const auto found = must(machine.engine->generate(request, {}))[0];
        QCOMPARE(found[0].size(), std::size_t{2});
        QCOMPARE(found[1].size(), std::size_t{1}); // computed from the last position, with no place for it
    }

    void cancellation()
    {
        const Machine machine = tiny();
        GenerateRequest request;
        request.prompts = randomTexts(*machine.model, {10, 12});
        request.variants = {nullptr};
        std::stop_source source;
        int tokens = 0;
        request.stop = [&](auto, auto, auto) {
            if (++tokens == 6)
                source.request_stop();
            return false;
        };
        base::JobContext job;
        job.stop = source.get_token();
        const auto found = machine.engine->generate(request, job);
        QVERIFY(!found && found.error().code == ErrorCode::Cancelled);
        QCOMPARE(tokens, 6);
    }
};

QTEST_APPLESS_MAIN(TestGenerate)
#include "tst_generate.moc"
