// SPDX-License-Identifier: Apache-2.0
// Validation of the bundled model against transformers with masked routers: each answer, perplexity, KL and agreement;
// then what the report says about them, random controls, refusals.
#include "core/engine/task_items.h"
#include "core/engine/validate_job.h"
#include "tests/core/engine/engine_support.h"
#include "tests/support/oracle.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fmt/format.h>
#include <set>

using namespace espalier;
namespace fs = std::filesystem;

class TestValidateJob : public QObject {
    Q_OBJECT

    static fs::path demo() { return fs::path(ESPALIER_SOURCE_DIR) / "resources/demo"; }

    static engine::ValidateRequest request(int items, std::int64_t tokens)
    {
        engine::ValidateRequest request;
        for (const char* name : {"json", "number-german"})
            request.tasks.push_back({name, demo() / fmt::format("tasks/{}.jsonl", name)});
        request.texts = {{"prose-french", demo() / "tasks/prose-french.jsonl"}};
        request.context = 128;
        request.maxTokens = TokenCount(tokens);
        request.maxItems = items;
        request.engine.compute = engine::ComputeType::Float32;
        request.engine.threads = 1;
        return request;
    }

    static base::OrderedJson keepOf(const plan::Plan& plan)
    {
        base::OrderedJson keep;
        for (const auto& layer : plan.layers)
            keep[std::to_string(layer.layer.value())] = layer.keep;
        return keep;
    }

    /// Texts, prompts and plans as tests/oracle/tasks.py takes them.
    static base::OrderedJson oracleJob(const std::vector<engine::Task>& tasks, const engine::TextSet& text,
                                       const std::vector<plan::Plan>& plans)
    {
        base::OrderedJson job{{"plans", base::OrderedJson::array()},
                              {"tasks", base::OrderedJson::array()},
                              {"max_tokens", 48},
                              {"texts", base::OrderedJson::array()}};
        for (const auto& plan : plans)
            job["plans"].push_back(keepOf(plan));
        for (const auto& task : tasks)
            for (const auto& item : task.items)
                job["tasks"].push_back({{"prompt", item.prompt}, {"answer", item.expected}});
        for (const auto& window : text.windows)
            job["texts"].push_back(window.ids);
        return job;
    }

private slots:
    void equalsTransformers()
    {
        ESPALIER_NEED_ORACLE();
        const auto model = test::must(model::openModel(demo() / "model"));
        const auto asked = request(8, 600);
        const auto tokenizer = test::must(tokenizer::Tokenizer::load(demo() / "model"));
        const auto tasks = test::must(engine::readTasks(asked, tokenizer, model.spec));
        const auto data = test::must(tokenizer::readDocuments(asked.texts[0]));
        const engine::TextSet text{
            "prose-french", test::must(tokenizer::cutIntoWindows(data, tokenizer, asked.context, asked.maxTokens))};
        const std::vector<plan::Plan> plans{test::randomPlan(model, 22, 3), test::randomPlan(model, 12, 4)};

        const QTemporaryDir dir;
        test::writeText(dir.filePath("job.json").toStdString(), oracleJob(tasks, text, plans).dump());
        const auto run = test::runOracle("tasks.py", {QString::fromStdString((demo() / "model").string()),
                                                      dir.filePath("job.json"), dir.filePath("out.json")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto oracle = test::must(base::readJsonFile(dir.filePath("out.json").toStdString()));

        // Each answer
        const auto engine = test::must(engine::openEngine(model, asked.engine));
        const std::vector<engine::PlanPointer> variants{nullptr, &plans[0], &plans[1]};
        std::size_t place = 0, wrong = 0, right = 0;
        std::vector<std::vector<std::vector<bool>>> verdicts; // [task][variant][item], by transformers
        for (const auto& task : tasks) {
            // A cache for a handful of answers at a time: several batches
            const auto answers =
                test::must(engine::answerTask(*engine, task, variants, tokenizer, model.spec, 48, 2U << 20U, {}));
            auto& verdict = verdicts.emplace_back(variants.size());
            for (std::size_t v = 0; v < variants.size(); ++v)
                for (std::size_t i = 0; i < task.items.size(); ++i) {
                    const auto theirs = oracle["answers"][v][place + i].get<std::string>();
                    const auto& ours = answers.given[v][i];
                    const bool same = theirs == task.items[i].expected;
                    verdict[v].push_back(same);
                    (same ? right : wrong) += 1;
                    QVERIFY2(
                        same ? ours == theirs : ours != task.items[i].expected && theirs.starts_with(ours),
                        fmt::format("{} variant {}: \"{}\", transformers \"{}\"", task.items[i].prompt, v, ours, theirs)
                            .c_str());
                }
            place += task.items.size();
        }
        QVERIFY(right > 12 && wrong > 6); // the plans were chosen so that both happen

        // The report
        auto whole = asked;
        whole.plans = plans;
        const auto report = test::must(engine::runValidation(model, whole, {}));
        for (std::size_t p = 0; p < plans.size(); ++p) {
            const auto& theirs = oracle["texts"][p + 1];
            const auto& ours = report.plans[p].domains.at("prose-french");
            QCOMPARE(ours.tokens, theirs["tokens"].get<std::int64_t>());
            const auto close = [](double a, double b, double allowed) { return std::fabs(a / b - 1) < allowed; };
            QVERIFY(close(ours.perplexityBase, oracle["texts"][0]["perplexity"].get<double>(), 1e-5));
            QVERIFY(close(ours.perplexity, theirs["perplexity"].get<double>(), 1e-5));
            QVERIFY(close(ours.klMean, theirs["kl_mean"].get<double>(), 1e-4));
            QVERIFY(close(ours.klP99, theirs["kl_p99"].get<double>(), 1e-3));
            QVERIFY(std::fabs(ours.top1Agreement - theirs["top1_agreement"].get<double>()) < 0.002);
            for (std::size_t t = 0; t < tasks.size(); ++t) {
                const auto& base = verdicts[t][0];
                const auto& now = verdicts[t][p + 1];
                std::int64_t lost = 0, gained = 0, hits = 0;
                for (std::size_t i = 0; i < base.size(); ++i) {
                    hits += now[i] ? 1 : 0;
                    lost += base[i] && !now[i] ? 1 : 0;
                    gained += now[i] && !base[i] ? 1 : 0;
                }
                const auto& outcome = report.plans[p].tasks.at(tasks[t].name);
                QCOMPARE(outcome.items, 8);
                QCOMPARE(outcome.lost, lost);
                QCOMPARE(outcome.gained, gained);
                QCOMPARE(outcome.accuracy, static_cast<double>(hits) / 8);
                QCOMPARE(outcome.pValue, stats::mcnemarExact(lost, gained));
                QCOMPARE(outcome.ci95.low, stats::wilson95(hits, 8).low);
                QCOMPARE(outcome.lostExamples.size(), static_cast<std::size_t>(std::min<std::int64_t>(3, lost)));
            }
        }
        const auto& kl = report.plans[1].domains.at("prose-french");
        qInfo("base perplexity %.4f, plan %.4f (transformers %.4f), KL %.5f (%.5f); %zu answers right, %zu wrong",
              kl.perplexityBase, kl.perplexity, oracle["texts"][2]["perplexity"].get<double>(), kl.klMean,
              oracle["texts"][2]["kl_mean"].get<double>(), right, wrong);
    }

    void controlsAndNames()
    {
        const auto model = test::must(model::openModel(demo() / "model"));
        auto asked = request(2, 60);
        asked.tasks.pop_back();
        auto plan = test::randomPlan(model, 16, 1);
        plan.layers[2].keep = {0, 1, 2, 3, 4}; // its own count
        plan.name = "";
        plan.predicted = {};
        asked.plans = {plan, plan};
        asked.plans[1].name = "plan-1";
        asked.randomControls = 2;
        double last = 0;
        std::set<std::string> phases;
        base::JobContext job;
        bool rising = true;
        job.progress = [&](const base::ProgressEvent& event) {
            if (!phases.contains(event.phase))
                last = 0;
            phases.insert(event.phase);
            rising = rising && event.done >= last && event.done <= event.total;
            last = event.done;
        };
        const auto report = test::must(engine::runValidation(model, asked, job));
        QVERIFY(rising);
        QVERIFY(phases.contains("comparing texts"));
        QVERIFY(phases.contains("answering json"));
        QCOMPARE(report.plans.size(), 4U);
        QCOMPARE(report.plans[0].name, std::string("plan-1"));
        QCOMPARE(report.plans[1].name, std::string("plan-1 (2)"));
        QCOMPARE(report.plans[2].name, std::string("control-1"));
        QVERIFY(!report.plans[1].control);
        QVERIFY(report.plans[2].control && report.plans[3].control);
        QCOMPARE(report.plans[2].bytes, report.plans[0].bytes); // same counts in every layer
        QCOMPARE(report.plans[3].bytes, report.plans[0].bytes);
        QVERIFY(report.plans[0].bytes < model.summary.bytes.total());
        QVERIFY(report.plans[0].memory > report.plans[0].bytes);
        QVERIFY(report.plans[2].domains.at("prose-french").klMean > 0);
        QVERIFY(report.plans[2].domains.at("prose-french").klMean != report.plans[3].domains.at("prose-french").klMean);
        QCOMPARE(report.plans[0].domains.at("prose-french").klMean, report.plans[1].domains.at("prose-french").klMean);
        QVERIFY(report.tokensPerSecond > 0 && report.seconds > 0);
    }

    void planThatKeepsAllIsTheBase()
    {
        const auto model = test::must(model::openModel(demo() / "model"));
        auto asked = request(3, 200);
        asked.plans = {plan::Plan::keepAll(model.summary)};
        const auto report = test::must(engine::runValidation(model, asked, {}));
        const auto& domain = report.plans[0].domains.at("prose-french");
        QCOMPARE(domain.perplexity, domain.perplexityBase);
        QCOMPARE(domain.klMean, 0.0);
        QCOMPARE(domain.top1Agreement, 1.0);
        QCOMPARE(report.basePerplexity.at("prose-french"), domain.perplexityBase);
        QCOMPARE(report.plans[0].tasks.at("json").lost, 0);
        QCOMPARE(report.plans[0].tasks.at("json").pValue, 1.0);
        QCOMPARE(report.plans[0].bytes, model.summary.bytes.total());

        asked.plans.clear(); // the base alone
        const auto alone = test::must(engine::runValidation(model, asked, {}));
        QCOMPARE(alone.basePerplexity.at("prose-french"), domain.perplexityBase);
        QCOMPARE(alone.baseAccuracy.at("json"), 1.0);
        QVERIFY(alone.plans.empty());
    }

    void refuses()
    {
        const auto model = test::must(model::openModel(demo() / "model"));
        const QTemporaryDir dir;
        const auto fails = [&](const engine::ValidateRequest& asked, ErrorCode code, const char* reason) {
            const auto report = engine::runValidation(model, asked, {});
            if (report.ok() || report.error().code != code || report.error().text().find(reason) == std::string::npos)
                qWarning("%s", report.ok() ? "accepted" : report.error().text().c_str());
            return !report.ok() && report.error().code == code &&
                   report.error().text().find(reason) != std::string::npos;
        };
        engine::ValidateRequest nothing;
        QVERIFY(fails(nothing, ErrorCode::Usage, "nothing to compare on"));
        auto asked = request(2, 60);
        asked.randomControls = 1;
        QVERIFY(fails(asked, ErrorCode::Usage, "plan"));
        asked.plans = {test::randomPlan(model, 16, 1)};
        asked.plans[0].fingerprint = "of another model";
        QVERIFY(fails(asked, ErrorCode::BadInput, "of another model"));
        asked = request(2, 60);
        asked.tasks = {{"prose", demo() / "tasks/prose-french.jsonl"}};
        QVERIFY(fails(asked, ErrorCode::BadInput, "prompt and an answer"));
        std::string longPrompt;
        for (int i = 0; i < 2000; ++i)
            longPrompt += "Zug ";
        const auto file = dir.filePath("long.jsonl").toStdString();
        test::writeText(file, base::OrderedJson{{"prompt", "a"}, {"answer", "b"}}.dump() + "\n" +
                                  base::OrderedJson{{"prompt", longPrompt}, {"answer", "b"}}.dump() + "\n");
        asked.tasks = {{"long", file}};
        QVERIFY(fails(asked, ErrorCode::BadInput, "line 2"));
        asked = request(2, 60);
        asked.maxTokens = TokenCount(1);
        QVERIFY(fails(asked, ErrorCode::BadInput, "too short"));
    }

    void cancels()
    {
        const auto model = test::must(model::openModel(demo() / "model"));
        auto asked = request(2, 60);
        std::stop_source source;
        source.request_stop();
        base::JobContext job;
        job.stop = source.get_token();
        const auto report = engine::runValidation(model, asked, job);
        QVERIFY(!report.ok());
        QVERIFY(report.error().code == ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestValidateJob)
#include "tst_validate_job.moc"
