// SPDX-License-Identifier: Apache-2.0
// PreMoe's retrieval on the bundled model: held-out prompts find the pattern of their domain, those of a domain that
// was never profiled find none, and the matched experts answer better than others of the same number.
#include "core/plan/pattern_plan.h"
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>
#include <algorithm>
#include <numeric>
#include <set>

using namespace espalier;
using namespace espalier::test;

class TestPatternsCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    const QStringList m_domains{"json", "number-german", "arithmetic", "code-python", "prose-german"};

    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    [[nodiscard]] static QString prompts(const QString& domain)
    {
        return domain + "=" + quoted(demo("tasks")) + "/" + domain + ".jsonl";
    }
    [[nodiscard]] QStringList match(const char* library) const
    {
        return {"patterns", "match",   quoted(at(library)), "--model", quoted(demo()),
                "--dtype",  "float32", "--threads",         "1"};
    }

private slots:
    void initTestCase()
    {
        QVERIFY_CODE(cli(profile(at("demo.espalier"), m_domains, 4000)), 0);
        const auto built = runJson({"patterns", "build", quoted(at("demo.espalier")), "--out", quoted(at("lib.json"))});
        QCOMPARE(built["patterns"].size(), 5U);
        QCOMPARE(built["method"].get<std::string>(), "peu");
        QCOMPARE(built["signature_layers"].get<int>(), 6);
    }

    void heldOutPromptsFindTheirDomain()
    {
        auto arguments = match("lib.json") + QStringList{"--max-items", "30"};
        for (const QString& domain : m_domains)
            arguments << "--prompts" << prompts(domain);
        arguments << "--prompts" << prompts("heldout-spanish") << "--prompts" << prompts("prose-french");
        const auto json = runJson(arguments);
        QCOMPARE(json["matches"].size(), 7U * 30U);
        for (const QString& domain : m_domains) {
            const auto& rate = json["domains"][domain.toStdString()];
            QVERIFY2(rate["nearest_is_domain"].get<double>() >= 0.95, qPrintable(domain));
            QVERIFY2(rate["abstained"].get<double>() <= 0.2, qPrintable(domain));
        }
        for (const char* stranger : {"heldout-spanish", "prose-french"})
            QVERIFY2(json["domains"][stranger]["abstained"].get<double>() >= 0.95, stranger);
        // Together or alone, a prompt has the same distances.
        const auto& one = json["matches"][0];
        const auto items = readText(demo("tasks") / "json.jsonl");
        const auto first = *base::parseJson(items.substr(0, items.find('\n')), "json.jsonl");
        const auto alone =
            runJson(match("lib.json") +
                    QStringList{"--prompt", QString::fromStdString(first["prompt"].get<std::string>())})["matches"][0];
        QCOMPARE(alone["pattern"].get<std::string>(), one["pattern"].get<std::string>());
        QCOMPARE(alone["tokens"].get<int>(), one["tokens"].get<int>());
        QVERIFY(std::abs(alone["ranking"][0]["distance"].get<double>() - one["ranking"][0]["distance"].get<double>()) <
                1e-4);
    }

    /// The matched pattern's plan is its top K, a whole plan of the model, and answers where another pattern's does
    /// not.
    void matchedExpertsAnswer()
    {
        const auto own = runJson(match("lib.json") + QStringList{"--prompt", "count: 403, ready: false =>", "--keep",
                                                                 "16", "--out", quoted(at("own.json"))});
        QCOMPARE(own["matches"][0]["pattern"].get<std::string>(), "json");
        const auto other =
            runJson(match("lib.json") + QStringList{"--prompt", "Zahl: zweihunderteinundfünfzig =", "--keep", "16",
                                                    "--out", quoted(at("other.json"))});
        QCOMPARE(other["matches"][0]["pattern"].get<std::string>(), "number-german");
        const auto library = *base::readJsonFile(at("lib.json"), ByteSize(1U << 30U));
        const auto plan = *base::readJsonFile(at("own.json"));
        for (std::size_t l = 0; l < 6; ++l) {
            const auto scores = library["patterns"][0]["scores"][l].get<std::vector<double>>();
            const auto keep = plan["layers"][l]["keep"].get<std::vector<std::size_t>>();
            QCOMPARE(keep.size(), 16U);
            for (std::size_t out = 0; out < scores.size(); ++out)
                if (std::find(keep.begin(), keep.end(), out) == keep.end())
                    for (const auto in : keep)
                        QVERIFY(scores[in] >= scores[out]);
        }
        const auto measured =
            runJson({"validate", quoted(demo()), "--plan", quoted(at("own.json")), "--plan", quoted(at("other.json")),
                     "--task", prompts("json"), "--max-items", "40", "--dtype", "float32", "--threads", "1"});
        const auto accuracy = [&](std::size_t i) {
            return measured["plans"][i]["tasks"]["json"]["accuracy"].get<double>();
        };
        QVERIFY(accuracy(0) > accuracy(1) + 0.3);
    }

    /// Answers read only the experts of the matched patterns, the next prompt what the last one left out, and say what
    /// the patterns' plans say with everything in memory.
    void promptsAreAnsweredByMatchedExperts()
    {
        const auto built = runJson({"patterns", "build", quoted(at("demo.espalier")), "--out", quoted(at("first.json")),
                                    "--signature-layers", "1"});
        QCOMPARE(built["signature_layers"].get<int>(), 1);
        const QStringList texts{"count: 403, ready: false =>", "count: 77, ready: true =>",
                                "Zahl: zweihunderteinundfünfzig =", "count: 5, ready: true =>"};
        QStringList command{"generate", quoted(demo()), "--patterns",   quoted(at("first.json")),
                            "--keep",   "16",           "--max-tokens", "24",
                            "--dtype",  "float32",      "--threads",    "1"};
        for (const QString& text : texts)
            command << "--prompt" << text;
        const auto json = runJson(command);
        const auto& answers = json["answers"];
        QCOMPARE(answers.size(), 4U);
        const char* const patterns[] = {"json", "json", "number-german", "json"};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(answers[i]["pattern"].get<std::string>(), patterns[i]);
            QCOMPARE(answers[i]["pattern_experts"].get<int>(), 6 * 16);
            QVERIFY(answers[i]["seconds_to_first_token"].get<double>() > 0);
            QVERIFY(answers[i]["held_bytes"].get<std::uint64_t>() <=
                    json["expert_cache"]["capacity"].get<std::uint64_t>());
        }
        for (const std::size_t i : {1U, 2U}) {
            const QString prompt = texts[static_cast<int>(i)], plan = quoted(at(("plan" + std::to_string(i)).c_str()));
            runJson(match("first.json") + QStringList{"--prompt", prompt, "--keep", "16", "--out", plan});
            const auto whole = runJson({"generate", quoted(demo()), "--prompt", prompt, "--plan", plan, "--max-tokens",
                                        "24", "--dtype", "float32", "--threads", "1"});
            QVERIFY(answers[i]["ids"] == whole["ids"]);
        }
        QCOMPARE(answers[0]["loaded_experts"].get<int>(), 6 * 16); // nothing else, the first router needs none
        QCOMPARE(answers[0]["hit_rate"].get<double>(), 0.0);
        QCOMPARE(answers[1]["loaded_bytes"].get<int>(), 0);
        QCOMPARE(answers[1]["hit_rate"].get<double>(), 1.0);
        // What differs between the two plans, layer by layer
        int differ = 0;
        const auto one = *base::readJsonFile(at("plan1")), two = *base::readJsonFile(at("plan2"));
        for (std::size_t l = 0; l < 6; ++l)
            for (const auto& id : two["layers"][l]["keep"]) {
                const auto& known = one["layers"][l]["keep"];
                differ += std::find(known.begin(), known.end(), id) == known.end() ? 1 : 0;
            }
        QVERIFY(differ > 0 && differ < 6 * 16);
        QCOMPARE(answers[2]["loaded_experts"].get<int>(), differ);
        QCOMPARE(answers[2]["evicted_experts"].get<int>(), differ);
        QVERIFY(answers[2]["loaded_bytes"].get<std::uint64_t>() < answers[0]["loaded_bytes"].get<std::uint64_t>());

        // A larger cache keeps earlier patterns, too
        const auto roomy = runJson(command + QStringList{"--expert-cache", "1GiB"});
        QCOMPARE(roomy["answers"][3]["loaded_bytes"].get<int>(), 0);
        QVERIFY(answers[3]["loaded_bytes"].get<int>() > 0);
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(roomy["answers"][i]["ids"] == answers[i]["ids"]);

        // Near no pattern: the generalist's experts, and no others
        const auto items = readText(demo("tasks") / "heldout-spanish.jsonl");
        const auto spanish = *base::parseJson(items.substr(0, items.find('\n')), "heldout-spanish.jsonl");
        const auto stranger =
            runJson({"generate", quoted(demo()), "--patterns", quoted(at("lib.json")), "--keep", "8", "--max-tokens",
                     "2", "--prompt", QString::fromStdString(spanish["text"].get<std::string>()), "--dtype", "float32",
                     "--threads", "1"});
        QVERIFY(stranger["answers"][0]["abstained"].get<bool>());
        QCOMPARE(stranger["answers"][0]["pattern"].get<std::string>(), "generalist");
        QCOMPARE(stranger["expert_cache"]["held_experts"].get<int>(), 6 * 8);
        const auto held = stranger["expert_cache"]["held_bytes"].get<std::uint64_t>();
        QVERIFY(held < roomy["expert_cache"]["held_bytes"].get<std::uint64_t>());
        QVERIFY(stranger["peak_rss_bytes"].get<std::uint64_t>() > held);

        QVERIFY_CODE(cli({"generate", quoted(demo()), "--patterns", quoted(at("first.json")), "--prompt", "a"}), 2);
        QVERIFY_CODE(cli({"generate", quoted(demo()), "--keep", "8", "--prompt", "a"}), 2);
        QVERIFY_CODE(cli({"generate", quoted(demo()), "--prompt", "b", "--prompt", "a"}), 2);
        const auto few =
            cli({"generate", quoted(demo()), "--patterns", quoted(at("first.json")), "--keep", "2", "--prompt", "a"});
        QVERIFY_CODE(few, 2);
        QVERIFY_SAYS(few, "Choose 4 to 32");
        const auto cramped = cli(command + QStringList{"--memory", "100MiB"});
        QVERIFY_CODE(cramped, 4);
    }

    /// PreMoe's own form and back: the same experts for every count, matched by squared distance, never abstaining.
    void publishedPair()
    {
        runJson(
            {"patterns", "build", quoted(at("demo.espalier")), "--out", quoted(at("tcess.json")), "--method", "tcess"});
        const auto pair = runJson({"patterns", "export", quoted(at("tcess.json")), "--out", quoted(at("pair"))});
        QCOMPARE(pair["tasks"].size(), 5U);
        QCOMPARE(readText(at("pair.index")).size(), std::size_t{45 + 5 * 32 * 4});
        runJson({"patterns", "import", quoted(at("pair.index")), quoted(at("pair.pt")), "--model", quoted(demo()),
                 "--out", quoted(at("back.json")), "--names", "one,two"});
        const auto before = *base::readJsonFile(at("tcess.json"), ByteSize(1U << 30U));
        const auto after = *base::readJsonFile(at("back.json"), ByteSize(1U << 30U));
        QCOMPARE(after["patterns"][1]["name"].get<std::string>(), "two");
        QCOMPARE(after["patterns"][2]["name"].get<std::string>(), "task 2");
        QCOMPARE(after["key"].get<std::string>(), "tcess");
        const auto ranking = [](const base::OrderedJson& scores) {
            const auto values = scores.get<std::vector<double>>();
            std::vector<std::size_t> order(values.size());
            std::iota(order.begin(), order.end(), 0);
            std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] > values[b]; });
            return order;
        };
        for (std::size_t p = 0; p < 5; ++p)
            for (std::size_t l = 0; l < 6; ++l) {
                auto one = ranking(before["patterns"][p]["scores"][l]),
                     two = ranking(after["patterns"][p]["scores"][l]);
                // Experts that were never a first choice all score 0; their order among themselves is by rank alone
                for (std::size_t kept = 1; kept < 32; ++kept)
                    if (before["patterns"][p]["scores"][l][one[kept - 1]] !=
                        before["patterns"][p]["scores"][l][one[kept]]) {
                        const std::set<std::size_t> a(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(kept)),
                            b(two.begin(), two.begin() + static_cast<std::ptrdiff_t>(kept));
                        QVERIFY(a == b);
                    }
            }
        const auto found = runJson(match("back.json") + QStringList{"--prompt", "count: 403, ready: false =>"});
        QCOMPARE(found["matches"][0]["pattern"].get<std::string>(), "one"); // json
        QVERIFY(found["matches"][0]["ranking"][0]["limit"].is_null());
        QVERIFY_CODE(cli({"patterns", "export", quoted(at("lib.json")), "--out", quoted(at("no"))}), 2);
        QVERIFY_CODE(cli({"patterns", "import", quoted(at("pair.index")), quoted(at("lib.json")), "--model",
                          quoted(demo()), "--out", quoted(at("no.json"))}),
                     3);
    }

    void wrongUseAndOtherModels()
    {
        QVERIFY_CODE(cli(match("lib.json")), 2);
        QVERIFY_CODE(cli(match("lib.json") + QStringList{"--prompt", "a", "--out", "x.json"}), 2);
        const auto few = cli(match("lib.json") + QStringList{"--prompt", "a", "--keep", "1"});
        QVERIFY_CODE(few, 2);
        QVERIFY_SAYS(few, "Choose 4 to 32");
        QVERIFY_CODE(cli(match("absent.json") + QStringList{"--prompt", "a"}), 3);
        auto library = *base::readJsonFile(at("lib.json"), ByteSize(1U << 30U));
        library["model"]["fingerprint"] = "0123456789abcdef";
        writeText(at("stranger.json"), library.dump());
        const auto stranger = cli(match("stranger.json") + QStringList{"--prompt", "a"});
        QVERIFY_CODE(stranger, 3);
        QVERIFY_SAYS(stranger, "0123456789abcdef");
        QVERIFY_SAYS(stranger, "stranger.json");
        const auto method = cli({"patterns", "build", quoted(at("demo.espalier")), "--out", "x", "--method", "aimer"});
        QVERIFY(method.code == 2 || method.code == 3);
        QVERIFY_CODE(cli({"patterns", "build", quoted(at("demo.espalier")), "--out", "x", "--domain", "law"}), 2);
    }
};

QTEST_GUILESS_MAIN(TestPatternsCommand)
#include "tst_patterns.moc"
