// SPDX-License-Identifier: Apache-2.0
// Router kernels against the definition: sort all experts, keep the first k.
#include "core/engine/cuda/route_rows.h"
#include "core/engine/cuda/router_logits.h"
#include "guarded.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace espalier::engine::cuda;
using namespace espalier::test;

namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

struct Case {
    const char* name;
    RouterRule rule;
    int rows, experts;
    bool correction, mask, limit;
    int levels; ///< logits take so many values (0 = all different): few make ties
};

RouterRule rule(RouterKind kind, int topK, bool normalize = false, int groups = 1, int used = 1, bool topTwo = false)
{
    RouterRule made;
    made.kind = kind;
    made.topK = topK;
    made.normalize = normalize;
    made.groups = groups;
    made.groupsUsed = used;
    made.topTwoSum = topTwo;
    return made;
}

const std::vector<Case>& cases()
{
    static const std::vector<Case> all = [] {
        std::vector<Case> list{
            {"softmax", rule(RouterKind::SoftmaxAll, 8, true), 70, 128, false, false, false, 0},
            {"softmax-not-normalised", rule(RouterKind::SoftmaxAll, 2), 33, 8, false, false, false, 0},
            {"softmax-ties", rule(RouterKind::SoftmaxAll, 4, true), 50, 60, false, false, false, 3},
            {"softmax-masked", rule(RouterKind::SoftmaxAll, 6, true), 41, 64, false, true, false, 0},
            {"softmax-limited", rule(RouterKind::SoftmaxAll, 6, true), 41, 64, false, false, true, 0},
            {"softmax-one-row", rule(RouterKind::SoftmaxAll, 1), 1, 3, false, false, false, 0},
            {"softmax-groups", rule(RouterKind::SoftmaxAll, 6, false, 8, 3), 37, 64, false, false, false, 0},
            {"softmax-many-experts", rule(RouterKind::SoftmaxAll, 10, true), 29, 513, false, true, false, 0},
            {"sigmoid-groups", rule(RouterKind::Sigmoid, 8, true, 8, 4, true), 40, 256, true, false, false, 0},
            {"sigmoid-groups-masked", rule(RouterKind::Sigmoid, 4, true, 4, 2, true), 40, 32, true, true, false, 0},
            {"sigmoid-ties", rule(RouterKind::Sigmoid, 4, true, 4, 2, true), 64, 32, false, false, false, 2},
            {"sigmoid-limited", rule(RouterKind::Sigmoid, 6, true), 21, 16, true, false, true, 0},
            {"chosen", rule(RouterKind::SoftmaxChosen, 4), 45, 32, false, false, false, 0},
            {"chosen-limited-masked", rule(RouterKind::SoftmaxChosen, 4), 45, 32, false, true, true, 0},
            {"chosen-ties", rule(RouterKind::SoftmaxChosen, 3), 45, 32, false, false, false, 2},
            {"sparse-mixer", rule(RouterKind::SparseMixer, 2), 60, 16, false, false, false, 0},
            {"sparse-mixer-limited", rule(RouterKind::SparseMixer, 2), 60, 16, false, true, true, 0},
            {"limited-ties", rule(RouterKind::SoftmaxAll, 5, true), 50, 60, false, false, true, 3},
            {"limited-not-normalised", rule(RouterKind::SoftmaxAll, 5), 50, 60, false, false, true, 0},
            {"sparse-mixer-masked", rule(RouterKind::SparseMixer, 2), 60, 16, false, true, false, 0},
        };
        for (Case& c : list) {
            if (std::string_view(c.name).starts_with("sigmoid")) {
                c.rule.addend = 1e-20F;
                c.rule.scale = 2.5F;
            }
            if (std::string_view(c.name) == "softmax-limited")
                c.rule.floor = 0.9F;
            c.rule.margin = 0.01F;
        }
        return list;
    }();
    return all;
}

struct Wanted {
    std::vector<double> scores, gates;
    std::vector<int> ids;
};

/// Which choices count: of those before the first limit of infinity, sorted by weight, the longest beginning in which
/// every weight reaches its share of the largest.
template <typename F>
std::vector<bool> counted(const std::vector<float>& limit, const F& weightOf)
{
    std::vector<std::size_t> ranked;
    while (ranked.size() < limit.size() && !std::isinf(limit[ranked.size()]))
        ranked.push_back(ranked.size());
    std::stable_sort(ranked.begin(), ranked.end(),
                     [&](std::size_t a, std::size_t b) { return weightOf(a) > weightOf(b); });
    std::vector<bool> counts(limit.size(), false);
    for (std::size_t rank = 0; rank < ranked.size() && weightOf(ranked[rank]) >= limit[rank] * weightOf(ranked[0]);
         ++rank)
        counts[ranked[rank]] = true;
    return counts;
}

/// The definition in double: all experts sorted by key, equal keys by id.
Wanted definition(const Case& c, const std::vector<float>& logits, const std::vector<float>& correction,
                  const std::vector<float>& mask, const std::vector<float>& limit, const std::vector<int>& stream)
{
    const auto experts = static_cast<std::size_t>(c.experts);
    const auto k = static_cast<std::size_t>(c.rule.topK);
    Wanted out;
    for (std::size_t row = 0; row < static_cast<std::size_t>(c.rows); ++row) {
        const auto s = static_cast<std::size_t>(stream[row]);
        std::vector<double> z(experts), raw(experts);
        for (std::size_t e = 0; e < experts; ++e) {
            raw[e] = logits[row * experts + e];
            z[e] = c.mask && std::isinf(mask[s * experts + e]) ? -INFINITY : raw[e];
        }
        std::vector<double> p(experts);
        if (c.rule.kind == RouterKind::Sigmoid) {
            for (std::size_t e = 0; e < experts; ++e)
                p[e] = 1 / (1 + std::exp(-z[e]));
        } else {
            const double top = *std::max_element(z.begin(), z.end());
            double sum = 0;
            for (const double value : z)
                sum += std::exp(value - top);
            for (std::size_t e = 0; e < experts; ++e)
                p[e] = std::exp(z[e] - top) / sum;
        }
        std::vector<std::size_t> order(experts);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<double> gates(k, 0.0);
        std::vector<bool> counts(k, true);
        const auto leaveOut = [&](auto&& weightOf) { // weightOf(choice)
            if (c.limit)
                counts = counted({limit.begin() + static_cast<std::ptrdiff_t>(s * k),
                                  limit.begin() + static_cast<std::ptrdiff_t>((s + 1) * k)},
                                 weightOf);
        };
        if (c.rule.kind == RouterKind::SparseMixer) {
            std::vector<double> rest = z;
            for (std::size_t choice = 0; choice < k; ++choice) {
                const auto best = static_cast<std::size_t>(std::max_element(rest.begin(), rest.end()) - rest.begin());
                double sum = 0;
                for (const double value : rest)
                    if (!std::isinf(value) &&
                        (rest[best] - value) / std::max(std::abs(value), rest[best]) <= double{c.rule.margin})
                        sum += std::exp(value - rest[best]);
                order[choice] = best;
                gates[choice] = 1 / sum;
                rest[best] = -INFINITY;
            }
            leaveOut([&](std::size_t i) { return static_cast<float>(gates[i]); });
            for (std::size_t i = 0; i < k; ++i)
                gates[i] = counts[i] ? gates[i] : 0;
        } else {
            std::vector<float> key(experts); // keys are float32: ties are those of float32
            for (std::size_t e = 0; e < experts; ++e)
                key[e] = std::isinf(z[e]) ? kNever
                         : c.rule.kind == RouterKind::SoftmaxChosen
                             ? static_cast<float>(z[e])
                             : static_cast<float>(p[e]) + (c.correction ? correction[e] : 0.0F);
            if (c.rule.groups > 1) {
                const std::size_t size = experts / static_cast<std::size_t>(c.rule.groups);
                std::vector<std::pair<float, std::size_t>> worth;
                for (std::size_t g = 0; g < static_cast<std::size_t>(c.rule.groups); ++g) {
                    std::vector<float> own(key.begin() + static_cast<std::ptrdiff_t>(g * size),
                                           key.begin() + static_cast<std::ptrdiff_t>((g + 1) * size));
                    std::sort(own.begin(), own.end(), std::greater<>());
                    worth.emplace_back(c.rule.topTwoSum && own[1] != kNever ? own[0] + own[1] : own[0], g);
                }
                std::stable_sort(worth.begin(), worth.end(),
                                 [](const auto& a, const auto& b) { return a.first > b.first; });
                for (std::size_t i = static_cast<std::size_t>(c.rule.groupsUsed); i < worth.size(); ++i)
                    std::fill_n(key.begin() + static_cast<std::ptrdiff_t>(worth[i].second * size), size, kNever);
            }
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key[a] > key[b]; });
            leaveOut([&](std::size_t i) { return static_cast<float>(p[order[i]]); });
            const bool chosen = c.rule.kind == RouterKind::SoftmaxChosen;
            double sum = 0;
            for (std::size_t i = 0; i < k; ++i) {
                gates[i] = !counts[i] ? 0 : chosen ? std::exp(raw[order[i]] - raw[order[0]]) : p[order[i]];
                sum += gates[i];
            }
            const double by = chosen             ? sum
                              : c.rule.normalize ? std::max(sum, double{c.rule.floor}) + double{c.rule.addend}
                                                 : 1.0;
            for (double& gate : gates)
                gate = gate / by * (chosen ? 1.0 : double{c.rule.scale});
        }
        out.scores.insert(out.scores.end(), p.begin(), p.end());
        out.gates.insert(out.gates.end(), gates.begin(), gates.end());
        for (std::size_t i = 0; i < k; ++i)
            out.ids.push_back(static_cast<int>(order[i]));
    }
    return out;
}

} // namespace

class TestRouterKernels : public QObject {
    Q_OBJECT

private slots:
    void route_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::addRow("%s", cases()[i].name) << i;
    }
    void route()
    {
        QFETCH(const std::size_t, index);
        const Case& c = cases()[index];
        std::mt19937 random(static_cast<unsigned>(index + 1));
        const auto count = static_cast<std::size_t>(c.rows) * static_cast<std::size_t>(c.experts);
        std::normal_distribution<float> normal;
        std::vector<float> logits(count), correction(static_cast<std::size_t>(c.experts));
        for (float& z : logits)
            z = c.levels > 0 ? static_cast<float>(random() % static_cast<unsigned>(c.levels)) : 3 * normal(random);
        for (float& b : correction)
            b = 0.1F * normal(random);
        constexpr int streams = 3;
        std::vector<float> mask(static_cast<std::size_t>(streams * c.experts));
        for (std::size_t i = static_cast<std::size_t>(c.experts); i < mask.size(); ++i)
            mask[i] = random() % 3 == 0 ? kNever : 0;
        // All choices; half of them; those that reach a share, among the first but one where there are more than two
        const auto k = static_cast<std::size_t>(c.rule.topK);
        std::vector<float> limit(streams * k, 0.0F);
        std::fill(limit.begin() + static_cast<std::ptrdiff_t>(k + std::max<std::size_t>(1, k / 2)),
                  limit.begin() + static_cast<std::ptrdiff_t>(2 * k), -kNever);
        for (std::size_t rank = 1; rank < k; ++rank)
            limit[2 * k + rank] = rank > 1 && rank + 1 == k ? -kNever : 0.8F / static_cast<float>(rank);
        std::vector<int> stream(static_cast<std::size_t>(c.rows));
        for (int& s : stream)
            s = static_cast<int>(random() % streams);
        const Wanted wanted = definition(c, logits, correction, mask, limit, stream);
        std::vector<float> first;
        for (const ThreadOrder order : kOrders) {
            Guarded<float> scores(count), gates(wanted.gates.size());
            Guarded<int> ids(wanted.ids.size());
            const RouteRows<float> kernel{c.rule,
                                          logits.data(),
                                          c.correction ? correction.data() : nullptr,
                                          c.mask ? mask.data() : nullptr,
                                          c.limit ? limit.data() : nullptr,
                                          stream.data(),
                                          scores.data(),
                                          ids.data(),
                                          gates.data(),
                                          c.rows,
                                          c.experts};
            emulate(kernel, order);
            QVERIFY(scores.intact() && gates.intact() && ids.intact());
            for (std::size_t i = 0; i < wanted.ids.size(); ++i)
                QVERIFY2(ids[i] == wanted.ids[i],
                         qPrintable(QString("choice %1: %2, not %3").arg(i).arg(ids[i]).arg(wanted.ids[i])));
            for (std::size_t i = 0; i < count; ++i)
                QVERIFY(std::abs(double{scores[i]} - wanted.scores[i]) <= 1e-7 * wanted.scores[i]);
            for (std::size_t i = 0; i < wanted.gates.size(); ++i)
                QVERIFY2(std::abs(double{gates[i]} - wanted.gates[i]) <= 1e-6 * wanted.gates[i],
                         qPrintable(QString("gate %1: %2, not %3").arg(i).arg(gates[i]).arg(wanted.gates[i])));
            if (first.empty())
                first = gates.copy();
            QVERIFY(sameBits<float>(gates.values(), first));
        }
    }

    /// Weights with -inf in them: what remains is chosen, then the first again; NaN loses against every number.
    void tooFewCandidates()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> logits{kNever, 1, kNever, nan, kNever, kNever, kNever, kNever};
        Guarded<float> scores(8), gates(6);
        Guarded<int> ids(6);
        emulate(RouteRows<float>{rule(RouterKind::SoftmaxChosen, 3), logits.data(), nullptr, nullptr, nullptr, nullptr,
                                 scores.data(), ids.data(), gates.data(), 2, 4});
        QCOMPARE(ids.copy(), (std::vector<int>{1, 3, 1, 0, 0, 0}));
    }

    /// Gates leave the router in the type that multiplies the outputs.
    void gatesAreRounded()
    {
        const std::vector<float> logits{0.3F, 1.7F, -0.4F, 0.9F};
        Guarded<float> scores(4), exact(2), narrow(2);
        Guarded<int> ids(2);
        const RouterRule two = rule(RouterKind::SoftmaxAll, 2, true);
        emulate(RouteRows<float>{two, logits.data(), nullptr, nullptr, nullptr, nullptr, scores.data(), ids.data(),
                                 exact.data(), 1, 4});
        emulate(RouteRows<Bf16>{two, logits.data(), nullptr, nullptr, nullptr, nullptr, scores.data(), ids.data(),
                                narrow.data(), 1, 4});
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(narrow[i], rounded<Bf16>(exact[i]));
            QVERIFY(narrow[i] != exact[i]);
        }
    }

    void logits_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("hidden");
        QTest::addColumn<bool>("bias");
        QTest::addRow("one") << 1 << 1 << 1 << false;
        QTest::addRow("whole tiles") << 64 << 32 << 64 << false;
        QTest::addRow("odd") << 33 << 61 << 77 << true;
        QTest::addRow("wide") << 5 << 130 << 31 << true;
    }
    void logits()
    {
        QFETCH(const int, rows);
        QFETCH(const int, experts);
        QFETCH(const int, hidden);
        QFETCH(const bool, bias);
        std::mt19937 random(5);
        std::normal_distribution<float> normal;
        const auto made = [&](int count) {
            std::vector<Bf16> values(static_cast<std::size_t>(count));
            for (Bf16& value : values)
                narrow(value, normal(random));
            return values;
        };
        const auto x = made(rows * hidden), weight = made(experts * hidden), added = made(experts);
        for (const ThreadOrder order : kOrders)
            for (const bool own : {false, true}) {
                Guarded<float> out(static_cast<std::size_t>(rows * experts));
                emulate(RouterLogits<Bf16, Bf16>{x.data(), weight.data(), bias ? added.data() : nullptr, out.data(),
                                                 rows, experts, hidden, own},
                        order);
                QVERIFY(out.intact());
                for (int row = 0; row < rows; ++row)
                    for (int e = 0; e < experts; ++e) {
                        double sum = 0;
                        for (int h = 0; h < hidden; ++h)
                            sum += double{widen(x[static_cast<std::size_t>(row * hidden + h)])} *
                                   double{widen(weight[static_cast<std::size_t>(e * hidden + h)])};
                        if (bias)
                            sum += double{widen(added[static_cast<std::size_t>(e)])};
                        const auto wanted = static_cast<float>(sum);
                        QCOMPARE(bitsOf(out[static_cast<std::size_t>(row * experts + e)]),
                                 bitsOf(own ? rounded<Bf16>(wanted) : wanted));
                    }
            }
    }
};

QTEST_APPLESS_MAIN(TestRouterKernels)
#include "tst_router_kernels.moc"
