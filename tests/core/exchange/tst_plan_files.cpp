// SPDX-License-Identifier: Apache-2.0
// Plans in other programs' forms: kept sets against a direct reading of the files, written here without the library.
#include "core/exchange/plan_files.h"
#include "tests/core/exchange/exchange_support.h"
#include "tests/support/oracle.h"
#include "tests/support/shared_data.h"

#include <QProcess>
#include <QRegularExpression>
#include <algorithm>
#include <numeric>
#include <random>
#include <set>

using namespace espalier;
using namespace espalier::exchange;
using namespace espalier::test;

namespace {

using Kept = std::vector<std::set<int>>;

/// A plan with random keep lists, `counts` long in turn, and random rankings.
plan::Plan randomPlan(const model::ModelSummary& model, const std::vector<int>& counts, bool ranked = true)
{
    std::mt19937 random(11);
    auto plan = plan::Plan::keepAll(model);
    plan.name = "half";
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
        auto& layer = plan.layers[l];
        layer.order.resize(static_cast<std::size_t>(model.experts));
        std::iota(layer.order.begin(), layer.order.end(), 0);
        std::shuffle(layer.order.begin(), layer.order.end(), random);
        layer.keep.assign(layer.order.begin(), layer.order.begin() + counts[l % counts.size()]);
        std::sort(layer.keep.begin(), layer.keep.end());
        if (!ranked)
            layer.order.clear();
    }
    return plan;
}

Kept keptOf(const plan::Plan& plan)
{
    Kept kept;
    for (const auto& layer : plan.layers)
        kept.emplace_back(layer.keep.begin(), layer.keep.end());
    return kept;
}

base::OrderedJson json(const std::string& text)
{
    const auto parsed = base::parseJson(text, "test");
    if (!parsed)
        throw std::runtime_error(parsed.error().text());
    return *parsed;
}

QByteArray pythonSays(const QString& program, const QStringList& arguments)
{
    QProcess python;
    python.start(oraclePython(), QStringList{QStringLiteral("-c"), program} + arguments);
    if (!python.waitForFinished(120000) || python.exitCode() != 0)
        throw std::runtime_error(python.readAllStandardError().toStdString());
    return python.readAllStandardOutput();
}

} // namespace

class TestPlanFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    /// Both matrices of every layer, rows in the order of their main experts, against those of a direct reading.
    static void sameMatrices(const plan::Plan& plan, const base::OrderedJson& expected)
    {
        for (std::size_t l = 0; l < plan.layers.size(); ++l) {
            const auto& layer = plan.layers[l];
            const auto mixing = layer.mixing ? *layer.mixing : method::ExpertMixing::selection(layer.keep, 8);
            std::vector<float> merge, router;
            for (std::size_t row = 0; row < layer.keep.size(); ++row)
                for (std::size_t i = 0; i < 8; ++i) {
                    merge.push_back(expected[l]["merge"][row][i].get<float>());
                    router.push_back(expected[l]["router"][row][i].get<float>());
                }
            QVERIFY(mixing.merge == merge && mixing.router == router);
        }
    }

private slots:
    void vllmAscend()
    {
        const auto model = madeUpModel(3, 8, 2);
        for (const bool ranked : {true, false}) {
            const auto plan = randomPlan(model, {5}, ranked);
            const auto text = exportPlan(plan, model, PlanForm::VllmAscend);
            QVERIFY_RESULT(text);
            // Directly: one object a line, all experts, the first five are the kept ones.
            const auto lines = QString::fromStdString(text->text).split('\n', Qt::SkipEmptyParts);
            QCOMPARE(lines.size(), 3);
            for (int l = 0; l < 3; ++l) {
                const auto line = json(lines[l].toStdString());
                const auto ids = line[std::to_string(l + 1)].get<std::vector<int>>();
                QCOMPARE(std::set<int>(ids.begin(), ids.end()).size(), std::size_t{8});
                QCOMPARE(std::set<int>(ids.begin(), ids.begin() + 5), keptOf(plan)[static_cast<std::size_t>(l)]);
                if (ranked)
                    QVERIFY(std::equal(ids.begin(), ids.end(), plan.layers[static_cast<std::size_t>(l)].order.begin()));
            }
            QVERIFY(text->notes[0].find("0.375") != std::string::npos); // 1 - 5/8
            writeBytes(at("a.jsonl"), text->text);
            PlanImport options;
            QVERIFY_ERROR(importPlan({at("a.jsonl")}, options, model), 2, "--keep");
            options.keep = 5;
            const auto back = importPlan({at("a.jsonl")}, options, model);
            QVERIFY_RESULT(back);
            QCOMPARE(keptOf(back->plan), keptOf(plan));
            options.keep = 1;
            QVERIFY_ERROR(importPlan({at("a.jsonl")}, options, model), 2, "chooses 2");
        }
        QVERIFY_ERROR(exportPlan(randomPlan(model, {5, 4}), model, PlanForm::VllmAscend), 3, "--allocate uniform");
    }

    void vllmProfile()
    {
        const auto model = madeUpModel(3, 8, 2);
        const auto plan = randomPlan(model, {5, 4, 8});
        const auto text = exportPlan(plan, model, PlanForm::Vllm);
        QVERIFY_RESULT(text);
        const auto profile = json(text->text);
        QCOMPARE(profile["version"].get<int>(), 1);
        Kept kept(3, {0, 1, 2, 3, 4, 5, 6, 7});
        for (const auto& pair : profile["pruned_experts"])
            kept[pair[0].get<std::size_t>() - 1].erase(pair[1].get<int>());
        QCOMPARE(kept, keptOf(plan));
        writeBytes(at("p.json"), text->text);
        const auto back = importPlan({at("p.json")}, {}, model);
        QVERIFY_RESULT(back);
        QCOMPARE(keptOf(back->plan), kept);
        QCOMPARE(back->plan.method, std::string("imported"));
        QCOMPARE(back->plan.settings["source"]["files"][0]["name"].get<std::string>(), std::string("p.json"));
        QVERIFY(back->plan.predicted.bytes.total() > 0);
    }

    void easyEpMask()
    {
        const auto model = madeUpModel(3, 8, 2);
        const auto plan = randomPlan(model, {5, 4, 8});
        const auto text = exportPlan(plan, model, PlanForm::EasyEp);
        QVERIFY_RESULT(text);
        const auto mask = json(text->text);
        QCOMPARE(mask.size(), std::size_t{3});
        Kept kept(3);
        for (std::size_t l = 0; l < 3; ++l)
            for (std::size_t e = 0; e < 8; ++e)
                if (mask[l][e] == 1.0)
                    kept[l].insert(static_cast<int>(e));
        QCOMPARE(kept, keptOf(plan));
        writeBytes(at("mask.json"), text->text);
        const auto back = importPlan({at("mask.json")}, {}, model);
        QVERIFY_RESULT(back);
        QCOMPARE(keptOf(back->plan), kept);
    }

    /// The pattern, used as llama.cpp uses it (a search in tensor names), leaves whole layers within the plan's bytes.
    void llamaPlacement()
    {
        const auto model = madeUpModel(6, 8, 2);
        const auto plan = randomPlan(model, {3, 6, 4, 6, 2, 3}); // 24 of 48: three whole layers fit
        const auto text = exportPlan(plan, model, PlanForm::LlamaCpp);
        QVERIFY_RESULT(text);
        auto value = QString::fromStdString(text->text).trimmed();
        QVERIFY(value.endsWith(QStringLiteral("=CPU")));
        value.chop(4);
        const QRegularExpression pattern(value);
        QVERIFY(pattern.isValid());
        std::set<int> onDevice;
        for (int l = 1; l <= 6; ++l)
            for (const char* part : {"gate", "up", "down", "gate_up"}) {
                const auto name = QStringLiteral("blk.%1.ffn_%2_exps.weight").arg(l).arg(part);
                if (!pattern.match(name).hasMatch())
                    onDevice.insert(l);
            }
        QCOMPARE(onDevice, (std::set<int>{2, 3, 4})); // where the plan keeps most
        for (const char* other : {"blk.1.attn_q.weight", "blk.11.ffn_up_exps.weight", "blk.1.ffn_gate_inp.weight",
                                  "blk.1.ffn_up_shexp.weight", "output.weight"})
            QVERIFY2(!pattern.match(QLatin1String(other)).hasMatch(), other);
        QVERIFY_ERROR(exportPlan(plan::Plan::keepAll(model), model, PlanForm::LlamaCpp), 3, "every expert");
        PlanImport options;
        options.form = PlanForm::LlamaCpp;
        writeBytes(at("ot.txt"), text->text);
        QVERIFY_ERROR(importPlan({at("ot.txt")}, options, model), 2, "does not say which experts");
    }

    void premoePattern()
    {
        ESPALIER_NEED_SHARED(folder, "data/patterns/premoe");
        ESPALIER_NEED_ORACLE();
        const auto model = madeUpModel(58, 256, 8, 3); // DeepSeek-R1: 58 of 61 layers
        PlanImport options;
        options.keep = 32;
        const auto imported = importPlan({folder / "example.index", folder / "example.pt"}, options, model);
        QVERIFY_RESULT(imported);
        // The pair's own reading: top 32 of the first row, mapped through each layer's permutation.
        const auto expected =
            json(pythonSays(QStringLiteral("import sys, json, torch, struct\n"
                                           "raw = open(sys.argv[1], 'rb').read()[-1024:]\n"
                                           "s = torch.tensor(struct.unpack('<256f', raw))\n"
                                           "top = torch.topk(s, 32).indices\n"
                                           "p = torch.load(sys.argv[2], map_location='cpu', weights_only=False)\n"
                                           "print(json.dumps([sorted(top.tolist())] + "
                                           "[sorted(r[top].tolist()) for r in p[0]]))\n"),
                            {QString::fromStdString((folder / "example.index").string()),
                             QString::fromStdString((folder / "example.pt").string())})
                     .toStdString());
        QCOMPARE(expected.size(), std::size_t{58});
        for (std::size_t l = 0; l < 58; ++l)
            QCOMPARE(imported->plan.layers[l].keep, expected[l].get<std::vector<std::int32_t>>());
        QCOMPARE(imported->plan.layers[0].layer.value(), 3);
        // The order of files does not matter; another model, row or a missing count is refused.
        QVERIFY(importPlan({folder / "example.pt", folder / "example.index"}, options, model)->plan.layers ==
                imported->plan.layers);
        QVERIFY_ERROR(importPlan({folder / "example.index", folder / "example.pt"}, options, madeUpModel(57, 256, 8)),
                      3, "56, 256");
        QVERIFY_ERROR(importPlan({folder / "example.index", folder / "example.pt"}, {}, model), 2, "--keep");
        options.task = 1;
        QVERIFY_ERROR(importPlan({folder / "example.index", folder / "example.pt"}, options, model), 2, "0 to 0");
    }

    void eepCoefficients()
    {
        ESPALIER_NEED_SHARED(folder, "data/patterns/eep");
        ESPALIER_NEED_ORACLE();
        const auto model = madeUpModel(32, 8, 2, 0); // Mixtral 8x7B
        QStringList files;
        for (const auto& entry : fs::directory_iterator(folder))
            files << QString::fromStdString(entry.path().string());
        QVERIFY(files.size() >= 5);
        const auto expected =
            json(pythonSays(QStringLiteral("import sys, json, re, torch\n"
                                           "def layer(m, w):\n"
                                           "    o = m.argmax(1).argsort()\n"
                                           "    return dict(keep=m.argmax(1)[o].tolist(), merge=m[o].tolist(),\n"
                                           "                router=w[o].tolist())\n"
                                           "out = []\n"
                                           "for f in sys.argv[1:]:\n"
                                           "    d = torch.load(f, map_location='cpu', weights_only=True)\n"
                                           "    layers = [layer(d['others'], d['others_transfer'])] * 32\n"
                                           "    for k, m in d.items():\n"
                                           "        g = re.fullmatch(r'layers\\.(?:(\\d+)|\\[(\\d+)-(\\d+)\\])', k)\n"
                                           "        if g:\n"
                                           "            a = int(g[1] or g[2]); b = int(g[1] or g[3])\n"
                                           "            w = d['transfer.' + k[len('layers.'):]]\n"
                                           "            for l in range(a, b + 1): layers[l] = layer(m, w)\n"
                                           "    out.append(layers)\n"
                                           "print(json.dumps(out))\n"),
                            files)
                     .toStdString());
        for (qsizetype f = 0; f < files.size(); ++f) {
            const auto& layers = expected[static_cast<std::size_t>(f)];
            const fs::path file = files[f].toStdString();
            const auto kept = importPlan({file}, {}, model);
            PlanImport options;
            options.mixing = true;
            const auto mixed = importPlan({file}, options, model);
            QVERIFY_RESULT(kept);
            QVERIFY_RESULT(mixed);
            for (std::size_t l = 0; l < 32; ++l) {
                QCOMPARE(kept->plan.layers[l].keep, layers[l]["keep"].get<std::vector<std::int32_t>>());
                QCOMPARE(mixed->plan.layers[l].keep, kept->plan.layers[l].keep);
            }
            QVERIFY(!kept->notes.empty()); // every published file mixes somewhere, and that is said
            QVERIFY(!kept->plan.mixes() && mixed->plan.mixes());
            sameMatrices(mixed->plan, layers);
        }
        QVERIFY_ERROR(importPlan({fs::path(files[0].toStdString())}, {PlanForm::Vllm, {}, 0, true}, model), 2,
                      "--mixing");
    }
};

QTEST_GUILESS_MAIN(TestPlanFiles)
#include "tst_plan_files.moc"
