// SPDX-License-Identifier: Apache-2.0
// Texts from users: what is read, what is refused with its line, and how documents become windows.
#include "core/tokenizer/documents.h"
#include "tests/core/tokenizer/tokenizer_support.h"

using namespace espalier;
using namespace espalier::tokenizer;
using namespace espalier::test;

class TestDocuments : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    DataFile file(const std::string& name, const std::string& content) const
    {
        const auto path = fs::path(m_folder.path().toStdString()) / name;
        std::ofstream(path, std::ios::binary) << content;
        return {"domain", path};
    }

private slots:
    void argumentsNameDomainAndFile()
    {
        const auto good = parseDataArgument("größe-1=a=b.txt");
        QVERIFY_RESULT(good);
        QCOMPARE(good->name, std::string("größe-1"));
        QCOMPARE(good->path, fs::path("a=b.txt"));
        for (const char* bad : {"", "x", "=x", "x=", "a b=x", "a/b=x", "\xff=x"})
            QCOMPARE(static_cast<int>(parseDataArgument(bad).error().code), 2);
    }

    void linesAndTexts()
    {
        const auto lines = readDocuments(
            file("a.jsonl", "{\"text\": \"one\\n\"}\r\n\n  \t\n{\"prompt\":\"2+2=\",\"answer\":\"4\",\"id\":7}\n"
                            "{\"text\":\"last\"}"));
        QVERIFY_RESULT(lines);
        QCOMPARE(lines->documents.size(), std::size_t{3});
        QCOMPARE(lines->documents[0].text, std::string("one\n"));
        QVERIFY(!lines->documents[0].task);
        QCOMPARE(lines->documents[1].text, std::string("2+2=4")); // joined without a separator
        QCOMPARE(lines->documents[1].answer, std::string("4"));
        QVERIFY(lines->documents[1].task);
        QCOMPARE(lines->documents[1].line, std::int64_t{4});
        QCOMPARE(lines->sha256.size(), std::size_t{64});
        const auto text = readDocuments(file("a.txt", "line\r\nline\n"));
        QCOMPARE(text->documents.size(), std::size_t{1});
        QCOMPARE(text->documents[0].text, std::string("line\r\nline\n"));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty text") << "x.txt" << QByteArray() << "no text";
        QTest::newRow("empty lines") << "x.jsonl" << QByteArray("\n \n") << "no text";
        QTest::newRow("ending") << "x.csv" << QByteArray("a") << ".csv";
        QTest::newRow("no UTF-8") << "x.txt" << QByteArray("ok\nbad \xff") << "line 2";
        QTest::newRow("broken line") << "x.jsonl" << QByteArray("{\"text\":\"a\"}\n{\"text\":") << "line 2";
        QTest::newRow("no object") << "x.jsonl" << QByteArray("[1]") << "line 1";
        QTest::newRow("text is a number") << "x.jsonl" << QByteArray("\n{\"text\":3}") << "line 2";
        QTest::newRow("prompt alone") << "x.jsonl" << QByteArray("{\"prompt\":\"a\"}") << "answer";
        QTest::newRow("answer alone") << "x.jsonl" << QByteArray("{\"answer\":\"a\"}") << "prompt";
        QTest::newRow("nothing known") << "x.jsonl" << QByteArray("{\"content\":\"a\"}") << "neither";
        QTest::newRow("empty document") << "x.jsonl" << QByteArray("{\"text\":\"\"}") << "empty";
        QTest::newRow("messages") << "x.jsonl" << QByteArray("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                                  << "apply_chat_template";
    }
    void refusals()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        const auto data = readDocuments(file(name.toStdString(), content.toStdString()));
        QVERIFY(!data);
        QCOMPARE(static_cast<int>(data.error().code), 3);
        QVERIFY2(data.error().text().find(says.toStdString()) != std::string::npos, data.error().text().c_str());
    }

    void windowsAreCutInOrder()
    {
        const auto tokenizer = Tokenizer::load(ESPALIER_SOURCE_DIR "/resources/demo/model");
        QVERIFY_RESULT(tokenizer);
        DataSet data;
        data.documents.resize(3);
        data.documents[0].text = "The first document is long enough for several windows of a few tokens each.";
        data.documents[1].text = "x";
        data.documents[2].text = "And the third one.";
        for (const std::int64_t context : {1, 4, 7, 1000}) {
            const auto windows = cutIntoWindows(data, *tokenizer, context, TokenCount(0));
            QVERIFY_RESULT(windows);
            std::vector<std::vector<TokenId>> joined(3);
            int last = 0;
            for (const auto& window : *windows) {
                QVERIFY(!window.ids.empty() && static_cast<std::int64_t>(window.ids.size()) <= context);
                QVERIFY(window.document >= last); // never packed together, never out of order
                last = window.document;
                auto& all = joined[static_cast<std::size_t>(window.document)];
                QVERIFY(all.size() % static_cast<std::size_t>(context) == 0); // only the last one is short
                all.insert(all.end(), window.ids.begin(), window.ids.end());
            }
            for (std::size_t d = 0; d < 3; ++d)
                QCOMPARE(joined[d], *tokenizer->encode(data.documents[d].text, true));
            for (const std::int64_t most : {1, 5, 9}) {
                std::int64_t taken = 0;
                const auto cut = cutIntoWindows(data, *tokenizer, context, TokenCount(most));
                for (const auto& window : *cut)
                    taken += static_cast<std::int64_t>(window.ids.size());
                QCOMPARE(taken, most);
            }
        }
        QCOMPARE(static_cast<int>(cutIntoWindows(data, *tokenizer, 0, TokenCount(0)).error().code), 2);
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
