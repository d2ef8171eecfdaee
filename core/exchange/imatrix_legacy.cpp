// SPDX-License-Identifier: Apache-2.0
// llama.cpp importance matrices in the older .dat form: int32 entries; per entry int32 length and name, int32 calls,
// int32 values, float32 values; then optionally int32 chunks, int32 length and name of the text. The values are
// (sum of squares / rows of that expert) · calls, so the rows per expert cannot be had back: no counts.
#include "core/exchange/binary_file.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace espalier::exchange {
namespace {

constexpr std::int32_t kMostEntries = 1 << 20;
constexpr std::int32_t kLongestName = 512; // ggml names have at most 63 characters

/// Sum over the columns of each expert, divided by the calls. An expert without rows is written as 1 in every column.
Result<std::vector<double>> meanEnergy(const std::vector<float>& values, std::size_t experts, std::int32_t calls,
                                       const Place& at, std::size_t& unseen)
{
    const std::size_t columns = values.size() / experts;
    std::vector<double> energy(experts, 0.0);
    for (std::size_t e = 0; e < experts; ++e) {
        double sum = 0;
        bool filled = true;
        for (std::size_t c = 0; c < columns; ++c) {
            const float value = values[e * columns + c];
            if (!std::isfinite(value) || value < 0)
                return badInput(fmt::format("a mean of squares of expert {} is {}", e, value), at.file, at.place,
                                "Write it again with llama-imatrix");
            filled = filled && value == static_cast<float>(calls);
            sum += value;
        }
        unseen += filled ? 1 : 0;
        energy[e] = filled ? 0 : sum / calls;
    }
    return energy;
}

} // namespace

Result<ImportedStatistics> readImatrixLegacy(const Path& path, const ImportOptions& options,
                                             const model::ModelSummary& model)
{
    ESPALIER_TRY(auto file, BinaryFile::open(path));
    ESPALIER_TRY(const std::int32_t entries, file.int32("number of entries"));
    if (entries < 1 || entries > kMostEntries)
        return badInput(fmt::format("is no importance matrix: it claims {} entries", entries), path.string(),
                        "number of entries", "Give the file that llama-imatrix wrote");
    ImportedStatistics out;
    out.form = "llama.cpp importance matrix, .dat";
    out.domains.push_back(emptyDomain(options.domain.empty() ? domainNameOf(path) : options.domain, model));
    std::set<std::string> names;
    std::size_t unseen = 0;
    for (std::int32_t i = 0; i < entries; ++i) {
        std::string place = fmt::format("entry {}", i + 1);
        ESPALIER_TRY(const std::int32_t length, file.int32(place));
        if (length < 1 || length > kLongestName)
            return badInput(fmt::format("a name of {} bytes", length), path.string(), place,
                            "It is no importance matrix, or a damaged one");
        ESPALIER_TRY(const std::string name, file.take(static_cast<std::uint64_t>(length), place));
        if (!names.insert(name).second)
            return badInput("an entry stands twice", path.string(), place, "Write it again with llama-imatrix");
        place += " (" + name.substr(0, 64) + ")";
        ESPALIER_TRY(const std::int32_t calls, file.int32(place));
        ESPALIER_TRY(const std::int32_t count, file.int32(place));
        if (count < 1 || calls < 1)
            return badInput(fmt::format("{} values of {} calls", count, calls), path.string(), place,
                            "It is no importance matrix, or a damaged one");
        BlockName block;
        if (!parseBlockName(name, block) || block.part != "ffn_down_exps") {
            ESPALIER_CHECK(file.skip(4 * static_cast<std::uint64_t>(count), place));
            continue;
        }
        const Place at{path.string(), place};
        ESPALIER_TRY(const std::size_t row, moeRow(model, block.block, at));
        auto& layer = out.domains.back().layers[row];
        const auto experts = static_cast<std::size_t>(layer.topology().experts);
        const auto width = static_cast<std::size_t>(std::max(model.expertWidth, 1));
        if (static_cast<std::size_t>(count) % experts != 0 ||
            (model.expertWidth > 0 && static_cast<std::size_t>(count) != experts * width))
            return badInput(fmt::format("has {} values; {} experts of width {} need {}", count, experts,
                                        model.expertWidth, experts * width),
                            path.string(), place, "Use an importance matrix of this very model");
        ESPALIER_TRY(const auto values, file.floats(static_cast<std::uint64_t>(count), place));
        ESPALIER_TRY(auto energy, meanEnergy(values, experts, calls, at, unseen));
        ESPALIER_CHECK(layer.set(stats::Stat::InnerEnergy, std::move(energy)));
    }
    if (file.left() > 0) {
        ESPALIER_TRY(const std::int32_t chunks, file.int32("number of chunks"));
        out.domains.back().windows = std::max(chunks, 0);
        if (file.left() > 0) {
            ESPALIER_TRY(const std::int32_t length, file.int32("name of the text"));
            if (length < 0 || static_cast<std::uint64_t>(length) != file.left())
                return badInput("there is more behind the last entry than the name of the text", path.string(),
                                "name of the text", "It is no importance matrix, or a damaged one");
            ESPALIER_TRY(const std::string text, file.take(static_cast<std::uint64_t>(length), "name of the text"));
            out.source["datasets"] = {text};
        }
    }
    ESPALIER_CHECK(settleDomain(out.domains.back(), {path.string(), {}}, out.notes));
    out.notes.emplace_back(
        "This older form has lost how many tokens each expert saw: no frequency, shares or heatmap of "
        "use. Writing it again with llama-imatrix --output-format gguf keeps them.");
    if (unseen > 0)
        out.notes.push_back(fmt::format("{} experts saw no token.", unseen));
    return out;
}

} // namespace espalier::exchange
