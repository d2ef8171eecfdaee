// SPDX-License-Identifier: Apache-2.0
// Checkpoints that lie or lack something: `inspect` ends with code 3 and names file, place, reason and what would work.
#include "tests/app/cli/cli_run.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <functional>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::quoted;

namespace {

using Change = std::function<void(const fs::path& folder)>;

/// Rewrites the tiny model with another configuration or other tensors.
Change rewritten(const std::function<void(OrderedJson&, std::vector<test::RawTensor>&)>& edit, int shards = 1)
{
    return [edit, shards](const fs::path& folder) {
        const test::TinyOptions options;
        auto config = test::tinyConfig(options);
        auto tensors = test::tinyTensors(options);
        edit(config, tensors);
        fs::remove_all(folder);
        test::writeCheckpoint(folder, config, tensors, shards);
    };
}

Change config(const std::function<void(OrderedJson&)>& edit)
{
    return rewritten([edit](OrderedJson& json, std::vector<test::RawTensor>&) { edit(json); });
}

Change header(const std::string& json, std::size_t dataBytes, std::int64_t claimed = -1)
{
    return [=](const fs::path& folder) {
        test::writeText(folder / "model.safetensors", test::hostileSafetensors(json, dataBytes, claimed));
    };
}

std::string entry(const char* name, const char* shape, const char* offsets)
{
    return fmt::format("\"{}\":{{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":{}}}", name, shape, offsets);
}

test::RawTensor& named(std::vector<test::RawTensor>& tensors, const std::string& name)
{
    for (auto& tensor : tensors)
        if (tensor.name == name)
            return tensor;
    throw std::runtime_error("no tensor " + name);
}

} // namespace

class TestBadModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    static void row(const char* name, Change change, const QStringList& says)
    {
        QTest::newRow(name) << std::move(change) << says;
    }

private slots:
    void inspect_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QStringList>("says");
        const QString weights = "model.safetensors";
        // The header
        row("empty file", [](const fs::path& f) { test::writeText(f / "model.safetensors", ""); }, {weights});
        row("shorter than its length field", [](const fs::path& f) { test::writeText(f / "model.safetensors", "abc"); },
            {weights});
        row("huge length", header("{}", 0, INT64_MAX), {weights, "9223372036854775807"});
        row("length beyond the file", header("{}", 0, 4096), {weights, "4096"});
        row("length over the limit", header("{}", 0, 200'000'000), {weights, "200000000"});
        row("not JSON", header("{\"a\":", 0), {weights});
        row("not UTF-8", header("{\"\xff\xfe\":1}", 0), {weights, "UTF-8"});
        row("overlap", header("{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", 12),
            {weights, "tensor b"});
        row("hole", header("{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[12,20]") + "}", 20),
            {weights, "tensor b"});
        row("overflow", header("{" + entry("a", "[4294967296,4294967296,4294967296]", "[0,0]") + "}", 0),
            {weights, "tensor a"});
        row("negative shape", header("{" + entry("a", "[-2]", "[0,8]") + "}", 8), {weights, "tensor a"});
        row("wrong size", header("{" + entry("a", "[3]", "[0,8]") + "}", 8), {weights, "tensor a"});
        row("backwards", header("{" + entry("a", "[2]", "[8,0]") + "}", 8), {weights, "tensor a"});
        row("duplicate name", header("{" + entry("a", "[2]", "[0,8]") + "," + entry("a", "[2]", "[8,16]") + "}", 16),
            {weights, "a"});
        row("trailing bytes", header("{" + entry("a", "[2]", "[0,8]") + "}", 9), {weights});
        row("truncated data", header("{" + entry("a", "[2]", "[0,8]") + "}", 5), {weights});
        row("unknown dtype", header("{\"a\":{\"dtype\":\"F13\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
            {weights, "F13"});
        // Files
        row("no weights", [](const fs::path& f) { fs::remove(f / "model.safetensors"); },
            {"model.safetensors.index.json"});
        row("pickled weights",
            [](const fs::path& f) {
                fs::remove(f / "model.safetensors");
                test::writeText(f / "pytorch_model.bin", "x");
            },
            {"pytorch_model.bin", "safetensors"});
        row("no config", [](const fs::path& f) { fs::remove(f / "config.json"); }, {"config.json"});
        row("broken config", [](const fs::path& f) { test::writeText(f / "config.json", "{\n\"a\": 1,\n}"); },
            {"config.json", "line 3"});
        row("config is a list", [](const fs::path& f) { test::writeText(f / "config.json", "[]"); }, {"config.json"});
        const auto sharded = [](const std::function<void(const fs::path&)>& damage) {
            return [damage](const fs::path& folder) {
                rewritten([](OrderedJson&, std::vector<test::RawTensor>&) {}, 3)(folder);
                damage(folder);
            };
        };
        row("missing shard", sharded([](const fs::path& f) { fs::remove(f / "model-00002-of-00003.safetensors"); }),
            {"model-00002-of-00003.safetensors", "missing"});
        row("index leaves the folder", sharded([](const fs::path& f) {
                auto index = *base::readJsonFile(f / "model.safetensors.index.json");
                index["weight_map"]["model.norm.weight"] = "../outside.safetensors";
                test::writeText(f / "model.safetensors.index.json", index.dump());
            }),
            {"model.safetensors.index.json", "model.norm.weight", "outside"});
        row("index names another shard", sharded([](const fs::path& f) {
                auto index = *base::readJsonFile(f / "model.safetensors.index.json");
                index["weight_map"]["model.embed_tokens.weight"] = "model-00003-of-00003.safetensors";
                test::writeText(f / "model.safetensors.index.json", index.dump());
            }),
            {"model.safetensors.index.json", "model.embed_tokens.weight"});
        // Configuration against weights
        for (const char* key : {"num_hidden_layers", "hidden_size", "num_attention_heads", "num_experts_per_tok",
                                "moe_intermediate_size", "vocab_size"})
            row(key, config([key](OrderedJson& json) { json.erase(key); }), {"config.json", key, "missing"});
        row("no expert count", config([](OrderedJson& json) {
                json.erase("num_experts");
                json.erase("num_local_experts");
            }),
            {"config.json", "num_experts", "missing"});
        row("unknown family", config([](OrderedJson& json) { json["model_type"] = "mystery"; }),
            {"config.json", "mystery", "qwen3_moe"});
        row("count is text", config([](OrderedJson& json) { json["num_experts"] = "six"; }),
            {"config.json", "num_experts", "six"});
        row("count per layer", config([](OrderedJson& json) {
                json["num_experts"] = {6, 6, 4};
            }),
            {"config.json", "num_experts"});
        row("negative width", config([](OrderedJson& json) { json["moe_intermediate_size"] = -14; }),
            {"config.json", "moe_intermediate_size"});
        row("top-k above the experts", config([](OrderedJson& json) { json["num_experts_per_tok"] = 7; }),
            {"config.json", "num_experts_per_tok", "7"});
        row("aliases contradict", config([](OrderedJson& json) {
                json["num_experts"] = 6;
                json["num_local_experts"] = 8;
            }),
            {"config.json", "num_local_experts", "8", "6"});
        row("third alias contradicts", config([](OrderedJson& json) { json["n_routed_experts"] = 5; }),
            {"config.json", "n_routed_experts", "5"});
        row("more layers than stored", config([](OrderedJson& json) { json["num_hidden_layers"] = 4; }),
            {"model.layers.3."});
        row("wrong shape", config([](OrderedJson& json) { json["moe_intermediate_size"] = 15; }),
            {weights, "mlp.experts.0.", "14", "15"});
        row("router rows", rewritten([](OrderedJson&, std::vector<test::RawTensor>& tensors) {
                auto& router = named(tensors, "model.layers.1.mlp.gate.weight");
                router.shape[0] = 5;
                router.data.resize(router.data.size() / 6 * 5);
            }),
            {weights, "model.layers.1.mlp.gate.weight", "[5, 24]", "[6, 24]"});
        row("missing expert", rewritten([](OrderedJson&, std::vector<test::RawTensor>& tensors) {
                std::erase_if(tensors, [](const auto& t) {
                    return t.name.find("layers.2.mlp.experts.4.up") != std::string::npos;
                });
            }),
            {"model.layers.2.mlp.experts.4.up_proj.weight", "missing"});
        row("surplus expert", rewritten([](OrderedJson&, std::vector<test::RawTensor>& tensors) {
                auto extra = named(tensors, "model.layers.0.mlp.experts.5.up_proj.weight");
                extra.name = "model.layers.0.mlp.experts.6.up_proj.weight";
                tensors.push_back(extra);
            }),
            {weights, "model.layers.0.mlp.experts.6.up_proj.weight"});
        row("gap in the experts", rewritten([](OrderedJson&, std::vector<test::RawTensor>& tensors) {
                for (auto& tensor : tensors)
                    if (const auto at = tensor.name.find("experts.5."); at != std::string::npos)
                        tensor.name[at + 8] = '7';
            }),
            {"model.layers.0.mlp.experts.5."});
        row("integers as weights", rewritten([](OrderedJson&, std::vector<test::RawTensor>& tensors) {
                named(tensors, "model.norm.weight").dtype = checkpoint::Dtype::I32;
            }),
            {weights, "model.norm.weight", "I32"});
    }
    void inspect()
    {
        QFETCH(const Change, change);
        QFETCH(const QStringList, says);
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "model";
        fs::remove_all(folder);
        test::writeTinyCheckpoint(folder, {});
        QVERIFY_CODE(cli({"inspect", quoted(folder)}), 0);
        change(folder);
        const auto run = cli({"inspect", quoted(folder), "--json"});
        QVERIFY_CODE(run, 3);
        QVERIFY(run.out.isEmpty());
        QVERIFY_SAYS(run, folder.string());
        for (const QString& text : says)
            QVERIFY_SAYS(run, text.toStdString());
        // Every other command that opens a model says the same
        const auto verify = cli({"generate", quoted(folder), "--prompt", "a"});
        QVERIFY_CODE(verify, 3);
    }

    void places_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("says");
        const QString file = m_dir.filePath("a-file");
        test::writeText(file.toStdString(), "x");
        const QString gguf = m_dir.filePath("model.gguf");
        test::writeText(gguf.toStdString(), "GGUF");
        QTest::newRow("nothing there") << m_dir.filePath("nowhere") << "does not exist";
        QTest::newRow("a file") << file << "not a model folder";
        QTest::newRow("below a file") << file + "/model"
                                      << "does not exist";
        QTest::newRow("GGUF") << gguf << "damaged";
        QTest::newRow("the weights") << quoted(test::demo() / "model.safetensors") << "the folder is needed";
        const QString bare = m_dir.filePath("bare");
        QVERIFY(QDir().mkpath(bare));
        QTest::newRow("no model") << bare << "config.json";
        QTest::newRow("empty") << QString("") << "does not exist";
    }
    void places()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, says);
        const auto run = cli({"inspect", path});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, says.toStdString());
    }

    void tokenizers_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        QTest::newRow("model") << "/model/type"
                               << "\"WordPiece\""
                               << "WordPiece";
        QTest::newRow("normalizer") << "/normalizer"
                                    << "{\"type\":\"BertNormalizer\"}"
                                    << "BertNormalizer";
        QTest::newRow("pre-tokenizer") << "/pre_tokenizer"
                                       << "{\"type\":\"UnicodeScripts\"}"
                                       << "UnicodeScripts";
        QTest::newRow("dropout") << "/model/dropout"
                                 << "0.1"
                                 << "dropout";
        QTest::newRow("no vocabulary") << "/model/vocab"
                                       << "{}"
                                       << "vocab";
        QTest::newRow("regex")
            << "/pre_tokenizer"
            << "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a\"},\"behavior\":\"Isolated\",\"invert\":false}"
            << "(a";
    }
    void tokenizers()
    {
        QFETCH(const QString, key);
        QFETCH(const QString, value);
        QFETCH(const QString, says);
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "tokenizer";
        fs::create_directories(folder);
        auto json = *base::readJsonFile(test::demo() / "tokenizer.json");
        json[OrderedJson::json_pointer(key.toStdString())] = *base::parseJson(value.toStdString(), "row");
        test::writeText(folder / "tokenizer.json", json.dump());
        test::writeText(folder / "text.txt", "hello");
        const auto run = cli({"tokenize", quoted(folder), "--file", quoted(folder / "text.txt")});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, (folder / "tokenizer.json").string());
        QVERIFY_SAYS(run, says.toStdString());
    }

    void noTokenizer()
    {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "bare";
        test::writeTinyCheckpoint(folder, {});
        test::writeText(folder / "text.txt", "hello");
        for (const QStringList& arguments :
             {QStringList{"tokenize", quoted(folder), "--file", quoted(folder / "text.txt")},
              {"profile", quoted(folder), "--study", m_dir.filePath("s.espalier"), "--data",
               "a=" + quoted(folder / "text.txt")}}) {
            const auto run = cli(arguments);
            QVERIFY_CODE(run, 3);
            QVERIFY_SAYS(run, "tokenizer.json");
        }
        QVERIFY(!fs::exists(m_dir.filePath("s.espalier").toStdString())); // refused before anything was made
    }
};

QTEST_GUILESS_MAIN(TestBadModels)
#include "tst_bad_models.moc"
