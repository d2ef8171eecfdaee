// SPDX-License-Identifier: Apache-2.0
// export and verify.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/byte_size.h"
#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "core/study/study.h"

#include <fmt/format.h>

namespace espalier::cli {

base::OrderedJson calibrationData(const study::Study& study)
{
    base::OrderedJson data = base::OrderedJson::object();
    if (const auto statistics = study.loadStatistics(study::Pools::Leave))
        for (const auto& domain : statistics->domains)
            data[domain.name] = {{"tokens", domain.tokens}, {"sha256", domain.dataSha256}};
    return data;
}

std::string describeVerification(const bundle::VerifyReport& report)
{
    std::string text;
    for (const auto& check : report.checks)
        text += fmt::format("{:<7}{}: {}\n", check.ok ? "ok" : "FAILED", check.name, check.detail);
    if (report.maxAbsLogitDifference)
        text += fmt::format("Logits differ by at most {:.3g}\n", *report.maxAbsLogitDifference);
    text += report.ok() ? "Verified\n" : "NOT verified\n";
    return text;
}

void addExport(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, plan, out, study, format;
        std::string mtp = "keep";
        bool noLogits = false;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "export", "Write the cut model as a folder that stock engines load, and verify it",
                                "espalier export MODEL --plan half.json --out model-half");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--plan", options->plan, "Plan file, or a name in --study")->required();
    sub->add_option("--out", options->out, "Folder to make; must not exist or be empty")->required();
    sub->add_option("--study", options->study, "Study: plan, calibration and validation for the model card");
    sub->add_option("--format", options->format, "safetensors or gguf; only the input's own format")
        ->check(CLI::IsMember({"safetensors", "gguf"}));
    sub->add_option("--mtp", options->mtp, "Blocks that predict further tokens: keep (their experts cut along) or drop")
        ->check(CLI::IsMember({"keep", "drop"}))
        ->capture_default_str();
    sub->add_flag("--no-logits", options->noLogits, "Verify structure and checksums only, without running the model");
    options->engine.addTo(sub, "float32");
    program.onRun(sub, [options, &program](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto engineOptions, options->engine.options());
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        const bool gguf = opened.checkpoint.gguf() != nullptr;
        if (options->format == "gguf" && !gguf)
            return usageError("a GGUF file is written only from a GGUF file",
                              "Export to safetensors, then run llama.cpp's convert_hf_to_gguf.py on the folder");
        if (options->format == "safetensors" && gguf)
            return usageError("a GGUF file is cut as a GGUF file", "Leave --format out, or cut the model's Hugging "
                                                                   "Face folder");
        bundle::ExportRequest request;
        ESPALIER_TRY(request.plan, findPlan(options->plan, options->study, opened.summary));
        request.out = options->out;
        request.dropMtp = options->mtp == "drop";
        request.command = program.commandLine;
        if (!options->study.empty()) {
            ESPALIER_TRY(const auto study, study::Study::open(options->study, study::OpenMode::ReadOnly));
            request.data = calibrationData(study);
            ESPALIER_TRY(const auto validations, study.validations());
            if (!validations.empty())
                request.validation = validations.back().document;
        }
        bundle::VerifyReport verification;
        request.verify = [&](const std::filesystem::path& folder) -> Result<void> {
            auto report = options->noLogits ? bundle::verifyBundle(folder, output.job())
                                            : bundle::verifyBundleAgainst(folder, opened, engineOptions, output.job());
            if (!report)
                return report.error();
            verification = std::move(report).value();
            if (verification.ok())
                return {};
            for (const auto& check : verification.checks)
                if (!check.ok)
                    return checkFailed(check.name + ": " + check.detail, options->out);
            return checkFailed("verification failed", options->out);
        };
        ESPALIER_TRY(const auto report, bundle::exportBundle(opened, request, output.job()));
        auto document = report.toJson();
        document["verification"] = verification.toJson();
        std::string text = fmt::format("Wrote {} ({} tensor bytes, predicted {}) in {:.1f} s\n",
                                       report.directory.string(), report.bytes, report.predictedBytes, report.seconds);
        for (const auto& file : report.files)
            text += fmt::format("  {:<36}{:>14}\n", file.name, base::formatByteSize(ByteSize(file.bytes)));
        output.result(document, text + describeVerification(verification)); // the bundle is there, whatever follows
        if (!options->study.empty()) {
            document["command"] = program.commandLine;
            ESPALIER_TRY(auto study, study::Study::open(options->study, study::OpenMode::ReadWrite));
            ESPALIER_TRY([[maybe_unused]] const auto id, study.addExport(document));
        }
        return {};
    });
}

void addVerify(CLI::App& app, Program& program)
{
    struct Options {
        std::string folder, against;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "verify", "Check a bundle from disk; exit code 1 when something is wrong",
                                "espalier verify model-half --against MODEL");
    sub->add_option("DIR", options->folder, "Bundle")->required();
    sub->add_option("--against", options->against, "Source model: compare bytes, and logits with the masked base");
    options->engine.addTo(sub, "float32");
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto engineOptions, options->engine.options());
        bundle::VerifyReport report;
        if (options->against.empty()) {
            ESPALIER_TRY(report, bundle::verifyBundle(options->folder, output.job()));
        } else {
            ESPALIER_TRY(const auto against, model::openModel(options->against));
            ESPALIER_TRY(report, bundle::verifyBundleAgainst(options->folder, against, engineOptions, output.job()));
        }
        output.result(report.toJson(), describeVerification(report));
        if (!report.ok())
            return checkFailed("the bundle did not pass every check", options->folder);
        return {};
    });
}

} // namespace espalier::cli
