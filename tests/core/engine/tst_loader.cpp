// SPDX-License-Identifier: Apache-2.0
// Finding and opening the plug-in, and what an engine refuses when it is opened.
#include "core/engine/plugin.h"
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using namespace espalier::test;
namespace fs = std::filesystem;

class TestLoader : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path folder() const { return m_folder.path().toStdString(); }

    static ErrorCode openError(const fs::path& model, const engine::EngineOptions& options, QString& text)
    {
        const model::OpenModel opened = must(model::openModel(model));
        const auto engine = engine::openEngine(opened, options);
        if (engine)
            return ErrorCode::CheckFailed;
        text = QString::fromStdString(engine.error().text());
        return engine.error().code;
    }

private Q_SLOTS:
    void computeTypes()
    {
        QVERIFY(must(engine::parseComputeType("auto")) == engine::ComputeType::Auto);
        QVERIFY(must(engine::parseComputeType("float32")) == engine::ComputeType::Float32);
        QVERIFY(must(engine::parseComputeType("bfloat16")) == engine::ComputeType::BFloat16);
        for (const char* wrong : {"", "fp32", "Float32", "float16", "auto "})
            QVERIFY(engine::parseComputeType(wrong).error().code == ErrorCode::Usage);
    }

    void placesInOrder()
    {
        const fs::path root = folder() / "tree";
        fs::create_directories(root / "bin/deep");
        const auto installed = engine::pluginPlaces({}, root / "bin");
        QCOMPARE(installed[0], root / "bin/libespalier_engine.so");
        QCOMPARE(installed[1], root / "lib/espalier/libespalier_engine.so");
        const fs::path built = root / "core/engine/torch/libespalier_engine.so";
        QVERIFY(std::find(installed.begin(), installed.end(), built) == installed.end());
        writeText(root / "CMakeCache.txt", "");
        QCOMPARE(engine::pluginPlaces({}, root / "bin/deep").back(), built);

        const auto chosen = engine::pluginPlaces(root / "my.so", root / "bin");
        QCOMPARE(chosen.size(), std::size_t{1});
        QCOMPARE(chosen[0], root / "my.so");
        QCOMPARE(engine::pluginPlaces(root, root / "bin")[0], root / "libespalier_engine.so");
    }

    void refusesOtherLibraries()
    {
        const auto error = [](const fs::path& library) { return engine::openPlugin(library).error(); };
        writeText(folder() / "text.so", "this is no library");
        QCOMPARE(error(folder() / "text.so").code, ErrorCode::BadInput);
        QCOMPARE(error(folder() / "absent.so").code, ErrorCode::BadInput);
        QVERIFY(!error(folder() / "absent.so").remedy.empty());
        QVERIFY(QString::fromStdString(error("libm.so.6").text()).contains("no symbol espalier_engine_entry"));
        const Error other = error(fs::path(ESPALIER_BUILD_DIR) / "tests/core/engine/libfake_engine.so");
        QVERIFY2(QString::fromStdString(other.text()).contains("same release"), other.text().c_str());
    }

    void missingThenThere()
    {
        qputenv("ESPALIER_ENGINE", (folder() / "nowhere.so").c_str());
        const engine::EngineDescription missing = engine::describeEngine();
        QVERIFY(!missing.available);
        QVERIFY(missing.detail.find("nowhere.so") != std::string::npos);
        qunsetenv("ESPALIER_ENGINE");
        const engine::EngineDescription found = engine::describeEngine();
        QVERIFY2(found.available, found.detail.c_str());
        QVERIFY(found.detail.starts_with("libtorch 2.11"));
        QCOMPARE(fs::path(found.library).filename(), fs::path("libespalier_engine.so"));
    }

    void refusesTooLittleMemory()
    {
        QString text;
        engine::EngineOptions options;
        options.memory = ByteSize(64U << 20U);
        QCOMPARE(openError(demoFolder(), options, text), ErrorCode::NoResources);
        QVERIFY2(text.contains("MiB") && text.contains("64.00 MiB"), qPrintable(text));
        options.memory = ByteSize(1U << 30U);
        QCOMPARE(openError(demoFolder(), options, text), ErrorCode::CheckFailed); // opens
    }

    void narrowWeightsNeedTheirScales()
    {
        const TinyOptions options;
        QString text;
        const base::OrderedJson config = tinyConfig(options);
        base::OrderedJson marked = config;
        marked["quantization_config"] = {{"quant_method", "fp8"}};
        auto tensors = tinyTensors(options);
        writeCheckpoint(folder() / "marked", marked, tensors);                      // every module left as it was
        QCOMPARE(openError(folder() / "marked", {}, text), ErrorCode::CheckFailed); // opens

        for (RawTensor& tensor : tensors)
            if (tensor.name == "model.layers.1.mlp.experts.2.up_proj.weight") {
                tensor.dtype = checkpoint::Dtype::F8E4M3;
                tensor.data.resize(tensor.data.size() / 4);
            }
        writeCheckpoint(folder() / "bare", marked, tensors);
        const auto bare = model::openModel(folder() / "bare");
        QVERIFY(!bare.ok() && bare.error().code == ErrorCode::BadInput);
        QVERIFY2(bare.error().text().find("experts.2.up_proj.weight_scale_inv is missing") != std::string::npos,
                 bare.error().text().c_str());
        writeCheckpoint(folder() / "unscaled", config, tensors); // 8-bit floats that stand for themselves
        QCOMPARE(openError(folder() / "unscaled", {}, text), ErrorCode::CheckFailed);
    }

    void autoIsFloat32ForNarrowModels()
    {
        const auto compute = [](const fs::path& model, engine::ComputeType type) {
            return openMachine(model, {type, 1, {}}).engine->counters().compute;
        };
        QVERIFY(compute(demoFolder(), engine::ComputeType::Auto) == engine::ComputeType::Float32);
        QVERIFY(compute(demoFolder(), engine::ComputeType::BFloat16) == engine::ComputeType::BFloat16);
    }
};

QTEST_APPLESS_MAIN(TestLoader)
#include "tst_loader.moc"
