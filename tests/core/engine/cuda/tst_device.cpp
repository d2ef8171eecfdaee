// SPDX-License-Identifier: Apache-2.0
// The engine with a device against the engine without one, through the plug-in: logits, masks, statistics, comparison,
// generation, weights as they are stored, few experts at a time. The device is the emulated one; with
// ESPALIER_TEST_DEVICE=cuda it is the real one, and where there is none the tests are skipped.
#include "core/engine/cuda_driver.h"
#include "core/engine/device_plugin.h"
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/stats_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <random>

using namespace espalier;
using namespace espalier::test;
using engine::ComputeType;

namespace fs = std::filesystem;

namespace {

const fs::path kBuilt = fs::path(ESPALIER_BUILD_DIR) / "tests/core/engine/cuda";

engine::EngineOptions options(ComputeType compute, bool onDevice, std::uint64_t window = 0)
{
    engine::EngineOptions options;
    options.compute = compute;
    options.threads = 1;
    options.window = ByteSize(window);
    if (onDevice)
        options.device = 0;
    return options;
}

double largest(const Logits& a, const Logits& b)
{
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        most = std::max(most, largestDifference(a[i], b[i]));
    return most;
}

/// The tiny checkpoint with its experts in 8 bits and a scale for each 16 x 16 block.
void writeFloat8(const fs::path& folder, const TinyOptions& tiny)
{
    base::OrderedJson config = tinyConfig(tiny);
    config["quantization_config"] = {{"quant_method", "fp8"}, {"weight_block_size", {16, 16}}};
    std::mt19937 random(5);
    std::vector<RawTensor> tensors;
    for (RawTensor& tensor : tinyTensors(tiny)) {
        if (tensor.name.find(".experts.") == std::string::npos) {
            tensors.push_back(std::move(tensor));
            continue;
        }
        const auto blocks = [](std::int64_t size) { return (size + 15) / 16; };
        RawTensor scale{
            tensor.name + "_scale_inv", checkpoint::Dtype::F32, {blocks(tensor.shape[0]), blocks(tensor.shape[1])}, {}};
        scale.data.resize(static_cast<std::size_t>(scale.shape[0] * scale.shape[1]) * sizeof(float));
        for (std::size_t i = 0; i < scale.data.size() / sizeof(float); ++i) {
            const float value = 0.01F * static_cast<float>(1 + random() % 7);
            std::memcpy(scale.data.data() + i * sizeof(float), &value, sizeof value);
        }
        tensor.dtype = checkpoint::Dtype::F8E4M3;
        tensor.data.resize(static_cast<std::size_t>(tensor.shape[0] * tensor.shape[1]));
        for (std::byte& byte : tensor.data) // any number but NaN, sizes up to 30
            byte = static_cast<std::byte>((random() & 0x80U) | random() % 0x60U);
        tensors.push_back(std::move(tensor));
        tensors.push_back(std::move(scale));
    }
    writeCheckpoint(folder, config, tensors);
}

} // namespace

class TestDevice : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    bool m_emulated = qgetenv("ESPALIER_TEST_DEVICE") != "cuda";

    [[nodiscard]] fs::path made(const char* name, const TinyOptions& tiny) const
    {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / name;
        writeTinyCheckpoint(folder, tiny);
        return folder;
    }

private slots:
    void initTestCase()
    {
        if (m_emulated) {
            qputenv("ESPALIER_CUDA", (kBuilt / "libemulated_device.so").c_str());
            return;
        }
        const auto driver = engine::describeCudaDriver();
        if (driver.devices.empty() || engine::devicePluginPath().empty())
            QSKIP(("NOTHING RUNS ON A DEVICE HERE: " +
                   (driver.devices.empty() ? driver.reason : std::string("the CUDA plug-in was not built")))
                      .c_str());
    }

    void sameNumbersAsTheCpu_data()
    {
        QTest::addColumn<bool>("narrow");
        QTest::addColumn<bool>("streamed");
        QTest::addColumn<QByteArray>("memory");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("float32") << false << false << QByteArray() << 2e-5;
        QTest::newRow("float32, streamed, few experts at a time") << false << true << QByteArray("700000") << 2e-5;
        QTest::newRow("bfloat16") << true << false << QByteArray() << 0.05;
    }
    void sameNumbersAsTheCpu()
    {
        QFETCH(bool, narrow);
        QFETCH(bool, streamed);
        QFETCH(QByteArray, memory);
        QFETCH(double, tolerance);
        qunsetenv("ESPALIER_EMULATED_MEMORY");
        if (!memory.isEmpty())
            qputenv("ESPALIER_EMULATED_MEMORY", memory);
        TinyOptions tiny;
        tiny.mlpOnlyLayers = {1};
        tiny.dtype = narrow ? checkpoint::Dtype::BF16 : checkpoint::Dtype::F32;
        const fs::path folder = made(QTest::currentDataTag(), tiny);
        const ComputeType type = narrow ? ComputeType::BFloat16 : ComputeType::Float32;
        const std::uint64_t window = streamed ? 1 : 0;
        const Machine cpu = openMachine(folder, options(type, false, window));
        const Machine device = openMachine(folder, options(type, true, window));
        QVERIFY(cpu.engine->counters().device.empty());
        QVERIFY(!m_emulated || device.engine->counters().device == "emulated");

        const auto texts = randomTexts(*cpu.model, {1, 7, 50, 33});
        const auto plan = randomPlan(*cpu.model, 3, 5);
        for (const engine::PlanPointer p : {engine::PlanPointer(nullptr), &plan}) {
            const double difference =
                largest(collectLogits(*device.engine, texts, p), collectLogits(*cpu.engine, texts, p));
            QVERIFY2(difference <= tolerance, fmt::format("logits differ by {}", difference).c_str());
        }
        std::vector<tokenizer::Window> windows;
        for (const auto& text : texts)
            windows.push_back({0, text});
        const auto all = must(stats::StatSelection::parse("all"));
        auto a = emptyDomain(cpu.model->summary, all), b = a, c = a;
        must(cpu.engine->profile(windows, a, {}));
        must(device.engine->profile(windows, b, {}));
        must(device.engine->profile(windows, c, {}));
        for (std::size_t l = 0; l < a.layers.size(); ++l) {
            QCOMPARE(b.layers[l].tokens(), a.layers[l].tokens());
            QVERIFY(narrow || b.layers[l].pool().ids == a.layers[l].pool().ids);
            for (const auto& info : stats::statInfos()) {
                const double difference = relativeDifference(b.layers[l][info.stat], a.layers[l][info.stat]);
                QVERIFY2(narrow || difference <= 1e-4, fmt::format("{} differs by {}", info.id, difference).c_str());
                QVERIFY2(relativeDifference(c.layers[l][info.stat], b.layers[l][info.stat]) == 0, info.id.data());
            }
        }
        if (narrow)
            return;
        plan::Plan skips = plan; // experts of small weight, token by token
        for (auto& layer : skips.layers)
            layer.skip = {0.7};
        QVERIFY(largest(collectLogits(*device.engine, texts, &skips), collectLogits(*cpu.engine, texts, &skips)) <=
                tolerance);
        const std::vector<engine::PlanPointer> plans{&plan, &skips};
        const auto xs = must(cpu.engine->compare(std::vector<engine::TextSet>{{"d", windows}}, plans, {}));
        const auto ys = must(device.engine->compare(std::vector<engine::TextSet>{{"d", windows}}, plans, {}));
        for (std::size_t p = 0; p < plans.size(); ++p) {
            const auto &x = xs[p][0], &y = ys[p][0];
            QVERIFY(std::abs(x.klMean - y.klMean) <= 1e-4 * x.klMean);
            QVERIFY(std::abs(x.perplexity - y.perplexity) <= 1e-4 * x.perplexity);
            QVERIFY(x.activeExperts == y.activeExperts);
        }
        QVERIFY(xs[1][0].meanActiveExperts() > 1 && xs[1][0].meanActiveExperts() < 2);
        engine::GenerateRequest request;
        request.prompts = {texts[1], texts[3]};
        request.variants = {nullptr, &plan};
        request.maxTokens = 4;
        QVERIFY(must(cpu.engine->generate(request, {})) == must(device.engine->generate(request, {})));
    }

    void expandsStoredWeights()
    {
        qunsetenv("ESPALIER_EMULATED_MEMORY");
        TinyOptions tiny;
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "float8";
        writeFloat8(folder, tiny);
        const Machine cpu = openMachine(folder, options(ComputeType::Float32, false));
        const Machine device = openMachine(folder, options(ComputeType::Float32, true));
        const auto texts = randomTexts(*cpu.model, {40, 9});
        const auto expected = collectLogits(*cpu.engine, texts);
        const double difference = largest(collectLogits(*device.engine, texts), expected);
        QVERIFY2(difference <= 2e-4, fmt::format("logits differ by {}", difference).c_str());
    }

    void tooSmallADevice()
    {
        if (!m_emulated)
            QSKIP("the memory of a real device is what it is");
        qputenv("ESPALIER_EMULATED_MEMORY", "20000");
        const Machine device = openMachine(made("small", {}), options(ComputeType::Float32, true));
        const auto texts = randomTexts(*device.model, {40});
        const auto sink = [](std::size_t, std::span<const float>, std::int64_t) { return Result<void>(); };
        const auto refused = device.engine->logits(texts, nullptr, sink, {});
        qunsetenv("ESPALIER_EMULATED_MEMORY");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NoResources);
        QVERIFY(refused.error().text().find("--device cpu") != std::string::npos);
    }

    void names()
    {
        QVERIFY(!must(engine::parseDevice("cpu")));
        QCOMPARE(must(engine::parseDevice("cuda")), std::optional(0));
        QCOMPARE(must(engine::parseDevice("cuda:3")), std::optional(3));
        for (const char* wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda1", "cpu:0", "cuda:1 "})
            QCOMPARE(engine::parseDevice(wrong).error().code, ErrorCode::Usage);
    }

    void whatTheDriverSays()
    {
        const auto absent = engine::describeCudaDriver("libnowhere.so.1");
        QVERIFY(!absent.present && absent.devices.empty());
        QVERIFY(absent.reason.find("libnowhere.so.1") != std::string::npos);
        const auto noDriver = engine::describeCudaDriver("libm.so.6");
        QVERIFY(!noDriver.present && noDriver.reason.find("cuInit") != std::string::npos);

        const std::string fake = (kBuilt / "libfake_driver.so").string();
        const auto two = engine::describeCudaDriver(fake.c_str());
        QVERIFY2(two.present && two.reason.empty(), two.reason.c_str());
        QCOMPARE(two.version, 13000);
        QCOMPARE(two.devices.size(), std::size_t{2});
        QCOMPARE(two.devices[1].name, std::string("Second"));
        QCOMPARE(two.devices[1].memory, std::uint64_t{11} << 30U);
        QCOMPARE(two.devices[1].major, 10);
        QCOMPARE(two.devices[1].minor, 3);
        qputenv("FAKE_DRIVER_DEVICES", "0");
        const auto none = engine::describeCudaDriver(fake.c_str());
        qputenv("FAKE_DRIVER_ERROR", "100");
        const auto failed = engine::describeCudaDriver(fake.c_str());
        qunsetenv("FAKE_DRIVER_DEVICES");
        qunsetenv("FAKE_DRIVER_ERROR");
        QVERIFY(none.present && none.devices.empty() && none.reason.find("no device") != std::string::npos);
        QVERIFY(!failed.present);
        QCOMPARE(failed.reason, std::string("cuInit says CUDA_ERROR_NO_DEVICE (100)"));
    }
};

QTEST_GUILESS_MAIN(TestDevice)
#include "tst_device.moc"
