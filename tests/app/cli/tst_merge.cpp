// SPDX-License-Identifier: Apache-2.0
// merge on the bundled model, as a user would: what it says, what verify says of the folder, how it is refused.
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::test;

class TestMergeCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    [[nodiscard]] QStringList merge(const char* method, int keep, const char* out = nullptr) const
    {
        QStringList arguments{"merge",        quoted(demo()), "--method", method, "--keep",    QString::number(keep),
                              "--context",    "256",          "--sample", "64",   "--threads", "1",
                              "--max-tokens", "150"};
        if (out != nullptr)
            arguments << "--out" << quoted(at(out));
        for (const char* domain : {"json", "sort"})
            arguments << "--data" << QString("%1=%2/%1.jsonl").arg(domain, quoted(demo("calibration")));
        return arguments;
    }

private slots:
    void writesASmallerModel()
    {
        const auto json = runJson(merge("hc-smoe", 24, "merged"));
        for (const char* key : {"method", "keep", "tokens", "layers", "seconds", "bytes_before", "directory", "files",
                                "bytes", "predicted_bytes", "verified", "verification"})
            QVERIFY2(json.contains(key), key);
        QVERIFY(json["bytes"] < json["bytes_before"]);
        QVERIFY(json["bytes"] == json["predicted_bytes"]);
        QVERIFY(json["verified"].get<bool>());
        for (const auto& layer : json["layers"]) {
            QCOMPARE(layer["groups"].size(), 24U);
            QVERIFY(layer["predicted_error"].get<double>() > 0);
        }
        const auto inspected = runJson({"inspect", quoted(at("merged"))});
        QCOMPARE(inspected["experts"].get<int>(), 24);
        QCOMPARE(inspected["family"].get<std::string>(), "qwen3_moe");
        QVERIFY(inspected["bytes"]["total"] == json["bytes"]);
        const auto verified = runJson({"verify", quoted(at("merged")), "--against", quoted(demo()), "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>());
        const auto recipe = base::readJsonFile(at("merged") / "recipe.json");
        QCOMPARE((*recipe)["merge"]["method"].get<std::string>(), "hc-smoe");
        QVERIFY((*recipe)["data"]["json"]["tokens"].get<int>() > 0);
        QVERIFY_CODE(cli({"generate", quoted(at("merged")), "--prompt", "a", "--max-tokens", "2", "--threads", "1"}),
                     0);
    }

    void showsWithoutWriting()
    {
        const auto error = [&](const char* method, int keep) {
            double sum = 0;
            const auto json = runJson(merge(method, keep));
            for (const auto& layer : json["layers"])
                sum += layer["predicted_error"].get<double>();
            return sum;
        };
        // Fewer experts cost more, and the method that looks at the error errs least
        const double least = error("least-error", 24);
        QVERIFY(least < error("least-error", 16));
        QVERIFY(least < error("uncurl", 24));
        const auto constants = runJson(merge("mone", 28));
        for (const auto& layer : constants["layers"]) {
            QCOMPARE(layer["replaced"].size(), 4U);
            QCOMPARE(layer["score"].size(), 32U);
        }
        QVERIFY(cli(merge("ream", 30)).out.contains("predicted change"));
    }

    /// One expert per text, or per token: then only what lies between merging weights and outputs is left.
    void mergesForOneTextAlone()
    {
        auto arguments = merge("meo", 0);
        arguments.removeAt(arguments.indexOf("--keep") + 1);
        arguments.removeAt(arguments.indexOf("--keep"));
        arguments.removeAt(arguments.indexOf("--sample") + 1);
        arguments.removeAt(arguments.indexOf("--sample"));
        const auto whole = runJson(arguments);
        const auto each = runJson(arguments + QStringList{"--group", "1"});
        QVERIFY(whole["group_tokens"].is_null() && each["group_tokens"] == 1);
        for (std::size_t l = 0; l < whole["layers"].size(); ++l) {
            const auto &all = whole["layers"][l], &one = each["layers"][l];
            QCOMPARE(all["domains"].size(), 2U);
            QVERIFY(all["groups"].get<int>() < all["tokens"].get<int>() / 10 && one["groups"] == one["tokens"]);
            QVERIFY(one["error_averaged"].get<double>() < 1e-10); // the token's own gates on outputs are the layer
            QVERIFY(one["error"].get<double>() > 1e-4 && one["error"] < all["error"]);
            QVERIFY(one["error_top1"] == all["error_top1"]);
            QVERIFY(all["error_averaged"].get<double>() > 1e-4);
        }
        QVERIFY(cli(arguments).out.contains("outputs averaged"));
    }

    void refuses()
    {
        const auto unknown = cli(merge("magic", 24, "none"));
        QVERIFY_CODE(unknown, 2);
        QVERIFY(unknown.says("hc-smoe"));
        QVERIFY_CODE(cli(merge("hc-smoe", 2, "few")), 2); // fewer than every token needs
        QVERIFY_CODE(cli(merge("hc-smoe", 33, "many")), 2);
        QVERIFY_CODE(cli(merge("mone", 24, "constants")), 2);
        QVERIFY(!fs::exists(at("constants")));
        fs::create_directories(at("taken"));
        writeText(at("taken") / "file", "mine");
        QVERIFY_CODE(cli(merge("uncurl", 24, "taken")), 3);
        QCOMPARE(readText(at("taken") / "file"), "mine");
        auto dense = merge("uncurl", 24, "dense");
        dense[1] = quoted(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo-dense/model");
        QVERIFY_CODE(cli(dense), 3);
        QVERIFY_CODE(cli({"merge", quoted(demo()), "--method", "uncurl", "--keep", "24", "--data", "a=nothing.txt"}),
                     3);
    }
};

QTEST_GUILESS_MAIN(TestMergeCommand)
#include "tst_merge.moc"
