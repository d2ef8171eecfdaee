// SPDX-License-Identifier: Apache-2.0
// Files from elsewhere that are broken, foreign or lie about themselves: an error that names file, place and reason,
// with the exit code of bad input; whatever the damage, never worse than an error.
#include "core/exchange/plan_files.h"
#include "tests/core/exchange/exchange_bytes.h"
#include "tests/support/shared_data.h"

#include <functional>
#include <random>

using namespace espalier;
using namespace espalier::exchange;
using namespace espalier::test;

namespace {

model::ModelSummary small()
{
    return madeUpModel(2, 4, 2); // layers 1 and 2, width 6
}

const std::string kEsft = "0\t1\t2\t3\t\t0.5\t0.25\t0.5\t0.125\n";

struct Bad {
    const char* name;
    std::string file, content, says;
    std::string select = {};
    std::vector<std::int32_t> layers = {};
};

std::vector<Bad> badStatistics()
{
    const std::vector<float> good{2, 1, 1, 0};
    const std::string down = "blk.1.ffn_down_exps.weight";
    const std::vector<float> values(24, 1.5F);
    std::vector<Bad> all{
        {"gguf of another kind", "a.gguf", imatrix(good, 6, "model"), "general.type"},
        {"gguf experts", "a.gguf", imatrix({2, 1, 1}), "number of experts"},
        {"gguf width", "a.gguf", imatrix(good, 5), "5 columns"},
        {"gguf layer", "a.gguf", imatrix(good, 6, "imatrix", "blk.7.ffn_down_exps.weight"), "no experts in layer 7"},
        {"gguf dense layer", "a.gguf", imatrix(good, 6, "imatrix", "blk.0.ffn_down_exps.weight"), "layer 0"},
        {"gguf nothing", "a.gguf", imatrix(good, 6, "imatrix", "blk.1.attn_q.weight"),
         "holds nothing about the experts"},
        {"gguf no multiple of k", "a.gguf", imatrix({2, 1, 1, 1}), "no multiple of the 2"},
        {"gguf not whole", "a.gguf", imatrix({1.5F, 1.5F, 1, 0}), "not a whole number"},
        {"gguf negative", "a.gguf", imatrix({-2, 2, 2, 2}), "not a whole number"},
        {"gguf nan", "a.gguf", imatrix({std::nanf(""), 1, 1, 0}), "not a whole number"},
        {"gguf too often", "a.gguf", imatrix({4, 0, 0, 0}), "4 times by 2 tokens"},
        {"gguf integers", "a.gguf", imatrix(good, 6, "imatrix", down, 26), "32-bit floats"},
        {"dat entries", "a.dat", int32(-1), "claims -1 entries"},
        {"dat huge", "a.dat", int32(0x7fffffff), "entries"},
        {"dat empty", "a.dat", "", "the file ends"},
        {"dat name", "a.dat", int32(1) + int32(0x7fffffff), "a name of"},
        {"dat values", "a.dat", int32(1) + legacyEntry(down, 1, {}), "0 values"},
        {"dat more values than file", "a.dat", int32(1) + int32(26) + down + int32(1) + int32(0x7ffffff0) + "xxxx",
         "values"},
        {"dat calls", "a.dat", int32(1) + legacyEntry(down, 0, values), "0 calls"},
        {"dat twice", "a.dat", int32(2) + legacyEntry(down, 1, values) + legacyEntry(down, 1, values), "stands twice"},
        {"dat width", "a.dat", int32(1) + legacyEntry(down, 1, std::vector<float>(20, 1.5F)), "20 values"},
        {"dat infinite", "a.dat",
         int32(1) + legacyEntry(down, 1, std::vector<float>(24, std::numeric_limits<float>::infinity())), "inf"},
        {"dat rest", "a.dat", int32(1) + legacyEntry(down, 1, values) + int32(3) + int32(2) + "abc", "behind"},
        {"esft one tab", "expert_weights_1.txt", "0\t1\t0.5\t0.5\n", "two tabs"},
        {"esft word", "expert_weights_1.txt", "0\tx\t\t0.5\t0.5\n", "'x' is no number"},
        {"esft lengths", "expert_weights_1.txt", "0\t1\t\t0.5\n", "2 expert ids and 1 weights"},
        {"esft k", "expert_weights_1.txt", "0\t1\t2\t\t0.5\t0.5\t0.5\n", "no multiple of the 2"},
        {"esft id", "expert_weights_1.txt", "0\t4\t\t0.5\t0.5\n", "expert 4 does not exist"},
        {"esft negative", "expert_weights_1.txt", "0\t-1\t\t0.5\t0.5\n", "expert -1"},
        {"esft twice", "expert_weights_1.txt", "1\t1\t\t0.5\t0.5\n", "expert 1 twice"},
        {"esft weight", "expert_weights_1.txt", "0\t1\t\t0.5\tinf\n", "no number from 0"},
        {"esft layer", "expert_weights_9.txt", kEsft, "layer 9"},
        {"esft name", "expert_weights_x.txt", kEsft, "does not say which layer"},
        {"esft empty", "expert_weights_1.txt", "", "no sample"},
        {"npy magic", "a.npy", "NUMPY, but not really", "no NumPy array"},
        {"npy header", "a.npy", std::string("\x93NUMPY\x01\x00\xff\xff{", 11) + "      ", "behind the end"},
        {"npy floats", "a.npy", npy("<f4", "1, 2, 2", std::vector<float>(4)), "<f4"},
        {"npy big end", "a.npy", npy(">i4", "1, 2, 2", std::vector<std::int32_t>(4)), ">i4"},
        {"npy fortran", "a.npy", npy("<i4", "1, 2, 2", std::vector<std::int32_t>(4), "True"), "Fortran"},
        {"npy shape", "a.npy", npy("<i4", "1, 2, -2", std::vector<std::int32_t>(4)), "shape"},
        {"npy overflow", "a.npy", npy("<i4", "4294967296, 4294967296, 2", std::vector<std::int32_t>(4)), "larger"},
        {"npy length", "a.npy", npy("<i4", "9, 2, 2", std::vector<std::int32_t>(4)), "asks for 36"},
        {"npy dimensions", "a.npy", npy("<i4", "4,", std::vector<std::int32_t>(4)), "1 dimensions"},
        {"npy k", "a.npy", npy("<i4", "1, 2, 3", std::vector<std::int32_t>(6)), "3 experts per token"},
        {"npy layers", "a.npy", npy("<i4", "1, 5, 2", std::vector<std::int32_t>(10)), "--layers"},
        {"npy zeros", "a.npy", npy("<i4", "1, 2, 2", std::vector<std::int32_t>(4)), "not captured"},
        {"npy id", "a.npy", npy("<i4", "1, 2, 2", std::vector<std::int32_t>{0, 1, 0, 9}), "expert 9 does not exist"},
        {"npy dense layer named", "a.npy", npy("<i4", "1, 1, 2", std::vector<std::int32_t>{0, 1}), "layer 0", {}, {0}},
        {"npz no zip", "a.npz", "nothing", "zip"},
        {"npz claim", "a.npz", zip("a.npy", "xx", 0x7fffffff, 8), "more than its data can hold"},
        {"npz sizes", "a.npz", zip("a.npy", "xx", 3), "sizes differ"},
        {"npz checksum", "a.npz", zip("a.npy", "xx", 2, 0, 1), "checksum"},
        {"npz method", "a.npz", zip("a.npy", "xx", 2, 12), "method 12"},
        {"npz deflate", "a.npz", zip("a.npy", "xx", 2, 8), "cannot be unpacked"},
        {"npz member", "a.npz", zip("a.txt", "xx", 2), "is no array"},
        {"json broken", "a.json", "{\"1\": [1,", "a.json"},
        {"json list", "a.json", "[1, 2]", "no table of counts"},
        {"json text", "a.json", R"({"d": {"1": ["a", 1, 1, 0]}})", "no table of counts"},
        {"json experts", "a.json", R"({"d": {"1": [1, 1, 2]}})", "3 counts"},
        {"json id", "a.json", R"({"d": {"1": {"4": 2, "0": 2}}})", "expert 4 does not exist"},
        {"json twice", "a.json", R"({"d": {"1": [2,1,1,0], "1": [2,1,1,0]}})", "a.json"},
        {"json layer", "a.json", R"({"d": {"5": [2,1,1,0]}})", "layer 5"},
        {"json key", "a.json", R"({"m": {"d": {"1": [2,1,1,0]}}})", "no key x", "x"},
        {"json first choices", "a.json", R"({"m": {"d": {"1": [2,1,1,0]}}, "m_top1": {"d": {"1": [0,2,0,0]}}})",
         "first choice 2 times", "m"},
        {"csv header", "a.csv", "1,0,3\n", "first line"},
        {"csv fields", "a.csv", "layer,expert,count\n1,0\n", "2 fields"},
        {"csv word", "a.csv", "layer,expert,count\n1,zero,3\n", "whole numbers"},
        {"csv id", "a.csv", "layer,expert,count\n1,4,3\n", "expert 4 does not exist"},
        {"csv twice", "a.csv", "layer,expert,count\n1,0,3\n1,0,3\n", "stands twice"},
        {"csv missing", "a.csv", "layer,expert,count\n1,0,2\n1,1,2\n", "expert 2 has no line"},
        {"csv empty", "a.csv", "layer,expert,count\n", "holds no counts"},
        {"form", "a.xyz", "?", "--format"},
    };
    return all;
}

struct BadPlan {
    const char* name;
    std::string file, content, says;
};

std::vector<BadPlan> badPlans()
{
    const std::string line = "{\"1\":[0,1,2,3]}\n";
    return {
        {"ascend layer twice", "a.jsonl", line + line, "layer 1 stands twice"},
        {"ascend layer missing", "a.jsonl", line, "layer 2 is missing"},
        {"ascend short", "a.jsonl", "{\"1\":[0,1,2]}\n", "3 of 4 experts"},
        {"ascend id", "a.jsonl", "{\"1\":[0,1,2,4]}\n", "expert 4 does not exist"},
        {"ascend twice", "a.jsonl", "{\"1\":[0,1,2,2]}\n", "expert 2 is listed twice"},
        {"ascend type", "a.jsonl", "{\"1\":[0,1,2,\"3\"]}\n", "whole numbers"},
        {"ascend float", "a.jsonl", "{\"1\":[0,1,2,3.0]}\n", "whole numbers"},
        {"ascend shape", "a.jsonl", "[0,1,2,3]\n", "a line is one object"},
        {"ascend two keys", "a.jsonl", "{\"1\":[0,1,2,3],\"2\":[0,1,2,3]}\n", "a line is one object"},
        {"ascend broken", "a.jsonl", "{\"1\":[0,1,2", "line 1"},
        {"ascend dense", "a.jsonl", "{\"0\":[0,1,2,3]}\n", "layer 0"},
        {"vllm no list", "a.json", R"({"version": 1})", "pruned_experts"},
        {"vllm version", "a.json", R"({"version": 2, "pruned_experts": []})", "version"},
        {"vllm pair", "a.json", R"({"version": 1, "pruned_experts": [[1]]})", "pruned_experts[0]"},
        {"vllm type", "a.json", R"({"version": 1, "pruned_experts": [[1, "0"]]})", "whole numbers"},
        {"vllm twice", "a.json", R"({"version": 1, "pruned_experts": [[1, 0], [1, 0]]})", "stands twice"},
        {"vllm id", "a.json", R"({"version": 1, "pruned_experts": [[1, 9]]})", "expert 9 does not exist"},
        {"vllm layer", "a.json", R"({"version": 1, "pruned_experts": [[99999999999, 0]]})", "layer 99999999999"},
        {"vllm too few", "a.json", R"({"version": 1, "pruned_experts": [[1, 0], [1, 1], [1, 2]]})", "chooses 2"},
        {"mask rows", "a.json", "[[1,1,1,1]]", "2 rows"},
        {"mask columns", "a.json", "[[1,1,1],[1,1,1,1]]", "must hold 4 values"},
        {"mask value", "a.json", "[[1,1,1,0.5],[1,1,1,1]]", "neither 0 nor 1"},
        {"mask too few", "a.json", "[[1,0,0,0],[1,1,1,1]]", "chooses 2"},
        {"torch no zip", "a.pth", "PK, but no archive", "zip"},
        {"torch other", "a.pth", zip("a/b.txt", "xx", 2), "data.pkl"},
        {"form", "a.json", "?", "--format"},
    };
}

} // namespace

class TestBadFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

private slots:
    void statistics_data()
    {
        QTest::addColumn<int>("index");
        const auto all = badStatistics();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << static_cast<int>(i);
    }
    void statistics()
    {
        QFETCH(const int, index);
        const Bad bad = badStatistics()[static_cast<std::size_t>(index)];
        writeBytes(at(bad.file), bad.content);
        ImportOptions options;
        options.select = bad.select;
        options.layers = bad.layers;
        const auto read = readStatistics({at(bad.file)}, options, small());
        QVERIFY2(!read.ok(), "was accepted");
        QVERIFY2(read.error().code == ErrorCode::BadInput, read.error().text().c_str());
        QVERIFY2(read.error().text().find(bad.says) != std::string::npos, read.error().text().c_str());
        QVERIFY2(read.error().file.find(bad.file) != std::string::npos, read.error().text().c_str());
        // Nothing half-read reaches a study.
        auto study = study::Study::create(at(std::to_string(index) + ".espalier"), small());
        QVERIFY_RESULT(study);
        QVERIFY(!importStatistics(*study, {at(bad.file)}, options).ok());
        QVERIFY(study->runs()->empty());
    }

    void plans_data()
    {
        QTest::addColumn<int>("index");
        const auto all = badPlans();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << static_cast<int>(i);
    }
    void plans()
    {
        QFETCH(const int, index);
        const BadPlan bad = badPlans()[static_cast<std::size_t>(index)];
        writeBytes(at(bad.file), bad.content);
        const auto read = importPlan({at(bad.file)}, {}, small());
        QVERIFY2(!read.ok(), "was accepted");
        QVERIFY2(read.error().code == ErrorCode::BadInput, read.error().text().c_str());
        QVERIFY2(read.error().text().find(bad.says) != std::string::npos, read.error().text().c_str());
        QVERIFY2(read.error().file.find(bad.file) != std::string::npos, read.error().text().c_str());
    }

    /// A pickle is a program. Whatever it asks for besides tensors is refused by name, and nothing of it runs.
    void picklesAreNotRun()
    {
        const auto refused = [&](const std::string& pickle, const char* says) {
            writeBytes(at("p.pth"), torchFile(pickle));
            const auto read = importPlan({at("p.pth")}, {}, small());
            return !read.ok() && read.error().code == ErrorCode::BadInput &&
                   read.error().text().find(says) != std::string::npos;
        };
        QVERIFY(refused("\x80\x02"
                        "cposix\nsystem\nX\x04\x00\x00\x00"
                        "true\x85R.",
                        "ends early")); // \x00 ends the literal: a cut program
        QVERIFY(refused(std::string("\x80\x02"
                                    "cposix\nsystem\n)R.",
                                    20),
                        "posix system"));
        QVERIFY(refused(std::string("\x80\x02") + "(i__builtin__\neval\n.", "0x69"));
        QVERIFY(refused("}.", "neither a tensor"));
        QVERIFY(refused("h\x01.", "not remembered"));
        QVERIFY(refused("t.", "mark"));
        QVERIFY(refused("R.", "not there"));
        QVERIFY(refused(")" + std::string(100000, '\x85') + ".", "too deep"));
        QVERIFY(refused("}q\x01(h\x01h\x01u.", "dictionaries in dictionaries"));
        QVERIFY(refused("\x8c\xff.", "ends early"));
        QVERIFY(refused("", "ends early"));
    }

    /// Every beginning of good files, and good files with bytes changed: an error or a result, nothing else.
    void damage()
    {
        const std::string down = "blk.1.ffn_down_exps.weight";
        const std::vector<std::pair<std::string, std::string>> good{
            {"a.gguf", imatrix({2, 1, 1, 0})},
            {"a.dat", int32(1) + legacyEntry(down, 1, std::vector<float>(24, 1.5F)) + int32(3) + int32(1) + "t"},
            {"expert_weights_1.txt", kEsft},
            {"a.npy", npy("<i4", "2, 2, 2", std::vector<std::int32_t>{0, 1, 2, 3, 1, 0, 3, 1})},
            {"a.json", R"({"d": {"1": [2, 1, 1, 0], "2": {"0": 2, "3": 2}}})"},
            {"a.csv", "layer,expert,count\n1,0,2\n1,1,1\n1,2,1\n1,3,0\n"}};
        std::mt19937 random(3);
        int refused = 0, accepted = 0;
        for (const auto& [name, content] : good) {
            writeBytes(at(name), content);
            QVERIFY_RESULT(readStatistics({at(name)}, {}, small()));
            const auto tryIt = [&](const std::string& text) {
                writeBytes(at(name), text);
                const auto read = readStatistics({at(name)}, {}, small());
                if (!read)
                    QVERIFY2(read.error().code == ErrorCode::BadInput, read.error().text().c_str());
                ++(read ? accepted : refused);
            };
            for (std::size_t length = 0; length < content.size(); ++length)
                tryIt(content.substr(0, length));
            for (int i = 0; i < 600; ++i) {
                std::string text = content;
                for (int change = 0; change < 1 + i % 3; ++change)
                    text[random() % text.size()] = static_cast<char>(random());
                tryIt(text);
            }
        }
        qInfo("%d refused, %d accepted", refused, accepted);
        QVERIFY(refused > 1000);
    }

    void damagedPatterns()
    {
        ESPALIER_NEED_SHARED(folder, "data/patterns");
        const auto mixtral = madeUpModel(32, 8, 2, 0);
        const std::string content = bytesOf(folder / "eep/squad_budget_2.pth");
        std::mt19937 random(4);
        int refused = 0;
        for (int i = 0; i < 1500; ++i) {
            std::string text = content;
            if (i % 3 == 0)
                text.resize(random() % text.size());
            else
                for (int change = 0; change < 1 + i % 4; ++change)
                    text[random() % std::min<std::size_t>(text.size(), i % 2 == 0 ? 1200 : text.size())] =
                        static_cast<char>(random());
            writeBytes(at("e.pth"), text);
            const auto read = importPlan({at("e.pth")}, {}, mixtral);
            if (!read)
                QVERIFY2(read.error().code == ErrorCode::BadInput, read.error().text().c_str());
            refused += read ? 0 : 1;
        }
        QVERIFY(refused > 500);
        const auto r1 = madeUpModel(58, 256, 8, 3);
        const std::string index = bytesOf(folder / "premoe/example.index");
        PlanImport options;
        options.keep = 32;
        for (std::size_t length = 0; length < index.size(); length += length < 64 ? 1 : 37) {
            writeBytes(at("i.index"), index.substr(0, length));
            const auto read = importPlan({at("i.index"), folder / "premoe/example.pt"}, options, r1);
            QVERIFY(!read.ok() && read.error().code == ErrorCode::BadInput);
        }
        std::string lie = index;
        lie.replace(8, 8, std::string(8, '\x7f')); // rows without end
        writeBytes(at("i.index"), lie);
        QVERIFY_ERROR(importPlan({at("i.index"), folder / "premoe/example.pt"}, options, r1), 3, "header");
    }

    void places()
    {
        QVERIFY_ERROR(readStatistics({at("absent.npy")}, {}, small()), 3, "absent.npy");
        QVERIFY_ERROR(readStatistics({at("absent.gguf")}, {}, small()), 3, "absent.gguf");
        QVERIFY_ERROR(importPlan({at("absent.json")}, {}, small()), 3, "absent.json");
        ImportOptions wrong;
        wrong.domain = "a/b";
        QVERIFY_ERROR(readStatistics({at("absent.npy")}, wrong, small()), 2, "a/b");
        writeBytes(at("a.csv"), "");
        writeBytes(at("b.csv"), "");
        QVERIFY_ERROR(readStatistics({at("a.csv"), at("b.csv")}, {}, small()), 2, "one by one");
        QVERIFY_ERROR(parseStatisticsForm("onnx"), 2, "imatrix");
        QVERIFY_ERROR(parsePlanForm("onnx"), 2, "easy-ep");
    }
};

QTEST_GUILESS_MAIN(TestBadFiles)
#include "tst_bad_files.moc"
