// SPDX-License-Identifier: Apache-2.0
// Arrays [tokens, layers, k] of chosen expert ids, as vLLM and SGLang return them; an .npz holds one per request.
#include "core/base/file.h"
#include "core/exchange/import_parts.h"
#include "core/exchange/numpy_array.h"
#include "core/exchange/zip_archive.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace espalier::exchange {
namespace {

constexpr std::uint64_t kLimit = 4ULL << 30U;

class Reader {
public:
    Reader(const Path& path, const ImportOptions& options, const model::ModelSummary& model)
        : m_path(path), m_options(options), m_model(model), m_traces(model.moeLayers.size())
    {
    }

    Result<void> add(std::string_view bytes, const std::string& place)
    {
        ESPALIER_TRY(const auto array, parseNumpy(bytes, m_path.string(), place));
        if (array.shape.size() != 3)
            return badInput(fmt::format("has {} dimensions, not [tokens, layers, k]", array.shape.size()),
                            m_path.string(), place, "Give the array of routed experts as the engine returns it");
        const auto tokens = static_cast<std::uint64_t>(array.shape[0]),
                   layers = static_cast<std::uint64_t>(array.shape[1]), k = static_cast<std::uint64_t>(array.shape[2]);
        if (array.shape[2] != m_model.topK)
            return badInput(fmt::format("names {} experts per token, this model's router chooses {}", k, m_model.topK),
                            m_path.string(), place, "Check that the array belongs to this model");
        ESPALIER_TRY(const auto which, layersOf(m_model, layers, m_options, {m_path.string(), place}));
        if (m_layers && *m_layers != which)
            return badInput("arrays of one file have different layers", m_path.string(), place);
        m_layers = which;
        std::vector<std::int64_t> ids(k);
        for (std::uint64_t l = 0; l < layers; ++l) {
            if (which[l] < 0)
                continue; // dense
            ESPALIER_TRY(const std::size_t row, moeRow(m_model, which[l], {m_path.string(), place}));
            auto& trace = m_traces[row];
            if (!trace)
                trace.emplace(stats::Topology{m_model.moeLayers[row].experts, m_model.topK, m_model.hidden});
            for (std::uint64_t t = 0; t < tokens; ++t) {
                for (std::uint64_t i = 0; i < k; ++i)
                    ids[i] = array.at((t * layers + l) * k + i);
                const auto added = trace->add(ids, {}, {m_path.string(), {}});
                if (!added) {
                    Error error = added.error();
                    error.place = fmt::format("{}token {}, layer {}", place.empty() ? "" : place + ", ", t, which[l]);
                    return error;
                }
            }
        }
        m_windows += 1;
        return {};
    }

    Result<ImportedStatistics> finish()
    {
        ImportedStatistics out;
        out.form = "array of routed experts";
        out.domains.push_back(emptyDomain(m_options.domain.empty() ? domainNameOf(m_path) : m_options.domain, m_model));
        auto& domain = out.domains.back();
        for (std::size_t row = 0; row < m_traces.size(); ++row)
            if (m_traces[row] && m_traces[row]->tokens() > 0)
                ESPALIER_CHECK(m_traces[row]->moveTo(domain.layers[row], {m_path.string(), {}}));
        domain.windows = m_windows;
        ESPALIER_CHECK(settleDomain(domain, {m_path.string(), {}}, out.notes));
        out.notes.emplace_back("The array holds chosen experts only: no gate weights (gate-mass, mass kept), no expert "
                               "outputs (reap, man, easy-ep), no probabilities (seer-soft), no logits (tcess, peu).");
        return out;
    }

private:
    Path m_path;
    const ImportOptions& m_options;
    const model::ModelSummary& m_model;
    std::vector<std::optional<TraceLayer>> m_traces; // by row
    std::optional<std::vector<std::int64_t>> m_layers;
    std::int64_t m_windows = 0;
};

} // namespace

Result<ImportedStatistics> readRoutedExperts(const Path& path, const ImportOptions& options,
                                             const model::ModelSummary& model)
{
    Reader reader(path, options, model);
    if (path.extension() != ".npz") {
        if (!options.select.empty())
            return usageError("--select names an array of an .npz file; this is a single array");
        ESPALIER_TRY(const std::string bytes, base::readTextFile(path, ByteSize(kLimit)));
        ESPALIER_CHECK(reader.add(bytes, {}));
        return reader.finish();
    }
    ESPALIER_TRY(const auto archive, ZipArchive::open(path));
    bool any = false;
    for (const auto& member : archive.members()) {
        if (!options.select.empty() && member.name != options.select + ".npy")
            continue;
        if (!member.name.ends_with(".npy"))
            return badInput("is no array", path.string(), "member " + member.name, "Save it with numpy.savez");
        ESPALIER_TRY(const std::string bytes, archive.read(member, kLimit));
        ESPALIER_CHECK(reader.add(bytes, "array " + member.name.substr(0, member.name.size() - 4)));
        any = true;
    }
    if (!any)
        return badInput(options.select.empty() ? "holds no array" : "holds no array " + options.select, path.string());
    return reader.finish();
}

} // namespace espalier::exchange
