// SPDX-License-Identifier: Apache-2.0
// Statistics in the study: stored to the bit, flipped bytes found, resumed after kill -9, merged.
#include "core/study/blob.h"
#include "core/study/database.h"
#include "tests/core/study/study_support.h"

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace espalier;
using namespace espalier::study;
using namespace espalier::test;

class TestStudyRuns : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    model::ModelSummary m_model = madeUpModel(kLayers, kExperts, kTopK);

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

    /// Commits of the run that is killed: the first n parts of a long measurement, growing.
    static stats::DomainStats upTo(int parts)
    {
        auto domain = domainOf("alpha", 100, 50);
        for (int i = 1; i < parts; ++i)
            if (!domain.merge(domainOf("alpha", 100 + static_cast<std::uint64_t>(i), 50)))
                throw std::runtime_error("parts of one domain do not merge");
        return domain;
    }

private slots:
    void statisticsComeBackToTheBit()
    {
        const std::vector<stats::DomainStats> domains{domainOf("beta", 2), domainOf("alpha", 1, 70)};
        makeStudy(at("bits.espalier"), domains);
        const auto study = Study::open(at("bits.espalier"), OpenMode::ReadOnly);
        QVERIFY_RESULT(study);
        const auto all = study->loadStatistics();
        QVERIFY_RESULT(all);
        QCOMPARE(difference(*all, domains), std::string());
        QCOMPARE(all->modelFingerprint, m_model.fingerprint);
        QCOMPARE(all->tokenizerFingerprint, std::string("tok"));
        QCOMPARE(all->context, std::int64_t{64});
        const auto runs = study->runs();
        QCOMPARE(runs->size(), std::size_t{1});
        QCOMPARE(runs->front().state, std::string("finished"));
        QCOMPARE(runs->front().tokens, std::int64_t{110});
        QCOMPARE(runs->front().groupsDone, std::int64_t{2});
        QCOMPARE(difference(*study->loadRun(runs->front().id), domains), std::string());
        QVERIFY_ERROR(study->loadRun(99), 3, "no run 99");
        // Without the pools everything else is the same.
        const auto lean = study->loadStatistics(Pools::Leave);
        QVERIFY(lean->domains[0].layers[0].pool().logits.empty());
        QVERIFY(sameBits(lean->domains[1].layers[2][stats::Stat::Gate], domains[1].layers[2][stats::Stat::Gate]));
    }

    /// Rows of single tokens and counted sets: added commit by commit, read back whole, a flipped byte is found.
    void rowsOfTokens()
    {
        const auto part = [](float value) {
            auto domain = domainOf("alpha", 7, 50);
            const std::vector<float> gates{value, value + 1, value + 2, value + 3};
            for (auto& layer : domain.layers) {
                layer.editCoalitions() = {true, kTopK, {0, 1, 2, 5}, {4, static_cast<double>(value)}};
                layer.editSamples().add(stats::SampleKind::TraceGates, stats::SampleType::F32, kTopK, gates);
            }
            domain.samples.add(stats::SampleKind::NextTail, stats::SampleType::F32, 1, gates);
            return domain;
        };
        const fs::path file = at("rows.espalier");
        std::int64_t run = 0;
        {
            auto study = Study::create(file, m_model);
            QVERIFY_RESULT(study);
            run = *study->beginRun(runSettings(), 2);
            QVERIFY(study->samples()->empty());
            QVERIFY_RESULT(study->commitProgress(run, part(10), 1, 0.5));
            QVERIFY_RESULT(study->commitProgress(run, part(20), 2, 0.5));
            QVERIFY_RESULT(study->finishRun(run, "finished"));
        }
        auto whole = part(10); // sums are those of the last commit, rows and sets those of both
        const auto last = part(20);
        whole.samples.append(last.samples);
        for (std::size_t l = 0; l < whole.layers.size(); ++l) {
            whole.layers[l].editSamples().append(last.layers[l].samples());
            whole.layers[l].editCoalitions().add(last.layers[l].coalitions());
        }
        const auto study = Study::open(file, OpenMode::ReadOnly);
        QVERIFY_RESULT(study);
        QCOMPARE(difference(*study->loadRun(run, Pools::LoadSamples), {whole}), std::string());
        const auto lean = study->loadStatistics(Pools::Leave);
        QVERIFY(lean->domains[0].layers[0].coalitions().collected); // says that there are some
        QVERIFY(lean->domains[0].layers[0].coalitions().tokens.empty());
        whole.samples.clear();
        for (auto& layer : whole.layers)
            layer.editSamples().clear();
        QCOMPARE(difference(*study->loadRun(run), {whole}), std::string());
        const auto columns = study->samples();
        QVERIFY_RESULT(columns);
        QCOMPARE(columns->size(), std::size_t{1 + kLayers});
        QVERIFY(columns->front().layer == -1 && columns->front().rows == 8 && columns->front().cols == 1);
        QVERIFY((*columns)[1].layer >= 0 && (*columns)[1].rows == 4 && (*columns)[1].cols == kTopK);
        std::size_t parts = 0, bytes = 0;
        QVERIFY_RESULT(study->readSample((*columns)[1], [&](std::span<const std::byte> read) -> Result<void> {
            ++parts;
            bytes += read.size();
            return {};
        }));
        QVERIFY(parts == 2 && bytes == 8 * sizeof(float));

        const auto good = bytesOf(file);
        const float row[] = {20, 21, 22, 23};
        const double tokens[] = {4, 20};
        for (const auto& [what, says] :
             {std::pair(std::string(reinterpret_cast<const char*>(row), sizeof row), "trace-gates"),
              std::pair(std::string(reinterpret_cast<const char*>(tokens), sizeof tokens), "sets of experts")}) {
            const auto place = good.find(what);
            QVERIFY(place != std::string::npos);
            auto broken = good;
            broken[place] = static_cast<char>(broken[place] ^ 1);
            writeBytes(at("broken.espalier"), broken);
            const auto damaged = Study::open(at("broken.espalier"), OpenMode::ReadOnly);
            QVERIFY_RESULT(damaged);
            std::string found;
            const auto findings = damaged->check();
            QVERIFY_RESULT(findings);
            for (const auto& finding : *findings)
                found += finding.ok ? "" : finding.detail;
            QVERIFY2(!found.empty(), says);
        }
    }

    void specialNumbersSurvive()
    {
        auto domain = domainOf("odd", 3);
        auto gate = domain.layers[0].edit(stats::Stat::Gate);
        gate[0] = std::numeric_limits<double>::infinity();
        gate[1] = -0.0;
        gate[2] = std::numeric_limits<double>::denorm_min();
        gate[3] = std::nan("7");
        makeStudy(at("odd.espalier"), {domain});
        const auto study = Study::open(at("odd.espalier"), OpenMode::ReadOnly);
        QCOMPARE(difference(*study->loadStatistics(), {domain}), std::string());
    }

    void checksumCoversTypeShapeAndBytes()
    {
        const std::vector<double> values{1, 2, 3, 4, 5, 6};
        const auto bytes = std::as_bytes(std::span(values));
        const auto sum = blobChecksum("f64", 2, 3, bytes);
        QCOMPARE(sum.size(), std::size_t{32});
        QVERIFY(sum != blobChecksum("f64", 3, 2, bytes));
        QVERIFY(sum != blobChecksum("i64", 2, 3, bytes));
        const BlobRow good{"f64", 2, 3, sum, bytes};
        QCOMPARE(blobFault(good, "f64", 8, 2, 3), std::string());
        QVERIFY(!blobFault(good, "f32", 4, 2, 3).empty());
        QVERIFY(!blobFault(good, "f64", 8, 3, 2).empty());
        QVERIFY(!blobFault({"f64", 2, 3, sum, bytes.first(47)}, "f64", 8, 2, 3).empty());
        QVERIFY(!blobFault({"f64", -2, -3, sum, bytes}, "f64", 8, 2, 3).empty());
        auto flipped = values;
        flipped[5] = std::nextafter(6.0, 7.0);
        QVERIFY(!blobFault({"f64", 2, 3, sum, std::as_bytes(std::span(flipped))}, "f64", 8, 2, 3).empty());
    }

    void aFlippedByteIsFound()
    {
        const auto domain = domainOf("alpha", 5, 60);
        makeStudy(at("flip.espalier"), {domain, domainOf("beta", 6)});
        const auto whole = bytesOf(at("flip.espalier"));
        // A value in the middle of a matrix, and one of the pool.
        const double value = domain.layers[1][stats::Stat::GateNorm][2];
        const float logit = domain.layers[2].pool().logits[17];
        const auto wherever = [&](const void* data, std::size_t size) {
            return whole.find(std::string(static_cast<const char*>(data), size));
        };
        const std::pair<std::size_t, const char*> places[] = {{wherever(&value, sizeof value), "gate-norm"},
                                                              {wherever(&logit, sizeof logit), "pool"}};
        for (const auto& [place, says] : places) {
            QVERIFY(place != std::string::npos);
            auto broken = whole;
            broken[place] = static_cast<char>(broken[place] ^ 1);
            writeBytes(at("flipped.espalier"), broken);
            const auto study = Study::open(at("flipped.espalier"), OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            const auto found = faults(*study);
            QVERIFY2(found.find("alpha") != std::string::npos && found.find(says) != std::string::npos, found.c_str());
            QVERIFY2(found.find("beta") == std::string::npos, found.c_str());
            QVERIFY_ERROR(study->loadStatistics(), 3, says);
        }
    }

    /// Whatever byte is damaged: no crash, and matrices that load are those that were measured.
    void damageIsNeverTakenForData()
    {
        const auto domain = domainOf("alpha", 5, 20);
        makeStudy(at("damage.espalier"), {domain});
        const auto whole = bytesOf(at("damage.espalier"));
        std::mt19937_64 random(4);
        int noticed = 0;
        for (int round = 0; round < 400; ++round) {
            auto broken = whole;
            for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips)
                broken[random() % (round % 2 == 0 ? broken.size() : std::size_t{2000})] = static_cast<char>(random());
            const auto file = at("damaged.espalier");
            writeBytes(file, broken);
            fs::remove(at("damaged.espalier-wal"));
            fs::remove(at("damaged.espalier-shm"));
            const auto study = Study::open(file, OpenMode::ReadOnly);
            if (!study) {
                QVERIFY(static_cast<int>(study.error().code) == 3 || static_cast<int>(study.error().code) == 4);
                ++noticed;
                continue;
            }
            noticed += faults(*study).empty() ? 0 : 1;
            const auto loaded = study->loadStatistics();
            if (!loaded) {
                QVERIFY2(!faults(*study).empty(), loaded.error().text().c_str()); // check finds what loading refuses
                continue;
            }
            for (const auto& d : loaded->domains)
                for (std::size_t l = 0; l < d.layers.size(); ++l)
                    for (const auto& info : stats::statInfos())
                        if (d.layers[l].has(info.stat))
                            QVERIFY(sameBits(d.layers[l][info.stat], domain.layers[l][info.stat]));
        }
        QVERIFY(noticed > 50);
    }

    void shapesThatDoNotFitTheModelAreRefused()
    {
        const struct {
            const char* sql;
            const char* says;
        } cases[] = {
            {"UPDATE layer SET experts = 7", "differ from the model"},
            {"UPDATE layer SET layer = layer + 10", "no such Mixture-of-Experts layer"},
            {"DELETE FROM layer WHERE layer = 3", "layers are missing"},
            {"UPDATE layer SET pool_k = 1000", "logit pool"},
            {"UPDATE statistic SET rows = 2, cols = 3 WHERE stat = 'gate'", "shape"},
            {"UPDATE statistic SET stat = 'nonsense' WHERE stat = 'gate'", "nonsense"},
            {"UPDATE statistic SET data = zeroblob(48) WHERE stat = 'gate'", "checksum"},
            {"UPDATE statistic SET data = zeroblob(47) WHERE stat = 'gate'", "bytes"},
            {"UPDATE pool SET first = 5", "do not join"},
            {"UPDATE pool SET rows = 1", "pool"},
        };
        for (const auto& c : cases) {
            const auto file = at("shape.espalier");
            fs::remove(file);
            makeStudy(file, {domainOf("alpha", 1)});
            {
                auto database = Database::open(file, Access::ReadWrite);
                QVERIFY_RESULT(database->execute(c.sql));
            }
            const auto study = Study::open(file, OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            QVERIFY_ERROR(study->loadStatistics(), 3, c.says);
            QVERIFY2(faults(*study).find(c.says) != std::string::npos, faults(*study).c_str());
        }
    }

    void poolsGrowAcrossChunks()
    {
        auto study = Study::create(at("pool.espalier"), m_model);
        const auto run = study->beginRun(runSettings(), 9);
        auto domain = domainOf("alpha", 1, 1);
        std::mt19937 random(1);
        // Several commits inside one chunk, one over its border, one of two chunks, one that adds nothing.
        for (const std::size_t rows : {1U, 1000U, 65'000U, 66'000U, 66'000U, 140'000U}) {
            for (auto& layer : domain.layers) {
                layer.addTokens(static_cast<double>(rows) - layer.tokens());
                while (layer.pool().logits.size() < rows * kTopK) {
                    layer.editPool().logits.push_back(static_cast<float>(random()));
                    layer.editPool().ids.push_back(static_cast<std::uint16_t>(random() % kExperts));
                }
            }
            domain.tokens = static_cast<std::int64_t>(rows);
            QVERIFY_RESULT(study->commitProgress(*run, domain, 1, 1));
            QCOMPARE(difference(*study->loadRun(*run), {domain}), std::string());
        }
        QCOMPARE(faults(*study), std::string());
        // Another pool in its place replaces it whole.
        domain.layers[0].editPool().logits[0] += 1;
        domain.layers[1].editPool().logits.resize(4);
        domain.layers[1].editPool().ids.resize(4);
        QVERIFY_RESULT(study->commitProgress(*run, domain, 2, 1));
        QCOMPARE(difference(*study->loadRun(*run), {domain}), std::string());
    }

    void runsAreFoundAgain()
    {
        auto study = Study::create(at("runs.espalier"), m_model);
        QVERIFY(!*study->findResumable("a"));
        const auto first = study->beginRun(runSettings("a"), 3), second = study->beginRun(runSettings("a"), 3),
                   other = study->beginRun(runSettings("b"), 3), nameless = study->beginRun({}, 3);
        QVERIFY_RESULT(nameless);
        QCOMPARE((*study->findResumable("a"))->id, *second); // the newest
        QCOMPARE((*study->findResumable("b"))->id, *other);
        QVERIFY(!*study->findResumable("c"));
        QVERIFY(!*study->findResumable("")); // nothing matches nothing
        QVERIFY_RESULT(study->finishRun(*second, "finished"));
        QCOMPARE((*study->findResumable("a"))->id, *first);
        QVERIFY_RESULT(study->finishRun(*first, "partial"));
        QCOMPARE((*study->findResumable("a"))->state, std::string("partial"));
        QVERIFY_RESULT(study->commitProgress(*first, domainOf("alpha", 1), 2, 1.5)); // goes on
        QCOMPARE((*study->findResumable("a"))->state, std::string("running"));
        QCOMPARE((*study->findResumable("a"))->groupsDone, std::int64_t{2});
        QVERIFY_ERROR(study->commitProgress(*second, domainOf("alpha", 1), 2, 1), 70, "unfinished");
        QVERIFY_ERROR(study->commitProgress(77, domainOf("alpha", 1), 2, 1), 70, "77");
        QVERIFY_ERROR(study->finishRun(*first, "done"), 70, "done");
        QVERIFY_ERROR(study->finishRun(77, "finished"), 70, "77");
    }

    void theNewestRunOfADomainCounts()
    {
        auto study = Study::create(at("newest.espalier"), m_model);
        const auto alpha = domainOf("alpha", 1), beta = domainOf("beta", 2), again = domainOf("alpha", 3, 90);
        const auto first = study->beginRun(runSettings(), 2);
        QVERIFY_RESULT(study->commitProgress(*first, alpha, 1, 1));
        QVERIFY_RESULT(study->commitProgress(*first, beta, 2, 1));
        QVERIFY_RESULT(study->finishRun(*first, "finished"));
        const auto second = study->beginRun(runSettings(), 1);
        QVERIFY_RESULT(study->commitProgress(*second, again, 1, 1));
        QCOMPARE(difference(*study->loadStatistics(), {again, beta}), std::string());
        QCOMPARE(difference(*study->loadRun(*first), {alpha, beta}), std::string());
    }

    void killedWritersLoseNothingCommitted()
    {
        const auto file = at("killed.espalier");
        constexpr int kMost = 24;
        std::vector<stats::DomainStats> states;
        for (int n = 1; n <= kMost; ++n)
            states.push_back(upTo(n));
        {
            auto study = Study::create(file, m_model);
            QVERIFY_RESULT(study->beginRun(runSettings(), kMost));
        }
        int kills = 0;
        std::int64_t done = 0;
        for (int round = 0; round < 200 && done < kMost; ++round) {
            // The child may commit once for every byte in `leave`, so a slow parent cannot let it run to the end.
            const int wait = static_cast<int>(std::min<std::int64_t>(1 + round % 4, kMost - done));
            int pipe[2], leave[2];
            QCOMPARE(::pipe(pipe), 0);
            QCOMPARE(::pipe(leave), 0);
            QCOMPARE(::write(leave[1], "ccccc", static_cast<std::size_t>(wait + 1)), static_cast<ssize_t>(wait + 1));
            const pid_t child = ::fork();
            if (child == 0) {
                // Goes on where the file says; tells after each commit; holds still without leave so that it is killed.
                auto study = Study::open(file, OpenMode::ReadWrite);
                const auto run = study ? *study->findResumable("key") : std::optional<RunInfo>();
                char told = 0;
                for (std::int64_t n = run ? run->groupsDone : kMost; n < kMost; ++n) {
                    if (::read(leave[0], &told, 1) != 1)
                        ::_exit(3);
                    if (!study->commitProgress(run->id, states[static_cast<std::size_t>(n)], n + 1, 1))
                        ::_exit(1);
                    if (::write(pipe[1], &told, 1) != 1)
                        ::_exit(2);
                }
                ::pause();
                ::_exit(0);
            }
            ::close(pipe[1]);
            char told = 0;
            int commits = 0;
            while (commits < wait && ::read(pipe[0], &told, 1) == 1)
                ++commits;
            ::usleep(static_cast<useconds_t>(round * 137 % 2000)); // somewhere inside the next commit
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            while (::read(pipe[0], &told, 1) == 1)
                ++commits;
            ::close(pipe[0]);
            ::close(leave[0]);
            ::close(leave[1]);
            QVERIFY(WIFSIGNALED(status));
            ++kills;
            // A reader and the next writer see a whole commit: one that was told, or the one that was under way.
            const auto study = Study::open(file, OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            const auto run = study->findResumable("key");
            QVERIFY_RESULT(run);
            QVERIFY(run->has_value());
            QCOMPARE((*run)->state, std::string("running"));
            QVERIFY((*run)->groupsDone >= done + commits && (*run)->groupsDone <= done + commits + 1);
            done = (*run)->groupsDone;
            QCOMPARE(difference(*study->loadStatistics(), {states[static_cast<std::size_t>(done - 1)]}), std::string());
            QCOMPARE(faults(*study), std::string());
        }
        QCOMPARE(done, std::int64_t{kMost});
        QVERIFY2(kills >= 5, "the child was too fast to be killed");
        auto study = Study::open(file, OpenMode::ReadWrite);
        QVERIFY_RESULT(study);
        QVERIFY_RESULT(study->finishRun((*study->findResumable("key"))->id, "finished"));
        QVERIFY_RESULT(study->checkpointWal());
    }

    void halvesMergedAreTheWhole()
    {
        const auto a = domainOf("alpha", 1), b = domainOf("alpha", 2, 60), only = domainOf("beta", 3);
        makeStudy(at("half1.espalier"), {a});
        makeStudy(at("half2.espalier"), {b, only});
        auto whole = a;
        QVERIFY_RESULT(whole.merge(b));
        {
            auto merged = Study::create(at("merged.espalier"), m_model);
            for (const char* part : {"half1.espalier", "half2.espalier"}) {
                const auto other = Study::open(at(part), OpenMode::ReadOnly);
                QVERIFY_RESULT(merged->importRuns(*other));
                QVERIFY_ERROR(merged->importRuns(*other), 3, "count twice");
            }
            const auto loaded = merged->loadStatistics();
            QVERIFY_RESULT(loaded);
            QCOMPARE(difference(*loaded, {whole, only}), std::string());
            QCOMPARE(loaded->tokenizerFingerprint, std::string("tok"));
            QCOMPARE(merged->runs()->size(), std::size_t{2});
            QVERIFY(merged->runs()->front().imported);
            QCOMPARE(faults(*merged), std::string());
        }
        // Through a third file the parts are still known.
        auto third = Study::create(at("third.espalier"), m_model);
        QVERIFY_RESULT(third->importRuns(*Study::open(at("merged.espalier"), OpenMode::ReadOnly)));
        QVERIFY_ERROR(third->importRuns(*Study::open(at("half2.espalier"), OpenMode::ReadOnly)), 3, "count twice");
        QCOMPARE(difference(*third->loadStatistics(), {whole, only}), std::string());
        // What is imported adds to what was measured here.
        auto measured = Study::create(at("measured.espalier"), m_model);
        const auto run = measured->beginRun(runSettings(), 1);
        QVERIFY_RESULT(measured->commitProgress(*run, a, 1, 1));
        QVERIFY_RESULT(measured->importRuns(*Study::open(at("half2.espalier"), OpenMode::ReadOnly)));
        QCOMPARE(difference(*measured->loadStatistics(), {whole, only}), std::string());
    }

    void whatDoesNotBelongTogetherIsNotMerged()
    {
        makeStudy(at("target.espalier"), {domainOf("alpha", 1)});
        auto target = Study::open(at("target.espalier"), OpenMode::ReadWrite);
        auto other = m_model;
        other.fingerprint = "ffff";
        makeStudy(at("other.espalier"), {domainOf("alpha", 2)}, other);
        QVERIFY_ERROR(target->importRuns(*Study::open(at("other.espalier"), OpenMode::ReadOnly)), 3, "another model");
        {
            auto empty = Study::create(at("empty.espalier"), m_model);
            QVERIFY_ERROR(target->importRuns(*empty), 3, "no measurements");
            auto settings = runSettings();
            settings["tokenizer_fingerprint"] = "another";
            const auto run = empty->beginRun(settings, 1);
            QVERIFY_RESULT(empty->commitProgress(*run, domainOf("alpha", 3), 1, 1));
            QVERIFY_ERROR(target->importRuns(*empty), 3, "another tokenizer");
        }
        QCOMPARE(target->runs()->size(), std::size_t{1}); // nothing was left behind by refused imports
        QVERIFY_ERROR(target->importRuns(*target), 3, "count twice");
    }
};

QTEST_GUILESS_MAIN(TestStudyRuns)
#include "tst_study_runs.moc"
