// SPDX-License-Identifier: Apache-2.0
// How long opening a very large model takes, from headers alone. Prints figures, asserts none: times depend on the
// machine. The weights are sparse files, so 1 TB of them fits anywhere.
#include "core/model/model_summary.h"
#include "tests/support/tiny_checkpoint.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fmt/format.h>

using namespace espalier;
namespace fs = std::filesystem;

class BenchOpenCheckpoint : public QObject {
    Q_OBJECT

    static constexpr int kLayers = 94;
    static constexpr int kExperts = 320; // 94 × 320 × 3 = 90 240 expert tensors
    static constexpr int kShards = 96;

    /// The tensors of a Qwen3-MoE model with wide experts: names and shapes only.
    static std::vector<checkpoint::TensorInfo> catalogue()
    {
        std::vector<checkpoint::TensorInfo> tensors;
        const auto add = [&](std::string name, std::vector<std::int64_t> shape) {
            checkpoint::TensorInfo info;
            info.name = std::move(name);
            info.dtype = checkpoint::Dtype::BF16;
            info.shape = std::move(shape);
            info.bytes = 2 * static_cast<std::uint64_t>(info.elements());
            tensors.push_back(std::move(info));
        };
        add("model.embed_tokens.weight", {151936, 4096});
        for (int n = 0; n < kLayers; ++n) {
            const std::string prefix = fmt::format("model.layers.{}.", n);
            add(prefix + "self_attn.q_proj.weight", {8192, 4096});
            add(prefix + "self_attn.k_proj.weight", {512, 4096});
            add(prefix + "self_attn.v_proj.weight", {512, 4096});
            add(prefix + "self_attn.o_proj.weight", {4096, 8192});
            add(prefix + "self_attn.q_norm.weight", {128});
            add(prefix + "self_attn.k_norm.weight", {128});
            add(prefix + "input_layernorm.weight", {4096});
            add(prefix + "post_attention_layernorm.weight", {4096});
            add(prefix + "mlp.gate.weight", {kExperts, 4096});
            for (int e = 0; e < kExperts; ++e) {
                add(fmt::format("{}mlp.experts.{}.gate_proj.weight", prefix, e), {1408, 4096});
                add(fmt::format("{}mlp.experts.{}.up_proj.weight", prefix, e), {1408, 4096});
                add(fmt::format("{}mlp.experts.{}.down_proj.weight", prefix, e), {4096, 1408});
            }
        }
        add("model.norm.weight", {4096});
        add("lm_head.weight", {151936, 4096});
        return tensors;
    }

    static void write(const fs::path& folder)
    {
        test::TinyOptions options;
        options.layers = kLayers;
        options.hidden = 4096;
        options.vocabulary = 151936;
        options.heads = 64;
        options.kvHeads = 4;
        options.headDim = 128;
        options.experts = kExperts;
        options.topK = 8;
        options.expertWidth = 1408;
        options.dtype = checkpoint::Dtype::BF16;
        test::writeText(folder / "config.json", test::tinyConfig(options).dump(2));
        const auto tensors = catalogue();
        std::string map;
        std::uint64_t total = 0;
        const std::size_t perShard = (tensors.size() + kShards - 1) / kShards;
        for (std::size_t shard = 0; shard < kShards; ++shard) {
            const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, kShards);
            std::vector<checkpoint::TensorInfo> part;
            std::uint64_t bytes = 0;
            for (std::size_t i = shard * perShard; i < std::min(tensors.size(), (shard + 1) * perShard); ++i) {
                part.push_back(tensors[i]);
                bytes += tensors[i].bytes;
                map += fmt::format("{}\"{}\":\"{}\"", map.empty() ? "" : ",", tensors[i].name, name);
            }
            const std::string head = checkpoint::makeSafetensorsHeader(part, {{"format", "pt"}});
            test::writeText(folder / name, head);
            fs::resize_file(folder / name, head.size() + bytes); // a hole: no disk is used
            total += bytes;
        }
        test::writeText(folder / "model.safetensors.index.json",
                        fmt::format("{{\"metadata\":{{\"total_size\":{}}},\"weight_map\":{{{}}}}}", total, map));
    }

private slots:
    void ninetyThousandTensors()
    {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        write(folder);
        for (int round = 0; round < 3; ++round) {
            QElapsedTimer timer;
            timer.start();
            auto opened = checkpoint::Checkpoint::open(folder);
            const auto headers = timer.nsecsElapsed();
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().text().c_str());
            const auto model = model::openModel(folder);
            const auto all = timer.nsecsElapsed() - headers;
            QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
            QCOMPARE(model->summary.experts, kExperts);
            qInfo("%zu tensors, %.2f TB, %d shards: headers %.0f ms, described and summed up %.0f ms",
                  opened->tensors().size(), static_cast<double>(opened->tensorBytes()) / 1e12, kShards,
                  static_cast<double>(headers) / 1e6, static_cast<double>(all) / 1e6);
        }
    }
};

QTEST_APPLESS_MAIN(BenchOpenCheckpoint)
#include "tst_open_checkpoint.moc"
