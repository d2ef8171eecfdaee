// SPDX-License-Identifier: Apache-2.0
// Predicted bytes against the tensors themselves, key-value cache and workspace against numbers computed by hand.
#include "tests/core/plan/plan_support.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <random>

using namespace espalier;
using namespace espalier::plan;
using namespace espalier::test;

namespace {

/// Bytes by part of the tensors that remain, from their names alone.
model::BytesByPart directSum(const TinyOptions& options, const std::vector<PlanLayer>& layers)
{
    model::BytesByPart out;
    for (const auto& tensor : tinyTensors(options)) {
        const std::uint64_t bytes = tensor.data.size();
        int layer = -1, expert = -1;
        if (std::sscanf(tensor.name.c_str(), "model.layers.%d.mlp.experts.%d.", &layer, &expert) < 1)
            layer = -1;
        const auto kept =
            std::find_if(layers.begin(), layers.end(), [&](const PlanLayer& l) { return l.layer.value() == layer; });
        if (tensor.name.find(".mlp.experts.") != std::string::npos) {
            if (setOf(kept->keep).contains(expert))
                out.routedExperts += bytes;
        } else if (tensor.name.find(".mlp.gate.weight") != std::string::npos) {
            out.router += bytes * kept->keep.size() / static_cast<std::size_t>(options.experts);
        } else if (tensor.name.find(".self_attn.") != std::string::npos &&
                   tensor.name.find("norm") == std::string::npos) {
            out.attention += bytes;
        } else if (tensor.name == "model.embed_tokens.weight" || tensor.name == "lm_head.weight") {
            out.embedding += bytes;
        } else {
            out.other += bytes;
        }
    }
    return out;
}

} // namespace

class TestMemoryModel : public QObject {
    Q_OBJECT
private slots:
    void predictedBytesAreTheTensors_data()
    {
        QTest::addColumn<int>("variant");
        QTest::newRow("float32") << 0;
        QTest::newRow("bfloat16, tied, dense layer between") << 1;
        QTest::newRow("sparse step, bias") << 2;
    }
    void predictedBytesAreTheTensors()
    {
        QFETCH(int, variant);
        TinyOptions options;
        options.layers = 4;
        if (variant == 1) {
            options.dtype = checkpoint::Dtype::BF16;
            options.tied = true;
            options.mlpOnlyLayers = {1};
        } else if (variant == 2) {
            options.decoderSparseStep = 2;
            options.attentionBias = true;
        }
        QTemporaryDir folder;
        writeTinyCheckpoint(folder.path().toStdString(), options);
        const auto opened = model::openModel(folder.path().toStdString());
        QVERIFY_RESULT(opened);
        const auto& model = opened->summary;
        auto all = Plan::keepAll(model);
        QCOMPARE(directSum(options, all.layers).toJson().dump(), model.bytes.toJson().dump());
        QCOMPARE(all.predicted.bytes, model.bytes);
        std::mt19937 random(5);
        for (int round = 0; round < 10; ++round) {
            auto layers = all.layers;
            for (auto& layer : layers)
                std::erase_if(layer.keep, [&](std::int32_t id) { return id > 1 && random() % 2 == 0; });
            QCOMPARE(predictBytes(model, layers).toJson().dump(), directSum(options, layers).toJson().dump());
        }
    }

    void cacheByHand()
    {
        model::ModelSummary model;
        // Qwen3-30B-A3B: 48 layers, keys and values of 4 heads of 128: 49 152 elements a token
        model.cache.perToken = 48 * 2 * 4 * 128;
        QCOMPARE(kvCacheBytes(model, {4096, 1, 2}), std::uint64_t{402'653'184});
        QCOMPARE(kvCacheBytes(model, {4096, 8, 1}), std::uint64_t{1'610'612'736});
        QCOMPARE(kvCacheBytes(model, {1, 1, 4}), std::uint64_t{196'608});
        // Mistral 7B: 32 layers, 8 heads of 128, all with a window of 4096
        model.cache = {};
        model.cache.perWindowToken = 32 * 2 * 8 * 128;
        model.slidingWindow = 4096;
        QCOMPARE(kvCacheBytes(model, {32768, 1, 2}), std::uint64_t{536'870'912});
        QCOMPARE(kvCacheBytes(model, {1000, 1, 2}), std::uint64_t{131'072'000});
    }

    void workspaceByHand()
    {
        model::ModelSummary model;
        model.hidden = 10;
        model.heads = 4;
        model.kvHeads = 2;
        model.headDim = 6;
        model.topK = 3;
        model.expertWidth = 7;
        model.vocabulary = 100;
        // per token: 3*10 + 2*(4+2)*6 + 3*(3*7+10) = 30 + 72 + 93 = 195 numbers; 20 tokens; 2 rows of logits
        QCOMPARE(workspaceBytes(model, {10, 2, 2}), std::uint64_t{4 * (20 * 195 + 200)});
        // A prefill chunk has at most 512 tokens.
        QCOMPARE(workspaceBytes(model, {100'000, 1, 2}), std::uint64_t{4 * (512 * 195 + 100)});
    }

    void memoryIsTheSumOfItsParts()
    {
        const auto model = madeUpModel(3, 8, 2);
        const Deployment deployment{256, 2, 2};
        const auto memory = predictMemory(model, model.bytes, deployment);
        QCOMPARE(memory.weights, model.bytes.total());
        QCOMPARE(memory.total(),
                 model.bytes.total() + kvCacheBytes(model, deployment) + workspaceBytes(model, deployment));
        // The longest deployment that is accepted does not overflow for the largest models known.
        auto large = model;
        large.cache.perToken = 160 * 2 * 128 * 256;
        QVERIFY(kvCacheBytes(large, {std::int64_t{1} << 30, 64, 4}) > std::uint64_t{1} << 59);
    }
};

QTEST_GUILESS_MAIN(TestMemoryModel)
#include "tst_memory_model.moc"
