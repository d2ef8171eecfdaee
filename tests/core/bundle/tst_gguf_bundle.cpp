// SPDX-License-Identifier: Apache-2.0
// Cuts of GGUF files without an oracle: types that cannot be computed with, old layouts, what verification finds, and
// files that lie.
#include "tests/core/bundle/bundle_support.h"
#include "tests/support/gguf_model.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using namespace espalier::test;

class TestGgufBundle : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path place(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    fs::path write(const std::string& name, const GgufModel& model, std::uint64_t alignment = 32) const
    {
        writeText(place(name), model.file(alignment));
        return place(name);
    }
    static std::string failure(const bundle::VerifyReport& report)
    {
        for (const auto& check : report.checks)
            if (!check.ok)
                return check.name + ": " + check.detail;
        return {};
    }

private Q_SLOTS:
    void onlyWhatMustChangeDoes()
    {
        GgufModel made = ggufMoeModel();
        made.keys["general.alignment"] = ggufU32("general.alignment", 64);
        const auto model = must(model::openModel(write("plain.gguf", made, 64)));
        writeCompanions(place(""));
        const auto report = mustExport(model, planOf(model, {{0, 3}, {1, 2}}), place("plain-cut"));
        std::vector<std::string> names;
        for (const auto& file : report.files)
            names.push_back(file.name);
        QCOMPARE(names, (std::vector<std::string>{"model.gguf", "recipe.json", "README.md", "SHA256SUMS"}));
        QCOMPARE(report.bytes, report.predictedBytes);

        // The expected file, made by hand
        GgufModel expected = made;
        expected.set("qwen3moe.expert_count", 2);
        const std::vector<std::vector<std::uint64_t>> keep{{0, 3}, {1, 2}};
        for (auto& tensor : expected.tensors) {
            const bool router = tensor.name.ends_with("ffn_gate_inp.weight");
            if (!router && tensor.name.find("_exps") == std::string::npos)
                continue;
            const auto slab = tensor.bytes.size() / 4;
            std::string bytes;
            for (const auto id : keep[tensor.name[4] == '0' ? 0 : 1])
                bytes += tensor.bytes.substr(id * slab, slab);
            tensor.bytes = bytes;
            tensor.shape.back() = 2;
        }
        QVERIFY(readText(place("plain-cut") / "model.gguf") == expected.file(64));
        const auto verified = must(bundle::verifyBundleAgainst(place("plain-cut"), model, {}, {}));
        QVERIFY2(verified.ok(), failure(verified).c_str());
        QVERIFY(verified.maxAbsLogitDifference.has_value());
        QVERIFY(readText(place("plain-cut") / "README.md").find("llama-server -m model.gguf") != std::string::npos);
        QCOMPARE(must(model::openModel(place("plain-cut"))).summary.name, std::string("plain-cut"));
    }

    void typesThatCannotBeComputedWith()
    {
        const auto model = must(model::openModel(write("iq2.gguf", ggufMoeModel(16, 66)))); // IQ2_XXS
        QCOMPARE(model.summary.warnings.size(), std::size_t{1});
        const auto engine = engine::openEngine(model, {});
        QVERIFY(!engine);
        QCOMPARE(static_cast<int>(engine.error().code), 3);
        QVERIFY2(engine.error().text().find("iq2_xxs cannot be computed with") != std::string::npos,
                 engine.error().text().c_str());
        const auto report = mustExport(model, planOf(model, {{1, 2, 3}, {0, 1, 3}}), place("iq2-cut"));
        QCOMPARE(report.bytes, report.predictedBytes);
        const auto verified = must(bundle::verifyBundleAgainst(place("iq2-cut"), model, {}, {}));
        QVERIFY2(verified.ok(), failure(verified).c_str());
        QVERIFY(!verified.maxAbsLogitDifference.has_value());
        QVERIFY(verified.checks.back().detail.find("not compared") != std::string::npos);
    }

    void oneTensorPerExpert()
    {
        GgufModel made = ggufMoeModel();
        GgufModel old = made;
        old.tensors.clear();
        for (const auto& tensor : made.tensors) {
            const auto at = tensor.name.find("_exps");
            if (at == std::string::npos) {
                old.tensors.push_back(tensor);
                continue;
            }
            for (std::size_t e = 0; e < 4; ++e)
                old.tensors.push_back({fmt::format("{}.{}.weight", tensor.name.substr(0, at), e),
                                       {tensor.shape[0], tensor.shape[1]},
                                       0,
                                       tensor.bytes.substr(e * tensor.bytes.size() / 4, tensor.bytes.size() / 4)});
        }
        const auto stacked = must(model::openModel(write("stacked.gguf", made)));
        const auto single = must(model::openModel(write("single.gguf", old)));
        QCOMPARE(single.summary.bytes, stacked.summary.bytes);
        mustExport(single, planOf(single, {{1, 3}, {0, 2}}), place("single-cut"));
        const auto verified = must(bundle::verifyBundleAgainst(place("single-cut"), single, {}, {}));
        QVERIFY2(verified.ok(), failure(verified).c_str());
        const auto cut = must(model::openModel(place("single-cut")));
        bool found = false;
        for (const auto& tensor : cut.checkpoint.storedTensors()) {
            QVERIFY(tensor.name.find(".2.weight") == std::string::npos);
            found = found || tensor.name == "blk.1.ffn_down.1.weight";
        }
        QVERIFY(found);
        const Machine a = openMachine(place("stacked.gguf")), b = openMachine(place("single.gguf"));
        const auto texts = randomTexts(*a.model, {5});
        QCOMPARE(collectLogits(*a.engine, texts), collectLogits(*b.engine, texts));
    }

    void changesAfterwardsAreFound_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"an expert", "another tensor", "a key", "the count"})
            QTest::newRow(what) << what;
    }
    void changesAfterwardsAreFound()
    {
        QFETCH(QString, what);
        const auto source = write("source.gguf", ggufMoeModel());
        const auto model = must(model::openModel(source));
        const auto folder = place("cut-" + what.toStdString());
        mustExport(model, planOf(model, {{0, 1}, {2, 3}}), folder);
        std::string bytes = readText(folder / "model.gguf");
        const auto cut = must(model::openModel(folder));
        const auto& tensors = cut.checkpoint.tensors();
        const auto offsetOf = [&](const std::string& part) {
            for (const auto& tensor : tensors)
                if (tensor.name.find(part) != std::string::npos)
                    return static_cast<std::size_t>(tensor.offset) + 7;
            throw std::runtime_error(part);
        };
        if (what == "an expert")
            bytes[offsetOf("experts.up_proj")] ^= 1;
        else if (what == "another tensor")
            bytes[offsetOf("q_proj")] ^= 1;
        else if (what == "a key")
            bytes[bytes.find("made up")] = 'M';
        else // one expert too few
            bytes[bytes.find("expert_count") + 16] = 1;
        writeText(folder / "model.gguf", bytes);
        QVERIFY(!must(bundle::verifyBundle(folder, {})).ok()); // the sums
        writeSumsAnew(folder);
        const auto report = must(bundle::verifyBundleAgainst(folder, model, {}, {}));
        QVERIFY(!report.ok());
    }

    void filesThatLie_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* change, const char* says) { QTest::newRow(change) << change << says; };
        row("no expert_count", "expert_count");
        row("an expert too many", "mlp.gate.weight: the shape is");
        row("more used than there are", "5 experts per token are more than the 4");
        row("no epsilon", "layer_norm_rms_epsilon");
        row("a token too few", "8 rows");
        row("another architecture", "architecture \"future\" is not supported");
        row("no blocks", "block_count");
        row("blocks beyond sense", "sensible number of layers");
        row("an expert tensor missing", "down_proj");
        row("clipping that llama.cpp reads over", "attention.clamp_kqv");
        row("experts in every second layer", "interleave_moe_layer_step");
        row("a router of no known kind", "expert_gating_func");
        row("a softmax router with groups", "expert_group_count");
        row("a softmax router that renormalises", "expert_weights_norm");
    }
    void filesThatLie()
    {
        QFETCH(QString, change);
        QFETCH(QString, says);
        GgufModel made = ggufMoeModel();
        if (change == "no expert_count")
            made.keys["qwen3moe.expert_count"] = ggufString("qwen3moe.expert_count", "4");
        else if (change == "an expert too many")
            made.set("qwen3moe.expert_count", 5);
        else if (change == "more used than there are")
            made.set("qwen3moe.expert_used_count", 5);
        else if (change == "no epsilon")
            made.keys.erase("qwen3moe.attention.layer_norm_rms_epsilon");
        else if (change == "a token too few")
            made.keys["tokenizer.ggml.tokens"] = ggufArray("tokenizer.ggml.tokens", GgufType::String, 1, ggufText("a"));
        else if (change == "another architecture")
            made.keys["general.architecture"] = ggufString("general.architecture", "future");
        else if (change == "no blocks")
            made.set("qwen3moe.block_count", 0);
        else if (change == "blocks beyond sense")
            made.set("qwen3moe.block_count", 4'000'000'000U);
        else if (change == "clipping that llama.cpp reads over") {
            made.rename("qwen3moe", "olmoe");
            made.keys["olmoe.attention.clamp_kqv"] = ggufF32("olmoe.attention.clamp_kqv", 8);
        } else if (change == "experts in every second layer") {
            made.rename("qwen3moe", "ernie4_5-moe");
            made.set("ernie4_5-moe.interleave_moe_layer_step", 2);
        } else if (change.contains("router")) {
            made.rename("qwen3moe", "deepseek2");
            made.set("deepseek2.attention.kv_lora_rank", 16);
            made.set("deepseek2.rope.dimension_count", 8);
            made.set("deepseek2.attention.value_length", 32);
            if (change == "a router of no known kind")
                made.set("deepseek2.expert_gating_func", 3);
            else if (change == "a softmax router with groups")
                made.set("deepseek2.expert_group_count", 2);
            else
                made.keys["deepseek2.expert_weights_norm"] =
                    ggufEntry("deepseek2.expert_weights_norm", GgufType::Bool, "\1");
        } else
            std::erase_if(made.tensors, [](const auto& one) { return one.name == "blk.1.ffn_down_exps.weight"; });
        const auto opened = model::openModel(write("lie.gguf", made));
        QVERIFY(!opened);
        QCOMPARE(static_cast<int>(opened.error().code), 3);
        const auto text = opened.error().text();
        QVERIFY2(text.find(says.toStdString()) != std::string::npos, text.c_str());
    }

    void tensorsWithoutAPlace()
    {
        GgufModel made = ggufMoeModel();
        made.tensors.push_back(made.tensor("blk.0.attn_norm.weight"));
        made.tensors.back().name = "blk.0.attn_q.scale";
        const auto model = must(model::openModel(write("more.gguf", made)));
        const auto engine = engine::openEngine(model, {});
        QVERIFY(!engine);
        QCOMPARE(static_cast<int>(engine.error().code), 3);
        QVERIFY2(engine.error().text().find("attn_q.scale") != std::string::npos, engine.error().text().c_str());
        mustExport(model, planOf(model, {{0, 1}, {2, 3}}), place("more-cut"));
        const auto verified = must(bundle::verifyBundleAgainst(place("more-cut"), model, {}, {}));
        QVERIFY2(verified.ok(), failure(verified).c_str());
    }
};

QTEST_APPLESS_MAIN(TestGgufBundle)
#include "tst_gguf_bundle.moc"
