// SPDX-License-Identifier: Apache-2.0
// The front against its definition: no other point costs at most as much, loses at most as much, and is better in one.
#include "core/plan/pareto.h"

#include <QTest>
#include <cmath>
#include <random>

using espalier::plan::ParetoPoint;

class TestPareto : public QObject {
    Q_OBJECT

private slots:
    void definition()
    {
        std::mt19937 random(5);
        for (int round = 0; round < 200; ++round) {
            std::vector<ParetoPoint> points(static_cast<std::size_t>(random() % 30));
            for (auto& point : points) // few values: ties in one and in both
                point = {static_cast<double>(random() % 6),
                         random() % 9 == 0 ? NAN : static_cast<double>(random() % 6)};
            const auto front = espalier::plan::paretoFront(points);
            QCOMPARE(front.size(), points.size());
            for (std::size_t i = 0; i < points.size(); ++i) {
                bool beaten = std::isnan(points[i].loss);
                for (const auto& other : points)
                    beaten = beaten || (other.memory <= points[i].memory && other.loss <= points[i].loss &&
                                        (other.memory < points[i].memory || other.loss < points[i].loss));
                QCOMPARE(static_cast<bool>(front[i]), !beaten);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestPareto)
#include "tst_pareto.moc"
