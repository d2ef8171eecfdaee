// SPDX-License-Identifier: Apache-2.0
// How long opening a very large model takes, from headers alone: the published tensor lists of large models as sparse
// files. Prints figures, asserts none: times depend on the machine.
#include "core/model/model_summary.h"
#include "tests/support/released_models.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <filesystem>

using namespace espalier;
namespace fs = std::filesystem;

class BenchOpenCheckpoint : public QObject {
    Q_OBJECT

private slots:
    void fromHeadersAlone_data()
    {
        QTest::addColumn<int>("index");
        QTest::newRow("DeepSeek-V3") << 0;
        QTest::newRow("Kimi-K2") << 1;
        QTest::newRow("Qwen3-235B-A22B") << 2;
        QTest::newRow("gpt-oss-120b") << 3;
        QTest::newRow("Qwen3-Next-80B-A3B") << 4;
    }
    void fromHeadersAlone()
    {
        QFETCH(const int, index);
        const auto make = std::array{test::deepseekV3, test::kimiK2, test::qwen3Moe235b, test::gptOss120b,
                                     test::qwen3Next80b}[static_cast<std::size_t>(index)];
        const auto released = make({});
        constexpr std::size_t kShards = 96;
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        test::writeSparse(folder, released, kShards);
        for (int round = 0; round < 3; ++round) {
            QElapsedTimer timer;
            timer.start();
            const auto opened = checkpoint::Checkpoint::open(folder);
            const auto headers = timer.nsecsElapsed();
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().text().c_str());
            const auto model = model::openModel(folder);
            const auto all = timer.nsecsElapsed() - headers;
            QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
            QCOMPARE(model->checkpoint.tensors().size(), released.tensors.size());
            qInfo("%zu tensors, %.2f TB, %zu shards: headers %.0f ms, everything %.0f ms", opened->tensors().size(),
                  static_cast<double>(opened->tensorBytes()) / 1e12, kShards, static_cast<double>(headers) / 1e6,
                  static_cast<double>(all) / 1e6);
        }
    }
};

QTEST_APPLESS_MAIN(BenchOpenCheckpoint)
#include "tst_open_checkpoint.moc"
