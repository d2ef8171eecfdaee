// SPDX-License-Identifier: Apache-2.0
// The tokenizer keys of GGUF metadata: defaults, and everything that can be wrong with them.
#include "core/tokenizer/model_tokenizer.h"
#include "tests/core/tokenizer/tokenizer_support.h"
#include "tests/support/gguf_file.h"

#include <map>

using namespace espalier;
using namespace espalier::tokenizer;
using namespace espalier::test;

namespace {

std::string texts(const std::string& key, const std::vector<std::string>& values)
{
    std::string elements;
    for (const auto& value : values)
        elements += ggufText(value);
    return ggufArray(key, GgufType::String, values.size(), elements);
}
std::string numbers(const std::string& key, GgufType type, const std::vector<std::uint64_t>& values)
{
    std::string elements;
    for (const auto value : values)
        elements += ggufNumber(value, 4);
    return ggufArray(key, type, values.size(), elements);
}
std::string flag(const std::string& key, bool value)
{
    return ggufEntry(key, GgufType::Bool, std::string(1, value ? '\1' : '\0'));
}

const std::string kTop = "tokenizer.ggml.";

/// Keys in their own order; a test changes some.
std::map<std::string, std::string> byteLevel()
{
    return {{"model", ggufString(kTop + "model", "gpt2")},
            {"pre", ggufString(kTop + "pre", "llama-bpe")},
            {"tokens", texts(kTop + "tokens", {"a", "b", "ab", "<s>", "c"})},
            {"token_type", numbers(kTop + "token_type", GgufType::I32, {1, 1, 1, 3, 0})},
            {"merges", texts(kTop + "merges", {"a b"})},
            {"bos_token_id", ggufU32(kTop + "bos_token_id", 3)}};
}
std::map<std::string, std::string> pieces()
{
    return {{"model", ggufString(kTop + "model", "llama")},
            {"tokens", texts(kTop + "tokens", {"<unk>", "<s>", "</s>", "\u2581", "a", "\u2581a"})},
            {"token_type", numbers(kTop + "token_type", GgufType::I32, {2, 3, 3, 1, 1, 1})},
            {"scores", numbers(kTop + "scores", GgufType::F32, {0, 0, 0, 0, 0, 0})}};
}

Result<Tokenizer> read(const std::map<std::string, std::string>& keys)
{
    std::vector<std::string> entries;
    for (const auto& [key, entry] : keys)
        entries.push_back(entry);
    const auto bytes = ggufFile(entries, {}, 0);
    ESPALIER_TRY(const auto header, checkpoint::parseGgufHeader(bytes, bytes.size(), "m.gguf"));
    ESPALIER_TRY(const auto source, ggufTokenizerSource(header.metadata, "m.gguf"));
    return makeTokenizer(source);
}

} // namespace

class TestModelTokenizer : public QObject {
    Q_OBJECT

private slots:
    void defaultsAreThoseOfLlamaCpp()
    {
        const auto llama3 = read(byteLevel()); // begins with BOS unless the file says otherwise
        QVERIFY_RESULT(llama3);
        QCOMPARE(*llama3->encode("ab<s>a", true), (std::vector<TokenId>{3, 2, 3, 0}));
        auto keys = byteLevel();
        keys["add_bos_token"] = flag(kTop + "add_bos_token", false);
        QCOMPARE(*read(keys)->encode("ab", true), (std::vector<TokenId>{2}));
        keys = byteLevel();
        keys["pre"] = ggufString(kTop + "pre", "qwen2");
        QCOMPARE(*read(keys)->encode("ab", true), (std::vector<TokenId>{2}));
        keys["add_eos_token"] = flag(kTop + "add_eos_token", true);
        keys["eos_token_id"] = ggufU32(kTop + "eos_token_id", 4);
        QCOMPARE(*read(keys)->encode("ab", true), (std::vector<TokenId>{2, 4}));

        const auto plain = read(pieces()); // BOS is 1, unknown is 0, and a space comes first
        QVERIFY_RESULT(plain);
        QCOMPARE(*plain->encode("ax", true), (std::vector<TokenId>{1, 5, 0}));
        keys = pieces();
        keys["add_space_prefix"] = flag(kTop + "add_space_prefix", false);
        QCOMPARE(*read(keys)->encode("a a", true), (std::vector<TokenId>{1, 4, 5}));
    }

    void wrongKeysAreNamed_data()
    {
        QTest::addColumn<bool>("sentencePiece");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, bool pieces, const char* key, const std::string& entry,
                            const char* says) {
            QTest::newRow(name) << pieces << key << QByteArray::fromStdString(entry) << says;
        };
        const auto full = [](const char* key) { return kTop + key; };
        row("no model", false, "model", "", "no tokenizer");
        row("model of numbers", false, "model", ggufU32(full("model"), 1), "no tokenizer");
        row("another model", false, "model", ggufString(full("model"), "bert"), "'bert' is not supported");
        row("no pre-tokenizer", false, "pre", "", "how text is cut");
        row("unknown pre-tokenizer", false, "pre", ggufString(full("pre"), "future-bpe"), "'future-bpe'");
        row("no tokens", false, "tokens", "", "a list of texts");
        row("tokens of numbers", false, "tokens", numbers(full("tokens"), GgufType::I32, {1}), "a list of texts");
        row("tokens that are not text", false, "tokens", texts(full("tokens"), {"a", "b", "ab", "\xff", "c"}),
            "token 3 is not UTF-8");
        row("a token twice", false, "tokens", texts(full("tokens"), {"a", "b", "ab", "<s>", "a"}), "twice");
        row("types of texts", false, "token_type", texts(full("token_type"), {"1"}), "whole numbers");
        row("too few types", false, "token_type", numbers(full("token_type"), GgufType::I32, {1}), "1 token types");
        row("a type beyond all", false, "token_type", numbers(full("token_type"), GgufType::I32, {1, 1, 9, 1, 1}),
            "no token type 9");
        row("a negative type", false, "token_type",
            numbers(full("token_type"), GgufType::I32, {1, 1, 0xffffffff, 1, 1}), "no token type -1");
        row("no merges", false, "merges", "", "a list of texts");
        row("a merge of nothing known", false, "merges", texts(full("merges"), {"a z"}), "'z'");
        row("bos beyond the vocabulary", false, "bos_token_id", ggufU32(full("bos_token_id"), 5), "no token");
        row("bos as text", false, "bos_token_id", ggufString(full("bos_token_id"), "<s>"), "no token");
        row("bos wanted and not named", false, "bos_token_id", "", "begin with this token");
        row("eos wanted and not named", false, "add_eos_token", flag(full("add_eos_token"), true),
            "end with this token");
        row("a flag that is none", false, "add_bos_token", ggufU32(full("add_bos_token"), 1), "true or false");
        row("no scores", true, "scores", "", "a list of numbers");
        row("too few scores", true, "scores", numbers(full("scores"), GgufType::F32, {0}), "1 scores");
        row("a score that is no number", true, "scores",
            numbers(full("scores"), GgufType::F32, {0, 0, 0x7fc00000, 0, 0, 0}), "token 2 is no number");
        row("unknown beyond the vocabulary", true, "unknown_token_id", ggufU32(full("unknown_token_id"), 6),
            "no token");
    }
    void wrongKeysAreNamed()
    {
        QFETCH(bool, sentencePiece);
        QFETCH(QString, key);
        QFETCH(QByteArray, entry);
        QFETCH(QString, says);
        auto keys = sentencePiece ? pieces() : byteLevel();
        QVERIFY_RESULT(read(keys));
        if (entry.isEmpty())
            keys.erase(key.toStdString());
        else
            keys[key.toStdString()] = entry.toStdString();
        const auto result = read(keys);
        QVERIFY2(!result, qPrintable(says));
        QCOMPARE(static_cast<int>(result.error().code), 3);
        QCOMPARE(result.error().file, std::string("m.gguf"));
        QVERIFY2(result.error().text().find(says.toStdString()) != std::string::npos, result.error().text().c_str());
    }

    void placesThatHoldNone()
    {
        QTemporaryDir folder;
        const fs::path at = folder.path().toStdString();
        const auto none = tokenizerAt(at);
        QVERIFY(!none);
        QCOMPARE(static_cast<int>(none.error().code), 3);
        const auto absent = tokenizerAt(at / "absent.gguf");
        QVERIFY(!absent);
        QCOMPARE(static_cast<int>(absent.error().code), 3);
        std::ofstream(at / "a.gguf", std::ios::binary) << "GGUF";
        QVERIFY(!tokenizerAt(at));
        QVERIFY(!tokenizerAt(at / "a.gguf"));
    }
};

QTEST_GUILESS_MAIN(TestModelTokenizer)
#include "tst_model_tokenizer.moc"
