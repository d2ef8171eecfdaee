// SPDX-License-Identifier: GPL-3.0-or-later
// What the overview says beside its map: use, coverage and pairs of a layer from their definitions, relations of an
// expert, the plots' cursors and tables, and traced texts coloured by expert.
#include "core/base/file.h"
#include "tests/views/study_fixture.h"
#include "views/models/cell_table_model.h"
#include "views/models/expert_relations.h"
#include "views/models/layer_tables.h"
#include "views/models/routed_text_data.h"
#include "views/models/table_text.h"
#include "views/pages/overview_page.h"
#include "views/plots/coverage_plot.h"
#include "views/plots/domain_bars.h"
#include "views/plots/use_scatter.h"
#include "views/widgets/expert_card.h"
#include "views/widgets/layer_view.h"
#include "views/widgets/routed_text.h"
#include "views/widgets/token_browser.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

#include <cmath>
#include <map>

using namespace espalier;
using namespace espalier::views;
using stats::Stat;
using test::StudyFixture;

namespace {

constexpr int kExperts = 6, kTopK = 2, kTokens = 400;

test::TokenDomain tokensOf(const char* name, std::uint64_t seed)
{
    return test::makeTokens(name, 2, kTokens, kExperts, kTopK, seed);
}

/// Sums of the tokens with pairs and logits, or with mean outputs.
stats::DomainStats sumsOf(const test::TokenDomain& domain, const char* groups)
{
    stats::DomainStats out;
    out.name = domain.name;
    out.tokens = kTokens;
    for (std::size_t l = 0; l < domain.layers.size(); ++l) {
        auto& layer = out.layers.emplace_back(LayerIndex(static_cast<int>(l) + 1), stats::Topology{kExperts, kTopK, 4},
                                              *stats::StatSelection::parse(groups));
        for (const test::Token& token : domain.layers[l]) {
            layer.addTokens(1);
            for (std::size_t a = 0; a < kExperts; ++a) {
                layer.edit(Stat::LogitAll)[a] += token.logits[a];
                for (std::size_t b = 0; b < kExperts && layer.has(Stat::LogitGram); ++b)
                    layer.edit(Stat::LogitGram)[a * kExperts + b] += token.logits[a] * token.logits[b];
            }
            for (const auto& one : token.routed) {
                const auto e = static_cast<std::size_t>(one.expert);
                layer.edit(Stat::Count)[e] += 1;
                for (const auto& other : token.routed)
                    if (layer.has(Stat::Coactivation))
                        layer.edit(Stat::Coactivation)[e * kExperts + static_cast<std::size_t>(other.expert)] += 1;
                for (std::size_t i = 0; i < 4 && layer.has(Stat::OutputSum); ++i)
                    layer.edit(Stat::OutputSum)[e * 4 + i] += one.norm * std::cos(static_cast<double>(e * (i + 1)));
            }
        }
    }
    return out;
}

std::shared_ptr<const stats::Statistics> statisticsOf(const char* groups = "S0,S0a,S2,S3")
{
    auto statistics = std::make_shared<stats::Statistics>();
    statistics->domains = {sumsOf(tokensOf("one", 1), groups), sumsOf(tokensOf("two", 2), groups)};
    return statistics;
}

double countOf(const test::TokenDomain& domain, std::size_t layer, int a, int b)
{
    double count = 0;
    for (const auto& token : domain.layers[layer]) {
        bool hasA = false, hasB = false;
        for (const auto& routed : token.routed) {
            hasA = hasA || routed.expert == a;
            hasB = hasB || routed.expert == b;
        }
        count += hasA && hasB;
    }
    return count;
}

bool near(double a, double b, double relative = 1e-9)
{
    return std::abs(a - b) <= relative * std::max({1e-300, std::abs(a), std::abs(b)});
}

/// Two texts of one domain (parts of one document) and one of another, in layers 0 and 2 of the fixture's model.
stats::RoutingSample madeUpTrace(const model::ModelSummary& model)
{
    stats::RoutingSample sample;
    sample.fingerprint = model.fingerprint;
    sample.model = model.name;
    sample.experts = model.experts;
    sample.topK = 2;
    sample.layers = {LayerIndex(0), LayerIndex(2)};
    sample.texts = {{"alpha",
                     2,
                     {"one", " two\r\n", "", "é", "\n", "end"},
                     {{0, 1, 1, 2, 0, 3, 0, 1, 4, 0, 0, 2}, {3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1}},
                     {{0.75F, 0.25F, 0.5F, 0.5F, 0.5F, 0.5F, 1.0F, 0.0F, 0.5F, 0.5F, 0.6F, 0.4F},
                      {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F}}},
                    {"alpha", 2, {"more"}, {{2, 0}, {3, 1}}, {{0.5F, 0.5F}, {0.5F, 0.5F}}},
                    {"beta", 0, {"x"}, {{5, 0}, {3, 1}}, {{0.9F, 0.1F}, {0.5F, 0.5F}}}};
    return sample;
}

std::shared_ptr<const stats::RoutingSample> longTrace()
{
    auto sample = std::make_shared<stats::RoutingSample>();
    sample->experts = kExperts;
    sample->topK = 1;
    sample->layers = {LayerIndex(0), LayerIndex(1)};
    stats::SampleText text;
    text.domain = "long";
    text.experts.resize(2);
    text.gates.resize(2);
    for (int i = 0; i < 2000; ++i) {
        text.tokens.push_back(" word" + std::to_string(i));
        for (std::size_t l = 0; l < 2; ++l) {
            text.experts[l].push_back(i % kExperts);
            text.gates[l].push_back(1);
        }
    }
    sample->texts = {text};
    return sample;
}

QString lineOf(const QString& tsv, int line)
{
    return tsv.split(QLatin1Char('\n')).value(line);
}

} // namespace

class TestOverviewInsights : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void useEqualsItsDefinition()
    {
        const auto statistics = statisticsOf();
        const auto tokens = tokensOf("two", 2);
        const LayerUse use = layerUse(*statistics, "two", 1, 30);
        QCOMPARE(use.layer, 2);
        QCOMPARE(use.points.size(), std::size_t(kExperts));
        double last = INFINITY;
        for (const UsePoint& point : use.points) {
            const double count = countOf(tokens, 1, point.expert, point.expert), share = count / kTokens;
            QCOMPARE(point.tokens, count);
            QVERIFY(near(point.ratio.value, share * kExperts / kTopK));
            QVERIFY(point.ratio.value <= last);
            last = point.ratio.value;
            const double low = point.ratio.value - point.ratio.half, high = point.ratio.value + point.ratio.half;
            const auto verdict = count < 30 ? UseVerdict::Thin
                                 : low > 1  ? UseVerdict::More
                                 : high < 1 ? UseVerdict::Less
                                            : UseVerdict::Alike;
            QCOMPARE(static_cast<int>(point.verdict), static_cast<int>(verdict));
        }
        QVERIFY(use.count(UseVerdict::Thin) >= 1); // the last expert is never chosen
        QVERIFY(use.count(UseVerdict::More) >= 1 && use.count(UseVerdict::Less) >= 1);
        QCOMPARE(layerUse(*statistics, "", 1, 1e9).count(UseVerdict::Thin), kExperts);
        QVERIFY(layerUse(*statistics, "two", 7, 30).points.empty());
        QVERIFY(layerUse(*statistics, "nowhere", 0, 30).points.empty());
    }

    void coverageIsHypergeometric()
    {
        // 10 tokens, 4 of them the expert's, 3 drawn: P(X < 2) = (C(6,3) + 4 C(6,2)) / C(10,3)
        QVERIFY(near(hypergeometricBelow(2, 4, 10, 3), 80.0 / 120));
        QCOMPARE(hypergeometricBelow(0, 4, 10, 3), 0.0);
        QCOMPARE(hypergeometricBelow(5, 4, 10, 9), 1.0);
        QCOMPARE(hypergeometricBelow(4, 4, 10, 10), 0.0);          // all drawn: all four are there
        for (const double least : {1.0, 20.0, 90.0, 100.0, 130.0}) // drawing and being good can change places
            QVERIFY(near(hypergeometricBelow(least, 1e5, 1e6, 1000), hypergeometricBelow(least, 1000, 1e6, 1e5), 1e-7));
        QVERIFY(std::abs(hypergeometricBelow(100, 1e5, 1e6, 1000) - 0.487) < 0.01);

        const auto statistics = statisticsOf();
        const Coverage coverage = coverageOf(*statistics, "one", 0, 50);
        QVERIFY(coverage.known);
        QCOMPARE(coverage.tokens.back(), double(kTokens));
        double once = 0, judged = 0;
        const auto tokens = tokensOf("one", 1);
        for (int e = 0; e < kExperts; ++e) {
            once += countOf(tokens, 0, e, e) >= 1;
            judged += countOf(tokens, 0, e, e) >= 50;
        }
        QVERIFY(near(coverage.once.back(), once) && near(coverage.judged.back(), judged));
        for (std::size_t i = 1; i < coverage.tokens.size(); ++i) {
            QVERIFY(coverage.tokens[i] > coverage.tokens[i - 1]);
            QVERIFY(coverage.once[i] >= coverage.once[i - 1] - 1e-9);
            QVERIFY(coverage.judged[i] >= coverage.judged[i - 1] - 1e-9 &&
                    coverage.judged[i] <= coverage.once[i] + 1e-9);
        }
        // One expert, drawn by hand: 1 − C(n − c, d) / C(n, d) by a product
        const double count = countOf(tokens, 0, 0, 0);
        double missed = 1;
        for (int i = 0; i < 25; ++i)
            missed *= (kTokens - count - i) / (kTokens - i);
        QVERIFY(near(hypergeometricBelow(1, count, kTokens, 25), missed, 1e-7));
    }

    void pairsAgainstWhatTheirUseExplains()
    {
        const auto statistics = statisticsOf();
        const auto tokens = tokensOf("one", 1);
        const Together together = chosenTogether(*statistics, "one", 0, 100);
        QVERIFY(together.known);
        double product = 0, pairs = 0;
        for (int a = 0; a < kExperts; ++a)
            for (int b = a + 1; b < kExperts; ++b) {
                product += countOf(tokens, 0, a, a) * countOf(tokens, 0, b, b);
                pairs += countOf(tokens, 0, a, b);
            }
        QCOMPARE(pairs, double(kTokens)); // two experts per token are one pair
        double expectedSum = 0;
        for (const Together::Pair& pair : together.strongest) {
            const double expected = pairs * countOf(tokens, 0, pair.first, pair.first) *
                                    countOf(tokens, 0, pair.second, pair.second) / product;
            QVERIFY(near(pair.expected, expected));
            QCOMPARE(pair.tokens, countOf(tokens, 0, pair.first, pair.second));
            QVERIFY(near(pair.ratio, pair.tokens / expected));
            QVERIFY(pair.expected >= kThinPairs);
            expectedSum += expected;
            const auto at = static_cast<std::size_t>(pair.second * kExperts + pair.first);
            QCOMPARE(together.map.values[at], pair.ratio); // both halves of the map
        }
        QVERIFY(expectedSum <= pairs * (1 + 1e-9));
        for (std::size_t i = 1; i < together.strongest.size(); ++i)
            QVERIFY(together.strongest[i - 1].ratio >= together.strongest[i].ratio);
        for (int a = 0; a < kExperts; ++a) { // the diagonal, and the expert that no token chose
            QVERIFY(std::isnan(together.map.values[static_cast<std::size_t>(a * kExperts + a)]));
            QVERIFY(std::isnan(together.map.values[static_cast<std::size_t>(a * kExperts + kExperts - 1)]));
        }
        QVERIFY(!chosenTogether(*statisticsOf("S0,S0a"), "one", 0).known);
    }

    void likenessIsCorrelationOrCosine()
    {
        const auto tokens = tokensOf("one", 1);
        const ExpertLikeness router(*statisticsOf(), "one", 1);
        QCOMPARE(static_cast<int>(router.basis()), static_cast<int>(ExpertLikeness::Basis::Router));
        const auto like = router.like(2, 100);
        QCOMPARE(like.size(), std::size_t(kExperts - 1));
        for (const LikeExpert& each : like) {
            double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
            for (const auto& token : tokens.layers[1]) {
                const double x = token.logits[2], y = token.logits[static_cast<std::size_t>(each.expert)];
                a += x, b += y, aa += x * x, bb += y * y, ab += x * y;
            }
            const double n = kTokens;
            QVERIFY(near(each.likeness, (ab - a * b / n) / std::sqrt((aa - a * a / n) * (bb - b * b / n)), 1e-6));
        }
        const ExpertLikeness outputs(*statisticsOf("S0,S0a,S4"), "one", 1);
        QCOMPARE(static_cast<int>(outputs.basis()), static_cast<int>(ExpertLikeness::Basis::Outputs));
        const auto nearest = outputs.like(1, 2);
        QCOMPARE(nearest.size(), std::size_t(2));
        QVERIFY(nearest[0].likeness >= nearest[1].likeness && nearest[0].likeness <= 1);
        QVERIFY(outputs.like(kExperts - 1).empty()); // no token chose it
        QVERIFY(outputs.like(-1).empty() && outputs.like(99).empty());
        QVERIFY(ExpertLikeness(*statisticsOf("S0a"), "one", 1).like(0).empty());
    }

    void ranksFollowTheScores()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto statistics = f.session.statistics();
        const auto methods = rankedMethods(*statistics, "beta");
        QVERIFY(methods.size() > 3);
        std::vector<std::shared_ptr<const method::ScoreTable>> tables;
        for (const auto* method : methods) {
            method::ScoreRequest request;
            request.method = std::string(method->id);
            request.domains = {{"beta", 1}};
            auto table = method::computeScores(*statistics, request);
            QVERIFY2(table.ok(), table ? "" : table.error().text().c_str());
            tables.push_back(std::make_shared<const method::ScoreTable>(std::move(*table)));
        }
        std::vector<std::vector<bool>> taken(tables.size(), std::vector<bool>(kExperts + 1));
        for (int expert = 0; expert < kExperts; ++expert) {
            const auto ranks = ranksOf(tables, LayerIndex(1), expert);
            QCOMPARE(ranks.size(), tables.size());
            for (std::size_t m = 0; m < ranks.size(); ++m) {
                QCOMPARE(ranks[m].of, kExperts);
                QVERIFY(ranks[m].rank >= 1 && ranks[m].rank <= kExperts);
                QVERIFY(!taken[m][static_cast<std::size_t>(ranks[m].rank)]); // each place once
                taken[m][static_cast<std::size_t>(ranks[m].rank)] = true;
            }
        }
        QCOMPARE(ranksOf(tables, LayerIndex(77), 0).front().rank, 0);
    }

    void plotsHaveACursorAndATable()
    {
        LayerView view;
        view.resize(900, 700);
        view.showLayer(statisticsOf(), "one", 0, 30);
        static_cast<QWidget&>(view).show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        connect(&view, &LayerView::expertChosen, &view, &LayerView::setCurrentExpert);
        QSignalSpy chosen(&view, &LayerView::expertChosen);
        view.activateWindow();
        view.setFocus();
        QCOMPARE(QApplication::focusWidget(), view.scatter());
        const auto& points = view.scatter()->use().points;
        QTest::keyClick(view.scatter(), Qt::Key_Home);
        QTest::keyClick(view.scatter(), Qt::Key_Right);
        QCOMPARE(chosen.last().at(0).toInt(), points[1].expert);
        QVERIFY(view.scatter()->accessibleDescription().contains(QStringLiteral("Expert %1").arg(points[1].expert)));
        QCOMPARE(view.together()->cursorCell().y(), points[1].expert);
        view.scatter()->replotNow();
        const QPoint place = view.scatter()->pointOf(points[3].expert);
        QTest::mouseClick(view.scatter()->childAt(place), Qt::LeftButton, {},
                          view.scatter()->childAt(place)->mapFrom(view.scatter(), place));
        QCOMPARE(chosen.last().at(0).toInt(), points[3].expert);
        QCOMPARE(static_cast<int>(view.chosen()), static_cast<int>(LayerView::Use));

        // The table of the plot that was used last, and the numbers on the clipboard
        QVERIFY(lineOf(view.toTsv(), 1).startsWith(QStringLiteral("1\t%1\t").arg(points[0].expert)));
        view.coverage()->setFocus();
        QTest::keyClick(view.coverage(), Qt::Key_End);
        QVERIFY(view.coverage()->accessibleDescription().contains(QStringLiteral("400 tokens:")));
        QCOMPARE(view.toTsv().count(QLatin1Char('\n')),
                 static_cast<qsizetype>(view.coverage()->coverage().tokens.size() + 1));
        QAbstractItemModelTester tester(view.table(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        view.showTable(true);
        auto* table = view.findChild<QTableView*>(QStringLiteral("layerTable"));
        QVERIFY(table->isVisible() && table->hasFocus());
        QCOMPARE(view.table()->rowCount(), static_cast<int>(view.coverage()->coverage().tokens.size()));
        view.choose(LayerView::Pairs);
        QCOMPARE(view.table()->columnCount(), 5);
        QVERIFY(view.table()->rowCount() > 3);
        view.choose(LayerView::Use);
        QCOMPARE(view.table()->rowCount(), kExperts);
        QCOMPARE(table->currentIndex().row(), 3); // the expert under the cursor
        table->setCurrentIndex(view.table()->index(0, 0));
        QCOMPARE(chosen.last().at(0).toInt(), points[0].expert);
        view.showTable(false);
        QVERIFY(!view.tableShown() && view.scatter()->hasFocus());

        QTemporaryDir folder;
        for (const auto figure : {LayerView::Use, LayerView::Seen, LayerView::Pairs}) {
            view.choose(figure);
            for (const char* ending : {"png", "svg", "pdf"}) {
                const QString path = folder.filePath(QStringLiteral("%1.%2").arg(figure).arg(QLatin1String(ending)));
                QCOMPARE(view.exportFigure(path), QString());
                QVERIFY(QFile(path).size() > 1000);
            }
        }
        QVERIFY(!view.exportFigure(folder.filePath(QStringLiteral("x.gif"))).isEmpty());
        QVERIFY(!view.exportFigure(folder.filePath(QStringLiteral("no/where.png"))).isEmpty());
    }

    /// A layer without pairs, or without counts, says so.
    void whatWasNotCollectedIsSaid()
    {
        LayerView view;
        view.showLayer(statisticsOf("S0,S0a"), "", 0, 30);
        QVERIFY(view.together()->isHidden());
        view.choose(LayerView::Pairs);
        QVERIFY(view.exportFigure(QStringLiteral("x.png")).contains(QStringLiteral("Pairs")));
        view.showLayer(std::make_shared<stats::Statistics>(), "", 0, 30);
        QVERIFY(view.scatter()->sentence().startsWith(QStringLiteral("Not known")));
        QVERIFY(view.coverage()->sentence().startsWith(QStringLiteral("Not known")));
    }

    void tablesAreWrittenByTheirEnding()
    {
        QTemporaryDir folder;
        const QString tsv = QStringLiteral("name\tvalue\nx, y\t1.5\n");
        const auto written = [&](const char* name) {
            const QString path = folder.filePath(QLatin1String(name));
            const QString problem = writeTsvAsTable(tsv, path);
            QFile file(path);
            return problem.isEmpty() && file.open(QIODevice::ReadOnly) ? file.readAll() : problem.toUtf8();
        };
        QCOMPARE(written("a.csv"), QByteArray("name,value\n\"x, y\",1.5\n"));
        QCOMPARE(written("a.tsv"), tsv.toUtf8());
        const auto json = base::parseJson(written("a.json").toStdString(), "a.json");
        QVERIFY(json && (*json)[0]["name"] == "x, y" && (*json)[0]["value"] == 1.5);
        QVERIFY(written("a.xls").contains(".csv"));
        QVERIFY(written("none/a.csv").contains("could not be written"));
    }

    void textsByName()
    {
        StudyFixture f;
        QVERIFY(f.open());
        const auto sample = madeUpTrace(*f.session.model());
        QCOMPARE(textNames(sample), (QStringList{QStringLiteral("alpha, document 3, part 1 (6 token(s))"),
                                                 QStringLiteral("alpha, document 3, part 2 (1 token(s))"),
                                                 QStringLiteral("beta, document 1 (1 token(s))")}));
        const auto leading = leadingExperts(sample.texts[0], 0, 2, 2);
        QCOMPARE(leading.size(), std::size_t(2));
        QVERIFY(leading[0].expert == 0 && leading[0].tokens == 4 && leading[1].expert == 1);
        QCOMPARE(gateOf(sample.texts[0], 0, 2, 1, 2), 0.5F);
        QCOMPARE(gateOf(sample.texts[0], 0, 2, 0, 5), 0.0F);
        QCOMPARE(visibleToken(" a\r\n"), QStringLiteral("␣a␍⏎"));
        QVERIFY(!visibleToken("").isEmpty());
        const TokenContext words = contextOf(sample.texts[0], 3, 5);
        QCOMPARE(words.token, QStringLiteral("é"));
        QCOMPARE(words.after, QStringLiteral("⏎end"));
        const QString tsv = routedTextTsv(sample, 0, 0);
        QCOMPARE(tsv.count(QLatin1Char('\n')), qsizetype(7));
        QCOMPARE(lineOf(tsv, 1), QStringLiteral("0\tone\t0\t0.75\t1\t0.25"));
        QCOMPARE(lineOf(tsv, 2).count(QLatin1Char('\t')), qsizetype(5));
    }

    void tokensByKeysAndMouse()
    {
        StudyFixture f;
        QVERIFY(f.open());
        RoutedText text;
        text.resize(700, 400);
        text.setCell(0, 0);
        text.setSample(std::make_shared<stats::RoutingSample>(madeUpTrace(*f.session.model())), {});
        text.show();
        QVERIFY(QTest::qWaitForWindowExposed(&text));
        QVERIFY(text.missing().isEmpty());
        text.activateWindow();
        text.setFocus();
        TokenBrowser* browser = text.browser();
        QCOMPARE(QApplication::focusWidget(), browser);
        QSignalSpy chosen(&text, &RoutedText::expertChosen);
        QCOMPARE(browser->currentToken(), 0);
        QVERIFY(browser->accessibleDescription().contains(QStringLiteral("expert 0, weight 0.750")));
        QTest::keyClick(browser, Qt::Key_Right);
        QTest::keyClick(browser, Qt::Key_Return);
        QCOMPARE(chosen.last().at(0).toInt(), 1);
        QTest::keyClick(browser, Qt::Key_End);
        QCOMPARE(browser->currentToken(), 5);
        QTest::keyClick(browser, Qt::Key_Home);
        QTest::keyClick(browser, Qt::Key_Down); // the line after the break
        QVERIFY(browser->currentToken() > 1);
        QTest::mouseClick(browser->viewport(), Qt::LeftButton, {}, browser->placeOf(4)); // behind two line breaks
        QCOMPARE(browser->currentToken(), 4);
        QCOMPARE(chosen.last().at(0).toInt(), 4);
        // Same expert, same ground; another expert, another ground; a part of a character has none to see
        QVERIFY(browser->groundOf(0).isValid());
        QCOMPARE(browser->groundOf(0), browser->groundOf(3));
        QVERIFY(browser->groundOf(0) != browser->groundOf(1));
        QVERIFY(!browser->groundOf(2).isValid());
        // By weight: the larger, the further from the page; not chosen, none
        text.findChildren<QComboBox*>().at(1)->setCurrentIndex(1);
        const auto distance = [&](int token) {
            const QColor ground = browser->groundOf(token), work = Theme::color(ColorRole::Work);
            return std::abs(ground.red() - work.red()) + std::abs(ground.green() - work.green()) +
                   std::abs(ground.blue() - work.blue());
        };
        QVERIFY(distance(3) > distance(0) && distance(0) > distance(4));
        QVERIFY(!browser->groundOf(1).isValid());
        QCOMPARE(text.toTsv().count(QLatin1Char('\n')), qsizetype(7));
        QTest::keyClick(browser, Qt::Key_Tab); // Tab leaves
        QVERIFY(QApplication::focusWidget() != browser);
        QTemporaryDir folder;
        for (const char* name : {"t.png", "t.svg", "t.pdf"}) {
            QCOMPARE(text.exportFigure(folder.filePath(QLatin1String(name))), QString());
            QVERIFY(QFile(folder.filePath(QLatin1String(name))).size() > 1000);
        }
    }

    /// Looking at another expert or layer does not lose the place in the text.
    void thePlaceInTheTextStays()
    {
        RoutedText text;
        text.resize(500, 300);
        text.setCell(0, 0);
        text.setSample(longTrace(), {});
        text.show();
        QVERIFY(QTest::qWaitForWindowExposed(&text));
        text.browser()->setCurrentToken(1500);
        const int scrolled = text.browser()->verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        text.setCell(1, 3);
        QCOMPARE(text.browser()->currentToken(), 1500);
        QCOMPARE(text.browser()->verticalScrollBar()->value(), scrolled);
    }

    void whatIsMissingIsSaid()
    {
        RoutedText text;
        text.show();
        QVERIFY(QTest::qWaitForWindowExposed(&text));
        QVERIFY(text.missing().contains(QStringLiteral("No text was traced")));
        QVERIFY(text.toTsv().isEmpty());
        QSignalSpy asked(&text, &RoutedText::traceRequested);
        text.activateWindow();
        text.setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QCOMPARE(asked.size(), 1);
        text.setSample({}, QStringLiteral("the file is broken"));
        QCOMPARE(text.missing(), QStringLiteral("the file is broken"));
        text.setSample(longTrace(), {});
        text.setCell(9, 0);
        QVERIFY(text.missing().contains(QStringLiteral("Layer 9")));
        text.setCanTrace(false);
        QVERIFY(text.missing().contains(QStringLiteral("folder")));
        for (auto* button : text.findChildren<QPushButton*>())
            QVERIFY(!button->isVisible());
    }

    /// The page with a trace beside the study: views by key, card, texts that follow the domain.
    void thePageReadsTheTrace()
    {
        StudyFixture f;
        QVERIFY(f.open());
        QVERIFY(madeUpTrace(*f.session.model()).write(f.session.samplePath().toStdString()));
        QVERIFY(f.open());
        QVERIFY2(f.session.sample(), qPrintable(f.session.sampleProblem()));
        OverviewPage page(&f.session);
        page.resize(1250, 840);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.activateWindow();
        page.heatmap()->setFocus();
        page.heatmap()->setCursorCell(0, 0);
        QTest::keyClick(page.heatmap(), Qt::Key_X);
        QCOMPARE(static_cast<int>(page.view()), static_cast<int>(OverviewPage::TextView));
        QVERIFY(page.hasFigure() && page.hasTable());
        QVERIFY(page.chooseDomain(QStringLiteral("beta")));
        QCOMPARE(page.copyText().count(QLatin1Char('\n')), qsizetype(2));
        QVERIFY(page.chooseDomain(QStringLiteral("alpha")));
        QCOMPARE(page.copyText().count(QLatin1Char('\n')), qsizetype(7));
        QTest::keyClick(page.textView()->browser(), Qt::Key_Right);
        QTest::keyClick(page.textView()->browser(), Qt::Key_Return);
        QCOMPARE(page.heatmap()->cursorCell(), QPoint(1, 0)); // the expert of the token
        auto* card = page.findChild<ExpertCard*>();
        const auto said = [card](const char* words) {
            const auto labels = card->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [words](const QLabel* label) { return label->text().contains(QLatin1String(words)); });
        };
        QVERIFY(said("2 of 8 traced"));
        QTRY_VERIFY(said("of 6")); // ranks come one method after the other
        page.heatmap()->setCursorCell(1, 1);
        QVERIFY(page.textView()->missing().contains(QStringLiteral("Layer 1")));
        QVERIFY(!page.hasFigure());
        QVERIFY(said("Not traced."));
        QTest::keyClick(&page, Qt::Key_Y);
        QCOMPARE(static_cast<int>(page.view()), static_cast<int>(OverviewPage::LayerInsight));
        QVERIFY(!page.findChild<QComboBox*>(QStringLiteral("quantity"))->isEnabled());
        QVERIFY(page.layerView()->scatter()->hasFocus());
        QTest::keyClick(page.layerView()->scatter(), Qt::Key_T);
        QVERIFY(page.layerView()->tableShown());
        const QString csv = f.folder.filePath(QStringLiteral("layer.csv"));
        QCOMPARE(page.exportTable(csv), QString());
        page.showView(OverviewPage::MapView);
        QVERIFY(page.findChild<QComboBox*>(QStringLiteral("quantity"))->isEnabled());
    }

    /// The card grows with what it says; nothing in it is cut off, whatever comes and goes.
    void theCardIsNeverSqueezed()
    {
        StudyFixture f;
        QVERIFY(f.open());
        QVERIFY(madeUpTrace(*f.session.model()).write(f.session.samplePath().toStdString()));
        QVERIFY(f.open());
        OverviewPage page(&f.session);
        page.resize(1250, 600);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto* card = page.findChild<ExpertCard*>();
        const auto cut = [card]() -> QString {
            for (const auto* child : card->findChildren<QWidget*>()) {
                const auto* label = qobject_cast<const QLabel*>(child);
                const int needed = label && label->wordWrap() ? label->heightForWidth(label->width())
                                   : qobject_cast<const DomainBars*>(child) || label ? child->minimumSizeHint().height()
                                                                                     : 0;
                if (child->isVisible() && child->height() < needed)
                    return QStringLiteral("%1 %2: %3 of %4")
                        .arg(QLatin1String(child->metaObject()->className()), label ? label->text() : QString())
                        .arg(child->height())
                        .arg(needed);
            }
            return {};
        };
        for (const char* domain : {"alpha", "", "beta"})
            for (const int row : {0, 1})
                for (const int expert : {0, kExperts - 1}) {
                    QVERIFY(page.chooseDomain(QLatin1String(domain)));
                    page.heatmap()->setCursorCell(row, expert);
                    QTest::qWait(5);
                    QTRY_VERIFY2_WITH_TIMEOUT(cut().isEmpty(), qPrintable(cut()), 500);
                }
    }

    void aTraceOfAnotherModelIsNotShown()
    {
        StudyFixture f;
        QVERIFY(f.open());
        auto sample = madeUpTrace(*f.session.model());
        sample.fingerprint = "other";
        QVERIFY(sample.write(f.session.samplePath().toStdString()));
        QVERIFY(f.open());
        QVERIFY(!f.session.sample());
        QVERIFY(f.session.sampleProblem().contains(QStringLiteral("another model")));
        QVERIFY(base::writeFileAtomically(f.session.samplePath().toStdString(), "{]"));
        QVERIFY(f.open());
        QVERIFY(!f.session.sample() && !f.session.sampleProblem().isEmpty());
        QVERIFY(!f.session.statistics()->domains.empty()); // the study opens all the same
    }
};

QTEST_MAIN(TestOverviewInsights)
#include "tst_overview_insights.moc"
