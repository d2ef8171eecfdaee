// SPDX-License-Identifier: GPL-3.0-or-later
// A study of imported statistics in the window: what is there is shown, what is not known stays blank and is said.
#include "core/study/study.h"
#include "tests/views/study_fixture.h"
#include "views/models/compare_data.h"
#include "views/models/expert_facts.h"
#include "views/models/map_table_model.h"
#include "views/models/plan_domain_model.h"
#include "views/pages/compare_page.h"
#include "views/pages/overview_page.h"
#include "views/pages/planner_page.h"
#include "views/theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>
#include <QTest>

#include <cmath>

using namespace espalier;
using namespace espalier::views;
using stats::Stat;
using test::StudyFixture;

namespace {

/// Counts per layer of the fixture's model (3 layers, 6 experts, top-2, 10 tokens); an empty list: not measured.
stats::DomainStats counted(const std::string& name, const std::vector<std::vector<double>>& layers)
{
    stats::DomainStats domain;
    domain.name = name;
    domain.tokens = 10;
    domain.importedFrom = name + ".csv (count table, CSV)";
    for (std::size_t l = 0; l < layers.size(); ++l) {
        auto& layer = domain.layers.emplace_back(LayerIndex(static_cast<std::int32_t>(l)), stats::Topology{6, 2, 4},
                                                 stats::StatSelection{});
        if (layers[l].empty())
            continue;
        layer.addTokens(10);
        (void)layer.set(Stat::Count, layers[l]);
    }
    return domain;
}

const std::vector<double> kOne{8, 4, 4, 2, 2, 0}, kTwo{0, 2, 2, 4, 4, 8};

QString allText(const QWidget& widget)
{
    QString text;
    for (const auto* label : widget.findChildren<QLabel*>())
        text += label->text() + QLatin1Char('\n');
    return text;
}

} // namespace

class TestImportedStudy : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void maps()
    {
        stats::Statistics statistics;
        statistics.domains = {counted("whole", {kOne, kTwo, kOne}), counted("part", {kTwo, {}, kTwo})};
        auto unknown = counted("energies", {{}, {}, {}});
        unknown.tokens = 0;
        for (auto& layer : unknown.layers)
            (void)layer.set(Stat::InnerEnergy, {6, 5, 4, 3, 2, 1});
        statistics.domains.push_back(unknown);

        const auto quantities = mapQuantities(statistics);
        QStringList ids;
        for (const auto& quantity : quantities)
            ids << QString::fromStdString(quantity.id);
        QCOMPARE(ids, (QStringList{"ratio", "share", "frequency", "seer-hard", "energy"}));
        const auto& share = quantities[1];
        const auto whole = overviewMap(statistics, share, "whole");
        QVERIFY(whole.ok());
        QCOMPARE(whole->at(0, 0).value, 100 * 8.0 / 20);
        const auto part = overviewMap(statistics, share, "part");
        QVERIFY(part.ok());
        QVERIFY(part->at(0, 5).measured && !part->at(1, 5).measured && part->at(2, 5).measured);
        QCOMPARE(part->concentrations[1].dead, -1);
        QVERIFY(std::isnan(heatmapOf(*part, false, 100).values[6]));
        QCOMPARE(part->dead(), 2);                              // of two measured layers
        const auto pooled = overviewMap(statistics, share, {}); // where not all have counted, nothing is said
        QVERIFY(pooled.ok() && !pooled->at(0, 0).measured);
        const auto energies = overviewMap(statistics, quantities[4], "energies");
        QVERIFY(energies.ok());
        QCOMPARE(energies->at(2, 1).value, 5.0);
        QVERIFY(std::isnan(energies->at(2, 1).tokens) && std::isnan(energies->tokens));
        QCOMPARE(energies->dead(), 0); // unknown is not dead
        const auto refused = overviewMap(statistics, quantities[2], "energies");
        QVERIFY(!refused.ok());
        MapTableModel table;
        table.setMap(std::make_shared<const OverviewMap>(*energies), 100);
        QVERIFY(!table.index(table.rowOf(2, 1), MapTableModel::Tokens).data().toString().contains(QLatin1Char('0')));

        const auto facts = expertFacts(statistics, "whole", 1, 0);
        QVERIFY(std::isnan(facts.gate.value) && !facts.hasNorms && std::isnan(facts.reapSum));
        QCOMPARE(facts.domains.size(), std::size_t{3});
        QCOMPARE(facts.domains[0].ratio.value, 0.0);
        QVERIFY(std::isnan(facts.domains[1].ratio.value)); // "part" has not measured layer 1

        const auto compared = compareDomains(statistics, "whole", "part");
        QVERIFY(compared.ok());
        QVERIFY(!compared->delta.at(1, 0).measured);
        QVERIFY(std::abs(compared->moved - 0.6) < 1e-9); // 12 of 20 choices in each layer that both have
        QVERIFY(std::abs(compared->secondCurve.back() - 1) < 1e-9);
    }

    void pages()
    {
        StudyFixture f(false);
        {
            auto file = study::Study::open(f.study.toStdString(), study::OpenMode::ReadWrite);
            QVERIFY(file.ok());
            const base::OrderedJson source{{"text", "whole.csv (count table, CSV)"}};
            QVERIFY(file->addMeasured({counted("whole", {kOne, kTwo, kOne}), counted("part", {kTwo, {}, kTwo})}, source)
                        .ok());
        }
        QVERIFY(f.open());
        OverviewPage overview(&f.session);
        overview.resize(1200, 800);
        overview.show();
        QVERIFY(QTest::qWaitForWindowExposed(&overview));
        QVERIFY(overview.usable());
        QVERIFY(overview.chooseDomain(QStringLiteral("part")));
        const QString text = allText(overview);
        QVERIFY2(text.contains(QStringLiteral("imported from whole.csv")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("gate weights")) && text.contains(QStringLiteral("expert outputs")),
                 qPrintable(text));
        ComparePage compare(&f.session);
        compare.resize(1200, 800);
        compare.show();
        QVERIFY(QTest::qWaitForWindowExposed(&compare));

        PlannerPage planner(&f.session);
        planner.resize(1200, 800);
        planner.show();
        QVERIFY(QTest::qWaitForWindowExposed(&planner));
        const auto* methods = planner.findChild<QComboBox*>(QStringLiteral("method"));
        QVERIFY(methods);
        const auto* items = qobject_cast<const QStandardItemModel*>(methods->model());
        QVERIFY(items);
        QVERIFY(items->item(methods->findData(QStringLiteral("frequency")))->isEnabled());
        QVERIFY(!items->item(methods->findData(QStringLiteral("reap")))->isEnabled());
    }

    void gateWeightKeptIsNotKnown()
    {
        StudyFixture f(false);
        {
            auto file = study::Study::open(f.study.toStdString(), study::OpenMode::ReadWrite);
            QVERIFY(file.ok());
            QVERIFY(file->addMeasured({counted("whole", {kOne, kTwo, kOne})}, {{"text", "whole.csv"}}).ok());
        }
        QVERIFY(f.open());
        PlanEditor editor;
        editor.setData(f.session.model(), f.session.statistics());
        QVERIFY2(editor.ready() && editor.problem().isEmpty(), qPrintable(editor.problem()));
        PlanDomainModel domains(&editor);
        QCOMPARE(domains.rowCount(), 1);
        QCOMPARE(domains.index(0, PlanDomainModel::Verdict).data().toString(), QStringLiteral("not known"));
        QVERIFY(!domains.index(0, PlanDomainModel::Kept).data().toString().contains(QLatin1Char('0')));
    }
};

QTEST_MAIN(TestImportedStudy)
#include "tst_imported_study.moc"
