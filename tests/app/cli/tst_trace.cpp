// SPDX-License-Identifier: Apache-2.0
// trace: what single tokens choose adds up to what the calibration pass counted, plans are obeyed, texts come back; and
// generate with the whole model beside a plan.
#include "core/stats/routing_sample.h"
#include "core/study/study.h"
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>
#include <cmath>

using namespace espalier;
using namespace espalier::test;

class TestTraceCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<TinyWorld> m_world;

    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    [[nodiscard]] QStringList trace(const QStringList& more) const
    {
        return QStringList{"trace", quoted(m_world->model), "--dtype", "float32", "--threads", "1"} + more;
    }
    [[nodiscard]] QStringList texts() const
    {
        return {"--text",       "words=" + quoted(m_world->words),
                "--text",       "numbers=" + quoted(m_world->numbers),
                "--context",    "48",
                "--max-tokens", "1000000"};
    }

private slots:
    void initTestCase() { m_world = std::make_unique<TinyWorld>(at("world")); }

    void addsUpToTheCalibrationPass()
    {
        const auto json = runJson(trace(texts() + QStringList{"--out", quoted(at("all.json"))}));
        QCOMPARE(QString::fromStdString(json["out"].get<std::string>()), quoted(at("all.json")));
        const auto sample = stats::RoutingSample::read(at("all.json"));
        QVERIFY2(sample, sample ? "" : sample.error().text().c_str());
        const auto study = study::Study::open(m_world->study, study::OpenMode::ReadOnly);
        QVERIFY(study);
        const auto statistics = study->loadStatistics();
        QVERIFY(statistics);
        QCOMPARE(sample->fingerprint, statistics->modelFingerprint);
        QCOMPARE(json["tokens"].get<std::int64_t>(), sample->tokens());
        const auto k = static_cast<std::size_t>(sample->topK);
        std::int64_t compared = 0;
        for (const auto& domain : statistics->domains) {
            std::int64_t tokens = 0;
            for (const auto& text : sample->texts)
                tokens += text.domain == domain.name ? static_cast<std::int64_t>(text.tokens.size()) : 0;
            QCOMPARE(tokens, domain.tokens);
            QCOMPARE(domain.layers.size(), sample->layers.size());
            for (std::size_t l = 0; l < domain.layers.size(); ++l) {
                QCOMPARE(domain.layers[l].layer(), sample->layers[l]);
                std::vector<double> counts(static_cast<std::size_t>(sample->experts)), gates = counts, firsts = counts;
                for (const auto& text : sample->texts) {
                    if (text.domain != domain.name)
                        continue;
                    for (std::size_t i = 0; i < text.experts[l].size(); ++i) {
                        const auto e = static_cast<std::size_t>(text.experts[l][i]);
                        counts[e] += 1;
                        gates[e] += static_cast<double>(text.gates[l][i]);
                        firsts[e] += i % k == 0;
                    }
                }
                for (std::size_t e = 0; e < counts.size(); ++e) {
                    const ExpertIndex id(static_cast<std::int32_t>(e));
                    QCOMPARE(counts[e], domain.layers[l].at(stats::Stat::Count, id));
                    QCOMPARE(firsts[e], domain.layers[l].at(stats::Stat::Top1, id));
                    const double sum = domain.layers[l].at(stats::Stat::Gate, id);
                    // Each gate is rounded to four decimals
                    QVERIFY2(std::abs(gates[e] - sum) <= 5.1e-5 * (counts[e] + 1), domain.name.c_str());
                    ++compared;
                }
            }
        }
        QCOMPARE(compared, static_cast<std::int64_t>(2 * sample->layers.size()) * sample->experts);
    }

    void oneLayerOfAPrompt()
    {
        const auto moeLayers = runJson({"inspect", quoted(m_world->model)})["moe_layers"].get<std::size_t>();
        const auto all = runJson(trace({"--prompt", "Grün 1+1"}));
        QCOMPARE(all["layers"].size(), moeLayers);
        const auto last = all["layers"].back().get<int>();
        const auto one = runJson(trace({"--prompt", "Grün 1+1", "--layer", QString::number(last)}));
        QCOMPARE(one["layers"].size(), std::size_t(1));
        QVERIFY(one["texts"][0]["experts"][0] == all["texts"][0]["experts"].back());
        std::string joined;
        for (const auto& token : one["texts"][0]["tokens"])
            joined += token.get<std::string>();
        QVERIFY2(joined.find("Grün 1+1") != std::string::npos, joined.c_str());
        QCOMPARE(one["texts"][0]["domain"].get<std::string>(), "prompt");
        const auto shown = cli(trace({"--prompt", "ab", "--layer", QString::number(last)}));
        QVERIFY_CODE(shown, 0);
        QVERIFY2(shown.out.contains("Layer " + QByteArray::number(last)), shown.out.constData());
        // Nothing was asked for: one layer, and how to see the others; two asked for, two shown
        const auto first = cli(trace({"--prompt", "ab"}));
        QCOMPARE(first.out.count("every token"), 1);
        QVERIFY2(first.out.contains("more layers: choose with --layer"), first.out.constData());
        const auto two = cli(trace({"--prompt", "ab", "--layer", QStringLiteral("0,%1").arg(last)}));
        QCOMPARE(two.out.count("every token"), 2);
        QVERIFY(!two.out.contains("more layers"));
    }

    void planIsObeyed()
    {
        QVERIFY_CODE(cli({"plan", quoted(m_world->study), "--name", "half", "--method", "frequency", "--ratio", "0.5",
                          "--out", quoted(at("half.json"))}),
                     0);
        const auto plan = *base::readJsonFile(at("half.json"));
        const auto json = runJson(trace({"--prompt", "some words 1 2 3", "--plan", quoted(at("half.json"))}));
        QCOMPARE(json["plan"].get<std::string>(), "half");
        for (std::size_t l = 0; l < json["layers"].size(); ++l) {
            QCOMPARE(plan["layers"][l]["layer"].get<int>(), json["layers"][l].get<int>());
            const auto keep = plan["layers"][l]["keep"].get<std::vector<int>>();
            for (const auto& id : json["texts"][0]["experts"][l])
                QVERIFY(std::binary_search(keep.begin(), keep.end(), id.get<int>()));
        }
        // The same plan beside the whole model: each continues as it does alone
        const QStringList generate{"generate",     quoted(m_world->model),
                                   "--prompt",     "some words",
                                   "--max-tokens", "6",
                                   "--dtype",      "float32",
                                   "--threads",    "1"};
        const auto both = runJson(generate + QStringList{"--plan", quoted(at("half.json")), "--base"});
        const auto alone = runJson(generate);
        const auto masked = runJson(generate + QStringList{"--plan", quoted(at("half.json"))});
        QCOMPARE(both["base"]["text"].get<std::string>(), alone["text"].get<std::string>());
        QCOMPARE(both["text"].get<std::string>(), masked["text"].get<std::string>());
        QVERIFY(!alone.contains("base"));
        const auto shown = cli(generate + QStringList{"--plan", quoted(at("half.json")), "--base"});
        QVERIFY_CODE(shown, 0);
        QVERIFY2(shown.out.contains("Whole model: " + QByteArray::fromStdString(alone["text"].get<std::string>())),
                 shown.out.constData());
    }

    /// Fewer experts per token: the choices beyond have gate 0, the others what is left.
    void fewerExpertsPerToken()
    {
        QVERIFY_CODE(cli({"plan", quoted(m_world->study), "--name", "one", "--method", "frequency", "--ratio", "0.5",
                          "--top-k", "1", "--out", quoted(at("one.json"))}),
                     0);
        const auto json = runJson(trace({"--prompt", "some words 1 2 3", "--plan", quoted(at("one.json"))}));
        const auto k = json["top_k"].get<std::size_t>();
        QCOMPARE(k, std::size_t(2));
        const auto gates = json["texts"][0]["gates"][0].get<std::vector<double>>();
        for (std::size_t i = 0; i < gates.size(); ++i)
            QVERIFY(i % k == 0 ? gates[i] > 0 : gates[i] == 0);
    }

    void sizes()
    {
        const auto few = runJson(trace(
            {"--text", "words=" + quoted(m_world->words), "--max-tokens", "50", "--context", "16", "--layer", "0"}));
        std::size_t tokens = 0;
        for (const auto& text : few["texts"]) {
            QVERIFY(text["tokens"].size() <= 16);
            tokens += text["tokens"].size();
        }
        QCOMPARE(tokens, std::size_t(50));
        // A file alone is a domain of its name
        const auto named = runJson(trace({"--text", quoted(m_world->numbers), "--max-tokens", "10"}));
        QCOMPARE(named["texts"][0]["domain"].get<std::string>(), "numbers");
    }

    void refusals()
    {
        const auto missing = cli(trace({"--text", "nowhere.txt"}));
        QVERIFY_CODE(missing, 3);
        QVERIFY(missing.says("nowhere.txt"));
        const auto layer = cli(trace({"--prompt", "a", "--layer", "9999"}));
        QVERIFY_CODE(layer, 2);
        QVERIFY(layer.says("--layer 9999"));
        QVERIFY_CODE(cli(trace({})), 2);
        const auto base = cli({"generate", quoted(m_world->model), "--prompt", "a", "--base"});
        QVERIFY_CODE(base, 2);
        QVERIFY(base.says("--plan"));
        const auto place = cli(trace({"--prompt", "a", "--out", quoted(at("no/where/t.json"))}));
        QVERIFY(place.code != 0 && place.says("no/where"));
        const auto dense =
            cli({"trace", quoted(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo-dense/model"), "--prompt", "a"});
        QVERIFY_CODE(dense, 3);
    }
};

QTEST_GUILESS_MAIN(TestTraceCommand)
#include "tst_trace.moc"
