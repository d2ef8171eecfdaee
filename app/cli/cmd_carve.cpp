// SPDX-License-Identifier: Apache-2.0
// carve: a dense model's feed-forward layers into experts, or the experts of a model that has some into smaller ones.
#include "app/cli/command.h"
#include "app/cli/data_files.h"
#include "core/base/byte_size.h"
#include "core/bundle/carve_export.h"
#include "core/bundle/verify.h"

#include <fmt/format.h>

namespace espalier::cli {

namespace {

struct CarveOptions {
    std::string model, out, router = "linear", split = "contribution", format = "auto";
    std::vector<std::string> data;
    int shared = 0, active = 0, experts = 0;
    std::int64_t context = 2048, maxTokens = 4096;
    int markers = 10, neurons = 8, rank = 16;
    std::uint64_t seed = 1;
    EngineArguments engine;
};

std::string describe(const engine::Carving& carving)
{
    const auto& shape = carving.settings.shape;
    std::int64_t tokens = 0;
    for (const auto& [domain, count] : carving.tokens)
        tokens += count;
    const bool inside = !carving.layers.empty() && carving.layers.front().expert >= 0;
    std::string out = fmt::format("S{}A{}E{}: {} neurons per {}, {:.1f} % of {} per token; {} "
                                  "tokens of {} domain{}\n",
                                  shape.shared, shape.active, shape.experts, shape.expertWidth(),
                                  inside ? "block" : "expert", 100.0 * (shape.shared + shape.active) / shape.experts,
                                  inside ? "every expert" : "the feed-forward part", tokens, carving.tokens.size(),
                                  carving.tokens.size() == 1 ? "" : "s");
    out += "       energy kept %                      agreement with oracle %\n"
           "layer   router  oracle  static     lot   router     lot   s\n";
    for (const auto& layer : engine::byLayer(carving.layers))
        out +=
            fmt::format("{:>5}  {:>7.2f} {:>7.2f} {:>7.2f} {:>7.2f}  {:>7.1f} {:>7.1f} {:>5.1f}\n", layer.layer.value(),
                        100 * layer.chosen.energyKept, 100 * layer.oracle.energyKept, 100 * layer.staticKept,
                        100 * layer.lot.energyKept, 100 * layer.chosen.agreement, 100 * layer.lot.agreement,
                        layer.secondsStatistics + layer.secondsSplit + layer.secondsRouter);
    return out;
}

Result<engine::CarveRequest> requestOf(const CarveOptions& options)
{
    engine::CarveRequest request;
    ESPALIER_TRY(request.data, dataFiles(options.data));
    request.settings.shape = {0, options.shared, options.active, options.experts};
    ESPALIER_TRY(request.settings.router, engine::parseRouterKind(options.router));
    // The published recipe is one: its router stands for clusters of markers
    request.settings.clustering = options.split == "random" ? method::Clustering::Random
                                  : options.split == "markers" || options.router == "paper"
                                      ? method::Clustering::Markers
                                      : method::Clustering::Contribution;
    if (options.router == "paper" && options.split == "random")
        return usageError("the paper's router belongs to clusters of markers", "Leave --split out");
    request.settings.markers = options.markers;
    request.settings.neurons = options.neurons;
    request.settings.rank = options.rank;
    request.settings.seed = options.seed;
    request.context = options.context;
    request.maxTokens = TokenCount(options.maxTokens);
    ESPALIER_TRY(request.engine, options.engine.options());
    return request;
}

} // namespace

void addCarve(CLI::App& app, Program& program)
{
    auto options = std::make_shared<CarveOptions>();
    CLI::App* sub =
        program.add(app, "carve", "Cut a dense model's feed-forward layers into experts (CMoE), without training",
                    "espalier carve DENSE --shared 4 --active 4 --experts 16 --data prose=prose.txt --out carved");
    sub->add_option("DENSE", options->model, "Dense model: folder or GGUF file; or folder of a model with experts")
        ->required();
    sub->add_option("--shared", options->shared, "Experts that every token visits")
        ->required()
        ->check(within(0, 1 << 16));
    sub->add_option("--active", options->active,
                    "Routed experts per token; 0 keeps the shared ones alone (static pruning)")
        ->required()
        ->check(within(0, 1 << 16));
    sub->add_option("--experts", options->experts, "Experts of a layer, shared ones included; must divide its neurons")
        ->required()
        ->check(within(2, 1 << 16));
    sub->add_option("--data", options->data, "DOMAIN=FILE, .txt or .jsonl; repeatable")->required();
    sub->add_option("--out", options->out, "Folder to make; must not exist or be empty")->required();
    sub->add_option("--router", options->router, "linear, representative, energy, lowrank or paper")
        ->check(CLI::IsMember({"linear", "representative", "energy", "lowrank", "paper"}))
        ->capture_default_str();
    sub->add_option("--split", options->split, "What makes neurons an expert: contribution, markers (CMoE's) or random")
        ->check(CLI::IsMember({"contribution", "markers", "random"}))
        ->capture_default_str();
    sub->add_option("--format", options->format, "auto, stock (GLM-4.5 MoE) or carved (with a modelling file)")
        ->check(CLI::IsMember({"auto", "stock", "carved"}))
        ->capture_default_str();
    sub->add_option("--context", options->context, "Tokens per window")
        ->check(within(std::int64_t{2}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens per domain, 0 for all")
        ->check(within(std::int64_t{0}, std::int64_t{1} << 40))
        ->capture_default_str();
    sub->add_option("--markers", options->markers, "Neurons that a token marks (K_a)")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    sub->add_option("--neurons", options->neurons, "Neurons per expert of the energy router")
        ->check(within(1, 1 << 10))
        ->capture_default_str();
    sub->add_option("--rank", options->rank, "Rank of the lowrank router")
        ->check(within(1, 1 << 12))
        ->capture_default_str();
    sub->add_option("--seed", options->seed, "Of the random split")->capture_default_str();
    options->engine.addTo(sub, "float32");
    program.onRun(sub, [options, &program](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto request, requestOf(*options));
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        if (opened.spec.isMoe())
            ESPALIER_CHECK(bundle::checkExpertsCarvable(opened));
        ESPALIER_TRY(const auto carving, engine::runCarving(opened, request, output.job()));
        bundle::CarveExportRequest target;
        target.out = options->out;
        target.command = program.commandLine;
        if (options->format != "auto")
            target.format = options->format == "stock" ? bundle::CarveFormat::Stock : bundle::CarveFormat::Carved;
        bundle::VerifyReport verification;
        target.verify = [&](const std::filesystem::path& folder) -> Result<void> {
            ESPALIER_TRY(verification, bundle::verifyBundle(folder, output.job()));
            for (const auto& check : verification.checks)
                if (!check.ok)
                    return checkFailed(check.name + ": " + check.detail, options->out);
            return {};
        };
        ESPALIER_TRY(const auto report, bundle::exportCarved(opened, carving, target, output.job()));
        base::OrderedJson layers = base::OrderedJson::array();
        for (const auto& layer : engine::byLayer(carving.layers)) {
            layers.push_back(engine::toJson(layer));
            for (const auto& carved : carving.layers)
                if (carved.expert >= 0 && carved.layer == layer.layer)
                    layers.back()["experts"].push_back(engine::toJson(carved));
        }
        base::OrderedJson files = base::OrderedJson::array();
        for (const auto& file : report.files)
            files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
        const base::OrderedJson document{{"directory", report.directory.string()},
                                         {"format", bundle::carveFormatName(report.format)},
                                         {"shape",
                                          {{"shared", options->shared},
                                           {"active", options->active},
                                           {"experts", options->experts},
                                           {"expert_width", carving.settings.shape.expertWidth()}}},
                                         {"router", options->router},
                                         {"tokens", carving.tokens},
                                         {"layers", std::move(layers)},
                                         {"files", std::move(files)},
                                         {"bytes", report.bytes},
                                         {"seconds", carving.seconds},
                                         {"verification", verification.toJson()}};
        output.result(document,
                      describe(carving) + fmt::format("Wrote {} ({}, {}) in {:.1f} s\n", report.directory.string(),
                                                      bundle::carveFormatName(report.format),
                                                      base::formatByteSize(ByteSize(report.bytes)), carving.seconds));
        return {};
    });
}

} // namespace espalier::cli
