// SPDX-License-Identifier: Apache-2.0
// What a tokenizer refuses, by name and place; long runs; added tokens; plain data that does not fit; mutated files.
#include "core/tokenizer/pattern.h"
#include "core/tokenizer/tokenizer_source.h"
#include "tests/core/tokenizer/tokenizer_support.h"

#include <random>

using namespace espalier;
using namespace espalier::tokenizer;
using namespace espalier::test;
using base::OrderedJson;

namespace {

/// A byte-level tokenizer of the letters a to e and a space with a few merges, and one added token.
OrderedJson small()
{
    OrderedJson vocab = OrderedJson::object();
    for (const char* entry : {"a", "b", "c", "d", "e", "Ġ", "ab", "abc", "Ġa", "de"})
        vocab[entry] = vocab.size();
    return {{"version", "1.0"},
            {"added_tokens",
             {{{"id", 10},
               {"content", "<end>"},
               {"single_word", false},
               {"lstrip", false},
               {"rstrip", false},
               {"normalized", false},
               {"special", true}}}},
            {"normalizer",
             {{"type", "Sequence"},
              {"normalizers",
               {{{"type", "NFC"}}, {{"type", "Replace"}, {"pattern", {{"String", "x"}}}, {"content", "a"}}}}}},
            {"pre_tokenizer",
             {{"type", "Sequence"},
              {"pretokenizers",
               {{{"type", "Split"},
                 {"pattern", {{"Regex", R"(\s?\p{L}+|\s+(?!\S))"}}},
                 {"behavior", "Isolated"},
                 {"invert", false}},
                {{"type", "Digits"}, {"individual_digits", true}},
                {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}},
            {"post_processor",
             {{"type", "TemplateProcessing"},
              {"single",
               {{{"SpecialToken", {{"id", "<end>"}, {"type_id", 0}}}}, {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
              {"special_tokens", {{"<end>", {{"id", "<end>"}, {"ids", {10}}, {"tokens", {"<end>"}}}}}}}},
            {"decoder", {{"type", "ByteLevel"}}},
            {"model",
             {{"type", "BPE"},
              {"unk_token", nullptr},
              {"ignore_merges", false},
              {"vocab", vocab},
              {"merges", {"a b", OrderedJson::array({"ab", "c"}), "Ġ a", "d e"}}}}};
}

/// A SentencePiece-like one.
OrderedJson smallPiece()
{
    auto json = small();
    OrderedJson vocab = OrderedJson::object();
    for (const char* entry : {"<unk>", "▁", "a", "b", "▁a", "ab", "<0x0A>", "<0xC3>", "<0xA9>"})
        vocab[entry] = vocab.size();
    json["model"] = {{"type", "BPE"},         {"unk_token", "<unk>"}, {"fuse_unk", true},
                     {"byte_fallback", true}, {"vocab", vocab},       {"merges", {"▁ a", "a b"}}};
    json["added_tokens"] = OrderedJson::array();
    json["normalizer"] = {{"type", "Sequence"},
                          {"normalizers",
                           {{{"type", "Prepend"}, {"prepend", "▁"}},
                            {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}}}}};
    json["pre_tokenizer"] = {{"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", true}};
    json["post_processor"] = {{"type", "RobertaProcessing"}, {"sep", {"b", 3}}, {"cls", {"a", 2}}};
    json["decoder"] = {{"type", "Sequence"},
                       {"decoders",
                        {{{"type", "Replace"}, {"pattern", {{"String", "▁"}}}, {"content", " "}},
                         {{"type", "ByteFallback"}},
                         {{"type", "Fuse"}},
                         {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}}}};
    return json;
}

Result<Tokenizer> parse(const OrderedJson& json)
{
    return Tokenizer::parse(json.dump(), "tokenizer.json");
}

} // namespace

class TestTokenizer : public QObject {
    Q_OBJECT
private slots:
    void smallOneWorks()
    {
        const auto t = parse(small());
        QVERIFY_RESULT(t);
        QCOMPARE(t->size(), std::size_t{11});
        QCOMPARE(*t->encode("abc a"), (std::vector<TokenId>{7, 8}));
        QCOMPARE(*t->encode("xbcde<end>z", true), (std::vector<TokenId>{10, 7, 9, 10})); // z is unknown and dropped
        QCOMPARE(t->decode(std::vector<TokenId>{10, 7, 8}), std::string("abc a"));
        QCOMPARE(t->decode(std::vector<TokenId>{10, 7, 8}, false), std::string("<end>abc a"));
        QCOMPARE(t->decode(std::vector<TokenId>{-1, 11, 99}), std::string());
        QCOMPARE(std::string(t->tokenBytes(8)), std::string(" a"));
        const auto p = parse(smallPiece());
        QVERIFY_RESULT(p);
        QCOMPARE(*p->encode("ab é\n"), (std::vector<TokenId>{4, 3, 1, 7, 8, 6}));
        QCOMPARE(p->decode(std::vector<TokenId>{4, 3, 1, 7, 8, 6}), std::string("ab é\n"));
        QCOMPARE(p->decode(std::vector<TokenId>{4, 3}, true, DecodeAt::Inside), std::string(" ab"));
    }

    void textMustBeUtf8()
    {
        const auto t = parse(small());
        for (const char* bad : {"a\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe4\xb8"}) {
            const auto ids = t->encode(bad);
            QVERIFY(!ids);
            QCOMPARE(static_cast<int>(ids.error().code), 3);
            QVERIFY(ids.error().place.find("byte") != std::string::npos);
        }
    }

    /// Anything that is not implemented is an error that names it; nothing is approximated.
    void unknownComponentsAreNamed_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* pointer, const char* value, const char* says) {
            QTest::addRow("%s %.60s", pointer, value) << pointer << value << says;
        };
        for (const char* type : {"Unigram", "WordPiece", "WordLevel", "Future"})
            row("/model/type", qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(type))), type);
        row("/model/dropout", "0.1", "dropout");
        row("/model/continuing_subword_prefix", "\"##\"", "continuing_subword_prefix");
        row("/model/end_of_word_suffix", "\"</w>\"", "end_of_word_suffix");
        row("/model/unk_token", "\"<nothing>\"", "<nothing>");
        row("/model/unk_token", "7", "unk_token");
        row("/model/ignore_merges", "\"yes\"", "ignore_merges");
        row("/model/vocab/a", "99999999", "'a'");
        row("/model/vocab/a", "-1", "'a'");
        row("/model/vocab/a", "1.5", "'a'");
        row("/model/vocab/a", "1", "used twice");
        row("/model/vocab", "[]", "vocab");
        row("/model/merges", "{}", "merges");
        row("/model/merges/0", "\"ab\"", "two entries");
        row("/model/merges/0", "\"a b c\"", "two entries");
        row("/model/merges/0", "[\"a\"]", "two entries");
        row("/model/merges/0", "[\"a\", 3]", "two entries");
        row("/model/merges/0", "\"a z\"", "'z'");
        row("/model/merges/0", "\"b c\"", "not in the vocabulary");
        for (const char* type : {"BertNormalizer", "Precompiled", "Nmt", "ByteLevel", "Future"})
            row("/normalizer/normalizers/0/type", qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(type))), type);
        row("/normalizer/normalizers", "3", "normalizers");
        row("/normalizer", "\"NFC\"", "normalizer");
        row("/normalizer/normalizers/1/pattern", "{\"Regex\":\"(\"}", "not understood");
        row("/normalizer/normalizers/1/pattern", R"({"Glob":"*"})", "String");
        for (const char* type :
             {"Whitespace", "WhitespaceSplit", "BertPreTokenizer", "Punctuation", "UnicodeScripts", "Future"})
            row("/pre_tokenizer/pretokenizers/0/type", qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(type))),
                type);
        row("/pre_tokenizer/pretokenizers/0/behavior", "\"Sideways\"", "Sideways");
        row("/pre_tokenizer/pretokenizers/0/behavior", "null", "behavior");
        row("/pre_tokenizer/pretokenizers/1/individual_digits", "1", "individual_digits");
        for (const char* pattern :
             {R"(\\w+)",  R"(\\bx)",     R"(\\h)",    R"(\\R)",        R"(\\X)",        R"(\\K)",
              R"(\\1)",   R"([a[bc]])",  R"([a&&b])", R"([^a&&[^b]])", R"((?m:a))",     R"((?<n>a))",
              R"((?#c))", R"(a{2}+)",    R"(a{2}?)",  R"(a{,2})",      R"(\\p{Greek})", R"(\\p{^L})",
              R"(\\pL)",  R"([\\P{L}])", R"(\\x41)",  R"([a)",         R"(a\\)",        R"(*)"})
            row("/pre_tokenizer/pretokenizers/0/pattern",
                qPrintable(QStringLiteral(R"({"Regex":"%1"})").arg(QLatin1String(pattern))), "pattern");
        row("/pre_tokenizer/pretokenizers/0/pattern", R"({"Regex":""})", "empty");
        row("/pre_tokenizer/pretokenizers/0/pattern", R"({"String":""})", "empty");
        row("/post_processor/type", "\"Future\"", "Future");
        row("/post_processor/single", "[]", "once");
        row("/post_processor/single/1/Sequence/id", "\"B\"", "once");
        row("/post_processor/single/0/SpecialToken/id", "\"<other>\"", "<other>");
        row("/post_processor/special_tokens/<end>/ids/0", "11", "11");
        row("/post_processor/special_tokens/<end>/ids/0", "\"10\"", "range");
        for (const char* type : {"WordPiece", "BPEDecoder", "CTC", "Future"})
            row("/decoder/type", qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(type))), type);
        row("/added_tokens", "{}", "added_tokens");
        row("/added_tokens/0/id", "-4", "id");
        row("/added_tokens/0/id", "3000000", "id");
        row("/added_tokens/0/id", "3", "both");
        row("/added_tokens/0/content", "\"ab\"", "vocabulary gives");
        row("/added_tokens/0/content", "\"\"", "content");
        row("/added_tokens/0/lstrip", "\"x\"", "lstrip");
    }
    void unknownComponentsAreNamed()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, says);
        auto json = small();
        json[OrderedJson::json_pointer(pointer.toStdString())] = OrderedJson::parse(value.toStdString());
        const auto t = parse(json);
        QVERIFY2(!t, json.dump().c_str());
        QCOMPARE(static_cast<int>(t.error().code), 3);
        QCOMPARE(t.error().file, std::string("tokenizer.json"));
        QVERIFY2(t.error().text().find(says.toStdString()) != std::string::npos, t.error().text().c_str());
    }

    void filesThatAreNone()
    {
        QTemporaryDir folder;
        QCOMPARE(static_cast<int>(Tokenizer::load(folder.path().toStdString()).error().code), 3);
        std::ofstream(folder.filePath(QStringLiteral("tokenizer.model")).toStdString()) << "x";
        const auto other = Tokenizer::load(folder.path().toStdString());
        QCOMPARE(static_cast<int>(other.error().code), 3);
        QVERIFY(other.error().message.find("only tokenizer.model") != std::string::npos);
        QVERIFY(!other.error().remedy.empty());
        for (const char* text : {"", "[]", "{}", "{\"model\":", "null", R"({"model":{},"model":{}})"})
            QCOMPARE(static_cast<int>(Tokenizer::parse(text, "t").error().code), 3);
    }

    void longRunsAreNoTrap()
    {
        // A group that repeats once per character, a class, and nothing that matches: one megabyte each.
        auto json = small();
        auto& pattern = json["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"];
        for (const char* expression : {R"([\p{L}&&[^\p{Han}]]+)", R"((?:a|b)+)", R"(\s+(?!\S)|\s+)", R"(\p{N}{1,3})"}) {
            pattern = expression;
            const auto t = parse(json);
            QVERIFY_RESULT(t);
            for (const char* unit : {"a", " ", "1", "ab"}) {
                std::string text;
                while (text.size() < 1'000'000)
                    text += unit;
                const auto ids = t->encode(text);
                QVERIFY_RESULT(ids);
                QCOMPARE(ids->empty(), std::string(unit) == "1"); // digits are not in the vocabulary
            }
        }
        // A pattern made to explode gives up with an error.
        pattern = R"((?:a+)+b(?!b)$)";
        const auto evil = parse(json);
        QVERIFY_RESULT(evil);
        const auto ids = evil->encode(std::string(64, 'a') + "bb");
        QVERIFY(!ids || ids->size() <= 66);
    }

    void sourcesThatDoNotFit()
    {
        TokenizerSource good;
        good.file = "m.gguf";
        good.tokens = {"a", "b", "ab", "<end>"};
        good.merges = {"a b"};
        good.preTokenizer = "gpt-2";
        good.types = {SourceTokenType::Normal, SourceTokenType::Normal, SourceTokenType::Normal,
                      SourceTokenType::Control};
        good.bos = 3;
        good.addBos = true;
        const auto made = makeTokenizer(good);
        QVERIFY_RESULT(made);
        QCOMPARE(*made->encode("ab<end>b", true), (std::vector<TokenId>{3, 2, 3, 1}));
        QCOMPARE(made->fingerprint().size(), std::size_t{16});
        auto other = good;
        other.tokens[0] = "c";
        other.merges.clear();
        QVERIFY(makeTokenizer(other)->fingerprint() != made->fingerprint());
        const auto refused = [&](auto change, const char* says) {
            auto source = good;
            change(source);
            const auto t = makeTokenizer(source);
            QVERIFY2(!t, says);
            QCOMPARE(static_cast<int>(t.error().code), 3);
            QCOMPARE(t.error().file, std::string("m.gguf"));
            QVERIFY2(t.error().text().find(says) != std::string::npos, t.error().text().c_str());
        };
        refused(
            [](auto& s) {
                s.tokens.clear();
                s.types.clear();
                s.bos.reset();
            },
            "0 entries");
        refused([](auto& s) { s.types.pop_back(); }, "types");
        refused([](auto& s) { s.preTokenizer = "future"; }, "future");
        refused([](auto& s) { s.preTokenizer.clear(); }, "pre-tokenizer");
        refused([](auto& s) { s.merges = {"a c"}; }, "'c'");
        refused([](auto& s) { s.merges = {"ab"}; }, "two entries");
        refused(
            [](auto& s) {
                s.tokens[1] = "a";
                s.merges.clear();
            },
            "twice");
        refused([](auto& s) { s.bos = 4; }, "special token 4");
        refused([](auto& s) { s.unknown = -1; }, "special token -1");
        refused([](auto& s) { s.kind = SourceKind::SentencePiece; }, "scores");
        for (const auto id : preTokenizerIds()) {
            auto source = good;
            source.preTokenizer = id;
            QVERIFY_RESULT(makeTokenizer(source));
        }
    }

    /// Mutated files: an error or a tokenizer that works, never a crash.
    void mutatedFilesAreNoCrash()
    {
        std::mt19937_64 random(11);
        const std::string seeds[] = {small().dump(), smallPiece().dump()};
        const char* junk[] = {"null",
                              "true",
                              "-1",
                              "0",
                              "3",
                              "1e300",
                              "18446744073709551615",
                              "\"\"",
                              "\"a\"",
                              "\"\\u0000\"",
                              "\"\\\\p{L}\"",
                              "[]",
                              "{}",
                              "[[]]",
                              "[null]",
                              R"({"type":"Sequence"})",
                              R"({"type":"Split"})",
                              R"({"type":"Metaspace"})",
                              R"({"type":"ByteLevel"})",
                              R"({"a":0})",
                              "\"(?:a|a)*b\"",
                              "\"▁\""};
        int parsed = 0, refused = 0;
        for (int round = 0; round < 6000; ++round) {
            auto json = OrderedJson::parse(seeds[round % 2]);
            const auto flat = json.flatten();
            std::string text;
            if (round % 3 != 0) { // values and whole parts are exchanged
                for (int changes = 1 + static_cast<int>(random() % 2); changes > 0; --changes) {
                    auto at = std::next(flat.begin(), static_cast<std::ptrdiff_t>(random() % flat.size()));
                    OrderedJson::json_pointer pointer(at.key());
                    for (auto up = random() % 4 / 2; up > 0 && !pointer.parent_pointer().empty(); --up)
                        pointer = pointer.parent_pointer();
                    if (json.contains(pointer))
                        json[pointer] = OrderedJson::parse(junk[random() % std::size(junk)]);
                }
                text = json.dump();
            } else { // bytes are
                text = seeds[round % 2];
                for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes) {
                    const auto at = random() % text.size();
                    switch (random() % 3) {
                    case 0:
                        text[at] = static_cast<char>(random());
                        break;
                    case 1:
                        text.erase(at, 1 + random() % 9);
                        break;
                    default:
                        text.insert(at, text.substr(random() % text.size(), random() % 12));
                    }
                }
            }
            const auto t = Tokenizer::parse(text, "mutated");
            if (!t) {
                QCOMPARE(static_cast<int>(t.error().code), 3);
                ++refused;
                continue;
            }
            ++parsed;
            for (const char* sample : {"", "abc de <end> x1 é\n 漢", "aaaa▁▁a  b"})
                if (const auto ids = t->encode(sample, round % 2 == 0))
                    (void)t->decode(*ids, false);
        }
        QVERIFY2(parsed > 200 && refused > 1000, qPrintable(QStringLiteral("%1 %2").arg(parsed).arg(refused)));
    }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
