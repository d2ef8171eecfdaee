// SPDX-License-Identifier: Apache-2.0
// Numbers as kernels convert them, against those of the checkpoint's reader and the language's own arithmetic.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"
#include "core/engine/cuda/numbers.h"

#include <QTest>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace espalier::engine::cuda;
namespace checkpoint = espalier::checkpoint;

namespace {

bool same(float a, float b)
{
    return bitsOf(a) == bitsOf(b) || (std::isnan(a) && std::isnan(b));
}

/// Each neighbouring pair of stored numbers: what lies between goes to the nearer, the middle to the even one.
template <typename T>
void roundsToNearestEven(std::uint16_t lastFinite)
{
    for (std::uint32_t bits = 0; bits < lastFinite; ++bits) {
        const T low{static_cast<std::uint16_t>(bits)}, high{static_cast<std::uint16_t>(bits + 1)};
        QCOMPARE(bitsOf(rounded<T>(widen(low))), bitsOf(widen(low)));
        const double middle = (static_cast<double>(widen(low)) + static_cast<double>(widen(high))) / 2;
        const auto exact = static_cast<float>(middle);
        if (static_cast<double>(exact) != middle)
            continue; // between two numbers that float32 itself cannot split
        const T even = bits % 2 == 0 ? low : high;
        for (const float sign : {1.0F, -1.0F}) {
            T result;
            narrow(result, sign * exact);
            QCOMPARE(bitsOf(widen(result)), bitsOf(sign * widen(even)));
            narrow(result, sign * std::nextafterf(exact, 0));
            QCOMPARE(bitsOf(widen(result)), bitsOf(sign * widen(low)));
            narrow(result, sign * std::nextafterf(exact, std::numeric_limits<float>::infinity()));
            QCOMPARE(bitsOf(widen(result)), bitsOf(sign * widen(high)));
        }
    }
}

} // namespace

class TestNumbers : public QObject {
    Q_OBJECT

private slots:
    void everyStoredNumber()
    {
        for (std::uint32_t bits = 0; bits < 65536; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            QVERIFY2(same(widen(F16{half}), checkpoint::halfToFloat(half)), qPrintable(QString::number(bits, 16)));
            QVERIFY(same(widen(Bf16{half}), checkpoint::bfloatToFloat(half)));
        }
        for (std::uint32_t bits = 0; bits < 256; ++bits) {
            const auto byte = std::byte(bits);
            float e4m3 = 0, e5m2 = 0;
            checkpoint::expandE4M3(&byte, 1, &e4m3);
            checkpoint::expandE5M2(&byte, 1, &e5m2);
            QVERIFY2(same(fromE4M3(bits), e4m3), qPrintable(QString::number(bits, 16)));
            QVERIFY2(same(fromE5M2(bits), e5m2), qPrintable(QString::number(bits, 16)));
            QVERIFY(same(fromE8M0(bits), checkpoint::e8m0ToFloat(bits)));
        }
        for (std::uint32_t bits = 0; bits < 16; ++bits)
            QVERIFY2(same(fromE2M1(bits), checkpoint::kE2m1[bits]), qPrintable(QString::number(bits)));
    }

    void rounding()
    {
        roundsToNearestEven<F16>(0x7bff);
        roundsToNearestEven<Bf16>(0x7f7f);
    }
    void beyondTheRange()
    {
        constexpr float infinity = std::numeric_limits<float>::infinity();
        QCOMPARE(rounded<F16>(65504.0F), 65504.0F);
        QCOMPARE(rounded<F16>(65519.9F), 65504.0F);
        QCOMPARE(rounded<F16>(65520.0F), infinity);
        QCOMPARE(rounded<F16>(-1e30F), -infinity);
        QCOMPARE(rounded<Bf16>(std::numeric_limits<float>::max()), infinity);
        QCOMPARE(rounded<Bf16>(-infinity), -infinity);
        for (const std::uint32_t nan : {0x7fc00000U, 0x7f800001U, 0xffffffffU}) {
            QVERIFY(std::isnan(rounded<Bf16>(floatOf(nan))));
            QVERIFY(std::isnan(rounded<F16>(floatOf(nan))));
        }
        QCOMPARE(rounded<F16>(1e-10F), 0.0F);
        QVERIFY(std::signbit(rounded<F16>(-1e-10F)));
    }
};

QTEST_APPLESS_MAIN(TestNumbers)
#include "tst_numbers.moc"
