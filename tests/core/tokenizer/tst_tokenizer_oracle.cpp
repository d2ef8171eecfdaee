// SPDX-License-Identifier: Apache-2.0
// Ids and decoded texts equal those of the `tokenizers` package for tokenizers of every kind on hostile texts; the same
// tokenizers as plain data; SentencePiece models against their own library.
#include "core/base/file.h"
#include "core/tokenizer/normalizer.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/pre_tokenizer_presets.h"
#include "core/tokenizer/tokenizer_source.h"
#include "tests/core/tokenizer/tokenizer_support.h"

#include <algorithm>

using namespace espalier;
using namespace espalier::tokenizer;
using namespace espalier::test;

class TestTokenizerOracle : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    static TokenizerSource sourceOf(const base::OrderedJson& json)
    {
        TokenizerSource source;
        source.file = "made-up.gguf";
        source.tokens = json["tokens"].get<std::vector<std::string>>();
        for (const int type : json["types"])
            source.types.push_back(static_cast<SourceTokenType>(type));
        if (json.contains("merges"))
            source.merges = json["merges"].get<std::vector<std::string>>();
        if (json.contains("scores"))
            source.scores = json["scores"].get<std::vector<float>>();
        source.preTokenizer = json.value("pre", "");
        return source;
    }

private slots:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        const auto run =
            runOracle(QStringLiteral("tokenizer_cases.py"),
                      {m_folder.path(), QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/model/tokenizer.json"),
                       QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/calibration")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    void sameIds_data()
    {
        QTest::addColumn<QString>("kind");
        for (const auto& entry : fs::directory_iterator(at("")))
            if (fs::exists(entry.path() / "tokenizer.json"))
                QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().filename());
    }
    void sameIds()
    {
        QFETCH(QString, kind);
        const auto folder = at(kind.toStdString());
        const auto cases = jsonOf(folder / "cases.json");
        QVERIFY(cases["texts"].size() > 150);
        const auto tokenizer = Tokenizer::load(folder);
        QVERIFY_RESULT(tokenizer);
        auto difference = firstDifference(*tokenizer, cases, "ids", false);
        QVERIFY2(difference.empty(), difference.c_str());
        difference = firstDifference(*tokenizer, cases, "special", true);
        QVERIFY2(difference.empty(), difference.c_str());
        if (kind == QLatin1String("added"))
            return; // the package gives its normalised tokens back in small letters; ours come back as they are named
        for (std::size_t i = 0; i < cases["texts"].size(); ++i) {
            const auto ids = cases["ids"][i].get<std::vector<TokenId>>();
            const auto ours = tokenizer->decode(ids, false);
            // The package writes U+FFFD where bytes are no text; ours are the bytes themselves.
            if (base::isUtf8(ours) && cases["decoded"][i].get<std::string>().find("\uFFFD") == std::string::npos)
                QCOMPARE(ours, cases["decoded"][i].get<std::string>());
        }
    }
    void everyFamilyIsThere()
    {
        for (const char* kind : {"demo", "gpt2", "qwen2", "qwen35", "llama-bpe", "glm4", "gpt-4o", "kimi-k2",
                                 "deepseek-v3", "llama2", "metaspace-first-False", "added", "unknown-True", "roberta"})
            QVERIFY2(fs::exists(at(kind) / "tokenizer.json"), kind);
    }

    void plainDataGivesTheSameIds_data()
    {
        QTest::addColumn<QString>("kind");
        for (const auto& entry : fs::directory_iterator(at("")))
            if (fs::exists(entry.path() / "source.json") && fs::exists(entry.path() / "tokenizer.json"))
                QTest::newRow(entry.path().filename().c_str()) << QString::fromStdString(entry.path().filename());
    }
    void plainDataGivesTheSameIds()
    {
        QFETCH(QString, kind);
        const auto folder = at(kind.toStdString());
        const auto tokenizer = makeTokenizer(sourceOf(jsonOf(folder / "source.json")));
        QVERIFY_RESULT(tokenizer);
        const auto difference = firstDifference(*tokenizer, jsonOf(folder / "cases.json"), "ids", false);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void sentencePieceGivesTheSameIds()
    {
        const auto json = jsonOf(at("sentencepiece") / "source.json");
        const auto cases = jsonOf(at("sentencepiece") / "cases.json");
        auto source = sourceOf(json);
        source.kind = SourceKind::SentencePiece;
        source.unknown = json["unknown"].get<int>();
        source.bos = json["bos"].get<int>();
        source.addBos = true;
        const auto tokenizer = makeTokenizer(source);
        QVERIFY_RESULT(tokenizer);
        const auto difference = firstDifference(*tokenizer, cases, "ids", false);
        QVERIFY2(difference.empty(), difference.c_str());
        for (const auto& text : cases["texts"]) {
            const auto whole = text.get<std::string>();
            if (whole.find("\u2581") == std::string::npos) // comes back as a space, as SentencePiece has it
                QCOMPARE(tokenizer->decode(*tokenizer->encode(whole), false), whole);
        }
        QCOMPARE(tokenizer->encode("a", true)->front(), *source.bos);
    }

    void textsComeBack()
    {
        // Byte-level tokenizers without a changing normaliser lose nothing.
        for (const char* kind : {"demo", "gpt2", "llama-bpe", "gpt-4o", "deepseek-v3", "nothing"}) {
            const auto tokenizer = Tokenizer::load(at(kind));
            const auto cases = jsonOf(at(kind) / "cases.json");
            for (const auto& text : cases["texts"]) {
                const auto whole = text.get<std::string>();
                const auto ids = *tokenizer->encode(whole);
                const bool nfc = std::string(kind) == "demo"; // composed, so only what is composed already comes back
                if (!nfc || *tokenizer->encode(tokenizer->decode(ids, false)) != ids)
                    QCOMPARE(tokenizer->decode(ids, false), whole);
                std::string joined;
                for (const auto id : ids)
                    joined += tokenizer->tokenBytes(id);
                QCOMPARE(joined, tokenizer->decode(ids, false));
            }
        }
    }

    /// Cuts at every code point, against the reference's own engine.
    void everyCodePointIsCutAlike();
};

namespace {

/// The code points of the oracle's sweep().
std::vector<std::uint32_t> sweep()
{
    constexpr std::uint32_t ranges[][2] = {
        {0, 0x3400},        {0x4db0, 0x4e10},   {0x9ff0, 0xac10},    {0xd790, 0xd800},   {0xe000, 0xe010},
        {0xf8f0, 0x1d000},  {0x1d000, 0x20010}, {0x2a6d0, 0x2ec00},  {0x2f800, 0x2fa20}, {0x30000, 0x30010},
        {0x31340, 0x323c0}, {0xe0000, 0xe0200}, {0x10fff0, 0x110000}};
    std::vector<std::uint32_t> out;
    for (const auto& r : ranges)
        for (auto c = r[0]; c < r[1]; ++c)
            out.push_back(c);
    return out;
}

std::string utf8(std::uint32_t c)
{
    const auto byte = [](std::uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    if (c < 0x80)
        return {byte(c)};
    if (c < 0x800)
        return {byte(0xC0U | c >> 6U), byte(0x80U | (c & 0x3FU))};
    if (c < 0x10000)
        return {byte(0xE0U | c >> 12U), byte(0x80U | (c >> 6U & 0x3FU)), byte(0x80U | (c & 0x3FU))};
    return {byte(0xF0U | c >> 18U), byte(0x80U | (c >> 12U & 0x3FU)), byte(0x80U | (c >> 6U & 0x3FU)),
            byte(0x80U | (c & 0x3FU))};
}

} // namespace

void TestTokenizerOracle::everyCodePointIsCutAlike()
{
    base::OrderedJson cases = base::OrderedJson::array();
    for (const auto& preset : preTokenizerPresets()) {
        base::OrderedJson parts = base::OrderedJson::array();
        for (const auto& pattern : preset.patterns)
            parts.push_back(
                {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}});
        cases.push_back(
            {{"name", std::string(preset.ids.front())}, {"json", {{"type", "Sequence"}, {"pretokenizers", parts}}}});
    }
    for (const bool individual : {false, true})
        cases.push_back({{"name", individual ? "digits-1" : "digits-n"},
                         {"json", {{"type", "Digits"}, {"individual_digits", individual}}}});
    cases.push_back({{"name", "classes"},
                     {"json",
                      {{"type", "Split"},
                       {"pattern", {{"Regex", R"(\p{Lt}|\p{Nd}|\D\p{S}|[^\p{M}\S\p{Z}]+|(?i:strasse)|\P{P}$|^.\v)"}}},
                       {"behavior", "Isolated"},
                       {"invert", false}}}});
    for (const char* form : {"NFC", "NFD", "NFKC", "NFKD", "StripAccents", "Lowercase"})
        cases.push_back({{"name", form}, {"normalizer", {{"type", form}}}});
    fs::create_directories(at("sweep"));
    std::ofstream(at("sweep.json")) << cases.dump();
    const auto run = runOracle(QStringLiteral("pre_tokenizer_sweep.py"),
                               {QString::fromStdString(at("sweep.json")), QString::fromStdString(at("sweep"))});
    QVERIFY2(run.exitCode == 0, run.errors.constData());

    const auto points = sweep();
    for (const auto& one : cases) {
        const auto name = one["name"].get<std::string>();
        const auto wanted = bytesOf(at("sweep") / name);
        std::size_t from = 0;
        QStringList wrong;
        const auto note = [&](std::uint32_t c) {
            wrong << QStringLiteral("%1: U+%2").arg(QString::fromStdString(name)).arg(c, 4, 16, QLatin1Char('0'));
        };
        if (one.contains("normalizer")) {
            const auto normalizer = Normalizer::fromJson(one["normalizer"], "sweep");
            QVERIFY_RESULT(normalizer);
            for (const auto c : points) {
                const auto result = normalizer->apply("a" + utf8(c) + "\u0301");
                QVERIFY_RESULT(result);
                const std::size_t length = from < wanted.size() ? static_cast<unsigned char>(wanted[from]) : 0;
                if (length != result->size() || wanted.compare(from + 1, length, *result) != 0)
                    note(c);
                from += 1 + length;
            }
        } else {
            const auto pre = PreTokenizer::fromJson(one["json"], "sweep");
            QVERIFY_RESULT(pre);
            for (const auto c : points) {
                const auto pieces = pre->pieces("a" + utf8(c) + utf8(c) + "1 ", true);
                QVERIFY_RESULT(pieces);
                std::string lengths;
                for (const auto& piece : *pieces)
                    lengths += static_cast<char>(std::count_if(piece.begin(), piece.end(), [](char b) {
                        return (static_cast<unsigned char>(b) & 0xC0U) != 0x80U;
                    }));
                if (wanted.compare(from, lengths.size() + 1, lengths + '\0') != 0)
                    note(c);
                from = wanted.find('\0', from) + 1;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1 differ, first %2")
                                                 .arg(wrong.size())
                                                 .arg(wrong.mid(0, 12).join(QStringLiteral(", ")))));
        QCOMPARE(from, wanted.size());
    }
}

QTEST_GUILESS_MAIN(TestTokenizerOracle)
#include "tst_tokenizer_oracle.moc"
