// SPDX-License-Identifier: Apache-2.0
// What an export writes, byte by byte: tensors in their stored dtype, sliced router rows, patched counts, everything
// else as it was; and that it is complete or absent.
#include "tests/core/bundle/bundle_support.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;

class TestExport : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    [[nodiscard]] fs::path fresh(const char* name)
    {
        return fs::path(m_dir.path().toStdString()) / fmt::format("{}-{}", name, m_count++);
    }
    [[nodiscard]] fs::path source(const test::TinyOptions& options)
    {
        const fs::path folder = fresh("source");
        test::writeTinyCheckpoint(folder, options);
        test::writeCompanions(folder);
        return folder;
    }
    static test::TinyOptions mixed()
    {
        test::TinyOptions options; // layer 1 is dense, weights are 16 bit
        options.mlpOnlyLayers = {1};
        options.dtype = checkpoint::Dtype::BF16;
        return options;
    }
    static std::vector<std::string> namesIn(const fs::path& folder)
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

private slots:
    void allExpertsAreTheSource_data()
    {
        QTest::addColumn<int>("shards");
        QTest::addColumn<qulonglong>("limit");
        QTest::newRow("one file") << 1 << qulonglong{5'000'000'000};
        QTest::newRow("three shards into one") << 3 << qulonglong{5'000'000'000};
        QTest::newRow("one into many") << 1 << qulonglong{4096};
        QTest::newRow("a shard each") << 1 << qulonglong{1};
    }
    void allExpertsAreTheSource()
    {
        QFETCH(const int, shards);
        QFETCH(const qulonglong, limit);
        for (const bool tied : {false, true}) {
            auto options = mixed();
            options.shards = shards;
            options.tied = tied;
            const fs::path from = source(options), out = fresh("out");
            const auto model = test::must(model::openModel(from));
            const auto report = test::mustExport(model, plan::Plan::keepAll(model.summary), out, limit);
            QVERIFY(test::storedTensors(from) == test::storedTensors(out));
            QCOMPARE(report.bytes, model.checkpoint.tensorBytes());
            QCOMPARE(report.predictedBytes, report.bytes);
            QCOMPARE(fs::exists(out / "model.safetensors.index.json"), limit < 10'000);
            const auto again = test::must(model::openModel(out));
            QVERIFY2(again.checkpoint.warnings().empty(), "total_size and metadata are right");
        }
    }

    void slicesAreExact()
    {
        const auto options = mixed();
        const fs::path from = source(options), out = fresh("out");
        const auto model = test::must(model::openModel(from));
        const std::vector<std::vector<std::int32_t>> keep{{1, 2, 5}, {0, 3, 4}};
        const auto report = test::mustExport(model, test::planOf(model, keep), out);
        const auto before = test::storedTensors(from), after = test::storedTensors(out);
        std::map<std::string, test::StoredTensor> expected;
        std::uint64_t bytes = 0;
        for (const auto& [name, tensor] : before) {
            std::string renamed = name;
            test::StoredTensor cut = tensor;
            for (const auto& [layer, ids] : {std::pair{0, keep[0]}, {2, keep[1]}}) {
                const std::string head = fmt::format("model.layers.{}.mlp.", layer);
                if (name == head + "gate.weight") { // rows of 24 elements of 2 bytes
                    cut.shape[0] = 3;
                    cut.bytes.clear();
                    for (const auto id : ids)
                        cut.bytes += tensor.bytes.substr(static_cast<std::size_t>(id) * 48, 48);
                } else if (name.starts_with(head + "experts.")) {
                    const std::size_t at = head.size() + 8, dot = name.find('.', at);
                    const int id = std::stoi(name.substr(at, dot - at));
                    const auto found = std::find(ids.begin(), ids.end(), id);
                    renamed = found == ids.end()
                                  ? ""
                                  : fmt::format("{}experts.{}{}", head, found - ids.begin(), name.substr(dot));
                }
            }
            if (!renamed.empty()) {
                bytes += cut.bytes.size();
                expected[renamed] = cut;
            }
        }
        QCOMPARE(after.size(), expected.size());
        for (const auto& [name, tensor] : expected)
            QVERIFY2(after.contains(name) && after.at(name) == tensor, name.c_str());
        QCOMPARE(report.bytes, bytes);
        QCOMPARE(report.predictedBytes, bytes);
    }

    void configKeepsEverythingElse()
    {
        const fs::path from = source(mixed());
        auto config = *base::readJsonFile(from / "config.json");
        config["rope_scaling"] = nullptr;
        config["unknown"] = {{"scoring_func", "softmax"}, {"deep", {1, 2.5, "\u00e4"}}};
        config["big"] = 9007199254740993;
        config["tiny"] = 1e-06;
        const bool hadLocal = config.contains("num_local_experts");
        test::writeText(from / "config.json", config.dump());
        const fs::path out = fresh("out");
        const auto model = test::must(model::openModel(from));
        test::mustExport(model, test::planOf(model, {{0, 1, 2, 3}, {2, 3, 4, 5}}), out);
        auto after = *base::readJsonFile(out / "config.json");
        QCOMPARE(after["num_experts"].get<int>(), 4);
        QCOMPARE(after["num_local_experts"].get<int>(), 4);
        after["num_experts"] = config["num_experts"];
        if (!hadLocal)
            after.erase("num_local_experts");
        QVERIFY2(after.dump() == config.dump(), after.dump().c_str()); // values and order
        // Further names of the same number follow; a stale one would win in some converter
        config["n_routed_experts"] = 6;
        test::writeText(from / "config.json", config.dump());
        const fs::path second = fresh("out");
        const auto aliased = test::must(model::openModel(from));
        test::mustExport(aliased, test::planOf(aliased, {{0, 1, 2, 3}, {2, 3, 4, 5}}), second);
        QCOMPARE((*base::readJsonFile(second / "config.json"))["n_routed_experts"].get<int>(), 4);
        // Contradicting ones are refused before anything is written
        config["num_local_experts"] = 5;
        test::writeText(from / "config.json", config.dump());
        const auto refused = model::openModel(from);
        QVERIFY(!refused && refused.error().code == ErrorCode::BadInput);
        QVERIFY2(refused.error().place.find("num_local_experts") != std::string::npos, refused.error().text().c_str());
        // Experts named in lists of the quantisation block get their new numbers or leave
        config.erase("num_local_experts");
        config["quantization_config"] = {{"ignore",
                                          {"lm_head", "model.layers.0.mlp.experts.5.up_proj",
                                           "model.layers.1.mlp.experts.4.up_proj", "re:.*experts.7.*"}}};
        test::writeText(from / "config.json", config.dump());
        const auto quantised = test::must(model::openModel(from));
        bundle::ExportRequest request;
        request.plan = test::planOf(quantised, {{0, 1, 2, 3}, {2, 3, 4, 5}});
        request.out = fresh("out");
        QVERIFY(bundle::exportBundle(quantised, request, {}).ok());
        QCOMPARE((*base::readJsonFile(request.out / "config.json"))["quantization_config"]["ignore"].dump(),
                 R"(["lm_head","model.layers.1.mlp.experts.2.up_proj","re:.*experts.7.*"])");
        // Settings under an expert's name are refused
        config["quantization_config"] = {{"model.layers.0.mlp.experts.5.up_proj", {{"bits", 8}}}};
        test::writeText(from / "config.json", config.dump());
        const auto keyed = test::must(model::openModel(from));
        request.plan = test::planOf(keyed, {{0, 1, 2, 3}, {2, 3, 4, 5}});
        request.out = fresh("out");
        const auto refusedKey = bundle::exportBundle(keyed, request, {});
        QVERIFY(!refusedKey && refusedKey.error().code == ErrorCode::BadInput);
        QVERIFY2(refusedKey.error().text().find("experts.5") != std::string::npos, refusedKey.error().text().c_str());
        QVERIFY(!fs::exists(request.out));
    }

    void papersAndFiles()
    {
        const fs::path from = source(mixed()), out = fresh("out");
        const auto model = test::must(model::openModel(from));
        bundle::ExportRequest request;
        request.plan = test::planOf(model, {{0, 1, 2}, {1, 2, 3}});
        request.plan.method = "reap-sum";
        request.plan.domains = {"law"};
        request.out = out;
        request.command = "espalier export m --plan p --out o";
        request.data = {{"law", {{"tokens", 12}, {"sha256", "ab"}}}};
        request.validation = *base::parseJson(
            "{\"plans\":[{\"name\":\"other\"},7,{\"name\":\"by-hand\",\"tasks\":{\"sums\":{\"items\":20,\"accuracy\":0."
            "85,"
            "\"accuracy_base\":0.95},\"odd\":3},\"domains\":{\"law\":{\"perplexity\":12.5,\"perplexity_base\":10.25,"
            "\"kl_mean\":0.125}}}]}",
            "here");
        const auto report = bundle::exportBundle(model, request, {});
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        const std::vector<std::string> names{
            ".gitattributes", "README.base.md",         "README.md",         "SHA256SUMS",      "config.json",
            "empty.txt",      "generation_config.json", "model.safetensors", "modeling_own.py",
            "original", // with one file
            "recipe.json",    "tokenizer_config.json"};
        QVERIFY(namesIn(out) == names);
        QVERIFY(namesIn(out / "original") == std::vector<std::string>{"params.json"});
        for (const char* name : {"generation_config.json", "tokenizer_config.json", "modeling_own.py", "empty.txt",
                                 ".gitattributes", "original/params.json"})
            QVERIFY2(test::readText(from / name) == test::readText(out / name), name);
        QCOMPARE(test::readText(out / "README.base.md"), test::readText(from / "README.md"));

        const auto recipe = *base::readJsonFile(out / "recipe.json");
        QCOMPARE(recipe["schema"].get<std::string>(), "espalier.recipe/1");
        QCOMPARE(recipe["espalier"].get<std::string>(), ESPALIER_VERSION);
        QCOMPARE(recipe["source"]["fingerprint"].get<std::string>(), model.summary.fingerprint);
        QCOMPARE(recipe["method"].get<std::string>(), "reap-sum");
        QVERIFY(recipe["data"] == request.data);
        QVERIFY(recipe["command"].get<std::string>() == request.command);
        QVERIFY(recipe["plan"]["layers"][1]["keep"] == OrderedJson({1, 2, 3}));

        const std::string card = test::readText(out / "README.md");
        for (const char* text : {"with 3 of 6 experts", "| sums, exact match % of 20 | 95.0 | 85.0 |",
                                 "| law, perplexity | 10.25 | 12.50 |", "| law, mean KL | 0 | 0.1250 |",
                                 "from_pretrained", "sha256sum -c"})
            QVERIFY2(card.find(text) != std::string::npos, text);
        QVERIFY(card.find(model.summary.fingerprint) != std::string::npos);

        QProcess sums;
        sums.setWorkingDirectory(QString::fromStdString(out.string()));
        sums.start("sha256sum", {"-c", "--strict", "SHA256SUMS"});
        QVERIFY(sums.waitForFinished());
        QCOMPARE(sums.exitCode(), 0);
        QCOMPARE(sums.readAllStandardOutput().count('\n'),
                 static_cast<qsizetype>(names.size() - 1)); // every other file
        const auto verified = bundle::verifyBundle(out, {});
        QVERIFY(verified.ok() && verified->ok());

        // Without a comparison the card says so
        request.validation = nullptr;
        request.out = fresh("out");
        QVERIFY(bundle::exportBundle(model, request, {}).ok());
        QVERIFY(test::readText(request.out / "README.md").find("No comparison was stored") != std::string::npos);
    }

    /// A model from somewhere must not bring this machine's files into a bundle that is published.
    void linksOutOfTheFolderStayBehind()
    {
        const fs::path from = source(mixed()), out = fresh("out"), secret = fresh("secret");
        test::writeText(secret, "a key");
        fs::create_symlink(secret, from / "notes.txt");
        fs::create_directory_symlink("/etc", from / "more");
        test::writeText(from / "real.txt", "text");
        fs::create_symlink("real.txt", from / "linked.txt");
        fs::create_directories(from / ".cache/huggingface");
        test::writeText(from / ".cache/huggingface/x.metadata", "etag");
        const auto model = test::must(model::openModel(from));
        test::mustExport(model, test::planOf(model, {{0, 1, 2}, {1, 2, 3}}), out);
        QVERIFY(!fs::exists(out / "notes.txt") && !fs::exists(out / "more") && !fs::exists(out / ".cache"));
        QCOMPARE(test::readText(out / "linked.txt"), std::string("text"));
        QVERIFY(!fs::is_symlink(out / "linked.txt"));
        const auto verified = bundle::verifyBundle(out, {});
        QVERIFY2(verified->ok(), verified->toJson().dump(1).c_str());
    }

    void carriesTensorsOutsideTheArchitecture()
    {
        const test::TinyOptions options;
        auto tensors = test::tinyTensors(options);
        auto extra = tensors.back();
        extra.name = "model.layers.0.self_attn.rotary_emb.inv_freq";
        tensors.push_back(extra);
        const fs::path from = fresh("source"), out = fresh("out");
        test::writeCheckpoint(from, test::tinyConfig(options), tensors);
        const auto model = test::must(model::openModel(from));
        test::mustExport(model, test::cutOf(model, 3, 1), out);
        QVERIFY(test::storedTensors(out).at(extra.name) == test::storedTensors(from).at(extra.name));
        const auto verified = bundle::verifyBundle(out, {});
        QVERIFY2(verified->ok(), verified->toJson().dump(1).c_str());
    }

    void completeOrAbsent()
    {
        const fs::path from = source({}), place = fresh("place");
        const auto model = test::must(model::openModel(from));
        bundle::ExportRequest request;
        request.plan = test::cutOf(model, 3, 1);
        request.out = place / "out";
        const auto nothingLeft = [&] { return !fs::exists(place) || namesIn(place).empty(); };
        // The check at the end fails: what it saw was complete, and is gone
        bool complete = false;
        request.verify = [&](const fs::path& folder) -> Result<void> {
            complete = folder != request.out && folder.parent_path() == place && bundle::verifyBundle(folder, {})->ok();
            return checkFailed("as told");
        };
        auto report = bundle::exportBundle(model, request, {});
        QVERIFY(!report && report.error().code == ErrorCode::CheckFailed && complete);
        QVERIFY(nothingLeft());
        // Cancelled in the middle
        std::stop_source stop;
        base::JobContext job;
        job.stop = stop.get_token();
        job.progress = [&](const base::ProgressEvent& event) {
            if (event.done > event.total / 2)
                stop.request_stop();
        };
        request.verify = {};
        report = bundle::exportBundle(model, request, job);
        QVERIFY(!report && report.error().code == ErrorCode::Cancelled);
        QVERIFY(nothingLeft());
        // A source that changes under the reader
        const fs::path weights = from / "model.safetensors";
        const std::string content = test::readText(weights);
        fs::resize_file(weights, content.size() / 2);
        report = bundle::exportBundle(model, request, {});
        QVERIFY(!report && report.error().code == ErrorCode::BadInput);
        QVERIFY(nothingLeft());
        test::writeText(weights, content);
        // A prediction that does not match is not written
        request.plan.predicted.bytes.routedExperts = 1;
        report = bundle::exportBundle(model, request, {});
        QVERIFY(!report && report.error().code == ErrorCode::BadInput);
        request.plan.predicted = {};
        QVERIFY(bundle::exportBundle(model, request, {}).ok());
        // And never over something
        report = bundle::exportBundle(model, request, {});
        QVERIFY(!report && report.error().code == ErrorCode::BadInput);
        QVERIFY(!report.error().remedy.empty());
        QVERIFY(bundle::verifyBundle(request.out, {})->ok());
        fs::create_directory_symlink(request.out, place / "link");
        request.out = place / "link";
        QVERIFY(!bundle::exportBundle(model, request, {}));
    }

    void refusesWhatStockEnginesCannotLoad()
    {
        const auto model = test::must(model::openModel(source({})));
        bundle::ExportRequest request;
        request.out = fresh("out");
        const auto refused = [&](const std::vector<std::vector<std::int32_t>>& keep, const char* says) {
            request.plan = test::planOf(model, keep);
            const auto report = bundle::exportBundle(model, request, {});
            return !report && report.error().code == ErrorCode::BadInput &&
                   report.error().text().find(says) != std::string::npos && !fs::exists(request.out);
        };
        QVERIFY(refused({{0, 1, 2}, {0, 1}, {0, 1, 2}}, "--allocate uniform"));
        QVERIFY(refused({{0}, {1}, {2}}, "every token needs 2"));
        request.plan = test::planOf(model, {{0, 1}, {0, 1}, {0, 1}});
        request.plan.fingerprint = "0123456789abcdef";
        QVERIFY(!bundle::exportBundle(model, request, {}));
        request.plan.fingerprint.clear();
        request.plan.layers.pop_back();
        QVERIFY(!bundle::exportBundle(model, request, {}));
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
