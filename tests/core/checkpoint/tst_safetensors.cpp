// SPDX-License-Identifier: Apache-2.0
// Headers that lie. Every row is one rule of the format; the message must name file and place.
#include "core/checkpoint/safetensors.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fmt/format.h>
#include <random>

using namespace espalier;
using namespace espalier::checkpoint;
namespace fs = std::filesystem;

namespace {

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets)
{
    // Plain quotes: moc 6.4 loses its way in raw strings that hold quotes
    return fmt::format("\"{}\":{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":{}}}", name, dtype, shape, offsets);
}

std::string f32(const std::string& name, const std::string& shape, const std::string& offsets)
{
    return entry(name, "F32", shape, offsets);
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

private slots:
    void dtypesRoundTrip()
    {
        for (const char* name : {"BOOL", "U8",  "I8",  "F8_E5M2", "F8_E4M3", "F8_E5M2FNUZ", "F8_E4M3FNUZ", "F8_E8M0",
                                 "I16",  "U16", "F16", "BF16",    "I32",     "U32",         "F32",         "I64",
                                 "U64",  "F64", "C64", "F4",      "F6_E2M3", "F6_E3M2"}) {
            const auto dtype = dtypeFromName(name);
            QVERIFY2(dtype.has_value(), name);
            QCOMPARE(dtypeName(*dtype), name);
            QVERIFY(!dtypeLongName(*dtype).empty());
        }
        QVERIFY(!dtypeFromName("bf16") && !dtypeFromName("") && !dtypeFromName("F32 "));
        QCOMPARE(bitsPerElement(Dtype::F4), 4);
        QCOMPARE(bitsPerElement(Dtype::F6E2M3), 6);
        QCOMPARE(bitsPerElement(Dtype::BF16), 16);
        QCOMPARE(bitsPerElement(Dtype::C64), 64);
        QCOMPARE(dtypeLongName(Dtype::BF16), "bfloat16");
    }

    void readsCorrectHeaders()
    {
        // Stored order differs from offset order; a scalar, an empty tensor, sub-byte elements, padding
        const std::string json = "{\"__metadata__\":{\"format\":\"pt\",\"x\":\"\"}," + f32("b", "[2,3]", "[4,28]") +
                                 "," + f32("a", "[]", "[0,4]") + "," + f32("none", "[0,7]", "[4,4]") + "," +
                                 entry("four", "F4", "[2,3]", "[28,31]") + "}    ";
        const std::string file = test::hostileSafetensors(json, 31);
        const auto header = parseSafetensorsHeader(file, file.size(), "f");
        QVERIFY2(header.ok(), header.ok() ? "" : header.error().text().c_str());
        QCOMPARE(header->tensors.size(), std::size_t{4});
        QCOMPARE(header->tensors[0].name, "a");
        QCOMPARE(header->tensors[1].name, "none");
        QCOMPARE(header->tensors[2].name, "b");
        QCOMPARE(header->tensors[2].shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(header->tensors[2].offset, 8 + json.size() + 4);
        QCOMPARE(header->tensors[2].bytes, 24U);
        QCOMPARE(header->tensors[2].elements(), 6);
        QCOMPARE(header->tensors[0].elements(), 1);
        QCOMPARE(header->tensors[1].elements(), 0);
        QCOMPARE(header->metadata.at("format"), "pt");
        const std::string empty = test::hostileSafetensors("{}", 0);
        QVERIFY(parseSafetensorsHeader(empty, empty.size(), "f").ok());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("says"); // part of "place: message"
        const auto row = [](const char* name, const std::string& file, const char* says) {
            QTest::newRow(name) << QByteArray(file.data(), static_cast<qsizetype>(file.size())) << says;
        };
        const auto body = [&](const char* name, const std::string& json, std::size_t data, const char* says) {
            row(name, test::hostileSafetensors("{" + json + "}", data), says);
        };
        const std::string good = f32("a", "[2]", "[0,8]");
        row("empty file", "", "too short");
        row("seven bytes", "1234567", "too short");
        row("length only", test::hostileSafetensors("", 0, 0), "'{'");
        row("huge length", test::hostileSafetensors("{}", 0, INT64_MAX), "at most 100000000");
        row("all ones", std::string(16, '\xFF'), "at most");
        row("length over the cap", test::hostileSafetensors("{}", 0, 100'000'001), "at most");
        row("length over the file", test::hostileSafetensors("{}", 0, 3), "only 2 follow");
        row("LFS pointer", "version https://git-lfs.github.com/spec/v1\n", "Git LFS");
        row("pickle", "PK\x03\x04" + std::string(40, 'x'), "at most");
        row("not an object", test::hostileSafetensors("[]", 0), "'{'");
        row("space first", test::hostileSafetensors(" {}", 0), "'{'");
        row("not JSON", test::hostileSafetensors("{\"a\":", 0), "not valid JSON");
        row("text behind", test::hostileSafetensors("{} x", 0), "not valid JSON");
        row("zero behind", test::hostileSafetensors(std::string("{}\0{", 4), 0), "zero byte");
        row("not UTF-8", test::hostileSafetensors("{\"\xFF\":1}", 0), "UTF-8");
        body("trailing bytes", good, 9, "1 bytes follow");
        body("truncated data", good, 7, "holds only 7");
        body("overlap", good + "," + f32("b", "[2]", "[4,12]"), 12, "tensor b: overlaps");
        body("same place", good + "," + f32("b", "[2]", "[0,8]"), 8, "overlaps");
        body("hole", good + "," + f32("b", "[1]", "[12,16]"), 16, "tensor b: a hole of 4");
        body("hole at the start", f32("a", "[1]", "[4,8]"), 8, "hole");
        body("end before begin", f32("a", "[0]", "[8,0]"), 8, "end (0) before they begin (8)");
        body("size differs", f32("a", "[3]", "[0,8]"), 8, "need 12 bytes, data_offsets span 8");
        body("product wraps to zero", f32("a", "[4294967296,4294967296]", "[0,0]"), 0, "too large");
        body("zero hides overflow", f32("a", "[4294967296,4294967296,4294967296,0]", "[0,0]"), 0, "too large");
        body("dimension 2^63", f32("a", "[9223372036854775808]", "[0,0]"), 0, "too large");
        body("dimension 2^64", f32("a", "[18446744073709551616]", "[0,0]"), 0, "whole numbers");
        body("offset near 2^64", good + "," + f32("b", "[0]", "[18446744073709551615,18446744073709551615]"), 8,
             "hole");
        body("nine dimensions", f32("a", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), 8, "more than 8");
        body("half a byte", entry("a", "F4", "[3]", "[0,1]"), 1, "whole bytes");
        body("unknown dtype", entry("a", "F31", "[2]", "[0,8]"), 8, "unknown dtype \"F31\"");
        body("lower-case dtype", entry("a", "f32", "[2]", "[0,8]"), 8, "unknown dtype");
        body("float offset", f32("a", "[2]", "[0,8.0]"), 8, "data_offsets holds the number 8.0");
        body("exponent", f32("a", "[2e0]", "[0,8]"), 8, "shape holds the number 2e0");
        body("negative shape", f32("a", "[-2]", "[0,8]"), 8, "negative");
        body("negative offset", f32("a", "[2]", "[-8,0]"), 8, "negative");
        body("minus zero", f32("a", "[2]", "[-0,8]"), 8, "negative");
        body("three offsets", f32("a", "[2]", "[0,8,8]"), 8, "more than two");
        body("one offset", f32("a", "[2]", "[8]"), 8, "two numbers");
        body("text as shape", f32("a", "\"2\"", "[0,8]"), 8, "shape is text");
        body("null in shape", f32("a", "[null]", "[0,8]"), 8, "null");
        body("nested shape", f32("a", "[[2]]", "[0,8]"), 8, "a list");
        body("missing dtype", "\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}", 8, "dtype is missing");
        body("missing shape", "\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}", 8, "shape is missing");
        body("missing offsets", "\"a\":{\"dtype\":\"F32\",\"shape\":[2]}", 8, "data_offsets is missing");
        body("unknown key", "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}", 8,
             "unknown key \"x\"");
        body("key twice", "\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}", 8,
             "twice");
        body("tensor is a number", "\"a\":1", 0, "a number where an object");
        body("tensor is a list", "\"a\":[1]", 0, "a list where an object");
        body("name twice", good + "," + f32("a", "[1]", "[8,12]"), 12, "tensor a: the name stands twice");
        body("name twice by escape", good + "," + f32("\\u0061", "[1]", "[8,12]"), 12, "twice");
        body("empty name", f32("", "[2]", "[0,8]"), 8, "empty name");
        body("long name", f32(std::string(1025, 'n'), "[2]", "[0,8]"), 8, "1025 bytes");
        body("metadata number", "\"__metadata__\":{\"format\":1}," + good, 8, "only text");
        body("metadata list", "\"__metadata__\":[]," + good, 8, "list");
        body("metadata nested", "\"__metadata__\":{\"a\":{\"b\":\"c\"}}," + good, 8, "only text");
        body("metadata key twice", "\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}," + good, 8, "twice");
        body("metadata twice", "\"__metadata__\":{},\"__metadata__\":{}," + good, 8, "twice");
        row("deep", test::hostileSafetensors("{\"a\":" + std::string(1'000'000, '['), 0), "a list where");
    }
    void refuses()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, says);
        const std::string_view bytes(file.constData(), static_cast<std::size_t>(file.size()));
        const auto header = parseSafetensorsHeader(bytes, bytes.size(), "bad.safetensors");
        QVERIFY(!header.ok());
        QCOMPARE(header.error().code, ErrorCode::BadInput);
        QCOMPARE(header.error().file, "bad.safetensors");
        const QString text = QString::fromStdString(header.error().text());
        QVERIFY2(text.contains(says), qPrintable(text));
        QVERIFY2(text.size() < 1000, "a hostile name must not fill the terminal");
        // The same through a file
        test::writeText(at("bad.safetensors"), bytes);
        const auto fromFile = readSafetensorsHeader(at("bad.safetensors"));
        QVERIFY(!fromFile.ok());
        QCOMPARE(fromFile.error().message, header.error().message);
    }

    void everyTruncationIsFound()
    {
        const std::string json = "{" + f32("a", "[2,2]", "[0,16]") + "," + f32("b", "[1]", "[16,20]") + "}";
        const std::string file = test::hostileSafetensors(json, 20);
        QVERIFY(parseSafetensorsHeader(file, file.size(), "f").ok());
        for (std::size_t length = 0; length < file.size(); ++length)
            QVERIFY2(!parseSafetensorsHeader(std::string_view(file).substr(0, length), length, "f").ok(),
                     std::to_string(length).c_str());
    }

    void randomDamageNeverReadsOutside()
    {
        // Whatever is accepted must lie inside the file: run under the sanitizer preset too
        const std::string json = "{\"__metadata__\":{\"format\":\"pt\"}," + f32("aa", "[2,2]", "[0,16]") + "," +
                                 entry("bb", "BF16", "[4]", "[16,24]") + "}";
        const std::string file = test::hostileSafetensors(json, 24);
        std::mt19937 random(7);
        int accepted = 0;
        for (int round = 0; round < 20'000; ++round) {
            std::string damaged = file;
            for (auto change = 1 + random() % 3; change > 0; --change)
                damaged[random() % damaged.size()] = static_cast<char>(random() & 0xFFU);
            const auto header = parseSafetensorsHeader(damaged, damaged.size(), "f");
            if (!header)
                continue;
            ++accepted;
            for (const TensorInfo& tensor : header->tensors)
                QVERIFY(tensor.offset + tensor.bytes <= damaged.size() && tensor.offset >= 8);
        }
        QVERIFY(accepted > 0); // damage in the data is no business of the header
    }

    void namedPipesAndFoldersDoNotHang()
    {
        QVERIFY(!readSafetensorsHeader(m_dir.path().toStdString()).ok());
        QVERIFY(!readSafetensorsHeader("/dev/zero").ok());
        QVERIFY(!readSafetensorsHeader(at("absent")).ok());
    }

    void writtenHeadersReadBack()
    {
        std::vector<TensorInfo> tensors(2);
        tensors[0].name = "quote \" and \\ and \xC3\xA4";
        tensors[0].dtype = Dtype::BF16;
        tensors[0].shape = {3, 5};
        tensors[0].bytes = 30;
        tensors[1].name = "scalar";
        tensors[1].bytes = 4;
        const std::string head = makeSafetensorsHeader(tensors, {{"format", "pt"}});
        QCOMPARE(head.size() % 8, std::size_t{0});
        const auto header = parseSafetensorsHeader(head, head.size() + 34, "f");
        QVERIFY2(header.ok(), header.ok() ? "" : header.error().text().c_str());
        QCOMPARE(header->tensors[0].name, tensors[0].name);
        QCOMPARE(header->tensors[0].offset, head.size());
        QCOMPARE(header->tensors[1].offset, head.size() + 30);
        QCOMPARE(header->metadata.size(), std::size_t{1});
        QVERIFY(parseSafetensorsHeader(makeSafetensorsHeader({}, {{"a", "b"}}),
                                       makeSafetensorsHeader({}, {{"a", "b"}}).size(), "f")
                    .ok());
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
