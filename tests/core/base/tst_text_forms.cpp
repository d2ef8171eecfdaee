// SPDX-License-Identifier: Apache-2.0
// Sizes, counts, durations, errors, progress arithmetic, hashes, strong types.
#include "core/base/byte_size.h"
#include "core/base/hash.h"
#include "core/base/machine.h"
#include "core/base/progress.h"
#include "core/base/strong_index.h"
#include "core/base/text.h"

#include <QTest>
#include <type_traits>

using namespace espalier;
using namespace espalier::base;

static_assert(!std::is_convertible_v<LayerIndex, ExpertIndex> && !std::is_convertible_v<ExpertIndex, LayerIndex>);
static_assert(!std::is_convertible_v<int, LayerIndex> && !std::is_convertible_v<LayerIndex, int>);
static_assert(!std::is_constructible_v<LayerIndex, ExpertIndex> && !std::is_assignable_v<LayerIndex&, ExpertIndex>);
static_assert(!std::is_convertible_v<TokenCount, ByteSize> && !std::is_assignable_v<ByteSize&, std::uint64_t>);

template <typename A, typename B>
concept Comparable = requires(A a, B b)
{
    a == b;
};
static_assert(Comparable<LayerIndex, LayerIndex> && !Comparable<LayerIndex, ExpertIndex> &&
              !Comparable<LayerIndex, int>);

class TestTextForms : public QObject {
    Q_OBJECT
private slots:
    void parsesSizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("plain") << "1000000" << quint64{1000000};
        QTest::newRow("zero") << "0" << quint64{0};
        QTest::newRow("GiB") << "8GiB" << quint64{8} * 1024 * 1024 * 1024;
        QTest::newRow("space and case") << "15 mib" << quint64{15} * 1024 * 1024;
        QTest::newRow("decimal") << "1.5KiB" << quint64{1536};
        QTest::newRow("KB") << "2KB" << quint64{2000};
        QTest::newRow("TB") << "3 TB" << quint64{3000000000000};
        QTest::newRow("B") << "77B" << quint64{77};
        QTest::newRow("largest") << "18446744073709551615" << ~quint64{0};
    }
    void parsesSizes()
    {
        QFETCH(QString, text);
        QFETCH(quint64, bytes);
        const auto size = parseByteSize(text.toStdString());
        QVERIFY2(size.ok(), size.ok() ? "" : size.error().text().c_str());
        QCOMPARE(quint64{size->value()}, bytes);
    }

    void refusesSizes_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "-1", "GiB", "1.", ".GiB", "1e9", "8 Gi", "8G", "1.5", "1.5B", "0x10", "8GiB ",
                                 " 8GiB", "8  GiB", "18446744073709551616", "16777216TiB", "nan", "1,5GiB"})
            QTest::newRow(text) << QString(text);
    }
    void refusesSizes()
    {
        QFETCH(QString, text);
        const auto size = parseByteSize(text.toStdString());
        QVERIFY(!size.ok());
        QCOMPARE(size.error().code, ErrorCode::Usage);
        QVERIFY(!size.error().remedy.empty());
    }

    void formatsSizes()
    {
        QCOMPARE(formatByteSize(ByteSize(0)), "0 B");
        QCOMPARE(formatByteSize(ByteSize(1023)), "1023 B");
        QCOMPARE(formatByteSize(ByteSize(1024)), "1.00 KiB");
        QCOMPARE(formatByteSize(ByteSize(23352192)), "22.27 MiB");
        QCOMPARE(formatByteSize(ByteSize((1U << 20U) - 1)), "1.00 MiB"); // never "1024.00 KiB"
        QCOMPARE(formatByteSize(ByteSize(~std::uint64_t{0})), "16.00 EiB");
    }

    void findsOverflow()
    {
        std::uint64_t result = 0;
        QVERIFY(!multiplyOverflows(1ULL << 31U, 1ULL << 32U, result));
        QCOMPARE(result, 1ULL << 63U);
        QVERIFY(multiplyOverflows(1ULL << 32U, 1ULL << 32U, result));
        QVERIFY(!addOverflows(~0ULL, 0, result));
        QVERIFY(addOverflows(~0ULL, 1, result));
    }

    void formatsNumbers()
    {
        QCOMPARE(withThousands(0), "0");
        QCOMPARE(withThousands(999), "999");
        QCOMPARE(withThousands(1000), "1,000");
        QCOMPARE(withThousands(1234567), "1,234,567");
        QCOMPARE(formatCount(950), "950");
        QCOMPARE(formatCount(1310720), "1.31 M");
        QCOMPARE(formatCount(999700), "1.00 M");
        QCOMPARE(formatCount(30532122624), "30.5 B");
        QCOMPARE(formatDuration(0.44), "0.4 s");
        QCOMPARE(formatDuration(12.2), "12 s");
        QCOMPARE(formatDuration(59.7), "1 min 00 s");
        QCOMPARE(formatDuration(3900), "1 h 05 min");
        QCOMPARE(formatDuration(86400 * 3 + 4 * 3600), "3 d 04 h");
        QCOMPARE(formatDuration(-1), "?");
    }

    void parsesIndices()
    {
        std::int32_t value = -7;
        QVERIFY(parseIndex("0", value) && value == 0);
        QVERIFY(parseIndex("2147483647", value) && value == 2147483647);
        QVERIFY(parseIndex("12", value, 12) && !parseIndex("13", value, 12));
        for (const char* bad : {"", "00", "01", "-1", "+1", " 1", "1 ", "2147483648", "99999999999999999999", "1a"})
            QVERIFY2(!parseIndex(bad, value), bad);
    }

    void errorsReadWell()
    {
        const Error error = badInput("the key is missing", "model/config.json", "key num_experts", "Add it");
        QCOMPARE(error.text(), "model/config.json: key num_experts: the key is missing. Add it");
        QCOMPARE(static_cast<int>(error.code), 3);
        QCOMPARE(usageError("x").text(), "x");
        QCOMPARE(static_cast<int>(cancelledError().code), 130);
    }

    void progressHasRateAndTime()
    {
        ProgressMeter meter;
        auto reading = meter.update({"profile", 100, 1000, "tokens"}, 50.0); // resumed: 100 were there already
        QCOMPARE(reading.percent, 10.0);
        QCOMPARE(reading.secondsLeft, -1.0);
        reading = meter.update({"profile", 300, 1000, "tokens"}, 52.0);
        QCOMPARE(reading.rate, 100.0);
        QCOMPARE(reading.seconds, 2.0);
        QCOMPARE(reading.secondsLeft, 7.0);
        reading = meter.update({"profile", 1000, 1000, "tokens"}, 60.0);
        QCOMPARE(reading.percent, 100.0);
        QCOMPARE(reading.secondsLeft, 0.0);
        reading = meter.update({"write", 5, 0, "items"}, 61.0);
        QCOMPARE(reading.percent, -1.0);
        QCOMPARE(reading.seconds, 0.0);
    }

    void hashesMatchTheStandard()
    {
        QCOMPARE(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QCOMPARE(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Sha256 hash;
        hash.add("a");
        hash.add("bc");
        QCOMPARE(hash.finish(), sha256("abc"));
    }

    void machineIsDescribed()
    {
        const Machine machine = describeMachine();
        QVERIFY(machine.cores >= 1);
        QVERIFY(machine.memory.value() > 100U << 20U);
        QVERIFY(machine.memoryAvailable.value() > 0 && machine.memoryAvailable <= machine.memory);
        const auto before = peakResidentSet();
        std::vector<char> block(64U << 20U, 'x'); // touched, so it counts
        QVERIFY(peakResidentSet().value() >= before.value());
        QVERIFY(peakResidentSet().value() > 64U << 20U);
        QVERIFY(block[12345] == 'x');
    }
};

QTEST_APPLESS_MAIN(TestTextForms)
#include "tst_text_forms.moc"
