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
#include <QFile>
#include <QFileInfo>
#include <QMouseEvent>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <algorithm>
#include <random>

using namespace espalier;

namespace {

constexpr int kFullLayers = 6; ///< with everything a profile can collect but pools
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
            // Pairs and sums of logits are 4 MiB a layer and domain: the first layers stand for all.
            auto& layer = domain.layers.emplace_back(
                LayerIndex(l + 1), stats::Topology{kExperts, kTopK, model.hidden},
                *stats::StatSelection::parse(l < kFullLayers ? "basic,S1,S2,S3,S4" : "basic,S1"));
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
                layer.edit(Stat::LogitAll)[e] = n * 0.1;
            }
            for (double& count : layer.edit(stats::Stat::RatioHistogram))
                count = 100000.0 / stats::kHistogramBins;
            if (l >= kFullLayers)
                continue;
            for (std::size_t a = 0; a < kExperts; ++a)
                for (std::size_t b = 0; b < kExperts; ++b) {
                    layer.edit(stats::Stat::Coactivation)[a * kExperts + b] =
                        std::min(layer[stats::Stat::Count][a], layer[stats::Stat::Count][b]) / 64;
                    layer.edit(stats::Stat::LogitGram)[a * kExperts + b] = a == b ? 100000 : 300;
                }
            for (double& value : layer.edit(stats::Stat::OutputSum))
                value = draw(random);
        }
    }
    return statistics;
}

/// Bytes of this process in memory now.
std::uint64_t residentSet()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    return status.open(QIODevice::ReadOnly) ? status.readAll().split(' ').value(1).toULongLong() * 4096 : 0;
}

/// Until timers and threads of the page have nothing more to do.
void settle()
{
    for (int i = 0; i < 40; ++i) {
        QTest::qWait(5);
        QThreadPool::globalInstance()->waitForDone();
    }
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
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("bench-window-speed"));
        QSettings().setValue(QStringLiteral("weights/onOpening"), false);
        views::Theme::apply(*qApp, views::ThemeKind::Light);
        m_model = test::plannerModel(kLayers, kExperts, kTopK);
        m_statistics = largeStatistics(*m_model);
    }

    void plannerUpdate()
    {
        views::PlanEditor editor;
        timed("planner: statistics taken, first plan made", 5, [&](int) { editor.setData(m_model, m_statistics); });
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
        const std::uint64_t quarter = editor.wholeMemory() / 6;
        timed("planner: memory of one of four devices", 15, [&](int i) {
            editor.setDevices({{"a", quarter}, {"b", quarter}, {"c", quarter + 40000u * unsigned(i)}, {"d", quarter}});
        });
        timed("planner: one step of the slider, four devices", 15, [&](int i) { editor.setKeepPerLayer(256 + i); });
        QVERIFY(editor.split() && editor.split()->loads.size() == 4);
        editor.setSkip(0.25);
        timed("planner: one step of the slider, experts skipped", 15, [&](int i) { editor.setKeepPerLayer(256 + i); });
        timed("planner: another share of tokens that skip", 15, [&](int i) { editor.setSkip(0.01 * (i + 1)); });
        QVERIFY(editor.plan().skips());
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

    void overviewPage()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("large.espalier"));
        {
            auto study = study::Study::create(path.toStdString(), *m_model);
            QVERIFY2(study.ok(), study.ok() ? "" : study.error().text().c_str());
            const auto run = study->beginRun({{"context", 256}, {"tokenizer_fingerprint", "t"}}, 1);
            QVERIFY(run.ok());
            const auto written = study->commitProgress(*run, m_statistics->domains, 1, 1);
            QVERIFY2(written.ok(), written.ok() ? "" : written.error().text().c_str());
            QVERIFY(study->finishRun(*run, "finished").ok());
        }
        qInfo("%-58s %7.0f MiB", "study file", static_cast<double>(QFileInfo(path).size()) / 1048576);
        studio::MainWindow window;
        window.resize(1440, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto before = residentSet();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        QString fault;
        connect(&window.session(), &views::Session::failed, this, [&fault](const QString& text) { fault = text; });
        QElapsedTimer timer;
        timer.start();
        window.open(path);
        QVERIFY2(read.wait(60000), qPrintable(fault));
        qInfo("%-58s %7.0f ms", "study: opened and read", static_cast<double>(timer.elapsed()));
        timer.restart();
        window.showPage(QStringLiteral("overview"));
        auto* page = dynamic_cast<views::OverviewPage*>(window.currentPage());
        QVERIFY(page != nullptr && page->map());
        qInfo("%-58s %7.1f ms", "overview: shown for the first time", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        settle();
        qInfo("%-58s %7.0f MiB more", "memory: study opened, overview shown",
              static_cast<double>(residentSet() - before) / 1048576);
        const auto changes = [&](const char* what, auto change) {
            timed(what, 12, [&](int i) {
                change(i);
                page->heatmap()->replotNow();
            });
            settle();
        };
        const auto nextLayer = [&](int i) { page->heatmap()->setCursorCell(i % kFullLayers, 7 * i); };
        changes("overview: another expert", [&](int i) { page->heatmap()->setCursorCell(3, 7 * i); });
        changes("overview: another layer, all domains", nextLayer);
        changes("overview: another layer, sums not collected",
                [&](int i) { page->heatmap()->setCursorCell(20 + i, 7 * i); });
        page->showView(views::OverviewPage::LayerInsight);
        settle();
        changes("overview: layer at a glance, another expert",
                [&](int i) { page->heatmap()->setCursorCell(3, 7 * i); });
        changes("overview: layer at a glance, another layer", nextLayer);
        page->showView(views::OverviewPage::MapView);
        changes("overview: another domain",
                [&](int i) { page->chooseDomain(QStringLiteral("domain-%1").arg(i % kDomains)); });
        changes("overview: difference of two domains",
                [&](int i) { page->compareWith(QStringLiteral("domain-%1").arg((i + 1) % kDomains)); });
        page->compareWith({});
        changes("overview: another quantity",
                [&](int i) { page->chooseQuantity(QLatin1String(i % 2 == 0 ? "reap" : "ratio")); });
        QCOMPARE(page->map()->cells.size(), std::size_t(kLayers) * kExperts);
        const auto beforePlanner = residentSet();
        timer.restart();
        window.showPage(QStringLiteral("planner"));
        qInfo("%-58s %7.1f ms", "planner: shown for the first time", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        settle();
        qInfo("%-58s %7.0f MiB more, %.0f since the window", "memory: the planner shown",
              static_cast<double>(residentSet()) / 1048576 - static_cast<double>(beforePlanner) / 1048576,
              static_cast<double>(residentSet() - before) / 1048576);
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
