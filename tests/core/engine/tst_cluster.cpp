// SPDX-License-Identifier: Apache-2.0
// Processes under mpirun measure what one process measures, to the bit: documents shared or layers shared, weights that
// stay or pass through, interrupted and resumed by another number of processes. What they refuse, all of them leave.
#include "core/engine/cluster_profile.h"
#include "core/engine/cluster_sums.h"
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/profile_fixture.h"
#include "tests/core/engine/stats_support.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

engine::ProfileRequest requestIn(const fs::path& folder, bool streamed)
{
    auto request = test::smallRequest(folder);
    if (streamed)
        request.engine.window = ByteSize(1); // the least that computes
    return request;
}

/// One of the processes: FOLDER STUDY documents|layers[,streamed][,stop][,odd], its report as JSON.
int child(const fs::path& folder, const fs::path& study, const std::string& how)
{
    const auto has = [&](const char* word) { return how.find(word) != std::string::npos; };
    const auto cluster = engine::joinCluster();
    if (!cluster || *cluster == nullptr) {
        std::fprintf(stderr, "%s\n", cluster ? "alone" : cluster.error().text().c_str());
        return 70;
    }
    const int rank = (*cluster)->rank();
    engine::Team team{cluster->get(), has("layers") ? engine::Split::Layers : engine::Split::Documents};
    const auto model = model::openModel(folder / "model");
    if (!model)
        return 71;
    auto request = requestIn(folder, has("streamed"));
    request.resume = true;
    if (has("odd") && rank == 1)
        request.context = 40;
    base::JobContext job;
    std::stop_source source;
    job.stop = source.get_token();
    job.progress = [&](const base::ProgressEvent& event) {
        if (has("stop") && event.unit == "tokens" && event.done > event.total / 2)
            source.request_stop();
    };
    const auto report = engine::runProfile(*model, study, request, job, team);
    if (!report) {
        std::fprintf(stderr, "process %d: %s\n", rank, report.error().text().c_str());
        if (!team.agreed)
            (*cluster)->abort(static_cast<int>(report.error().code));
        return static_cast<int>(report.error().code);
    }
    for (const auto& one : report->ranks)
        std::printf("%zu %zu %llu\n", one.firstLayer, one.endLayer,
                    static_cast<unsigned long long>(one.weightBytesRead));
    return 0;
}

struct Ended {
    int code = -1;
    QByteArray out, errors;
};

} // namespace

class TestCluster : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::optional<model::OpenModel> m_model;
    fs::path m_alone; ///< study of one process

    [[nodiscard]] Ended together(int processes, const fs::path& study, const char* how) const
    {
        QProcess process;
        process.start("mpirun", {"--allow-run-as-root", "--oversubscribe", "-n", QString::number(processes),
                                 QCoreApplication::applicationFilePath(), "--child", QString::fromStdString(m_folder),
                                 QString::fromStdString(study), how});
        if (!process.waitForFinished(60000))
            process.kill();
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

private slots:
    void initTestCase()
    {
        const auto described = engine::describeCluster();
        if (!described.available || QStandardPaths::findExecutable("mpirun").isEmpty()) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), described.detail.c_str());
            QSKIP(("NOTHING RUNS UNDER MPI HERE: " + described.detail).c_str());
        }
        m_folder = m_dir.path().toStdString();
        test::TinyOptions tiny;
        tiny.vocabulary = 2048;
        tiny.layers = 5;
        tiny.mlpOnlyLayers = {1};
        test::writeTinyCheckpoint(m_folder / "model", tiny);
        fs::copy_file(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model/tokenizer.json",
                      m_folder / "model/tokenizer.json");
        test::writeTexts(m_folder / "words.jsonl", 1, 40);
        test::writeTexts(m_folder / "numbers.jsonl", 2, 25);
        auto opened = model::openModel(m_folder / "model");
        QVERIFY_RESULT(opened);
        m_model.emplace(std::move(*opened));
        m_alone = m_folder / "alone.espalier";
        QVERIFY_RESULT(engine::runProfile(*m_model, m_alone, requestIn(m_folder, false), {}));
    }

    void sameBitsAsOneProcess_data()
    {
        QTest::addColumn<int>("processes");
        QTest::addColumn<QByteArray>("how");
        QTest::newRow("documents, 2") << 2 << QByteArray("documents");
        QTest::newRow("layers, 4") << 4 << QByteArray("layers");
        QTest::newRow("layers, 3, streamed") << 3 << QByteArray("layers,streamed");
    }
    void sameBitsAsOneProcess()
    {
        QFETCH(int, processes);
        QFETCH(QByteArray, how);
        const fs::path study = m_folder / fmt::format("{}{}.espalier", how.constData(), processes);
        const Ended ended = together(processes, study, how);
        QVERIFY2(ended.code == 0, ended.errors.constData());
        QCOMPARE(test::firstDifference(test::load(m_alone), test::load(study)), std::string());
        const auto lines = ended.out.trimmed().split('\n');
        QCOMPARE(lines.size(), processes);
        qulonglong all = 0;
        for (const QByteArray& line : lines)
            all += line.split(' ')[2].toULongLong();
        const auto machine = test::openMachine(m_folder / "model", requestIn(m_folder, false).engine);
        test::collectLogits(*machine.engine, {{1, 2}}); // with the head, which S17 needs
        const std::uint64_t once = machine.engine->counters().weightBytesTotal;
        if (how == "documents")
            QCOMPARE(all, once * static_cast<std::uint64_t>(processes));
        else // every process reads its own layers and no others; first and last the norm at the end
            QCOMPARE(all, once + machine.model->checkpoint.find("model.norm.weight")->bytes);
    }

    void interruptedAndResumed_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::newRow("documents") << QByteArray("documents");
        QTest::newRow("layers") << QByteArray("layers");
    }
    void interruptedAndResumed()
    {
        QFETCH(QByteArray, how);
        const fs::path study = m_folder / fmt::format("resumed-{}.espalier", how.constData());
        const Ended stopped = together(2, study, how + ",stop");
        QVERIFY2(stopped.code == static_cast<int>(ErrorCode::Cancelled), stopped.errors.constData());
        QVERIFY(!test::firstDifference(test::load(m_alone), test::load(study)).empty());
        const Ended resumed = together(3, study, how);
        QVERIFY2(resumed.code == 0, resumed.errors.constData());
        QCOMPARE(test::firstDifference(test::load(m_alone), test::load(study)), std::string());
        auto file = study::Study::open(study, study::OpenMode::ReadOnly);
        QVERIFY_RESULT(file);
        const auto runs = file->runs();
        QVERIFY_RESULT(runs);
        QCOMPARE(runs->size(), 1U);
    }

    void allLeaveWhatOneRefuses_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("other texts") << QByteArray("documents,odd") << 3 << QByteArray("process 1");
        QTest::newRow("streamed documents") << QByteArray("documents,streamed") << 4 << QByteArray("--split layers");
    }
    void allLeaveWhatOneRefuses()
    {
        QFETCH(QByteArray, how);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const Ended ended = together(2, m_folder / "refused.espalier", how);
        QCOMPARE(ended.code, code);
        QVERIFY2(ended.errors.contains(says), ended.errors.constData());
        QVERIFY(!fs::exists(m_folder / "refused.espalier"));
    }

    void layersAreShared()
    {
        const std::size_t layers = m_model->spec.layers.size();
        for (int size = 1; size <= 5; ++size) {
            std::size_t at = 0;
            for (int rank = 0; rank < size; ++rank) {
                const auto range = test::must(engine::layersOfRank(*m_model, size, rank));
                QCOMPARE(range.begin, at);
                QVERIFY(range.end > range.begin);
                at = range.end;
            }
            QCOMPARE(at, layers);
        }
        QCOMPARE(engine::layersOfRank(*m_model, 6, 0).error().code, ErrorCode::Usage);
    }

    void sumsTravel()
    {
        const auto machine = test::openMachine(m_folder / "model", requestIn(m_folder, false).engine);
        std::vector<tokenizer::Window> windows;
        for (auto& ids : test::randomTexts(*machine.model, {40, 3}))
            windows.push_back({0, std::move(ids)});
        const auto empty = test::emptyDomain(machine.model->summary, test::must(stats::StatSelection::parse("all")));
        std::vector<stats::DomainStats> sent{empty}, got{empty};
        test::must(machine.engine->profile(windows, sent[0], {}));
        const auto message = engine::packSums(sent, {});
        test::must(engine::unpackSums(message, {}, got));
        stats::Statistics a, b;
        a.domains = sent;
        b.domains = got;
        QCOMPARE(test::firstDifference(a, b), std::string());
        got = {empty};
        test::must(engine::unpackSums(engine::packSums(sent, {2, 4}), {2, 4}, got));
        QCOMPARE(got[0].layers[0].tokens(), 0.0);  // layer 0
        QCOMPARE(got[0].layers[1].tokens(), 43.0); // layer 2
        for (const std::size_t wrong : {std::size_t{0}, message.size() - 1})
            QVERIFY(!engine::unpackSums(std::span(message).first(wrong), {}, got));
        auto more = message;
        more.push_back({});
        QVERIFY(!engine::unpackSums(more, {}, got));
    }
};

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 5 && std::string(argv[1]) == "--child")
        return child(argv[2], argv[3], argv[4]);
    TestCluster test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_cluster.moc"
