// SPDX-License-Identifier: GPL-3.0-or-later
// The compare page: differences and likeness equal their definition, related domains are neighbours, matrix, map and
// table show one pair.
#include "tests/views/study_fixture.h"
#include "views/models/cell_table_model.h"
#include "views/models/study_beside.h"
#include "views/pages/compare_page.h"
#include "views/plots/likeness_matrix.h"
#include "views/plots/share_curve.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace espalier;
using namespace espalier::views;
using test::StudyFixture;

class TestComparePage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void withoutTwoDomainsThePageSaysWhatIsMissing()
    {
        StudyFixture f(false);
        QVERIFY(f.open());
        ComparePage page(&f.session);
        page.show();
        QVERIFY(page.isEmptyShown());
        QVERIFY(!page.usable() && !page.hasTable() && page.copyText().isEmpty());
    }

    /// Two runs side by side, each in a study of its own.
    void anotherStudyStandsBeside()
    {
        StudyFixture f;
        QVERIFY(f.open());
        // The same domains measured again: alpha as it was, beta with other tokens.
        const QString path = f.folder.filePath(QStringLiteral("second.espalier"));
        const test::TinyOptions options;
        const auto alpha = test::sumTokens(
            test::makeTokens("alpha", options.layers, 80, options.experts, options.topK, 1), options.topK);
        const auto beta = test::sumTokens(
            test::makeTokens("beta", options.layers, 200, options.experts, options.topK, 9), options.topK);
        {
            auto file = study::Study::create(path.toStdString(), *f.session.model());
            QVERIFY(file.ok());
            const auto run = file->beginRun({{"context", 64}, {"tokenizer_fingerprint", "t"}}, 1);
            QVERIFY(run.ok());
            QVERIFY(file->commitProgress(*run, std::vector{alpha, beta}, 1, 1).ok());
            QVERIFY(file->finishRun(*run, "finished").ok());
        }
        ComparePage page(&f.session);
        page.resize(1255, 840);
        page.show();
        QVERIFY(page.choosePair(QStringLiteral("alpha"), QStringLiteral("beta")));
        page.addStudy(path);
        QTRY_VERIFY(page.hasOtherStudy());
        auto* second = page.findChild<QComboBox*>(QStringLiteral("second"));
        QCOMPARE(second->count(), 4);
        QCOMPARE(second->currentText(), QStringLiteral("alpha (second)")); // what is new, against its like
        QCOMPARE(page.comparison()->differing, 0);
        QCOMPARE(page.comparison()->moved, 0.0);
        QVERIFY(page.choosePair(QStringLiteral("beta"), QStringLiteral("beta (second)")));
        QCOMPARE(page.comparison()->second.tokens, 200.0);
        const auto counts = beta.layers[1][stats::Stat::Count];
        const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
        for (int e = 0; e < options.experts; ++e)
            QVERIFY(std::abs(page.comparison()->second.at(1, e).value - 100 * counts[std::size_t(e)] / all) < 1e-9);
        page.removeStudy();
        QVERIFY(!page.hasOtherStudy());
        QCOMPARE(second->count(), 2);

        // What cannot be compared is refused by name, and the page stays as it is.
        stats::Statistics mine = *f.session.statistics(), wrong = mine;
        wrong.tokenizerFingerprint = "other";
        QVERIFY(besideStudy(mine, wrong, "x").error().message.find("tokenizer") != std::string::npos);
        wrong = mine;
        wrong.domains.front() = test::sumTokens(test::makeTokens("alpha", options.layers, 9, 12, 2, 1), 2);
        QVERIFY(besideStudy(mine, wrong, "x").error().message.find("12 experts") != std::string::npos);
        wrong = mine;
        wrong.domains.front().layers.pop_back();
        QVERIFY(besideStudy(mine, wrong, "x").error().message.find("layers") != std::string::npos);
        wrong.domains.clear();
        QVERIFY(!besideStudy(mine, wrong, "x").ok() && !besideStudy(wrong, mine, "x").ok());
        page.addStudy(f.folder.filePath(QStringLiteral("absent.espalier")));
        auto* banner = page.findChild<Banner*>();
        QTRY_VERIFY(!banner->isHidden());
        QVERIFY(banner->text().contains(QStringLiteral("absent.espalier")));
        QVERIFY(page.comparison() != nullptr);
    }

    void differencesEqualTheirDefinition()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto statistics = f.session.statistics();
        const auto made = compareDomains(*statistics, "alpha", "beta");
        QVERIFY(made.ok());
        double moved = 0;
        int differing = 0;
        for (std::size_t l = 0; l < 3; ++l) {
            const auto a = statistics->domains[0].layers[l][stats::Stat::Count];
            const auto b = statistics->domains[1].layers[l][stats::Stat::Count];
            double sumA = 0, sumB = 0, row = 0;
            for (std::size_t e = 0; e < 6; ++e) {
                sumA += a[e];
                sumB += b[e];
            }
            std::vector<double> shares;
            for (std::size_t e = 0; e < 6; ++e) {
                const double x = a[e] / sumA, y = b[e] / sumB;
                const MapCell& cell = made->delta.at(static_cast<int>(l), static_cast<int>(e));
                QVERIFY(std::abs(cell.value - 100 * (x - y)) < 1e-9);
                moved += std::abs(x - y) / 2 / 3;
                row += cell.value;
                shares.push_back(x);
                // 80 tokens with 2 choices each: the fraction of tokens is twice the share.
                const double p = a[e] / 80, q = b[e] / 80;
                const double error = 100.0 / 2 * std::sqrt(p * (1 - p) / 80 + q * (1 - q) / 80);
                differing += std::abs(100 * (x - y)) > 1.959963984540054 * error ? 1 : 0;
            }
            QVERIFY(std::abs(row) < 1e-9);
        }
        QVERIFY(std::abs(made->moved - moved) < 1e-12);
        QCOMPARE(made->differing, differing);
        QCOMPARE(made->firstCurve.size(), std::size_t(7));
        QCOMPARE(made->firstCurve.front(), 0.0);
        QVERIFY(std::abs(made->firstCurve.back() - 1) < 1e-12);
        QVERIFY(std::is_sorted(made->firstCurve.begin(), made->firstCurve.end()));
        const auto same = compareDomains(*statistics, "beta", "beta");
        QVERIFY(same.ok() && same->moved == 0 && same->differing == 0);
        QVERIFY(!compareDomains(*statistics, "alpha", "gamma").ok());
    }

    void likenessEqualsItsDefinition()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto& domains = f.session.statistics()->domains;
        const Likeness likeness = likenessOf(*f.session.statistics(), 3);
        double sum = 0;
        for (std::size_t l = 0; l < 3; ++l) {
            std::set<std::size_t> sets[2];
            for (int d = 0; d < 2; ++d) {
                const auto mass = domains[static_cast<std::size_t>(d)].layers[l][stats::Stat::Gate];
                for (std::size_t e = 0; e < 6; ++e) {
                    std::size_t better = 0;
                    for (std::size_t o = 0; o < 6; ++o)
                        better += mass[o] > mass[e] || (mass[o] == mass[e] && o < e) ? 1 : 0;
                    if (better < 3)
                        sets[d].insert(e);
                }
            }
            std::vector<std::size_t> both;
            std::set_intersection(sets[0].begin(), sets[0].end(), sets[1].begin(), sets[1].end(),
                                  std::back_inserter(both));
            sum += static_cast<double>(both.size()) / static_cast<double>(6 - both.size());
        }
        QVERIFY(std::abs(likeness.values[0][1] - sum / 3) < 1e-12);
        QCOMPARE(likeness.values[0][1], likeness.values[1][0]);
        QCOMPARE(likeness.values[1][1], 1.0);
        QVERIFY(std::abs(likeness.chance - 0.5 / 1.5) < 1e-12);
    }

    void relatedDomainsAreNeighbours()
    {
        // Two pairs, shuffled: 0 with 2, 1 with 3.
        const std::vector<std::vector<double>> likeness{
            {1, 0.1, 0.9, 0.2}, {0.1, 1, 0.1, 0.8}, {0.9, 0.1, 1, 0.3}, {0.2, 0.8, 0.3, 1}};
        const auto order = linkageOrder(likeness);
        const auto place = [&](int i) { return std::find(order.begin(), order.end(), i) - order.begin(); };
        QCOMPARE(order.size(), std::size_t(4));
        QCOMPARE(std::abs(place(0) - place(2)), std::ptrdiff_t(1));
        QCOMPARE(std::abs(place(1) - place(3)), std::ptrdiff_t(1));
        // Of the two pairs the ends that are most alike (2 and 3) meet.
        QCOMPARE(std::abs(place(2) - place(3)), std::ptrdiff_t(1));
        QVERIFY(linkageOrder({}).empty());
    }

    void mapMatrixAndTableShowOnePair()
    {
        StudyFixture f;
        QVERIFY(f.open());
        ComparePage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QVERIFY(page.comparison() != nullptr);
        QCOMPARE(page.comparison()->first.domain, std::string("alpha"));
        QTest::keyClick(page.heatmap(), Qt::Key_X);
        QCOMPARE(page.comparison()->first.domain, std::string("beta"));
        auto* matrix = page.findChild<LikenessMatrix*>();
        QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect(0, 1).center());
        QVERIFY(page.comparison()->first.domain != page.comparison()->second.domain);
        auto* model = page.findChild<CellTableModel*>();
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), 18);
        // Largest first, and choosing a row moves the map's cursor.
        double before = INFINITY;
        for (int row = 0; row < model->rowCount(); ++row) {
            const double value = std::abs(model->data(model->index(row, 3), CellTableModel::SortRole).toDouble());
            QVERIFY(value <= before);
            before = value;
        }
        auto* table = page.findChild<QTableView*>(QStringLiteral("differences"));
        table->setCurrentIndex(model->index(5, 0));
        const QPoint cell = page.heatmap()->cursorCell();
        QCOMPARE(model->data(model->index(5, 0), Qt::DisplayRole).toString(),
                 QStringLiteral("L%1 E%2").arg(cell.y()).arg(cell.x()));
        page.heatmap()->setCursorCell(0, 0);
        QVERIFY(table->currentIndex().row() != 5);
        // Hiding what is not separate from 0 leaves as many cells as differ.
        page.findChild<QCheckBox*>(QStringLiteral("hide"))->setChecked(true);
        const auto& values = page.heatmap()->data().values;
        QCOMPARE(static_cast<int>(std::count_if(values.begin(), values.end(), [](double v) { return v != 0; })),
                 page.comparison()->differing);
        QVERIFY(page.choosePair(QStringLiteral("alpha"), QStringLiteral("alpha")));
        QCOMPARE(page.comparison()->differing, 0);
        QVERIFY(!page.choosePair(QStringLiteral("alpha"), QStringLiteral("gamma")));
        const QString csv = f.folder.filePath(QStringLiteral("differences.csv"));
        QCOMPARE(page.exportTable(csv), QString());
        QVERIFY(QFile(csv).size() > 100);
        QVERIFY(page.findChild<ShareCurve*>()->toTsv().count(QLatin1Char('\n')) == 8);
    }
};

QTEST_MAIN(TestComparePage)
#include "tst_compare_page.moc"
