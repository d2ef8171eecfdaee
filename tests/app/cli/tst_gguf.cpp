// SPDX-License-Identifier: Apache-2.0
// The road of a GGUF file on the command line: inspect, tokenize, profile, plan, generate, export, verify.
#include "tests/app/cli/cli_run.h"
#include "tests/support/gguf_model.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using test::cli;

class TestGguf : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString path(const char* name) const { return m_dir.filePath(QString::fromLatin1(name)); }
    void write(const char* name, const std::string& bytes) const { test::writeText(path(name).toStdString(), bytes); }

private Q_SLOTS:
    void initTestCase()
    {
        write("m.gguf", test::ggufMoeModel().file());
        write("iq2.gguf", test::ggufMoeModel(16, 66).file());
        write("text.txt", "abbaab cdeabba<s>ab abcdeabdaaabbbcade</s>abba");
    }

    void theWholeRoad()
    {
        const QString model = path("m.gguf"), study = path("s.espalier");
        auto run = cli({"inspect", model, "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["family"].get<std::string>(), std::string("qwen3_moe"));
        run = cli({"tokenize", model, "--file", path("text.txt"), "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["ids"][0].get<int>(), 2); // "ab"
        run = cli({"generate", model, "--prompt", "ab", "--max-tokens", "4", "--json"});
        QVERIFY2(run.code == 0, run.err.constData());
        QVERIFY(!run.json()["ids"].empty() || run.json()["text"] == "");
        run = cli({"profile", model, "--study", study, "--data", "x=" + path("text.txt")});
        QVERIFY2(run.code == 0, run.err.constData());
        run = cli({"plan", study, "--name", "half", "--method", "reap-sum", "--keep", "2", "--allocate", "uniform",
                   "--out", path("half.json")});
        QVERIFY2(run.code == 0, run.err.constData());
        run = cli({"validate", model, "--study", study, "--plan", "half", "--text", "x=" + path("text.txt"), "--json"});
        QVERIFY2(run.code == 0, run.err.constData());
        run = cli({"export", model, "--plan", path("half.json"), "--out", path("half"), "--format", "gguf", "--json"});
        QVERIFY2(run.code == 0, run.err.constData());
        QCOMPARE(run.json()["bytes"].dump(), run.json()["predicted_bytes"].dump());
        QCOMPARE(run.json()["files"][0]["name"].get<std::string>(), std::string("model.gguf"));
        run = cli({"verify", path("half"), "--against", model});
        QVERIFY2(run.code == 0, run.err.constData());
        QVERIFY(run.out.contains("metadata equal the source"));
        run = cli({"inspect", path("half"), "--json"});
        QCOMPARE(run.json()["experts"].get<int>(), 2);
        run = cli({"generate", path("half"), "--prompt", "ab", "--max-tokens", "4", "--json"});
        const auto masked =
            cli({"generate", model, "--plan", path("half.json"), "--prompt", "ab", "--max-tokens", "4", "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json()["ids"].dump(), masked.json()["ids"].dump());

        run = cli({"export", path("iq2.gguf"), "--plan", path("half.json"), "--out", path("iq2-half")});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.says("the plan was made for model"), run.err.constData());
    }

    void whatIsRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QStringList& arguments, int code, const char* says) {
            QTest::newRow(name) << arguments << code << says;
        };
        const QString model = path("m.gguf");
        row("safetensors of a GGUF", {"export", model, "--plan", "p", "--out", "o", "--format", "safetensors"}, 2,
            "a GGUF file is cut as a GGUF file");
        row("computing without a type", {"generate", path("iq2.gguf"), "--prompt", "a"}, 3, "cannot be computed with");
        test::GgufModel made = test::ggufMoeModel();
        made.keys["tokenizer.ggml.pre"] = test::ggufString("tokenizer.ggml.pre", "future-bpe");
        write("pre.gguf", made.file());
        row("unknown pre-tokenizer", {"tokenize", path("pre.gguf"), "--file", path("text.txt")}, 3, "'future-bpe'");
        row("unknown pre-tokenizer, generate", {"generate", path("pre.gguf"), "--prompt", "a"}, 3, "'future-bpe'");
        made.keys["general.architecture"] = test::ggufString("general.architecture", "future");
        write("architecture.gguf", made.file());
        row("unknown architecture", {"inspect", path("architecture.gguf")}, 3, "\"future\" is not supported");
        const std::string whole = test::ggufMoeModel().file();
        write("cut.gguf", whole.substr(0, whole.size() / 2));
        row("half a file", {"generate", path("cut.gguf"), "--prompt", "a"}, 3, "cut.gguf");
    }
    void whatIsRefused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        const auto run = cli(arguments);
        QVERIFY2(run.code == code, run.err.constData());
        QVERIFY2(run.says(says.toStdString()), run.err.constData());
        QVERIFY(run.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestGguf)
#include "tst_gguf.moc"
