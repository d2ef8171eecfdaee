// SPDX-License-Identifier: Apache-2.0
// Folders: one file, shards with index, what may be wrong with them, reading bytes.
#include "core/checkpoint/checkpoint.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>
#include <thread>
#include <type_traits>

using namespace espalier;
using namespace espalier::checkpoint;
namespace fs = std::filesystem;

static_assert(!std::is_copy_constructible_v<Checkpoint> && std::is_nothrow_move_constructible_v<Checkpoint>);

class TestCheckpoint : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    [[nodiscard]] fs::path fresh()
    {
        return fs::path(m_dir.path().toStdString()) / ("model" + std::to_string(m_count++));
    }
    [[nodiscard]] fs::path tiny(int shards = 1, std::uint32_t seed = 1)
    {
        test::TinyOptions options;
        options.layers = 2;
        options.shards = shards;
        options.seed = seed;
        const fs::path folder = fresh();
        test::writeTinyCheckpoint(folder, options);
        return folder;
    }
    static void edit(const fs::path& file, const std::string& from, const std::string& to)
    {
        std::string text = test::readText(file);
        const auto at = text.find(from);
        QVERIFY2(at != std::string::npos, from.c_str());
        test::writeText(file, text.replace(at, from.size(), to));
    }
    static QString refusal(const fs::path& folder)
    {
        const auto checkpoint = Checkpoint::open(folder);
        if (checkpoint.ok() || checkpoint.error().code != ErrorCode::BadInput || checkpoint.error().file.empty())
            return "was not refused as bad input with a file";
        return QString::fromStdString(checkpoint.error().text());
    }
    /// The shard that holds a quoted tensor name in tiny(3).
    [[nodiscard]] std::string homeOf(const std::string& name)
    {
        const std::string index = test::readText(tiny(3) / kIndex);
        const auto at = index.find("\"model-0", index.find(name));
        return index.substr(at + 1, std::strlen(kFirst));
    }
    static constexpr const char* kIndex = "model.safetensors.index.json";
    static constexpr const char* kFirst = "model-00001-of-00003.safetensors";
    static constexpr const char* kSecond = "model-00002-of-00003.safetensors";

private slots:
    void singleFileAndShardsHoldTheSame()
    {
        test::TinyOptions options;
        options.layers = 2;
        const auto written = test::tinyTensors(options);
        for (const int shards : {1, 3}) {
            auto opened = Checkpoint::open(tiny(shards));
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().text().c_str());
            const Checkpoint checkpoint = std::move(opened).value(); // names must survive the move
            QCOMPARE(checkpoint.hasIndex(), shards > 1);
            QCOMPARE(checkpoint.shards().size(), static_cast<std::size_t>(shards));
            QCOMPARE(checkpoint.tensors().size(), written.size());
            QVERIFY(checkpoint.warnings().empty());
            TensorReader reader(checkpoint);
            std::uint64_t total = 0;
            for (const auto& tensor : written) {
                const TensorInfo* info = checkpoint.find(tensor.name);
                QVERIFY(info != nullptr);
                QCOMPARE(info->shape, tensor.shape);
                const auto mapped = reader.bytes(*info);
                QVERIFY(mapped.ok());
                QVERIFY(std::equal(mapped->begin(), mapped->end(), tensor.data.begin(), tensor.data.end()));
                std::vector<std::byte> copied(tensor.data.size());
                QVERIFY(reader.read(*info, copied).ok());
                QVERIFY(copied == tensor.data);
                total += info->bytes;
            }
            QCOMPARE(checkpoint.tensorBytes(), total);
            QVERIFY(checkpoint.find("model.layers.9.mlp.gate.weight") == nullptr);
        }
    }

    void fingerprintTellsModelsApart()
    {
        const fs::path folder = tiny();
        const std::string first = Checkpoint::open(folder)->fingerprint();
        QCOMPARE(first.size(), std::size_t{16});
        QCOMPARE(Checkpoint::open(folder)->fingerprint(), first);
        QVERIFY(Checkpoint::open(tiny(1, 2))->fingerprint() != first); // same headers, other weights
        edit(folder / "config.json", "1e-06", "1e-05");
        QVERIFY(Checkpoint::open(folder)->fingerprint() != first);
        const fs::path copy = fresh();
        fs::copy(tiny(), copy);
        QCOMPARE(Checkpoint::open(copy)->fingerprint(), first); // the place does not matter
    }

    void saysWhatThePathIsInstead()
    {
        const fs::path folder = tiny();
        QVERIFY(refusal(folder / "nowhere").contains("does not exist"));
        QVERIFY(refusal(folder / "model.safetensors").contains("the folder is needed"));
        QVERIFY(refusal(folder / "config.json").contains("the folder is needed"));
        test::writeText(folder / "x.gguf", "GGUF");
        QVERIFY(refusal(folder / "x.gguf").contains("damaged"));
        fs::remove(folder / "config.json");
        QVERIFY(refusal(folder).contains("x.gguf"));
        fs::remove(folder / "x.gguf");
        QVERIFY(refusal(folder).contains("config.json is missing"));
        const fs::path pickled = tiny();
        fs::rename(pickled / "model.safetensors", pickled / "pytorch_model.bin");
        QVERIFY(refusal(pickled).contains("pickled"));
        fs::remove(pickled / "pytorch_model.bin");
        QVERIFY(refusal(pickled).contains("no model.safetensors"));
    }

    void refusesBrokenConfigs()
    {
        const fs::path folder = tiny();
        test::writeText(folder / "config.json", "{\"a\": 1,\n}");
        QVERIFY(refusal(folder).contains("config.json: line 2"));
        test::writeText(folder / "config.json", "[]");
        QVERIFY(refusal(folder).contains("object"));
        test::writeText(folder / "config.json", "");
        QVERIFY(refusal(folder).contains("empty"));
        test::writeText(folder / "config.json", "{\"a\": \"" + std::string(11U << 20U, 'x') + "\"}");
        QVERIFY(refusal(folder).contains("10.00 MiB"));
    }

    void refusesMissingAndDamagedShards()
    {
        const fs::path missing = tiny(3);
        fs::remove(missing / kSecond);
        QVERIFY(refusal(missing).contains(kSecond) && refusal(missing).contains("missing"));
        const fs::path cut = tiny(3);
        fs::resize_file(cut / kSecond, fs::file_size(cut / kSecond) - 1);
        QVERIFY(refusal(cut).contains(kSecond) && refusal(cut).contains("holds only"));
        const fs::path folder = tiny(3);
        fs::remove(folder / kSecond);
        fs::create_directory(folder / kSecond);
        QVERIFY(refusal(folder).contains("not an ordinary file"));
    }

    void refusesShardNamesThatLeaveTheFolder()
    {
        const fs::path outside = tiny();
        for (const char* name :
             {"../model0/model.safetensors", "/etc/passwd", "..", ".", "", ".safetensors", "sub/model.safetensors",
              "sub\\\\model.safetensors", "model.bin", "a\\u0000.safetensors"}) {
            const fs::path folder = tiny(3);
            edit(folder / kIndex, std::string("\"") + kFirst, std::string("\"") + name);
            QVERIFY2(refusal(folder).contains("not a plain file name"), name);
        }
        const fs::path linked = tiny(3);
        fs::remove(linked / kFirst);
        fs::create_symlink(outside / "model.safetensors", linked / kFirst);
        QVERIFY(refusal(linked).contains("leaves the folder"));
        fs::remove(linked / kFirst);
        fs::create_symlink("nowhere.safetensors", linked / kFirst);
        QVERIFY(refusal(linked).contains("cannot follow"));
    }

    void opensHuggingFaceCaches()
    {
        const fs::path root = fresh();
        const fs::path snapshot = root / "models--owner--tiny" / "snapshots" / "abc";
        const fs::path blobs = root / "models--owner--tiny" / "blobs";
        fs::create_directories(snapshot);
        fs::create_directories(blobs);
        const fs::path source = tiny(3);
        for (const auto& entry : fs::directory_iterator(source)) {
            fs::copy(entry.path(), blobs / entry.path().filename());
            fs::create_symlink(fs::path("../../blobs") / entry.path().filename(), snapshot / entry.path().filename());
        }
        const auto checkpoint = Checkpoint::open(snapshot);
        QVERIFY2(checkpoint.ok(), checkpoint.ok() ? "" : checkpoint.error().text().c_str());
        fs::remove(snapshot / kFirst);
        fs::create_symlink(source / kFirst, snapshot / kFirst); // elsewhere: refused here as well
        QVERIFY(refusal(snapshot).contains("leaves the folder"));
    }

    void refusesIndexThatDisagrees()
    {
        const std::string name = "\"model.norm.weight\"";
        const fs::path unknown = tiny(3);
        edit(unknown / kIndex, "\"weight_map\": {", fmt::format("\"weight_map\": {{\"ghost\": \"{}\",", kFirst));
        QVERIFY(refusal(unknown).contains("ghost") && refusal(unknown).contains("does not hold it"));
        const std::string home = homeOf(name);
        const std::string other = home == kFirst ? kSecond : kFirst;
        const fs::path unlisted = tiny(3);
        edit(unlisted / kIndex, name + ": \"" + home + "\",", "");
        QVERIFY(refusal(unlisted).contains("model.norm.weight") && refusal(unlisted).contains("not in the index"));
        const fs::path misplaced = tiny(3);
        edit(misplaced / kIndex, name + ": \"" + home, name + ": \"" + other);
        QVERIFY(refusal(misplaced).contains(QString::fromStdString(other)) &&
                refusal(misplaced).contains(QString::fromStdString("it stands in " + home)));
    }

    void refusesDuplicates()
    {
        const fs::path folder = tiny(3);
        fs::copy_file(folder / kFirst, folder / kSecond, fs::copy_options::overwrite_existing);
        QVERIFY(refusal(folder).contains(kFirst) && refusal(folder).contains("as well"));
        const fs::path twice = tiny(3);
        edit(twice / kIndex, "\"weight_map\": {",
             fmt::format("\"weight_map\": {{\"model.norm.weight\": \"{}\",", kFirst));
        QVERIFY(refusal(twice).contains("twice"));
    }

    void refusesBrokenIndexes()
    {
        const fs::path folder = tiny(3);
        for (const char* text : {"[]", "{}", "{\"weight_map\": []}", "{\"weight_map\": {}}",
                                 "{\"weight_map\": {\"a\": 1}}", "{\"weight_map\""}) {
            test::writeText(folder / kIndex, text);
            QVERIFY2(refusal(folder).contains(kIndex), text);
        }
    }

    void warnsAboutWhatOthersTripOver()
    {
        const fs::path total = tiny(3);
        edit(total / kIndex, "\"total_size\": ", "\"total_size\": 1");
        QCOMPARE(Checkpoint::open(total)->warnings().size(), std::size_t{1});
        QVERIFY(QString::fromStdString(Checkpoint::open(total)->warnings()[0]).contains("total_size"));
        const fs::path stray = tiny();
        fs::copy_file(stray / "model.safetensors", stray / "old.safetensors");
        QVERIFY(QString::fromStdString(Checkpoint::open(stray)->warnings().at(0)).contains("old.safetensors"));
        const fs::path both = tiny();
        test::writeText(both / kIndex, "not looked at");
        QVERIFY(QString::fromStdString(Checkpoint::open(both)->warnings().at(0)).contains("ignored"));
    }

    void readerNoticesChangedFiles()
    {
        const fs::path folder = tiny();
        const auto checkpoint = Checkpoint::open(folder);
        TensorReader early(*checkpoint);
        const TensorInfo& last = checkpoint->tensors().back();
        fs::resize_file(folder / "model.safetensors", fs::file_size(folder / "model.safetensors") - 4);
        const auto bytes = early.bytes(last);
        QVERIFY(!bytes.ok());
        QCOMPARE(bytes.error().code, ErrorCode::BadInput);
        QVERIFY(QString::fromStdString(bytes.error().message).contains("changed"));
        std::vector<std::byte> copy(last.bytes);
        QVERIFY(!early.read(last, copy).ok());
        TensorInfo foreign = last;
        foreign.offset = ~std::uint64_t{0} - 2;
        QCOMPARE(early.bytes(foreign).error().code, ErrorCode::Internal);
        foreign.shard = 7;
        QCOMPARE(early.bytes(foreign).error().code, ErrorCode::Internal);
        QCOMPARE(early.read(last, std::span(copy).first(1)).error().code, ErrorCode::Internal);
    }

    void readersMayBeShared()
    {
        const auto checkpoint = Checkpoint::open(tiny(3));
        TensorReader reader(*checkpoint);
        std::vector<int> wrong(4, 0);
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < wrong.size(); ++t)
            threads.emplace_back([&, t] {
                for (const TensorInfo& tensor : checkpoint->tensors()) {
                    const auto mapped = reader.bytes(tensor);
                    std::vector<std::byte> copy(tensor.bytes);
                    if (!mapped || !reader.read(tensor, copy) ||
                        std::memcmp(mapped->data(), copy.data(), copy.size()) != 0)
                        ++wrong[t];
                }
            });
        threads.clear(); // joins
        QCOMPARE(std::accumulate(wrong.begin(), wrong.end(), 0), 0);
    }

    void plansReadsInFileOrder()
    {
        const auto checkpoint = Checkpoint::open(tiny(3));
        const auto& tensors = checkpoint->tensors();
        std::vector<std::size_t> all(tensors.size());
        std::iota(all.rbegin(), all.rend(), std::size_t{0}); // backwards, with a repetition
        all.push_back(3);
        for (const std::uint64_t largest : {std::uint64_t{1}, std::uint64_t{3000}, std::uint64_t{16} << 20U}) {
            const auto requests = planReads(*checkpoint, all, 1U << 20U, largest);
            std::vector<int> seen(tensors.size(), 0);
            for (std::size_t r = 0; r < requests.size(); ++r) {
                const ReadRequest& request = requests[r];
                if (r > 0)
                    QVERIFY(std::pair(requests[r - 1].shard, requests[r - 1].offset + requests[r - 1].bytes) <=
                            std::pair(request.shard, request.offset));
                QVERIFY(request.bytes <= largest || request.tensors.size() == 1);
                for (const std::size_t i : request.tensors) {
                    ++seen[i];
                    QVERIFY(tensors[i].shard == request.shard && tensors[i].offset >= request.offset &&
                            tensors[i].offset + tensors[i].bytes <= request.offset + request.bytes);
                }
            }
            QVERIFY(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
            if (largest > 1U << 20U)
                QCOMPARE(requests.size(), std::size_t{3}); // whole shards
        }
        const std::vector<std::size_t> ends{0, 2}; // a gap of one tensor between them
        QCOMPARE(planReads(*checkpoint, ends, 0).size(), std::size_t{2});
        QCOMPARE(planReads(*checkpoint, ends, tensors[1].bytes).size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
