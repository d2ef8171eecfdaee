// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/import.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <utility>

namespace espalier::exchange {
namespace {

constexpr std::array<std::pair<std::string_view, StatisticsForm>, 5> kForms{
    {{"auto", StatisticsForm::Automatic},
     {"imatrix", StatisticsForm::Imatrix},
     {"esft", StatisticsForm::Esft},
     {"routed-experts", StatisticsForm::RoutedExperts},
     {"counts", StatisticsForm::Counts}}};

std::string beginning(const Path& path, std::size_t bytes)
{
    std::ifstream in(path, std::ios::binary);
    std::string text(bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(bytes));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return text;
}

/// By what the file begins with, and its name where that says nothing.
Result<StatisticsForm> recognise(const Path& path)
{
    std::error_code error;
    const std::string extension = path.extension().string();
    if (std::filesystem::is_directory(path, error) || path.filename().string().starts_with("expert_weights_"))
        return StatisticsForm::Esft;
    const std::string head = beginning(path, 8);
    if (head.starts_with("GGUF") || extension == ".dat" || extension == ".imatrix")
        return StatisticsForm::Imatrix;
    if (head.starts_with("\x93NUMPY") || extension == ".npz" || extension == ".npy")
        return StatisticsForm::RoutedExperts;
    if (extension == ".csv" || extension == ".json")
        return StatisticsForm::Counts;
    return badInput("its form is not recognised", path.string(), {},
                    "Say it with --format: imatrix, esft, routed-experts or counts");
}

Result<void> checkName(const std::string& name)
{
    const bool fine = std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("-_.+").find(c) != std::string::npos;
    });
    if (!fine || name.size() > 200)
        return usageError(fmt::format("'{}' is no name for a domain", name.substr(0, 80)),
                          "Letters, digits, - _ . + are allowed");
    return {};
}

/// Every file that was read, with its hash; joined for DomainStats::dataSha256.
Result<std::string> describeFiles(const std::vector<Path>& paths, base::OrderedJson& source)
{
    std::vector<Path> files;
    std::error_code error;
    for (const Path& path : paths) {
        if (!std::filesystem::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(path, error))
            if (entry.path().filename().string().starts_with("expert_weights_"))
                files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    auto& list = source["files"] = base::OrderedJson::array();
    std::string joined;
    for (const Path& file : files) {
        ESPALIER_TRY(const std::string hash, base::sha256File(file));
        list.push_back(
            {{"name", file.filename().string()}, {"bytes", std::filesystem::file_size(file, error)}, {"sha256", hash}});
        joined += (joined.empty() ? "" : ",") + hash;
    }
    return joined;
}

std::string textOf(const base::OrderedJson& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<ImportedStatistics> readAs(StatisticsForm form, const std::vector<Path>& paths, const ImportOptions& options,
                                  const model::ModelSummary& model)
{
    if (form == StatisticsForm::Esft)
        return readEsft(paths, options, model);
    if (paths.size() != 1)
        return usageError("only ESFT traces come in several files; import the others one by one");
    const Path& path = paths.front();
    switch (form) {
    case StatisticsForm::Imatrix:
        return beginning(path, 4) == "GGUF" ? readImatrix(path, options, model)
                                            : readImatrixLegacy(path, options, model);
    case StatisticsForm::RoutedExperts:
        return readRoutedExperts(path, options, model);
    default:
        return path.extension() == ".csv" ? readCountsCsv(path, options, model) : readCountsJson(path, options, model);
    }
}

} // namespace

Result<StatisticsForm> parseStatisticsForm(std::string_view name)
{
    for (const auto& [id, form] : kForms)
        if (id == name)
            return form;
    return usageError(fmt::format("there is no format '{}'", name),
                      "Known are auto, imatrix, esft, routed-experts, counts");
}

Result<ImportedStatistics> readStatistics(const std::vector<Path>& paths, const ImportOptions& options,
                                          const model::ModelSummary& model)
{
    if (paths.empty())
        return usageError("no file was given");
    if (model.moeLayers.empty())
        return badInput("the model has no layers with experts", model.name, {},
                        "Statistics of routing belong to Mixture-of-Experts models");
    ESPALIER_CHECK(checkName(options.domain));
    std::error_code error;
    for (const Path& path : paths)
        if (!std::filesystem::exists(path, error))
            return base::systemError(path, "cannot be read", error ? error.value() : ENOENT);
    StatisticsForm form = options.form;
    if (form == StatisticsForm::Automatic) {
        ESPALIER_TRY(form, recognise(paths.front()));
    }
    if (!options.select.empty() && form != StatisticsForm::Counts && form != StatisticsForm::RoutedExperts)
        return usageError("--select is for count tables in JSON and for .npz files");
    if (!options.layers.empty() && form != StatisticsForm::Counts && form != StatisticsForm::RoutedExperts)
        return usageError("--layers is for arrays and tables that do not name their layers");
    ESPALIER_TRY(auto out, readAs(form, paths, options, model));
    for (std::size_t i = 1; i < out.domains.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (out.domains[i].name == out.domains[j].name)
                return badInput("two domains have the same name", paths.front().string(),
                                "domain " + out.domains[i].name,
                                "Names are letters, digits, - _ . +; other characters count as -");
    std::string name = paths.front().filename().string();
    if (name.empty())
        name = paths.front().parent_path().filename().string();
    base::OrderedJson source{{"text", fmt::format("{} ({})", name, out.form)}, {"form", out.form}};
    ESPALIER_TRY(const std::string hashes, describeFiles(paths, source));
    if (!options.select.empty())
        source["select"] = options.select;
    if (!options.layers.empty())
        source["layers"] = options.layers;
    source["notes"] = out.notes;
    source["program"] = fmt::format("espalier {}", base::kVersion);
    if (out.source.is_object())
        source.update(out.source);
    out.source = std::move(source);
    for (auto& domain : out.domains) {
        domain.dataSha256 = hashes;
        domain.importedFrom = out.source["text"].get<std::string>();
    }
    return out;
}

Result<ImportedStatistics> importStatistics(study::Study& study, const std::vector<Path>& paths,
                                            const ImportOptions& options)
{
    ESPALIER_TRY(auto out, readStatistics(paths, options, study.model()));
    ESPALIER_TRY(const auto runs, study.runs());
    for (const auto& run : runs) {
        if (!run.source.is_object() || textOf(run.source, "select") != options.select)
            continue;
        const auto known = run.source.find("files");
        for (const auto& mine : out.source["files"])
            if (known != run.source.end() && known->is_array())
                for (const auto& file : *known)
                    if (textOf(file, "sha256") == mine["sha256"])
                        return badInput(
                            fmt::format("was imported already, as run {}; its tokens would count twice", run.id),
                            paths.front().string(), mine["name"].get<std::string>(), "See `espalier study info`");
    }
    ESPALIER_TRY(const std::int64_t id, study.addMeasured(out.domains, out.source));
    out.source["run"] = id;
    return out;
}

} // namespace espalier::exchange
