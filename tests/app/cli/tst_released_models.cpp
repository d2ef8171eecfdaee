// SPDX-License-Identifier: Apache-2.0
// What `inspect` says of large released models, from headers alone: their tensor lists as sparse files, bytes by part
// and memory against formulas written out here from each model's configuration.
#include "tests/app/cli/cli_run.h"
#include "tests/support/released_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace espalier;
using namespace espalier::test;

namespace {

using Bytes = std::uint64_t;

constexpr Bytes kContext = 32768, kSequences = 4;

/// A matrix of 8-bit floats with a float32 scale per 128 x 128 block, ends rounded up.
constexpr Bytes fp8(Bytes rows, Bytes columns)
{
    return rows * columns + 4 * ((rows + 127) / 128) * ((columns + 127) / 128);
}

struct Expected {
    ReleasedModel (*make)(const ConfigChanges&);
    std::string family, router, attention;
    std::size_t tensors, shards;
    double billions, tolerance; ///< parameters as published
    int layers, moeLayers, experts, topK;
    Bytes routed, shared, routerBytes, attentionBytes, embedding;
    Bytes cache;     ///< for kSequences of kContext tokens, 2 bytes an element
    Bytes workspace; ///< 4 bytes x (512 tokens of each sequence x what one needs + one row of logits each)
};

/// Layers below `first` are dense; one block more where a further token is predicted, whose experts are experts.
Expected latent(ReleasedModel (*make)(const ConfigChanges&), const char* family, std::size_t tensors, double billions,
                Bytes heads, Bytes experts, Bytes dense, Bytes further, Bytes vocabulary, const char* router)
{
    const Bytes expert = 3 * fp8(2048, 7168), moe = 61 - dense + further;
    const Bytes attention =
        fp8(1536, 7168) + fp8(heads * 192, 1536) + fp8(512 + 64, 7168) + fp8(heads * 256, 512) + fp8(7168, heads * 128);
    return {make,
            family,
            router,
            "latent, 512 + 64 elements per token",
            tensors,
            163,
            billions,
            0.01 * billions,
            61,
            static_cast<int>(61 - dense),
            static_cast<int>(experts),
            8,
            moe * experts * expert,
            (61 - dense) * expert,          // the one of the further block counts with the rest of that block
            moe * experts * (7168 * 2 + 4), // a row in bfloat16, a correction bias in float32
            61 * attention,
            2 * vocabulary * 7168 * 2,
            kSequences * kContext * 61 * (512 + 64) * 2,
            4 * kSequences * (512 * (3 * 7168 + 2 * (heads + heads) * 192 + 8 * (3 * 2048 + 7168)) + vocabulary)};
}

std::vector<Expected> expectations()
{
    std::vector<Expected> all;
    // 3 norms and matrices' scales included: a layer has 12 tensors beside its FFN, an expert 6
    all.push_back(latent(deepseekV3, "deepseek_v3", 3 + 62 * 14 + 3 * 6 + 59 * (2 + 257 * 6) + 6, 671, 128, 256, 3, 1,
                         129280,
                         "sigmoid with correction bias, top-8 within 4 of 8 groups, renormalised, scaled by 2.5"));
    all.push_back(latent(kimiK2, "kimi_k2", 3 + 61 * 14 + 6 + 60 * (2 + 385 * 6), 1026, 64, 384, 1, 0, 163840,
                         "sigmoid with correction bias, top-8, renormalised, scaled by 2.827"));
    all.push_back({qwen3Moe235b, "qwen3_moe", "softmax over all, top-8, renormalised", "64 heads share 4 keys",
                   3 + 94 * (8 + 1 + 128 * 3), 118, 235.1, 0.1, 94, 94, 128, 8, Bytes{94} * 128 * 3 * 1536 * 4096 * 2,
                   0, Bytes{94} * 128 * 4096 * 2, Bytes{94} * 2 * (4096 * 64 * 128 * 2 + 4096 * 4 * 128 * 2),
                   Bytes{2} * 151936 * 4096 * 2, kSequences * kContext * 94 * 2 * 4 * 128 * 2,
                   4 * kSequences * (512 * (3 * 4096 + 2 * (64 + 4) * 128 + 8 * (3 * 1536 + 4096)) + 151936)});
    // An expert: 3 * 2880 rows of 90 blocks (16 bytes and a scale), and their biases
    all.push_back({gptOss120b, "gpt_oss", "top-4, softmax over the chosen",
                   "64 heads share 8 keys, 18 of 36 layers see 128 tokens", 3 + 36 * (2 + 6 + 2 + 8 + 1), 15, 116.83,
                   0.05, 36, 36, 128, 4, Bytes{36} * 128 * (3 * 2880 * 90 * 17 + 3 * 2880 * 2), 0,
                   Bytes{36} * 128 * (2880 * 2 + 2),
                   Bytes{36} * 2 * (2 * 2880 * 4096 + 2 * 2880 * 512 + 4096 + 2 * 512 + 2880 + 64),
                   Bytes{2} * 201088 * 2880 * 2, kSequences * 18 * (kContext + 128) * 2 * 8 * 64 * 2,
                   4 * kSequences * (512 * (3 * 2880 + 2 * (64 + 8) * 64 + 4 * (3 * 2880 + 2880)) + 201088)});
    // Layers by the delta rule: three inputs of each of 8192 channels, and a 128 x 128 state in each of 32 heads
    all.push_back({qwen3Next80b, "qwen3_next", "softmax over all, top-10, renormalised",
                   "16 heads share 2 keys, 36 of 48 layers by the gated delta rule",
                   3 + 49 * (2 + 512 * 3 + 1 + 4) + 36 * 7 + 13 * 6 + 4, 41, 79.7, 0.1, 48, 48, 512, 10,
                   Bytes{49} * 512 * 3 * 512 * 2048 * 2, Bytes{48} * (3 * 512 * 2048 + 2048) * 2,
                   Bytes{49} * 512 * 2048 * 2,
                   Bytes{2} * (12 * (3 * 2048 * 4096 + 2 * 2048 * 512) +
                               36 * (2048 * 12288 + 2048 * 64 + 8192 * 4 + 2 * 32 + 128 + 2048 * 4096)),
                   Bytes{2} * 151936 * 2048 * 2,
                   kSequences * (kContext * 12 * 2 * 2 * 256 + 36 * (8192 * 3 + 32 * 128 * 128)) * 2,
                   4 * kSequences * (512 * (3 * 2048 + 2 * (16 + 2) * 256 + 10 * (3 * 512 + 2048)) + 151936)});
    return all;
}

} // namespace

class TestReleasedModels : public QObject {
    Q_OBJECT

private slots:
    void inspect_data()
    {
        QTest::addColumn<int>("index");
        const auto all = expectations();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].family.c_str()) << static_cast<int>(i);
    }
    void inspect()
    {
        QFETCH(const int, index);
        const Expected expected = expectations()[static_cast<std::size_t>(index)];
        const ReleasedModel model = expected.make({});
        const QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / model.name;
        writeSparse(folder, model, expected.shards);
        QCOMPARE(model.tensors.size(), expected.tensors);

        const QStringList arguments{"inspect",     quoted(folder),
                                    "--context",   QString::number(kContext),
                                    "--sequences", QString::number(kSequences)};
        const auto run = cli(arguments + QStringList{"--json"});
        QVERIFY_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(json["name"].get<std::string>(), model.name);
        QCOMPARE(json["family"].get<std::string>(), expected.family);
        QCOMPARE(json["router_arithmetic"].get<std::string>(), expected.router);
        QCOMPARE(json["attention"].get<std::string>(), expected.attention);
        QCOMPARE(json["layers"].get<int>(), expected.layers);
        QCOMPARE(json["moe_layers"].get<int>(), expected.moeLayers);
        QCOMPARE(json["experts"].get<int>(), expected.experts);
        QCOMPARE(json["top_k"].get<int>(), expected.topK);
        QVERIFY2(json["warnings"].empty(), json["warnings"].dump().c_str());
        const double billions = json["parameters"].get<double>() / 1e9;
        QVERIFY2(std::abs(billions - expected.billions) <= expected.tolerance, qPrintable(QString::number(billions)));

        Bytes total = 0;
        for (const auto& tensor : model.tensors)
            total += tensor.bytes;
        const auto& bytes = json["bytes"];
        QCOMPARE(bytes["routed_experts"].get<Bytes>(), expected.routed);
        QCOMPARE(bytes["shared_experts"].get<Bytes>(), expected.shared);
        QCOMPARE(bytes["router"].get<Bytes>(), expected.routerBytes);
        QCOMPARE(bytes["attention"].get<Bytes>(), expected.attentionBytes);
        QCOMPARE(bytes["embedding"].get<Bytes>(), expected.embedding);
        QCOMPARE(bytes["total"].get<Bytes>(), total);

        const auto& memory = json["memory"];
        QCOMPARE(memory["weights"].get<Bytes>(), total);
        QCOMPARE(memory["kv_cache"].get<Bytes>(), expected.cache);
        QCOMPARE(memory["workspace"].get<Bytes>(), expected.workspace);
        QCOMPARE(memory["total"].get<Bytes>(), total + expected.cache + expected.workspace);

        const auto said = cli(arguments);
        QVERIFY_CODE(said, 0);
        for (const std::string& line : {expected.attention, expected.router, std::to_string(expected.routed)})
            QVERIFY2(said.out.contains(line.c_str()), said.out.constData());
    }
};

QTEST_APPLESS_MAIN(TestReleasedModels)
#include "tst_released_models.moc"
