// SPDX-License-Identifier: Apache-2.0
// Reports hold the study's own numbers, are well-formed whatever names a study holds, need nothing from elsewhere, and
// say what is not there.
#include "core/plan/planner.h"
#include "core/report/figures.h"
#include "core/report/html.h"
#include "core/report/markup.h"
#include "core/report/report.h"
#include "core/stats/inference.h"
#include "tests/core/method/synthetic.h"
#include "tests/support/made_up_model.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <stdexcept>

using namespace espalier;

namespace {

constexpr int kLayers = 3, kExperts = 8, kTopK = 2;
const std::string kNasty = "<script>alert('&\"')</script>\x01\xFF]]>";

void check(const Result<void>& result)
{
    if (!result)
        throw std::runtime_error(result.error().text());
}

struct World {
    QTemporaryDir folder;
    std::string path = folder.filePath("world.espalier").toStdString();
    study::Study study;
    World() : study(make(path)) {}
    static study::Study make(const std::string& path)
    {
        auto made = study::Study::create(path, test::madeUpModel(kLayers, kExperts, kTopK));
        if (!made)
            throw std::runtime_error(made.error().text());
        return std::move(made).value();
    }
    void measure(const std::vector<std::string>& domains)
    {
        const auto run = study.beginRun({{"model", "/models/a b"},
                                         {"context", 64},
                                         {"compute", "float32"},
                                         {"version", "0.1.0"},
                                         {"data", {{{"domain", "alpha"}, {"file", "it's.txt"}, {"sha256", "c0ffee"}}}}},
                                        1);
        std::uint64_t seed = 3;
        for (const auto& name : domains)
            check(study.commitProgress(
                *run, test::sumTokens(test::makeTokens(name, kLayers, 150, kExperts, kTopK, seed++), kTopK, 1), 1, 1));
        check(study.finishRun(*run, "finished"));
    }
    plan::Plan planFor(const std::string& name, int keep, const base::OrderedJson& settings = {})
    {
        auto statistics = std::make_shared<const stats::Statistics>(*study.loadStatistics());
        plan::PlanRequest request;
        request.name = name;
        request.score.method = "reap-sum";
        request.target.keepPerLayer = keep;
        auto plan = plan::Planner(study.model(), statistics).make(request);
        if (!plan)
            throw std::runtime_error(plan.error().text());
        for (const auto& [key, value] : settings.items())
            plan->settings[key] = value;
        check(study.savePlan(name, plan->toJson()));
        return *plan;
    }
    void validate(const std::string& plan)
    {
        const base::OrderedJson text{{"tokens", 900},
                                     {"perplexity", 21.5},
                                     {"perplexity_base", 20.0},
                                     {"kl_mean", 0.05},
                                     {"kl_p99", 0.5},
                                     {"top1_agreement", 0.91},
                                     {"perplexity_ratio_ci95", {1.0625, 1.0875}}};
        const base::OrderedJson task{{"items", 50},        {"accuracy", 0.28},
                                     {"accuracy_base", 1}, {"ci95", {0.18, 0.42}},
                                     {"p_value", 1e-9},    {"flips", {{"lost", 36}, {"gained", 0}}}};
        (void)study.addValidation({{"command", "espalier validate M --plan " + plan},
                                   {"plans",
                                    {{{"name", plan},
                                      {"control", false},
                                      {"predicted", {{"bytes", 1000}, {"memory", 5242880}}},
                                      {"domains", {{"alpha", text}}},
                                      {"tasks", {{"beta", task}}}}}}});
    }
};

/// The first table whose caption begins so.
const report::Table* findTable(const report::Document& document, const std::string& caption)
{
    for (const auto& section : document.sections)
        for (const auto& block : section.blocks)
            if (const auto* table = std::get_if<report::Table>(&block); table && table->caption.starts_with(caption))
                return table;
    return nullptr;
}

QString allText(const report::Document& document)
{
    std::string out;
    for (const auto& section : document.sections)
        for (const auto& block : section.blocks) {
            if (const auto* p = std::get_if<report::Paragraph>(&block))
                out += p->text + "\n";
            if (const auto* c = std::get_if<report::Commands>(&block))
                for (const auto& line : c->lines)
                    out += line + "\n";
        }
    return QString::fromStdString(out);
}

/// Reads the page as XML to its end; what is wrong, or nothing.
QString fault(const QString& html)
{
    QXmlStreamReader xml(html);
    while (!xml.atEnd())
        xml.readNext();
    return xml.hasError() ? xml.errorString() + " in line " + QString::number(xml.lineNumber()) : QString();
}

QString htmlOf(const study::Study& study, const report::ReportRequest& request = {})
{
    const auto document = report::makeReport(study, request);
    return document ? QString::fromStdString(report::toHtml(*document))
                    : QString::fromStdString(document.error().text());
}

} // namespace

class TestReport : public QObject {
    Q_OBJECT
private slots:
    void anEmptyStudySaysSo()
    {
        World world;
        const auto document = report::makeReport(world.study);
        QVERIFY(document.ok());
        const QString text = allText(*document);
        QVERIFY(text.contains("No text has been measured yet"));
        QVERIFY(text.contains("The study holds no plan"));
        QVERIFY(text.contains("Nothing has been validated"));
        QCOMPARE(fault(htmlOf(world.study)), QString());
    }

    /// Words come from the reader's catalogue, numbers and names from the study; a pattern that does not fit is not
    /// used.
    void wordsOfAnotherLanguage()
    {
        World world;
        world.measure({"alpha", "beta"});
        world.planFor("half", 4);
        world.validate("half");
        report::ReportRequest request;
        request.language = "xx";
        std::set<std::string> asked;
        request.texts = report::Texts([&](std::string_view english) {
            asked.insert(std::string(english));
            if (english == "{}: layers in numbers")
                return std::string("{0} {1} {2}"); // more places than there are values
            if (english == "{} of {}")
                return std::string("{1} >= {0}");
            return "~" + std::string(english);
        });
        const auto plain = report::makeReport(world.study);
        const auto other = report::makeReport(world.study, request);
        QVERIFY(plain.ok() && other.ok());
        QCOMPARE(other->sections.size(), plain->sections.size());
        QVERIFY(other->title.starts_with("~"));
        for (std::size_t s = 0; s < plain->sections.size(); ++s) {
            QCOMPARE(other->sections[s].title, "~" + plain->sections[s].title);
            QCOMPARE(other->sections[s].blocks.size(), plain->sections[s].blocks.size());
            for (std::size_t b = 0; b < plain->sections[s].blocks.size(); ++b) {
                const auto* here = std::get_if<report::Table>(&plain->sections[s].blocks[b]);
                const auto* there = std::get_if<report::Table>(&other->sections[s].blocks[b]);
                if (here == nullptr)
                    continue;
                QVERIFY(there != nullptr && there->columns.size() == here->columns.size());
                for (std::size_t c = 0; c < here->columns.size(); ++c)
                    QCOMPARE(there->columns[c].title, "~" + here->columns[c].title);
            }
        }
        QVERIFY(findTable(*other, "alpha: layers in numbers") != nullptr);
        const QString html = htmlOf(world.study, request);
        QVERIFY(html.contains("lang=\"xx\"") && html.contains("8 &gt;= 4"));
        QCOMPARE(fault(html), QString());
        QVERIFY(asked.size() > 60);
    }

    void numbersAreTheStudys()
    {
        World world;
        world.measure({"alpha", "beta"});
        const auto plan = world.planFor("half", 4);
        world.validate("half");
        const auto document = report::makeReport(world.study);
        QVERIFY2(document.ok(), document ? "" : document.error().text().c_str());
        const auto statistics = world.study.loadStatistics();
        const auto* texts = findTable(*document, "Texts that were measured");
        QVERIFY(texts != nullptr);
        QCOMPARE(texts->rows.size(), std::size_t(2));
        QCOMPARE(texts->rows[0][1], std::to_string(statistics->domains[0].tokens));

        // The expert that is named first is the one with the most tokens, found here by hand.
        const auto& alpha = statistics->domains[0];
        double most = -1;
        std::size_t layer = 0, expert = 0;
        for (std::size_t l = 0; l < alpha.layers.size(); ++l)
            for (std::size_t e = 0; e < std::size_t(kExperts); ++e)
                if (const double n = alpha.layers[l][stats::Stat::Count][e]; n > most) {
                    most = n;
                    layer = l;
                    expert = e;
                }
        const auto* named = findTable(*document, "alpha: the 10 experts");
        QVERIFY(named != nullptr);
        QCOMPARE(named->rows.size(), std::size_t(10));
        QCOMPARE(named->rows[0][0], std::to_string(alpha.layers[layer].layer().value()));
        QCOMPARE(named->rows[0][1], std::to_string(expert));
        QCOMPARE(std::stod(named->rows[0][2]), most);
        const auto wilson = stats::wilson95(std::llround(most), std::llround(alpha.layers[layer].tokens()));
        QCOMPARE(named->rows[0][6], fmt::format("{:.2f} to {:.2f} %", 100 * wilson.low, 100 * wilson.high));

        const auto* plans = findTable(*document, "Plans of the study");
        QVERIFY(plans != nullptr);
        QCOMPARE(plans->rows[0][0], std::string("half"));
        QCOMPARE(plans->rows[0][5], std::string("4 of 8"));
        QCOMPARE(plans->rows[0][10], fmt::format("{:.2f} %", 100 * std::min(plan.predicted.massKept.at("alpha"),
                                                                            plan.predicted.massKept.at("beta"))));
        static const QRegularExpression when("^20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d$");
        QVERIFY(when.match(QString::fromStdString(plans->rows[0][11])).hasMatch());
        const auto* kept = findTable(*document, "half: experts that stay");
        QVERIFY(kept != nullptr);
        for (std::size_t l = 0; l < plan.layers.size(); ++l) {
            std::vector<std::int32_t> ids; // "0–2, 5" read back
            for (const QString& part : QString::fromStdString(kept->rows[l][2]).split(", ")) {
                const QStringList ends = part.split(QString::fromUtf8("–"));
                for (int id = ends.first().toInt(); id <= ends.last().toInt(); ++id)
                    ids.push_back(id);
            }
            QCOMPARE(ids, plan.layers[l].keep);
        }
        const auto* mass = findTable(*document, "Share of the router's gate weight");
        QVERIFY(mass != nullptr);
        QCOMPARE(mass->rows[0][3], fmt::format("{:.2f} %", 100 * plan.predicted.massKept.at("alpha")));

        const auto* summary = findTable(*document, "Plans that were validated");
        QVERIFY(summary != nullptr);
        // beta's task lost 72 % of its items; alpha's divergence is below the limit. The plan was made for both.
        QCOMPARE(summary->rows[0][4], std::string("beta"));
        QCOMPARE(summary->rows[0][2], std::string("0.0500"));
        const auto* measured = findTable(*document, "half: texts");
        QVERIFY(measured != nullptr);
        QCOMPARE(measured->rows[0], (std::vector<std::string>{"alpha", "yes", "900", "20.000", "21.500", "1.0750",
                                                              "1.0625 to 1.0875", "0.0500", "0.500", "91.0 %"}));
        const auto* tasks = findTable(*document, "half: tasks");
        QVERIFY(tasks != nullptr);
        QCOMPARE(tasks->rows[0], (std::vector<std::string>{"beta", "yes", "50", "100.0 %", "28.0 %", "18.0 to 42.0 %",
                                                           "36", "0", "1e-09"}));
    }

    void commandsRepeatTheWork()
    {
        World world;
        world.measure({"alpha"});
        world.planFor("half cut", 4);
        world.planFor("fewer", 4, {{"top_k", 1}, {"skip", 0.25}});
        world.validate("half");
        const QString text = allText(*report::makeReport(world.study));
        const QString study = QString::fromStdString(world.path);
        QVERIFY2(text.contains("espalier profile '/models/a b' --study " + study +
                               " --data 'alpha=it'\\''s.txt' --context 64 --dtype float32"),
                 qPrintable(text));
        QVERIFY(text.contains("espalier plan " + study + " --name 'half cut' --method reap-sum --keep 4"));
        QVERIFY(text.contains("--top-k 1") && text.contains("--skip 0.25"));
        QVERIFY(text.contains("espalier validate M --plan half\n"));
    }

    void namesCannotBecomeMarkup()
    {
        World world;
        world.measure({"<script>alert('&\"')</script>", "beta"});
        world.planFor("<img src=x onerror=y>", 4);
        world.validate("<img src=x onerror=y>");
        const QString html = htmlOf(world.study);
        QCOMPARE(fault(html), QString());
        QVERIFY(!html.contains("<script") && !html.contains("<img"));
        QVERIFY(html.contains("&lt;script&gt;") && html.contains("&lt;img src=x"));
        const auto clean = QString::fromStdString(report::markup(kNasty));
        QCOMPARE(clean, QString::fromUtf8("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;��]]&gt;"));
    }

    void nothingComesFromElsewhere()
    {
        World world;
        world.measure({"alpha", "beta"});
        world.planFor("half", 4);
        world.validate("half");
        QString html = htmlOf(world.study);
        html.remove("xmlns=\"http://www.w3.org/2000/svg\"").remove("xmlns=\"http://www.w3.org/1999/xhtml\"");
        for (const char* sign : {"http:", "https:", "src=", "@import", "<link", "<script", "<iframe", "//"})
            QVERIFY2(!html.contains(sign), sign);
        static const QRegularExpression link("href=\"([^\"]*)\"");
        int links = 0;
        for (auto it = link.globalMatch(html); it.hasNext(); ++links) {
            const QString target = it.next().captured(1);
            QVERIFY(target.startsWith('#') && html.contains("id=\"" + target.mid(1) + '"'));
        }
        QCOMPARE(links, 5);
    }

    void importsSayWhatTheyLack()
    {
        World world;
        auto sums = test::sumTokens(test::makeTokens("counts", kLayers, 150, kExperts, kTopK, 5), kTopK, 1);
        stats::DomainStats counts;
        counts.name = "counts";
        counts.tokens = sums.tokens;
        stats::StatSelection none;
        for (const auto& layer : sums.layers) {
            stats::LayerStats bare(layer.layer(), layer.topology(), none);
            bare.addTokens(layer.tokens());
            const auto n = layer[stats::Stat::Count];
            check(bare.set(stats::Stat::Count, std::vector<double>(n.begin(), n.end())));
            counts.layers.push_back(std::move(bare));
        }
        const auto run = world.study.addMeasured({counts}, {{"text", "c.csv (counts)"},
                                                            {"form", "counts"},
                                                            {"notes", {"holds no gate weights"}},
                                                            {"files", {{{"name", "c.csv"}, {"sha256", "abc"}}}}});
        QVERIFY2(run.ok(), run ? "" : run.error().text().c_str());
        const auto plain = report::makeReport(world.study);
        QVERIFY(plain.ok());
        QVERIFY(allText(*plain).contains("holds no gate weights"));
        QVERIFY(findTable(*plain, "counts: the 10 experts") != nullptr);
        report::ReportRequest request;
        request.method = "reap-sum";
        const auto lacking = report::makeReport(world.study, request);
        QVERIFY(lacking.ok());
        QVERIFY2(allText(*lacking).contains("counts has no map"), qPrintable(allText(*lacking)));
        QVERIFY(findTable(*lacking, "counts: the 10 experts") == nullptr);
        QCOMPARE(fault(htmlOf(world.study, request)), QString());
    }

    void wrongWishesAndBrokenPlansAreNamed()
    {
        World world;
        world.measure({"alpha"});
        report::ReportRequest request;
        request.method = "fly";
        QCOMPARE(report::makeReport(world.study, request).error().code, ErrorCode::Usage);
        request.method = "aimer"; // looks at the weights alone
        QCOMPARE(report::makeReport(world.study, request).error().code, ErrorCode::Usage);
        request = {};
        request.domains = {"nowhere"};
        QCOMPARE(report::makeReport(world.study, request).error().code, ErrorCode::Usage);
        check(world.study.savePlan("broken", {{"schema", "espalier.plan/1"}, {"layers", 7}}));
        (void)world.study.addValidation({{"plans", {"no object", {{"name", 3}}}}});
        const QString text = allText(*report::makeReport(world.study));
        QVERIFY2(text.contains("Plan broken is not shown"), qPrintable(text));
    }

    void aMapDrawsEveryCellOnce()
    {
        report::HeatmapData data;
        const double nan = std::nan("");
        data.layers = {LayerIndex(0), LayerIndex(3)};
        data.values = {{1, 2, 0, nan}, {8, 0.5, 0.25, 0}};
        data.dead = {{false, false, true, false}, {false, false, false, true}};
        const report::Scale scale{-6, 3, true, "x"};
        QCOMPARE(scale.at(1), 6.0 / 9);
        QCOMPARE(scale.at(8), 1.0);
        QCOMPARE(scale.at(1e-9), 0.0);
        const QString svg = QString::fromStdString(report::heatmapFigure({}, data, scale).svg);
        QCOMPARE(svg.count("h.93v.93h-.93z"), 6); // five coloured, one not measured
        QCOMPARE(svg.count("l5 5m0 -5l-5 5"), 2); // dead
        QVERIFY(svg.contains("class=\"void\""));
        QVERIFY(svg.contains(">L3<"));
        // Large maps: neighbours of one colour are one shape, and the whole stays small.
        data = {};
        for (int l = 0; l < 94; ++l) {
            data.layers.emplace_back(l);
            auto& row = data.values.emplace_back();
            for (int e = 0; e < 512; ++e)
                row.push_back(std::exp2((e * 7 + l) % 9 - 6.0));
        }
        QVERIFY(report::heatmapFigure({}, data, scale).svg.size() < 1200000);
    }

    void thePlotPutsSmallAndGoodLowerLeft()
    {
        const std::vector<report::ParetoPoint> points{{"good", 1e9, 0.01, false}, {"bad", 2e9, 1.0, true}};
        const QString svg = QString::fromStdString(report::paretoFigure({}, points, 4e9).svg);
        static const QRegularExpression circle("<circle cx=\"([\\d.]+)\" cy=\"([\\d.]+)\" r=\"5\" class=\"(\\w+)\"");
        auto it = circle.globalMatch(svg);
        const auto good = it.next(), bad = it.next();
        QVERIFY(good.captured(1).toDouble() < bad.captured(1).toDouble());
        QVERIFY(good.captured(2).toDouble() > bad.captured(2).toDouble());
        QCOMPARE(bad.captured(3), QString("hollow"));
    }
};

QTEST_APPLESS_MAIN(TestReport)
#include "tst_report.moc"
