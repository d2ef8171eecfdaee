// SPDX-License-Identifier: Apache-2.0
// Expansion on the device against that of the checkpoint's reader, to the bit.
#include "core/checkpoint/quant/mxfp4.h"
#include "core/checkpoint/quant/scaled.h"
#include "core/engine/cuda/expand_weights.h"
#include "guarded.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace espalier::engine::cuda;
using namespace espalier::test;
namespace checkpoint = espalier::checkpoint;

namespace {

std::vector<std::uint8_t> randomBytes(std::size_t count)
{
    std::mt19937 random(2);
    std::vector<std::uint8_t> bytes(count);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

/// Row `row` of the wanted matrix stands where `places` says.
template <typename T>
void compare(Guarded<T>& found, const std::vector<float>& wanted, const RowPlaces& places, int columns)
{
    QVERIFY(found.intact());
    for (int row = 0; row < places.rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const float value = widen(found[static_cast<std::size_t>(places.of(row) * columns + column)]);
            const float should = rounded<T>(wanted[static_cast<std::size_t>(row * columns + column)]);
            QVERIFY2(bitsOf(value) == bitsOf(should) || (std::isnan(value) && std::isnan(should)),
                     qPrintable(QString("%1 %2").arg(row).arg(column)));
        }
}

template <typename T>
void float8(int rows, int columns, int blockRows, int blockColumns, Float8 kind, bool interleaved)
{
    const auto count = static_cast<std::size_t>(rows * columns);
    const auto bytes = randomBytes(count);
    std::vector<float> scales;
    std::mt19937 random(4);
    for (int i = 0; i < ceilDivide(rows, blockRows) * ceilDivide(columns, blockColumns); ++i)
        scales.push_back(
            std::ldexp(1.0F + static_cast<float>(random() % 100) / 100, static_cast<int>(random() % 9) - 4));
    std::vector<float> wanted(count);
    checkpoint::expandScaled(kind == Float8::E4M3 ? checkpoint::Dtype::F8E4M3 : checkpoint::Dtype::F8E5M2,
                             std::as_bytes(std::span(bytes)), rows, columns, {scales, blockRows, blockColumns}, wanted);
    for (const ThreadOrder order : kOrders) {
        Guarded<T> to(count);
        const RowPlaces places{rows, interleaved};
        emulate(ExpandFloat8<T>{bytes.data(), scales.data(), to.data(), places, columns, blockRows, blockColumns, kind},
                order);
        compare(to, wanted, places, columns);
    }
}

template <typename T>
void mxfp4(int rows, int columns, bool interleaved)
{
    const auto count = static_cast<std::size_t>(rows * columns);
    const auto blocks = randomBytes(count / 2);
    const auto scales = randomBytes(count / 32);
    std::vector<float> wanted(count);
    checkpoint::expandMxfp4(std::as_bytes(std::span(blocks)), std::as_bytes(std::span(scales)), wanted);
    for (const ThreadOrder order : kOrders) {
        Guarded<T> to(count);
        const RowPlaces places{rows, interleaved};
        emulate(ExpandMxfp4<T>{blocks.data(), scales.data(), to.data(), places, columns}, order);
        compare(to, wanted, places, columns);
    }
}

} // namespace

class TestExpandKernels : public QObject {
    Q_OBJECT

private slots:
    void blocksOfFloat8()
    {
        float8<Bf16>(256, 256, 128, 128, Float8::E4M3, false);
        float8<Bf16>(130, 1100, 128, 128, Float8::E4M3, false); // blocks cut off at both edges
        float8<float>(6, 70, 1, 16, Float8::E4M3, true);
        float8<F16>(9, 5, 9, 5, Float8::E5M2, false); // one scale for all
        float8<Bf16>(1, 1, 128, 128, Float8::E5M2, false);
    }
    void blocksOfMxfp4()
    {
        mxfp4<Bf16>(64, 64, false);
        mxfp4<Bf16>(10, 1056, true);
        mxfp4<float>(1, 32, false);
        mxfp4<F16>(3, 96, false);
    }
};

QTEST_APPLESS_MAIN(TestExpandKernels)
#include "tst_expand_kernels.moc"
