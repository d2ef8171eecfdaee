// SPDX-License-Identifier: Apache-2.0
// Searches on models whose right experts are known; what they measure with against other ways to the same numbers:
// layers' losses against sums in float64, mixed experts against checkpoints that hold them, judged endings against a
// comparison; and experts that are read as they are needed against experts in memory.
#include "core/engine/pattern_answers.h"
#include "core/engine/profile_job.h"
#include "core/engine/reconstruct_job.h"
#include "core/engine/search_job.h"
#include "core/method/search/random.h"
#include "core/plan/planner.h"
#include "core/tokenizer/model_tokenizer.h"
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/planted_model.h"

#include <QTemporaryDir>
#include <map>
#include <numeric>

using namespace espalier;
using namespace espalier::test;
using engine::ExpertChoice;

namespace {

using Matrix = std::vector<double>; // row-major

Matrix matrixOf(const std::vector<RawTensor>& tensors, const std::string& name)
{
    for (const auto& tensor : tensors)
        if (tensor.name == name) {
            const auto values = toFloats(tensor.dtype, tensor.data.data(), tensor.data.size() / sizeof(float));
            return {values.begin(), values.end()};
        }
    throw std::runtime_error("no tensor " + name);
}

std::vector<double> times(const Matrix& matrix, const std::vector<double>& x)
{
    std::vector<double> out(matrix.size() / x.size(), 0.0);
    for (std::size_t row = 0; row < out.size(); ++row)
        out[row] =
            std::inner_product(x.begin(), x.end(), matrix.begin() + static_cast<std::ptrdiff_t>(row * x.size()), 0.0);
    return out;
}

/// Output of a layer's experts for one normed row, in float64 from the definition.
std::vector<double> layerOutput(const std::vector<RawTensor>& tensors, const TinyOptions& options, int layer,
                                const std::vector<double>& x, const ExpertChoice& choice)
{
    const std::string prefix = fmt::format("model.layers.{}.mlp.", layer);
    const auto logits = times(matrixOf(tensors, prefix + "gate.weight"), x);
    std::vector<std::int32_t> ids;
    for (std::int32_t e = 0; e < options.experts; ++e)
        if (choice.keep.empty() || std::binary_search(choice.keep.begin(), choice.keep.end(), e))
            ids.push_back(e);
    double sum = 0;
    for (const auto e : ids)
        sum += std::exp(logits[static_cast<std::size_t>(e)]);
    std::sort(ids.begin(), ids.end(), [&](auto a, auto b) {
        return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
    });
    ids.resize(static_cast<std::size_t>(choice.topK > 0 ? choice.topK : options.topK));
    std::vector<double> gates;
    for (const auto e : ids)
        gates.push_back(std::exp(logits[static_cast<std::size_t>(e)]) / sum);
    if (options.normTopK) {
        const double total = std::accumulate(gates.begin(), gates.end(), 0.0);
        for (double& gate : gates)
            gate /= total;
    }
    std::vector<double> out(x.size(), 0.0);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::string expert = fmt::format("{}experts.{}.", prefix, ids[i]);
        auto gate = times(matrixOf(tensors, expert + "gate_proj.weight"), x);
        const auto up = times(matrixOf(tensors, expert + "up_proj.weight"), x);
        for (std::size_t n = 0; n < gate.size(); ++n)
            gate[n] = gate[n] / (1 + std::exp(-gate[n])) * up[n];
        const auto down = times(matrixOf(tensors, expert + "down_proj.weight"), gate);
        for (std::size_t h = 0; h < out.size(); ++h)
            out[h] += gates[i] * down[h];
    }
    return out;
}

engine::EngineOptions oneThread()
{
    engine::EngineOptions options;
    options.compute = engine::ComputeType::Float32;
    options.threads = 1;
    return options;
}

} // namespace

class TestSearch : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    PlantedModel m_planted;
    std::unique_ptr<model::OpenModel> m_model;

    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

    [[nodiscard]] engine::SearchRequest searchRequest() const
    {
        engine::SearchRequest request;
        request.name = "found";
        request.keep = 3;
        request.pruning = 12;
        request.children = 12;
        request.initial = 40;
        request.seed = 3;
        request.measures = {engine::Measure::Acceptance, engine::Measure::Kl};
        request.data.texts = {{"words", at("words.jsonl")}};
        request.data.context = 32;
        request.data.maxTokens = TokenCount(1000);
        request.data.engine = oneThread();
        return request;
    }
    [[nodiscard]] engine::LayerSearchRequest layerRequest(engine::LayerMethod method) const
    {
        engine::LayerSearchRequest request;
        request.method = method;
        request.name = "layers";
        request.keep = 3;
        request.tokens = 48;
        request.data = searchRequest().data;
        return request;
    }
    [[nodiscard]] study::Study newStudy(const std::string& name) const
    {
        fs::remove(at(name));
        return must(study::Study::openOrCreate(at(name), m_model->summary));
    }
    static std::vector<std::vector<std::int32_t>> keepsOf(const plan::Plan& plan)
    {
        std::vector<std::vector<std::int32_t>> keeps;
        for (const auto& layer : plan.layers)
            keeps.push_back(layer.keep);
        return keeps;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_planted.write(at("planted"));
        writeTexts(at("words.jsonl"), 5, 12);
        m_model = std::make_unique<model::OpenModel>(must(model::openModel(at("planted"))));
    }

    void eepFindsThePlantedExperts()
    {
        auto study = newStudy("planted.espalier");
        const auto report = must(engine::runSearch(*m_model, study, searchRequest(), {}));
        QCOMPARE(keepsOf(*report.found.plan), m_planted.right);
        QVERIFY2(report.candidates <= 40 + 12 * 12, qPrintable(QString::number(report.candidates)));
        QVERIFY(std::abs(report.found.dev) < 1e-6); // no divergence from the whole model
        QVERIFY(report.found.test.front().second.kl < 1e-6);
        QVERIFY(!report.stock); // it is one itself
        const auto searches = must(study.searches());
        QVERIFY(searches.size() == 1 && searches[0].finished);
    }

    /// One calibration pass is enough for the scores that look at what experts give.
    void scoresFindThePlantedExperts()
    {
        engine::ProfileRequest request;
        request.data = searchRequest().data.texts;
        request.context = 32;
        request.engine = oneThread();
        request.statistics = must(stats::StatSelection::parse("all,bank"));
        must(engine::runProfile(*m_model, at("profiled.espalier"), request, {}));
        const auto study = must(study::Study::open(at("profiled.espalier"), study::OpenMode::ReadOnly));
        plan::Planner planner(m_model->summary,
                              std::make_shared<const stats::Statistics>(must(study.loadStatistics())));
        for (const char* score : {"leave-one-out", "reap", "reap-sum", "reap-shrunk", "frequency", "easy-ep"}) {
            plan::PlanRequest plan;
            plan.score.method = score;
            plan.target.keepPerLayer = 3;
            QVERIFY2(keepsOf(must(planner.make(plan))) == m_planted.right, score);
        }
    }

    /// Stopped after any step and gone on with, a search gives what an uninterrupted one gives.
    void resumeEqualsUninterrupted()
    {
        auto request = searchRequest();
        request.pruning = 2;
        request.merging = 3;
        request.initial = 6;
        request.children = 4;
        request.finalists = 4;
        request.resume = true;
        auto whole = newStudy("whole.espalier");
        const auto expected = must(engine::runSearch(*m_model, whole, request, {}));
        QCOMPARE(expected.replayed, std::size_t{0});
        QVERIFY(expected.generations.back().phase == "merging");

        auto study = newStudy("stopped.espalier");
        int stops = 0;
        for (std::size_t after = 1;; after += 3) {
            std::stop_source stop;
            base::JobContext job;
            job.stop = stop.get_token();
            std::size_t known = 0;
            for (const auto& search : must(study.searches()))
                known = static_cast<std::size_t>(search.steps);
            job.progress = [&](const base::ProgressEvent&) {
                for (const auto& search : must(study.searches()))
                    if (std::cmp_greater(search.steps, known + 2))
                        stop.request_stop();
            };
            const auto report = engine::runSearch(*m_model, study, request, job);
            if (report) {
                QVERIFY(stops > 2);
                QVERIFY(report->replayed > 0 && report->replayed < report->steps);
                QCOMPARE(report->steps, expected.steps);
                QCOMPARE(report->candidates, expected.candidates);
                QVERIFY(report->found.plan->toJson() == expected.found.plan->toJson());
                QCOMPARE(report->found.dev, expected.found.dev);
                QVERIFY(report->toJson()["generations"] == expected.toJson()["generations"]);
                QVERIFY(report->toJson()["found"] == expected.toJson()["found"]);
                break;
            }
            QVERIFY(report.error().code == base::ErrorCode::Cancelled);
            ++stops;
            QVERIFY(stops < 100);
        }

        // Other settings, another search; the same without --resume begins anew
        request.seed = 4;
        QCOMPARE(must(engine::runSearch(*m_model, study, request, {})).replayed, std::size_t{0});
        request.resume = false;
        QCOMPARE(must(engine::runSearch(*m_model, study, request, {})).replayed, std::size_t{0});
        request.resume = true;
        const auto again = must(engine::runSearch(*m_model, study, request, {}));
        QCOMPARE(again.replayed, again.steps);
    }

    /// The plan is the best of all finalists on items that the search did not see, and no item is in two splits.
    void heldOutItemsChoose()
    {
        const auto tokenizer = must(tokenizer::tokenizerOf(m_model->checkpoint));
        const auto data = must(engine::readSearchData(searchRequest().data, tokenizer, m_model->spec, 3));
        std::vector<int> seen(data.sets[0].endings.size(), 0);
        for (const auto& split : data.sets[0].split) {
            QVERIFY(!split.empty());
            for (const std::size_t item : split)
                ++seen[item];
        }
        QVERIFY(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));

        auto study = newStudy("heldout.espalier");
        auto request = searchRequest();
        request.pruning = 2;
        request.finalists = 30;
        const auto report = must(engine::runSearch(*m_model, study, request, {}));
        bool chosen = false;
        for (const auto& step : must(study.searchSteps(must(study.searches())[0].id)))
            if (step["question"]["split"] == "dev" && step["question"]["measure"] == "kl")
                for (const auto& value : step["answer"]) {
                    QVERIFY(value.get<double>() <= report.found.dev);
                    chosen = chosen || value.get<double>() == report.found.dev;
                }
        QVERIFY(chosen);
    }

    void lossesEqualTheDefinition_data()
    {
        QTest::addColumn<bool>("normalised");
        QTest::newRow("renormalised") << true;
        QTest::newRow("not renormalised") << false;
    }
    void lossesEqualTheDefinition()
    {
        QFETCH(const bool, normalised);
        TinyOptions options;
        options.normTopK = normalised;
        options.experts = 7;
        options.topK = 3;
        options.mlpOnlyLayers = {0};
        options.weightScale = 0.3;
        const std::string name = normalised ? "loss-a" : "loss-b";
        writeTinyCheckpoint(at(name), options);
        const Machine machine = openMachine(at(name));
        const auto tensors = tinyTensors(options);
        const std::vector<ExpertChoice> choices{
            {}, {{0, 1, 2, 3, 4, 5}, 0}, {{1, 4, 6}, 0}, {{}, 1}, {{0, 2, 3, 6}, 2}};
        engine::ReconstructionRequest request;
        request.tokens = 9;
        request.seed = 21;
        int layers = 0;
        must(machine.engine->reconstruct(
            request,
            [&](const engine::LayerReconstruction& found) -> Result<void> {
                const int layer = found.layer + 1; // the first is dense
                method::Random random(21, static_cast<std::uint64_t>(found.layer));
                std::vector<double> expected(choices.size(), 0.0);
                double energy = 0;
                for (int t = 0; t < 9; ++t) {
                    std::vector<double> x;
                    for (int h = 0; h < options.hidden; ++h)
                        x.push_back(static_cast<float>(random.normal()));
                    const auto whole = layerOutput(tensors, options, layer, x, {});
                    energy += std::inner_product(whole.begin(), whole.end(), whole.begin(), 0.0);
                    for (std::size_t c = 0; c < choices.size(); ++c) {
                        const auto cut = layerOutput(tensors, options, layer, x, choices[c]);
                        for (std::size_t h = 0; h < cut.size(); ++h)
                            expected[c] += (whole[h] - cut[h]) * (whole[h] - cut[h]);
                    }
                }
                const auto losses = found.losses(choices);
                if (std::abs(found.energy - energy) > 1e-4 * energy || found.tokens != 9 || losses[0] != 0)
                    return internalError("energy");
                for (std::size_t c = 0; c < choices.size(); ++c)
                    if (std::abs(losses[c] - expected[c]) > 1e-4 * energy)
                        return internalError(fmt::format("choice {}: {} for {}", c, losses[c], expected[c]));
                ++layers;
                return {};
            },
            {}));
        QCOMPARE(layers, 2);
    }

    void naeeAndLexi()
    {
        auto study = newStudy("layers.espalier");
        auto request = layerRequest(engine::LayerMethod::Naee);
        const auto exact = must(engine::runLayerSearch(*m_model, study, request, {}));
        QCOMPARE(keepsOf(exact.plan), m_planted.right);
        for (const auto& layer : exact.layers) {
            QCOMPARE(layer.losses.front(), 0.0);
            QCOMPARE(layer.search, std::string("exact"));
        }
        request.mostEnumerated = 0;
        const auto greedy = must(engine::runLayerSearch(*m_model, study, request, {}));
        QCOMPARE(keepsOf(greedy.plan), m_planted.right);
        QCOMPARE(greedy.layers[0].search, std::string("greedy"));
        request.mostEnumerated = 1000;
        request.progressive = true;
        request.keep = 2; // an error that the next layer sees
        const auto progressive = must(engine::runLayerSearch(*m_model, study, request, {}));
        request.progressive = false;
        const auto apart = must(engine::runLayerSearch(*m_model, study, request, {}));
        QCOMPARE(progressive.layers[0].losses, apart.layers[0].losses);
        QVERIFY(progressive.layers[1].losses[0] > apart.layers[1].losses[0]);
        QVERIFY(std::abs(progressive.layers[1].energy - apart.layers[1].energy) < 1e-4 * apart.layers[1].energy);
        request.resume = true;
        const auto again = must(engine::runLayerSearch(*m_model, study, request, {}));
        QCOMPARE(again.replayed, std::size_t{2});
        QVERIFY(again.plan.toJson() == apart.plan.toJson());

        auto lexi = layerRequest(engine::LayerMethod::Lexi);
        lexi.data.texts.clear();
        lexi.meanTopK = 1.5;
        const auto found = must(engine::runLayerSearch(*m_model, study, lexi, {}));
        // Two layers, three experts in all: the one that loses more by one expert gets two
        const bool first = found.layers[0].losses[0] > found.layers[1].losses[0];
        QCOMPARE(found.layers[0].topK, first ? 2 : 1);
        QCOMPARE(found.layers[1].topK, first ? 1 : 2);
        QCOMPARE(found.layers[0].losses[1], 0.0);
        lexi.meanTopK = 3;
        const auto refused = engine::runLayerSearch(*m_model, study, lexi, {});
        QVERIFY(!refused && refused.error().code == base::ErrorCode::Usage);
    }

    /// Mixed experts behind a router that was cut are those of a checkpoint that holds the sums.
    void mixedExpertsEqualTheCheckpoint_data()
    {
        QTest::addColumn<bool>("normalised");
        QTest::addColumn<int>("window");
        QTest::newRow("renormalised") << true << 0;
        QTest::newRow("not renormalised") << false << 0;
        QTest::newRow("streamed") << true << 1;
    }
    void mixedExpertsEqualTheCheckpoint()
    {
        QFETCH(const bool, normalised);
        TinyOptions options;
        options.normTopK = normalised;
        const std::string name = QTest::currentDataTag();
        writeTinyCheckpoint(at(name), options);
        engine::EngineOptions engineOptions;
        QFETCH(const int, window);
        engineOptions.window = ByteSize(static_cast<std::uint64_t>(window));
        const Machine whole = openMachine(at(name), engineOptions);
        plan::Plan plan = randomPlan(*whole.model, 4, 9), one = plan;
        auto tensors = tinyTensors(options);
        std::mt19937 random(4);
        for (auto& layer : plan.layers) {
            auto mixing = method::ExpertMixing::selection(layer.keep, options.experts);
            for (float& value : mixing.merge)
                value += static_cast<float>(static_cast<int>(random() % 100) - 50) / 500;
            layer.mixing = std::make_shared<const method::ExpertMixing>(mixing);
            const auto original = tinyTensors(options);
            for (std::size_t row = 0; row < layer.keep.size(); ++row)
                for (auto& tensor : tensors) {
                    const auto prefix =
                        fmt::format("model.layers.{}.mlp.experts.{}.", layer.layer.value(), layer.keep[row]);
                    if (!tensor.name.starts_with(prefix))
                        continue;
                    std::vector<double> sum(tensor.data.size() / sizeof(float), 0.0);
                    for (int e = 0; e < options.experts; ++e) {
                        const auto values =
                            matrixOf(original, fmt::format("model.layers.{}.mlp.experts.{}.{}", layer.layer.value(), e,
                                                           tensor.name.substr(prefix.size())));
                        for (std::size_t i = 0; i < sum.size(); ++i)
                            sum[i] +=
                                static_cast<double>(mixing.mergeRow(row)[static_cast<std::size_t>(e)]) * values[i];
                    }
                    const std::vector<float> stored(sum.begin(), sum.end());
                    std::memcpy(tensor.data.data(), stored.data(), tensor.data.size());
                }
        }
        writeCheckpoint(at(name + "-mixed"), tinyConfig(options), tensors);
        const Machine mixed = openMachine(at(name + "-mixed"));
        const auto texts = randomTexts(*whole.model, {17, 40, 3});
        plan::Plan cut = one;
        cut.fingerprint = mixed.model->summary.fingerprint;
        const auto a = collectLogits(*whole.engine, texts, &plan), b = collectLogits(*mixed.engine, texts, &cut);
        const auto unmixed = collectLogits(*whole.engine, texts, &one);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            QVERIFY2(largestDifference(a[i], b[i]) < 1e-5, qPrintable(QString::number(largestDifference(a[i], b[i]))));
            QVERIFY(largestDifference(a[i], unmixed[i]) > 1e-4);
        }
        // A selection says no more than a keep list
        for (auto& layer : plan.layers)
            layer.mixing = std::make_shared<const method::ExpertMixing>(
                method::ExpertMixing::selection(layer.keep, options.experts));
        QVERIFY(collectLogits(*whole.engine, texts, &plan) == unmixed);
        // Through JSON and generated token by token it is the same plan
        const auto read = must(plan::Plan::fromJson(plan.toJson(), "plan", whole.model->summary));
        QVERIFY(read.layers == plan.layers);
    }

    /// A mixed plan continues a text as its own logits say.
    void mixedExpertsGenerate()
    {
        const Machine machine = openMachine(at("planted"));
        plan::Plan plan = randomPlan(*machine.model, 4, 2);
        for (auto& layer : plan.layers) {
            auto mixing = method::ExpertMixing::selection(layer.keep, 8);
            for (std::size_t i = 0; i < mixing.merge.size(); i += 3) {
                mixing.merge[i] += 0.1F;
                mixing.router[i] += 0.2F;
            }
            layer.mixing = std::make_shared<const method::ExpertMixing>(mixing);
        }
        auto text = randomTexts(*machine.model, {12}).front();
        engine::GenerateRequest request;
        request.prompts = {text};
        request.variants = {&plan};
        request.maxTokens = 6;
        const auto answer = must(machine.engine->generate(request, {}))[0][0];
        for (const auto id : answer) {
            const auto logits = collectLogits(*machine.engine, {text}, &plan)[0];
            const auto row = logits.end() - machine.model->spec.vocabulary;
            QCOMPARE(id, static_cast<engine::TokenId>(std::max_element(row, logits.end()) - row));
            text.push_back(id);
        }
    }

    void judgedEndingsEqualLogits()
    {
        const Machine machine = openMachine(at("planted"));
        const auto plan = randomPlan(*machine.model, 4, 2);
        const auto texts = randomTexts(*machine.model, {9, 30});
        const std::vector<engine::Ending> endings{{texts[0], 1}, {texts[1], 22}};
        const std::vector<engine::PlanPointer> variants{&plan, nullptr};
        const auto judged = must(machine.engine->judge(endings, variants, {}));
        const auto likely = must(machine.engine->likelihoods(endings, variants, {}));
        const auto p = collectLogits(*machine.engine, texts), q = collectLogits(*machine.engine, texts, &plan);
        const auto vocabulary = static_cast<std::size_t>(machine.model->spec.vocabulary);
        for (std::size_t e = 0; e < 2; ++e) {
            double likelihood = 0, kl = 0, overlap = 0;
            for (std::size_t t = endings[e].from; t < texts[e].size(); ++t) {
                const auto logOf = [&](const Logits& logits, std::size_t v) {
                    const auto* row = logits[e].data() + (t - 1) * vocabulary;
                    double sum = 0;
                    for (std::size_t i = 0; i < vocabulary; ++i)
                        sum += std::exp(static_cast<double>(row[i]));
                    return static_cast<double>(row[v]) - std::log(sum);
                };
                const double sums[] = {logOf(p, 0) - static_cast<double>(p[e][(t - 1) * vocabulary]),
                                       logOf(q, 0) - static_cast<double>(q[e][(t - 1) * vocabulary])};
                for (std::size_t v = 0; v < vocabulary; ++v) {
                    const double a = static_cast<double>(p[e][(t - 1) * vocabulary + v]) + sums[0],
                                 b = static_cast<double>(q[e][(t - 1) * vocabulary + v]) + sums[1];
                    kl += std::exp(a) * (a - b);
                    overlap += std::min(std::exp(a), std::exp(b));
                }
                likelihood +=
                    static_cast<double>(q[e][(t - 1) * vocabulary + static_cast<std::size_t>(texts[e][t])]) + sums[1];
            }
            QVERIFY(std::abs(judged[0][e].logLikelihood - likelihood) < 1e-3);
            QVERIFY(std::abs(judged[0][e].kl - kl) < 1e-3 && kl > 0.01);
            QVERIFY(std::abs(judged[0][e].acceptance - overlap) < 1e-3);
            QCOMPARE(likely[0][e], judged[0][e].logLikelihood);
            QCOMPARE(judged[1][e].kl, 0.0);
            QCOMPARE(likely[1][e], judged[1][e].logLikelihood);
        }
    }

    /// Read as they are needed, experts answer as those in memory; a plan that is held reads what the last one lacks.
    void cachedExperts()
    {
        const Machine resident = openMachine(at("planted"));
        engine::EngineOptions options;
        options.expertCache = ByteSize(1);
        const Machine cached = openMachine(at("planted"), options);
        const auto texts = randomTexts(*resident.model, {20, 31});
        QVERIFY(collectLogits(*cached.engine, texts) == collectLogits(*resident.engine, texts));
        auto counters = cached.engine->expertCache();
        QVERIFY(counters.loadedExperts > 0 && counters.heldBytes <= counters.capacity);

        auto first = plan::Plan::keepAll(resident.model->summary), second = first;
        for (auto& layer : first.layers)
            layer.keep = {0, 1, 2, 3};
        for (auto& layer : second.layers)
            layer.keep = {2, 3, 4, 5};
        must(cached.engine->hold(&first, {}));
        counters = cached.engine->expertCache();
        const auto bytes = counters.heldBytes / counters.heldExperts;
        QVERIFY(counters.capacity >= 8 * bytes);
        const auto before = counters;
        must(cached.engine->hold(&first, {}));
        counters = cached.engine->expertCache();
        QCOMPARE(counters.loadedExperts, before.loadedExperts);
        QCOMPARE(counters.hits - before.hits, std::uint64_t{8});
        must(cached.engine->hold(&second, {}));
        const auto after = cached.engine->expertCache();
        QCOMPARE(after.loadedExperts - counters.loadedExperts, std::uint64_t{4}); // two of each layer differ
        QCOMPARE(after.loadedBytes - counters.loadedBytes, 4 * bytes);
        QVERIFY(after.heldBytes <= after.capacity);

        engine::GenerateRequest request;
        request.prompts = texts;
        request.variants = {&second};
        request.maxTokens = 8;
        QVERIFY(must(cached.engine->generate(request, {})) == must(resident.engine->generate(request, {})));
        QCOMPARE(cached.engine->expertCache().loadedExperts, after.loadedExperts); // nothing else was wanted
        QVERIFY(!resident.engine->hold(&second, {}));
        plan::Plan mixes = second;
        mixes.layers[0].mixing =
            std::make_shared<const method::ExpertMixing>(method::ExpertMixing::selection({{1, 4, 5, 6}}, 8));
        QVERIFY(!cached.engine->hold(&mixes, {}));
    }

    /// Prompts as far as a router give what a whole profile gives, and the first router needs no expert.
    void routedPrompts()
    {
        engine::EngineOptions options;
        options.expertCache = ByteSize(1);
        const Machine cached = openMachine(at("planted"), options);
        const auto texts = randomTexts(*cached.model, {5, 40, 1});
        const auto one = must(cached.engine->routePrompts(texts, 1, {}));
        QCOMPARE(cached.engine->expertCache().loadedExperts, std::uint64_t{0});
        const auto both = must(cached.engine->routePrompts(texts, 2, {}));
        std::vector<tokenizer::Window> windows;
        for (const auto& text : texts)
            windows.push_back({static_cast<std::int32_t>(windows.size()), text});
        stats::DomainStats found;
        for (const auto& layer : cached.model->summary.moeLayers)
            found.layers.emplace_back(layer.layer, stats::Topology{layer.experts, 2, cached.model->summary.hidden},
                                      must(stats::StatSelection::parse("S0,pool")));
        must(cached.engine->profile(windows, found, {}));
        QCOMPARE(both.layers.size(), std::size_t{2});
        for (std::size_t l = 0; l < 2; ++l) {
            QVERIFY(both.layers[l].ids == found.layers[l].pool().ids);
            QVERIFY(sameBits(both.layers[l].logits, found.layers[l].pool().logits));
        }
        QVERIFY(one.layers[0].ids == both.layers[0].ids);
        QVERIFY(!cached.engine->routePrompts(texts, 3, {}));
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
