// SPDX-License-Identifier: Apache-2.0
#include "tests/core/bundle/families/family_test.h"

#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "core/stats/statistics.h"
#include "tests/core/engine/stats_support.h"
#include "tests/support/manual_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>
#include <set>

namespace espalier::test {

namespace {

const std::vector<int> kLengths = {1, 7, 64, 200};

double worst(const Logits& a, const Logits& b)
{
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t s = 0; s < a.size() && s < b.size(); ++s)
        most = std::max(most, largestDifference(a[s], b[s]));
    return most;
}

QString number(double value)
{
    return QString::number(value, 'g', 3);
}

} // namespace

plan::Plan randomGroupedPlan(const model::OpenModel& model, int count, unsigned seed)
{
    const int groups = model.summary.routerGroups;
    const int size = model.summary.experts / groups;
    std::mt19937 random(seed);
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    plan.predicted = {};
    for (plan::PlanLayer& layer : plan.layers) {
        layer.keep.clear();
        layer.order.clear();
        for (int g = 0; g < groups; ++g) {
            std::vector<std::int32_t> ids;
            for (int e = g * size; e < (g + 1) * size; ++e)
                ids.push_back(e);
            while (std::cmp_greater(ids.size(), count / groups))
                ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(random() % ids.size()));
            layer.keep.insert(layer.keep.end(), ids.begin(), ids.end());
        }
    }
    return plan;
}

std::filesystem::path FamilyTest::place(const std::string& name) const
{
    return std::filesystem::path(m_folder.path().toStdString()) / name;
}

std::filesystem::path FamilyTest::modelOf(std::size_t index) const
{
    return place("model-" + std::to_string(index));
}

base::OrderedJson FamilyTest::ask(const base::OrderedJson& request)
{
    m_oracle.write(QByteArray::fromStdString(request.dump()) + '\n');
    QByteArray line;
    while (!line.endsWith('\n')) {
        if (!m_oracle.canReadLine() && !m_oracle.waitForReadyRead(120'000))
            throw std::runtime_error("the oracle does not answer: " + m_oracle.readAllStandardError().toStdString());
        line += m_oracle.readLine();
    }
    const auto answer = base::OrderedJson::parse(line.toStdString());
    if (!answer.value("ok", false))
        throw std::runtime_error(answer.value("error", "no reason"));
    return answer;
}

Logits FamilyTest::theirs(const std::filesystem::path& model, const std::vector<TokenSequence>& texts,
                          const plan::Plan* plan, int vocabulary)
{
    base::OrderedJson request = oracleCase(model, texts, plan, place("logits"));
    request["do"] = "run";
    ask(request);
    return readOracleLogits(place("logits"), texts, vocabulary);
}

void FamilyTest::addRows(bool dense)
{
    QTest::addColumn<int>("index");
    if (!dense && std::none_of(m_cases.begin(), m_cases.end(), [](const FamilyCase& one) { return one.keep > 0; }))
        QSKIP("these families have no experts");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
        if (dense || m_cases[i].keep > 0)
            QTest::newRow(m_cases[i].name.c_str()) << static_cast<int>(i);
}

/// Every family in bfloat16 and in shards, too.
void FamilyTest::addStoredOtherwise()
{
    std::set<std::string> done;
    for (const FamilyCase& one : m_cases)
        if (one.dtype == "bfloat16" && !one.maxShard.empty())
            done.insert(one.modelType);
    const auto given = m_cases;
    for (FamilyCase one : given) {
        if (!done.insert(one.modelType).second)
            continue;
        one.name = one.modelType + ", bfloat16 in shards, as a copy of its first case";
        one.dtype = "bfloat16";
        one.maxShard = "20KB";
        one.mtp = 0;
        m_cases.push_back(one);
    }
}

void FamilyTest::initTestCase()
{
    ESPALIER_NEED_ORACLE();
    m_cases = makeCases();
    addStoredOtherwise();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TRANSFORMERS_VERBOSITY"), QStringLiteral("error"));
    environment.insert(QStringLiteral("HF_HUB_OFFLINE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    m_oracle.setProcessEnvironment(environment);
    m_oracle.setStandardErrorFile(m_folder.filePath(QStringLiteral("oracle.log")));
    m_oracle.start(oraclePython(), {QStringLiteral(ESPALIER_SOURCE_DIR "/tests/oracle/families.py")});
    QVERIFY(m_oracle.waitForStarted());
    for (std::size_t i = 0; i < m_cases.size(); ++i) {
        const FamilyCase& one = m_cases[i];
        ask({{"do", "make"},
             {"model_type", one.modelType},
             {"config", one.config},
             {"out", modelOf(i).string()},
             {"runtime_layout", one.runtimeLayout},
             {"dtype", one.dtype},
             {"max_shard", one.maxShard},
             {"seed", 100 + i},
             {"mtp", one.mtp},
             {"rope4", one.rope4}});
    }
}

void FamilyTest::logitsEqualTransformers()
{
    QFETCH(const int, index);
    const FamilyCase& one = m_cases[static_cast<std::size_t>(index)];
    const auto folder = modelOf(static_cast<std::size_t>(index));
    const Machine machine = openMachine(folder, {engine::ComputeType::Float32, 1, {}});
    QCOMPARE(QString::fromStdString(machine.model->spec.family), QString::fromStdString(one.modelType));
    const auto texts = randomTexts(*machine.model, kLengths);
    const Logits ours = collectLogits(*machine.engine, texts);
    const Logits reference = theirs(folder, texts, nullptr, machine.model->spec.vocabulary);
    for (std::size_t s = 0; s < texts.size(); ++s) {
        const double difference = largestDifference(ours[s], reference[s]);
        QVERIFY2(difference <= one.tolerance,
                 qPrintable(QString("text of %1 tokens differs by %2").arg(texts[s].size()).arg(difference)));
    }
    qInfo("largest difference %s", qPrintable(number(worst(ours, reference))));
    if (!machine.model->summary.moeLayers.empty()) { // the kernels of a device know every router and activation, too
        const Machine device = openMachine(folder, onEmulatedDevice({engine::ComputeType::Float32, 1, {}}));
        const double difference = worst(collectLogits(*device.engine, texts), ours);
        QVERIFY2(difference <= one.tolerance, qPrintable(QString("on a device they differ by %1").arg(difference)));
    }
    passed(one, "logits");
}

/// Greedy answers by the cache must be what the logits of the whole text say, token by token.
void FamilyTest::generationContinuesTheLogits()
{
    QFETCH(const int, index);
    const Machine machine =
        openMachine(modelOf(static_cast<std::size_t>(index)), {engine::ComputeType::Float32, 1, {}});
    constexpr int kNew = 12;
    engine::GenerateRequest request;
    request.prompts = randomTexts(*machine.model, {9, 30});
    request.variants = {nullptr};
    request.maxTokens = kNew;
    const auto generated = must(machine.engine->generate(request, {}));
    std::vector<TokenSequence> whole = request.prompts;
    for (std::size_t p = 0; p < whole.size(); ++p)
        whole[p].insert(whole[p].end(), generated[0][p].begin(), generated[0][p].end());
    const Logits logits = collectLogits(*machine.engine, whole);
    const auto vocabulary = static_cast<std::size_t>(machine.model->spec.vocabulary);
    for (std::size_t p = 0; p < whole.size(); ++p) {
        QVERIFY(!generated[0][p].empty());
        for (std::size_t i = request.prompts[p].size(); i < whole[p].size(); ++i) {
            const float* row = logits[p].data() + (i - 1) * vocabulary;
            const float best = *std::max_element(row, row + vocabulary);
            QVERIFY2(best - row[whole[p][i]] < 1e-3, qPrintable(QString("token %1 of answer %2").arg(i).arg(p)));
        }
    }
    passed(m_cases[static_cast<std::size_t>(index)], "answers");
}

namespace {

/// NAEE's rule in the first MoE layer, whose inputs it does not change, from the weights that the whole model gives
/// there: for every kind of router the longest beginning by weight is kept, and renormalised where the router does.
void verifySkipping(const Machine& machine, const std::vector<TokenSequence>& texts)
{
    const model::RouterSpec& router = machine.model->spec.router;
    const auto k = static_cast<std::size_t>(router.topK);
    if (k < 2)
        return;
    plan::Plan plan = plan::Plan::keepAll(machine.model->summary);
    for (std::size_t j = 1; j < k; ++j)
        plan.layers[0].skip.push_back(0.9 / static_cast<double>(j));
    const auto found = machine.engine->trace(texts, &plan, {});
    if (router.score == model::RouterScore::UnitGates) {
        QVERIFY(!found && found.error().text().find("about the same weight") != std::string::npos);
        return;
    }
    QVERIFY2(found.ok(), found.ok() ? "" : found.error().text().c_str());
    const auto base = must(machine.engine->trace(texts, nullptr, {}));
    const bool normalised = router.normalizeTopK || router.score == model::RouterScore::SoftmaxChosen;
    for (std::size_t s = 0; s < texts.size(); ++s)
        for (std::size_t at = 0; at < base[s][0].gates.size(); at += k) {
            const float* gate = base[s][0].gates.data() + at;
            std::vector<std::size_t> ranked(k);
            std::iota(ranked.begin(), ranked.end(), std::size_t{0});
            std::stable_sort(ranked.begin(), ranked.end(),
                             [&](std::size_t a, std::size_t b) { return gate[a] > gate[b]; });
            std::vector<double> wanted(k, 0.0);
            double all = 0, kept = 0;
            for (std::size_t rank = 0; rank < k; ++rank)
                all += double{gate[rank]};
            for (std::size_t rank = 0; rank < k; ++rank) {
                if (rank > 0 && double{gate[ranked[rank]]} < plan.layers[0].skip[rank - 1] * double{gate[ranked[0]]})
                    break;
                wanted[ranked[rank]] = gate[ranked[rank]];
                kept += double{gate[ranked[rank]]};
            }
            // A sum that is kept from falling too low by a floor of its own is not known here: then shares are compared
            const float* left = found->at(s)[0].gates.data() + at;
            const double sum = router.normFloor > 1e-3 ? std::accumulate(left, left + k, 0.0) : normalised ? all : kept;
            for (std::size_t j = 0; j < k; ++j) {
                const double is = left[j], should = wanted[j] / kept * sum;
                QVERIFY2(std::abs(is - should) <= 1e-5 * should,
                         qPrintable(QString("token %1, choice %2: %3, not %4").arg(at / k).arg(j).arg(is).arg(should)));
            }
        }
}

} // namespace

void FamilyTest::routingEqualsTransformers()
{
    QFETCH(const int, index);
    const auto folder = modelOf(static_cast<std::size_t>(index));
    const Machine machine = openMachine(folder, {engine::ComputeType::Float32, 1, {}});
    const auto texts = randomTexts(*machine.model, kLengths);
    base::OrderedJson request = oracleCase(folder, texts, nullptr, place("logits"));
    request["do"] = "run";
    request["routing"] = true;
    const auto routing = ask(request)["routing"];
    std::vector<tokenizer::Window> windows;
    for (const auto& text : texts)
        windows.emplace_back().ids = text;
    stats::DomainStats domain = emptyDomain(machine.model->summary, stats::StatSelection::all());
    must(machine.engine->profile(windows, domain, {}));
    QCOMPARE(domain.layers.size(), routing.size());
    for (const stats::LayerStats& layer : domain.layers) {
        const auto& expected = routing[std::to_string(layer.layer().value())];
        for (std::size_t e = 0; e < expected["counts"].size(); ++e) {
            QCOMPARE(layer[stats::Stat::Count][e], expected["counts"][e].get<double>());
            const double gate = expected["gates"][e].get<double>();
            QVERIFY2(std::abs(layer[stats::Stat::Gate][e] - gate) <= 1e-4 * (1 + std::abs(gate)),
                     qPrintable(
                         QString("expert %1: %2, transformers %3").arg(e).arg(layer[stats::Stat::Gate][e]).arg(gate)));
        }
    }
    verifySkipping(machine, texts);
    passed(m_cases[static_cast<std::size_t>(index)], "routing");
}

void FamilyTest::exportEqualsTheMaskedOriginal()
{
    QFETCH(const int, index);
    const FamilyCase& one = m_cases[static_cast<std::size_t>(index)];
    const auto folder = modelOf(static_cast<std::size_t>(index));
    const Machine whole = openMachine(folder, {engine::ComputeType::Float32, 1, {}});
    const plan::Plan plan = randomGroupedPlan(*whole.model, one.keep, static_cast<unsigned>(index));
    bundle::ExportRequest request;
    request.plan = plan;
    request.out = place("export-" + std::to_string(index));
    const auto report = bundle::exportBundle(*whole.model, request, {});
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    QCOMPARE(report->bytes, report->predictedBytes);
    const auto verified = must(bundle::verifyBundleAgainst(request.out, *whole.model, {}, {}));
    for (const auto& check : verified.checks)
        QVERIFY2(check.ok, (check.name + ": " + check.detail).c_str());

    if (one.mtp > 0) {
        bundle::ExportRequest without = request;
        without.out = place("dropped-" + std::to_string(index));
        without.dropMtp = true;
        const auto smaller = must(bundle::exportBundle(*whole.model, without, {}));
        QVERIFY(smaller.bytes < report->bytes && smaller.bytes == smaller.predictedBytes);
        for (const auto& check : must(bundle::verifyBundleAgainst(without.out, *whole.model, {}, {})).checks)
            QVERIFY2(check.ok, (check.name + ": " + check.detail).c_str());
        const auto model = must(model::openModel(without.out));
        QVERIFY(!model.spec.mtpKeys.empty());
        for (const auto& [key, none] : model.spec.mtpKeys)
            QVERIFY2(model.checkpoint.config()[base::OrderedJson::json_pointer(key)] == none, key.c_str());
        QVERIFY(std::none_of(model.spec.uses.begin(), model.spec.uses.end(), [](const auto& use) { return use.mtp; }));
    }

    const Machine cut = openMachine(request.out, {engine::ComputeType::Float32, 1, {}});
    QCOMPARE(cut.model->spec.experts, one.keep);
    const auto texts = randomTexts(*whole.model, kLengths);
    const int vocabulary = whole.model->spec.vocabulary;
    const Logits masked = collectLogits(*whole.engine, texts, &plan);
    const Logits ours = collectLogits(*cut.engine, texts);
    const Logits theirMasked = theirs(folder, texts, &plan, vocabulary);
    const Logits theirCut = theirs(request.out, texts, nullptr, vocabulary);
    QVERIFY2(worst(ours, masked) <= 1e-5, qPrintable("export and mask here: " + number(worst(ours, masked))));
    QVERIFY2(worst(theirCut, theirMasked) <= one.cutTolerance,
             qPrintable("export and mask in transformers: " + number(worst(theirCut, theirMasked))));
    QVERIFY2(worst(ours, theirCut) <= one.tolerance,
             qPrintable("export here and in transformers: " + number(worst(ours, theirCut))));
    QVERIFY(worst(masked, collectLogits(*whole.engine, texts)) > 1e-3);
    passed(one, "export");

    // Fewer experts per token: the preview is what the bundle computes, here and in transformers.
    plan::Plan fewer = plan;
    for (auto& layer : fewer.layers)
        layer.topK = whole.model->spec.router.topK - 1;
    if (fewer.layers.front().topK < 1)
        return;
    request.plan = fewer;
    request.out = place("fewer-" + std::to_string(index));
    const auto answer = bundle::exportBundle(*whole.model, request, {});
    if (whole.model->spec.topKKeys.empty()) { // its router always chooses two
        QVERIFY(!answer.ok() && answer.error().code == ErrorCode::BadInput);
        QVERIFY(!whole.engine->logits(texts, &fewer, [](auto, auto, auto) { return Result<void>(); }, {}).ok());
        return;
    }
    QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().text().c_str());
    const Machine lean = openMachine(request.out, {engine::ComputeType::Float32, 1, {}});
    QCOMPARE(lean.model->spec.router.topK, fewer.layers.front().topK);
    const Logits preview = collectLogits(*whole.engine, texts, &fewer);
    const Logits leanOurs = collectLogits(*lean.engine, texts);
    const Logits leanTheirs = theirs(request.out, texts, nullptr, vocabulary);
    QVERIFY2(worst(preview, leanOurs) <= 1e-5, qPrintable("fewer per token: " + number(worst(preview, leanOurs))));
    QVERIFY2(worst(leanOurs, leanTheirs) <= one.tolerance,
             qPrintable("fewer per token, in transformers: " + number(worst(leanOurs, leanTheirs))));
    QVERIFY(worst(preview, masked) > 1e-4);
}

void FamilyTest::manualSaysTheSame()
{
    std::map<std::string, std::vector<const FamilyCase*>> families;
    for (const FamilyCase& one : m_cases)
        families[one.modelType].push_back(&one);
    for (const auto& [type, cases] : families) {
        auto& columns = m_passed[type];
        if (columns["logits"].size() != cases.size())
            QSKIP("only a run of everything can be compared with the manual");
        std::set<std::string> forms;
        double tolerance = 0;
        for (const FamilyCase* one : cases) {
            tolerance = std::max(tolerance, one->tolerance);
            forms.insert(one->runtimeLayout ? "runtime names" : "hub names");
            forms.insert(one->dtype);
            if (!one->maxShard.empty())
                forms.insert("shards");
            if (one->mtp > 0)
                forms.insert("further tokens");
        }
        const auto count = [&](const char* column) {
            return columns[column].empty() ? std::string("–") : std::to_string(columns[column].size());
        };
        const std::string start = fmt::format("| `{}` |", type);
        const std::string row =
            fmt::format("{} {}, ≤ {:.0e} | {} | {} | {} | {} |", start, count("logits"), tolerance, count("answers"),
                        count("routing"), count("export"), fmt::join(forms, ", "));
        const std::string wrong = manualRowDiffers("formats.md", start, row);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
}

void FamilyTest::cleanupTestCase()
{
    m_oracle.closeWriteChannel();
    if (!m_oracle.waitForFinished(20'000))
        m_oracle.kill();
}

} // namespace espalier::test
