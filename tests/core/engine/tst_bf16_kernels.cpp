// SPDX-License-Identifier: Apache-2.0
// Causal attention in bfloat16 against its definition in float64, at lengths around every block's edge.
#include "core/engine/torch/causal_bf16.h"
#include "core/engine/torch/product_bf16.h"

#include <QTest>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

using namespace espalier::engine;

namespace {

std::uint16_t narrow(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
}
double wide(std::uint16_t bits)
{
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U));
}

struct Case {
    std::int64_t length, group, keyDim, valueDim;
    float spread; ///< of queries and keys: large ones make one key win
};

} // namespace

class TestBf16Kernels : public QObject {
    Q_OBJECT

private slots:
    void againstTheDefinition_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < 10; ++i)
            QTest::addRow("%zu", i) << i;
    }
    void againstTheDefinition()
    {
        const Case cases[] = {{1, 1, 64, 64, 1},   {2, 3, 64, 16, 1},    {15, 1, 128, 128, 1}, {47, 2, 64, 64, 1},
                              {48, 2, 64, 64, 6},  {49, 1, 192, 128, 1}, {97, 8, 128, 128, 1}, {130, 1, 2, 16, 1},
                              {513, 1, 64, 32, 1}, {300, 2, 32, 80, 20}};
        QFETCH(const std::size_t, index);
        const Case& c = cases[index];
        if (!canAttendCausal(c.length, c.keyDim, c.valueDim))
            QSKIP("THIS PROCESSOR HAS NO AVX512_BF16: causal attention in bfloat16 is not tested");
        std::mt19937 random(static_cast<unsigned>(index));
        std::normal_distribution<float> normal;
        // Rows are wider than what is used, and what lies between must neither be read as data nor be written
        const std::int64_t qStride = c.group * c.keyDim + 10, kStride = c.keyDim + 6, vStride = c.valueDim + 2,
                           outStride = c.group * c.valueDim + 4;
        const auto fill = [&](std::int64_t count, float spread) {
            std::vector<std::uint16_t> values(static_cast<std::size_t>(count));
            for (auto& value : values)
                value = narrow(normal(random) * spread);
            return values;
        };
        const auto q = fill(c.length * qStride, c.spread), k = fill(c.length * kStride, 1),
                   v = fill(c.length * vStride, 1);
        std::vector<std::uint16_t> out(static_cast<std::size_t>(c.length * outStride), 0x7fc1);
        const float scale = 1 / std::sqrt(static_cast<float>(c.keyDim));
        CausalScratch scratch;
        scratch.keys.assign(100000, 0xffffffffU); // what an earlier call left must not matter
        scratch.scores.assign(1000, std::nanf(""));
        attendCausal({q.data(), k.data(), v.data(), out.data(), qStride, kStride, vStride, outStride, c.length, c.group,
                      c.keyDim, c.valueDim, scale},
                     scratch);
        for (std::int64_t row = 0; row < c.length; ++row)
            for (std::int64_t head = 0; head < c.group; ++head) {
                std::vector<double> weight(static_cast<std::size_t>(row + 1));
                double most = -1e300, total = 0;
                for (std::int64_t key = 0; key <= row; ++key) {
                    double dot = 0;
                    for (std::int64_t i = 0; i < c.keyDim; ++i)
                        dot += wide(q[static_cast<std::size_t>(row * qStride + head * c.keyDim + i)]) *
                               wide(k[static_cast<std::size_t>(key * kStride + i)]);
                    weight[static_cast<std::size_t>(key)] = dot * static_cast<double>(scale);
                    most = std::max(most, weight[static_cast<std::size_t>(key)]);
                }
                for (double& w : weight)
                    total += w = std::exp(w - most);
                for (std::int64_t i = 0; i < c.valueDim; ++i) {
                    double want = 0, size = 0;
                    for (std::int64_t key = 0; key <= row; ++key) {
                        const double part = weight[static_cast<std::size_t>(key)] / total *
                                            wide(v[static_cast<std::size_t>(key * vStride + i)]);
                        want += part;
                        size += std::abs(part);
                    }
                    const double got = wide(out[static_cast<std::size_t>(row * outStride + head * c.valueDim + i)]);
                    // Weights and result are rounded to 8 bits once each
                    QVERIFY2(std::abs(got - want) <= (size + std::abs(want)) / 256 + 1e-6,
                             qPrintable(QString("row %1 head %2 element %3: %4, not %5")
                                            .arg(row)
                                            .arg(head)
                                            .arg(i)
                                            .arg(got)
                                            .arg(want)));
                }
            }
        for (std::int64_t row = 0; row < c.length; ++row)
            for (std::int64_t i = c.group * c.valueDim; i < outStride; ++i)
                QCOMPARE(out[static_cast<std::size_t>(row * outStride + i)], std::uint16_t{0x7fc1});
    }

    void shapesItCannotDo()
    {
        QVERIFY(!canAttendCausal(10, 63, 64));
        QVERIFY(!canAttendCausal(10, 64, 24));
        QVERIFY(!canAttendCausal(0, 64, 64));
        QVERIFY(!canAttendCausal(100000, 64, 64));
    }

    void productAgainstTheDefinition_data()
    {
        QTest::addColumn<std::int64_t>("rows");
        QTest::addColumn<std::int64_t>("columns");
        QTest::addColumn<std::int64_t>("k");
        for (const std::int64_t rows : {1, 5, 6, 20})
            for (const std::int64_t columns : {1, 4, 11})
                for (const std::int64_t k : {1, 31, 64, 1001})
                    QTest::addRow("%lld x %lld x %lld", static_cast<long long>(rows), static_cast<long long>(columns),
                                  static_cast<long long>(k))
                        << rows << columns << k;
        QTest::addRow("rows beyond a block") << std::int64_t{50} << std::int64_t{5} << std::int64_t{16384};
    }
    void productAgainstTheDefinition()
    {
        QFETCH(const std::int64_t, rows);
        QFETCH(const std::int64_t, columns);
        QFETCH(const std::int64_t, k);
        if (!canMultiplyBf16())
            QSKIP("THIS PROCESSOR HAS NO AVX512_BF16: products of bfloat16 are not tested");
        std::mt19937 random(static_cast<unsigned>(rows * 1000 + columns * 100 + k));
        std::normal_distribution<float> normal;
        const auto fill = [&](std::int64_t count) {
            std::vector<std::uint16_t> values(static_cast<std::size_t>(count));
            for (auto& value : values)
                value = narrow(normal(random));
            return values;
        };
        const auto a = fill(rows * k), w = fill(columns * k);
        std::vector<float> c(static_cast<std::size_t>(rows * columns + 1), -7.0F);
        const ProductBf16 product{a.data(), w.data(), c.data(), rows, columns, k};
        const std::int64_t cut = columns / 3; // two threads' shares
        multiplyBf16(product, cut, columns);
        multiplyBf16(product, 0, cut);
        QCOMPARE(c.back(), -7.0F);
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t column = 0; column < columns; ++column) {
                double want = 0, size = 0;
                for (std::int64_t i = 0; i < k; ++i) {
                    const double part = wide(a[static_cast<std::size_t>(row * k + i)]) *
                                        wide(w[static_cast<std::size_t>(column * k + i)]);
                    want += part;
                    size += std::abs(part);
                }
                const float got = c[static_cast<std::size_t>(row * columns + column)];
                QVERIFY2(std::abs(static_cast<double>(got) - want) <= 1e-6 * size,
                         qPrintable(QString("row %1 column %2: %3, not %4").arg(row).arg(column).arg(got).arg(want)));
                float alone = 0; // the same bits whatever is computed beside it
                multiplyBf16({a.data() + row * k, w.data() + column * k, &alone, 1, 1, k}, 0, 1);
                QCOMPARE(alone, got);
            }
    }
};

QTEST_APPLESS_MAIN(TestBf16Kernels)
#include "tst_bf16_kernels.moc"
