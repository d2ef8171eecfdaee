// SPDX-License-Identifier: Apache-2.0
// Optimisers on made-up measures whose best answer is known, and NAEE's choice against brute force.
#include "core/method/search/eep.h"
#include "core/method/search/evoesap.h"
#include "core/method/search/naee.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

using namespace espalier::method;

namespace {

using Keep = std::vector<std::int32_t>;

/// Asks until the search is over; how often a candidate was measured.
std::int64_t drive(Optimiser& search, const std::function<double(const Candidate&)>& measure)
{
    std::int64_t measured = 0;
    for (auto asked = search.ask(); !asked.empty(); asked = search.ask()) {
        std::vector<Fitness> found;
        for (const auto& candidate : asked)
            found.push_back({{measure(candidate)}});
        measured += static_cast<std::int64_t>(asked.size());
        search.tell(found);
    }
    return measured;
}

const std::vector<Keep> kPlanted{{0, 3, 6}, {1, 2, 7}, {3, 4, 5}};

/// Share of planted experts that are kept.
double planted(const Candidate& candidate)
{
    double right = 0;
    for (std::size_t l = 0; l < candidate.size(); ++l)
        for (const std::int32_t id : candidate[l].keep)
            right += std::binary_search(kPlanted[l].begin(), kPlanted[l].end(), id) ? 1 : 0;
    return right / 9;
}

EepSettings small()
{
    EepSettings settings;
    settings.experts = 8;
    settings.kept = 3;
    settings.groupOf = {0, 1, 2};
    settings.seed = 5;
    settings.pruning = 40;
    settings.point = {0.01};
    return settings;
}

double randomLoss(const KeepSet& set, std::uint64_t seed)
{
    std::uint64_t mixed = seed;
    for (const std::int32_t id : set)
        mixed = mixed * 6364136223846793005ULL + static_cast<std::uint64_t>(id) + 1;
    return static_cast<double>(std::mt19937_64(mixed)() >> 11U);
}

KeepLosses losses(const std::function<double(const KeepSet&)>& one)
{
    return [one](std::span<const KeepSet> sets) {
        std::vector<double> out;
        for (const auto& set : sets)
            out.push_back(one(set));
        return out;
    };
}

/// Every set by counting through all bit patterns.
std::pair<KeepSet, double> bruteForce(int experts, int kept, const std::function<double(const KeepSet&)>& one)
{
    std::pair<KeepSet, double> best{{}, INFINITY};
    for (std::uint32_t bits = 0; bits < (1U << static_cast<unsigned>(experts)); ++bits) {
        KeepSet set;
        for (int e = 0; e < experts; ++e)
            if ((bits >> static_cast<unsigned>(e) & 1U) != 0)
                set.push_back(e);
        if (static_cast<int>(set.size()) == kept && one(set) < best.second)
            best = {set, one(set)};
    }
    return best;
}

} // namespace

class TestSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eepFindsThePlantedExperts()
    {
        EepSearch search(small());
        const auto measured = drive(search, planted);
        QVERIFY2(measured <= 30 + 40 * 8, qPrintable(QString::number(measured)));
        const auto best = search.best(1, true);
        QCOMPARE(search.fitness(best.front()).values.front(), 1.0);
        const auto found = search.candidate(best.front());
        for (std::size_t l = 0; l < 3; ++l)
            QCOMPARE(found[l].keep, kPlanted[l]);
    }

    void eepAsksTheSameAgain()
    {
        EepSearch a(small()), b(small());
        auto other = small();
        other.seed = 6;
        EepSearch c(other);
        bool differs = false;
        for (int g = 0; g < 6; ++g) {
            const auto one = a.ask(), two = b.ask(), three = c.ask();
            QCOMPARE(one.size(), two.size());
            std::vector<Fitness> found;
            for (std::size_t i = 0; i < one.size(); ++i) {
                for (std::size_t l = 0; l < 3; ++l)
                    QCOMPARE(one[i][l].keep, two[i][l].keep);
                found.push_back({{planted(one[i])}});
                differs = differs || one[i][0].keep != three[i % three.size()][0].keep;
            }
            a.tell(found);
            b.tell(found);
            c.tell(std::vector<Fitness>(three.size(), Fitness{{0.0}}));
        }
        QVERIFY(differs);
    }

    /// No candidate twice, seeds first, what does not fit left out, sets legal in every router group.
    void eepCandidatesAreLegal()
    {
        auto settings = small();
        settings.kept = 4;
        settings.routerGroups = 2;
        settings.pruning = 10;
        settings.seeds = {{{0, 1, 4, 5}, {0, 1, 4, 5}, {2, 3, 6, 7}},
                          {{0, 1, 2, 3}, {0, 1, 4, 5}, {0, 1, 4, 5}}, // all of one group
                          {{0, 1, 4, 5}, {0, 1, 4, 5}}};              // a group of layers missing
        EepSearch search(settings);
        std::set<std::vector<Keep>> seen;
        bool first = true;
        drive(search, [&](const Candidate& candidate) {
            std::vector<Keep> keeps;
            for (const auto& layer : candidate) {
                keeps.push_back(layer.keep);
                if (layer.keep.size() != 4 || layer.keep[1] > 3 || layer.keep[2] < 4 ||
                    !std::is_sorted(layer.keep.begin(), layer.keep.end()))
                    return std::nan("");
            }
            if (first && keeps != settings.seeds.front())
                return std::nan("");
            first = false;
            return seen.insert(keeps).second ? 0.5 : std::nan("");
        });
        for (std::size_t i = 0; i < search.count(); ++i)
            QVERIFY(!std::isnan(search.fitness(i).values.front()));
    }

    /// The second phase comes nearer to coefficients that no choice of experts has, and never forgets the best choice.
    void eepMergesBeyondPruning()
    {
        auto settings = small();
        settings.pruning = 15;
        settings.merging = 40;
        EepSearch search(settings);
        std::map<std::size_t, double> best; // by phase: 0 pruning, 1 merging
        const auto measure = [&](const Candidate& candidate) {
            double distance = 0;
            for (const auto& layer : candidate) {
                const auto mixing = layer.mixing ? *layer.mixing : ExpertMixing::selection(layer.keep, 8);
                for (std::size_t row = 0; row < 3; ++row) {
                    double sum = 0;
                    for (const float value : mixing.mergeRow(row))
                        sum += value;
                    distance += (sum - 1.4) * (sum - 1.4); // a choice's rows add up to 1
                }
            }
            return planted(candidate) - distance;
        };
        drive(search, measure);
        const auto any = search.best(1, false).front(), stock = search.best(1, true).front();
        QVERIFY(search.fitness(any).values.front() > search.fitness(stock).values.front() + 0.2);
        const auto merged = search.candidate(any), chosen = search.candidate(stock);
        QVERIFY(std::any_of(merged.begin(), merged.end(), [](const auto& layer) { return layer.mixing != nullptr; }));
        for (const auto& layer : chosen)
            QVERIFY(layer.mixing == nullptr);
        QCOMPARE(measure(merged), search.fitness(any).values.front());
    }

    void rungsBeforeValues()
    {
        QVERIFY(better({{0.1, 0.2}}, {{0.9}}));
        QVERIFY(better({{0.1, 0.3}}, {{0.9, 0.2}}));
        QVERIFY(better({{0.2, 0.3}}, {{0.1, 0.3}}));
        const std::vector<Fitness> equal{{{1.0}}, {{1.0}}, {{2.0}}};
        QCOMPARE(ranked(equal), (std::vector<std::size_t>{2, 0, 1}));
    }

    void evoEsapFindsTheCounts()
    {
        EvoEsapSettings settings;
        for (int l = 0; l < 6; ++l) {
            auto& order = settings.order.emplace_back(16);
            std::iota(order.begin(), order.end(), 0);
        }
        settings.lowest.assign(6, 2);
        settings.highest.assign(6, 16);
        settings.step = 2;
        settings.total = 48;
        settings.population = 16;
        settings.generations = 60;
        settings.seeds = {{8, 8, 8, 8, 8, 8}, {9, 7, 8, 8, 8, 8}, {8, 8, 8, 8, 8, 2}}; // odd; another total
        const std::vector<std::int32_t> wanted{4, 6, 14, 12, 8, 4};
        bool legal = true;
        std::vector<std::int32_t> firstAsked;
        EvoEsapSearch search(settings);
        drive(search, [&](const Candidate& candidate) {
            std::int64_t total = 0;
            double distance = 0;
            for (std::size_t l = 0; l < 6; ++l) {
                const auto count = static_cast<std::int32_t>(candidate[l].keep.size());
                if (firstAsked.size() < 6)
                    firstAsked.push_back(count);
                total += count;
                legal = legal && count >= 2 && count % 2 == 0;
                distance += std::abs(count - wanted[l]);
            }
            legal = legal && total == 48;
            return -distance;
        });
        QVERIFY(legal);
        QCOMPARE(firstAsked, std::vector<std::int32_t>(6, 8));
        QCOMPARE(search.fitness(search.best(1, true).front()).values.front(), 0.0);
        // The paper's beginnings have the total, too
        for (const auto& shape : EvoEsapSearch::shapes(settings))
            QCOMPARE(std::accumulate(shape.begin(), shape.end(), std::int64_t{0}), 48);
    }

    void naeeEqualsBruteForce()
    {
        for (std::uint64_t seed = 1; seed < 8; ++seed)
            for (const int kept : {1, 4, 9, 10}) {
                const auto one = [&](const KeepSet& set) { return randomLoss(set, seed); };
                NaeeSettings settings;
                settings.experts = 10;
                settings.kept = kept;
                const auto choice = chooseByReconstruction(settings, losses(one));
                const auto [best, loss] = bruteForce(10, kept, one);
                QCOMPARE(choice.keep, best);
                QCOMPARE(choice.loss, loss);
                QVERIFY(choice.search == NaeeSearch::Exact);
                auto order = choice.order;
                QCOMPARE(KeepSet(order.begin(), order.begin() + kept) != KeepSet{}, true);
                std::sort(order.begin(), order.begin() + kept);
                QVERIFY(std::equal(best.begin(), best.end(), order.begin()));
                std::sort(order.begin(), order.end());
                for (int e = 0; e < 10; ++e)
                    QCOMPARE(order[static_cast<std::size_t>(e)], e);
            }
        QCOMPARE(countSets(8, 4, 1000), 70);
        QCOMPARE(countSets(128, 64, 20000), 20001);
    }

    /// Where every expert has a worth of its own, elimination is exact, one at a time or in coarse rounds.
    void naeeEliminates_data()
    {
        QTest::addColumn<int>("most");
        QTest::addColumn<int>("groups");
        QTest::newRow("one at a time") << 100000 << 1;
        QTest::newRow("coarse") << 0 << 1;
        QTest::newRow("grouped") << 100000 << 4;
        QTest::newRow("grouped, coarse") << 0 << 4;
    }
    void naeeEliminates()
    {
        QFETCH(const int, most);
        QFETCH(const int, groups);
        std::vector<double> worth(64);
        std::mt19937 random(3);
        for (auto& value : worth)
            value = static_cast<double>(random() % 100000) + 1;
        const auto one = [&](const KeepSet& set) {
            double lost = std::accumulate(worth.begin(), worth.end(), 0.0);
            for (const std::int32_t id : set)
                lost -= worth[static_cast<std::size_t>(id)];
            return lost;
        };
        NaeeSettings settings;
        settings.experts = 64;
        settings.kept = 24;
        settings.routerGroups = groups;
        settings.mostEliminations = most;
        const auto choice = chooseByReconstruction(settings, losses(one));
        KeepSet wanted;
        for (int g = 0; g < groups; ++g) {
            KeepSet ids(static_cast<std::size_t>(64 / groups));
            std::iota(ids.begin(), ids.end(), g * 64 / groups);
            std::sort(ids.begin(), ids.end(), [&](auto a, auto b) {
                return worth[static_cast<std::size_t>(a)] > worth[static_cast<std::size_t>(b)];
            });
            wanted.insert(wanted.end(), ids.begin(), ids.begin() + 24 / groups);
        }
        std::sort(wanted.begin(), wanted.end());
        QCOMPARE(choice.keep, wanted);
        QVERIFY(choice.search == (most > 0 ? NaeeSearch::Greedy : NaeeSearch::Coarse));
        if (most == 0)
            QVERIFY(choice.measured < 64 * 40);
        if (groups == 1) // best first
            for (std::size_t i = 1; i < 64; ++i)
                QVERIFY(worth[static_cast<std::size_t>(choice.order[i - 1])] >=
                        worth[static_cast<std::size_t>(choice.order[i])]);
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
