// SPDX-License-Identifier: Apache-2.0
// The JSON keys that scripts read, command by command, and that the numbers behind them are what they say.
#include "tests/app/cli/cli_run.h"

#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <cmath>
#include <numeric>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::quoted;

class TestJsonKeys : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<test::TinyWorld> m_world;

    static void need(const OrderedJson& object, const std::vector<const char*>& keys)
    {
        for (const char* key : keys)
            if (!object.contains(key))
                throw std::runtime_error(fmt::format("no key '{}' in {}", key, object.dump().substr(0, 400)));
    }
    static OrderedJson run(const QStringList& arguments)
    {
        const auto run = cli(arguments + QStringList{"--json"});
        if (run.code != 0)
            throw std::runtime_error(fmt::format("exit code {}: {}", run.code, run.err.toStdString()));
        return run.json();
    }
    [[nodiscard]] QString at(const char* name) const { return quoted(m_world->folder / name); }

private slots:
    void initTestCase() { m_world = std::make_unique<test::TinyWorld>(m_dir.filePath("world").toStdString()); }

    void inspect()
    {
        const auto json = run({"inspect", quoted(test::demo())});
        need(json, {"family", "layers", "moe_layers", "experts", "top_k", "shared_experts", "vocabulary", "parameters",
                    "bytes", "dtypes", "warnings", "fingerprint"});
        need(json["bytes"], {"total", "routed_experts", "shared_experts", "router", "attention", "embedding", "other"});
        QCOMPARE(json["family"].get<std::string>(), "qwen3_moe");
        QCOMPARE(json["layers"].get<int>(), 6);
        QCOMPARE(json["moe_layers"].get<int>(), 6);
        QCOMPARE(json["experts"].get<int>(), 32);
        QCOMPARE(json["top_k"].get<int>(), 4);
        QCOMPARE(json["shared_experts"].get<int>(), 0);
        QCOMPARE(json["vocabulary"].get<int>(), 2048);
        QVERIFY(json["warnings"].is_array() && json["warnings"].empty());
        QVERIFY(json["fingerprint"].is_string());
        std::uint64_t sum = 0;
        for (const auto& [part, bytes] : json["bytes"].items())
            sum += part == "total" ? 0 : bytes.get<std::uint64_t>();
        QCOMPARE(sum, json["bytes"]["total"].get<std::uint64_t>());
        // What stands in the file: its length less the header
        const auto file = test::demo() / "model.safetensors";
        const std::string content = test::readText(file);
        std::uint64_t header = 0;
        std::memcpy(&header, content.data(), sizeof header);
        QCOMPARE(json["bytes"]["total"].get<std::uint64_t>(), content.size() - 8 - header);
        QCOMPARE(json["parameters"].get<std::uint64_t>() * 2, json["bytes"]["total"].get<std::uint64_t>()); // bfloat16
    }

    void profileAndStudies()
    {
        const auto json = run(m_world->profile(m_world->folder / "keys.espalier"));
        need(json, {"study", "tokens", "seconds", "tokens_per_second", "weight_bytes_read", "weight_bytes_total",
                    "peak_rss_bytes", "roofline", "seconds_waiting", "seconds_computing", "seconds_reading", "overlap",
                    "read"});
        need(json["roofline"], {"flops", "bytes_per_second", "fraction"});
        QCOMPARE(json["study"].get<std::string>(), (m_world->folder / "keys.espalier").string());
        QVERIFY(json["tokens"]["words"].get<int>() > 100 && json["tokens"]["numbers"].get<int>() > 100);
        QCOMPARE(json["tokens"].size(), 2U);
        QVERIFY(json["tokens"]["words"].is_number_integer());
        QVERIFY(json["seconds"].get<double>() > 0 && json["tokens_per_second"].get<double>() > 0);
        QVERIFY(json["weight_bytes_read"].get<std::uint64_t>() >= json["weight_bytes_total"].get<std::uint64_t>() / 2);
        QVERIFY(json["peak_rss_bytes"].get<std::uint64_t>() > (50U << 20U)); // libtorch alone
        const double fraction = json["roofline"]["fraction"].get<double>();
        QVERIFY(fraction > 0 && fraction <= 1);
        QVERIFY(json["roofline"]["flops"].get<double>() > 0);

        const auto info = run({"study", "info", at("keys.espalier")});
        QCOMPARE(info["runs"].size(), 1U);
        QCOMPARE(info["runs"][0]["state"].get<std::string>(), "finished");
        QCOMPARE(info["domains"].size(), 2U);
        const auto check = run({"study", "check", at("keys.espalier")});
        QVERIFY(check["ok"].get<bool>() && !check["checks"].empty());
    }

    void dryRunStatesTheCostAndMeasuresNothing()
    {
        const auto json = run(m_world->profile(m_world->folder / "dry.espalier") + QStringList{"--dry-run"});
        need(json, {"tokens", "study_bytes", "flops", "seconds", "seconds_computing", "seconds_reading", "memory_bytes",
                    "disk_bytes", "disk_free_bytes", "passes", "streamed", "compute"});
        QVERIFY(!std::filesystem::exists(m_world->folder / "dry.espalier"));
        QVERIFY(json["seconds"].get<double>() > 0 && json["flops_per_second"].get<double>() > 1e8);
        QVERIFY(json["memory_bytes"].get<std::uint64_t>() > json["weight_bytes_total"].get<std::uint64_t>());
        QVERIFY(json["disk_bytes"].get<std::uint64_t>() >= json["study_bytes"].get<std::uint64_t>());
        QCOMPARE(json["passes"].get<int>(), 1);
    }

    void benchShowsSharesOfLimits()
    {
        const auto json = run({"bench", "--parts", "gemm,router,dispatch,layers", "--shapes", "olmoe-7b", "--tokens",
                               "64", "--repeats", "1", "--threads", "1"});
        need(json, {"cpu", "isa", "threads", "rows", "seconds"});
        std::map<std::string, int> rows;
        for (const auto& row : json["rows"]) {
            need(row, {"part", "name", "value", "unit", "seconds", "processor_seconds", "fraction", "limit", "note"});
            ++rows[row["part"].get<std::string>()];
            QVERIFY(row["value"].get<double>() > 0 && row["seconds"].get<double>() > 0);
            QCOMPARE(row["fraction"].is_null(), row["limit"].get<std::string>().empty());
        }
        QVERIFY((rows == std::map<std::string, int>{{"gemm", 3}, {"router", 1}, {"dispatch", 4}, {"layers", 4}}));
    }

    void benchReadsAndProfilesAGeneratedCheckpoint()
    {
        const auto folder = m_world->folder / "bench";
        std::filesystem::create_directories(folder);
        const auto json =
            run({"bench", "--parts", "io,end-to-end", "--tokens", "64", "--repeats", "1", "--folder", quoted(folder)});
        int reads = 0, profiles = 0;
        for (const auto& row : json["rows"]) {
            reads += row["part"] == "io" ? 1 : 0;
            profiles += row["part"] == "end-to-end" && row["value"].get<double>() > 0 ? 1 : 0;
        }
        QCOMPARE(reads, 6);
        QCOMPARE(profiles, 2);
        QVERIFY(std::filesystem::is_empty(folder)); // what it wrote is gone
    }

    void maxTokensCutsEveryDomain()
    {
        const auto json = run(m_world->profile(m_world->folder / "few.espalier") + QStringList{"--max-tokens", "70"});
        QCOMPARE(json["tokens"]["words"].get<int>(), 70);
        QCOMPARE(json["tokens"]["numbers"].get<int>(), 70);
    }

    void scores_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method :
             {"frequency", "gate-mass", "seer-hard", "seer-soft", "reap", "reap-sum", "reap-shrunk", "reap-lcb", "man",
              "msan", "unified", "easy-ep", "tcess", "peu", "shape", "random"})
            QTest::newRow(method) << QString(method);
    }
    void scores()
    {
        QFETCH(const QString, method);
        const auto json = run({"scores", quoted(m_world->study), "--method", method});
        need(json, {"method", "domains", "tokens", "layers"});
        QCOMPARE(json["method"].get<std::string>(), method.toStdString());
        QVERIFY(json["domains"] == OrderedJson({"numbers", "words"}) ||
                json["domains"] == OrderedJson({"words", "numbers"}));
        QVERIFY(json["tokens"].is_number_integer());
        QCOMPARE(json["layers"].size(), 3U);
        for (std::size_t l = 0; l < 3; ++l) {
            QCOMPARE(json["layers"][l]["layer"].get<std::size_t>(), l);
            const auto& experts = json["layers"][l]["experts"];
            QCOMPARE(experts.size(), 6U);
            std::int64_t routed = 0;
            for (std::size_t e = 0; e < experts.size(); ++e) {
                QCOMPARE(experts[e]["id"].get<std::size_t>(), e);
                QVERIFY(experts[e]["score"].is_number() && std::isfinite(experts[e]["score"].get<double>()));
                QVERIFY(experts[e]["stderr"].is_null() || experts[e]["stderr"].get<double>() >= 0);
                QVERIFY(experts[e]["tokens"].is_number_integer());
                routed += experts[e]["tokens"].get<std::int64_t>();
            }
            QCOMPARE(routed, 2 * json["tokens"].get<std::int64_t>()); // top-2
        }
        // The table for people holds the same numbers
        const auto csv = cli({"scores", quoted(m_world->study), "--method", method});
        QVERIFY_CODE(csv, 0);
        const auto rows = csv.out.split('\n');
        QCOMPARE(rows.front(), QByteArray("layer,expert,score,stderr,tokens"));
        QCOMPARE(rows.size(), 1 + 3 * 6 + 1);
        QCOMPARE(rows[1].split(',')[2].toDouble(), json["layers"][0]["experts"][0]["score"].get<double>());
        // One domain only
        const auto one = run({"scores", quoted(m_world->study), "--method", method, "--domain", "words"});
        QVERIFY(one["domains"] == OrderedJson({"words"}));
        QVERIFY(one["tokens"].get<std::int64_t>() < json["tokens"].get<std::int64_t>());
    }

    /// Scores of the weights alone: stored by one command, or measured from the model on the spot, to the same numbers.
    void weights()
    {
        const fs::path study = m_world->folder / "weights.espalier";
        const auto missing = cli({"scores", quoted(m_world->study), "--method", "aimer"});
        QVERIFY_CODE(missing, 3);
        QVERIFY_SAYS(missing, "espalier weights");
        const auto json = run({"weights", quoted(m_world->model), "--study", quoted(study), "--threads", "2"});
        need(json, {"study", "layers", "methods"});
        QCOMPARE(json["layers"].get<int>(), 3);
        QVERIFY(json["methods"] == OrderedJson({"aimer", "stun"}));
        QVERIFY(run({"study", "check", quoted(study)})["ok"].get<bool>());
        for (const char* method : {"aimer", "stun"}) {
            const auto stored = run({"scores", quoted(study), "--method", method});
            QVERIFY(stored == run({"scores", quoted(m_world->model), "--method", method}));
            QCOMPARE(stored["layers"].size(), 3U);
            QVERIFY(stored["domains"].empty() && stored["tokens"] == 0);
            const auto plan = run({"plan", quoted(study), "--name", method, "--method", method, "--keep", "4"});
            QCOMPARE(plan["layers"][2]["keep"].size(), 4U);
        }
    }

    void report()
    {
        const fs::path page = m_world->folder / "report.html";
        const auto json = run({"report", quoted(m_world->study), "--out", quoted(page), "--method", "reap-sum"});
        need(json, {"report", "bytes", "sections", "figures", "tables"});
        QCOMPARE(json["bytes"].get<std::uintmax_t>(), fs::file_size(page));
        QVERIFY(json["sections"] == OrderedJson({"model", "measured", "plans", "validations", "provenance"}));
        QVERIFY(json["figures"].get<int>() >= 2); // scale and at least one map
        // Never over the study itself, never from what is none.
        const auto over = cli({"report", quoted(m_world->study), "--out", quoted(m_world->study)});
        QVERIFY_CODE(over, 2);
        const auto none = cli({"report", quoted(page), "--out", quoted(m_world->folder / "other.html")});
        QVERIFY_CODE(none, 3);
        const auto nowhere = cli({"report", quoted(m_world->study), "--out", quoted(m_world->folder / "no/r.html")});
        QVERIFY_CODE(nowhere, 3);
    }

    void compare()
    {
        const fs::path study = m_world->folder / "compare.espalier";
        fs::copy_file(m_world->study, study);
        const QString items = at("items.jsonl");
        test::writeText(items.toStdString(),
                        "{\"prompt\":\"a 1\",\"answer\":\" 2\"}\n{\"prompt\":\"b\",\"answer\":\"c\"}\n");
        const auto json = run({"compare",      quoted(study),
                               "--method",     "reap-sum,frequency",
                               "--keep",       "4,3",
                               "--allocate",   "global",
                               "--random",     "2",
                               "--text",       "words=" + quoted(m_world->words),
                               "--task",       "items=" + items,
                               "--max-tokens", "200",
                               "--max-answer", "4",
                               "--dtype",      "float32",
                               "--threads",    "1",
                               "--save"});
        need(json, {"base", "rows", "weight_bytes_read", "seconds", "tokens_per_second"});
        QCOMPARE(json["rows"].size(), 2U * (2 * 2 + 2));
        std::map<std::string, int> baselines;
        for (const auto& row : json["rows"]) {
            need(row, {"name", "method", "allocator", "size", "kept", "bytes", "baseline", "domains", "tasks",
                       "mean_accuracy", "mean_kl"});
            ++baselines[row["baseline"].get<std::string>()];
            QCOMPARE(row["kept"].get<int>(), row["size"] == "keep 4" ? 12 : 9);
            const auto& task = row["tasks"]["items"];
            need(task, {"items", "accuracy", "ci95", "p_value", "p_value_random", "p_value_best"});
            QVERIFY(task["p_value_random"].get<double>() > 0 && task["p_value_random"].get<double>() <= 1);
            QCOMPARE(row["mean_kl"].get<double>(), row["domains"]["words"]["kl_mean"].get<double>());
        }
        QCOMPARE(baselines["random"], 4);
        QCOMPARE(baselines["uniform"], 4); // added beside global
        // The same plan by itself measures the same.
        const auto& first = json["rows"][0];
        const auto alone =
            run({"validate", quoted(m_world->model), "--study", quoted(study), "--plan",
                 QString::fromStdString(first["name"].get<std::string>()), "--text", "words=" + quoted(m_world->words),
                 "--max-tokens", "200", "--dtype", "float32", "--threads", "1"});
        QVERIFY(std::abs(alone["plans"][0]["domains"]["words"]["kl_mean"].get<double>() -
                         first["mean_kl"].get<double>()) < 1e-6);
        const auto table = cli({"compare", quoted(study), "--method", "reap-sum", "--keep", "4", "--text",
                                "words=" + quoted(m_world->words), "--max-tokens", "100", "--threads", "1"});
        QVERIFY_CODE(table, 0);
        QVERIFY(table.out.startsWith("keep 4") && table.out.contains("random 3"));
    }

    /// In passes of two plans, interrupted and resumed, a sweep is what one pass gives; the fronts are among its rows.
    void sweep()
    {
        const QString items = at("sweep-items.jsonl"), out = at("sweep"), whole = at("sweep-whole");
        test::writeText(items.toStdString(), "{\"prompt\":\"a 1\",\"answer\":\" 2\"}\n");
        const auto arguments = [&](const QString& folder, const QStringList& more) {
            return QStringList{"sweep",        quoted(m_world->study),
                               "--model",      quoted(m_world->model),
                               "--method",     "reap-sum",
                               "--keep",       "4,3",
                               "--domain",     "all",
                               "--domain",     "words",
                               "--random",     "1",
                               "--text",       "words=" + quoted(m_world->words),
                               "--task",       "items=" + items,
                               "--max-tokens", "100",
                               "--max-answer", "4",
                               "--dtype",      "float32",
                               "--threads",    "1",
                               "--out",        folder} +
                   more;
        };
        const auto json = run(arguments(whole, {}));
        need(json, {"schema", "complete", "passes", "base", "rows", "weight_bytes_read", "seconds"});
        QCOMPARE(json["rows"].size(), 2U * (2 + 1));
        QCOMPARE(json["passes"].get<int>(), 1);
        int front = 0;
        for (const auto& row : json["rows"]) {
            need(row, {"name", "method", "allocator", "scored_by", "size", "kept", "bytes", "memory", "baseline",
                       "mean_kl", "mean_accuracy", "domains", "tasks", "front_kl", "front_accuracy"});
            front += row["front_kl"].get<bool>() ? 1 : 0;
            QVERIFY(row["baseline"] != "random" || !row["front_kl"].get<bool>());
        }
        QVERIFY(front >= 1);
        run(arguments(out, {"--plans-per-pass", "2"}));
        // As if it had been stopped after the first pass
        auto partial = base::readJsonFile((out + "/sweep.json").toStdString());
        QVERIFY(partial.ok() && (*partial)["passes"] == 3);
        for (int i = 0; i < 4; ++i)
            (*partial)["rows"].erase((*partial)["rows"].size() - 1);
        (*partial)["complete"] = false;
        (*partial)["passes"] = 1;
        test::writeText((out + "/sweep.json").toStdString(), partial->dump());
        QVERIFY_CODE(cli(arguments(out, {})), 3);                               // a sweep is there
        QVERIFY_CODE(cli(arguments(out, {"--resume", "--max-items", "1"})), 3); // another one
        const auto resumed = run(arguments(out, {"--resume", "--plans-per-pass", "2"}));
        QCOMPARE(resumed["passes"].get<int>(), 3);
        QCOMPARE(resumed["rows"].size(), json["rows"].size());
        for (std::size_t i = 0; i < json["rows"].size(); ++i) {
            QVERIFY(resumed["rows"][i]["name"] == json["rows"][i]["name"]);
            QVERIFY(std::abs(resumed["rows"][i]["mean_kl"].get<double>() - json["rows"][i]["mean_kl"].get<double>()) <
                    1e-6);
        }
        const QString csv = QString::fromStdString(test::readText((out + "/sweep.csv").toStdString()));
        const auto lines = csv.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines[0].startsWith("name,method") && lines[0].contains("\"kl_mean words\""));
        for (const auto& line : lines) // names hold commas, and are quoted
            QCOMPARE(line.count(','), lines[0].count(',') + line.count(", "));
        QXmlStreamReader svg(QString::fromStdString(test::readText((out + "/pareto.svg").toStdString())));
        int marks = 0;
        while (!svg.atEnd())
            marks += svg.readNext() == QXmlStreamReader::StartElement && svg.name() == u"title" ? 1 : 0;
        QVERIFY2(!svg.hasError(), qPrintable(svg.errorString()));
        QCOMPARE(marks, 2 * 6);
    }

    void plan()
    {
        const auto json = run({"plan", quoted(m_world->study), "--name", "half", "--method", "reap-sum", "--ratio",
                               "0.5", "--domain", "words", "--protect", "min-k", "--out", at("half.json")});
        need(json, {"schema", "model", "method", "allocator", "protectors", "domains", "layers", "predicted"});
        QCOMPARE(json["schema"].get<std::string>(), "espalier.plan/1");
        QVERIFY(json["model"]["fingerprint"] == run({"inspect", quoted(m_world->model)})["fingerprint"]);
        QCOMPARE(json["model"]["family"].get<std::string>(), "qwen3_moe");
        QVERIFY(json["protectors"] == OrderedJson({"min-k"}) && json["domains"] == OrderedJson({"words"}));
        QCOMPARE(json["layers"].size(), 3U);
        for (const auto& layer : json["layers"]) {
            const auto keep = layer["keep"].get<std::vector<int>>();
            auto order = layer["order"].get<std::vector<int>>();
            QCOMPARE(keep.size(), 3U); // 6 − ⌊6·0.5⌋
            QVERIFY(std::is_sorted(keep.begin(), keep.end()));
            std::vector<int> best(order.begin(), order.begin() + 3);
            std::sort(best.begin(), best.end());
            QVERIFY(best == keep);
            std::sort(order.begin(), order.end());
            std::vector<int> all(6);
            std::iota(all.begin(), all.end(), 0);
            QVERIFY(order == all);
        }
        const auto& predicted = json["predicted"];
        need(predicted["bytes"],
             {"total", "routed_experts", "shared_experts", "router", "attention", "embedding", "other"});
        need(predicted["memory"], {"weights", "kv_cache", "workspace", "total"});
        const auto& memory = predicted["memory"];
        QCOMPARE(memory["total"].get<std::uint64_t>(), memory["weights"].get<std::uint64_t>() +
                                                           memory["kv_cache"].get<std::uint64_t>() +
                                                           memory["workspace"].get<std::uint64_t>());
        for (const char* domain : {"words", "numbers"}) {
            const double mass = predicted["mass_kept"][domain].get<double>();
            QVERIFY(mass > 0.3 && mass <= 1);
        }
        // The file is the document
        QVERIFY(*base::readJsonFile((m_world->folder / "half.json")) == json);
    }

    /// Fewer experts per token: in the plan, in the bundle's configuration, and the bundle computes what the plan
    /// showed.
    void fewerExpertsPerToken()
    {
        const auto plan = run({"plan", quoted(m_world->study), "--name", "one", "--method", "reap-sum", "--keep", "3",
                               "--top-k", "1", "--out", at("one.json")});
        QCOMPARE(plan["layers"][0]["top_k"].get<int>(), 1);
        run({"export", quoted(m_world->model), "--plan", at("one.json"), "--out", at("one"), "--threads", "1"});
        const auto config = *base::readJsonFile(m_world->folder / "one" / "config.json");
        QCOMPARE(config["num_experts_per_tok"].get<int>(), 1);
        QCOMPARE(config["num_experts"].get<int>(), 3);
        const auto verified = run({"verify", at("one"), "--against", quoted(m_world->model), "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>() && verified["max_abs_logit_difference"].get<double>() <= 1e-5);
        const auto mean = run({"plan", quoted(m_world->study), "--name", "mean", "--method", "reap-sum", "--keep", "3",
                               "--mean-top-k", "1.34", "--out", at("differing.json")});
        int active = 0;
        for (const auto& layer : mean["layers"])
            active += layer.contains("top_k") ? layer["top_k"].get<int>() : 2;
        QCOMPARE(active, 4); // 3 layers x 1.34
        const auto refused =
            cli({"export", quoted(m_world->model), "--plan", at("differing.json"), "--out", at("differing")});
        QVERIFY_CODE(refused, 3);
        QVERIFY_SAYS(refused, "different numbers");
    }

    void planTargets()
    {
        const auto kept = [&](const QStringList& target) {
            const auto json =
                run(QStringList{"plan", quoted(m_world->study), "--name", "t", "--method", "frequency"} + target);
            return json["layers"][0]["keep"].size();
        };
        QCOMPARE(kept({"--ratio", "0"}), 6U);
        QCOMPARE(kept({"--ratio", "0.1"}), 6U);  // ⌊0.6⌋ = 0
        QCOMPARE(kept({"--ratio", "0.34"}), 4U); // ⌊2.04⌋ = 2
        QCOMPARE(kept({"--ratio", "0.99"}), 2U); // at least top-k
        QCOMPARE(kept({"--keep", "5"}), 5U);
        QCOMPARE(kept({"--budget", "900GiB"}), 6U); // larger than the model keeps all
        const auto memory = [&](int keep) {
            return run({"plan", quoted(m_world->study), "--name", "m", "--method", "frequency", "--keep",
                        QString::number(keep)})["predicted"]["memory"]["total"]
                .get<std::uint64_t>();
        };
        for (int keep = 2; keep <= 5; ++keep) { // exactly enough, and one byte too little
            QCOMPARE(kept({"--budget", QString::number(memory(keep))}), static_cast<std::size_t>(keep));
            if (keep > 2)
                QCOMPARE(kept({"--budget", QString::number(memory(keep) - 1)}), static_cast<std::size_t>(keep - 1));
        }
        const auto tooLittle = cli({"plan", quoted(m_world->study), "--name", "m", "--method", "frequency", "--budget",
                                    QString::number(memory(2) - 1)});
        QVERIFY_CODE(tooLittle, 4);
        QVERIFY_SAYS(tooLittle, "--context"); // names what would help
        // One device is a budget; two share the layers, and the plan remembers them.
        QCOMPARE(kept({"--devices", QString::number(memory(4))}), 4U);
        QCOMPARE(kept({"--devices", "2x900GiB"}), 6U);
        const auto split = run({"plan", quoted(m_world->study), "--name", "d", "--method", "frequency", "--devices",
                                QStringLiteral("2x%1").arg(memory(4))});
        QCOMPARE(split["settings"]["devices"].size(), 2U);
        QVERIFY(split["layers"][0]["keep"].size() >= 4U);
        // A longer context costs cache, which experts have to make room for
        QCOMPARE(kept({"--budget", QString::number(memory(4)), "--context", "4140"}), 3U);
    }

    void validate()
    {
        const auto plan = m_world->plan(3);
        test::writeText(m_world->folder / "task.jsonl", "{\"prompt\":\"1+1=\",\"answer\":\"2\"}\n"
                                                        "{\"prompt\":\"2+2=\",\"answer\":\"4\"}\n");
        const QStringList base{"validate",     quoted(m_world->model),
                               "--plan",       quoted(plan),
                               "--text",       "words=" + quoted(m_world->words),
                               "--task",       "sums=" + at("task.jsonl"),
                               "--max-tokens", "200",
                               "--context",    "48",
                               "--max-answer", "4",
                               "--threads",    "1"};
        const auto json = run(base);
        need(json, {"base", "plans", "weight_bytes_read", "seconds", "tokens_per_second"});
        QCOMPARE(json["plans"].size(), 1U);
        const auto& entry = json["plans"][0];
        QCOMPARE(entry["name"].get<std::string>(), "keep3");
        const auto& domain = entry["domains"]["words"];
        need(domain, {"tokens", "perplexity", "perplexity_base", "kl_mean", "kl_p99", "top1_agreement"});
        QVERIFY(domain["perplexity_base"].get<double>() > 1 && domain["kl_mean"].get<double>() > 0);
        QVERIFY(domain["kl_p99"].get<double>() >= domain["kl_mean"].get<double>());
        const auto& task = entry["tasks"]["sums"];
        need(task, {"items", "accuracy", "accuracy_base", "ci95", "flips", "p_value"});
        need(task["flips"], {"lost", "gained"});
        QCOMPARE(task["items"].get<int>(), 2);
        QCOMPARE(task["ci95"].size(), 2U);

        // The gate makes it a check; a study keeps the result
        test::writeText(m_world->folder / "strict.json",
                        "{\"schema\":\"espalier.gate/1\",\"domains\":{\"words\":{\"kl_mean_max\":1e-9}}}");
        const auto gate =
            cli(base + QStringList{"--gate", at("strict.json"), "--json", "--study", quoted(m_world->study)});
        QVERIFY_CODE(gate, 1);
        QVERIFY(!gate.json()["gate"]["ok"].get<bool>() && gate.json()["gate"]["broken"].size() == 1);
        QCOMPARE(run({"study", "info", quoted(m_world->study)})["validations"].get<int>(), 1);
    }

    void exportAndVerify()
    {
        const auto plan = m_world->plan(4);
        const auto json =
            run({"export", quoted(m_world->model), "--plan", quoted(plan), "--out", at("out"), "--threads", "1"});
        need(json, {"directory", "files", "bytes", "predicted_bytes", "verified"});
        QCOMPARE(json["directory"].get<std::string>(), at("out").toStdString());
        QVERIFY(json["verified"].get<bool>());
        QCOMPARE(json["bytes"].get<std::uint64_t>(), json["predicted_bytes"].get<std::uint64_t>());
        std::vector<std::string> named;
        for (const auto& file : json["files"])
            named.push_back(file.is_string() ? file.get<std::string>() : file["name"].get<std::string>());
        std::sort(named.begin(), named.end());
        QVERIFY(named == test::namesIn(m_world->folder / "out"));

        for (const QStringList& against : {QStringList{}, {"--against", quoted(m_world->model), "--threads", "1"}}) {
            const auto verified = run(QStringList{"verify", at("out")} + against);
            need(verified, {"ok", "checks", "max_abs_logit_difference"});
            QVERIFY(verified["ok"].get<bool>() && verified["checks"].size() >= 6);
            for (const auto& check : verified["checks"])
                need(check, {"name", "ok", "detail"});
            QCOMPARE(verified["max_abs_logit_difference"].is_null(), against.isEmpty());
            if (!against.isEmpty())
                QVERIFY(verified["max_abs_logit_difference"].get<double>() <= 1e-5);
        }
    }

    void tokenizeAndGenerate()
    {
        test::writeText(m_world->folder / "text.txt", "Grün ist 1+1=2, “naïve”\n");
        const auto json = run({"tokenize", quoted(m_world->model), "--file", at("text.txt")});
        QCOMPARE(json.size(), 2U);
        QVERIFY(json["ids"].size() > 5 && json["text_roundtrip"].get<bool>());
        const auto generated =
            run({"generate", quoted(test::demo()), "--prompt", "82-27=", "--max-tokens", "8", "--threads", "1"});
        QVERIFY2(generated["text"].get<std::string>().starts_with("55"), generated.dump().c_str());
        const auto streamed =
            cli({"generate", quoted(test::demo()), "--prompt", "82-27=", "--max-tokens", "8", "--threads", "1"});
        QCOMPARE(streamed.out.toStdString(), generated["text"].get<std::string>() + "\n");
    }

    void logits()
    {
        test::writeText(m_world->folder / "ids.json", "[[1,2,3,4,5],[7],[9,8,7]]");
        const auto json = run({"logits", quoted(m_world->model), "--tokens", at("ids.json"), "--out", at("logits.npy"),
                               "--threads", "1"});
        QVERIFY(json["shape"] == OrderedJson({3, 5, 2048}));
        const std::string file = test::readText(m_world->folder / "logits.npy");
        QCOMPARE(file.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
        const std::size_t header = static_cast<unsigned char>(file[8]) + 256U * static_cast<unsigned char>(file[9]);
        QCOMPARE((10 + header) % 64, 0U);
        QVERIFY2(file.find("'descr': '<f4', 'fortran_order': False, 'shape': (3,5,2048,)") == 11,
                 file.substr(0, 80).c_str());
        QCOMPARE(file.size(), 10 + header + std::size_t{4} * 3 * 5 * 2048);
        const int lengths[] = {5, 1, 3};
        const char* data = file.data() + 10 + header;
        for (int s = 0; s < 3; ++s)
            for (int p = 0; p < 5; ++p)
                for (int v = 0; v < 2048; ++v) {
                    float value = 0;
                    std::memcpy(&value, data + 4 * ((s * 5 + p) * 2048 + v), sizeof value);
                    QCOMPARE(std::isnan(value), p >= lengths[s]); // NaN exactly behind the end
                }
        QCOMPARE(cli({"logits", quoted(m_world->model), "--tokens", at("ids.json"), "--out", at("masked.npy"), "--plan",
                      quoted(m_world->plan(3)), "--threads", "1"})
                     .code,
                 0);
        QVERIFY(test::readText(m_world->folder / "masked.npy") != file);
    }

    void doctorAndMethods()
    {
        const auto doctor = run({"doctor"});
        need(doctor, {"cores", "isa", "memory", "disk_write_bytes_per_second", "engine", "cuda", "mpi"});
        QVERIFY(doctor["engine"]["available"].get<bool>());
        need(doctor["cuda"], {"driver", "detail", "version", "devices", "plugin"});
        if (doctor["cuda"]["devices"].empty()) // says why
            QVERIFY(!doctor["cuda"]["detail"].get<std::string>().empty());
        need(doctor["mpi"], {"available", "detail", "mpirun"});
        const auto methods = run({"methods"});
        need(methods, {"scores", "allocators", "protectors", "appliers", "mergers", "others"});
        for (const char* kind : {"scores", "allocators", "protectors", "mergers", "others"})
            for (const auto& method : methods[kind])
                for (const char* key : {"id", "title", "paper", "formula"})
                    QVERIFY2(!method[key].get<std::string>().empty(), method.dump().c_str());
        for (const auto& score : methods["scores"])
            QVERIFY2(!score["cost"].get<std::string>().empty(), score.dump().c_str());
        std::vector<std::string> ids;
        for (const auto& method : methods["scores"]) {
            need(method, {"id", "paper", "needs", "formula"});
            ids.push_back(method["id"].get<std::string>());
        }
        QVERIFY(ids.size() >= 13);
        for (const char* id : {"frequency", "gate-mass", "seer-hard", "seer-soft", "reap", "reap-sum", "reap-shrunk",
                               "man", "msan", "easy-ep", "tcess", "peu", "random"})
            QVERIFY2(std::find(ids.begin(), ids.end(), id) != ids.end(), id);
    }
};

QTEST_GUILESS_MAIN(TestJsonKeys)
#include "tst_json_keys.moc"
