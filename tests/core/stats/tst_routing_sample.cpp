// SPDX-License-Identifier: Apache-2.0
// Samples of single tokens: files, and what they say about one expert.
#include "core/base/file.h"
#include "core/stats/routing_sample.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using stats::RoutingSample;

namespace {

/// Two texts, two layers, four experts, two of them per token.
RoutingSample madeUp()
{
    RoutingSample sample;
    sample.fingerprint = "0123";
    sample.model = "made-up";
    sample.experts = 4;
    sample.topK = 2;
    sample.layers = {LayerIndex(1), LayerIndex(3)};
    sample.texts = {{"law",
                     0,
                     {"the", " law", " the", "", "é"},
                     {{0, 1, 0, 2, 3, 0, 1, 2, 0, 3}, {3, 2, 3, 1, 3, 0, 2, 1, 1, 0}},
                     {{0.75F, 0.25F, 0.5F, 0.5F, 0.625F, 0.375F, 0.5F, 0.5F, 1.0F, 0.0F},
                      {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F}}},
                    {"code", 4, {"the"}, {{1, 0}, {1, 0}}, {{0.875F, 0.125F}, {0.5F, 0.5F}}}};
    return sample;
}

} // namespace

class TestRoutingSample : public QObject {
    Q_OBJECT
private slots:
    void comesBackFromAFile()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath("trace.json").toStdString();
        RoutingSample sample = madeUp();
        sample.plan = "half";
        QVERIFY(sample.write(path));
        const auto read = RoutingSample::read(path);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        QVERIFY(*read == sample);
        QCOMPARE(read->tokens(), std::int64_t(6));
        QCOMPARE(read->positionOf(LayerIndex(3)), 1);
        QCOMPARE(read->positionOf(LayerIndex(2)), -1);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* pointer, const char* value, const char* says) {
            QTest::addRow("%s", name) << pointer << value << says;
        };
        row("schema", "/schema", "\"espalier.plan/1\"", "schema");
        row("no model", "/model", "3", "model");
        row("no fingerprint", "/model/fingerprint", "\"\"", "fingerprint");
        row("no experts", "/experts", "0", "experts");
        row("top-k", "/top_k", "5", "top_k");
        row("layers twice", "/layers/1", "1", "layers");
        row("no layers", "/layers", "[]", "layers");
        row("no texts", "/texts", "[]", "texts");
        row("expert out of range", "/texts/0/experts/1/0", "4", "texts[0].experts[1]");
        row("expert below 0", "/texts/0/experts/1/0", "-1", "texts[0].experts[1]");
        row("a row too short", "/texts/0/experts/0", "[1]", "texts[0].experts[0]");
        row("a layer too few", "/texts/1/gates", "[[0.5, 0.5]]", "texts[1].gates");
        row("gate is no number", "/texts/1/gates/0/0", "\"x\"", "texts[1].gates[0]");
        row("gate beyond float", "/texts/1/gates/0/0", "1e300", "texts[1].gates[0]");
        row("token is no text", "/texts/1/tokens/0", "7", "texts[1].tokens");
        row("no tokens", "/texts/1/tokens", "[]", "texts[1].tokens");
        row("document", "/texts/1/document", "-2", "texts[1].document");
        row("domain", "/texts/1/domain", "null", "texts[1].domain");
    }
    void refusals()
    {
        QFETCH(const QString, pointer);
        QFETCH(const QString, value);
        QFETCH(const QString, says);
        base::OrderedJson json = madeUp().toJson();
        json[base::OrderedJson::json_pointer(pointer.toStdString())] = base::OrderedJson::parse(value.toStdString());
        const auto read = RoutingSample::fromJson(json, "trace.json");
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::BadInput);
        QCOMPARE(read.error().file, std::string("trace.json"));
        QVERIFY2(read.error().text().find(says.toStdString()) != std::string::npos, read.error().text().c_str());
        QVERIFY(!read.error().remedy.empty());
    }

    void whatAnExpertTakes()
    {
        const RoutingSample sample = madeUp();
        // Expert 0 of layer 1: "the" twice (0.75, 0.125), " law", " the", "é"; the part of a character says nothing
        auto found = stats::expertSample(sample, 0, 0, 10, 10);
        QCOMPARE(found.tokens, std::int64_t(6));
        QCOMPARE(found.taken, std::int64_t(5));
        QCOMPARE(found.kinds.size(), std::size_t(4));
        QVERIFY(found.kinds[0] == (stats::TakenToken{"the", 2, 2}));
        QVERIFY(found.kinds[1] == (stats::TakenToken{" law", 1, 1})); // by text where nothing else differs
        // Each kind of token once, the largest gate first
        QCOMPARE(found.strongest.size(), std::size_t(4));
        QVERIFY(found.strongest[0] == (stats::Occurrence{0, 4, 1.0F}));
        QVERIFY(found.strongest[1] == (stats::Occurrence{0, 0, 0.75F}));
        // A gate of 0 is no choice: expert 3 takes " the" only
        found = stats::expertSample(sample, 0, 3, 10, 10);
        QCOMPARE(found.taken, std::int64_t(1));
        QCOMPARE(found.kinds.at(0).text, std::string(" the"));
        // Limits, and the other layer
        found = stats::expertSample(sample, 1, 1, 1, 2);
        QCOMPARE(found.taken, std::int64_t(4));
        QCOMPARE(found.kinds.size(), std::size_t(1));
        QCOMPARE(found.strongest.size(), std::size_t(2));
    }

    /// Of two tokens taken as often, the one that the expert takes more of stands first.
    void theLargerPartCounts()
    {
        RoutingSample sample = madeUp();
        sample.topK = 1;
        sample.texts = {{"law", 0, {"a", "a", "b"}, {{0, 1, 0}, {0, 0, 0}}, {{1, 1, 1}, {1, 1, 1}}}};
        const auto found = stats::expertSample(sample, 0, 0, 2, 2);
        QVERIFY(found.kinds[0] == (stats::TakenToken{"b", 1, 1}));
        QVERIFY(found.kinds[1] == (stats::TakenToken{"a", 1, 2}));
    }
};

QTEST_GUILESS_MAIN(TestRoutingSample)
#include "tst_routing_sample.moc"
