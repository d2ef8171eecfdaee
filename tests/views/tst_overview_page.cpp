// SPDX-License-Identifier: GPL-3.0-or-later
// The overview page on a real study: maps equal their definition, choosers, cursor by keys and mouse, difference of two
// domains, table twin, copies and files.
#include "core/method/weight_facts.h"
#include "tests/views/study_fixture.h"
#include "views/models/expert_facts.h"
#include "views/models/map_table_model.h"
#include "views/models/table_text.h"
#include "views/pages/overview_page.h"
#include "views/pages/start_memory.h"
#include "views/plots/small_multiples.h"
#include "views/session/machine_devices.h"
#include "views/theme/theme.h"
#include "views/widgets/expert_card.h"
#include "views/widgets/weight_preview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace espalier;
using namespace espalier::views;
using test::StudyFixture;

namespace {

double relative(double a, double b)
{
    return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-300});
}

/// The tokens behind the fixture's study.
test::TokenDomain domainTokens(int which)
{
    const test::TinyOptions options;
    return test::makeTokens(which == 0 ? "alpha" : "beta", options.layers, 80, options.experts, options.topK,
                            static_cast<std::uint64_t>(which + 1));
}

double countOf(const test::TokenDomain& domain, std::size_t layer, int expert)
{
    double count = 0;
    for (const auto& token : domain.layers[layer])
        for (const auto& routed : token.routed)
            count += routed.expert == expert ? 1 : 0;
    return count;
}

} // namespace

class TestOverviewPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-overview-page"));
        QSettings().clear();
        Theme::apply(*qApp, ThemeKind::Light);
    }

    void withoutAProfileThePageOffersOne()
    {
        StudyFixture f(false);
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.show();
        QVERIFY(page.isEmptyShown());
        QVERIFY(!page.usable());
        QVERIFY(page.copyText().isEmpty());
        QVERIFY(!page.stateText().isEmpty());
    }

    void aFirstLookFromTheWeights()
    {
        StudyFixture f(false);
        QVERIFY(f.open());
        QVERIFY(wantsWeightScores(f.session));
        OverviewPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        WeightPreview& preview = *page.preview();
        QVERIFY(preview.isVisible() && !preview.map());
        QVERIFY(!preview.stateText().isEmpty());
        QSignalSpy asked(&page, &Page::actionRequested);
        const auto buttons = preview.findChildren<QPushButton*>();
        const auto shown = std::find_if(buttons.begin(), buttons.end(), [](auto* each) { return each->isVisible(); });
        QVERIFY(shown != buttons.end());
        (*shown)->click();
        QCOMPARE(asked.value(0).value(0).toString(), QStringLiteral("weights"));

        const auto opened = model::openModel(f.model.toStdString());
        const auto facts = method::measureWeights(*opened, {});
        QVERIFY(opened.ok() && facts.ok());
        {
            auto file = study::Study::open(f.study.toStdString(), study::OpenMode::ReadWrite);
            QVERIFY(file.ok() && file->setWeights(*facts).ok());
        }
        QSignalSpy read(&f.session, &Session::exportsChanged);
        f.session.reload();
        QVERIFY(read.wait(10000));
        QVERIFY(page.isEmptyShown()); // a first look is no measurement
        QVERIFY(preview.map() && preview.heatmap()->isVisible());
        QVERIFY(!wantsWeightScores(f.session)); // not twice
        stats::Statistics statistics;
        statistics.weights = std::make_shared<const stats::WeightStats>(*facts);
        method::ScoreRequest request;
        request.method = preview.map()->quantity.id;
        const auto scores = method::computeScores(statistics, request);
        QVERIFY(scores.ok());
        for (std::size_t l = 0; l < scores->layers.size(); ++l)
            for (std::size_t e = 0; e < scores->layers[l].experts.size(); ++e) {
                const MapCell& cell = preview.map()->at(static_cast<int>(l), static_cast<int>(e));
                QCOMPARE(cell.value, scores->layers[l].experts[e].score);
                QVERIFY(cell.measured && std::isnan(cell.tokens));
            }
        QCOMPARE(preview.map()->dead(), 0); // nothing is claimed about tokens
        QCOMPARE(preview.map()->thin(100), 0);
    }

    /// What fits the machine's cards, from what `espalier doctor` says of them.
    void cardsOfTheMachine()
    {
        const auto cards = MachineDevices::read("{\"cuda\":{\"devices\":[{\"name\":\"A\",\"memory\":700000},"
                                                "{\"name\":\"B\",\"memory\":900000},{\"name\":\"C\"}]}}");
        QCOMPARE(cards.size(), std::size_t(2));
        QCOMPARE(cards[1].name, std::string("B"));
        QCOMPARE(cards[1].bytes, std::uint64_t(900000));
        QVERIFY(MachineDevices::read("no json").empty());
        QVERIFY(MachineDevices::read("{\"cuda\":7}").empty());
        StudyFixture f(false);
        QVERIFY(f.open());
        StartMemory memory;
        memory.setModel(f.session.model(), std::uint64_t(1) << 34);
        const int before = memory.counts()->columnCount();
        memory.setDevices(cards);
        QCOMPARE(memory.counts()->columnCount(), before + 1);
        const auto& model = *f.session.model();
        for (int row = 0; row < memory.counts()->rowCount(); ++row) {
            auto all = plan::Plan::keepAll(model).layers;
            for (auto& layer : all)
                layer.keep.resize(memory.counts()->rows().at(row).at(0).value.toUInt());
            const bool fits = plan::splitOverDevices(model, all, memory.deployment(), cards).fits();
            QCOMPARE(memory.counts()->rows().at(row).at(4).tone != ColorRole::Danger, fits);
        }
    }

    void largeModelsAreAskedFor()
    {
        StudyFixture f(false);
        QVERIFY(!wantsWeightScores(f.session)); // nothing is open
        QVERIFY(f.open());
        auto large = *f.session.model();
        large.bytes.routedExperts = kScoredOnOpening;
        rememberWeightSpeed(large, 8); // 512 MiB a second
        QCOMPARE(std::lround(weightScoreSeconds(large)), 8L);
        large.bytes.routedExperts = 1000; // too small to say anything about the speed
        rememberWeightSpeed(large, 100);
        large.bytes.routedExperts = 10 * kScoredOnOpening;
        QCOMPARE(std::lround(weightScoreSeconds(large)), 80L);
    }

    void mapsEqualTheirDefinition()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto statistics = f.session.statistics();
        const auto tokens = domainTokens(0), others = domainTokens(1);
        const auto quantities = mapQuantities(*statistics);
        QCOMPARE(QString::fromStdString(quantities.at(0).id), QStringLiteral("ratio"));
        const auto map = overviewMap(*statistics, quantities.at(0), "alpha");
        QVERIFY(map.ok());
        const auto pooled = overviewMap(*statistics, quantities.at(1), "");
        QVERIFY(pooled.ok());
        QCOMPARE(map->layers, (std::vector<int>{0, 1, 2}));
        QCOMPARE(map->tokens, 80.0);
        const auto second = overviewMap(*statistics, quantities.at(0), "beta");
        QVERIFY(second.ok());
        const auto delta = difference(*map, *second);
        int dead = 0;
        for (int layer = 0; layer < 3; ++layer)
            for (int expert = 0; expert < 6; ++expert) {
                const double a = countOf(tokens, static_cast<std::size_t>(layer), expert);
                const double b = countOf(others, static_cast<std::size_t>(layer), expert);
                QVERIFY(relative(map->at(layer, expert).value, a / 80 * 6 / 2) < 1e-12);
                QCOMPARE(map->at(layer, expert).tokens, a);
                const double p = a / 80;
                QVERIFY(std::abs(map->at(layer, expert).error - std::sqrt(p * (1 - p) / 80) * 3) < 1e-12);
                QVERIFY(relative(pooled->at(layer, expert).value, 100 * (a + b) / 160 / 2) < 1e-12);
                QVERIFY(std::abs(delta.at(layer, expert).value - (a - b) / 80 * 3) < 1e-12);
                dead += a == 0 ? 1 : 0;
            }
        QVERIFY(dead >= 3); // the last expert of every layer
        QCOMPARE(map->dead(), dead);
        QVERIFY(map->thin(1e9) == 18 && map->thin(0) == 0);
        // A layer's shares sum to 100 %.
        double sum = 0;
        for (int expert = 0; expert < 6; ++expert)
            sum += pooled->at(1, expert).value;
        QVERIFY(std::abs(sum - 100) < 1e-9);
    }

    void aScoreIsThatOfTheCore()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto statistics = f.session.statistics();
        for (const MapQuantity& quantity : mapQuantities(*statistics)) {
            if (quantity.id == "ratio" || quantity.id == "share")
                continue;
            method::ScoreRequest request;
            request.method = quantity.id;
            request.domains = {{"beta", 1}};
            const auto scores = method::computeScores(*statistics, request);
            const auto map = overviewMap(*statistics, quantity, "beta");
            QVERIFY2(scores.ok() && map.ok(), quantity.id.c_str());
            for (int layer = 0; layer < 3; ++layer)
                for (int expert = 0; expert < 6; ++expert)
                    QCOMPARE(map->at(layer, expert).value, scores->layers[static_cast<std::size_t>(layer)]
                                                               .experts[static_cast<std::size_t>(expert)]
                                                               .score);
        }
    }

    void theCardsFiguresEqualTheirDefinition()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto tokens = domainTokens(1);
        const auto facts = expertFacts(*f.session.statistics(), "beta", 1, 2);
        double gate = 0, gateNorm = 0, count = 0;
        for (const auto& token : tokens.layers[1])
            for (const auto& routed : token.routed)
                if (routed.expert == 2) {
                    gate += routed.gate;
                    gateNorm += routed.gate * routed.norm;
                    count += 1;
                }
        QVERIFY(count > 0);
        QCOMPARE(facts.tokens, count);
        QVERIFY(relative(facts.gate.value, gate / count) < 1e-12);
        QVERIFY(relative(facts.reap.value, gateNorm / count) < 1e-12);
        QVERIFY(relative(facts.reapSum, gateNorm) < 1e-12);
        QCOMPARE(facts.domains.size(), std::size_t(2));
        QVERIFY(relative(facts.ratio.value, facts.domains[1].ratio.value) < 1e-12);
        // A dead expert has no means, and says so instead of showing 0.
        const auto dead = expertFacts(*f.session.statistics(), "", 0, 5);
        QCOMPARE(dead.tokens, 0.0);
        QVERIFY(std::isnan(dead.gate.value) && std::isnan(dead.reap.value));
        QVERIFY(dead.companions.empty());
    }

    void cursorByKeysAndMouse()
    {
        StudyFixture f;
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QVERIFY(!page.isEmptyShown());
        HeatmapWidget* map = page.heatmap();
        map->replotNow();
        map->setCursorCell(0, 0);
        QTest::keyClick(map, Qt::Key_Right);
        QTest::keyClick(map, Qt::Key_Down);
        QCOMPARE(map->cursorCell(), QPoint(1, 1));
        QTest::keyClick(map, Qt::Key_End);
        QTest::keyClick(map, Qt::Key_PageDown);
        QCOMPARE(map->cursorCell(), QPoint(5, 2));
        QVERIFY(page.readout().contains(QStringLiteral("Layer 2, expert 5")));
        auto* card = page.findChild<ExpertCard*>();
        QVERIFY(card);
        QCOMPARE(card->title(), QStringLiteral("Layer 2, expert 5"));
        // Every cell's middle is that cell; cells do not overlap and leave no hole.
        for (int row = 0; row < 3; ++row)
            for (int column = 0; column < 6; ++column) {
                const QRect cell = map->cellRect(row, column);
                QVERIFY(cell.width() > 3 && cell.height() > 3);
                QCOMPARE(map->cellAt(cell.center()), QPoint(column, row));
                if (column > 0)
                    QCOMPARE(map->cellRect(row, column - 1).right() + 1, cell.left());
                if (row > 0)
                    QCOMPARE(map->cellRect(row - 1, column).bottom() + 1, cell.top());
            }
    }

    void domainsByChooserKeysAndTiles()
    {
        StudyFixture f;
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QCOMPARE(page.map()->tokens, 160.0);
        QTest::keyClick(page.heatmap(), Qt::Key_BracketRight);
        QCOMPARE(page.map()->domain, std::string("alpha"));
        QTest::keyClick(page.heatmap(), Qt::Key_2);
        QCOMPARE(page.map()->domain, std::string("beta"));
        auto* tiles = page.findChild<SmallMultiples*>();
        QCOMPARE(tiles->count(), 2);
        QCOMPARE(tiles->current(), 1);
        QTest::mouseClick(tiles, Qt::LeftButton, {}, tiles->tileRect(0).center());
        QCOMPARE(page.map()->domain, std::string("alpha"));
        QVERIFY(!page.chooseDomain(QStringLiteral("gamma")));
        QVERIFY(page.compareWith(QStringLiteral("beta")));
        QVERIFY(page.map()->difference);
        QVERIFY(page.heatmap()->data().diverging);
        QVERIFY(page.chooseQuantity(QStringLiteral("reap")));
        QCOMPARE(page.map()->quantity.id, std::string("reap"));
        QVERIFY(page.compareWith({}));
        QVERIFY(!page.map()->difference);
    }

    void tableTwinHoldsTheSameNumbers()
    {
        StudyFixture f;
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.heatmap()->setFocus();
        QTest::keyClick(page.heatmap(), Qt::Key_T);
        auto* table = page.findChild<QTableView*>(QStringLiteral("mapTable"));
        QVERIFY(table && table->isVisible());
        auto* model = page.findChild<MapTableModel*>();
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), 18);
        for (int row = 0; row < 18; ++row) {
            const QPoint cell = model->cellAt(row);
            const QString exact = model->data(model->index(row, MapTableModel::Value), kExactRole).toString();
            QCOMPARE(exact.toDouble(), page.map()->at(cell.y(), cell.x()).value);
        }
        // Choosing a row moves the map's cursor, and the other way round.
        table->setCurrentIndex(model->index(model->rowOf(2, 4), 0));
        QCOMPARE(page.heatmap()->cursorCell(), QPoint(4, 2));
        page.heatmap()->setCursorCell(1, 1);
        QCOMPARE(table->currentIndex().row(), model->rowOf(1, 1));
        QCOMPARE(page.copyText().split(QLatin1Char('\n'), Qt::SkipEmptyParts).size(), 19);
    }

    void figuresAndTablesAreWritten()
    {
        StudyFixture f;
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        for (const char* name : {"map.png", "map.svg", "map.pdf"}) {
            const QString path = f.folder.filePath(QLatin1String(name));
            QCOMPARE(page.exportFigure(path), QString());
            QVERIFY(QFile(path).size() > 1000);
        }
        QVERIFY(!page.exportFigure(f.folder.filePath(QStringLiteral("map.xyz"))).isEmpty());
        const QString csv = f.folder.filePath(QStringLiteral("map.csv"));
        QCOMPARE(page.exportTable(csv), QString());
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts).size(), 19);
    }
};

QTEST_MAIN(TestOverviewPage)
#include "tst_overview_page.moc"
