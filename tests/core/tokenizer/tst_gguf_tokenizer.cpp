// SPDX-License-Identifier: Apache-2.0
// Tokenizers out of GGUF files, which the gguf package wrote: the ids of the `tokenizers` and SentencePiece packages
// and those of llama.cpp, on hostile texts.
#include "core/tokenizer/model_tokenizer.h"
#include "tests/core/tokenizer/tokenizer_support.h"

using namespace espalier;
using namespace espalier::tokenizer;
using namespace espalier::test;

class TestGgufTokenizer : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

private slots:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        auto run =
            runOracle(QStringLiteral("tokenizer_cases.py"),
                      {m_folder.path(), QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/model/tokenizer.json"),
                       QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/calibration")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        run = runOracle(QStringLiteral("gguf_tokenizers.py"), {m_folder.path()});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    void sameIds_data()
    {
        QTest::addColumn<QString>("kind");
        for (const auto& entry : fs::directory_iterator(at("")))
            if (fs::exists(entry.path() / "model.gguf"))
                QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().filename());
    }
    void sameIds()
    {
        QFETCH(QString, kind);
        const auto folder = at(kind.toStdString());
        const auto cases = jsonOf(folder / "cases.json"), llama = jsonOf(folder / "llama.json");
        const auto tokenizer = tokenizerAt(folder / "model.gguf");
        QVERIFY_RESULT(tokenizer);
        const auto difference = firstDifference(*tokenizer, cases, "ids", false);
        QVERIFY2(difference.empty(), difference.c_str());
        std::size_t compared = 0;
        for (std::size_t i = 0; i < cases["texts"].size(); ++i) {
            if (llama["own_way"][i].get<bool>())
                continue;
            ++compared;
            const auto text = cases["texts"][i].get<std::string>();
            const auto plain = tokenizer->encode(text, false), around = tokenizer->encode(text, true);
            QVERIFY_RESULT(plain);
            QVERIFY_RESULT(around);
            QVERIFY2(*plain == llama["ids"][i].get<std::vector<TokenId>>(), base::OrderedJson(text).dump().c_str());
            QVERIFY2(*around == llama["special"][i].get<std::vector<TokenId>>(),
                     base::OrderedJson(text).dump().c_str());
        }
        QVERIFY(compared > cases["texts"].size() / 4);
    }
    void everyFamilyIsThere()
    {
        for (const char* kind : {"gpt2", "qwen2", "qwen35", "llama-bpe", "glm4", "gpt-4o", "kimi-k2", "deepseek-v3",
                                 "deepseek-coder", "smollm", "tekken", "sentencepiece"})
            QVERIFY2(fs::exists(at(kind) / "model.gguf"), kind);
    }
};

QTEST_GUILESS_MAIN(TestGgufTokenizer)
#include "tst_gguf_tokenizer.moc"
