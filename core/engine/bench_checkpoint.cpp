// SPDX-License-Identifier: Apache-2.0
#include "core/engine/bench_checkpoint.h"

#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/model/generated_config.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace espalier::engine {

namespace {

constexpr int kLayers = 4, kHidden = 1024, kHeads = 16, kKvHeads = 4, kHeadDim = 128, kExperts = 32, kTopK = 4,
              kWidth = 768, kVocabulary = 8192;

struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    [[nodiscard]] std::uint64_t bytes() const
    {
        std::uint64_t bytes = 2;
        for (const std::int64_t size : shape)
            bytes *= static_cast<std::uint64_t>(size);
        return bytes;
    }
};

std::vector<Tensor> tensorList()
{
    std::vector<Tensor> tensors{{"model.embed_tokens.weight", {kVocabulary, kHidden}},
                                {"model.norm.weight", {kHidden}},
                                {"lm_head.weight", {kVocabulary, kHidden}}};
    for (int layer = 0; layer < kLayers; ++layer) {
        const std::string at = fmt::format("model.layers.{}.", layer);
        tensors.push_back({at + "input_layernorm.weight", {kHidden}});
        tensors.push_back({at + "post_attention_layernorm.weight", {kHidden}});
        tensors.push_back({at + "self_attn.q_proj.weight", {kHeads * kHeadDim, kHidden}});
        tensors.push_back({at + "self_attn.k_proj.weight", {kKvHeads * kHeadDim, kHidden}});
        tensors.push_back({at + "self_attn.v_proj.weight", {kKvHeads * kHeadDim, kHidden}});
        tensors.push_back({at + "self_attn.o_proj.weight", {kHidden, kHeads * kHeadDim}});
        tensors.push_back({at + "self_attn.q_norm.weight", {kHeadDim}});
        tensors.push_back({at + "self_attn.k_norm.weight", {kHeadDim}});
        tensors.push_back({at + "mlp.gate.weight", {kExperts, kHidden}});
        for (int expert = 0; expert < kExperts; ++expert) {
            const std::string own = at + fmt::format("mlp.experts.{}.", expert);
            tensors.push_back({own + "gate_proj.weight", {kWidth, kHidden}});
            tensors.push_back({own + "up_proj.weight", {kWidth, kHidden}});
            tensors.push_back({own + "down_proj.weight", {kHidden, kWidth}});
        }
    }
    return tensors;
}

std::string configText()
{
    return model::generatedConfig({kLayers, kHidden, kHeads, kKvHeads, kHeadDim, kExperts, kTopK, kWidth, kVocabulary})
               .dump(2) +
           "\n";
}

/// Random bfloat16 numbers around 0, in bits.
std::vector<std::uint16_t> randomPool()
{
    std::vector<std::uint16_t> pool(std::size_t{1} << 22U);
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0.0F, 0.03F);
    for (std::uint16_t& bits : pool)
        bits = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(normal(random)) >> 16U);
    return pool;
}

Result<void> writeWeights(const std::filesystem::path& path, const std::vector<Tensor>& tensors,
                          const base::JobContext& job)
{
    base::OrderedJson header = base::OrderedJson::object();
    std::uint64_t total = 0;
    for (const Tensor& tensor : tensors) {
        header[tensor.name] = {
            {"dtype", "BF16"}, {"shape", tensor.shape}, {"data_offsets", {total, total + tensor.bytes()}}};
        total += tensor.bytes();
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    ESPALIER_TRY(auto file, base::FileWriter::create(path));
    const std::uint64_t length = text.size(); // little endian, as every machine this is built for
    ESPALIER_CHECK(file.write(std::as_bytes(std::span(&length, 1))));
    ESPALIER_CHECK(file.write(text));
    const std::vector<std::uint16_t> pool = randomPool();
    const std::vector<std::uint16_t> ones(kHidden, 0x3f80);
    std::uint64_t done = 0, from = 0;
    for (const Tensor& tensor : tensors) {
        if (job.stopRequested())
            return base::cancelledError();
        const bool norm = tensor.shape.size() == 1;
        for (std::uint64_t left = tensor.bytes() / 2; left > 0;) {
            const std::span<const std::uint16_t> source = norm ? std::span(ones) : std::span(pool).subspan(from);
            const std::uint64_t count = std::min<std::uint64_t>(left, source.size());
            ESPALIER_CHECK(file.write(std::as_bytes(source.first(count))));
            left -= count;
            from = (from + count) % pool.size();
        }
        done += tensor.bytes();
        job.report({"writing a checkpoint", static_cast<double>(done), static_cast<double>(total), "bytes"});
    }
    return file.finish();
}

} // namespace

Result<BenchCheckpoint> BenchCheckpoint::write(const std::filesystem::path& folder, const base::JobContext& job)
{
    const std::vector<Tensor> tensors = tensorList();
    std::uint64_t need = std::uint64_t{1} << 20U;
    for (const Tensor& tensor : tensors)
        need += tensor.bytes();
    ESPALIER_TRY(const ByteSize free, base::freeDiskSpace(folder));
    if (free.value() < need)
        return base::noResources(fmt::format("the generated checkpoint needs {} of disk, {} has {}",
                                             base::formatByteSize(ByteSize(need)), folder.string(),
                                             base::formatByteSize(free)),
                                 "Name another folder with --folder");
    std::string place = (folder / "espalier-bench-XXXXXX").string();
    if (::mkdtemp(place.data()) == nullptr)
        return base::systemError(folder, "cannot make a folder in it", errno);
    BenchCheckpoint made{std::filesystem::path(place)};
    ESPALIER_CHECK(base::writeFileAtomically(made.m_folder / "config.json", configText()));
    ESPALIER_CHECK(writeWeights(made.weights(), tensors, job));
    return made;
}

BenchCheckpoint::BenchCheckpoint(BenchCheckpoint&& other) noexcept : m_folder(std::exchange(other.m_folder, {}))
{
}

BenchCheckpoint::~BenchCheckpoint()
{
    std::error_code ignored; // a temporary folder that somebody else removed already
    if (!m_folder.empty())
        std::filesystem::remove_all(m_folder, ignored);
}

std::filesystem::path BenchCheckpoint::weights() const
{
    return m_folder / "model.safetensors";
}

int BenchCheckpoint::vocabulary() const
{
    return kVocabulary;
}

Result<void> BenchCheckpoint::makeCold() const
{
    const int fd = ::open(weights().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return base::systemError(weights(), "cannot open", errno);
    const int synced = ::fdatasync(fd);
    const int reason = errno;
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
    if (synced != 0)
        return base::systemError(weights(), "cannot be written to the disk", reason);
    return {};
}

} // namespace espalier::engine
