// SPDX-License-Identifier: Apache-2.0
// GGUF headers: what is read, what is refused, and that damage never does worse than an error.
#include "core/checkpoint/gguf.h"
#include "tests/support/gguf_file.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <random>

using namespace espalier;
using namespace espalier::checkpoint;
using namespace espalier::test;

namespace {

std::string goodFile(std::uint32_t version = 3)
{
    return ggufFile(
        {ggufString("general.architecture", "llama"), ggufU32("llama.block_count", 2), ggufF32("llama.eps", 0.5F),
         ggufEntry("flag", GgufType::Bool, std::string(1, '\1')),
         ggufEntry("big", GgufType::U64, ggufNumber(~std::uint64_t{0}, 8)),
         ggufEntry("minus", GgufType::I16, ggufNumber(0xfffe, 2)),
         ggufArray("tokens", GgufType::String, 3, ggufText("a") + ggufText("") + ggufText("\xff")),
         ggufArray("types", GgufType::I32, 2, ggufNumber(7, 4) + ggufNumber(0xffffffff, 4)),
         ggufArray("nothing", GgufType::F32, 0, "")},
        {ggufTensor("a", {3, 2}, 0, 0), ggufTensor("b", {32, 5, 2}, 8, 32), ggufTensor("c", {256}, 12, 32 + 352)},
        32 + 352 + 160, 32, version);
}

std::string errorOf(const std::string& file)
{
    const auto header = parseGgufHeader(file, file.size(), "model.gguf");
    if (header)
        return {};
    return header.error().code == ErrorCode::BadInput && header.error().file == "model.gguf"
               ? header.error().text()
               : "not a BadInput that names the file";
}

} // namespace

class TestGguf : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

private slots:
    void readsBothVersions()
    {
        for (const std::uint32_t version : {2U, 3U}) {
            const std::string file = goodFile(version);
            const auto header = parseGgufHeader(file, file.size(), "f");
            QVERIFY2(header.ok(), header.ok() ? "" : header.error().text().c_str());
            QCOMPARE(header->version, version);
            const GgufMetadata& m = header->metadata;
            QCOMPARE(m.entries().size(), std::size_t{9});
            QVERIFY(m.text("general.architecture") == "llama");
            QVERIFY(m.integer("llama.block_count") == 2 && m.integer("minus") == -2 && !m.integer("big"));
            QVERIFY(m.real("llama.eps") == 0.5 && m.real("llama.block_count") == 2.0 && m.boolean("flag") == true);
            QVERIFY(!m.integer("llama.eps") && !m.integer("flag") && !m.text("flag") && !m.boolean("minus"));
            QVERIFY(!m.integer("absent") && !m.texts("types") && !m.integers("tokens"));
            QVERIFY(m.texts("tokens") == (std::vector<std::string_view>{"a", "", "\xff"}));
            QVERIFY(m.integers("types") == (std::vector<std::int64_t>{7, -1}));
            QVERIFY(m.reals("nothing") && m.reals("nothing")->empty());
            QCOMPARE(header->tensors.size(), std::size_t{3});
            const TensorInfo& b = header->tensors[1];
            QCOMPARE(b.name, "b");
            QCOMPARE(b.shape, (std::vector<std::int64_t>{2, 5, 32}));
            QVERIFY(b.dtype == Dtype::Q8_0);
            QCOMPARE(b.bytes, 340U);
            QCOMPARE(b.offset, header->dataBegin + 32);
            QCOMPARE(header->dataBegin % 32, 0U);
            QCOMPARE(header->tensors[2].bytes, 144U);
            QVERIFY(header->warnings.empty());
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& file, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(file) << QString(says);
        };
        const std::string good = goodFile();
        const auto with = [](const std::vector<std::string>& entries) { return ggufFile(entries, {}, 0); };
        const auto tensors = [](const std::vector<std::string>& all, std::size_t bytes) {
            return ggufFile({}, all, bytes);
        };
        const std::uint64_t huge = std::uint64_t{1} << 62U;
        row("empty", "", "needed");
        row("other", "PK\3\4" + good.substr(4), "letters GGUF");
        row("lfs", "version https://git-lfs.github.com/spec/v1", "Git LFS");
        row("version 1", "GGUF" + ggufNumber(1, 4) + good.substr(8), "version 1");
        row("big-endian", "GGUF" + std::string("\0\0\0\3", 4) + good.substr(8), "big-endian");
        row("tensor count", good.substr(0, 8) + ggufNumber(1U << 20U, 8) + good.substr(16), "claims");
        row("entry count", good.substr(0, 16) + ggufNumber(huge, 8) + good.substr(24), "claims");
        row("cut in metadata", good.substr(0, 250), "needed here");
        row("cut in data", good.substr(0, good.size() - 60), "beyond the end");
        row("key twice", with({ggufU32("x", 1), ggufU32("x", 1)}), "twice");
        row("key empty", with({ggufU32("", 1)}), "empty or not text");
        row("key not text", with({ggufU32("\xff", 1)}), "empty or not text");
        row("key long", with({ggufU32(std::string(70000, 'k'), 1)}), "at most 65535");
        row("metadata type", with({ggufEntry("x", static_cast<GgufType>(13), "0000")}), "type 13");
        row("truth value", with({ggufEntry("x", GgufType::Bool, "\2")}), "neither 0 nor 1");
        row("array of arrays", with({ggufArray("x", GgufType::Array, 1, ggufNumber(0, 20))}), "arrays of arrays");
        row("array too long", with({ggufArray("x", GgufType::U32, huge, "")}), "too large");
        row("array beyond file", with({ggufArray("x", GgufType::U32, 100, "")}), "needed here");
        row("strings beyond file", with({ggufArray("x", GgufType::String, huge, "")}), "do not fit");
        row("string beyond file", with({ggufEntry("x", GgufType::String, ggufNumber(huge, 8))}), "claims");
        row("alignment 0", with({ggufU32("general.alignment", 0)}), "power of two");
        row("alignment 48", with({ggufU32("general.alignment", 48)}), "power of two");
        row("alignment type", with({ggufString("general.alignment", "32")}), "power of two");
        row("name twice", tensors({ggufTensor("a", {8}, 0, 0), ggufTensor("a", {8}, 0, 32)}, 64), "twice");
        row("name empty", tensors({ggufTensor("", {8}, 0, 0)}, 32), "empty or not text");
        row("name long", tensors({ggufTensor(std::string(65, 'n'), {8}, 0, 0)}, 32), "at most 64");
        row("rank 5", tensors({ggufTensor("a", {1, 1, 1, 1, 1}, 0, 0)}, 32), "5 dimensions");
        row("dimension", tensors({ggufTensor("a", {std::uint64_t{1} << 63U}, 0, 0)}, 32), "too large");
        row("product", tensors({ggufTensor("a", {huge, 8}, 0, 0)}, 32), "too large");
        row("product wraps to 0", tensors({ggufTensor("a", {1ULL << 32U, 1ULL << 32U}, 0, 0)}, 32), "too large");
        row("bytes", tensors({ggufTensor("a", {huge}, 28, 0)}, 32), "too large");
        row("tensor type", tensors({ggufTensor("a", {8}, 4, 0)}, 32), "type 4");
        row("broken block", tensors({ggufTensor("a", {33}, 8, 0)}, 64), "blocks of 32");
        row("unaligned", tensors({ggufTensor("a", {1}, 0, 0), ggufTensor("b", {1}, 0, 4)}, 64), "must begin at 32");
        row("overlap", tensors({ggufTensor("a", {16}, 0, 0), ggufTensor("b", {1}, 0, 32)}, 96), "must begin at 64");
        row("hole", tensors({ggufTensor("a", {1}, 0, 32)}, 64), "must begin at 0");
        row("beyond", tensors({ggufTensor("a", {9}, 0, 0)}, 32), "beyond the end");
    }
    void refuses()
    {
        QFETCH(const QByteArray, file);
        QFETCH(const QString, says);
        const std::string text = errorOf(file.toStdString());
        QVERIFY2(QString::fromStdString(text).contains(says), text.c_str());
    }

    void bytesBehindTheEndAreMentioned()
    {
        const std::string file = goodFile() + "more";
        const auto header = parseGgufHeader(file, file.size(), "f");
        QVERIFY(header.ok());
        QCOMPARE(header->warnings.size(), std::size_t{1});
    }

    void longHeadersAreReadInSteps()
    {
        const std::string path = m_dir.path().toStdString() + "/long.gguf";
        const std::string value(9U << 20U, 'v'); // more than two first reads
        writeText(path, ggufFile({ggufString("long", value), ggufU32("after", 5)}, {ggufTensor("t", {1}, 0, 0)}, 32));
        const auto header = readGgufHeader(path);
        QVERIFY2(header.ok(), header.ok() ? "" : header.error().text().c_str());
        QVERIFY(header->metadata.text("long")->size() == value.size() && header->metadata.integer("after") == 5);
        QVERIFY(!readGgufHeader(m_dir.path().toStdString()).ok());
        QVERIFY(!readGgufHeader(m_dir.path().toStdString() + "/absent.gguf").ok());
    }

    /// Every single byte of the header changed in several ways, and random damage: an error or a header whose tensors
    /// lie inside the file.
    void damageIsAnErrorAtMost()
    {
        const std::string good = goodFile();
        const auto header = parseGgufHeader(good, good.size(), "f");
        QVERIFY(header.ok());
        std::size_t accepted = 0;
        const auto look = [&](const std::string& damaged) {
            const auto result = parseGgufHeader(damaged, damaged.size(), "f");
            if (!result)
                return result.error().code == ErrorCode::BadInput && !result.error().message.empty();
            ++accepted;
            for (const GgufEntry& entry : result->metadata.entries())
                static_cast<void>(result->metadata.texts(entry.key));
            return std::all_of(result->tensors.begin(), result->tensors.end(), [&](const TensorInfo& tensor) {
                return tensor.offset + tensor.bytes <= damaged.size() && tensor.offset >= result->dataBegin;
            });
        };
        for (std::size_t i = 0; i < header->dataBegin; ++i)
            for (const int change : {0x01, 0x80, 0xff}) {
                std::string damaged = good;
                damaged[i] = static_cast<char>(damaged[i] ^ change);
                QVERIFY2(look(damaged), qPrintable(QString("byte %1").arg(i)));
            }
        for (std::size_t length = 0; length < good.size(); length += 3)
            QVERIFY(look(good.substr(0, length)));
        std::mt19937 random(3);
        for (int round = 0; round < 20'000; ++round) {
            std::string damaged = good;
            for (std::uint32_t n = 1 + random() % 4; n-- > 0;)
                damaged[random() % header->dataBegin] = static_cast<char>(random());
            if (random() % 4 == 0) // whole numbers of eight bytes, where counts and lengths are
                damaged.replace(random() % (header->dataBegin - 8), 8,
                                ggufNumber(~std::uint64_t{0} >> random() % 64, 8));
            QVERIFY(look(damaged));
        }
        QVERIFY(accepted > 0);
    }

    void writtenHeadersReadBack()
    {
        const std::string file = goodFile();
        const auto header = parseGgufHeader(file, file.size(), "f");
        GgufEdits edits;
        edits.integers = {{"llama.block_count", 1}, {"minus", 9}};
        edits.texts = {{"general.architecture", "other"}, {"espalier.note", "new"}};
        edits.removed = {"flag", "never there"};
        std::vector<TensorInfo> tensors{header->tensors[1], header->tensors[0]};
        tensors[0].shape[0] = 1;
        tensors[0].bytes = 170;
        const auto head = makeGgufHeader(header->metadata, edits, tensors, 32);
        QVERIFY2(head.ok(), head.ok() ? "" : head.error().text().c_str());
        const std::string whole = *head + std::string(192 + 24, '\0');
        const auto back = parseGgufHeader(whole, whole.size(), "f");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().text().c_str());
        QVERIFY(back->metadata.integer("llama.block_count") == 1 && back->metadata.integer("minus") == 9);
        QVERIFY(back->metadata.text("general.architecture") == "other" &&
                back->metadata.text("espalier.note") == "new");
        QVERIFY(!back->metadata.find("flag"));
        QVERIFY(back->metadata.texts("tokens") == header->metadata.texts("tokens"));
        QCOMPARE(back->dataBegin, head->size());
        QCOMPARE(back->tensors[0].shape, (std::vector<std::int64_t>{1, 5, 32}));
        QCOMPARE(back->tensors[1].offset, head->size() + 192);
        for (const auto& [key, value] : std::vector<std::pair<std::string, std::int64_t>>{
                 {"absent", 1}, {"flag", 1}, {"minus", 40000}, {"minus", -1}, {"tokens", 1}}) {
            GgufEdits wrong;
            wrong.integers = {{key, value}};
            QVERIFY(!makeGgufHeader(header->metadata, wrong, tensors, 32).ok());
        }
    }
};

QTEST_APPLESS_MAIN(TestGguf)
#include "tst_gguf.moc"
