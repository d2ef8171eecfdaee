// SPDX-License-Identifier: Apache-2.0
// Verification of what only some architectures have: router groups, blocks for further tokens, scales of experts,
// quantisation lists, nested configurations. One damage per rule, as in tst_verify.cpp.
#include "tests/core/bundle/bundle_support.h"
#include "tests/support/released_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <functional>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;

namespace {

using Damage = std::function<void(const fs::path& bundle)>;
using Tensors = std::vector<test::RawTensor>;

Damage config(const std::function<void(OrderedJson&)>& edit)
{
    return [edit](const fs::path& folder) {
        auto json = *base::readJsonFile(folder / "config.json");
        edit(json);
        test::writeText(folder / "config.json", json.dump());
    };
}

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
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name == name; });
    if (found == list.end())
        throw std::runtime_error("no tensor " + name);
    return *found;
}

/// Two layers of which one has experts, one block for a further token, four groups of four experts, FP8 with scales.
test::ReleasedModel smallDeepseek(const OrderedJson& more = OrderedJson::object())
{
    OrderedJson changes{
        {"hidden_size", 128},
        {"intermediate_size", 64},
        {"moe_intermediate_size", 8},
        {"kv_lora_rank", 16},
        {"q_lora_rank", 8},
        {"vocab_size", 30},
        {"num_hidden_layers", 2},
        {"first_k_dense_replace", 1},
        {"n_routed_experts", 16},
        {"num_experts_per_tok", 2},
        {"num_attention_heads", 2},
        {"n_group", 4},
        {"topk_group", 2},
        {"quantization_config",
         {{"quant_method", "fp8"},
          {"weight_block_size", {128, 128}},
          {"modules_to_not_convert",
           {"lm_head", "model.layers.1.mlp.experts.4.up_proj", "model.layers.1.mlp.experts.6.up_proj"}}}}};
    changes.update(more);
    return test::deepseekV3(changes);
}

const std::vector<std::int32_t> kKeep{0, 2, 4, 5, 8, 11, 14, 15};

} // namespace

class TestVerifyGroups : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_bundle, m_dropped, m_copy;

    fs::path place(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }
    model::OpenModel open(const char* name, const test::ReleasedModel& model)
    {
        test::writeSparse(place(name), model, 2);
        return test::must(model::openModel(place(name)));
    }
    fs::path write(const model::OpenModel& model, const char* name, bool dropMtp)
    {
        bundle::ExportRequest request;
        request.plan = test::planOf(model, {kKeep});
        request.out = place(name);
        request.dropMtp = dropMtp;
        (void)test::must(bundle::exportBundle(model, request, {}));
        return request.out;
    }

private slots:
    void initTestCase()
    {
        const auto model = open("source", smallDeepseek());
        m_bundle = write(model, "bundle", false);
        m_dropped = write(model, "dropped", true);
        m_copy = place("copy");
    }

    void soundBundles()
    {
        for (const fs::path& folder : {m_bundle, m_dropped}) {
            const auto report = test::must(bundle::verifyBundle(folder, {}));
            QVERIFY2(report.ok(), report.toJson().dump(1).c_str());
        }
        const auto config = *base::readJsonFile(m_bundle / "config.json");
        QCOMPARE(config["n_routed_experts"].get<int>(), 8);
        QCOMPARE(config["n_group"].get<int>(), 4); // two of each group stayed
        // Expert 4 is now the third, expert 6 is gone
        QVERIFY(config["quantization_config"]["modules_to_not_convert"] ==
                OrderedJson({"lm_head", "model.layers.1.mlp.experts.2.up_proj"}));
        // The further block was cut with the last layer's keep list
        QCOMPARE(test::storedTensors(m_bundle).at("model.layers.2.mlp.gate.weight").shape.front(), std::int64_t{8});
        QCOMPARE((*base::readJsonFile(m_dropped / "config.json"))["num_nextn_predict_layers"].get<int>(), 0);
    }

    void damaged_data()
    {
        QTest::addColumn<bool>("dropped");
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Damage damage, const char* rule, const char* says, bool dropped = false) {
            QTest::newRow(name) << dropped << std::move(damage) << QString(rule) << QString(says);
        };
        const char* shapes = "headers, names and shapes";
        row("groups do not divide the experts", config([](OrderedJson& json) { json["n_group"] = 3; }), shapes,
            "8 experts cannot be divided evenly among 3 groups");
        row("a group of one", config([](OrderedJson& json) { json["n_group"] = 8; }), shapes, "two experts");
        row("all groups are used", config([](OrderedJson& json) { json["topk_group"] = 4; }), "router groups",
            "'n_group' = 1");
        row("more groups used than there are", config([](OrderedJson& json) { json["topk_group"] = 5; }), shapes,
            "topk_group");
        row("k beyond the chosen groups", config([](OrderedJson& json) {
                json["topk_group"] = 1;
                json["num_experts_per_tok"] = 3;
            }),
            shapes, "cannot give 3");
        row("correction bias of the source", tensors([](Tensors& list) {
                auto& bias = named(list, "model.layers.1.mlp.gate.e_score_correction_bias");
                bias.shape = {16};
                bias.data.resize(64);
            }),
            shapes, "e_score_correction_bias");
        row("further block in full width", tensors([](Tensors& list) {
                auto& router = named(list, "model.layers.2.mlp.gate.weight");
                router.shape[0] = 16;
                router.data.resize(2 * router.data.size());
            }),
            shapes, "model.layers.2.mlp.gate.weight");
        row("further block lacks an expert", tensors([](Tensors& list) {
                std::erase_if(
                    list, [](const auto& tensor) { return tensor.name.starts_with("model.layers.2.mlp.experts.7."); });
            }),
            shapes, "model.layers.2.mlp.experts.7.");
        row("scale of one expert missing", tensors([](Tensors& list) {
                std::erase_if(list, [](const auto& tensor) {
                    return tensor.name == "model.layers.1.mlp.experts.3.up_proj.weight_scale_inv";
                });
            }),
            shapes, "weight_scale_inv is missing");
        row("scale of another size", tensors([](Tensors& list) {
                auto& scale = named(list, "model.layers.1.mlp.experts.3.up_proj.weight_scale_inv");
                scale.shape = {2, 1};
                scale.data.resize(8);
            }),
            shapes, "weight_scale_inv");
        row("list names an expert that is gone", config([](OrderedJson& json) {
                json["quantization_config"]["modules_to_not_convert"].push_back("model.layers.1.mlp.experts.8.up_proj");
            }),
            "experts named in config.json", "model.layers.1.mlp.experts.8.up_proj");
        row("count in another object", config([](OrderedJson& json) { json["text_config"]["num_experts"] = 16; }),
            shapes, "text_config/num_experts");
        row("further blocks announced, but dropped",
            config([](OrderedJson& json) { json["num_nextn_predict_layers"] = 1; }), "blocks for further tokens",
            "num_nextn_predict_layers", true);
    }
    void damaged()
    {
        QFETCH(const bool, dropped);
        QFETCH(const Damage, damage);
        QFETCH(const QString, rule);
        QFETCH(const QString, says);
        fs::remove_all(m_copy);
        fs::copy(dropped ? m_dropped : m_bundle, m_copy, fs::copy_options::recursive);
        damage(m_copy);
        test::writeSumsAnew(m_copy);
        const auto report = test::must(bundle::verifyBundle(m_copy, {}));
        const auto failed =
            std::find_if(report.checks.begin(), report.checks.end(), [](const auto& check) { return !check.ok; });
        QVERIFY(failed != report.checks.end());
        QVERIFY2(failed->name == rule.toStdString(), (failed->name + ": " + failed->detail).c_str());
        QVERIFY2(failed->detail.find(says.toStdString()) != std::string::npos, failed->detail.c_str());
    }

    /// Unequal groups are refused with the nearest counts that are legal.
    void groupsMustStayEqual()
    {
        const auto model = test::must(model::openModel(place("source")));
        bundle::ExportRequest request;
        request.out = place("refused");
        request.plan = test::planOf(model, {{0, 1, 2, 4, 8, 11, 14, 15}});
        const auto unequal = bundle::exportBundle(model, request, {});
        QVERIFY(!unequal.ok());
        QCOMPARE(static_cast<int>(unequal.error().code), 3);
        QVERIFY2(unequal.error().text().find("nearest are 8") != std::string::npos, unequal.error().text().c_str());
        request.plan = test::planOf(model, {{0, 1, 2, 4, 5, 8, 9, 12, 13}});
        const auto odd = bundle::exportBundle(model, request, {});
        QVERIFY(!odd.ok());
        QVERIFY2(odd.error().text().find("nearest are 8 or 12") != std::string::npos, odd.error().text().c_str());
    }

    /// All groups used is the same as none: any count is legal, and the bundle says so in words all engines load.
    void groupsThatChooseNothing()
    {
        const auto model = open("all-groups", smallDeepseek({{"topk_group", 4}}));
        QCOMPARE(model.summary.routerGroups, 1);
        bundle::ExportRequest request;
        request.out = place("all-groups-bundle");
        request.plan = test::planOf(model, {{0, 1, 2, 3, 9}});
        (void)test::must(bundle::exportBundle(model, request, {}));
        const auto config = *base::readJsonFile(request.out / "config.json");
        QCOMPARE(config["n_group"].get<int>(), 1);
        QCOMPARE(config["topk_group"].get<int>(), 1);
        const auto report = test::must(bundle::verifyBundle(request.out, {}));
        QVERIFY2(report.ok(), report.toJson().dump(1).c_str());
    }

    /// Every alias, wherever it stands, follows the cut.
    void countsInEveryObject()
    {
        auto released = smallDeepseek({{"num_experts", 16}, {"num_local_experts", 16}, {"moe_num_experts", 16}});
        released.config["llm_config"] = {{"n_routed_experts", 16}, {"deeper", {{"num_experts", 16}}}};
        const auto model = open("aliases", released);
        const auto config = *base::readJsonFile(write(model, "aliases-bundle", false) / "config.json");
        for (const char* pointer : {"/n_routed_experts", "/num_experts", "/num_local_experts", "/moe_num_experts",
                                    "/llm_config/n_routed_experts", "/llm_config/deeper/num_experts"})
            QVERIFY2(config[OrderedJson::json_pointer(pointer)] == 8, pointer);
    }
};

QTEST_APPLESS_MAIN(TestVerifyGroups)
#include "tst_verify_groups.moc"
