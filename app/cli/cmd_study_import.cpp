// SPDX-License-Identifier: Apache-2.0
// study import: statistics that another program measured. Opens the model's headers only to make a new study.
#include "app/cli/command.h"
#include "app/cli/study_text.h"
#include "core/base/text.h"
#include "core/exchange/import.h"
#include "core/model/model_summary.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

struct Options {
    std::vector<std::string> files;
    std::string study, model, format = "auto", layers;
    exchange::ImportOptions import;
};

Result<study::Study> openStudy(const Options& options)
{
    if (options.model.empty()) {
        if (!std::filesystem::exists(options.study))
            return usageError(fmt::format("there is no study {} yet", options.study),
                              "Name the model with --model, and the study is made");
        return study::Study::open(options.study, study::OpenMode::ReadWrite);
    }
    ESPALIER_TRY(const auto model, model::openModel(options.model));
    // What cannot be read must not leave an empty study behind.
    if (!std::filesystem::exists(options.study)) {
        std::vector<std::filesystem::path> paths(options.files.begin(), options.files.end());
        ESPALIER_TRY(const auto readable, exchange::readStatistics(paths, options.import, model.summary));
    }
    return study::Study::openOrCreate(options.study, model.summary);
}

Result<void> run(Options options, Output& output)
{
    ESPALIER_TRY(options.import.form, exchange::parseStatisticsForm(options.format));
    for (const auto& part : splitList(options.layers)) {
        std::int32_t layer = 0;
        if (!base::parseIndex(part, layer))
            return usageError(fmt::format("'{}' is no layer", part), "Write --layers 0,7,15");
        options.import.layers.push_back(layer);
    }
    ESPALIER_TRY(auto study, openStudy(options));
    const std::vector<std::filesystem::path> paths(options.files.begin(), options.files.end());
    ESPALIER_TRY(const auto imported, exchange::importStatistics(study, paths, options.import));
    ESPALIER_CHECK(study.checkpointWal());
    base::OrderedJson tokens = base::OrderedJson::object(), domains = base::OrderedJson::array();
    std::string text = fmt::format("Imported into {} from {}\n", options.study, imported.form);
    for (const auto& domain : imported.domains) {
        tokens[domain.name] = tokensOf(domain);
        text += domainLine(domain);
        auto& entry = domains.emplace_back(base::OrderedJson{{"name", domain.name}, {"tokens", tokensOf(domain)}});
        describeAbilities(domain, entry, text);
    }
    for (const auto& note : imported.notes)
        output.say("Note: " + note);
    output.result({{"study", options.study}, {"tokens", tokens}, {"domains", domains}, {"source", imported.source}},
                  text);
    return {};
}

} // namespace

void addStudyImport(CLI::App& group, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(group, "import", "Statistics that another program measured, as a run of the study",
                                "espalier study import imatrix.gguf --study my.espalier --model MODEL --domain wiki");
    sub->add_option("FILE", options->files, "File; of ESFT traces the task's folder, or its files")->required();
    sub->add_option("--study", options->study, "Study to add to; made when absent, which needs --model")->required();
    sub->add_option("--model", options->model, "Model the statistics belong to (headers are read, no weights)");
    sub->add_option(
           "--format", options->format,
           "imatrix (llama.cpp, .gguf or .dat), esft (text traces), routed-experts (.npy, .npz), counts (.csv, "
           ".json) or auto")
        ->capture_default_str();
    sub->add_option("--domain", options->import.domain, "Name of the domain (default: the file's name)");
    sub->add_option("--select", options->import.select, "Key of the model in a JSON table, or array of an .npz file");
    sub->add_option("--layers", options->layers, "Decoder layers the source means, where it does not say: 0,7,15");
    program.onRun(sub, [options](Output& output) { return run(*options, output); });
}

} // namespace espalier::cli
