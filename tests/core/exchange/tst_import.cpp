// SPDX-License-Identifier: Apache-2.0
// Statistics from elsewhere: every form against a direct reading of its file, and what is done with them afterwards.
#include "core/method/score.h"
#include "core/plan/planner.h"
#include "tests/core/exchange/exchange_support.h"
#include "tests/support/oracle.h"
#include "tests/support/shared_data.h"

#include <QJsonDocument>
#include <QProcess>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

using namespace espalier;
using namespace espalier::exchange;
using namespace espalier::test;
using stats::Stat;

namespace {

/// Sums of one ESFT file, read as plainly as can be.
struct PlainTrace {
    std::map<int, double> count, gate;
    double tokens = 0;
};
PlainTrace readPlainly(const fs::path& file, int k)
{
    PlainTrace out;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto gap = line.find("\t\t");
        std::istringstream ids(line.substr(0, gap)), weights(line.substr(gap));
        int id = 0;
        double weight = 0, choices = 0;
        while (ids >> id && weights >> weight) {
            out.count[id] += 1;
            out.gate[id] += weight;
            choices += 1;
        }
        out.tokens += choices / k;
    }
    return out;
}

method::ScoreRequest request(const std::string& id, const std::string& domain = {})
{
    method::ScoreRequest r;
    r.method = id;
    if (!domain.empty())
        r.domains = {{domain, 1}};
    return r;
}

} // namespace

class TestImport : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    /// What ESFT trains (Wang et al. 2024, arXiv 2407.01906, section 3.2): per layer the fewest experts, best first,
    /// whose token scores reach p = 0.2 together.
    static void sameSelections(const method::ScoreTable& table, const base::OrderedJson& published)
    {
        for (const auto& layer : table.layers) {
            std::vector<std::int32_t> order(layer.experts.size());
            std::iota(order.begin(), order.end(), 0);
            const auto score = [&](std::int32_t e) { return layer.experts[static_cast<std::size_t>(e)].score; };
            std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return score(a) > score(b); });
            double all = 0, reached = 0;
            for (const auto e : order)
                all += score(e);
            std::set<std::int32_t> chosen;
            for (std::size_t i = 0; i < order.size() && reached < 0.2 * all; ++i) {
                chosen.insert(order[i]);
                reached += score(order[i]);
            }
            const auto& theirs = published["experts"][std::to_string(layer.layer.value())];
            QVERIFY(chosen == theirs.get<std::set<std::int32_t>>());
        }
    }

private slots:
    void esftExtract()
    {
        const fs::path folder = fs::path(ESPALIER_SOURCE_DIR) / "tests/data/exchange/esft-law-extract";
        const auto imported = readStatistics({folder}, {}, liteModel());
        QVERIFY_RESULT(imported);
        QCOMPARE(imported->domains.size(), std::size_t{1});
        const auto& domain = imported->domains[0];
        QCOMPARE(domain.name, std::string("esft-law-extract"));
        QCOMPARE(domain.documents, std::int64_t{2});
        QCOMPARE(domain.layers.size(), std::size_t{26});
        QCOMPARE(domain.measuredLayers(), std::size_t{2});
        for (const auto& [file, row] :
             {std::pair{"expert_weights_1.txt", 0U}, std::pair{"expert_weights_13.txt", 12U}}) {
            const PlainTrace plain = readPlainly(folder / file, 6);
            const auto& layer = domain.layers[row];
            QVERIFY(plain.tokens > 10 && layer.tokens() == plain.tokens);
            for (int e = 0; e < 64; ++e) {
                const auto known = plain.count.find(e);
                QCOMPARE(layer.at(Stat::Count, ExpertIndex(e)), known == plain.count.end() ? 0 : known->second);
                const auto gate = plain.gate.find(e);
                QVERIFY(std::abs(layer.at(Stat::Gate, ExpertIndex(e)) - (gate == plain.gate.end() ? 0 : gate->second)) <
                        1e-9);
            }
            // An expert's row of pairs: itself once and five others per token.
            for (std::size_t e = 0; e < 64; ++e)
                QCOMPARE(total(layer[Stat::Coactivation].subspan(64 * e, 64)), 6 * layer[Stat::Count][e]);
            QVERIFY(!layer.has(Stat::GateNorm) && !layer.has(Stat::ProbAll) && !layer.has(Stat::Top1));
        }
        QVERIFY(domain.layers[1].empty());
    }

    /// ESFT publishes token_scores = count / (k tokens) and gate_scores = sum of weights / tokens, to four decimals.
    void esftPublishedScores()
    {
        ESPALIER_NEED_SHARED(esft, "data/routing/esft");
        for (const std::string task : {"intent", "law", "summary", "translation"}) {
            const auto published = base::readJsonFile(esft / task / "summary.json");
            QVERIFY_RESULT(published);
            const auto study = at(task + ".espalier");
            auto file = study::Study::create(study, liteModel());
            QVERIFY_RESULT(file);
            QVERIFY_RESULT(importStatistics(*file, {esft / task}, {}));
            const auto statistics = file->loadStatistics();
            QVERIFY_RESULT(statistics);
            for (const auto& [method, key] :
                 {std::pair{"frequency", "token_scores"}, std::pair{"gate-mass", "gate_scores"}}) {
                const auto table = method::computeScores(*statistics, request(method));
                QVERIFY_RESULT(table);
                QCOMPARE(table->layers.size(), std::size_t{3});
                double worst = 0;
                for (const auto& layer : table->layers)
                    for (std::size_t e = 0; e < 64; ++e) {
                        const double scale = std::string(method) == "frequency" ? 6 * table->tokens : table->tokens;
                        const auto& row = (*published)[key][std::to_string(layer.layer.value())];
                        worst = std::max(
                            worst, std::abs(layer.experts[e].score / scale - row[std::to_string(e)].get<double>()));
                    }
                qInfo("%s %s: largest difference %.3g", task.c_str(), method, worst);
                QVERIFY2(worst <= 5e-5, method);
                if (key == std::string("token_scores"))
                    sameSelections(*table, *base::readJsonFile(esft / task / "expert_config.json"));
            }
        }
    }

    void importanceMatrixBothForms()
    {
        ESPALIER_NEED_ORACLE();
        const auto model = madeUpModel(2, 6, 2);
        QProcess python;
        python.start(oraclePython(),
                     {ESPALIER_SOURCE_DIR "/tests/oracle/importance_matrix.py",
                      QString::fromStdString(at("wiki.gguf").string()), QString::fromStdString(at("wiki.dat").string()),
                      QString::fromStdString(at("wiki.json").string())});
        QVERIFY(python.waitForStarted());
        python.write(R"({"layers":[1,2],"experts":6,"top_k":2,"width":6,"hidden":4,"tokens":64})");
        python.closeWriteChannel();
        QVERIFY(python.waitForFinished(120000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        const auto expected = base::readJsonFile(at("wiki.json"));
        QVERIFY_RESULT(expected);

        const auto gguf = readStatistics({at("wiki.gguf")}, {}, model);
        QVERIFY_RESULT(gguf);
        ImportOptions older;
        older.domain = "older";
        const auto dat = readStatistics({at("wiki.dat")}, older, model);
        QVERIFY_RESULT(dat);
        QCOMPARE(gguf->domains[0].tokens, std::int64_t{64});
        QCOMPARE(gguf->source["datasets"][0].get<std::string>(), std::string("wiki.txt"));
        QCOMPARE(dat->source["datasets"][0].get<std::string>(), std::string("wiki.txt"));
        for (std::size_t l = 0; l < 2; ++l) {
            const auto& row = (*expected)[std::to_string(l + 1)];
            const auto &here = gguf->domains[0].layers[l], &there = dat->domains[0].layers[l];
            QVERIFY(here.has(Stat::Count) && !there.has(Stat::Count)); // the older form has lost them
            for (std::size_t e = 0; e < 6; ++e) {
                QCOMPARE(here[Stat::Count][e], row["counts"][e].get<double>());
                const double energy = row["energy"][e].get<double>();
                QVERIFY(std::abs(here[Stat::InnerEnergy][e] - energy) <= 1e-5 * energy);
                QVERIFY(std::abs(there[Stat::InnerEnergy][e] - energy) <= 1e-5 * energy);
            }
        }

        // Both in one study: the mean can be had from both, counts from one only, and that is said.
        auto study = study::Study::create(at("imatrix.espalier"), model);
        QVERIFY_RESULT(study);
        QVERIFY_RESULT(importStatistics(*study, {at("wiki.gguf")}, {}));
        QVERIFY_RESULT(importStatistics(*study, {at("wiki.dat")}, older));
        const auto statistics = study->loadStatistics();
        QVERIFY_RESULT(statistics);
        QCOMPARE(statistics->domains.size(), std::size_t{2});
        QVERIFY_ERROR(method::computeScores(*statistics, request("frequency")), 3, "wiki.dat");
        const auto mean = method::computeScores(*statistics, request("energy", "older"));
        QVERIFY_RESULT(mean);
        QVERIFY(std::isnan(mean->layers[0].experts[0].tokens) && std::isnan(mean->tokens)); // not known, not 0
        const auto sum = method::computeScores(*statistics, request("energy-sum", "wiki"));
        QVERIFY_RESULT(sum);
        const auto& first = (*expected)["1"];
        const double wanted = first["counts"][0].get<double>() * first["energy"][0].get<double>();
        QVERIFY(std::abs(sum->layers[0].experts[0].score - wanted) <= 1e-5 * wanted);
        plan::Planner planner(model, std::make_shared<const stats::Statistics>(*statistics));
        plan::PlanRequest cut;
        cut.score = request("energy", "older");
        cut.target.keepPerLayer = 3;
        const auto plan = planner.make(cut);
        QVERIFY_RESULT(plan);
        QVERIFY(plan->predicted.massKept.empty()); // no gate weights: nothing is claimed about them
    }

    void routedExperts_data()
    {
        QTest::addColumn<QString>("type");
        for (const char* type : {"|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"})
            QTest::newRow(type) << type;
    }
    void routedExperts()
    {
        QFETCH(const QString, type);
        const auto model = madeUpModel(2, 6, 2); // decoder layers 1 and 2 of 3
        const std::vector<std::vector<int>> chosen{{0, 5, 1, 2}, {0, 1, 2, 3}, {5, 0, 3, 2}}; // token: layer 1, layer 2
        const auto write = [&](auto zero) {
            using Number = decltype(zero);
            std::vector<Number> values;
            for (const auto& token : chosen)
                for (const int id : token)
                    values.push_back(static_cast<Number>(id));
            writeBytes(at("routed.npy"), npy(type.toStdString(), "3, 2, 2", values));
        };
        switch (type[2].toLatin1()) {
        case '1':
            write(std::int8_t{});
            break;
        case '2':
            write(std::int16_t{});
            break;
        case '4':
            write(std::int32_t{});
            break;
        default:
            write(std::int64_t{});
        }
        const auto imported = readStatistics({at("routed.npy")}, {}, model);
        QVERIFY_RESULT(imported);
        const auto& domain = imported->domains[0];
        QCOMPARE(domain.tokens, std::int64_t{3});
        const std::vector<double> one{3, 1, 0, 0, 0, 2}, two{0, 1, 3, 2, 0, 0};
        for (std::size_t e = 0; e < 6; ++e) {
            QCOMPARE(domain.layers[0][Stat::Count][e], one[e]);
            QCOMPARE(domain.layers[1][Stat::Count][e], two[e]);
        }
        QCOMPARE(domain.layers[0][Stat::Coactivation][0 * 6 + 5], 2.0);
        QCOMPARE(domain.layers[0][Stat::Coactivation][1 * 6 + 5], 0.0);
    }

    /// An engine may return all decoder layers, dense ones too; and several requests in one .npz, packed or not.
    void routedExpertsOfAllLayersAndArchives()
    {
        ESPALIER_NEED_ORACLE();
        const auto model = madeUpModel(2, 6, 2);
        QProcess python;
        python.start(oraclePython(),
                     {QStringLiteral("-c"),
                      QStringLiteral("import numpy as np, sys\n"
                                     "a=np.zeros((4,3,2),np.int32); a[:,1,1]=1; a[:,2,0]=[2,3,4,5]; a[:,2,1]=1\n"
                                     "np.savez(sys.argv[1]+'/plain.npz', first=a, second=a[:2])\n"
                                     "np.savez_compressed(sys.argv[1]+'/packed.npz', first=a, second=a[:2])\n"),
                      m_dir.path()});
        QVERIFY(python.waitForFinished(60000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        for (const char* name : {"plain.npz", "packed.npz"}) {
            const auto imported = readStatistics({at(name)}, {}, model);
            QVERIFY_RESULT(imported);
            const auto& layers = imported->domains[0].layers;
            QCOMPARE(layers[0][Stat::Count][0], 6.0);
            QCOMPARE(layers[1][Stat::Count][1], 6.0);
            QCOMPARE(layers[1][Stat::Count][2], 2.0);
            QCOMPARE(layers[1][Stat::Count][5], 1.0);
            QCOMPARE(imported->domains[0].windows, std::int64_t{2});
            ImportOptions one;
            one.select = "second";
            const auto part = readStatistics({at(name)}, one, model);
            QVERIFY_RESULT(part);
            QCOMPARE(part->domains[0].tokens, std::int64_t{2});
            one.select = "third";
            QVERIFY_ERROR(readStatistics({at(name)}, one, model), 3, "third");
        }
    }

    void countTables()
    {
        const auto model = madeUpModel(2, 4, 2);
        writeBytes(at("t.json"), R"({"code":{"1":[3,2,1,0],"2":{"0":3,"3":3}}})");
        writeBytes(at("t.csv"), "layer,expert,count,domain\n1,0,3,code\n1,1,2,code\n1,2,1,code\n1,3,0,code\n"
                                "2,0,3,code\r\n2,1,0,code\n2,2,0,code\n2,3,3,code\n");
        const auto json = readStatistics({at("t.json")}, {}, model), csv = readStatistics({at("t.csv")}, {}, model);
        QVERIFY_RESULT(json);
        QVERIFY_RESULT(csv);
        for (const auto* imported : {&*json, &*csv}) {
            QCOMPARE(imported->domains.size(), std::size_t{1});
            const auto& domain = imported->domains[0];
            QCOMPARE(domain.name, std::string("code"));
            QCOMPARE(domain.tokens, std::int64_t{3});
            QCOMPARE(domain.layers[0][Stat::Count][1], 2.0);
            QCOMPARE(domain.layers[1][Stat::Count][3], 3.0);
        }
    }

    void olmoeTable()
    {
        ESPALIER_NEED_SHARED(table, "data/routing/olmoe/expert_counts.json");
        const auto model = madeUpModel(16, 64, 8, 0);
        ImportOptions options;
        options.select = "olmoe";
        QVERIFY_ERROR(readStatistics({table}, options, model), 3, "--layers");
        options.layers = {0, 7, 15};
        const auto imported = readStatistics({table}, options, model);
        QVERIFY_RESULT(imported);
        const auto file = base::readJsonFile(table);
        QVERIFY_RESULT(file);
        QCOMPARE(imported->domains.size(), std::size_t{5});
        for (const auto& domain : imported->domains) {
            QCOMPARE(domain.tokens, std::int64_t{208896});
            QCOMPARE(domain.measuredLayers(), std::size_t{3});
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t e = 0; e < 64; ++e) {
                    const auto id = std::to_string(e);
                    const auto &counts = (*file)["olmoe"][domain.name][i],
                               &first = (*file)["olmoe_top1"][domain.name][i];
                    const auto& layer = domain.layers[static_cast<std::size_t>(options.layers[i])];
                    QCOMPARE(layer[Stat::Count][e], counts.value(id, 0.0));
                    QCOMPARE(layer[Stat::Top1][e], first.value(id, 0.0));
                }
        }
    }

    /// Stored like a profile, marked, kept by merging, and never twice.
    void inTheStudy()
    {
        const auto model = madeUpModel(2, 4, 2);
        writeBytes(at("wiki.csv"), "layer,expert,tokens\n1,0,3\n1,1,2\n1,2,1\n1,3,0\n2,0,3\n2,1,0\n2,2,0\n2,3,3\n");
        auto study = study::Study::create(at("a.espalier"), model);
        QVERIFY_RESULT(study);
        QVERIFY_RESULT(importStatistics(*study, {at("wiki.csv")}, {}));
        const auto runs = study->runs();
        QVERIFY_RESULT(runs);
        QCOMPARE(runs->size(), std::size_t{1});
        QCOMPARE((*runs)[0].state, std::string("finished"));
        QCOMPARE((*runs)[0].source["files"][0]["name"].get<std::string>(), std::string("wiki.csv"));
        QCOMPARE((*runs)[0].source["files"][0]["sha256"].get<std::string>().size(), std::size_t{64});
        QVERIFY_ERROR(importStatistics(*study, {at("wiki.csv")}, {}), 3, "imported already");
        writeBytes(at("other.csv"), "layer,expert,tokens\n1,0,2\n1,1,2\n1,2,0\n1,3,0\n2,0,2\n2,1,0\n2,2,0\n2,3,2\n");
        ImportOptions same;
        same.domain = "wiki";
        QVERIFY_ERROR(importStatistics(*study, {at("other.csv")}, same), 3, "--domain");
        QCOMPARE(study->runs()->size(), std::size_t{1});
        QVERIFY2(faults(*study).empty(), faults(*study).c_str());
        // A profile of another domain beside it: each gives what it can.
        makeStudy(at("b.espalier"), {[&] {
                      auto domain = domainOf("code", 1);
                      domain.layers.clear();
                      for (const auto& facts : model.moeLayers)
                          domain.layers.emplace_back(facts.layer, stats::Topology{4, 2, model.hidden},
                                                     stats::StatSelection{0b1111});
                      return domain;
                  }()},
                  model);
        {
            auto other = study::Study::open(at("b.espalier"), study::OpenMode::ReadOnly);
            QVERIFY_RESULT(other);
            QVERIFY_RESULT(study->importRuns(*other));
        }
        const auto statistics = study->loadStatistics();
        QVERIFY_RESULT(statistics);
        QVERIFY_RESULT(method::computeScores(*statistics, request("reap", "code")));
        QVERIFY_ERROR(method::computeScores(*statistics, request("reap")), 3, "wiki.csv");
        QVERIFY_RESULT(method::computeScores(*statistics, request("frequency")));
        // Where it came from survives a merge into another study.
        auto merged = study::Study::create(at("c.espalier"), model);
        QVERIFY_RESULT(merged);
        QVERIFY_RESULT(merged->importRuns(*study));
        const auto again = merged->loadStatistics();
        QVERIFY_RESULT(again);
        QVERIFY(again->find("wiki")->importedFrom.find("wiki.csv") != std::string::npos);
        QVERIFY(again->find("code")->importedFrom.empty());
    }

    void partialLayersPlanNothing()
    {
        const auto model = madeUpModel(2, 4, 2);
        writeBytes(at("part.csv"), "layer,expert,count\n2,0,3\n2,1,2\n2,2,1\n2,3,0\n");
        const auto imported = readStatistics({at("part.csv")}, {}, model);
        QVERIFY_RESULT(imported);
        stats::Statistics statistics;
        statistics.domains = imported->domains;
        const auto table = method::computeScores(statistics, request("frequency"));
        QVERIFY_RESULT(table);
        QCOMPARE(table->layers.size(), std::size_t{1});
        QCOMPARE(table->layers[0].layer.value(), 2);
        plan::Planner planner(model, std::make_shared<const stats::Statistics>(statistics));
        plan::PlanRequest cut;
        cut.target.keepPerLayer = 2;
        QVERIFY_ERROR(planner.make(cut), 3, "layer 2");
    }
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
