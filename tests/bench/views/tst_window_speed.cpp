// SPDX-License-Identifier: GPL-3.0-or-later
// How long a change takes to show on a large model (94 layers x 512 experts x 12 domains): planner update, heatmap
// rebuild, hover; and how long both programs take to start. Prints figures and asserts only that the work was done:
// times depend on the machine.
#include "app/studio/main_window.h"
#include "core/study/study.h"
#include "tests/views/planner_fixture.h"
#include "views/models/overview_map.h"
#include "views/pages/overview_page.h"
#include "views/plan/plan_editor.h"
#include "views/plots/heatmap_widget.h"
#include "views/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace espalier;

namespace {

constexpr int kLayers = 94, kExperts = 512, kTopK = 8, kDomains = 12, kHover = 200;

/// Sums as a pass over 100 000 tokens a domain would leave them; drawn directly, since only the sizes matter here.
std::shared_ptr<const stats::Statistics> largeStatistics(const model::ModelSummary& model)
{
    auto statistics = std::make_shared<stats::Statistics>();
    statistics->modelFingerprint = model.fingerprint;
    statistics->tokenizerFingerprint = "t";
    std::mt19937_64 random(7);
    std::exponential_distribution<double> draw(1.0);
    for (int d = 0; d < kDomains; ++d) {
        auto& domain = statistics->domains.emplace_back();
        domain.name = "domain-" + std::to_string(d);
        domain.tokens = 100000;
        domain.windows = 400;
        for (int l = 0; l < kLayers; ++l) {
            auto& layer = domain.layers.emplace_back(LayerIndex(l + 1), stats::Topology{kExperts, kTopK, 64},
                                                     *stats::StatSelection::parse("basic"));
            layer.addTokens(100000);
            std::vector<double> shares(kExperts);
            double sum = 0;
            for (double& share : shares)
                sum += share = draw(random) * draw(random);
            for (std::size_t e = 0; e < kExperts; ++e) {
                const double n = std::min(100000.0, std::floor(100000.0 * kTopK * shares[e] / sum));
                using stats::Stat;
                layer.edit(Stat::Count)[e] = n;
                layer.edit(Stat::Gate)[e] = n * 0.12;
                layer.edit(Stat::Gate2)[e] = n * 0.02;
                layer.edit(Stat::Norm)[e] = n * 2;
                layer.edit(Stat::Norm2)[e] = n * 5;
                layer.edit(Stat::GateNorm)[e] = n * 0.3 * (0.5 + draw(random));
                layer.edit(Stat::GateNorm2)[e] = n * 0.2;
                layer.edit(Stat::MaxAbs)[e] = 1 + draw(random);
            }
        }
    }
    return statistics;
}

/// Runs `work` some times; prints and returns the median in milliseconds.
template <typename Work>
double timed(const char* what, int rounds, Work work)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        work(i);
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    qInfo("%-58s median %7.2f ms, best %7.2f, worst %7.2f", what, median, times.front(), times.back());
    return median;
}

} // namespace

class BenchWindowSpeed : public QObject {
    Q_OBJECT
private:
    std::shared_ptr<const model::ModelSummary> m_model;
    std::shared_ptr<const stats::Statistics> m_statistics;

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setApplicationName(QStringLiteral("bench-window-speed"));
        views::Theme::apply(*qApp, views::ThemeKind::Light);
        m_model = test::plannerModel(kLayers, kExperts, kTopK);
        m_statistics = largeStatistics(*m_model);
    }

    void plannerUpdate()
    {
        views::PlanEditor editor;
        editor.setData(m_model, m_statistics);
        QVERIFY(editor.ready());
        timed("planner: one step of the slider", 15, [&](int i) { editor.setKeepPerLayer(256 + i); });
        QCOMPARE(editor.plan().layers.at(0).keep.size(), std::size_t(270));
        timed("planner: a budget", 15,
              [&](int i) { editor.setBudget(editor.wholeMemory() / 2 + 40000u * unsigned(i)); });
        timed("planner: an expert toggled", 15, [&](int i) { editor.toggle(3, i); });
        timed("planner: weight of a domain (all scores again)", 15,
              [&](int i) { editor.setDomainWeight("domain-3", 1 + i); });
        timed("planner: another score and back", 6,
              [&](int i) { editor.setMethod(i % 2 == 0 ? "reap" : "frequency"); });
        timed("planner: another allocator and back", 6,
              [&](int i) { editor.setAllocator(i % 2 == 0 ? "global" : "uniform"); });
        QVERIFY(editor.problem().isEmpty());
    }

    void heatmapRebuildAndHover()
    {
        const auto quantities = views::mapQuantities(*m_statistics);
        Result<views::OverviewMap> map = internalError("not made");
        timed("overview: map of one domain", 9,
              [&](int i) { map = views::overviewMap(*m_statistics, quantities.at(0), "domain-" + std::to_string(i)); });
        QVERIFY(map.ok());
        timed("overview: map of all domains", 9,
              [&](int) { map = views::overviewMap(*m_statistics, quantities.at(0), {}); });
        QVERIFY(map.ok());
        QCOMPARE(map->cells.size(), std::size_t(kLayers) * kExperts);
        views::HeatmapWidget widget;
        widget.resize(1100, 620);
        widget.show();
        QVERIFY(QTest::qWaitForWindowExposed(&widget));
        timed("heatmap: data to painted cells", 15, [&](int i) {
            widget.setData(views::heatmapOf(*map, i % 2 == 0, 100));
            widget.replotNow();
        });
        std::vector<std::uint8_t> marks(map->cells.size());
        timed("heatmap: marks of a plan", 15, [&](int i) {
            for (std::size_t c = 0; c < marks.size(); ++c)
                marks[c] = (c + std::size_t(i)) % 2 == 0 ? std::uint8_t(views::CellMark::Dropped) : std::uint8_t(0);
            widget.setMarks(marks);
            widget.replotNow();
        });
        // Hover: a real mouse event to the plot, which repaints its overlay and reports the cell.
        widget.setMarks({});
        widget.replotNow();
        QWidget* plot = widget.childAt(widget.cellRect(10, 10).center());
        QVERIFY(plot != nullptr);
        int cells = 0;
        connect(&widget, &views::HeatmapWidget::hovered, this, [&](int row, int) { cells += row >= 0 ? 1 : 0; });
        const double all = timed("heatmap: hover over 200 cells", 5, [&](int round) {
            for (int i = 0; i < kHover; ++i) {
                const QPoint at = widget.cellRect(round * 10 + i % 10, 40 + i).center();
                const QPoint local = plot->mapFrom(&widget, at);
                QMouseEvent move(QEvent::MouseMove, local, plot->mapToGlobal(local), Qt::NoButton, Qt::NoButton, {});
                QApplication::sendEvent(plot, &move);
            }
        });
        qInfo("%-58s %7.3f ms", "heatmap: hover, one cell", all / kHover);
        QCOMPARE(cells, 5 * kHover);
    }

    void windowUsable()
    {
        timed("window: made, shown and painted, in this process", 5, [&](int) {
            studio::MainWindow window;
            window.resize(1440, 900);
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            QVERIFY(!window.grab().isNull());
        });
    }

    void programsStart()
    {
        if (QStringLiteral(ESPALIER_CLI).isEmpty())
            QSKIP("the command line program is not built");
        const QStringList commands[] = {
            {QStringLiteral("--version")},
            {QStringLiteral("methods")},
            {QStringLiteral("inspect"), QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/model")}};
        for (const QStringList& arguments : commands)
            timed(qPrintable(QStringLiteral("espalier ") + arguments.first()), 9, [&](int) {
                QProcess process;
                process.start(QStringLiteral(ESPALIER_CLI), arguments);
                QVERIFY(process.waitForFinished(10000));
                QCOMPARE(process.exitCode(), 0);
            });
        const QString studio = QStringLiteral(ESPALIER_BUILD_DIR "/app/studio/espalier-studio");
        if (!QFile::exists(studio))
            QSKIP("the window's program is not built");
        timed("espalier-studio --help (libraries and settings)", 5, [&](int) {
            QProcess process;
            process.start(studio, {QStringLiteral("--help")});
            QVERIFY(process.waitForFinished(10000));
            QCOMPARE(process.exitCode(), 0);
        });
    }
};

QTEST_MAIN(BenchWindowSpeed)
#include "tst_window_speed.moc"
