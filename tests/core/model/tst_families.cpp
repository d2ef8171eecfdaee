// SPDX-License-Identifier: Apache-2.0
// From config and tensor names to ModelSpec: what is understood, and what is refused with key or tensor named.
#include "core/model/family.h"
#include "core/model/model_summary.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <set>
#include <string_view>

using namespace espalier;
using namespace espalier::model;
using base::OrderedJson;
using test::TinyOptions;
namespace fs = std::filesystem;

class TestFamilies : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    fs::path fresh() { return fs::path(m_dir.path().toStdString()) / ("model" + std::to_string(m_count++)); }

    using Edit = std::function<void(OrderedJson&, std::vector<test::RawTensor>&)>;
    Result<OpenModel> open(const TinyOptions& options, const Edit& edit = {})
    {
        OrderedJson config = test::tinyConfig(options);
        auto tensors = test::tinyTensors(options);
        if (edit)
            edit(config, tensors);
        const fs::path folder = fresh();
        test::writeCheckpoint(folder, config, tensors, options.shards);
        return openModel(folder);
    }
    ModelSpec spec(const TinyOptions& options, const Edit& edit = {})
    {
        auto opened = open(options, edit);
        if (!opened)
            qWarning("%s", opened.error().text().c_str());
        return opened ? std::move(opened->spec) : ModelSpec{};
    }
    /// "place: message. remedy" when it is bad input that names a file.
    QString refusal(const TinyOptions& options, const Edit& edit)
    {
        const auto opened = open(options, edit);
        if (opened.ok())
            return "was accepted";
        if (opened.error().code != ErrorCode::BadInput || opened.error().file.empty())
            return "is not bad input in a file";
        return QString::fromStdString(opened.error().place + ": " + opened.error().message + ". " +
                                      opened.error().remedy);
    }
    static test::RawTensor& tensorOf(std::vector<test::RawTensor>& tensors, const std::string& name)
    {
        return *std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
    }
    static void drop(std::vector<test::RawTensor>& tensors, const std::string& name)
    {
        std::erase_if(tensors, [&](const auto& t) { return t.name == name; });
    }
    static void resize(test::RawTensor& tensor, std::vector<std::int64_t> shape)
    {
        std::size_t count = 4;
        for (const auto dimension : shape)
            count *= static_cast<std::size_t>(dimension);
        tensor.shape = std::move(shape);
        tensor.data.resize(count);
    }

private slots:
    void describesQwen3Moe()
    {
        TinyOptions options;
        options.layers = 5;
        options.mlpOnlyLayers = {3};
        options.decoderSparseStep = 2; // layers 1 and 3 by the step, 3 is dense all the same
        options.shards = 2;
        const ModelSpec model = spec(options);
        QCOMPARE(model.family, "qwen3_moe");
        QCOMPARE(model.architecture, "Qwen3MoeForCausalLM");
        QCOMPARE(model.layers.size(), std::size_t{5});
        for (std::size_t n = 0; n < 5; ++n) {
            QCOMPARE(model.layers[n].index, LayerIndex(static_cast<int>(n)));
            QCOMPARE(model.layers[n].moe, n == 1);
            QCOMPARE(model.layers[n].moe, test::isMoeLayer(options, static_cast<int>(n)));
        }
        QCOMPARE(model.layers[1].experts.size(), std::size_t{6});
        QCOMPARE(model.layers[1].experts[4].down.weight, "model.layers.1.mlp.experts.4.down_proj.weight");
        QCOMPARE(model.layers[1].router.weight, "model.layers.1.mlp.gate.weight");
        QCOMPARE(model.layers[0].dense.up.weight, "model.layers.0.mlp.up_proj.weight");
        QCOMPARE(model.layers[0].denseWidth, 20);
        QCOMPARE(model.attention.headDim, 10);
        QVERIFY(model.attention.qkNorm == QkNorm::PerHead && !model.attention.bias);
        QVERIFY(model.router.normalizeTopK && model.router.topK == 2);
        QCOMPARE(model.lmHead, "lm_head.weight");
        QCOMPARE(model.expertCountKeys, (std::vector<std::string>{"/num_experts", "/num_local_experts"}));
        QCOMPARE(model.stopTokens, std::vector<int>{0});
        QVERIFY(model.warnings.empty());
    }

    void everyTensorHasItsPlace()
    {
        const auto opened = open({});
        QVERIFY(opened.ok());
        const auto& tensors = opened->checkpoint.tensors();
        QCOMPARE(opened->spec.uses.size(), tensors.size());
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const TensorUse& use = opened->spec.uses[i];
            QVERIFY2(use.role != TensorRole::Other, tensors[i].name.c_str());
            const bool routed = tensors[i].name.find(".experts.") != std::string::npos;
            QCOMPARE(use.role == TensorRole::RoutedExpert, routed);
            if (routed) // the exporter rebuilds names from these parts
                QCOMPARE(use.nameHead + std::to_string(use.expert) + use.nameTail, tensors[i].name);
            QCOMPARE(use.role == TensorRole::Router, tensors[i].name.ends_with("mlp.gate.weight"));
            QCOMPARE(use.sliceDim, use.role == TensorRole::Router ? 0 : -1);
            QCOMPARE(use.layer >= 0, tensors[i].name.starts_with("model.layers."));
        }
    }

    void describesDenseQwen3()
    {
        TinyOptions options;
        options.moe = false;
        options.tied = true;
        options.dtype = checkpoint::Dtype::BF16;
        const ModelSpec model = spec(options);
        QCOMPARE(model.family, "qwen3");
        QVERIFY(!model.isMoe());
        QVERIFY(model.tiedEmbedding);
        QCOMPARE(model.lmHead, model.embedding);
        QVERIFY(!model.layers[0].moe);
        QVERIFY(model.expertCountKeys.empty());
    }

    void readsWhatTransformers5Writes()
    {
        const ModelSpec model = spec({}, [](OrderedJson& config, auto&) {
            config["num_local_experts"] = config["num_experts"];
            config.erase("num_experts");
            config.erase("rope_theta");
            config.erase("rope_scaling");
            config.erase("torch_dtype");
            config["dtype"] = "float32";
            config["rope_parameters"] = {{"rope_theta", 1000000}, {"rope_type", "default"}};
            config["eos_token_id"] = {7, 5};
        });
        QCOMPARE(model.experts, 6);
        QCOMPARE(model.rope.theta, 1e6);
        QCOMPARE(model.rope.kind, RopeKind::Default);
        QCOMPARE(model.stopTokens, (std::vector<int>{5, 7}));
    }

    void readsOptionalKeys()
    {
        ModelSpec model = spec({}, [](OrderedJson& config, auto&) {
            config["rope_scaling"] = {{"type", "linear"}, {"factor", 4.0}};
            config["use_sliding_window"] = true;
            config["sliding_window"] = 64;
            config["num_local_experts"] = 6; // agrees
            config.erase("norm_topk_prob");
            config["mlp_only_layers"] = nullptr;
        });
        QCOMPARE(model.rope.kind, RopeKind::Linear);
        QCOMPARE(model.rope.factor, 4.0);
        QCOMPARE(model.attention.slidingWindow, 64);
        QVERIFY(!model.router.normalizeTopK); // the class's default
        model = spec({}, [](OrderedJson& config, auto&) { config["sliding_window"] = 64; });
        QCOMPARE(model.attention.slidingWindow, 0); // not used unless use_sliding_window
        TinyOptions square;
        square.headDim = 6;
        model = spec(square, [](OrderedJson& config, auto&) { config.erase("head_dim"); });
        QCOMPARE(model.attention.headDim, 6); // hidden / heads
        TinyOptions biased;
        biased.attentionBias = true;
        model = spec(biased);
        QVERIFY(model.attention.bias && model.attention.outputBias);
        QCOMPARE(model.layers[0].o.bias, "model.layers.0.self_attn.o_proj.bias");
    }

    void denseWindowsBeginAtALayer()
    {
        TinyOptions dense;
        dense.moe = false;
        const auto with = [](int first) {
            return [first](OrderedJson& config, auto&) {
                config["use_sliding_window"] = true;
                config["sliding_window"] = 32;
                config["max_window_layers"] = first;
            };
        };
        QCOMPARE(spec(dense, with(3)).attention.slidingWindow, 0);
        QCOMPARE(spec(dense, with(0)).attention.slidingWindow, 32);
        const ModelSpec mixed = spec(dense, with(1));
        QCOMPARE(mixed.layers[0].window, 0);
        QCOMPARE(mixed.layers[1].window, 32);
    }

    void refusesConfigs_data()
    {
        QTest::addColumn<QString>("patch"); // JSON merge patch: null erases
        QTest::addColumn<QString>("says");
        const auto row = [](const char* patch, const char* says) { QTest::newRow(patch) << patch << says; };
        for (const char* key : {"model_type", "hidden_size", "vocab_size", "num_hidden_layers", "num_attention_heads",
                                "num_key_value_heads", "num_experts", "num_experts_per_tok", "moe_intermediate_size"})
            QTest::newRow(key) << QString("{'%1':null}").arg(key) << QString("key %1: the key is missing").arg(key);
        row("{'model_type':'mixtrel'}", "qwen3_moe (Qwen3-MoE), qwen3 (Qwen3)");
        row("{'model_type':7}", "key model_type");
        row("{'num_experts_per_tok':7}", "7 experts per token are more than the 6");
        row("{'num_experts_per_tok':0}", "key num_experts_per_tok: 0 lies outside");
        row("{'num_local_experts':8}", "key num_local_experts: 8 contradicts num_experts = 6");
        row("{'num_experts':7}",
            "model.layers.0.mlp.gate.weight: the shape is [6, 24], by the config it must be [7, 24]");
        row("{'num_experts':-6}", "outside");
        row("{'num_experts':6.5}", "not a whole number");
        row("{'num_experts':'6'}", "not a whole number");
        row("{'num_experts':99999999999999999999}", "not a whole number");
        row("{'hidden_size':25}", "embed_tokens.weight: the shape is [61, 24], by the config it must be [61, 25]");
        row("{'head_dim':12}", "q_proj.weight: the shape");
        row("{'head_dim':9}", "odd");
        row("{'num_key_value_heads':3}", "evenly");
        row("{'num_hidden_layers':4}", "model.layers.3.self_attn.q_proj.weight: the tensor is missing");
        row("{'mlp_only_layers':[1]}", "model.layers.1.mlp.gate_proj.weight: the tensor is missing");
        row("{'mlp_only_layers':[-1]}", "key mlp_only_layers");
        row("{'mlp_only_layers':[0,1,2]}", "no layer is left");
        row("{'decoder_sparse_step':0}", "key decoder_sparse_step");
        row("{'hidden_act':'gelu'}", "Supported: silu");
        row("{'rope_scaling':{'type':'ntk','factor':4.0}}",
            "\"ntk\" is not supported. Supported: default, linear, dynamic");
        row("{'rope_scaling':{'type':'linear'}}", "key rope_scaling.factor: the key is missing");
        row("{'rope_parameters':{'rope_type':'llama3'}}", "key rope_parameters.factor: the key is missing");
        row("{'rope_scaling':'linear'}", "key rope_scaling");
        row("{'rope_theta':0}", "key rope_theta");
        row("{'rms_norm_eps':'small'}", "key rms_norm_eps");
        row("{'tie_word_embeddings':1}", "key tie_word_embeddings");
        row("{'attention_bias':true}", "q_proj.bias: the tensor is missing");
    }
    void refusesConfigs()
    {
        QFETCH(QString, patch);
        QFETCH(QString, says);
        const std::string json = patch.replace('\'', '"').toStdString();
        const QString text =
            refusal({}, [&](OrderedJson& config, auto&) { config.merge_patch(OrderedJson::parse(json)); });
        QVERIFY2(text.contains(says), qPrintable(text));
    }

    void refusesWrongTensors()
    {
        const std::string down = "model.layers.1.mlp.experts.5.down_proj.weight";
        QString text = refusal({}, [&](auto&, auto& tensors) { drop(tensors, down); });
        QVERIFY2(text.startsWith(QString::fromStdString("tensor " + down + ": the tensor is missing")),
                 qPrintable(text));
        text = refusal({}, [&](auto&, auto& tensors) { resize(tensorOf(tensors, down), {14, 24}); });
        QVERIFY2(text.contains("[14, 24], by the config it must be [24, 14]"), qPrintable(text));
        text = refusal({}, [&](auto&, auto& tensors) { resize(tensorOf(tensors, down), {24, 14, 1}); });
        QVERIFY2(text.contains("[24, 14, 1]"), qPrintable(text));
        text = refusal({}, [&](auto&, auto& tensors) { tensorOf(tensors, down).dtype = checkpoint::Dtype::I32; });
        QVERIFY2(text.contains("dtype I32"), qPrintable(text));
        text = refusal({}, [&](auto&, auto& tensors) {
            tensors.push_back(tensorOf(tensors, down));
            tensors.back().name = "model.layers.1.mlp.experts.6.down_proj.weight";
        });
        QVERIFY2(text.contains("expert 6 is beyond the 6 experts"), qPrintable(text));
        text = refusal({}, [](auto&, auto& tensors) { drop(tensors, "lm_head.weight"); });
        QVERIFY2(text.contains("lm_head.weight: the tensor is missing"), qPrintable(text));
    }

    void surplusTensorsAreReported()
    {
        const auto opened = open({}, [](auto&, auto& tensors) {
            test::RawTensor extra = tensors.back();
            for (const char* name : {"model.layers.1.mlp.experts.2.up_proj.weight_scale_inv", "model.layers.7.x",
                                     "a.rotary.inv_freq", "model.layers.1.mlp.experts.02.odd", "z"}) {
                extra.name = name;
                tensors.push_back(extra);
            }
        });
        QVERIFY(opened.ok());
        QCOMPARE(opened->spec.warnings.size(), std::size_t{1});
        const auto warning = QString::fromStdString(opened->spec.warnings[0]);
        QVERIFY2(warning.startsWith("4 tensors") && warning.contains("a.rotary.inv_freq"), qPrintable(warning));
        const auto& tensors = opened->checkpoint.tensors();
        for (std::size_t i = 0; i < tensors.size(); ++i)
            if (tensors[i].name.ends_with("weight_scale_inv")) { // moves with its expert
                QCOMPARE(opened->spec.uses[i].role, TensorRole::RoutedExpert);
                QCOMPARE(opened->spec.uses[i].expert, 2);
                QCOMPARE(opened->spec.uses[i].nameTail, ".up_proj.weight_scale_inv");
            }
    }

    void tiedHeadsMayBeStored()
    {
        TinyOptions options; // untied tensors under a tied config
        const ModelSpec model = spec(options, [](OrderedJson& config, auto&) { config["tie_word_embeddings"] = true; });
        QCOMPARE(model.lmHead, model.embedding);
        QCOMPARE(model.warnings.size(), std::size_t{1});
    }

    /// Each family has its row in the manual's table, whose numbers the family tests write, and no other has one.
    void manualListsEveryFamily()
    {
        const std::string page = test::readText(fs::path(ESPALIER_SOURCE_DIR) / "resources/manual/formats.md");
        const std::size_t begin = page.find("### Families");
        QVERIFY(begin != std::string::npos);
        const std::string section = page.substr(begin, page.find("\n### ", begin + 4) - begin);
        std::set<std::string_view> listed, known;
        for (std::size_t at = 0; (at = section.find("\n| `", at)) != std::string::npos; ++at)
            listed.insert(std::string_view(section).substr(at + 4, section.find('`', at + 4) - at - 4));
        for (const Family& family : families())
            known.insert(family.modelType);
        QVERIFY2(listed == known, fmt::format("{}\n{}", fmt::join(listed, " "), fmt::join(known, " ")).c_str());
    }

    void generationConfigAddsStopTokens()
    {
        const fs::path folder = fresh();
        test::writeTinyCheckpoint(folder, {});
        test::writeText(folder / "generation_config.json", R"({"eos_token_id": [9, 0, 4]})");
        QCOMPARE(openModel(folder)->spec.stopTokens, (std::vector<int>{0, 4, 9}));
        test::writeText(folder / "generation_config.json", "{");
        QCOMPARE(openModel(folder)->spec.warnings.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestFamilies)
#include "tst_families.moc"
