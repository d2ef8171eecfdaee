// SPDX-License-Identifier: Apache-2.0
// Weights that pass through the memory give what resident ones give, to the bit, however small the window; each byte is
// read once in a pass; a profile killed or cancelled between layers goes on there and ends with the same bits.
#include "core/engine/profile_job.h"
#include "core/engine/profile_pass.h"
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/profile_fixture.h"
#include "tests/core/engine/stats_support.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <thread>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

engine::ProfileRequest streamedRequest(const fs::path& folder)
{
    auto request = test::smallRequest(folder);
    request.engine.window = ByteSize(1); // the least that computes
    return request;
}

/// What the killed process does: one resumable run, slowly enough to be killed in between.
int child(const fs::path& folder, const fs::path& study)
{
    const auto model = model::openModel(folder / "model");
    if (!model)
        return 3;
    auto request = streamedRequest(folder);
    request.resume = true;
    base::JobContext job;
    job.progress = [](const base::ProgressEvent& event) {
        std::printf("%.0f\n", event.done);
        std::fflush(stdout);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    };
    const auto report = engine::runProfile(*model, study, request, job);
    if (!report)
        std::fprintf(stderr, "%s\n", report.error().text().c_str());
    return report ? 0 : 1;
}

std::vector<fs::path> journals(const fs::path& study)
{
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(study.parent_path()))
        if (entry.is_directory() && entry.path().filename().string().starts_with(study.filename().string()))
            found.push_back(entry.path());
    return found;
}

} // namespace

class TestStreaming : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::optional<model::OpenModel> m_model;
    fs::path m_whole; ///< study of the uninterrupted streamed run

    [[nodiscard]] static engine::EngineOptions options(std::uint64_t window, int threads = 1)
    {
        engine::EngineOptions options;
        options.compute = engine::ComputeType::Float32;
        options.threads = threads;
        options.window = ByteSize(window);
        return options;
    }

private slots:
    void initTestCase()
    {
        m_folder = m_dir.path().toStdString();
        test::writeModelWithTokenizer(m_folder / "model");
        test::writeTexts(m_folder / "words.jsonl", 1, 40);
        test::writeTexts(m_folder / "numbers.jsonl", 2, 25);
        auto opened = model::openModel(m_folder / "model");
        QVERIFY_RESULT(opened);
        m_model.emplace(std::move(*opened));
        m_whole = m_folder / "whole.espalier";
        const auto report = engine::runProfile(*m_model, m_whole, streamedRequest(m_folder), {});
        QVERIFY_RESULT(report);
        QVERIFY(report->counters.streamed);
        QVERIFY(journals(m_whole).empty());
    }

    void sameNumbersAsResident_data()
    {
        QTest::addColumn<quint64>("window");
        QTest::addColumn<bool>("tied");
        QTest::addColumn<bool>("denseLayers");
        QTest::addColumn<int>("threads");
        QTest::newRow("least window: packs of one expert") << quint64{1} << false << false << 1;
        QTest::newRow("packs of some experts") << quint64{40000} << false << false << 2;
        QTest::newRow("whole layers") << quint64{1} << false << true << 1;
        QTest::newRow("tied embedding") << quint64{1} << true << false << 1;
        QTest::newRow("a window for everything") << quint64{1} * (1U << 30U) << true << true << 2;
    }
    void sameNumbersAsResident()
    {
        QFETCH(quint64, window);
        QFETCH(bool, tied);
        QFETCH(bool, denseLayers);
        QFETCH(int, threads);
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        test::TinyOptions tiny;
        tiny.tied = tied;
        tiny.layers = 4;
        if (denseLayers)
            tiny.mlpOnlyLayers = {0, 2};
        test::writeTinyCheckpoint(folder, tiny);
        const auto resident = test::openMachine(folder, options(0, threads));
        const auto streamed = test::openMachine(folder, options(window, threads));
        QVERIFY(!resident.engine->counters().streamed);
        QVERIFY(streamed.engine->counters().streamed);
        const auto texts = test::randomTexts(*resident.model, {1, 7, 64, 200, 33});
        const auto plan = test::randomPlan(*resident.model, 3, 5);
        for (const engine::PlanPointer p : {engine::PlanPointer(nullptr), &plan})
            QVERIFY(test::collectLogits(*resident.engine, texts, p) == test::collectLogits(*streamed.engine, texts, p));

        std::vector<tokenizer::Window> windows;
        for (const auto& text : texts)
            windows.push_back({0, text});
        const auto all = test::must(stats::StatSelection::parse("all,bank"));
        auto a = test::emptyDomain(resident.model->summary, all), b = a;
        test::must(resident.engine->profile(windows, a, {}));
        test::must(streamed.engine->profile(windows, b, {}));
        stats::Statistics first, second;
        first.domains = {a};
        second.domains = {b};
        QCOMPARE(test::firstDifference(first, second), std::string());
        const auto fresh = test::openMachine(folder, options(window, threads));
        auto c = test::emptyDomain(fresh.model->summary, all);
        test::must(fresh.engine->profile(windows, c, {}));
        const auto counters = fresh.engine->counters(); // each byte once, the head not at all
        QCOMPARE(counters.weightBytesRead, counters.weightBytesTotal);
        QVERIFY(counters.weightBytesTotal < streamed.engine->counters().weightBytesTotal || tied);

        const std::vector<engine::TextSet> sets{{"d", windows}};
        const std::vector<engine::PlanPointer> plans{&plan};
        const auto compared = test::must(resident.engine->compare(sets, plans, {}));
        const auto again = test::must(streamed.engine->compare(sets, plans, {}));
        QCOMPARE(again[0][0].perplexity, compared[0][0].perplexity);
        QCOMPARE(again[0][0].klMean, compared[0][0].klMean);
        engine::GenerateRequest request;
        request.prompts = {texts[1], texts[4]};
        request.variants = {nullptr, &plan};
        request.maxTokens = 5;
        QVERIFY(test::must(resident.engine->generate(request, {})) ==
                test::must(streamed.engine->generate(request, {})));
    }

    void agreesWithResidentRun()
    {
        const fs::path study = m_folder / "resident.espalier";
        QVERIFY_RESULT(engine::runProfile(*m_model, study, test::smallRequest(m_folder), {}));
        QCOMPARE(QString::fromStdString(test::firstDifference(test::load(study), test::load(m_whole))), QString());
    }

    void killedAndResumed()
    {
        const fs::path study = m_folder / "killed.espalier";
        int kills = 0;
        bool sawJournal = false;
        for (int attempt = 0; attempt < 40; ++attempt) {
            QProcess process;
            process.start(QCoreApplication::applicationFilePath(),
                          {"--child", QString::fromStdString(m_folder), QString::fromStdString(study)});
            QVERIFY(process.waitForStarted());
            for (int lines = 0; lines < 150 + 50 * attempt && process.state() == QProcess::Running;)
                if (process.canReadLine() || process.waitForReadyRead(20000)) {
                    process.readLine();
                    ++lines;
                }
            if (process.state() == QProcess::Running) {
                process.kill();
                QVERIFY(process.waitForFinished());
            }
            if (process.exitStatus() == QProcess::NormalExit) {
                QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
                break;
            }
            ++kills;
            sawJournal = sawJournal || !journals(study).empty();
        }
        QVERIFY2(kills >= 3, "the child was too fast to be killed");
        QVERIFY(sawJournal);
        QCOMPARE(QString::fromStdString(test::firstDifference(test::load(m_whole), test::load(study))), QString());
        QVERIFY(journals(study).empty());
        qInfo("killed %d times", kills);
    }

    void cancelledAndResumedWithResidentWeights()
    {
        const fs::path study = m_folder / "cancelled.espalier";
        auto request = streamedRequest(m_folder);
        std::stop_source source;
        base::JobContext job;
        job.stop = source.get_token();
        job.progress = [&](const base::ProgressEvent& event) {
            if (event.unit == "tokens" && event.done > event.total / 2)
                source.request_stop();
        };
        const auto cancelled = engine::runProfile(*m_model, study, request, job);
        QVERIFY(!cancelled.ok());
        QVERIFY(cancelled.error().code == ErrorCode::Cancelled);
        QCOMPARE(journals(study).size(), 1U);
        QVERIFY(test::load(study).domains.empty()); // nothing half-measured is shown

        request.engine.window = {}; // the memory may have grown meanwhile: the run goes on as it began
        request.resume = true;
        const auto resumed = engine::runProfile(*m_model, study, request, {});
        QVERIFY_RESULT(resumed);
        QVERIFY(resumed->resumed);
        QVERIFY(!resumed->counters.streamed);
        QCOMPARE(QString::fromStdString(test::firstDifference(test::load(m_whole), test::load(study))), QString());
        QVERIFY(journals(study).empty());
    }

    /// Windows of whole layers: one group whatever the number of tokens, its rows in the journal between layers.
    void spilledRowsChangeNothing()
    {
        const fs::path study = m_folder / "spilled.espalier";
        auto request = streamedRequest(m_folder);
        request.engine.window = ByteSize(std::uint64_t{1} << 30U);
        std::stop_source source;
        base::JobContext job;
        job.stop = source.get_token();
        bool embedded = false;
        job.progress = [&](const base::ProgressEvent& event) {
            for (const fs::path& folder : journals(study))
                embedded = embedded || fs::exists(folder / "embedded");
            if (event.unit == "tokens" && event.done > event.total / 2)
                source.request_stop();
        };
        const auto cancelled = engine::runProfile(*m_model, study, request, job);
        QVERIFY(!cancelled.ok());
        QVERIFY(cancelled.error().code == ErrorCode::Cancelled);
        QVERIFY(embedded);
        request.resume = true;
        const auto resumed = engine::runProfile(*m_model, study, request, {});
        QVERIFY_RESULT(resumed);
        QVERIFY(resumed->resumed);
        QCOMPARE(QString::fromStdString(test::firstDifference(test::load(m_whole), test::load(study))), QString());
        QVERIFY(journals(study).empty());
    }

    void damagedJournalIsTold()
    {
        const fs::path study = m_folder / "damaged.espalier";
        auto request = streamedRequest(m_folder);
        std::stop_source source;
        base::JobContext job;
        job.stop = source.get_token();
        job.progress = [&](const base::ProgressEvent& event) {
            if (event.unit == "tokens" && event.done > event.total / 2)
                source.request_stop();
        };
        QVERIFY(!engine::runProfile(*m_model, study, request, job).ok());
        const auto folders = journals(study);
        QCOMPARE(folders.size(), 1U);
        for (const auto& entry : fs::directory_iterator(folders[0]))
            if (entry.path().filename().string().starts_with("hidden-"))
                fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
        request.resume = true;
        const auto refused = engine::runProfile(*m_model, study, request, {});
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().code == ErrorCode::BadInput);
        QVERIFY(refused.error().text().find(folders[0].string()) != std::string::npos);
        fs::remove_all(folders[0]); // the remedy
        QVERIFY_RESULT(engine::runProfile(*m_model, study, request, {}));
        QCOMPARE(QString::fromStdString(test::firstDifference(test::load(m_whole), test::load(study))), QString());
    }

    void groupsAcrossDomains()
    {
        std::vector<engine::DomainTexts> domains(2);
        for (const std::size_t length : {10U, 20U, 5U}) {
            domains[0].windows.push_back({0, engine::TokenSequence(length)});
            domains[1].windows.push_back({0, engine::TokenSequence(length + 1)});
        }
        const auto apart = engine::cutIntoGroups(domains, {false, 30});
        QCOMPARE(apart.size(), 4U); // 10 + 20, 5 | 11, 21 + 6
        const auto together = engine::cutIntoGroups(domains, {true, 30});
        QCOMPARE(together.size(), 3U); // 10 + 20, 5 + 11, 21 + 6
        QCOMPARE(together[1].parts.size(), 2U);
        QCOMPARE(together[1].parts[1].domain, 1U);
        QCOMPARE(together[1].tokens, 16);
    }

    void readingErrorsArrive()
    {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        test::writeTinyCheckpoint(folder, {});
        const auto machine = test::openMachine(folder, options(1));
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().extension() == ".safetensors")
                fs::resize_file(entry.path(), fs::file_size(entry.path()) - 4);
        const auto texts = test::randomTexts(*machine.model, {9});
        const auto result = machine.engine->logits(texts, nullptr, [](auto, auto, auto) { return Result<void>(); }, {});
        QVERIFY(!result.ok());
        QVERIFY(result.error().code == ErrorCode::BadInput);
    }

    void tooLittleMemoryIsTold()
    {
        engine::EngineOptions options;
        options.memory = ByteSize(std::uint64_t{64} << 20U);
        const auto refused = engine::openEngine(*m_model, options);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().code == ErrorCode::NoResources);
        QVERIFY(refused.error().text().find("64") != std::string::npos);
    }
};

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && std::string(argv[1]) == "--child")
        return child(argv[2], argv[3]);
    TestStreaming test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_streaming.moc"
