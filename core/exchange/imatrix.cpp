// SPDX-License-Identifier: Apache-2.0
// llama.cpp importance matrices in GGUF form: per stacked expert weight "<name>.counts" F32 {E, 1}, the rows (token,
// slot) each expert saw, and "<name>.in_sum2" F32 {E, columns}, the sums of squares of the inputs' columns.
#include "core/checkpoint/gguf.h"
#include "core/exchange/binary_file.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace espalier::exchange {
namespace {

using checkpoint::TensorInfo;

/// The two tensors of one weight.
struct Pair {
    const TensorInfo* sums = nullptr;
    const TensorInfo* counts = nullptr;
};

bool isExperts(std::string_view part)
{
    return part == "ffn_down_exps" || part == "ffn_gate_exps" || part == "ffn_up_exps" || part == "ffn_gate_up_exps";
}

/// Checked shape of a tensor: F32 with `rows` rows; the number of columns.
Result<std::uint64_t> columnsOf(const TensorInfo& tensor, std::int64_t rows, const std::string& file)
{
    const std::string place = "tensor " + tensor.name;
    if (tensor.dtype != checkpoint::Dtype::F32)
        return badInput("must hold 32-bit floats", file, place, "Write it again with llama-imatrix");
    if (tensor.elements() <= 0 || tensor.elements() % rows != 0 || tensor.shape.empty() || tensor.shape.front() != rows)
        return badInput(fmt::format("is made for another number of experts; this model has {} per layer", rows), file,
                        place, "Use an importance matrix of this very model");
    return static_cast<std::uint64_t>(tensor.elements() / rows);
}

class Reader {
public:
    Reader(const Path& path, const model::ModelSummary& model) : m_path(path.string()), m_model(model) {}

    Result<ImportedStatistics> read(const std::string& domain)
    {
        ESPALIER_TRY(m_header, checkpoint::readGgufHeader(m_path));
        if (m_header.metadata.text("general.type") != "imatrix")
            return badInput("is a GGUF file but no importance matrix", m_path, "key general.type",
                            "Give the file that llama-imatrix wrote");
        ESPALIER_TRY(auto file, BinaryFile::open(m_path));
        ESPALIER_CHECK(collect());
        ImportedStatistics out;
        out.form = "llama.cpp importance matrix, GGUF";
        out.domains.push_back(emptyDomain(domain, m_model));
        for (auto& [row, weights] : m_layers)
            ESPALIER_CHECK(readLayer(file, out.domains.back().layers[row], weights));
        ESPALIER_CHECK(settleDomain(out.domains.back(), {m_path, {}}, out.notes));
        const auto chunks = m_header.metadata.integer("imatrix.chunk_count");
        const auto size = m_header.metadata.integer("imatrix.chunk_size");
        if (chunks && size && *chunks > 0 && *size > 0 && *size < (1 << 30) && *chunks < (1 << 30)) {
            out.domains.back().windows = *chunks;
            out.source["context"] = *size;
        }
        if (const auto texts = m_header.metadata.texts("imatrix.datasets"); texts && !texts->empty()) {
            out.source["datasets"] = base::OrderedJson::array();
            for (const auto text : *texts)
                out.source["datasets"].push_back(std::string(text));
        }
        out.notes.emplace_back("An importance matrix holds no gate weights and no expert outputs: no reap, gate-mass, "
                               "seer-soft, man, easy-ep, tcess or peu.");
        return out;
    }

private:
    Result<void> collect()
    {
        for (const TensorInfo& tensor : m_header.tensors) {
            const std::string_view name = tensor.name;
            const bool sums = name.ends_with(".in_sum2"), counts = name.ends_with(".counts");
            if (!sums && !counts)
                continue;
            BlockName block;
            if (!parseBlockName(name.substr(0, name.size() - (sums ? 8 : 7)), block) || !isExperts(block.part))
                continue;
            ESPALIER_TRY(const std::size_t row, moeRow(m_model, block.block, {m_path, "tensor " + tensor.name}));
            Pair& pair = m_layers[row][std::string(block.part)];
            (sums ? pair.sums : pair.counts) = &tensor;
        }
        return {};
    }

    Result<void> readLayer(BinaryFile& file, stats::LayerStats& layer, const std::map<std::string, Pair>& weights)
    {
        const std::int64_t experts = layer.topology().experts;
        std::vector<double> counts;
        for (const auto& [part, pair] : weights) {
            if (pair.counts == nullptr)
                return badInput(fmt::format("{} has no counts", part), m_path,
                                fmt::format("layer {}", layer.layer().value()), "Write it again with llama-imatrix");
            const std::string place = "tensor " + pair.counts->name;
            ESPALIER_TRY(const std::uint64_t columns, columnsOf(*pair.counts, experts, m_path));
            if (columns != 1)
                return badInput(
                    fmt::format("must hold one count per expert, not {}", columns), m_path, place,
                    "It may have been converted from a legacy file, which has no counts per expert: write it "
                    "again with llama-imatrix");
            ESPALIER_CHECK(file.seek(pair.counts->offset, place));
            ESPALIER_TRY(const auto values, file.floats(static_cast<std::uint64_t>(experts), place));
            std::vector<double> these(values.begin(), values.end());
            if (!counts.empty() && counts != these)
                return badInput("the matrices of one layer count differently", m_path, place,
                                "The file mixes runs: write it again with llama-imatrix");
            counts = std::move(these);
        }
        const auto known = counts;
        const auto down = weights.find("ffn_down_exps");
        const Place at{m_path, fmt::format("layer {}", layer.layer().value())};
        ESPALIER_CHECK(setCounts(layer, std::move(counts), at));
        if (down == weights.end() || down->second.sums == nullptr)
            return {};
        return readEnergy(file, layer, *down->second.sums, known);
    }

    Result<void> readEnergy(BinaryFile& file, stats::LayerStats& layer, const TensorInfo& tensor,
                            const std::vector<double>& counts)
    {
        const std::string place = "tensor " + tensor.name;
        ESPALIER_TRY(const std::uint64_t columns, columnsOf(tensor, layer.topology().experts, m_path));
        if (m_model.expertWidth > 0 && columns != static_cast<std::uint64_t>(m_model.expertWidth))
            return badInput(
                fmt::format("has {} columns; an expert of this model is {} wide", columns, m_model.expertWidth), m_path,
                place, "Use an importance matrix of this very model");
        ESPALIER_CHECK(file.seek(tensor.offset, place));
        std::vector<double> energy(counts.size(), 0.0);
        for (std::size_t e = 0; e < energy.size(); ++e) {
            ESPALIER_TRY(const auto values, file.floats(columns, place));
            double sum = 0;
            for (const float value : values)
                sum += value;
            if (!std::isfinite(sum) || sum < 0)
                return badInput(fmt::format("the sum of squares of expert {} is {}", e, sum), m_path, place,
                                "Write it again with llama-imatrix");
            energy[e] = counts[e] > 0 ? sum / counts[e] : 0;
        }
        return layer.set(stats::Stat::InnerEnergy, std::move(energy));
    }

    std::string m_path;
    const model::ModelSummary& m_model;
    checkpoint::GgufHeader m_header;
    std::map<std::size_t, std::map<std::string, Pair>> m_layers; // row -> weight -> tensors
};

} // namespace

Result<ImportedStatistics> readImatrix(const Path& path, const ImportOptions& options, const model::ModelSummary& model)
{
    return Reader(path, model).read(options.domain.empty() ? domainNameOf(path) : options.domain);
}

} // namespace espalier::exchange
