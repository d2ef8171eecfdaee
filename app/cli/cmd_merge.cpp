// SPDX-License-Identifier: Apache-2.0
// merge: groups of experts become one, or each a sum as a plan mixes them, in a smaller checkpoint of the same
// architecture.
#include "app/cli/command.h"
#include "app/cli/data_files.h"
#include "app/cli/plan_source.h"
#include "app/cli/sequence_merge.h"
#include "core/base/byte_size.h"
#include "core/bundle/export.h"
#include "core/bundle/merged_tensors.h"
#include "core/bundle/verify.h"
#include "core/engine/merge_job.h"
#include "core/engine/mixture_job.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

struct MergeOptions {
    std::string model, method, plan, study, out, router = "method", mtp = "keep";
    std::vector<std::string> data;
    std::int32_t keep = 0, topK = 0;
    std::int64_t context = 2048, maxTokens = 8192, sample = 256, group = 0;
    bool noAlign = false;
    EngineArguments engine;
};

/// Either a method that groups experts, or a plan that mixes them.
Result<void> checkOptions(const MergeOptions& options)
{
    if (options.plan.empty()) {
        if (options.method.empty() || options.keep == 0 || options.data.empty())
            return usageError("a merging method needs --method, --keep and --data",
                              "Give all three, or --plan with a plan that mixes experts");
        return {};
    }
    if (!options.method.empty() || options.keep > 0 || options.topK > 0 || options.noAlign ||
        options.router != "method")
        return usageError("--plan says itself what is mixed",
                          "Leave out --method, --keep, --top-k, --router and --no-align");
    return {};
}

/// Options that MEO has no use for are refused: it merges for one input, and no smaller model comes of it.
Result<engine::SequenceMergeRequest> sequenceRequestOf(const MergeOptions& options)
{
    if (options.data.empty())
        return usageError("meo merges for texts, and there is none", "Give at least one --data DOMAIN=FILE");
    if (!options.out.empty())
        return usageError("an expert merged for one text is of no use to the next, so there is nothing to write",
                          "Without --out you see how far such experts are from the layers");
    if (options.keep > 0 || options.topK > 0 || options.noAlign || options.router != "method")
        return usageError("meo has one expert for each group of tokens, and no groups of experts",
                          "It takes --data, --group, --context and --max-tokens");
    engine::SequenceMergeRequest request;
    ESPALIER_TRY(request.data, dataFiles(options.data));
    request.groupTokens = options.group;
    request.context = options.context;
    request.maxTokens = TokenCount(options.maxTokens);
    ESPALIER_TRY(request.engine, options.engine.options());
    return request;
}

Result<engine::MergeRequest> requestOf(const MergeOptions& options)
{
    if (options.group > 0)
        return usageError("--group is of --method meo alone");
    engine::MergeRequest request;
    ESPALIER_CHECK(checkOptions(options));
    ESPALIER_TRY(request.data, dataFiles(options.data));
    if (!options.plan.empty()) {
        request.method.clear();
    } else if (options.method != engine::kConstants) {
        ESPALIER_TRY([[maybe_unused]] const auto* method, method::findMergeMethod(options.method));
    } else if (!options.out.empty()) {
        return usageError("no architecture of stock engines has constants for experts",
                          "Without --out you see which experts MoNE would replace and what that changes");
    }
    request.method = options.method;
    request.keep = options.keep;
    request.topK = options.topK;
    request.rows = options.router == "mean"     ? engine::RouterRows::Mean
                   : options.router == "kept"   ? engine::RouterRows::Kept
                   : options.router == "fitted" ? engine::RouterRows::Fitted
                                                : engine::RouterRows::Method;
    request.align = !options.noAlign;
    request.context = options.context;
    request.maxTokens = TokenCount(options.maxTokens);
    request.bankTokens = options.sample;
    ESPALIER_TRY(request.engine, options.engine.options());
    return request;
}

struct LayerFigures {
    std::size_t single = 0, largest = 0;
};
LayerFigures figuresOf(const method::LayerMerge& layer)
{
    LayerFigures figures;
    for (const auto& group : layer.groups) {
        figures.single += group.members.size() == 1 ? 1 : 0;
        figures.largest = std::max(figures.largest, group.members.size());
    }
    return figures;
}

std::string list(const std::vector<std::int32_t>& ids)
{
    std::string text;
    for (const auto id : ids)
        text += fmt::format("{}{}", text.empty() ? "" : " ", id);
    return text;
}

std::string describeConstants(const model::OpenModel& model, const engine::Merging& merging, std::int32_t keep)
{
    std::string out = fmt::format("mone: {} of {} experts per layer stay, the others give a constant\n"
                                  "layer   change of the routed output %   replaced\n",
                                  keep, model.spec.experts);
    for (const auto& layer : merging.constants)
        out += fmt::format("{:>5}   {:>29.2f}   {}\n", layer.layer.value(), 100 * layer.error, list(layer.replaced));
    return out;
}

std::string describeMixture(const model::OpenModel& model, const engine::Merging& merging, std::int32_t keep)
{
    std::string out = fmt::format("{}: {} sums of {} experts per layer\n"
                                  "layer   router mapping   same choice %   moved gate %   logit error\n",
                                  merging.map.method, keep, model.spec.experts);
    for (const auto& layer : merging.map.layers) {
        out += fmt::format("{:>5}   {:<14}", layer.layer.value(), layer.fit ? "fitted" : "exact");
        if (layer.fit)
            out += fmt::format("   {:>13.1f}   {:>12.2f}   {:>11.3f}", 100 * layer.fit->sameChoice,
                               100 * layer.fit->movedGate, layer.fit->logitError);
        out += "\n";
    }
    return out;
}

std::string describe(const model::OpenModel& model, const engine::Merging& merging, std::int32_t keep)
{
    if (!merging.constants.empty())
        return describeConstants(model, merging, keep);
    std::string out = fmt::format("{}: {} of {} experts per layer\n", merging.map.method, keep, model.spec.experts);
    out += "layer   predicted change %   left alone   largest group\n";
    for (const auto& layer : merging.map.layers) {
        const auto figures = figuresOf(layer);
        out += fmt::format("{:>5}   {:>18.2f}   {:>10}   {:>13}\n", layer.layer.value(), 100 * layer.predictedError,
                           figures.single, figures.largest);
    }
    return out;
}

base::OrderedJson layersJson(const engine::Merging& merging)
{
    if (!merging.map.layers.empty() && merging.map.layers.front().sums)
        return method::toJson(merging.map)["layers"];
    base::OrderedJson layers = base::OrderedJson::array();
    for (const auto& layer : merging.map.layers) {
        base::OrderedJson groups = base::OrderedJson::array();
        for (const auto& group : layer.groups)
            groups.push_back(
                {{"kept", group.kept}, {"members", group.members}, {"weights", group.weights}, {"rows", group.rows}});
        layers.push_back(
            {{"layer", layer.layer.value()}, {"predicted_error", layer.predictedError}, {"groups", std::move(groups)}});
    }
    for (const auto& layer : merging.constants)
        layers.push_back({{"layer", layer.layer.value()},
                          {"predicted_error", layer.error},
                          {"replaced", layer.replaced},
                          {"score", layer.score}});
    return layers;
}

/// The plan of a grouping: its experts are those that stand for groups.
plan::Plan planOf(const model::OpenModel& model, const engine::Merging& merging, const MergeOptions& options)
{
    plan::Plan plan = bundle::mergedPlan(model, merging.map);
    for (auto& layer : plan.layers)
        layer.topK = options.topK;
    for (const auto& [domain, tokens] : merging.tokens)
        plan.domains.push_back(domain);
    return plan;
}

Result<bundle::ExportReport> write(const model::OpenModel& model, const engine::Merging& merging, plan::Plan plan,
                                   const MergeOptions& options, const engine::EngineOptions& engine,
                                   const std::string& command, bundle::VerifyReport& verification,
                                   const base::JobContext& job)
{
    bundle::ExportRequest request;
    request.plan = std::move(plan);
    request.merge = &merging.map;
    request.out = options.out;
    request.dropMtp = options.mtp == "drop";
    request.command = command;
    request.data = merging.data;
    request.verify = [&](const std::filesystem::path& folder) -> Result<void> {
        ESPALIER_TRY(verification, bundle::verifyBundleAgainst(folder, model, engine, job));
        for (const auto& check : verification.checks)
            if (!check.ok)
                return checkFailed(check.name + ": " + check.detail, options.out);
        return {};
    };
    return bundle::exportBundle(model, request, job);
}

Result<void> preview(const MergeOptions& options, Output& output)
{
    ESPALIER_TRY(const auto request, sequenceRequestOf(options));
    ESPALIER_TRY(const auto opened, model::openModel(options.model));
    return showSequenceMerging(opened, request, output);
}

Result<void> run(const MergeOptions& options, const std::string& command, Output& output)
{
    ESPALIER_TRY(const auto request, requestOf(options));
    ESPALIER_TRY(const auto opened, model::openModel(options.model));
    ESPALIER_CHECK(bundle::checkMergeable(opened));
    ESPALIER_TRY(const auto mixed, optionalPlan(options.plan, options.study, opened.summary));
    ESPALIER_TRY(const auto merging, mixed ? engine::runMixture(opened, *mixed, request, output.job())
                                           : engine::runMerging(opened, request, output.job()));
    const auto keep = mixed ? static_cast<std::int32_t>(mixed->layers.front().keep.size()) : options.keep;
    base::OrderedJson document{{"method", mixed ? merging.map.method : options.method},
                               {"keep", keep},
                               {"tokens", merging.tokens},
                               {"layers", layersJson(merging)},
                               {"seconds", merging.seconds},
                               {"bytes_before", opened.summary.bytes.total()}};
    std::string text = mixed ? describeMixture(opened, merging, keep) : describe(opened, merging, keep);
    if (!options.out.empty()) {
        bundle::VerifyReport verification;
        ESPALIER_TRY(const auto report, write(opened, merging, mixed ? *mixed : planOf(opened, merging, options),
                                              options, request.engine, command, verification, output.job()));
        document.update(report.toJson());
        document["seconds"] = merging.seconds + report.seconds;
        document["verification"] = verification.toJson();
        text +=
            fmt::format("Wrote {} ({} of {}) in {:.1f} s\n", report.directory.string(),
                        base::formatByteSize(ByteSize(report.bytes)),
                        base::formatByteSize(ByteSize(opened.summary.bytes.total())), merging.seconds + report.seconds);
        if (mixed && verification.maxAbsLogitDifference)
            text += fmt::format("Logits differ from those of the plan by at most {:.3g}\n",
                                *verification.maxAbsLogitDifference);
    }
    output.result(document, text);
    return {};
}

} // namespace

void addMerge(CLI::App& app, Program& program)
{
    auto options = std::make_shared<MergeOptions>();
    CLI::App* sub = program.add(app, "merge", "Merge groups of experts into one each, in a smaller checkpoint",
                                "espalier merge MODEL --method hc-smoe --keep 24 --data code=code.txt --out merged");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--method", options->method, "Merging method, see `espalier methods`");
    sub->add_option("--keep", options->keep, "Experts of a layer afterwards; every method but meo needs it")
        ->check(within(1, 1 << 16));
    sub->add_option("--plan", options->plan,
                    "Instead of a method: plan that mixes experts (EEP), a file or a name in --study; --data is needed "
                    "where its router mapping has to be fitted");
    sub->add_option("--study", options->study, "Study that holds the plan");
    sub->add_option("--data", options->data, "DOMAIN=FILE, .txt or .jsonl; repeatable");
    sub->add_option("--out", options->out,
                    "Folder to make; must not exist or be empty. Without it groups and predictions are shown only");
    sub->add_option("--router", options->router,
                    "Router row of a merged expert: method, mean (by use), kept (of the one that stands for it) or "
                    "fitted (chosen as often as its members were)")
        ->check(CLI::IsMember({"method", "mean", "kept", "fitted"}))
        ->capture_default_str();
    sub->add_option("--top-k", options->topK, "Experts per token afterwards (default: the model's)")
        ->check(within(1, 1 << 16));
    sub->add_flag("--no-align", options->noAlign, "Average neurons as they stand, without matching them");
    sub->add_option("--context", options->context, "Tokens per window")
        ->check(within(std::int64_t{2}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens per domain, 0 for all")
        ->check(within(std::int64_t{0}, std::int64_t{1} << 40))
        ->capture_default_str();
    sub->add_option("--sample", options->sample, "Tokens that go through all experts of a layer")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 20))
        ->capture_default_str();
    sub->add_option("--group", options->group,
                    "Neighbouring tokens that share a merged expert, by meo (default: all of a window)")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 30));
    sub->add_option("--mtp", options->mtp,
                    "Blocks that predict further tokens: keep (cut to the experts that stand for groups) or drop")
        ->check(CLI::IsMember({"keep", "drop"}))
        ->capture_default_str();
    options->engine.addTo(sub, "float32");
    program.onRun(sub, [options, &program](Output& output) {
        return options->method == engine::kSequenceMerge && options->plan.empty()
                   ? preview(*options, output)
                   : run(*options, program.commandLine, output);
    });
}

} // namespace espalier::cli
