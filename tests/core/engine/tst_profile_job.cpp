// SPDX-License-Identifier: Apache-2.0
// The calibration pass as a job: interrupted by SIGKILL or cancelled and then resumed it gives the same bits as an
// uninterrupted run; parts merged are the whole; what it refuses.
#include "core/engine/profile_job.h"
#include "tests/core/engine/profile_fixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstdio>
#include <thread>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

/// What the killed process does: one resumable run that says how far it is, slowly enough to be killed in between.
int child(const fs::path& folder, const fs::path& study)
{
    const auto model = model::openModel(folder / "model");
    if (!model)
        return 3;
    auto request = test::smallRequest(folder);
    request.resume = true;
    base::JobContext job;
    job.progress = [](const base::ProgressEvent& event) {
        std::printf("%.0f\n", event.done);
        std::fflush(stdout);
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    };
    const auto report = engine::runProfile(*model, study, request, job);
    if (!report)
        std::fprintf(stderr, "%s\n", report.error().text().c_str());
    return report ? 0 : 1;
}

} // namespace

class TestProfileJob : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::optional<model::OpenModel> m_model;
    fs::path m_whole; ///< study of the uninterrupted run

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
        double last = -1, total = 0;
        bool rising = true;
        base::JobContext job;
        job.progress = [&](const base::ProgressEvent& event) {
            if (event.unit == "bytes")
                return; // weights
            rising = rising && event.done >= last && event.unit == "tokens" && event.phase == "profile";
            last = event.done;
            total = event.total;
        };
        const auto report = engine::runProfile(*m_model, m_whole, test::smallRequest(m_folder), job);
        QVERIFY_RESULT(report);
        QVERIFY(rising);
        QCOMPARE(last, total);
        QCOMPARE(static_cast<double>(report->tokensThisTime), total);
        QVERIFY(!report->resumed);
        const auto statistics = test::load(m_whole);
        QCOMPARE(statistics.domains.size(), 2U);
        for (const auto& domain : statistics.domains) {
            QCOMPARE(domain.tokens, report->tokens.at(domain.name));
            for (const auto& layer : domain.layers) {
                QCOMPARE(layer.tokens(), static_cast<double>(domain.tokens));
                double routed = 0;
                for (const double count : layer[stats::Stat::Count])
                    routed += count;
                QCOMPARE(routed, static_cast<double>(2 * domain.tokens)); // top-2: no token lost, no padding
            }
        }
        QCOMPARE(statistics.find("words")->documents, 40);
        QCOMPARE(statistics.find("numbers")->documents, 25);
        auto study = study::Study::open(m_whole, study::OpenMode::ReadOnly);
        QVERIFY_RESULT(study);
        const auto runs = study->runs();
        QVERIFY_RESULT(runs);
        QCOMPARE(runs->size(), 1U);
        QCOMPARE(runs->front().state, std::string("finished"));
        QVERIFY(runs->front().groupsTotal > 12);
        QCOMPARE(runs->front().groupsDone, runs->front().groupsTotal);
        const auto findings = study->check();
        QVERIFY_RESULT(findings);
        for (const auto& finding : *findings)
            QVERIFY2(finding.ok, finding.detail.c_str());
    }

    void estimateAgrees()
    {
        auto request = test::smallRequest(m_folder);
        request.statistics = stats::StatSelection::all();
        const auto estimate = engine::estimateProfile(*m_model, request);
        QVERIFY_RESULT(estimate);
        const auto statistics = test::load(m_whole);
        std::uint64_t bytes = 0;
        for (const auto& domain : statistics.domains) {
            QCOMPARE(estimate->tokens.at(domain.name), domain.tokens);
            QCOMPARE(estimate->windows.at(domain.name), domain.windows);
            for (const auto& layer : domain.layers) {
                for (const auto& info : stats::statInfos())
                    bytes += layer[info.stat].size_bytes();
                bytes += 6 * layer.pool().ids.size();
            }
        }
        QCOMPARE(estimate->studyBytes, bytes);
        QVERIFY(estimate->flops > 0);
        QCOMPARE(estimate->effort, estimate->flops);
        QCOMPARE(estimate->bankTokens, 0);
        // Rows of tokens
        request.statistics = *stats::StatSelection::parse("all,samples");
        const auto more = engine::estimateProfile(*m_model, request);
        std::uint64_t rows = 0;
        for (const auto& domain : statistics.domains) {
            const auto add = [&rows](const stats::Samples& samples) {
                for (const auto& info : stats::sampleInfos())
                    rows += samples[info.kind].bytes.size();
            };
            add(domain.samples);
            for (const auto& layer : domain.layers)
                add(layer.samples());
        }
        QCOMPARE(more->studyBytes - bytes, rows);
        QVERIFY(more->flops > estimate->flops);
    }

    void estimateOfTheBankAgrees()
    {
        auto request = test::smallRequest(m_folder);
        request.statistics = *stats::StatSelection::parse("S0");
        const auto plain = engine::estimateProfile(*m_model, request);
        request.statistics = *stats::StatSelection::parse("S0,S11");
        const auto estimate = engine::estimateProfile(*m_model, request);
        QVERIFY_RESULT(plain);
        QVERIFY_RESULT(estimate);
        const fs::path study = m_folder / "bank.espalier";
        QVERIFY_RESULT(engine::runProfile(*m_model, study, request, {}));
        double sampled = 0;
        for (const auto& domain : test::load(study).domains)
            sampled += domain.layers.front()[stats::Stat::BankTokens][0];
        QVERIFY(sampled > 0);
        QCOMPARE(static_cast<double>(estimate->bankTokens), sampled);
        // All experts, and what is taken of their outputs
        const auto& spec = m_model->spec;
        const auto layers = static_cast<double>(m_model->summary.moeLayers.size());
        const double all = sampled * layers * 6 * spec.experts * spec.hidden * spec.expertWidth;
        QVERIFY(estimate->flops - plain->flops > all);
        QVERIFY(estimate->effort > estimate->flops);
    }

    void killedAndResumed()
    {
        const fs::path study = m_folder / "killed.espalier";
        int kills = 0;
        std::int64_t seen = 0;
        for (int attempt = 0; attempt < 40; ++attempt) {
            QProcess process;
            process.start(QCoreApplication::applicationFilePath(),
                          {"--child", QString::fromStdString(m_folder), QString::fromStdString(study)});
            QVERIFY(process.waitForStarted());
            for (int lines = 0; lines < 9 + attempt && process.state() == QProcess::Running;) {
                if (process.canReadLine() || process.waitForReadyRead(20000)) {
                    seen = process.readLine().toLongLong();
                    ++lines;
                }
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
        }
        QVERIFY2(kills >= 3, "the child was too fast to be killed");
        QVERIFY(seen > 0);
        QCOMPARE(test::firstDifference(test::load(m_whole), test::load(study)), std::string());
        auto file = study::Study::open(study, study::OpenMode::ReadOnly);
        QVERIFY_RESULT(file);
        const auto runs = file->runs();
        QVERIFY_RESULT(runs);
        QCOMPARE(runs->size(), 1U); // every start went on with the same run
        QCOMPARE(runs->front().state, std::string("finished"));
        qInfo("killed %d times", kills);
    }

    void cancelledAndResumed()
    {
        const fs::path study = m_folder / "cancelled.espalier";
        auto request = test::smallRequest(m_folder);
        std::stop_source source;
        base::JobContext job;
        job.stop = source.get_token();
        job.progress = [&](const base::ProgressEvent& event) {
            if (event.unit == "tokens" && event.done > event.total / 3)
                source.request_stop();
        };
        const auto cancelled = engine::runProfile(*m_model, study, request, job);
        QVERIFY(!cancelled.ok());
        QVERIFY(cancelled.error().code == ErrorCode::Cancelled);
        {
            auto file = study::Study::open(study, study::OpenMode::ReadOnly);
            QVERIFY_RESULT(file);
            const auto runs = file->runs();
            QCOMPARE(runs->front().state, std::string("partial"));
            QVERIFY(runs->front().groupsDone > 0);
            QVERIFY(runs->front().groupsDone < runs->front().groupsTotal);
        }
        // Other settings are another run: the unfinished one stays as it is.
        auto other = request;
        other.resume = true;
        other.context = 40;
        other.maxTokens = TokenCount(100);
        const auto another = engine::runProfile(*m_model, study, other, {});
        QVERIFY_RESULT(another);
        QVERIFY(!another->resumed);

        request.resume = true;
        const auto resumed = engine::runProfile(*m_model, study, request, {});
        QVERIFY_RESULT(resumed);
        QVERIFY(resumed->resumed);
        std::int64_t all = 0;
        for (const auto& [domain, tokens] : resumed->tokens)
            all += tokens;
        QVERIFY(resumed->tokensThisTime < all);
        auto file = study::Study::open(study, study::OpenMode::ReadOnly);
        QVERIFY_RESULT(file);
        const auto statistics = file->loadRun(resumed->run, study::Pools::LoadSamples);
        QVERIFY_RESULT(statistics);
        QCOMPARE(test::firstDifference(test::load(m_whole), *statistics), std::string());
    }

    void partsMergedAreTheWhole()
    {
        auto first = test::smallRequest(m_folder), second = first;
        first.data.pop_back();
        second.data.erase(second.data.begin());
        QVERIFY_RESULT(engine::runProfile(*m_model, m_folder / "first.espalier", first, {}));
        QVERIFY_RESULT(engine::runProfile(*m_model, m_folder / "second.espalier", second, {}));
        auto merged = study::Study::openOrCreate(m_folder / "merged.espalier", m_model->summary);
        QVERIFY_RESULT(merged);
        for (const char* part : {"first.espalier", "second.espalier"}) {
            auto study = study::Study::open(m_folder / part, study::OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            QVERIFY_RESULT(merged->importRuns(*study));
        }
        const auto statistics = merged->loadStatistics();
        QVERIFY_RESULT(statistics);
        auto whole = test::load(m_whole);
        for (auto& domain : whole.domains) { // rows stay in their files
            domain.samples.clear();
            for (auto& layer : domain.layers)
                layer.editSamples().clear();
        }
        QCOMPARE(test::firstDifference(whole, *statistics), std::string());
    }

    /// Two halves of one domain add up: counts exactly, sums but for rounding.
    void halvesOfADomainMerge()
    {
        const std::string text = test::readText(m_folder / "words.jsonl");
        std::size_t middle = 0;
        for (int line = 0; line < 17; ++line)
            middle = text.find('\n', middle) + 1;
        fs::create_directories(m_folder / "a");
        fs::create_directories(m_folder / "b");
        test::writeText(m_folder / "a/words.jsonl", text.substr(0, middle));
        test::writeText(m_folder / "b/words.jsonl", text.substr(middle));
        auto merged = study::Study::openOrCreate(m_folder / "halves.espalier", m_model->summary);
        QVERIFY_RESULT(merged);
        for (const char* part : {"a", "b"}) {
            auto request = test::smallRequest(m_folder / part);
            request.data.pop_back();
            const fs::path file = m_folder / part / "half.espalier";
            QVERIFY_RESULT(engine::runProfile(*m_model, file, request, {}));
            auto study = study::Study::open(file, study::OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            QVERIFY_RESULT(merged->importRuns(*study));
        }
        const auto statistics = merged->loadStatistics();
        QVERIFY_RESULT(statistics);
        const auto whole = test::load(m_whole);
        const auto &ours = *statistics->find("words"), &theirs = *whole.find("words");
        QCOMPARE(ours.tokens, theirs.tokens);
        QCOMPARE(ours.documents, theirs.documents);
        for (std::size_t l = 0; l < theirs.layers.size(); ++l)
            for (const auto& info : stats::statInfos()) {
                double scale = 0;
                for (const double value : theirs.layers[l][info.stat])
                    scale = std::max(scale, std::fabs(value));
                for (std::size_t i = 0; i < theirs.layers[l][info.stat].size(); ++i)
                    QVERIFY2(std::fabs(ours.layers[l][info.stat][i] - theirs.layers[l][info.stat][i]) <= 1e-6 * scale,
                             info.id.data());
            }
    }

    void filesOfOneNameAreOneDomain()
    {
        auto request = test::smallRequest(m_folder);
        request.data[1].name = "words";
        request.maxTokens = TokenCount(900);
        const auto report = engine::runProfile(*m_model, m_folder / "joined.espalier", request, {});
        QVERIFY_RESULT(report);
        QCOMPARE(report->tokens.size(), 1U);
        QCOMPARE(report->tokens.at("words"), 900);
        const auto statistics = test::load(m_folder / "joined.espalier");
        QCOMPARE(statistics.domains[0].dataSha256.size(), 129U); // both files
    }

    void onlyWhatWasAskedFor()
    {
        auto request = test::smallRequest(m_folder);
        request.maxTokens = TokenCount(100);
        request.statistics = *stats::StatSelection::parse("basic");
        QVERIFY_RESULT(engine::runProfile(*m_model, m_folder / "basic.espalier", request, {}));
        const auto statistics = test::load(m_folder / "basic.espalier");
        const auto& layer = statistics.domains[0].layers[0];
        QVERIFY(layer.has(stats::Stat::Turn));
        QVERIFY(layer.has(stats::Stat::MaxAbs));
        QVERIFY(!layer.has(stats::Stat::OutputSum));
        QVERIFY(!layer.has(stats::Stat::Coactivation));
        QCOMPARE(layer.pool().k, 0);
    }

    void refuses()
    {
        const fs::path study = m_folder / "never.espalier";
        const auto fails = [&](const engine::ProfileRequest& request, ErrorCode code, const char* reason) {
            const auto report = engine::runProfile(*m_model, study, request, {});
            return !report.ok() && report.error().code == code &&
                   report.error().text().find(reason) != std::string::npos;
        };
        auto request = test::smallRequest(m_folder);
        request.data.clear();
        QVERIFY(fails(request, ErrorCode::Usage, "--data"));
        request = test::smallRequest(m_folder);
        request.context = 0;
        QVERIFY(fails(request, ErrorCode::Usage, "context"));
        request = test::smallRequest(m_folder);
        request.data[1].path = m_folder / "absent.jsonl";
        QVERIFY(fails(request, ErrorCode::BadInput, "absent.jsonl"));
        test::writeText(m_folder / "broken.jsonl", "{\"text\":\"a\"}\n{\"text\":\n");
        request.data[1].path = m_folder / "broken.jsonl";
        QVERIFY(fails(request, ErrorCode::BadInput, "line 2"));
        QVERIFY(!fs::exists(study)); // nothing was begun

        test::TinyOptions dense;
        dense.moe = false;
        test::writeTinyCheckpoint(m_folder / "dense", dense);
        const auto model = model::openModel(m_folder / "dense");
        QVERIFY_RESULT(model);
        const auto report = engine::runProfile(*model, study, test::smallRequest(m_folder), {});
        QVERIFY(!report.ok());
        QVERIFY(report.error().text().find("no routed experts") != std::string::npos);

        test::TinyOptions other;
        other.vocabulary = 300;
        test::writeTinyCheckpoint(m_folder / "small", other);
        fs::copy_file(m_folder / "model/tokenizer.json", m_folder / "small/tokenizer.json");
        const auto small = model::openModel(m_folder / "small");
        QVERIFY_RESULT(small);
        const auto foreign = engine::runProfile(*small, study, test::smallRequest(m_folder), {});
        QVERIFY(!foreign.ok());
        QVERIFY(foreign.error().text().find("tokenizer.json belongs") != std::string::npos);
        const auto wrongStudy = engine::estimateProfile(*small, test::smallRequest(m_folder));
        QVERIFY(!wrongStudy.ok());
    }
};

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == "--child")
        return child(argv[2], argv[3]);
    TestProfileJob test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_profile_job.moc"
