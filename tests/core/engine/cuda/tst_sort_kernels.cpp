// SPDX-License-Identifier: Apache-2.0
// Choices in expert order against a stable sort, with experts nobody chose and chunks that end anywhere.
#include "core/engine/cuda/sort_rows.h"
#include "guarded.h"

#include <QTest>
#include <algorithm>
#include <numeric>
#include <random>

using namespace espalier::engine::cuda;
using namespace espalier::test;

class TestSortKernels : public QObject {
    Q_OBJECT

private slots:
    void stable_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("topK");
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("used"); // experts that anybody chooses
        QTest::addRow("one row, one choice") << 1 << 1 << 1 << 1;
        QTest::addRow("one expert has all") << 300 << 1 << 7 << 1;
        QTest::addRow("a chunk exactly") << 128 << 8 << 128 << 128;
        QTest::addRow("a row more than a chunk") << 129 << 8 << 128 << 128;
        QTest::addRow("odd k, several chunks") << 1000 << 3 << 61 << 61;
        QTest::addRow("empty experts") << 500 << 6 << 300 << 19;
        QTest::addRow("more experts than threads") << 257 << 4 << 513 << 513;
        QTest::addRow("most choices") << 70 << 32 << 64 << 64;
    }
    void stable()
    {
        QFETCH(const int, rows);
        QFETCH(const int, topK);
        QFETCH(const int, experts);
        QFETCH(const int, used);
        std::mt19937 random(3);
        std::vector<int> candidates(static_cast<std::size_t>(experts));
        std::iota(candidates.begin(), candidates.end(), 0);
        std::shuffle(candidates.begin(), candidates.end(), random);
        candidates.resize(static_cast<std::size_t>(used));
        const auto total = static_cast<std::size_t>(rows * topK);
        std::vector<int> ids;
        std::vector<float> gates;
        while (ids.size() < total) {
            std::shuffle(candidates.begin(), candidates.end(), random);
            ids.insert(ids.end(), candidates.begin(), candidates.begin() + topK);
        }
        for (std::size_t i = 0; i < total; ++i)
            gates.push_back(static_cast<float>(i) + 0.5F);
        std::vector<int> order(total);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            return ids[static_cast<std::size_t>(a)] < ids[static_cast<std::size_t>(b)];
        });
        for (const ThreadOrder threads : kOrders) {
            ChoiceTable table{ids.data(), gates.data(), rows,    topK,    experts, nullptr,
                              nullptr,    nullptr,      nullptr, nullptr, nullptr};
            Guarded<int> counts(static_cast<std::size_t>(table.chunks() * experts));
            Guarded<int> begin(static_cast<std::size_t>(experts) + 1), row(total), slot(total), place(total);
            Guarded<float> gate(total);
            table.counts = counts.data();
            table.begin = begin.data();
            table.row = row.data();
            table.slot = slot.data();
            table.gate = gate.data();
            table.place = place.data();
            emulate(CountChoices{table}, threads);
            emulate(ScanChoices{table}, threads);
            emulate(ScatterChoices{table}, threads);
            QVERIFY(counts.intact() && begin.intact() && row.intact() && slot.intact() && place.intact() &&
                    gate.intact());
            std::vector<std::vector<int>> places(static_cast<std::size_t>(rows));
            for (std::size_t at = 0; at < total; ++at) {
                QCOMPARE(row[at], order[at] / topK);
                QCOMPARE(slot[at], order[at] % topK);
                QCOMPARE(gate[at], gates[static_cast<std::size_t>(order[at])]);
                places[static_cast<std::size_t>(row[at])].push_back(static_cast<int>(at));
            }
            for (int e = 0; e <= experts; ++e)
                QCOMPARE(begin[static_cast<std::size_t>(e)],
                         static_cast<int>(std::count_if(ids.begin(), ids.end(), [e](int id) { return id < e; })));
            for (std::size_t r = 0; r < places.size(); ++r)
                for (std::size_t i = 0; i < places[r].size(); ++i)
                    QCOMPARE(place[r * static_cast<std::size_t>(topK) + i], places[r][i]);
        }
    }
};

QTEST_APPLESS_MAIN(TestSortKernels)
#include "tst_sort_kernels.moc"
