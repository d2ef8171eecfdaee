// SPDX-License-Identifier: Apache-2.0
#include "app/cli/demo_dense.h"

#include "core/base/file.h"
#include "core/base/resource_folder.h"
#include "core/bundle/carve_export.h"
#include "core/bundle/verify.h"
#include "core/engine/carve_job.h"
#include "core/engine/validate_job.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kContext = 256; // the bundled model was trained on windows of at most 256 tokens
constexpr int kExperts = 16;
struct Share {
    int percent, shared, active;
};
constexpr std::array<Share, 3> kShares{{{75, 4, 8}, {50, 4, 4}, {25, 2, 2}}};
struct Recipe {
    const char* name;
    bool isStatic;
    engine::RouterKind router;
    method::Clustering clustering;
};
constexpr std::array<Recipe, 4> kRecipes{
    {{"static pruning", true, engine::RouterKind::Linear, method::Clustering::Contribution},
     {"CMoE as published", false, engine::RouterKind::Paper, method::Clustering::Markers},
     {"random split, linear router", false, engine::RouterKind::Linear, method::Clustering::Random},
     {"linear router", false, engine::RouterKind::Linear, method::Clustering::Contribution}}};

Result<void> prepareFolder(const DenseDemoOptions& options)
{
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error)
        return badInput("the folder cannot be made: " + error.message(), options.out.string());
    if (options.overwrite)
        for (const auto& entry : fs::directory_iterator(options.out, error)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("carved-") || name == "carving.md")
                fs::remove_all(entry.path(), error);
        }
    for (const auto& entry : fs::directory_iterator(options.out, error))
        return badInput(fmt::format("the folder is not empty, it holds '{}'", entry.path().filename().string()),
                        options.out.string(), {},
                        "Choose another --out, or add --overwrite to replace an earlier demo");
    return {};
}

Result<void> measure(const fs::path& folder, const fs::path& demo, const DenseDemoOptions& options, Output& output,
                     DenseDemoRow& row)
{
    ESPALIER_TRY(const auto model, model::openModel(folder));
    engine::ValidateRequest request;
    for (const auto& entry : fs::directory_iterator(demo / "tasks")) {
        const std::string name = entry.path().stem().string();
        const bool text = name.starts_with("prose-") || name == "python-stdlib";
        if (name != "heldout-spanish")
            (text ? request.texts : request.tasks).push_back({name, entry.path()});
    }
    plan::Plan whole = plan::Plan::keepAll(model.summary);
    whole.name = "whole";
    request.plans.push_back(std::move(whole));
    request.context = kContext;
    request.maxTokens = TokenCount(options.quick ? 2000 : 0);
    request.maxItems = options.quick ? 50 : 0;
    request.engine = options.engine;
    ESPALIER_TRY(const auto report, engine::runValidation(model, request, output.job()));
    double right = 0, logs = 0;
    for (const auto& [name, accuracy] : report.baseAccuracy)
        right += accuracy;
    for (const auto& [name, perplexity] : report.basePerplexity)
        logs += std::log(perplexity);
    row.exactMatch = 100 * right / static_cast<double>(report.baseAccuracy.size());
    row.perplexity = std::exp(logs / static_cast<double>(report.basePerplexity.size()));
    return {};
}

Result<DenseDemoRow> carveOne(const model::OpenModel& dense, const fs::path& demo, const Share& share,
                              const Recipe& recipe, const DenseDemoOptions& options, Output& output)
{
    DenseDemoRow row;
    row.share = share.percent;
    row.name = recipe.name;
    engine::CarveRequest request;
    for (const auto& entry : fs::directory_iterator(demo / "calibration"))
        request.data.push_back({entry.path().stem().string(), entry.path()});
    std::sort(request.data.begin(), request.data.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    request.context = kContext;
    request.maxTokens = TokenCount(options.quick ? 1000 : 3000);
    request.engine = options.engine;
    request.settings.router = recipe.router;
    request.settings.clustering = recipe.clustering;
    request.settings.shape = {0, share.shared, share.active, kExperts};
    if (recipe.isStatic)
        request.settings.shape = {0, share.shared + share.active, 0, kExperts};
    ESPALIER_TRY(const auto carving, engine::runCarving(dense, request, output.job()));
    for (const auto& layer : carving.layers) {
        const double part = 100.0 / static_cast<double>(carving.layers.size());
        row.agreement += recipe.isStatic ? 0 : part * layer.chosen.agreement;
        row.energyKept += part * layer.chosen.energyKept;
        row.seconds += part / 100 * (layer.secondsStatistics + layer.secondsSplit + layer.secondsRouter);
    }
    std::string name = row.name;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ' ' || c == ','; }, '-');
    row.folder = options.out / fmt::format("carved-{}-{}", share.percent, name);
    bundle::CarveExportRequest target;
    target.out = row.folder;
    target.command = fmt::format("espalier demo --dense --out {}", options.out.string());
    target.verify = [&](const fs::path& folder) -> Result<void> {
        ESPALIER_TRY(const auto report, bundle::verifyBundleAgainst(folder, dense, options.engine, output.job()));
        for (const auto& check : report.checks)
            if (!check.ok)
                return checkFailed(check.name + ": " + check.detail, row.folder.string());
        return {};
    };
    ESPALIER_TRY([[maybe_unused]] const auto written, bundle::exportCarved(dense, carving, target, output.job()));
    ESPALIER_CHECK(measure(row.folder, demo, options, output, row));
    return row;
}

std::string table(const std::vector<DenseDemoRow>& rows)
{
    std::string out = "| active % | carved by | tasks, exact match % | perplexity | agreement with oracle % | energy "
                      "kept % | s per layer |\n| ---: | --- | ---: | ---: | ---: | ---: | ---: |\n";
    for (const auto& row : rows)
        out +=
            fmt::format("| {} | {} | {:.1f} | {:.1f} | {} | {:.2f} | {:.2f} |\n", row.share, row.name, row.exactMatch,
                        row.perplexity, row.agreement > 0 ? fmt::format("{:.1f}", row.agreement) : std::string(),
                        row.energyKept, row.seconds);
    return out;
}

} // namespace

base::OrderedJson DenseDemoOutcome::toJson() const
{
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& row : rows)
        list.push_back({{"active_percent", row.share},
                        {"name", row.name},
                        {"exact_match", row.exactMatch},
                        {"perplexity", row.perplexity},
                        {"agreement", row.agreement},
                        {"energy_kept", row.energyKept},
                        {"seconds_per_layer", row.seconds},
                        {"folder", row.folder.string()}});
    return {{"out", out.string()}, {"report", report.string()}, {"rows", std::move(list)}, {"seconds", seconds}};
}

std::string DenseDemoOutcome::text() const
{
    return table(rows) + fmt::format("\n{} carved models, each verified against the dense one, and the table in {}; "
                                     "{:.0f} s\n",
                                     rows.size() - 1, report.string(), seconds);
}

Result<DenseDemoOutcome> walkDenseDemo(const DenseDemoOptions& options, Output& output)
{
    const auto begin = std::chrono::steady_clock::now();
    ESPALIER_TRY(const fs::path folder, base::resourceFolder("demo-dense"));
    ESPALIER_TRY(const fs::path demo, base::resourceFolder("demo"));
    ESPALIER_CHECK(prepareFolder(options));
    ESPALIER_TRY(const auto dense, model::openModel(folder / "model"));
    DenseDemoOutcome outcome;
    outcome.out = options.out;
    outcome.report = options.out / "carving.md";
    output.say("The dense model on eight tasks and four texts");
    DenseDemoRow whole;
    whole.share = 100;
    whole.energyKept = 100;
    whole.name = "the dense model";
    whole.folder = folder / "model";
    ESPALIER_CHECK(measure(whole.folder, demo, options, output, whole));
    outcome.rows.push_back(std::move(whole));
    for (const Share& share : kShares)
        for (const Recipe& recipe : kRecipes) {
            output.say(fmt::format("{} % of the feed-forward part per token: {}", share.percent, recipe.name));
            ESPALIER_TRY(auto row, carveOne(dense, demo, share, recipe, options, output));
            outcome.rows.push_back(std::move(row));
        }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const std::string report =
        "# Carving the bundled dense model\n\nFeed-forward layers of 768 neurons in 16 experts of 48. Energy and "
        "agreement are means over the layers, on tokens that routers were not fitted on; the oracle knows what each "
        "expert would give.\n\n" +
        table(outcome.rows);
    ESPALIER_CHECK(base::writeFileAtomically(outcome.report, report));
    return outcome;
}

} // namespace espalier::cli
