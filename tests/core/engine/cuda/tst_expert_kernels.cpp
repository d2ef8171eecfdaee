// SPDX-License-Identifier: Apache-2.0
// Grouped GEMMs with what is fused into them, and the sums after them, against their definition in double: sizes that
// no tile divides, experts without rows, with one, with more than a tile.
#include "core/engine/cuda/combine_rows.h"
#include "core/engine/cuda/output_sums.h"
#include "expert_case.h"
#include "guarded.h"

#include <QTest>
#include <limits>

using namespace espalier::engine::cuda;
using namespace espalier::test;

namespace {

template <typename T>
constexpr double kUnit = sizeof(T) == 4            ? 6e-8
                         : std::is_same_v<T, Bf16> ? 4e-3
                                                   : 5e-4; // half a unit in the last place

ActivationRule clamped()
{
    return {true, 1.702F, 1.5F};
}

std::vector<ExpertShape> shapes()
{
    return {
        {1, 1, 1, {1}, false, {}},
        {3, 5, 7, {2, 0, 3}, true, {}},
        {40, 64, 32, {40, 0, 1, 17}, false, {}},
        {150, 72, 40, {129, 128, 0, 3}, true, {}},
        {9, 136, 200, {4, 9}, false, {}},
        {20, 48, 65, {5, 20, 0}, true, clamped()},
        {6, 33, 130, {6, 2}, true, clamped()},
    };
}

template <typename T>
void compare(std::span<T> found, const std::vector<double>& wanted, double roundings, double scale, int depth)
{
    QCOMPARE(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double value = widen(found[i]);
        // Operations round to T; sums of `depth` products round in float32.
        const double unit = roundings * kUnit<T> + 3 * kUnit<float> * std::sqrt(depth);
        const double allowed = unit * (std::abs(wanted[i]) + scale);
        QVERIFY2(std::abs(value - wanted[i]) <= allowed,
                 qPrintable(QString("%1: %2, not %3").arg(i).arg(value).arg(wanted[i])));
    }
}

template <typename T>
void bothGemms(const ExpertShape& shape)
{
    const ExpertCase<T> made(shape);
    const auto places = static_cast<std::size_t>(made.places());
    std::vector<T> firstOutputs;
    std::vector<double> firstSquares;
    for (const ThreadOrder order : kOrders) {
        Guarded<T> inner(places * static_cast<std::size_t>(shape.width));
        const GateUpRows<T> up{made.x.data(),
                               made.row.data(),
                               made.tasks.data(),
                               made.matrices.data(),
                               inner.data(),
                               static_cast<int>(made.tasks.size()),
                               0,
                               shape.hidden,
                               shape.width,
                               shape.activation};
        emulate(up, order);
        QVERIFY(inner.intact());
        compare<T>(inner.values(), made.innerByDefinition(), 4, 1, shape.hidden);

        DownRows<T> down{inner.data(),
                         made.tasks.data(),
                         made.matrices.data(),
                         nullptr,
                         nullptr,
                         nullptr,
                         static_cast<int>(made.tasks.size()),
                         0,
                         shape.hidden,
                         shape.width};
        const auto parts = static_cast<std::size_t>(down.columnBlocks());
        Guarded<T> outputs(places * static_cast<std::size_t>(shape.hidden));
        Guarded<double> squares(places * parts);
        Guarded<float> largest(made.tasks.size() * parts);
        down.outputs = outputs.data();
        down.squares = squares.data();
        down.largest = largest.data();
        emulate(down, order);
        QVERIFY(outputs.intact() && squares.intact() && largest.intact());
        compare<T>(outputs.values(), made.outputsByDefinition(inner.copy()), 3, 0.5, shape.width);

        // What is fused is about the outputs as stored.
        for (std::size_t t = 0; t < made.tasks.size(); ++t) {
            float top = 0;
            for (int at = made.tasks[t].begin; at < made.tasks[t].end; ++at) {
                double sum = 0;
                for (int h = 0; h < shape.hidden; ++h) {
                    const float f = widen(outputs[static_cast<std::size_t>(at * shape.hidden + h)]);
                    sum += double{f} * f;
                    top = std::max(top, std::abs(f));
                }
                double found = 0;
                for (std::size_t p = 0; p < parts; ++p)
                    found += squares[static_cast<std::size_t>(at) * parts + p];
                QVERIFY(std::abs(found - sum) <= 1e-12 * sum);
            }
            float foundTop = 0;
            for (std::size_t p = 0; p < parts; ++p)
                foundTop = std::max(foundTop, largest[t * parts + p]);
            QCOMPARE(foundTop, top);
        }
        if (firstOutputs.empty()) {
            firstOutputs = outputs.copy();
            firstSquares = squares.copy();
        }
        QVERIFY(sameBits<T>(outputs.values(), firstOutputs));
        QVERIFY(sameBits<double>(squares.values(), firstSquares));
    }
}

/// Rows of k choices each, and places in expert order.
struct Choices {
    int rows, topK;
    std::vector<int> place, row, slot, begin;
    std::vector<float> gate;
};
Choices choices(int rows, int topK, int experts)
{
    std::mt19937 random(17);
    Choices made{rows, topK, {}, {}, {}, {0}, {}};
    std::vector<std::vector<int>> chosen(static_cast<std::size_t>(rows));
    for (auto& own : chosen) {
        std::vector<int> all(static_cast<std::size_t>(experts));
        for (std::size_t e = 0; e < all.size(); ++e)
            all[e] = static_cast<int>(e);
        std::shuffle(all.begin(), all.end(), random);
        own.assign(all.begin(), all.begin() + topK);
    }
    std::vector<std::vector<int>> places(static_cast<std::size_t>(rows));
    for (int e = 0; e < experts; ++e) {
        for (int r = 0; r < rows; ++r)
            for (int s = 0; s < topK; ++s)
                if (chosen[static_cast<std::size_t>(r)][static_cast<std::size_t>(s)] == e) {
                    places[static_cast<std::size_t>(r)].push_back(static_cast<int>(made.row.size()));
                    made.row.push_back(r);
                    made.slot.push_back(s);
                    made.gate.push_back(random() % 7 == 0 ? 0.0F : static_cast<float>(random() % 1000) / 700);
                }
        made.begin.push_back(static_cast<int>(made.row.size()));
    }
    for (const auto& own : places)
        made.place.insert(made.place.end(), own.begin(), own.end());
    return made;
}

template <typename T>
std::vector<T> randomValues(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<T> values(count);
    for (T& value : values)
        narrow(value, normal(random));
    return values;
}

template <typename T>
void unpermute(int rows, int topK, int experts, int hidden)
{
    const Choices made = choices(rows, topK, experts);
    const auto width = static_cast<std::size_t>(hidden);
    auto outputs = randomValues<T>(made.row.size() * width, 23);
    for (std::size_t at = 0; at < made.gate.size(); ++at)
        if (made.gate[at] == 0) // must not be heard, whatever it is
            narrow(outputs[at * width], std::numeric_limits<float>::infinity());
    std::vector<float> wanted(static_cast<std::size_t>(rows) * width);
    for (int r = 0; r < rows; ++r)
        for (int i = 0; i < topK; ++i) {
            const auto at = static_cast<std::size_t>(made.place[static_cast<std::size_t>(r * topK + i)]);
            if (rounded<T>(made.gate[at]) == 0)
                continue;
            for (std::size_t c = 0; c < width; ++c)
                wanted[static_cast<std::size_t>(r) * width + c] +=
                    rounded<T>(widen(outputs[at * width + c]) * rounded<T>(made.gate[at]));
        }
    const auto residual = randomValues<T>(wanted.size(), 29);
    for (const ThreadOrder order : kOrders)
        for (const int cut : {experts, (experts + 1) / 2, 1}) { // in one chunk, in two, in many
            Guarded<float> sum(wanted.size());
            std::fill_n(sum.data(), wanted.size(), 0.0F);
            for (int e = 0; e < experts; e += cut) {
                const int first = made.begin[static_cast<std::size_t>(e)];
                const int end = made.begin[static_cast<std::size_t>(std::min(experts, e + cut))];
                emulate(AddOutputs<T>{outputs.data() + static_cast<std::size_t>(first) * width, made.gate.data(),
                                      made.place.data(), sum.data(), rows, topK, hidden, first, end},
                        order);
            }
            QVERIFY(sum.intact() && sameBits<float>(sum.values(), wanted));
            Guarded<T> routed(wanted.size());
            Guarded<double> turn(static_cast<std::size_t>(rows)), ratio(static_cast<std::size_t>(rows));
            emulate(FinishRows<T>{sum.data(), residual.data(), routed.data(), turn.data(), ratio.data(), rows, hidden},
                    order);
            QVERIFY(routed.intact() && turn.intact() && ratio.intact());
            for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
                double hh = 0, yy = 0, dot = 0, ss = 0;
                for (std::size_t c = 0; c < width; ++c) {
                    QCOMPARE(widen(routed[r * width + c]), rounded<T>(wanted[r * width + c]));
                    const double h = widen(residual[r * width + c]);
                    const double y = widen(routed[r * width + c]);
                    hh += h * h;
                    yy += y * y;
                    dot += h * (h + y);
                    ss += (h + y) * (h + y);
                }
                QVERIFY(std::abs(turn[r] - std::max(0.0, 1 - dot / std::sqrt(hh * ss))) <= 1e-12);
                QVERIFY(std::abs(ratio[r] - std::sqrt(yy / hh)) <= 1e-12 * ratio[r]);
            }
        }
}

template <typename T>
void sums(int rows, int topK, int experts, int hidden, int firstExpert, int count)
{
    const Choices made = choices(rows, topK, experts);
    const auto width = static_cast<std::size_t>(hidden);
    const int first = made.begin[static_cast<std::size_t>(firstExpert)];
    const int end = made.begin[static_cast<std::size_t>(firstExpert + count)];
    const auto outputs = randomValues<T>(static_cast<std::size_t>(end - first) * width, 31);
    const auto scores = randomValues<float>(static_cast<std::size_t>(rows * experts), 37);
    for (const ThreadOrder order : kOrders) {
        Guarded<double> sum(static_cast<std::size_t>(count) * width), weighed(static_cast<std::size_t>(count) * width);
        emulate(OutputSums<T>{outputs.data(), made.begin.data(), made.row.data(), scores.data(), sum.data(),
                              weighed.data(), firstExpert, count, experts, hidden},
                order);
        QVERIFY(sum.intact() && weighed.intact());
        for (int e = 0; e < count; ++e)
            for (std::size_t c = 0; c < width; ++c) {
                double plain = 0, byScore = 0;
                for (int at = made.begin[static_cast<std::size_t>(firstExpert + e)];
                     at < made.begin[static_cast<std::size_t>(firstExpert + e + 1)]; ++at) {
                    const double f = widen(outputs[static_cast<std::size_t>(at - first) * width + c]);
                    const auto row = made.row[static_cast<std::size_t>(at)];
                    plain += f;
                    byScore += double{scores[static_cast<std::size_t>(row * experts + firstExpert + e)]} * f;
                }
                QCOMPARE(sum[static_cast<std::size_t>(e) * width + c], plain); // the same additions in the same order
                QCOMPARE(weighed[static_cast<std::size_t>(e) * width + c], byScore);
            }
    }
    // Norms go to the row and slot of their place.
    constexpr std::size_t parts = 3;
    const auto squares = randomValues<float>(static_cast<std::size_t>(end - first) * parts, 41);
    std::vector<double> positive;
    for (const float value : squares)
        positive.push_back(double{value} * value);
    Guarded<double> norms(static_cast<std::size_t>(rows * topK));
    std::fill_n(norms.data(), norms.values().size(), -1.0);
    emulate(RowNorms{positive.data(), made.row.data(), made.slot.data(), norms.data(), first, end, parts, topK});
    QVERIFY(norms.intact());
    int written = 0;
    for (int at = first; at < end; ++at, ++written) {
        const auto from = static_cast<std::size_t>(at - first) * parts;
        QCOMPARE(norms[static_cast<std::size_t>(made.row[static_cast<std::size_t>(at)] * topK +
                                                made.slot[static_cast<std::size_t>(at)])],
                 std::sqrt(positive[from] + positive[from + 1] + positive[from + 2]));
    }
    for (const double norm : norms.values())
        written += norm == -1.0 ? 1 : 0;
    QCOMPARE(written, rows * topK);
}

} // namespace

class TestExpertKernels : public QObject {
    Q_OBJECT

private slots:
    void gemms_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < shapes().size(); ++i)
            QTest::addRow("%zu", i) << i;
    }
    void gemms()
    {
        QFETCH(const std::size_t, index);
        const ExpertShape shape = shapes()[index];
        bothGemms<float>(shape);
        bothGemms<Bf16>(shape);
        bothGemms<F16>(shape);
    }

    /// What is in memory before the kernels run, infinity even, must not reach their results.
    void nothingComesFromOutside()
    {
        ExpertShape shape{3, 10, 9, {2, 1}, false, {}};
        ExpertCase<Bf16> made(shape);
        Guarded<Bf16> inner(27);
        for (Bf16& value : inner.values())
            value = {0x7f80};
        emulate(GateUpRows<Bf16>{made.x.data(),
                                 made.row.data(),
                                 made.tasks.data(),
                                 made.matrices.data(),
                                 inner.data(),
                                 static_cast<int>(made.tasks.size()),
                                 0,
                                 10,
                                 9,
                                 {}});
        for (const Bf16 value : inner.values())
            QVERIFY(std::isfinite(widen(value)));
    }

    void unpermuteWithWeights()
    {
        unpermute<float>(1, 1, 1, 1);
        unpermute<float>(19, 3, 8, 70);
        unpermute<Bf16>(19, 3, 8, 300);
        unpermute<F16>(7, 6, 6, 257);
    }
    /// A row whose vectors are 0 has turned by nothing.
    void emptyRows()
    {
        const std::vector<float> sum{0, 0, 1, 0};
        const std::vector<float> residual{0, 0, 0, 0};
        Guarded<float> routed(4);
        Guarded<double> turn(2), ratio(2);
        emulate(FinishRows<float>{sum.data(), residual.data(), routed.data(), turn.data(), ratio.data(), 2, 2});
        QCOMPARE(turn.copy(), (std::vector<double>{0, 0}));
        QCOMPARE(ratio.copy(), (std::vector<double>{0, 0}));
        Guarded<double> none(1);
        emulate(FinishRows<float>{sum.data(), nullptr, routed.data(), none.data(), none.data(), 2, 2});
        QVERIFY(none.intact());
        QCOMPARE(routed.copy(), sum);
    }

    void statistics()
    {
        sums<float>(30, 2, 9, 130, 0, 9);
        sums<Bf16>(30, 2, 9, 33, 4, 3);
        sums<Bf16>(3, 1, 50, 5, 0, 50);
    }
};

QTEST_APPLESS_MAIN(TestExpertKernels)
#include "tst_expert_kernels.moc"
