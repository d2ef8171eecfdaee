// SPDX-License-Identifier: Apache-2.0
// Multiple choice: likelihoods of every choice, and what is right, item by item as transformers has it with lm-eval's
// rules, for the whole model and under plans, resident and streamed.
#include "core/engine/task_items.h"
#include "core/tokenizer/model_tokenizer.h"
#include "tests/core/engine/engine_support.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace espalier;
using namespace espalier::test;
namespace fs = std::filesystem;

namespace {

/// Queries that end in spaces and newlines, choices of one letter and of several scripts, one choice twice.
const char* const kItems =
    "{\"query\": \"82-27=\", \"choices\": [\"55\", \"54\", \"65\"], \"gold\": 0}\n"
    "{\"query\": \"{\\\"id\\\": 7, \", \"choices\": [\"\\\"name\\\": \\\"x\\\"}\", \"}\", \"[1, 2]\"], \"gold\": 0}\n"
    "{\"query\": \"Der Hund\\n\", \"choices\": [\"läuft schnell\", \"日本語\", \"läuft schnell\"], \"gold\": 2}\n"
    "{\"query\": \"Le chat  \", \"choices\": [\"dort.\", \"mange du poisson tous les jours.\"], \"gold\": 1}\n"
    "{\"query\": \"x\", \"choices\": [\"y\", \"z\", \" w\", \"\\tq\"], \"gold\": 3}\n"
    "{\"prompt\": \"int main() {\", \"choices\": [\"return 0; }\", \"лошадь\"], \"gold\": 0}\n";

} // namespace

class TestChoices : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    [[nodiscard]] std::string at(const char* name) const
    {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }
    static base::OrderedJson keepOf(const plan::Plan& plan)
    {
        base::OrderedJson keep;
        for (const auto& layer : plan.layers)
            keep[std::to_string(layer.layer.value())] = layer.keep;
        return keep;
    }

private slots:
    void equalsTransformers()
    {
        ESPALIER_NEED_ORACLE();
        const fs::path folder = fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model";
        const auto model = must(model::openModel(folder));
        const auto tokenizer = must(tokenizer::tokenizerOf(model.checkpoint));
        writeText(at("items.jsonl"), kItems);
        engine::ValidateRequest request;
        request.tasks = {{"choices", at("items.jsonl")}};
        request.engine = {engine::ComputeType::Float32, 1, {}, {}};
        const auto tasks = must(engine::readTasks(request, tokenizer, model.spec));
        QCOMPARE(tasks.size(), std::size_t{1});
        QCOMPARE(tasks[0].choices.size(), std::size_t{6});

        const std::vector<plan::Plan> plans{randomPlan(model, 20, 5), randomPlan(model, 8, 6)};
        base::OrderedJson job{{"plans", {keepOf(plans[0]), keepOf(plans[1])}}, {"items", base::OrderedJson::array()}};
        for (const auto& item : tasks[0].choices)
            job["items"].push_back({{"query", item.query}, {"choices", item.choices}, {"gold", item.gold}});
        writeText(at("job.json"), job.dump());
        const auto run = runOracle("choices.py", {QString::fromStdString(folder.string()),
                                                  m_folder.filePath("job.json"), m_folder.filePath("out.json")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto oracle = must(base::readJsonFile(at("out.json")));

        const std::vector<engine::PlanPointer> variants{nullptr, &plans[0], &plans[1]};
        std::vector<std::vector<std::vector<double>>> resident;
        for (const std::uint64_t window : {0U, 1U}) { // 1: streamed
            engine::EngineOptions options = request.engine;
            options.window = ByteSize(window);
            const auto engine = must(engine::openEngine(model, options));
            const auto likely = must(engine::weighChoices(*engine, tasks[0], variants, {}));
            for (std::size_t v = 0; v < variants.size(); ++v)
                for (std::size_t i = 0; i < tasks[0].choices.size(); ++i)
                    for (std::size_t c = 0; c < tasks[0].choices[i].choices.size(); ++c) {
                        const double theirs = oracle[v][i]["likelihoods"][c].get<double>();
                        const double ours = likely.values[v][i][c];
                        QVERIFY2(std::abs(ours - theirs) < 1e-3 * std::max(1.0, std::abs(theirs) / 10),
                                 qPrintable(QString("variant %1 item %2 choice %3: %4, transformers %5")
                                                .arg(v)
                                                .arg(i)
                                                .arg(c)
                                                .arg(ours)
                                                .arg(theirs)));
                    }
            if (window == 0)
                resident = likely.values;
            else
                QVERIFY(likely.values == resident); // to the bit
        }
        for (std::size_t v = 0; v < variants.size(); ++v) {
            const auto outcome = engine::judgeChoices(tasks[0], resident[0], resident[v]);
            double right = 0, norm = 0;
            for (std::size_t i = 0; i < tasks[0].choices.size(); ++i) {
                QCOMPARE(static_cast<bool>(outcome.right[i]), oracle[v][i]["acc"].get<bool>());
                right += oracle[v][i]["acc"].get<bool>() ? 1 : 0;
                norm += oracle[v][i]["acc_norm"].get<bool>() ? 1 : 0;
            }
            QCOMPARE(outcome.accuracy, right / 6);
            QCOMPARE(outcome.accuracyNorm.value_or(-1), norm / 6);
        }
        // A choice that stands twice is a tie: the first counts
        QVERIFY(!engine::judgeChoices(tasks[0], resident[0], resident[0]).right[2]);

        // The report says the same
        request.plans = plans;
        const auto report = must(engine::runValidation(model, request, {}));
        QCOMPARE(report.plans[1].tasks.at("choices").accuracy,
                 engine::judgeChoices(tasks[0], resident[0], resident[2]).accuracy);
        QVERIFY(report.toJson()["plans"][0]["tasks"]["choices"].contains("accuracy_norm"));
    }

    /// The published items read as they are.
    void publishedItems()
    {
        ESPALIER_NEED_SHARED(folder, "data/tasks");
        const auto model = must(model::openModel(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model"));
        const auto tokenizer = must(tokenizer::tokenizerOf(model.checkpoint));
        for (const char* name : {"arc_easy", "arc_challenge", "piqa"}) {
            engine::ValidateRequest request;
            request.tasks = {{name, folder / (std::string(name) + ".jsonl")}};
            const auto tasks = must(engine::readTasks(request, tokenizer, model.spec));
            QVERIFY(tasks[0].choices.size() > 1000 && tasks[0].items.empty());
            for (const auto& item : tasks[0].choices)
                for (const auto& ending : item.endings)
                    QVERIFY(ending.from >= 1 && ending.from < ending.ids.size());
        }
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* line, const char* says) {
            QTest::newRow(name) << QByteArray(line) << QByteArray(says);
        };
        row("no query", R"({"choices": ["a", "b"], "gold": 0})", "query");
        row("one choice", R"({"query": "q", "choices": ["a"], "gold": 0})", "at least two");
        row("no text", R"({"query": "q", "choices": ["a", 3], "gold": 0})", "something else than texts");
        row("empty choice", R"({"query": "q", "choices": ["a", ""], "gold": 0})", "something else than texts");
        row("no gold", R"({"query": "q", "choices": ["a", "b"]})", "gold");
        row("gold beyond", R"({"query": "q", "choices": ["a", "b"], "gold": 2})", "gold");
        row("both kinds",
            "{\"query\": \"q\", \"choices\": [\"a\", \"b\"], \"gold\": 1}\n{\"prompt\": \"p\", \"answer\": \"a\"}",
            "two tasks");
    }
    void refusals()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const QByteArray, says);
        const auto model = must(model::openModel(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model"));
        const auto tokenizer = must(tokenizer::tokenizerOf(model.checkpoint));
        writeText(at("bad.jsonl"), line.toStdString() + "\n");
        engine::ValidateRequest request;
        request.tasks = {{"bad", at("bad.jsonl")}};
        const auto read = engine::readTasks(request, tokenizer, model.spec);
        QVERIFY(!read.ok() && read.error().code == ErrorCode::BadInput);
        QVERIFY2(read.error().text().find(says.toStdString()) != std::string::npos, read.error().text().c_str());
        QVERIFY2(read.error().text().find("line ") != std::string::npos, read.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(TestChoices)
#include "tst_choices.moc"
