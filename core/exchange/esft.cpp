// SPDX-License-Identifier: Apache-2.0
// ESFT's text traces: expert_weights_<layer>.txt, one line per sample: the chosen experts of all its tokens, k after k,
// separated by tabs, two tabs, and the gate weights in the same order. The published scores are count / (k tokens) and
// sum of weights / tokens.
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>

namespace espalier::exchange {
namespace {

constexpr ByteSize kLimit{4ULL << 30U};
constexpr std::string_view kPrefix = "expert_weights_";

/// Layer of a file name, −1 when it has none.
std::int32_t layerOf(const Path& path)
{
    const std::string stem = path.stem().string();
    std::int32_t layer = -1;
    if (!stem.starts_with(kPrefix) || path.extension() != ".txt" ||
        !base::parseIndex(std::string_view(stem).substr(kPrefix.size()), layer))
        return -1;
    return layer;
}

template <typename Number>
Result<void> readNumbers(std::string_view text, std::vector<Number>& into, const Place& at)
{
    into.clear();
    while (!text.empty()) {
        const auto tab = text.find('\t');
        const std::string_view word = text.substr(0, tab);
        text = tab == std::string_view::npos ? std::string_view{} : text.substr(tab + 1);
        Number value{};
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc{} || end != word.data() + word.size())
            return badInput(fmt::format("'{}' is no number", word.substr(0, 40)), at.file, at.place,
                            "A line is expert ids, two tabs, weights");
        into.push_back(value);
    }
    return {};
}

/// Samples in the file.
Result<std::int64_t> readTrace(const Path& path, stats::LayerStats& layer)
{
    ESPALIER_TRY(const std::string text, base::readTextFile(path, kLimit));
    TraceLayer trace(layer.topology());
    const auto k = static_cast<std::size_t>(layer.topology().topK);
    std::vector<std::int64_t> ids;
    std::vector<double> weights;
    std::int64_t samples = 0, number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        ++number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            continue;
        const Place at{path.string(), fmt::format("line {}", number)};
        const auto gap = line.find("\t\t");
        if (gap == std::string_view::npos)
            return badInput("two tabs must stand between expert ids and weights", at.file, at.place,
                            "Is this a trace of ESFT?");
        ESPALIER_CHECK(readNumbers(line.substr(0, gap), ids, at));
        ESPALIER_CHECK(readNumbers(line.substr(gap + 2), weights, at));
        if (ids.size() != weights.size())
            return badInput(fmt::format("{} expert ids and {} weights", ids.size(), weights.size()), at.file, at.place,
                            "The line is cut off or damaged");
        if (ids.empty() || ids.size() % k != 0)
            return badInput(
                fmt::format("{} expert ids are no multiple of the {} that this model's router chooses", ids.size(), k),
                at.file, at.place, "Check that the trace belongs to this model");
        for (std::size_t t = 0; t < ids.size(); t += k)
            ESPALIER_CHECK(trace.add(std::span(ids).subspan(t, k), std::span(weights).subspan(t, k), at));
        ++samples;
    }
    if (samples == 0)
        return badInput("holds no sample", path.string());
    ESPALIER_CHECK(trace.moveTo(layer, {path.string(), {}}));
    return samples;
}

} // namespace

Result<ImportedStatistics> readEsft(const std::vector<Path>& paths, const ImportOptions& options,
                                    const model::ModelSummary& model)
{
    std::map<std::int32_t, Path> files; // by layer
    std::vector<Path> found;
    std::error_code error;
    for (const Path& path : paths) {
        if (!std::filesystem::is_directory(path, error)) {
            found.push_back(path);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(path, error))
            if (layerOf(entry.path()) >= 0)
                found.push_back(entry.path());
        if (error || found.empty())
            return badInput("holds no expert_weights_<layer>.txt", path.string(), {}, "Give the folder of one task");
    }
    for (const Path& path : found) {
        const std::int32_t layer = layerOf(path);
        if (layer < 0)
            return badInput("the name does not say which layer it is", path.string(), {},
                            "Traces are called expert_weights_<layer>.txt");
        if (!files.emplace(layer, path).second)
            return badInput(fmt::format("there is another file of layer {}", layer), path.string(), {},
                            "Import each task by itself");
    }
    ImportedStatistics out;
    out.form = "ESFT routing trace";
    const Path folder = std::filesystem::absolute(found.front(), error).parent_path();
    out.domains.push_back(
        emptyDomain(options.domain.empty() ? domainNameOf(folder.filename()) : options.domain, model));
    auto& domain = out.domains.back();
    for (const auto& [layer, path] : files) {
        ESPALIER_TRY(const std::size_t row, moeRow(model, layer, {path.string(), {}}));
        ESPALIER_TRY(const std::int64_t samples, readTrace(path, domain.layers[row]));
        domain.documents = std::max(domain.documents, samples);
    }
    ESPALIER_CHECK(settleDomain(domain, {folder.string(), {}}, out.notes));
    out.notes.emplace_back("A trace holds chosen experts and rounded gate weights only: no expert outputs (reap, man, "
                           "easy-ep), no probabilities of other experts (seer-soft), no logits (tcess, peu).");
    return out;
}

} // namespace espalier::exchange
