// SPDX-License-Identifier: Apache-2.0
// Intervals, tests and errors against values known from elsewhere or computed by definition.
#include "core/stats/inference.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <vector>

using namespace espalier::stats;

class TestInference : public QObject {
    Q_OBJECT
private slots:
    void wilson()
    {
        const auto near = [](Interval i, double low, double high) {
            return std::abs(i.low - low) < 1e-12 && std::abs(i.high - high) < 1e-12;
        };
        // From a separate program, by the formula with the normal quantile 1.959963984540054.
        QVERIFY(near(wilson95(8, 10), 0.49016247153664183, 0.9433178485456247));
        QVERIFY(near(wilson95(0, 20), 0.0, 0.16112515805281938));
        QVERIFY(near(wilson95(55, 200), 0.21779700329307355, 0.34068339357669647));
        QVERIFY(near(wilson95(0, 0), 0, 1));
        QCOMPARE(wilson95(20, 20).high, 1.0);
        QVERIFY(wilson95(20, 20).low > 0.8);
    }

    /// The area under the density of t up to the point, by Simpson's rule, is 0.975.
    void studentPoints()
    {
        for (const double df : {1.0, 2.0, 3.0, 7.0, 30.0, 31.0, 60.0, 1000.0, 1e6}) {
            const double t = studentT975(df);
            const double scale = std::exp(std::lgamma((df + 1) / 2) - std::lgamma(df / 2)) / std::sqrt(df * M_PI);
            const auto density = [&](double x) { return scale * std::pow(1 + x * x / df, -(df + 1) / 2); };
            constexpr int kSteps = 20000;
            double area = density(0) + density(t);
            for (int i = 1; i < kSteps; ++i)
                area += (i % 2 == 1 ? 4 : 2) * density(t * i / kSteps);
            area *= t / kSteps / 3;
            QVERIFY2(std::abs(area - 0.475) < 2e-8, qPrintable(QString::number(df)));
        }
        QCOMPARE(studentT975(30.9), studentT975(30));
        QVERIFY(std::isinf(studentT975(0)) && std::isinf(studentT975(std::nan(""))));
    }

    void mcNemar()
    {
        QCOMPARE(mcnemarExact(0, 0), 1.0);
        QCOMPARE(mcnemarExact(7, 7), 1.0);
        QVERIFY(std::abs(mcnemarExact(2, 10) - 158.0 / 4096) < 1e-15); // 2 (1 + 12 + 66) / 2^12
        QVERIFY(std::abs(mcnemarExact(10, 2) - 158.0 / 4096) < 1e-15);
        QVERIFY(std::abs(mcnemarExact(0, 5) - 2.0 / 32) < 1e-15);
        QVERIFY(std::abs(mcnemarExact(1, 0) - 1) < 1e-15);
    }

    /// Reference values from exact integer arithmetic with 50 digits.
    void mcNemarOfManyFlips()
    {
        const auto relative = [](double value, double expected) { return std::abs(value / expected - 1); };
        QVERIFY(relative(mcnemarExact(49500, 50500), kHundredThousand) < 1e-8);
        QVERIFY(relative(mcnemarExact(499000, 501000), kMillion) < 1e-7);
        QVERIFY(relative(mcnemarExact(7, 1000), kLopsided) < 1e-10);
        QVERIFY(mcnemarExact(0, 1000000) >= 0 && mcnemarExact(0, 1000000) < 1e-300);
    }

    void standardErrors()
    {
        const std::vector<double> x{1, 4, 4, 9, 2.5};
        double sum = 0, squares = 0, deviation = 0;
        for (const double v : x) {
            sum += v;
            squares += v * v;
        }
        for (const double v : x)
            deviation += std::pow(v - sum / 5, 2);
        const double s = std::sqrt(deviation / 4);
        QVERIFY(std::abs(standardErrorOfMean(sum, squares, 5) - s / std::sqrt(5.0)) < 1e-14);
        QVERIFY(std::abs(standardErrorOfSum(sum, squares, 5) - s * std::sqrt(5.0)) < 1e-14);
        QVERIFY(std::isnan(standardErrorOfMean(3, 9, 1)));
        QVERIFY(std::isnan(standardErrorOfMean(0, 0, 0)));
        QCOMPARE(standardErrorOfMean(6, 12, 3), 0.0); // three equal values
        const double inf = std::numeric_limits<double>::infinity();
        QVERIFY(std::isnan(standardErrorOfMean(inf, inf, 10))); // overflow is no certainty
        QVERIFY(std::isnan(standardErrorOfMean(1e200, inf, 10)));
    }

    void quantiles()
    {
        const std::vector<float> x{5, 1, 3, 2, 4};
        QCOMPARE(quantile(x.data(), x.size(), 0), 1.0);
        QCOMPARE(quantile(x.data(), x.size(), 1), 5.0);
        QCOMPARE(quantile(x.data(), x.size(), 0.5), 3.0);
        QVERIFY(std::abs(quantile(x.data(), x.size(), 0.9) - 4.6) < 1e-12);
        QCOMPARE(quantile(x.data(), 1, 0.99), 5.0);
        QVERIFY(std::isnan(quantile(x.data(), 0, 0.5)));
    }

private:
    static constexpr double kHundredThousand = 1.5823598788515956e-3;
    static constexpr double kMillion = 4.5608299865382086e-2;
    static constexpr double kLopsided = 2.9961833589628468e-286;
};

QTEST_APPLESS_MAIN(TestInference)
#include "tst_inference.moc"
