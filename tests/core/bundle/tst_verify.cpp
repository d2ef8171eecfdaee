// SPDX-License-Identifier: Apache-2.0
// One damaged bundle per rule. Stock engines load many of these silently; verification must name the rule. The sums are
// written anew after each damage, so that it is the rule that finds it and not the checksum.
#include "tests/core/bundle/bundle_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <functional>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;

namespace {

using Damage = std::function<void(const fs::path& bundle)>;
using Tensors = std::vector<test::RawTensor>;

void editJson(const fs::path& file, const std::function<void(OrderedJson&)>& edit)
{
    auto json = *base::readJsonFile(file);
    edit(json);
    test::writeText(file, json.dump());
}

Damage config(const std::function<void(OrderedJson&)>& edit)
{
    return [edit](const fs::path& folder) { editJson(folder / "config.json", edit); };
}

Damage recipe(const std::function<void(OrderedJson&)>& edit)
{
    return [edit](const fs::path& folder) { editJson(folder / "recipe.json", edit); };
}

/// The weights of the single file, changed.
Damage tensors(const std::function<void(Tensors&)>& edit)
{
    return [edit](const fs::path& folder) {
        Tensors list;
        for (const auto& [name, tensor] : test::storedTensors(folder)) {
            const auto* data = reinterpret_cast<const std::byte*>(tensor.bytes.data());
            list.push_back(
                {name, *checkpoint::dtypeFromName(tensor.dtype), tensor.shape, {data, data + tensor.bytes.size()}});
        }
        edit(list);
        test::writeSafetensors(folder / "model.safetensors", list);
    };
}

test::RawTensor& named(Tensors& list, const std::string& name)
{
    for (auto& tensor : list)
        if (tensor.name == name)
            return tensor;
    throw std::runtime_error("no tensor " + name);
}

/// The weights as two shards with an index whose content `edit` may change.
Damage sharded(const std::function<void(OrderedJson&)>& edit)
{
    return [edit](const fs::path& folder) {
        const auto model = test::must(model::openModel(folder));
        Tensors list;
        tensors([&](Tensors& all) { list = all; })(folder);
        const fs::path other = folder.string() + "-other";
        fs::remove_all(other);
        test::writeCheckpoint(other, model.checkpoint.config(), list, 2);
        fs::remove(folder / "model.safetensors");
        for (const auto& entry : fs::directory_iterator(other))
            if (entry.path().filename() != "config.json")
                fs::copy_file(entry.path(), folder / entry.path().filename());
        fs::remove_all(other);
        editJson(folder / "model.safetensors.index.json", edit);
    };
}

} // namespace

class TestVerify : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_source, m_bundle, m_copy;

    void copyBundle()
    {
        fs::remove_all(m_copy);
        fs::copy(m_bundle, m_copy, fs::copy_options::recursive);
    }
    /// The failed check, or nothing when all passed.
    static const bundle::VerifyCheck* failed(const bundle::VerifyReport& report)
    {
        for (const auto& check : report.checks)
            if (!check.ok)
                return &check;
        return nullptr;
    }

private slots:
    void initTestCase()
    {
        const fs::path folder = m_dir.path().toStdString();
        m_source = folder / "source";
        m_bundle = folder / "bundle";
        m_copy = folder / "copy";
        test::writeTinyCheckpoint(m_source, {});
        test::writeCompanions(m_source);
        const auto model = test::must(model::openModel(m_source));
        test::mustExport(model, test::planOf(model, {{0, 2, 3, 5}, {1, 2, 3, 4}, {0, 1, 4, 5}}), m_bundle);
    }

    void soundBundles()
    {
        const auto report = bundle::verifyBundle(m_bundle, {});
        QVERIFY(report.ok() && report->ok());
        for (const auto& check : report->checks)
            QVERIFY(!check.name.empty() && !check.detail.empty());
        // Its shape may differ from what export writes, as long as the rules hold
        copyBundle();
        sharded([](OrderedJson&) {})(m_copy);
        test::writeSumsAnew(m_copy);
        const auto shards = bundle::verifyBundle(m_copy, {});
        QVERIFY2(shards->ok(), shards->toJson().dump(1).c_str());
    }

    void damaged_data()
    {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Damage damage, const char* rule, const char* says) {
            QTest::newRow(name) << std::move(damage) << QString(rule) << QString(says);
        };
        const char* shapes = "headers, names and shapes";
        row("router rows of the source", tensors([](Tensors& list) {
                auto& router = named(list, "model.layers.1.mlp.gate.weight");
                router.shape[0] = 6;
                router.data.resize(router.data.size() / 4 * 6);
            }),
            shapes, "model.layers.1.mlp.gate.weight");
        row("router rows too few", tensors([](Tensors& list) {
                auto& router = named(list, "model.layers.0.mlp.gate.weight");
                router.shape[0] = 3;
                router.data.resize(router.data.size() / 4 * 3);
            }),
            shapes, "model.layers.0.mlp.gate.weight");
        row("missing expert", tensors([](Tensors& list) {
                std::erase_if(
                    list, [](const auto& t) { return t.name.find("layers.2.mlp.experts.3.") != std::string::npos; });
            }),
            shapes, "model.layers.2.mlp.experts.3.");
        row("one matrix of an expert missing", tensors([](Tensors& list) {
                std::erase_if(list,
                              [](const auto& t) { return t.name == "model.layers.0.mlp.experts.1.down_proj.weight"; });
            }),
            shapes, "model.layers.0.mlp.experts.1.down_proj.weight");
        row("surplus expert", tensors([](Tensors& list) {
                auto extra = named(list, "model.layers.0.mlp.experts.3.up_proj.weight");
                extra.name = "model.layers.0.mlp.experts.4.up_proj.weight";
                list.push_back(extra);
            }),
            shapes, "model.layers.0.mlp.experts.4.up_proj.weight");
        row("index gap", tensors([](Tensors& list) {
                for (auto& tensor : list)
                    if (const auto at = tensor.name.find("layers.1.mlp.experts.3."); at != std::string::npos)
                        tensor.name[at + 21] = '5';
            }),
            shapes, "model.layers.1.mlp.experts.3.");
        row("scales of some experts only", tensors([](Tensors& list) {
                auto scale = named(list, "model.norm.weight");
                scale.name = "model.layers.0.mlp.experts.1.up_proj.weight_scale";
                list.push_back(scale);
            }),
            "parts of every expert", "1 of 4 'model.layers.0.mlp.experts.*' have 'up_proj.weight_scale'");
        row("extra tensor", tensors([](Tensors& list) {
                auto extra = named(list, "model.norm.weight");
                extra.name = "model.layers.0.mlp.shared_expert_gate.weight";
                list.push_back(extra);
            }),
            "no stray tensors", "shared_expert_gate");
        row("k above the experts", config([](OrderedJson& json) { json["num_experts_per_tok"] = 5; }), shapes,
            "num_experts_per_tok");
        row("count of the source", config([](OrderedJson& json) {
                json["num_experts"] = 6;
                json["num_local_experts"] = 6;
            }),
            shapes, "mlp.");
        row("count too small", config([](OrderedJson& json) {
                json["num_experts"] = 3;
                json["num_local_experts"] = 3;
            }),
            shapes, "mlp.");
        row("stale alias", config([](OrderedJson& json) { json["num_local_experts"] = 6; }), shapes,
            "num_local_experts");
        row("stale third alias", config([](OrderedJson& json) { json["n_routed_experts"] = 6; }), shapes,
            "n_routed_experts");
        row("only the old key", config([](OrderedJson& json) { json.erase("num_local_experts"); }), "expert count keys",
            "num_local_experts");
        row("only the new key", config([](OrderedJson& json) { json.erase("num_experts"); }), "expert count keys",
            "num_experts");
        row("count per layer", config([](OrderedJson& json) {
                json["num_experts"] = {4, 4, 4};
            }),
            shapes, "num_experts");
        row(
            "broken config", [](const fs::path& f) { test::writeText(f / "config.json", "{"); }, shapes, "config.json");
        row("wrong total_size", sharded([](OrderedJson& index) { index["metadata"]["total_size"] = 1234; }),
            "index and metadata", "1234");
        row("index without metadata", sharded([](OrderedJson& index) { index.erase("metadata"); }),
            "index and metadata", "metadata");
        row("index names a missing file", sharded([](OrderedJson& index) {
                index["weight_map"]["model.norm.weight"] = "model-00009-of-00009.safetensors";
            }),
            shapes, "model-00009-of-00009.safetensors");
        row("index lacks a tensor", sharded([](OrderedJson& index) { index["weight_map"].erase("model.norm.weight"); }),
            shapes, "model.norm.weight");
        row(
            "stale shard",
            [](const fs::path& f) { test::writeSafetensors(f / "model-00001-of-00002.safetensors", {}); },
            "index and metadata", "model-00001-of-00002.safetensors");
        row(
            "no format in the metadata",
            [](const fs::path& f) {
                Tensors list;
                tensors([&](Tensors& all) { list = all; })(f);
                test::writeSafetensors(f / "model.safetensors", list, {{"made", "by hand"}});
            },
            "index and metadata", "format");
        row(
            "truncated weights",
            [](const fs::path& f) {
                fs::resize_file(f / "model.safetensors", fs::file_size(f / "model.safetensors") - 4);
            },
            shapes, "model.safetensors");
        row("recipe of another cut", recipe([](OrderedJson& json) {
                json["plan"]["layers"][1]["keep"] = {1, 2, 3};
            }),
            "recipe", "layer 1");
        row("recipe lacks a layer", recipe([](OrderedJson& json) { json["plan"]["layers"].erase(2); }), "recipe",
            "2 layers");
        row("recipe names another layer", recipe([](OrderedJson& json) { json["plan"]["layers"][0]["layer"] = "0"; }),
            "recipe", "layer 0");
        row("recipe without a plan", recipe([](OrderedJson& json) { json.erase("plan"); }), "recipe", "no plan");
        row("recipe's plan is text", recipe([](OrderedJson& json) { json["plan"] = "mine"; }), "recipe", "no plan");
        row("recipe's layers are text", recipe([](OrderedJson& json) {
                json["plan"]["layers"] = {1, 2, 3};
            }),
            "recipe", "layer 0");
        row("recipe of another schema", recipe([](OrderedJson& json) { json["schema"] = 1; }), "recipe",
            "espalier.recipe/1");
        row("recipe is a list", recipe([](OrderedJson& json) { json = OrderedJson::array(); }), "recipe",
            "espalier.recipe/1");
        row(
            "recipe is no JSON", [](const fs::path& f) { test::writeText(f / "recipe.json", "]"); }, "recipe",
            "recipe.json");
    }
    void damaged()
    {
        QFETCH(const Damage, damage);
        QFETCH(const QString, rule);
        QFETCH(const QString, says);
        copyBundle();
        damage(m_copy);
        test::writeSumsAnew(m_copy);
        const auto report = bundle::verifyBundle(m_copy, {});
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        QVERIFY(!report->ok());
        const auto* check = failed(*report);
        QVERIFY2(check->name == rule.toStdString(), (check->name + ": " + check->detail).c_str());
        QVERIFY2(check->detail.find(says.toStdString()) != std::string::npos, check->detail.c_str());
        QVERIFY(!report->toJson()["ok"].get<bool>());
    }

    void sums_data()
    {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Damage damage, const char* says) {
            QTest::newRow(name) << std::move(damage) << QString(says);
        };
        row(
            "flipped byte",
            [](const fs::path& f) {
                std::string content = test::readText(f / "model.safetensors");
                content[content.size() - 100] = static_cast<char>(content[content.size() - 100] ^ 1);
                test::writeText(f / "model.safetensors", content);
            },
            "model.safetensors");
        row(
            "changed card", [](const fs::path& f) { test::writeText(f / "README.md", "better"); }, "README.md");
        row(
            "additional file", [](const fs::path& f) { test::writeText(f / "notes.txt", "x"); }, "notes.txt");
        row(
            "additional folder", [](const fs::path& f) { fs::create_directory(f / "stray"); }, "stray");
        row(
            "missing file", [](const fs::path& f) { fs::remove(f / "generation_config.json"); },
            "generation_config.json");
        row(
            "line is no sum", [](const fs::path& f) { test::writeText(f / "SHA256SUMS", "hello\n"); }, "line 1");
        row(
            "line leads out",
            [](const fs::path& f) {
                test::writeText(f / "SHA256SUMS",
                                test::readText(f / "SHA256SUMS") + std::string(64, 'a') + "  ../source/config.json\n");
            },
            "line ");
        row(
            "no lines", [](const fs::path& f) { test::writeText(f / "SHA256SUMS", ""); }, "not listed");
    }
    void sums()
    {
        QFETCH(const Damage, damage);
        QFETCH(const QString, says);
        copyBundle();
        damage(m_copy);
        const auto report = bundle::verifyBundle(m_copy, {});
        QVERIFY(report.ok() && !report->ok());
        QCOMPARE(report->checks.front().name, std::string("checksums"));
        QVERIFY(!report->checks.front().ok);
        QVERIFY2(report->checks.front().detail.find(says.toStdString()) != std::string::npos,
                 report->checks.front().detail.c_str());
    }

    void againstTheSource()
    {
        engine::EngineOptions options;
        options.threads = 1;
        const auto model = test::must(model::openModel(m_source));
        const auto sound = bundle::verifyBundleAgainst(m_bundle, model, options, {});
        QVERIFY2(sound.ok(), sound.ok() ? "" : sound.error().text().c_str());
        QVERIFY2(sound->ok(), sound->toJson().dump(1).c_str());
        QVERIFY(sound->maxAbsLogitDifference && *sound->maxAbsLogitDifference <= bundle::kLogitTolerance);

        // Bits that no structure shows
        const auto expect = [&](const Damage& damage, const char* rule, const char* says) {
            copyBundle();
            damage(m_copy);
            test::writeSumsAnew(m_copy);
            const auto report = bundle::verifyBundleAgainst(m_copy, model, options, {});
            if (!report || report->ok() || failed(*report)->name != rule ||
                failed(*report)->detail.find(says) == std::string::npos)
                throw std::runtime_error(fmt::format("{} was not found: {}", rule,
                                                     report ? report->toJson().dump(1) : report.error().text()));
        };
        const char* bytes = "bytes equal the source";
        expect(tensors([](Tensors& list) {
                   named(list, "model.layers.1.mlp.experts.2.up_proj.weight").data[7] ^= std::byte{1};
               }),
               bytes, "model.layers.1.mlp.experts.2.up_proj.weight");
        expect(tensors([](Tensors& list) {
                   std::swap(named(list, "model.layers.1.mlp.experts.0.up_proj.weight").data,
                             named(list, "model.layers.1.mlp.experts.1.up_proj.weight").data);
               }),
               bytes, "model.layers.1.mlp.experts.0.up_proj.weight");
        expect(tensors([](Tensors& list) { // router rows in another order
                   auto& data = named(list, "model.layers.0.mlp.gate.weight").data;
                   std::rotate(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(data.size() / 4), data.end());
               }),
               bytes, "model.layers.0.mlp.gate.weight");
        expect(recipe([](OrderedJson& json) {
                   json["plan"]["layers"][0]["keep"] = {0, 2, 3, 4};
               }),
               bytes, "model.layers.0.mlp.");
        expect(recipe([](OrderedJson& json) {
                   json["plan"]["layers"][0]["keep"] = {3, 2, 0, 5};
               }),
               "plan of the source model", "ascending");
        expect(recipe([](OrderedJson& json) { json["plan"]["model"]["fingerprint"] = "0123456789abcdef"; }),
               "plan of the source model", "0123456789abcdef");
        // A key that changes the arithmetic and nothing that is stored
        expect(config([](OrderedJson& json) { json["norm_topk_prob"] = false; }), "logits equal the masked base",
               "difference");
        expect(config([](OrderedJson& json) { json["rope_theta"] = 500.0; }), "logits equal the masked base",
               "difference");
    }

    void noBundleAtAll()
    {
        for (const char* missing : {"config.json", "SHA256SUMS", "recipe.json"}) {
            copyBundle();
            fs::remove(m_copy / missing);
            const auto report = bundle::verifyBundle(m_copy, {});
            QVERIFY(!report && report.error().code == ErrorCode::BadInput);
            QVERIFY2(report.error().text().find(missing) != std::string::npos, report.error().text().c_str());
        }
        QVERIFY(!bundle::verifyBundle(m_copy / "nowhere", {}));
        std::stop_source stop;
        stop.request_stop();
        base::JobContext job;
        job.stop = stop.get_token();
        const auto report = bundle::verifyBundle(m_bundle, job);
        QVERIFY(!report && report.error().code == ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
