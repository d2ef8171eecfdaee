// SPDX-License-Identifier: Apache-2.0
// Bounded reading, atomic writing, folders that appear complete, JSON from strangers.
#include "core/base/atomic_directory.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace espalier;
using namespace espalier::base;
namespace fs = std::filesystem;

class TestFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }
    [[nodiscard]] static std::size_t entries(const fs::path& folder)
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

private slots:
    void readsWithinTheLimit()
    {
        test::writeText(at("ten"), "0123456789");
        QCOMPARE(readTextFile(at("ten"), ByteSize(10)).value(), "0123456789");
        const auto tooLarge = readTextFile(at("ten"), ByteSize(9));
        QVERIFY(!tooLarge.ok());
        QCOMPARE(tooLarge.error().code, ErrorCode::BadInput);
        QVERIFY(QString::fromStdString(tooLarge.error().message).contains("9 B"));
        test::writeText(at("empty"), "");
        QCOMPARE(readTextFile(at("empty"), ByteSize(0)).value(), "");
    }

    void readsFilesThatReportNoLength()
    {
        const auto text = readTextFile("/proc/self/status", ByteSize(1U << 20U));
        QVERIFY(text.ok());
        QVERIFY(text->find("VmHWM") != std::string::npos);
        QVERIFY(!readTextFile("/dev/zero", ByteSize(1U << 16U)).ok()); // endless, but bounded
    }

    void refusesFoldersAndMissingFiles()
    {
        const auto folder = readTextFile(m_dir.path().toStdString(), ByteSize(100));
        QVERIFY(!folder.ok());
        QVERIFY(QString::fromStdString(folder.error().message).contains("folder"));
        const auto missing = readTextFile(at("nowhere"), ByteSize(100));
        QCOMPARE(missing.error().code, ErrorCode::BadInput);
        QCOMPARE(missing.error().file, at("nowhere").string());
        QVERIFY(!missing.error().remedy.empty());
    }

    void fullDiskIsAShortageNotBadInput()
    {
        QCOMPARE(systemError("x", "cannot write", ENOSPC).code, ErrorCode::NoResources);
        QCOMPARE(systemError("x", "cannot write", EACCES).code, ErrorCode::BadInput);
        auto full = FileWriter::create("/dev/full");
        QVERIFY(full.ok());
        const auto written = full->write(std::string_view("text"));
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::NoResources);
        static_cast<void>(full->finish()); // closed, so that the destructor leaves the device alone
    }

    void replacesAtomically()
    {
        const fs::path folder = at("atomic");
        fs::create_directory(folder);
        QVERIFY(writeFileAtomically(folder / "a.json", "one").ok());
        QVERIFY(writeFileAtomically(folder / "a.json", "two").ok());
        QCOMPARE(test::readText(folder / "a.json"), "two");
        QCOMPARE(entries(folder), std::size_t{1}); // no temporary sibling is left
        const auto intoNothing = writeFileAtomically(at("no/such/folder/file"), "x");
        QVERIFY(!intoNothing.ok());
        QCOMPARE(intoNothing.error().file, at("no/such/folder/file").string());
        QVERIFY(!writeFileAtomically(folder, "x").ok());
        QVERIFY(fs::is_directory(folder));
        QVERIFY(writeFileAtomically("espalier-relative.tmp", "x").ok()); // a path without a folder
        fs::remove("espalier-relative.tmp");
    }

    void devicesAndLinksAreNotReplaced()
    {
        const fs::path pipe = at("pipe");
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
        QVERIFY(writeFileAtomically(pipe, "through").ok());
        char buffer[16] = {};
        QCOMPARE(::read(reader, buffer, sizeof buffer), ssize_t{7});
        {
            auto unfinished = FileWriter::create(pipe);
            QVERIFY(unfinished.ok());
        }
        ::close(reader);
        QVERIFY(fs::is_fifo(pipe));
        test::writeText(at("real"), "old");
        fs::create_symlink("real", at("link"));
        QVERIFY(writeFileAtomically(at("link"), "new").ok());
        QVERIFY(fs::is_symlink(at("link")));
        QCOMPARE(test::readText(at("real")), "new");
    }

    void unfinishedWritersLeaveNothing()
    {
        {
            auto writer = FileWriter::create(at("half"));
            QVERIFY(writer.ok() && writer->write(std::string_view("half")).ok());
            FileWriter moved = std::move(writer).value();
            QVERIFY(moved.write(std::string_view("more")).ok());
        }
        QVERIFY(!fs::exists(at("half")));
        auto writer = FileWriter::create(at("whole"));
        QVERIFY(writer->write(std::string_view("all")).ok() && writer->finish().ok());
        QCOMPARE(test::readText(at("whole")), "all");
        QCOMPARE(sha256File(at("whole")).value(), sha256("all"));
        QVERIFY(!sha256File(at("absent")).ok() && !sha256File(m_dir.path().toStdString()).ok());
    }

    void foldersAppearCompleteOrNotAtAll()
    {
        {
            auto folder = AtomicDirectory::create(at("bundle/"));
            QVERIFY(folder.ok());
            test::writeText(folder->path() / "a", "a");
        }
        QVERIFY(!fs::exists(at("bundle")));
        auto folder = AtomicDirectory::create(at("deep/er/bundle"));
        QVERIFY(folder.ok());
        test::writeText(folder->path() / "a", "a");
        QVERIFY(!fs::exists(at("deep/er/bundle")));
        QVERIFY(folder->commit().ok());
        QCOMPARE(test::readText(at("deep/er/bundle/a")), "a");
        QCOMPARE(entries(at("deep/er")), std::size_t{1});
        const auto again = AtomicDirectory::create(at("deep/er/bundle"));
        QVERIFY(!again.ok());
        QCOMPARE(again.error().code, ErrorCode::BadInput);
        QVERIFY(!AtomicDirectory::create(at("deep/er/bundle/a")).ok()); // a file
        fs::create_directory(at("void"));
        auto overEmpty = AtomicDirectory::create(at("void"));
        QVERIFY(overEmpty.ok());
        test::writeText(at("void") / "other", "somebody was faster");
        QVERIFY(!overEmpty->commit().ok());
        QCOMPARE(test::readText(at("void") / "other"), "somebody was faster");
    }

    void asksForSpaceOfFuturePlaces() { QVERIFY(freeDiskSpace(at("does/not/exist/yet")).value().value() > 0); }

    void checksUtf8_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("badAt"); // −1: well-formed
        QTest::newRow("ascii") << QByteArray("plain text of more than eight bytes") << -1;
        QTest::newRow("two to four") << QByteArray("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x8C\xB3") << -1;
        QTest::newRow("last code point") << QByteArray("\xF4\x8F\xBF\xBF") << -1;
        QTest::newRow("lone continuation") << QByteArray("12345678\x80") << 8;
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << 0;
        QTest::newRow("overlong three") << QByteArray("ab\xE0\x9F\xBF") << 2;
        QTest::newRow("overlong four") << QByteArray("\xF0\x8F\xBF\xBF") << 0;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 0;
        QTest::newRow("above the last") << QByteArray("\xF4\x90\x80\x80") << 0;
        QTest::newRow("cut off") << QByteArray("abc\xE2\x82") << 3;
        QTest::newRow("latin-1") << QByteArray("gr\xFC\xDF e") << 2;
    }
    void checksUtf8()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, badAt);
        std::size_t offset = 999;
        const bool good = isUtf8({text.constData(), static_cast<std::size_t>(text.size())}, &offset);
        QCOMPARE(good, badAt < 0);
        if (!good)
            QCOMPARE(static_cast<int>(offset), badAt);
    }

    void parsesJson()
    {
        const auto json = parseJson(R"({"z": [1, -2, 3.5, "x", null, true], "a": {"b": {}}})", "f");
        QVERIFY(json.ok());
        QCOMPARE(json->dump(), R"({"z":[1,-2,3.5,"x",null,true],"a":{"b":{}}})"); // the order of keys stays
        QVERIFY(parseJson("7", "f").ok() && parseJson(" \"x\" ", "f").ok());
    }

    void refusesJson_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("comma") << QByteArray("{\n\"a\": 1,\n}") << "line 3";
        QTest::newRow("second value") << QByteArray("{}\n{}") << "line 2";
        QTest::newRow("cut off") << QByteArray("{\"a\": [1,\n2") << "line 2";
        QTest::newRow("duplicate") << QByteArray("{\"a\": 1,\n\n\"a\": 2}") << "line 3";
        QTest::newRow("duplicate inside") << QByteArray("[{\"a\": {\"b\": 1, \"b\": 2}}]") << "line 1";
        QTest::newRow("duplicate by escape") << QByteArray("{\"a\": 1, \"\\u0061\": 2}") << "line 1";
        QTest::newRow("comment") << QByteArray("// no\n{}") << "line 1";
        QTest::newRow("NaN") << QByteArray("[NaN]") << "line 1";
        QTest::newRow("not UTF-8") << QByteArray("\n\n{\"a\": \"\xFC\"}") << "line 3";
        QTest::newRow("lone surrogate") << QByteArray("[\"\\ud800\"]") << "line 1";
        QTest::newRow("behind a zero") << QByteArray("{}\0 garbage", 11) << "line 1";
        QTest::newRow("too deep") << QByteArray(65, '[') + QByteArray(65, ']') << "line 1";
        QTest::newRow("far too deep") << QByteArray(3'000'000, '[') << "line 1";
        QTest::newRow("empty") << QByteArray("") << "line 1";
    }
    void refusesJson()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        const auto json = parseJson({text.constData(), static_cast<std::size_t>(text.size())}, "some.json");
        QVERIFY(!json.ok());
        QCOMPARE(json.error().code, ErrorCode::BadInput);
        QCOMPARE(json.error().file, "some.json");
        QCOMPARE(QString::fromStdString(json.error().place), place);
        QVERIFY(!json.error().message.empty());
    }

    void depthLimitIsExact()
    {
        QVERIFY(parseJson("[[[]]]", "f", 3).ok());
        QVERIFY(!parseJson("[[[]]]", "f", 2).ok());
    }

    void largeObjectsStayFast()
    {
        std::string text = "{";
        for (int i = 0; i < 100'000; ++i)
            text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(i);
        const auto json = parseJson(text + "}", "f"); // quadratic insertion would take minutes
        QVERIFY(json.ok());
        QCOMPARE(json->size(), std::size_t{100'000});
    }

    void emptyJsonFilesAreNamed()
    {
        test::writeText(at("blank.json"), " \n");
        const auto json = readJsonFile(at("blank.json"));
        QVERIFY(!json.ok());
        QVERIFY(QString::fromStdString(json.error().message).contains("empty"));
    }
};

QTEST_APPLESS_MAIN(TestFiles)
#include "tst_files.moc"
