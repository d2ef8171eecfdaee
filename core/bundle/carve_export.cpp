// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_export.h"

#include "core/base/atomic_directory.h"
#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/bundle/bundle_papers.h"
#include "core/bundle/bundle_writer.h"
#include "core/bundle/carve_experts.h"
#include "core/bundle/carve_papers.h"
#include "core/bundle/merged_tensors.h"
#include "core/tokenizer/model_tokenizer.h"
#include "core/tokenizer/tokenizer_json.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::bundle {

namespace {

namespace fs = std::filesystem;

/// Files beside the weights that belong to the model whatever its layers are.
constexpr const char* kCompanions[] = {"tokenizer.json",
                                       "tokenizer_config.json",
                                       "tokenizer.model",
                                       "vocab.json",
                                       "merges.txt",
                                       "special_tokens_map.json",
                                       "added_tokens.json",
                                       "chat_template.jinja",
                                       "generation_config.json",
                                       "LICENSE",
                                       "LICENSE.txt"};

Result<void> checkSpace(const CarveExportRequest& request, std::uint64_t bytes)
{
    std::error_code error;
    ESPALIER_TRY(const ByteSize space, base::freeDiskSpace(fs::absolute(request.out, error)));
    const std::uint64_t need = bytes + (std::uint64_t{16} << 20U); // headers, recipe, tokenizer
    if (space.value() < need)
        return noResources(
            fmt::format("needs {}, {} are free", base::formatByteSize(ByteSize(need)), base::formatByteSize(space)),
            "Free space or choose a place on another disk");
    return {};
}

} // namespace

Result<void> checkExpertsCarvable(const model::OpenModel& model)
{
    const std::string path = model.checkpoint.path().string();
    if (model.checkpoint.gguf() != nullptr)
        return badInput("experts in GGUF files are not carved", path, {}, "Carve the model's Hugging Face folder");
    if (model.checkpoint.config().contains("auto_map"))
        return badInput("the model comes with modelling code of its own, which knows no routers inside experts", path,
                        "key auto_map", "Carve models that transformers knows");
    return checkExpertsPlain(model, "carved");
}

std::optional<std::string> whyNotStock(const model::OpenModel& model, const engine::Carving& carving)
{
    const model::ModelSpec& spec = model.spec;
    if (carving.settings.router != engine::RouterKind::Linear)
        return fmt::format("its router ({}) is not linear", engine::routerKindName(carving.settings.router));
    if (carving.settings.shape.shared == 0)
        return "it has no shared expert";
    if (spec.attention.outputBias)
        return "attention's output has a bias";
    if (std::any_of(spec.layers.begin(), spec.layers.end(), [](const auto& layer) { return layer.window > 0; }))
        return "layers see a window of tokens";
    if (spec.attention.qkNorm == model::QkNorm::Projection || spec.norm != model::NormKind::RmsNorm ||
        spec.embeddingScale != 1 || spec.residualScale != 1 || spec.logitsScale != 1 || !spec.lmHeadBias.empty())
        return "its norms or scales differ";
    return {};
}

Result<CarveExportReport> exportCarved(const model::OpenModel& model, const engine::Carving& carving,
                                       const CarveExportRequest& request, const base::JobContext& job)
{
    CarveExportReport report;
    report.directory = request.out;
    const auto reason = whyNotStock(model, carving);
    if (model.spec.isMoe()) {
        ESPALIER_CHECK(checkExpertsCarvable(model));
        if (request.format == CarveFormat::Stock)
            return usageError("no stock architecture has routers inside its experts", "Leave --format out");
        report.format = CarveFormat::SubExperts;
    } else if (carving.settings.shape.active == 0) {
        report.format = CarveFormat::Dense;
    } else {
        report.format = request.format.value_or(reason ? CarveFormat::Carved : CarveFormat::Stock);
    }
    if (report.format == CarveFormat::Stock && reason)
        return usageError("the model cannot be stored as a stock architecture: " + *reason,
                          "Leave --format out, or use --router linear with at least one shared expert");
    ESPALIER_TRY(const auto tensors, report.format == CarveFormat::SubExperts
                                         ? carvedExpertTensors(model, carving)
                                         : carvedTensors(model, carving, report.format));
    for (const auto& tensor : tensors)
        report.bytes += tensor.out.bytes;
    ESPALIER_CHECK(checkSpace(request, report.bytes));
    ESPALIER_TRY(auto folder, base::AtomicDirectory::create(request.out));
    ESPALIER_TRY(report.files, writeMadeTensors(tensors, folder.path(), request.shardBytes, job));
    const auto text = [&](const std::string& name, const std::string& content) -> Result<void> {
        ESPALIER_TRY(auto file, writeText(folder.path(), name, content));
        report.files.push_back(std::move(file));
        return {};
    };
    base::OrderedJson config;
    if (report.format == CarveFormat::SubExperts) {
        ESPALIER_TRY(config, carvedExpertConfiguration(model, carving.settings.shape));
    } else {
        config = carvedConfiguration(model, carving, report.format);
    }
    ESPALIER_CHECK(text("config.json", config.dump(2) + "\n"));
    if (report.format == CarveFormat::Carved)
        ESPALIER_CHECK(text("modeling_espalier_carved.py", std::string(carvedModelingFile())));
    if (report.format == CarveFormat::SubExperts)
        ESPALIER_CHECK(text("modeling_espalier_sub_experts.py", std::string(subExpertModelingFile())));
    ESPALIER_CHECK(text("recipe.json", carveRecipe(model, carving, report.format, request.command).dump(1) + "\n"));
    ESPALIER_CHECK(text("README.md", carveCard(model, carving, report.format)));
    std::error_code error;
    if (const auto* metadata = model.checkpoint.gguf()) {
        ESPALIER_TRY(const auto source, tokenizer::ggufTokenizerSource(*metadata, model.checkpoint.path().string()));
        if (const auto json = tokenizer::toTokenizerJson(source))
            ESPALIER_CHECK(text("tokenizer.json", json->dump() + "\n"));
        else
            job.say(json.error().text());
    } else
        for (const char* name : kCompanions)
            if (const fs::path path = model.checkpoint.folder() / name;
                fs::is_regular_file(path, error) && checkpoint::checkStaysInside(model.checkpoint.folder(), name)) {
                ESPALIER_TRY(auto file, copyFile(path, folder.path(), name));
                report.files.push_back(std::move(file));
            }
    ESPALIER_CHECK(text("SHA256SUMS", checksums(report.files)));
    if (request.verify)
        ESPALIER_CHECK(request.verify(folder.path()));
    if (job.stopRequested())
        return cancelledError();
    ESPALIER_CHECK(folder.commit());
    return report;
}

} // namespace espalier::bundle
