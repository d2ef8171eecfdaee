// SPDX-License-Identifier: Apache-2.0
// Pattern libraries: scores and signatures against their definitions, distances and limits by brute force, matching and
// abstaining on made-up domains, files that lie.
#include "core/method/retrieve/patterns.h"
#include "tests/core/method/synthetic.h"
#include "tests/support/made_up_model.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <filesystem>

using namespace espalier;
using namespace espalier::method;

namespace {

constexpr int kLayers = 3, kExperts = 10, kTopK = 3;

std::vector<const stats::LogitPool*> poolsOf(const stats::DomainStats& domain, std::size_t layers = kLayers)
{
    std::vector<const stats::LogitPool*> pools;
    for (std::size_t l = 0; l < layers; ++l)
        pools.push_back(&domain.layers[l].pool());
    return pools;
}

/// Mean over tokens of the softmax over the chosen logits, token by token.
ExpertMatrix signatureByDefinition(const test::TokenDomain& domain, std::size_t first, std::size_t count)
{
    ExpertMatrix out(domain.layers.size(), std::vector<double>(kExperts, 0.0));
    for (std::size_t l = 0; l < domain.layers.size(); ++l)
        for (std::size_t t = first; t < first + count; ++t) {
            const auto& token = domain.layers[l][t];
            double total = 0;
            for (const auto& r : token.routed)
                total += std::exp(token.logits[static_cast<std::size_t>(r.expert)]);
            for (const auto& r : token.routed)
                out[l][static_cast<std::size_t>(r.expert)] +=
                    std::exp(token.logits[static_cast<std::size_t>(r.expert)]) / total / static_cast<double>(count);
        }
    return out;
}

double distanceByDefinition(const ExpertMatrix& q, const ExpertMatrix& p)
{
    double total = 0;
    for (std::size_t l = 0; l < q.size(); ++l)
        for (std::size_t e = 0; e < q[l].size(); ++e)
            if (q[l][e] > 0)
                total += q[l][e] * (std::log(q[l][e]) - std::log(0.98 * p[l][e] + 0.02 / kExperts));
    return total / static_cast<double>(q.size());
}

} // namespace

class TestPatterns : public QObject {
    Q_OBJECT
    // Domains lean to different experts (skew 2); `elsewhere` is never profiled.
    std::vector<test::TokenDomain> m_tokens{test::makeTokens("prose", kLayers, 400, kExperts, kTopK, 21, 2.0),
                                            test::makeTokens("code", kLayers, 300, kExperts, kTopK, 22, 2.0),
                                            test::makeTokens("sums", kLayers, 350, kExperts, kTopK, 23, 2.0)};
    test::TokenDomain m_elsewhere = test::makeTokens("elsewhere", kLayers, 320, kExperts, kTopK, 99, 2.0);
    stats::Statistics m_statistics;
    model::ModelSummary m_model = test::madeUpModel(kLayers, kExperts, kTopK, 0);
    QTemporaryDir m_folder;

    PatternLibrary library(const PatternRequest& request = {})
    {
        auto built = buildPatterns(m_statistics, m_model, request);
        if (!built)
            qFatal("%s", built.error().text().c_str());
        return *built;
    }

private slots:
    void initTestCase()
    {
        for (const auto& domain : m_tokens)
            m_statistics.domains.push_back(test::sumTokens(domain, kTopK));
        m_statistics.tokenizerFingerprint = "abcd";
    }

    void patternsHoldTheScoresAndSignatures()
    {
        const auto built = library();
        QCOMPARE(built.patterns.size(), std::size_t{3});
        QCOMPARE(built.signatureLayers, kLayers);
        const auto check = [&](const Pattern& pattern, const std::vector<DomainWeight>& domains) {
            ScoreRequest request;
            request.method = "peu";
            request.domains = domains;
            const auto table = computeScores(m_statistics, request);
            for (std::size_t l = 0; l < kLayers; ++l)
                for (std::size_t e = 0; e < kExperts; ++e)
                    QCOMPARE(pattern.scores[l][e], table->layers[l].experts[e].score);
        };
        ExpertMatrix pooled(kLayers, std::vector<double>(kExperts, 0.0));
        for (std::size_t d = 0; d < m_tokens.size(); ++d) {
            check(built.patterns[d], {{m_tokens[d].name, 1}});
            const std::size_t n = m_tokens[d].layers[0].size();
            const auto wanted = signatureByDefinition(m_tokens[d], 0, n);
            for (std::size_t l = 0; l < kLayers; ++l)
                for (std::size_t e = 0; e < kExperts; ++e) {
                    QVERIFY(std::abs(built.patterns[d].signature[l][e] - wanted[l][e]) < 1e-12);
                    pooled[l][e] += wanted[l][e] * static_cast<double>(n) / 1050;
                }
        }
        check(built.generalist, {}); // PEU pooled over all domains, by tokens
        for (std::size_t l = 0; l < kLayers; ++l)
            for (std::size_t e = 0; e < kExperts; ++e)
                QVERIFY(std::abs(built.generalist.signature[l][e] - pooled[l][e]) < 1e-12);
        QCOMPARE(built.generalist.tokens, std::int64_t{1050});
    }

    void distancesByDefinition()
    {
        const auto a = signatureByDefinition(m_tokens[0], 3, 20), b = signatureByDefinition(m_tokens[1], 0, 300);
        QVERIFY(std::abs(signatureDistance(a, b) - distanceByDefinition(a, b)) < 1e-12);
        QVERIFY(signatureDistance(b, b) < 0.02); // only the mixed-in uniform share
        QVERIFY(signatureDistance(a, b) > signatureDistance(b, b));
        // An expert that the pattern never saw costs much but not everything.
        ExpertMatrix sure(1, std::vector<double>(kExperts, 0.0)), other = sure;
        sure[0][0] = other[0][1] = 1;
        QVERIFY(std::abs(signatureDistance(sure, other) - std::log(kExperts / 0.02)) < 1e-12);
    }

    /// Runs of a domain against the rest of it, run by run.
    void selfDistancesByBruteForce()
    {
        const auto built = library();
        const auto& pattern = built.patterns[1];       // 300 tokens
        QCOMPARE(pattern.self.size(), std::size_t{4}); // 4, 8, 16, 32: eight runs at least
        for (const auto& self : pattern.self) {
            const auto run = static_cast<std::size_t>(self.tokens);
            const std::size_t runs = 300 / run;
            std::vector<double> distances;
            for (std::size_t i = 0; i < runs; ++i) {
                auto rest = m_tokens[1];
                const std::size_t first = i * (300 / runs);
                for (auto& layer : rest.layers)
                    layer.erase(layer.begin() + static_cast<std::ptrdiff_t>(first),
                                layer.begin() + static_cast<std::ptrdiff_t>(first + run));
                distances.push_back(distanceByDefinition(signatureByDefinition(m_tokens[1], first, run),
                                                         signatureByDefinition(rest, 0, 300 - run)));
            }
            std::sort(distances.begin(), distances.end());
            const auto at = [&](double q) {
                const double place = q * static_cast<double>(distances.size() - 1);
                const auto low = static_cast<std::size_t>(place);
                const double next = distances[std::min(low + 1, distances.size() - 1)];
                return distances[low] + (next - distances[low]) * (place - static_cast<double>(low));
            };
            QVERIFY(std::abs(self.median - at(0.5)) < 1e-6);
            QVERIFY(std::abs(self.far - at(0.99)) < 1e-6);
        }
        const auto& s = pattern.self;
        QCOMPARE(*pattern.limit(8), 1.5 * s[1].far);
        QCOMPARE(*pattern.limit(2), 1.5 * s[0].far * 2);
        QCOMPARE(*pattern.limit(5000), 1.5 * s[3].far);
        const double between = *pattern.limit(11);
        QVERIFY((between - 1.5 * s[1].far) * (between - 1.5 * s[2].far) < 0);
        QVERIFY(!Pattern().limit(10));
        QVERIFY(!pattern.limit(0));
    }

    /// Runs of every domain find it; runs of a domain that was never profiled find none.
    void matchesAndAbstains_data()
    {
        QTest::addColumn<int>("layers");
        QTest::newRow("one layer") << 1;
        QTest::newRow("all layers") << kLayers;
    }
    void matchesAndAbstains()
    {
        QFETCH(int, layers);
        PatternRequest request;
        request.signatureLayers = layers;
        const auto built = library(request);
        QCOMPARE(built.patterns[0].signature.size(), static_cast<std::size_t>(layers));
        int right = 0, abstained = 0, all = 0;
        for (std::size_t d = 0; d < m_tokens.size(); ++d)
            for (std::size_t first = 0; first + 32 <= 300; first += 32, ++all) {
                const auto signature = signatureOf(poolsOf(m_statistics.domains[d], static_cast<std::size_t>(layers)),
                                                   kExperts, first, 32);
                const auto match = matchPattern(built, signature, 32);
                QCOMPARE(match.ranking.size(), std::size_t{3});
                for (std::size_t i = 1; i < match.ranking.size(); ++i)
                    QVERIFY(match.ranking[i - 1].distance <= match.ranking[i].distance);
                right += match.ranking.front().pattern == d ? 1 : 0;
                abstained += match.abstains ? 1 : 0;
            }
        QVERIFY(right >= all * 95 / 100);
        QVERIFY(abstained <= all / 20);
        const auto strange = test::sumTokens(m_elsewhere, kTopK);
        int refused = 0, runs = 0;
        for (std::size_t first = 0; first + 32 <= 320; first += 32, ++runs) {
            const auto signature = signatureOf(poolsOf(strange, static_cast<std::size_t>(layers)), kExperts, first, 32);
            refused += matchPattern(built, signature, 32).abstains ? 1 : 0;
        }
        QVERIFY(refused >= runs * 9 / 10);
    }

    void renamedExpertsGiveTheRenamedPattern()
    {
        const std::vector<std::size_t> renamed{7, 2, 9, 0, 4, 1, 8, 3, 6, 5};
        auto moved = m_statistics;
        for (auto& domain : moved.domains)
            for (auto& layer : domain.layers) {
                for (const auto& info : stats::statInfos())
                    if (layer.has(info.stat) && info.shape == stats::StatShape::PerExpert) {
                        const std::vector<double> old(layer[info.stat].begin(), layer[info.stat].end());
                        for (std::size_t e = 0; e < kExperts; ++e)
                            layer.edit(info.stat)[renamed[e]] = old[e];
                    }
                for (auto& id : layer.editPool().ids)
                    id = static_cast<std::uint16_t>(renamed[id]);
            }
        const auto a = library();
        const auto b = buildPatterns(moved, m_model, {});
        QVERIFY(b.ok());
        for (std::size_t d = 0; d < 3; ++d) {
            for (std::size_t l = 0; l < kLayers; ++l)
                for (std::size_t e = 0; e < kExperts; ++e) {
                    QVERIFY(std::abs(a.patterns[d].scores[l][e] - b->patterns[d].scores[l][renamed[e]]) < 1e-12);
                    QVERIFY(std::abs(a.patterns[d].signature[l][e] - b->patterns[d].signature[l][renamed[e]]) < 1e-12);
                }
            for (std::size_t i = 0; i < a.patterns[d].self.size(); ++i)
                QVERIFY(std::abs(a.patterns[d].self[i].far - b->patterns[d].self[i].far) < 1e-6);
        }
    }

    void filesComeBack()
    {
        auto built = library();
        built.source = "my.espalier";
        const auto file = std::filesystem::path(m_folder.path().toStdString()) / "lib.json";
        QVERIFY(built.write(file).ok());
        const auto read = PatternLibrary::read(file);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QVERIFY(read->patterns == built.patterns && read->generalist == built.generalist);
        QVERIFY(read->fingerprint == built.fingerprint && read->layers == built.layers);
        QVERIFY(read->method == "peu" && read->source == "my.espalier" && read->tokenizerFingerprint == "abcd");
        QCOMPARE(read->topK, kTopK);
    }

    void brokenFilesAreRefused_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("says");
        const char* says[] = {
            "schema", "model.fingerprint", "top_k",  "layers",       "ascending", "signature_layers", "patterns",
            "twice",  "generalist",        "scores", "out of range", "add up",    "self_distance",    "name"};
        for (int i = 0; i < static_cast<int>(std::size(says)); ++i)
            QTest::addRow("%s", says[i]) << i << QString(says[i]);
    }
    void brokenFilesAreRefused()
    {
        QFETCH(int, which);
        QFETCH(QString, says);
        auto json = library().toJson();
        switch (which) {
        case 0:
            json["schema"] = "espalier.plan/1";
            break;
        case 1:
            json.erase("model");
            break;
        case 2:
            json["top_k"] = 11;
            break;
        case 3:
            json["layers"] = 3;
            break;
        case 4:
            json["layers"] = {0, 2, 1};
            break;
        case 5:
            json["signature_layers"] = 4;
            break;
        case 6:
            json["patterns"] = base::OrderedJson::array();
            break;
        case 7:
            json["patterns"][1]["name"] = "prose";
            break;
        case 8:
            json.erase("generalist");
            break;
        case 9:
            json["patterns"][0]["scores"][1].erase(0);
            break;
        case 10:
            json["patterns"][0]["scores"][1][2] = nullptr;
            break;
        case 11:
            json["patterns"][0]["signature"][1][2] = 0.9;
            break;
        case 12:
            json["patterns"][0]["self_distance"][1]["tokens"] = 4;
            break;
        default:
            json["patterns"][0]["name"] = "";
        }
        const auto read = PatternLibrary::fromJson(json, "lib.json");
        QVERIFY(!read.ok());
        QCOMPARE(static_cast<int>(read.error().code), 3);
        QVERIFY2(read.error().text().find(says.toStdString()) != std::string::npos, read.error().text().c_str());
        QVERIFY(read.error().text().find("lib.json") != std::string::npos);
    }

    void requestsThatMakeNoSense()
    {
        PatternRequest request;
        request.signatureLayers = kLayers + 1;
        QVERIFY(!buildPatterns(m_statistics, m_model, request).ok());
        request = {};
        request.score.method = "magic";
        QVERIFY(!buildPatterns(m_statistics, m_model, request).ok());
        request = {};
        auto lean = m_statistics;
        lean.domains[2].layers[1].editPool() = {};
        request.score.method = "reap-sum";
        const auto refused = buildPatterns(lean, m_model, request);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::BadInput);
        QVERIFY(refused.error().text().find("sums") != std::string::npos);
        QVERIFY(!buildPatterns({}, m_model, {}).ok());
    }
};

QTEST_GUILESS_MAIN(TestPatterns)
#include "tst_patterns.moc"
