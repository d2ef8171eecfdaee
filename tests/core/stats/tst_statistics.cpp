// SPDX-License-Identifier: Apache-2.0
// The table of statistics, selections, shapes, merging and concentration.
#include "core/stats/statistics.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace espalier;
using namespace espalier::stats;

namespace {

const Topology kTopology{4, 2, 3};

/// Layer whose arrays hold `value` everywhere.
LayerStats filled(int layer, double value, StatSelection selection = StatSelection::all())
{
    LayerStats out(LayerIndex(layer), kTopology, selection);
    for (const auto& info : statInfos())
        for (double& v : out.edit(info.stat))
            v = value;
    out.addTokens(value);
    if (selection.hasPool()) {
        out.editPool().logits = {static_cast<float>(value), 0};
        out.editPool().ids = {1, 2};
    }
    return out;
}

DomainStats domainOf(const std::string& name, std::vector<LayerStats> layers)
{
    DomainStats out;
    out.name = name;
    out.tokens = 10;
    out.windows = 2;
    out.documents = 1;
    out.dataSha256 = "aa";
    out.layers = std::move(layers);
    return out;
}

} // namespace

class TestStatistics : public QObject {
    Q_OBJECT
private slots:
    void tableIsConsistent()
    {
        std::set<std::string_view> ids;
        for (std::size_t i = 0; i < kStatCount; ++i) {
            const auto& info = statInfos()[i];
            QCOMPARE(static_cast<std::size_t>(info.stat), i); // indexed by Stat
            QVERIFY(ids.insert(info.id).second);
            QVERIFY(statFromId(info.id) == info.stat);
            QVERIFY(!info.meaning.empty());
            QVERIFY(info.group == "imported" || info.group == "bank" || // by no pass of ours; with any of S9 to S12
                    std::find(statGroups().begin(), statGroups().end(), info.group) != statGroups().end());
        }
        QVERIFY(!statFromId("nonsense"));
        QVERIFY(statInfo(Stat::MaxAbs).merge == StatMerge::Maximum);
    }

    void shapes()
    {
        const auto is = [](Stat stat, std::size_t rows, std::size_t cols) {
            const auto s = statSize(stat, kTopology);
            return s.rows == rows && s.cols == cols;
        };
        QVERIFY(is(Stat::Count, 1, 4));
        QVERIFY(is(Stat::LayerTurn, 1, 1));
        QVERIFY(is(Stat::TopKLoss, 1, 2));
        QVERIFY(is(Stat::RatioHistogram, 1, 256));
        QVERIFY(is(Stat::EntropyHistogram, 1, 256));
        QVERIFY(is(Stat::LogitGram, 4, 4));
        QVERIFY(is(Stat::OutputSum, 4, 3));
        const Topology topOne{8, 1, 4};
        QCOMPARE(statSize(Stat::RatioHistogram, topOne).rows, std::size_t{0});
    }

    void selections()
    {
        const auto basic = StatSelection::parse("basic");
        QVERIFY(basic.ok());
        QVERIFY(basic->has(Stat::Count) && basic->has(Stat::GateNorm) && basic->has(Stat::Turn) &&
                basic->has(Stat::MaxAbs));
        QVERIFY(!basic->has(Stat::Coactivation) && !basic->hasPool());
        const auto bank = StatSelection::parse("basic,bank");
        QVERIFY(bank.ok() && bank->hasBank() && !bank->hasPool() && bank->has(Stat::Norm));
        QVERIFY(bank->has(Stat::OutputGram) && bank->has(Stat::BankOutputSum) && bank->has(Stat::OutputHsic) &&
                bank->has(Stat::TopKLoss) && bank->has(Stat::BankTokens));
        const auto counts = StatSelection::parse("S12");
        QVERIFY(counts.ok() && counts->has(Stat::TopKLoss) && counts->has(Stat::BankTokens) &&
                !counts->has(Stat::LeaveOutLoss));
        QVERIFY(!StatSelection::all().hasBank() && !StatSelection::all().has(Stat::BankTokens));
        const auto one = StatSelection::parse("S3");
        QVERIFY(one.ok() && one->has(Stat::LogitGram) && one->has(Stat::Count) && !one->has(Stat::Norm));
        QVERIFY(*StatSelection::parse("all") == StatSelection::all());
        for (const char* bad : {"", "everything", "basic,,S1", "s0", "basic ", ",basic"}) {
            const auto refused = StatSelection::parse(bad);
            QVERIFY2(!refused.ok() && refused.error().code == ErrorCode::Usage, bad);
        }
        QVERIFY(StatSelection::parse("S6").error().text().find("S0a") != std::string::npos);
    }

    void layersHoldWhatWasSelected()
    {
        LayerStats layer(LayerIndex(3), kTopology, *StatSelection::parse("S0"));
        QVERIFY(layer.has(Stat::Count) && !layer.has(Stat::Norm));
        QCOMPARE(layer.at(Stat::Norm, ExpertIndex(1)), 0.0);
        QVERIFY(layer.set(Stat::Count, {1, 2, 3, 4}).ok());
        QCOMPARE(layer.at(Stat::Count, ExpertIndex(2)), 3.0);
        const auto wrong = layer.set(Stat::Count, {1, 2, 3});
        QVERIFY(!wrong.ok() && wrong.error().code == ErrorCode::BadInput);
    }

    void mergeAddsSumsAndTakesMaxima()
    {
        auto a = filled(0, 2);
        QVERIFY(a.merge(filled(0, 5)).ok());
        for (const auto& info : statInfos())
            for (const double v : a[info.stat])
                QCOMPARE(v, info.merge == StatMerge::Maximum ? 5.0 : 7.0);
        QCOMPARE(a.tokens(), 7.0);
        QVERIFY((a.pool().logits == std::vector<float>{2, 0, 5, 0}));
        QVERIFY((a.pool().ids == std::vector<std::uint16_t>{1, 2, 1, 2}));
    }

    void countedSetsAddUp()
    {
        const Coalitions a{true, 2, {0, 3, 1, 2, 4, 5}, {2, 1, 7}}, b{true, 2, {0, 1, 1, 2, 6, 7}, {5, 3, 4}};
        const Coalitions sum{true, 2, {0, 1, 0, 3, 1, 2, 4, 5, 6, 7}, {5, 2, 4, 7, 4}};
        for (const bool turned : {false, true}) {
            Coalitions mine = turned ? b : a;
            mine.add(turned ? a : b);
            QVERIFY(mine == sum);
        }
        Coalitions none{true, 2, {}, {}};
        none.add(a);
        QVERIFY(none == a);
        none.add({true, 2, {}, {}});
        QVERIFY(none == a);
        // Where one part did not count, the sum cannot
        auto counted = filled(3, 1, *StatSelection::parse("S0,S5"));
        QVERIFY(counted.coalitions().collected);
        QVERIFY(counted.merge(filled(3, 1, *StatSelection::parse("S0"))).ok());
        QVERIFY(!counted.coalitions().collected);
    }

    void rowsOfTokensAreAppended()
    {
        auto a = domainOf("a", {filled(0, 1)}), b = a;
        a.layers[0].editSamples().add(SampleKind::TraceGates, SampleType::F32, 2, std::vector<float>{1, 2});
        b.layers[0].editSamples().add(SampleKind::TraceGates, SampleType::F32, 2, std::vector<float>{3, 4, 5, 6});
        b.samples.add(SampleKind::NextTail, SampleType::F32, 1, std::vector<float>{0.5F});
        QVERIFY(a.merge(b).ok());
        Samples wanted;
        wanted.add(SampleKind::TraceGates, SampleType::F32, 2, std::vector<float>{1, 2, 3, 4, 5, 6});
        QVERIFY(a.layers[0].samples() == wanted && a.samples == b.samples);
        QCOMPARE(a.layers[0].samples()[SampleKind::TraceGates].rows(), std::int64_t{3});
        a.clearSamples();
        QVERIFY(a.layers[0].samples().empty() && a.samples.empty());
        QCOMPARE(a.layers[0].samples()[SampleKind::TraceGates].rows(), std::int64_t{0});
        for (const SampleInfo& info : sampleInfos()) {
            QVERIFY(sampleFromId(info.id) == info.kind);
            QVERIFY(StatSelection::parse(info.group)->hasSamples());
        }
        for (const auto type : {SampleType::U16, SampleType::U32, SampleType::F32, SampleType::BF16})
            QVERIFY(sampleTypeFromId(sampleTypeId(type)) == type);
    }

    void mergeDropsWhatOneSideLacks()
    {
        auto a = filled(0, 1);
        QVERIFY(a.merge(filled(0, 1, *StatSelection::parse("basic"))).ok());
        QVERIFY(a.has(Stat::Norm) && !a.has(Stat::Coactivation));
        QVERIFY(a.pool().logits.empty());
        auto b = filled(0, 1, *StatSelection::parse("S0"));
        QVERIFY(b.merge(filled(0, 1)).ok());
        QVERIFY(b.has(Stat::Count) && !b.has(Stat::Norm));
    }

    void mergeRefusesOtherShapes()
    {
        auto a = filled(0, 1);
        const auto other = a.merge(filled(1, 1));
        QVERIFY(!other.ok() && other.error().code == ErrorCode::BadInput);
        LayerStats wide(LayerIndex(0), {8, 2, 3}, StatSelection::all());
        QVERIFY(!a.merge(wide).ok());
        QCOMPARE(a.tokens(), 1.0);
    }

    /// A refused merge leaves nothing of the other part behind.
    void mergeIsAllOrNothing()
    {
        Statistics mine, other;
        mine.domains = {domainOf("x", {filled(0, 1), filled(1, 1)}), domainOf("y", {filled(0, 1), filled(1, 1)})};
        other.domains = {domainOf("x", {filled(0, 1), filled(1, 1)}), domainOf("y", {filled(0, 1), filled(2, 1)})};
        const auto refused = mine.merge(other);
        QVERIFY(!refused.ok());
        for (const auto& domain : mine.domains) {
            QCOMPARE(domain.tokens, std::int64_t{10});
            for (const auto& layer : domain.layers)
                QCOMPARE(layer.tokens(), 1.0);
        }
    }

    void statisticsOfOtherModelsAreRefused()
    {
        Statistics mine, other;
        mine.modelFingerprint = "m1";
        other.modelFingerprint = "m2";
        auto refused = mine.merge(other);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().message.find("m1") != std::string::npos &&
                refused.error().message.find("m2") != std::string::npos);
        other.modelFingerprint = "m1";
        mine.tokenizerFingerprint = "t1";
        other.tokenizerFingerprint = "t2";
        refused = mine.merge(other);
        QVERIFY(!refused.ok() && refused.error().message.find("tokenizer") != std::string::npos);
    }

    void domainsOfEqualNameAreAdded()
    {
        Statistics mine, other;
        mine.domains = {domainOf("x", {filled(0, 1)})};
        other.domains = {domainOf("z", {filled(0, 3)}), domainOf("x", {filled(0, 2)})};
        other.domains[1].dataSha256 = "bb";
        other.context = 256;
        QVERIFY(mine.merge(other).ok());
        QCOMPARE(mine.domains.size(), std::size_t{2});
        QCOMPARE(mine.find("x")->tokens, std::int64_t{20});
        QCOMPARE(mine.find("x")->layers[0].tokens(), 3.0);
        QCOMPARE(mine.find("x")->dataSha256, std::string("aa,bb"));
        QCOMPARE(mine.find("z")->layers[0].tokens(), 3.0);
        QCOMPARE(mine.context, std::int64_t{256});
        QVERIFY(mine.find("nobody") == nullptr);
    }

    void concentrationOfKnownShares()
    {
        const std::vector<double> even(8, 5.0), one{0, 0, 9, 0}, some{3, 1, 0, 0};
        const auto e = concentration(even);
        QVERIFY(std::abs(e.entropyShare - 1) < 1e-12 && std::abs(e.effectiveExperts - 8) < 1e-12);
        QVERIFY(std::abs(e.gini) < 1e-12 && e.dead == 0);
        const auto o = concentration(one);
        QVERIFY(o.entropyShare == 0 && o.effectiveExperts == 1 && o.dead == 3);
        QVERIFY(std::abs(o.gini - 0.75) < 1e-12); // (E - 1) / E
        const auto s = concentration(some);
        const double entropy = -(0.75 * std::log(0.75) + 0.25 * std::log(0.25));
        QVERIFY(std::abs(s.entropyShare - entropy / std::log(4)) < 1e-12);
        QVERIFY(std::abs(s.gini - 0.625) < 1e-12); // mean absolute difference over twice the mean
        const auto none = concentration(std::vector<double>(3, 0.0));
        QVERIFY(none.dead == 3 && none.gini == 0 && none.effectiveExperts == 0);
    }
};

QTEST_APPLESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
