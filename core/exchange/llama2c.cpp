// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/llama2c.h"

#include "core/base/atomic_directory.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/checkpoint/safetensors.h"
#include "core/tokenizer/tokenizer_json.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace espalier::exchange {

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr ByteSize kLargest{std::uint64_t{64} << 30U};

struct Header {
    std::int32_t hidden, width, layers, heads, keyHeads, vocabulary, positions;
};

/// A matrix of the folder and where its numbers stand in the file, counted in floats.
struct Matrix {
    std::string name;
    std::vector<std::int64_t> shape;
    std::uint64_t from = 0;
    int heads = 0; ///< > 0: rows of so many heads are in pairs of neighbours
};

class Layout {
public:
    explicit Layout(const Header& header) : m_header(header)
    {
        const std::int64_t h = header.hidden, keys = h / header.heads * header.keyHeads;
        one("model.embed_tokens.weight", {header.vocabulary < 0 ? -header.vocabulary : header.vocabulary, h});
        each("input_layernorm.weight", {h});
        each("self_attn.q_proj.weight", {h, h}, header.heads);
        each("self_attn.k_proj.weight", {keys, h}, header.keyHeads);
        each("self_attn.v_proj.weight", {keys, h});
        each("self_attn.o_proj.weight", {h, h});
        each("post_attention_layernorm.weight", {h});
        each("mlp.gate_proj.weight", {header.width, h});
        each("mlp.down_proj.weight", {h, header.width});
        each("mlp.up_proj.weight", {header.width, h});
        one("model.norm.weight", {h});
        m_at += static_cast<std::uint64_t>(header.positions) *
                static_cast<std::uint64_t>(h / header.heads); // rotary tables
        if (header.vocabulary < 0)                            // a head of its own
            one("lm_head.weight", {-header.vocabulary, h});
    }
    std::vector<Matrix> matrices;
    [[nodiscard]] std::uint64_t floats() const { return m_at; }

private:
    void one(std::string name, std::vector<std::int64_t> shape, int heads = 0)
    {
        std::uint64_t count = 1;
        for (const auto size : shape)
            count *= static_cast<std::uint64_t>(size);
        matrices.push_back({std::move(name), std::move(shape), m_at, heads});
        m_at += count;
    }
    void each(const char* name, const std::vector<std::int64_t>& shape, int heads = 0)
    {
        for (int layer = 0; layer < m_header.layers; ++layer)
            one(fmt::format("model.layers.{}.{}", layer, name), shape, heads);
    }
    Header m_header;
    std::uint64_t m_at = 0;
};

Result<Header> readHeader(const std::string& bytes, const std::string& file)
{
    Header header{};
    const auto wrong = [&](std::string why) {
        return badInput(std::move(why), file, "header", "Give a version 0 checkpoint of llama2.c");
    };
    if (bytes.size() < sizeof header)
        return wrong("the file is shorter than its header");
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto within = [](std::int32_t value, std::int32_t most) { return value >= 1 && value <= most; };
    if (!within(header.hidden, 1 << 16) || !within(header.width, 1 << 20) || !within(header.layers, 1000) ||
        !within(header.heads, 1 << 10) || !within(header.keyHeads, 1 << 10) || !within(header.positions, 1 << 20) ||
        header.vocabulary == 0 || std::abs(static_cast<double>(header.vocabulary)) > 1 << 20)
        return wrong("its sizes make no sense");
    if (header.hidden % header.heads != 0 || header.heads % header.keyHeads != 0 ||
        header.hidden / header.heads % 2 != 0)
        return wrong(fmt::format("{} heads and {} key heads do not divide {} evenly", header.heads, header.keyHeads,
                                 header.hidden));
    return header;
}

Result<tokenizer::TokenizerSource> readTokens(const std::filesystem::path& path, std::size_t vocabulary)
{
    ESPALIER_TRY(const std::string bytes, base::readTextFile(path, ByteSize(std::uint64_t{64} << 20U)));
    const std::string file = path.string();
    tokenizer::TokenizerSource source;
    source.file = file;
    source.kind = tokenizer::SourceKind::SentencePiece;
    source.unknown = 0;
    source.bos = 1;
    source.eos = 2;
    source.addBos = true;
    std::size_t at = 4; // behind the longest token's length
    for (std::size_t id = 0; id < vocabulary; ++id) {
        const auto wrong = [&](const char* why) { return badInput(why, file, fmt::format("token {}", id)); };
        if (bytes.size() < at + 8)
            return wrong("the file ends before it");
        float score = 0;
        std::int32_t length = 0;
        std::memcpy(&score, bytes.data() + at, 4);
        std::memcpy(&length, bytes.data() + at + 4, 4);
        at += 8;
        if (!std::isfinite(score) || length < 0 || std::cmp_greater(length, bytes.size() - at))
            return wrong("its score or length makes no sense");
        const std::string raw = bytes.substr(at, static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(length);
        if (!base::isUtf8(raw))
            return wrong("it is not UTF-8");
        std::string text;
        for (const char c : raw) // llama2.c stores spaces where the vocabulary has U+2581
            text += c == ' ' ? std::string("\u2581") : std::string(1, c);
        if (id == 1 || id == 2)
            text = id == 1 ? "<s>" : "</s>";
        source.tokens.push_back(std::move(text));
        source.scores.push_back(score);
        source.types.push_back(id == 0  ? tokenizer::SourceTokenType::Unknown
                               : id < 3 ? tokenizer::SourceTokenType::Control
                                        : tokenizer::SourceTokenType::Normal);
    }
    return source;
}

Result<void> writeWeights(const std::string& bytes, const Layout& layout, const std::filesystem::path& folder,
                          const base::JobContext& job)
{
    std::vector<checkpoint::TensorInfo> infos;
    for (const Matrix& matrix : layout.matrices) {
        checkpoint::TensorInfo info;
        info.name = matrix.name;
        info.shape = matrix.shape;
        info.bytes = static_cast<std::uint64_t>(info.elements()) * sizeof(float);
        infos.push_back(std::move(info));
    }
    ESPALIER_TRY(auto writer, base::FileWriter::create(folder / "model.safetensors"));
    ESPALIER_CHECK(writer.write(checkpoint::makeSafetensorsHeader(infos, {{"format", "pt"}})));
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (job.stopRequested())
            return cancelledError();
        const Matrix& matrix = layout.matrices[i];
        std::string_view data(bytes.data() + sizeof(Header) + matrix.from * sizeof(float), infos[i].bytes);
        std::string turned;
        if (matrix.heads > 0) {
            const std::int64_t rows = matrix.shape[0], each = rows / matrix.heads;
            const std::size_t row = data.size() / static_cast<std::size_t>(rows);
            for (std::int64_t head = 0; head < matrix.heads; ++head)
                for (std::int64_t half = 0; half < 2; ++half)
                    for (std::int64_t pair = 0; pair < each / 2; ++pair)
                        turned += data.substr(static_cast<std::size_t>(head * each + 2 * pair + half) * row, row);
            data = turned;
        }
        ESPALIER_CHECK(writer.write(data));
    }
    return writer.finish();
}

} // namespace

Result<Llama2cReport> convertLlama2c(const std::filesystem::path& model, const std::filesystem::path& tokenizerFile,
                                     const std::filesystem::path& target, const base::JobContext& job)
{
    ESPALIER_TRY(const std::string bytes, base::readTextFile(model, kLargest));
    ESPALIER_TRY(const Header header, readHeader(bytes, model.string()));
    const Layout layout(header);
    if (bytes.size() != sizeof header + layout.floats() * sizeof(float))
        return badInput(fmt::format("the file has {} bytes, its sizes lead to {}", bytes.size(),
                                    sizeof header + layout.floats() * sizeof(float)),
                        model.string(), "header", "Give a complete version 0 checkpoint of llama2.c");
    const std::int64_t vocabulary = std::abs(static_cast<std::int64_t>(header.vocabulary));
    ESPALIER_TRY(const auto tokens, readTokens(tokenizerFile, static_cast<std::size_t>(vocabulary)));
    ESPALIER_TRY(const auto json, tokenizer::toTokenizerJson(tokens));
    ESPALIER_TRY(auto folder, base::AtomicDirectory::create(target));
    ESPALIER_CHECK(writeWeights(bytes, layout, folder.path(), job));
    const base::OrderedJson config{{"architectures", {"LlamaForCausalLM"}},
                                   {"model_type", "llama"},
                                   {"hidden_act", "silu"},
                                   {"hidden_size", header.hidden},
                                   {"intermediate_size", header.width},
                                   {"num_attention_heads", header.heads},
                                   {"num_hidden_layers", header.layers},
                                   {"num_key_value_heads", header.keyHeads},
                                   {"max_position_embeddings", header.positions},
                                   {"rms_norm_eps", 1e-5},
                                   {"rope_theta", 10000.0},
                                   {"tie_word_embeddings", header.vocabulary > 0},
                                   {"bos_token_id", 1},
                                   {"eos_token_id", 2},
                                   {"torch_dtype", "float32"},
                                   {"vocab_size", vocabulary}};
    ESPALIER_CHECK(base::writeFileAtomically(folder.path() / "config.json", config.dump(2) + "\n"));
    ESPALIER_CHECK(base::writeFileAtomically(folder.path() / "tokenizer.json", json.dump() + "\n"));
    ESPALIER_CHECK(folder.commit());
    Llama2cReport report{header.hidden, header.layers, header.width, vocabulary, 0};
    for (const Matrix& matrix : layout.matrices) {
        std::uint64_t count = sizeof(float);
        for (const auto size : matrix.shape)
            count *= static_cast<std::uint64_t>(size);
        report.bytes += count;
    }
    return report;
}

} // namespace espalier::exchange
