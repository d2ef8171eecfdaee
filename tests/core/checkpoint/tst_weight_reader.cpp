// SPDX-License-Identifier: Apache-2.0
// Every way of reading gives the same bytes at every alignment; the probe counts what it read and stays inside its
// bounds; files that changed or end early are refused.
#include "core/checkpoint/weight_reader.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

using namespace espalier;
using namespace espalier::checkpoint;
namespace fs = std::filesystem;

class TestWeightReader : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_file;
    std::vector<std::byte> m_bytes;

private slots:
    void initTestCase()
    {
        std::mt19937 random(1);
        m_bytes.resize((std::size_t{9} << 20U) + 1234); // more than two pieces, an odd end
        for (std::byte& byte : m_bytes)
            byte = static_cast<std::byte>(random() & 0xffU);
        m_file = fs::path(m_dir.path().toStdString()) / "data";
        test::writeText(m_file, {reinterpret_cast<const char*>(m_bytes.data()), m_bytes.size()});
    }

    void sameBytesEveryWay()
    {
        for (const ReadMode mode : kReadModes) {
            const auto reader = FileReader::open(m_file, mode);
            QVERIFY(reader.ok());
            QCOMPARE(reader->bytes(), m_bytes.size());
            const std::size_t end = m_bytes.size();
            const std::pair<std::size_t, std::size_t> parts[] = {
                {0, end}, {0, 1}, {4095, 2}, {4096, 4096}, {17, 5'000'000}, {end - 1, 1}, {end - 5000, 5000}, {100, 0}};
            for (const auto& [offset, count] : parts) {
                std::vector<std::byte> got(count);
                QVERIFY(reader->read(offset, got).ok());
                QVERIFY(std::equal(got.begin(), got.end(), m_bytes.begin() + static_cast<std::ptrdiff_t>(offset)));
                reader->forget(offset, count);
            }
            std::vector<std::byte> beyond(10);
            const auto refused = reader->read(end - 9, beyond);
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, base::ErrorCode::BadInput);
        }
        QVERIFY(!FileReader::open(m_file.string() + ".absent", ReadMode::Direct).ok());
    }

    void manyThreadsThroughOneReader()
    {
        for (const ReadMode mode : kReadModes) {
            const auto reader = FileReader::open(m_file, mode);
            QVERIFY(reader.ok());
            std::atomic<int> right = 0;
            constexpr int kThreads = 3, kReads = 40;
            {
                std::vector<std::jthread> threads;
                for (int t = 0; t < kThreads; ++t)
                    threads.emplace_back([&, t] {
                        std::mt19937 random(static_cast<unsigned>(t));
                        for (int i = 0; i < kReads; ++i) {
                            std::vector<std::byte> got(1 + random() % 200'000);
                            const std::size_t offset = random() % (m_bytes.size() - got.size());
                            if (reader->read(offset, got).ok() &&
                                std::equal(got.begin(), got.end(),
                                           m_bytes.begin() + static_cast<std::ptrdiff_t>(offset)))
                                ++right;
                        }
                    });
            }
            QCOMPARE(right.load(), kThreads * kReads);
        }
    }

    void checkpointByEveryWay()
    {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "model";
        test::writeTinyCheckpoint(folder, {});
        const auto checkpoint = Checkpoint::open(folder);
        QVERIFY(checkpoint.ok());
        TensorReader mapped(*checkpoint);
        for (const ReadMode mode : kReadModes)
            for (const bool forget : {false, true}) {
                WeightReader reader(*checkpoint, {mode, forget});
                for (const TensorInfo& tensor : checkpoint->tensors()) {
                    std::vector<std::byte> got(static_cast<std::size_t>(tensor.bytes));
                    QVERIFY(reader.read(tensor, got).ok());
                    const auto same = mapped.bytes(tensor);
                    QVERIFY(same.ok() && std::equal(got.begin(), got.end(), same->begin(), same->end()));
                    QVERIFY(!reader.read(tensor, std::span(got).first(got.size() - 1)).ok());
                }
            }
        fs::resize_file(folder / checkpoint->shards()[0].file, checkpoint->shards()[0].bytes - 1);
        WeightReader late(*checkpoint);
        std::vector<std::byte> got(static_cast<std::size_t>(checkpoint->tensors()[0].bytes));
        const auto refused = late.read(checkpoint->tensors()[0], got);
        QVERIFY(!refused.ok() && refused.error().message.find("changed") != std::string::npos);
    }

    void probeCountsWhatItReads()
    {
        ReadProbeOptions options;
        options.slice = std::uint64_t{1} << 20U;
        options.seconds = 60; // the bytes are the bound
        const auto probe = probeReads(m_file, options);
        QVERIFY(probe.ok());
        std::uint64_t all = 0;
        for (const auto& speed : probe->speeds) {
            QCOMPARE(speed.bytes > 0, speed.possible);
            QCOMPARE(speed.bytes % options.slice, std::uint64_t{0});
            all += speed.bytes;
        }
        QCOMPARE(all, std::uint64_t{9} << 20U);
        options.most = std::uint64_t{4} << 20U;
        const auto less = probeReads(m_file, options);
        QVERIFY(less.ok());
        all = 0;
        for (const auto& speed : less->speeds)
            all += speed.bytes;
        QCOMPARE(all, options.most);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = probeReads(m_file, {}, stop.get_token());
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
    }

    void theFastestIsChosen()
    {
        ReadProbe probe;
        QCOMPARE(probe.best(), ReadMode::Buffered); // nothing was measured
        probe.speeds[0] = {100, 1.0, true};
        probe.speeds[1] = {109, 1.0, true};
        probe.speeds[2] = {300, 1.0, false};
        QCOMPARE(probe.best(), ReadMode::Buffered); // a tenth is noise, what is not possible does not count
        probe.speeds[1].bytes = 120;
        QCOMPARE(probe.best(), ReadMode::Mapped);
        probe.speeds[2].possible = true;
        QCOMPARE(probe.best(), ReadMode::Direct);
    }
};

QTEST_APPLESS_MAIN(TestWeightReader)
#include "tst_weight_reader.moc"
