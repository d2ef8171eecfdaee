// SPDX-License-Identifier: Apache-2.0
// Tokens per second of a calibration pass on the bundled model, beside transformers on the same windows with the same
// threads in one run. Prints figures and asserts only that the work was done: times depend on the machine.
#include "core/engine/profile_job.h"
#include "tests/support/oracle.h"
#include "tests/support/tiny_checkpoint.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fmt/format.h>
#include <thread>

using namespace espalier;
namespace fs = std::filesystem;

class BenchProfileSpeed : public QObject {
    Q_OBJECT

    static constexpr std::int64_t kTokensPerDomain = 12000;

    static fs::path demo() { return fs::path(ESPALIER_SOURCE_DIR) / "resources/demo"; }

    static std::vector<tokenizer::DataFile> data()
    {
        std::vector<tokenizer::DataFile> files;
        for (const char* name : {"json", "prose-french", "sort"})
            files.push_back({name, demo() / fmt::format("calibration/{}.jsonl", name)});
        return files;
    }

    /// Best of three, from reading the weights' headers to the finished study.
    double ours(engine::ComputeType compute, const char* statistics, const QTemporaryDir& dir)
    {
        double best = 0;
        for (int round = 0; round < 3; ++round) {
            const auto model = model::openModel(demo() / "model");
            if (!model)
                return 0;
            engine::ProfileRequest request;
            request.data = data();
            request.context = 256;
            request.maxTokens = TokenCount(kTokensPerDomain);
            request.statistics = *stats::StatSelection::parse(statistics);
            request.engine.compute = compute;
            const auto study = dir.filePath(QString("%1-%2-%3.espalier").arg(int(compute)).arg(statistics).arg(round));
            const auto report = engine::runProfile(*model, study.toStdString(), request, {});
            if (!report || report->tokensThisTime != 3 * kTokensPerDomain)
                return 0;
            best = std::max(best, static_cast<double>(report->tokensThisTime) / report->seconds);
        }
        return best;
    }

private slots:
    void besideTransformers()
    {
        const QTemporaryDir dir;
        const double all32 = ours(engine::ComputeType::Float32, "all", dir);
        const double basic32 = ours(engine::ComputeType::Float32, "S0", dir);
        const double all16 = ours(engine::ComputeType::BFloat16, "all", dir);
        QVERIFY(all32 > 0 && basic32 > 0 && all16 > 0);
        qInfo("espalier, study written: float32 %.0f tokens/s (counts alone %.0f), bfloat16 %.0f tokens/s", all32,
              basic32, all16);

        ESPALIER_NEED_ORACLE();
        const auto tokenizer = tokenizer::Tokenizer::load(demo() / "model");
        QVERIFY(tokenizer.ok());
        base::OrderedJson windows = base::OrderedJson::array();
        for (const auto& file : data()) {
            const auto texts = tokenizer::readDocuments(file);
            QVERIFY(texts.ok());
            const auto cut = tokenizer::cutIntoWindows(*texts, *tokenizer, 256, TokenCount(kTokensPerDomain));
            QVERIFY(cut.ok());
            for (const auto& window : *cut)
                windows.push_back(window.ids);
        }
        test::writeText(dir.filePath("windows.json").toStdString(), windows.dump());
        const auto threads = QString::number(std::max(1U, std::thread::hardware_concurrency()));
        const auto run =
            test::runOracle("profile_speed.py", {QString::fromStdString((demo() / "model").string()),
                                                 dir.filePath("windows.json"), dir.filePath("out.json"), threads});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto theirs = base::readJsonFile(dir.filePath("out.json").toStdString());
        QVERIFY(theirs.ok());
        QCOMPARE((*theirs)["tokens"].get<std::int64_t>(), 3 * kTokensPerDomain);
        for (const char* type : {"float32", "bfloat16"}) {
            QCOMPARE((*theirs)["counted"][type].get<std::int64_t>(), 3 * kTokensPerDomain * 6 * 4); // layers, top-4
            const double other = (*theirs)[type].get<double>();
            const double mine = std::string_view(type) == "float32" ? all32 : all16;
            qInfo("%s: espalier with all statistics %.0f, transformers with counts %.0f tokens/s, ratio %.2f", type,
                  mine, other, mine / other);
        }
    }
};

QTEST_APPLESS_MAIN(BenchProfileSpeed)
#include "tst_profile_speed.moc"
