// SPDX-License-Identifier: Apache-2.0
// GGUF files of every architecture: logits equal those transformers computes with the values the file holds, and
// llama.cpp's at every step of its own continuation.
#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "tests/core/bundle/gguf_oracle.h"
#include "tests/support/manual_table.h"

#include <QTemporaryDir>
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

using namespace espalier;
using namespace espalier::test;

namespace {

constexpr int kTokens = 10;

base::OrderedJson with(base::OrderedJson base, const base::OrderedJson& more)
{
    base.update(more);
    return base;
}

const base::OrderedJson& qwen()
{
    static const base::OrderedJson config{
        {"num_experts", 6},        {"num_experts_per_tok", 2}, {"moe_intermediate_size", 32},
        {"intermediate_size", 96}, {"head_dim", 32},           {"norm_topk_prob", true}};
    return config;
}

/// Rows long enough for blocks of 256. llama.cpp rounds activations to 8 bits, or to
/// bfloat16, for these types, and where experts are
/// chosen a near tie would fall the other way; so its text is compared for the cut, whose tokens use every expert that
/// is left. Logits reach 20, and weights read wrongly differ by more than 10.
GgufCase ofType(const std::string& type, double tolerance)
{
    GgufCase one{"qwen3moe, " + type,
                 "qwen3moe",
                 "qwen3_moe",
                 with(qwen(), {{"hidden_size", 256},
                               {"moe_intermediate_size", 256},
                               {"num_hidden_layers", 2},
                               {"num_experts", 8},
                               {"num_experts_per_tok", 5}}),
                 type,
                 type,
                 5};
    one.tolerance = tolerance;
    one.wholeAsLlamaCpp = false;
    return one;
}

std::vector<GgufCase> latentCases()
{
    const base::OrderedJson config{
        {"intermediate_size", 96}, {"moe_intermediate_size", 32}, {"n_routed_experts", 8}, {"num_experts_per_tok", 3},
        {"n_shared_experts", 2},   {"first_k_dense_replace", 1},  {"q_lora_rank", 32},     {"kv_lora_rank", 32},
        {"qk_nope_head_dim", 32},  {"qk_rope_head_dim", 16},      {"v_head_dim", 24},      {"n_group", 1},
        {"topk_group", 1},         {"num_key_value_heads", 4},    {"head_dim", 16}};
    const base::OrderedJson yarn{
        {"rope_type", "yarn"}, {"rope_theta", 10000.0}, {"factor", 4.0},   {"original_max_position_embeddings", 64},
        {"beta_fast", 32.0},   {"beta_slow", 1.0},      {"mscale", 0.707}, {"mscale_all_dim", 0.707}};
    return {
        {"deepseek2, V2", "deepseek2", "deepseek_v2", with(config, {{"routed_scaling_factor", 16.0}}), "F32", "F32", 5},
        {"deepseek2, V2 of no type, one up-projection, yarn",
         "deepseek2",
         "deepseek_v2",
         with(config, {{"rope_parameters", yarn}}),
         "F32",
         "F32",
         6,
         {"kv_b", "untyped"}},
        // llama.cpp tells V2-Lite, whose queries are not compressed, by its 27 layers
        {"deepseek2, V2-Lite", "deepseek2", "deepseek_v2",
         with(config, {{"q_lora_rank", nullptr}, {"num_hidden_layers", 27}}), "F32", "F32", 4},
        {"deepseek2, V3, groups", "deepseek2", "deepseek_v3",
         with(config, {{"n_routed_experts", 16}, {"n_group", 4}, {"topk_group", 2}}), "F32", "F32", 8},
        {"deepseek2, V3, yarn", "deepseek2", "deepseek_v3",
         with(config, {{"rope_parameters", yarn}, {"norm_topk_prob", false}}), "F32", "F32", 5},
        {"deepseek2, V3, F16 and Q8_0", "deepseek2", "deepseek_v3", config, "Q8_0", "F16", 5, {}, 0, 2},
    };
}

std::vector<GgufCase> otherCases()
{
    const base::OrderedJson glm{{"intermediate_size", 96}, {"moe_intermediate_size", 32},
                                {"n_routed_experts", 9},   {"num_experts_per_tok", 3},
                                {"head_dim", 32},          {"routed_scaling_factor", 2.5}};
    const base::OrderedJson oss{{"num_local_experts", 5},
                                {"num_experts_per_tok", 2},
                                {"intermediate_size", 32},
                                {"sliding_window", 8},
                                {"head_dim", 32},
                                {"rope_parameters",
                                 {{"rope_type", "yarn"},
                                  {"rope_theta", 150000.0},
                                  {"factor", 8.0},
                                  {"original_max_position_embeddings", 32},
                                  {"beta_fast", 32.0},
                                  {"beta_slow", 1.0},
                                  {"truncate", true}}}};
    const base::OrderedJson ernie{{"moe_num_experts", 7},
                                  {"moe_k", 3},
                                  {"moe_intermediate_size", 32},
                                  {"intermediate_size", 96},
                                  {"moe_num_shared_experts", 1},
                                  {"moe_layer_start_index", 1},
                                  {"moe_layer_interval", 1},
                                  {"use_bias", false},
                                  {"head_dim", 32}};
    return {
        {"glm4moe", "glm4moe", "glm4_moe", glm, "F32", "F32", 6},
        {"glm4moe, biases, norms, a further token",
         "glm4moe",
         "glm4_moe",
         with(glm, {{"use_qk_norm", true}, {"attention_bias", true}}),
         "F32",
         "F32",
         5,
         {},
         1},
        {"gpt-oss", "gpt-oss", "gpt_oss", oss, "F32", "F32", 3},
        {"gpt-oss, MXFP4", "gpt-oss", "gpt_oss", oss, "MXFP4", "BF16", 4, {}, 0, 0.25},
        {"granitemoe",
         "granitemoe",
         "granitemoe",
         {{"num_local_experts", 6},
          {"num_experts_per_tok", 2},
          {"intermediate_size", 32},
          {"attention_multiplier", 0.2},
          {"embedding_multiplier", 3.0},
          {"residual_multiplier", 0.5},
          {"logits_scaling", 2.0}},
         "F32",
         "F32",
         4},
        {"minimax-m2",
         "minimax-m2",
         "minimax_m2",
         {{"num_local_experts", 11},
          {"num_experts_per_tok", 4},
          {"intermediate_size", 32},
          {"rotary_dim", 16},
          {"head_dim", 32}},
         "F32",
         "F32",
         7},
        {"ernie4_5-moe", "ernie4_5-moe", "ernie4_5_moe", ernie, "F32", "F32", 5},
        {"ernie4_5-moe, tied", "ernie4_5-moe", "ernie4_5_moe",
         with(ernie, {{"tie_word_embeddings", true}, {"moe_num_shared_experts", 2}}), "F32", "F32", 4},
    };
}

std::vector<GgufCase> makeCases()
{
    const base::OrderedJson dense{{"intermediate_size", 96}};
    const base::OrderedJson bands{{"rope_type", "llama3"},   {"rope_theta", 500000.0},
                                  {"factor", 8.0},           {"low_freq_factor", 1.0},
                                  {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 64}};
    const base::OrderedJson linear{{"rope_type", "linear"}, {"rope_theta", 10000.0}, {"factor", 4.0}};
    const base::OrderedJson mixtral{{"num_local_experts", 5}, {"num_experts_per_tok", 2}, {"intermediate_size", 96}};
    std::vector<GgufCase> cases{
        {"llama", "llama", "llama", dense},
        {"llama, bands of frequencies, tied", "llama", "llama",
         with(dense, {{"rope_parameters", bands}, {"tie_word_embeddings", true}})},
        {"llama, linear, SentencePiece",
         "llama",
         "llama",
         with(dense, {{"rope_parameters", linear}}),
         "F32",
         "F32",
         0,
         {"spm"}},
        {"qwen2", "qwen2", "qwen2", dense},
        {"qwen3", "qwen3", "qwen3", with(dense, {{"head_dim", 32}})},
        {"mixtral", "llama", "mixtral", mixtral, "F32", "F32", 3},
        {"qwen3moe", "qwen3moe", "qwen3_moe", qwen(), "F32", "F32", 4},
        {"qwen3moe in two files", "qwen3moe", "qwen3_moe", qwen(), "F32", "F32", 3, {"split"}},
        {"qwen2moe", "qwen2moe", "qwen2_moe",
         with(qwen(), {{"head_dim", nullptr}, {"norm_topk_prob", false}, {"shared_expert_intermediate_size", 64}}),
         "F32", "F32", 4},
        {"olmoe",
         "olmoe",
         "olmoe",
         {{"num_experts", 7}, {"num_experts_per_tok", 3}, {"intermediate_size", 32}, {"num_key_value_heads", 4}},
         "F32",
         "F32",
         5},
    };
    for (const auto& more : {latentCases(), otherCases()})
        cases.insert(cases.end(), more.begin(), more.end());
    for (const char* type : {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
                             "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"})
        cases.push_back(ofType(type, std::string(type) == "F16" ? 0.25 : 4));
    return cases;
}

} // namespace

/// `keep` experts of every layer at random, the same number of each router group.
static plan::Plan groupedPlan(const model::OpenModel& model, int keep, unsigned seed)
{
    std::mt19937 random(seed);
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    plan.name = "random";
    plan.predicted = {};
    const int groups = model.spec.router.groups;
    const int size = model.spec.experts / groups;
    for (plan::PlanLayer& layer : plan.layers) {
        layer.keep.clear();
        layer.order.clear();
        for (int g = 0; g < groups; ++g) {
            std::vector<std::int32_t> ids;
            for (int e = 0; e < size; ++e)
                ids.push_back(g * size + e);
            std::shuffle(ids.begin(), ids.end(), random);
            ids.resize(static_cast<std::size_t>(keep / groups));
            std::sort(ids.begin(), ids.end());
            layer.keep.insert(layer.keep.end(), ids.begin(), ids.end());
        }
    }
    return plan;
}

static double worst(const Logits& a, const Logits& b)
{
    double largest = 0;
    for (std::size_t s = 0; s < a.size(); ++s)
        largest = std::max(largest, largestDifference(a[s], b[s]));
    return largest;
}

class TestGgufModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::vector<GgufCase> m_cases = makeCases();
    base::OrderedJson m_llama;
    std::set<std::size_t> m_logits, m_texts, m_cuts; ///< cases that were checked

    std::filesystem::path place(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path file(std::size_t i) const
    {
        const bool split = !m_cases[i].options.empty() && m_cases[i].options.back() == "split";
        return place(std::to_string(i) + (split ? "-00001-of-00002.gguf" : ".gguf"));
    }
    void addRows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i].name.c_str()) << static_cast<int>(i);
    }

private Q_SLOTS:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        makeGgufModels(place(""), m_cases);
        std::vector<std::filesystem::path> files;
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            files.push_back(file(i));
        m_llama = askLlamaCpp(place(""), files, ggufTexts(), kTokens, kGgufVocabulary);
    }

    void logitsEqualTransformers_data() { addRows(); }
    void logitsEqualTransformers()
    {
        QFETCH(const int, index);
        const auto i = static_cast<std::size_t>(index);
        const Machine machine = openMachine(file(i), {engine::ComputeType::Float32, 1, {}});
        const auto& warnings = machine.model->summary.warnings;
        QVERIFY2(warnings.empty(), warnings.empty() ? "" : warnings.front().c_str());
        const auto texts = ggufTexts();
        const Logits ours = collectLogits(*machine.engine, texts);
        const Logits theirs = readOracleLogits(place("logits-" + std::to_string(i)), texts, kGgufVocabulary);
        for (std::size_t s = 0; s < texts.size(); ++s) {
            const double difference = largestDifference(ours[s], theirs[s]);
            QVERIFY2(difference <= 1e-3,
                     qPrintable(QString("text of %1 tokens differs by %2").arg(texts[s].size()).arg(difference)));
        }
        m_logits.insert(i);
    }

    void continuesAsLlamaCpp_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            if (m_cases[i].wholeAsLlamaCpp)
                QTest::newRow(m_cases[i].name.c_str()) << static_cast<int>(i);
    }
    void continuesAsLlamaCpp()
    {
        QFETCH(const int, index);
        const auto i = static_cast<std::size_t>(index);
        const GgufCase& one = m_cases[i];
        const Machine machine = openMachine(file(i), {engine::ComputeType::Float32, 1, {}});
        const Continuation along = compareWithLlama(*machine.engine, kGgufVocabulary, ggufTexts(), m_llama[i]);
        QVERIFY2(along.problem.empty(), along.problem.c_str());
        qInfo("largest difference of log-probabilities %s", qPrintable(QString::number(along.difference)));
        QVERIFY2(along.difference <= one.tolerance, qPrintable(QString::number(along.difference)));
        QVERIFY2(along.regret <= one.tolerance, qPrintable(QString::number(along.regret)));
        m_texts.insert(i);
        if (one.experts != "F32" || one.matrices != "F32")
            return; // a near tie may fall the other way
        engine::GenerateRequest request;
        request.prompts = ggufTexts();
        request.variants = {nullptr};
        request.maxTokens = kTokens;
        request.stopTokens = machine.model->spec.stopTokens;
        const auto generated = must(machine.engine->generate(request, {}));
        for (std::size_t p = 0; p < request.prompts.size(); ++p) {
            auto theirs = m_llama[i]["ids"][p].get<TokenSequence>();
            if (std::cmp_less(theirs.size(), kTokens)) // ours leaves the token that ended it out
                theirs.pop_back();
            QCOMPARE(generated[0][p], theirs);
        }
    }

    /// A cut of every model: what the plan predicts, only what must change, and the same text from llama.cpp.
    void cutsLoadInLlamaCpp()
    {
        std::vector<std::size_t> indices;
        std::vector<std::filesystem::path> files;
        std::vector<plan::Plan> plans;
        base::OrderedJson list = base::OrderedJson::array();
        const auto cut = [&](std::size_t i, bool dropMtp) {
            const auto model = must(model::openModel(file(i)));
            bundle::ExportRequest request;
            request.plan = groupedPlan(model, m_cases[i].keep, static_cast<unsigned>(i));
            request.out = place(fmt::format("cut-{}-{}", i, dropMtp));
            request.dropMtp = dropMtp;
            const auto report = must(bundle::exportBundle(model, request, {}));
            QCOMPARE(report.bytes, report.predictedBytes);
            QCOMPARE(report.bytes, must(model::openModel(request.out)).checkpoint.tensorBytes());
            base::OrderedJson keep;
            for (const plan::PlanLayer& layer : request.plan.layers)
                keep[std::to_string(layer.layer.value())] = layer.keep;
            files.push_back(request.out / "model.gguf");
            const bool split = file(i).filename().string().find("-of-") != std::string::npos;
            if (!split) // the package reads one file
                list.push_back({{"source", file(i).string()},
                                {"cut", files.back().string()},
                                {"experts", model.spec.experts},
                                {"layers", model.summary.layers},
                                {"keep", keep},
                                {"dropped", dropMtp}});
            indices.push_back(i);
            plans.push_back(request.plan);
        };
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            if (m_cases[i].keep > 0) {
                cut(i, false);
                if (m_cases[i].mtp > 0)
                    cut(i, true);
            }
        writeText(place("cuts.json"), list.dump());
        const OracleRun run =
            runOracle(QStringLiteral("gguf_cut.py"), {QString::fromStdString(place("cuts.json").string())});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto llama = askLlamaCpp(place(""), files, ggufTexts(), kTokens, kGgufVocabulary);
        for (std::size_t c = 0; c < files.size(); ++c) {
            const GgufCase& one = m_cases[indices[c]];
            const Machine whole = openMachine(file(indices[c]), {engine::ComputeType::Float32, 1, {}});
            const Machine part = openMachine(files[c], {engine::ComputeType::Float32, 1, {}});
            QCOMPARE(part.model->spec.experts, one.keep);
            const auto verified = must(bundle::verifyBundleAgainst(files[c].parent_path(), *whole.model, {}, {}));
            for (const auto& check : verified.checks)
                QVERIFY2(check.ok, (one.name + ": " + check.name + ": " + check.detail).c_str());
            QVERIFY(verified.maxAbsLogitDifference && *verified.maxAbsLogitDifference <= 1e-5);
            const Logits ours = collectLogits(*part.engine, ggufTexts());
            QVERIFY(worst(ours, collectLogits(*whole.engine, ggufTexts())) > 1e-3);
            const Continuation along = compareWithLlama(*part.engine, kGgufVocabulary, ggufTexts(), llama[c]);
            QVERIFY2(along.problem.empty() && along.difference <= one.tolerance && along.regret <= one.tolerance,
                     qPrintable(QString("%1: %2").arg(one.name.c_str()).arg(along.difference)));
            m_cuts.insert(indices[c]);
            m_texts.insert(indices[c]);
        }
    }

    /// Last: the tables in formats.md say what was checked just now.
    void manualSaysTheSame()
    {
        if (m_logits.size() < m_cases.size())
            QSKIP("only a run of everything can be compared with the manual");
        std::map<std::string, std::vector<std::size_t>> rows;
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            rows[fmt::format("| GGUF `{}` |", m_cases[i].architecture)].push_back(i);
            rows[fmt::format("| GGUF {} |", m_cases[i].experts)].push_back(i);
        }
        const auto count = [](const std::vector<std::size_t>& cases, const std::set<std::size_t>& checked) {
            const auto n =
                std::count_if(cases.begin(), cases.end(), [&](std::size_t i) { return checked.contains(i); });
            return n > 0 ? std::to_string(n) : std::string("–");
        };
        for (const auto& [start, cases] : rows) {
            const std::string row = fmt::format("{} {} | {} | {} |", start, count(cases, m_logits),
                                                count(cases, m_texts), count(cases, m_cuts));
            const std::string wrong = manualRowDiffers("formats.md", start, row);
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestGgufModels)
#include "tst_gguf_models.moc"
