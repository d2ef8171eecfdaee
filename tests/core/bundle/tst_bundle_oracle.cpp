// SPDX-License-Identifier: Apache-2.0
// A bundle is the masked base: in this engine, and in transformers, which loads the folder like any other model. There
// the comparison is made in float64, because its float32 router rounds by how many experts it multiplies with.
#include "tests/core/bundle/bundle_support.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
namespace fs = std::filesystem;

class TestBundleOracle : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    struct Cut {
        fs::path source, bundle;
        std::vector<test::TokenSequence> texts;
        plan::Plan plan;
        int vocabulary = 0;
    };
    std::map<QString, Cut> m_cuts;

    Cut make(const QString& name, int keep) const
    {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / name.toStdString();
        Cut cut;
        cut.source = folder / "source";
        if (name.startsWith("demo")) {
            cut.source = test::demoFolder();
        } else {
            test::TinyOptions options;
            options.tied = name.startsWith("tied");
            options.normTopK = !options.tied;
            if (options.tied)
                options.mlpOnlyLayers = {1};
            test::writeTinyCheckpoint(cut.source, options);
        }
        const auto model = test::must(model::openModel(cut.source));
        cut.vocabulary = model.summary.vocabulary;
        cut.plan = test::cutOf(model, keep, 5);
        cut.texts = test::randomTexts(model, {1, 17, 60});
        cut.bundle = folder / "bundle";
        test::mustExport(model, cut.plan, cut.bundle, 1'000'000); // some shards
        return cut;
    }

private slots:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        base::OrderedJson cases = base::OrderedJson::array();
        for (const auto& [name, keep] : {std::pair{"demo, 16 of 32", 16},
                                         {"demo, 5 of 32", 5},
                                         {"tied, dense layer, not renormalised", 4},
                                         {"as few as the router needs", 2}}) {
            const Cut cut = make(name, keep);
            const fs::path folder = cut.bundle.parent_path();
            cases.push_back(test::oracleCase(cut.bundle, cut.texts, nullptr, folder / "float32.f32"));
            cases.push_back(test::oracleCase(cut.bundle, cut.texts, nullptr, folder / "sliced.f32"));
            cases.back()["double"] = true;
            cases.push_back(test::oracleCase(cut.source, cut.texts, &cut.plan, folder / "masked.f32"));
            cases.back()["double"] = true;
            m_cuts.emplace(name, cut);
        }
        test::writeText(m_dir.filePath("cases.json").toStdString(), cases.dump());
        const auto run = test::runOracle("logits.py", {m_dir.filePath("cases.json")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    void slicedEqualsMasked_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& [name, cut] : m_cuts)
            QTest::newRow(qPrintable(name)) << name;
    }
    void slicedEqualsMasked()
    {
        QFETCH(const QString, name);
        const Cut& cut = m_cuts.at(name);
        const auto ours = test::collectLogits(*test::openMachine(cut.bundle).engine, cut.texts);
        const auto base = test::openMachine(cut.source);
        const auto masked = test::collectLogits(*base.engine, cut.texts, &cut.plan);
        const auto whole = test::collectLogits(*base.engine, cut.texts);
        const auto theirs = [&](const char* file) {
            return test::readOracleLogits(cut.bundle.parent_path() / file, cut.texts, cut.vocabulary);
        };
        const auto largest = [&](const test::Logits& a, const test::Logits& b) {
            double difference = 0;
            for (std::size_t s = 0; s < cut.texts.size(); ++s)
                difference = std::max(difference, test::largestDifference(a[s], b[s]));
            return difference;
        };
        const double here = largest(ours, masked), there = largest(theirs("sliced.f32"), theirs("masked.f32")),
                     across = largest(ours, theirs("float32.f32")), changed = largest(ours, whole);
        qInfo("sliced against masked: here %.2g, transformers %.2g; here against transformers %.2g; cut against whole "
              "%.2g",
              here, there, across, changed);
        QVERIFY(here <= 1e-5);
        QVERIFY(there <= 1e-5);
        QVERIFY(across <= 1e-3);
        QVERIFY(changed > 1e-2); // the cut is one
    }
};

QTEST_GUILESS_MAIN(TestBundleOracle)
#include "tst_bundle_oracle.moc"
