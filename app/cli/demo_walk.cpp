// SPDX-License-Identifier: Apache-2.0
#include "app/cli/demo_walk.h"

#include "core/base/resource_folder.h"
#include "core/plan/planner.h"
#include "core/study/study.h"

#include <array>
#include <chrono>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kContext = 256; // the bundled model was trained on windows of at most 256 tokens
constexpr std::array kCutDomains = {"arithmetic", "json", "number-german", "prose-french"};
constexpr std::array kMethods = {"frequency", "reap", "reap-sum", "peu"};
constexpr std::array kCounts = {16, 8};
constexpr std::array kExactMatch = {"arithmetic", "code-c",        "code-python",   "json",
                                    "logic",      "number-french", "number-german", "sort"};
constexpr std::array kTexts = {"heldout-spanish", "prose-english", "prose-french", "prose-german", "python-stdlib"};
constexpr std::array kOwnFiles = {"demo.espalier", "demo.espalier-wal", "demo.espalier-shm", "demo.espalier.lock",
                                  "bundle",        "report.html",       "heatmap.svg"};
constexpr const char* kExportedPlan = "json-16-reap-sum";

/// The folder is made, or emptied of what an earlier demo left when that is wanted; anything else in it is refused.
Result<void> prepareFolder(const DemoOptions& options)
{
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error)
        return badInput("the folder cannot be made: " + error.message(), options.out.string());
    if (options.overwrite)
        for (const char* name : kOwnFiles)
            fs::remove_all(options.out / name, error);
    for (const auto& entry : fs::directory_iterator(options.out, error))
        return badInput(fmt::format("the folder is not empty, it holds '{}'", entry.path().filename().string()),
                        options.out.string(), {},
                        "Choose another --out, or add --overwrite to replace an earlier demo");
    return {};
}

Result<engine::ProfileReport> profileAll(const model::OpenModel& model, const fs::path& demo,
                                         const DemoOutcome& outcome, const DemoOptions& options, Output& output)
{
    engine::ProfileRequest request;
    for (const auto& entry : fs::directory_iterator(demo / "calibration"))
        request.data.push_back({entry.path().stem().string(), entry.path()});
    std::sort(request.data.begin(), request.data.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    request.context = kContext;
    request.maxTokens = TokenCount(options.quick ? 4000 : 0);
    request.engine = options.engine;
    return engine::runProfile(model, outcome.study, request, output.job());
}

/// Plans of 16 and 8 experts for each domain by each method, and three random ones of either size.
Result<std::vector<plan::Plan>> makePlans(study::Study& study, plan::Planner& planner)
{
    std::vector<plan::PlanRequest> requests;
    for (const int keep : kCounts) {
        for (const char* domain : kCutDomains)
            for (const char* method : kMethods) {
                plan::PlanRequest request;
                request.name = fmt::format("{}-{}-{}", domain, keep, method);
                request.score.method = method;
                request.score.domains.push_back({domain, 1.0});
                request.target.keepPerLayer = keep;
                requests.push_back(std::move(request));
            }
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            plan::PlanRequest request;
            request.name = fmt::format("random-{}-{}", keep, seed);
            request.score.method = "random";
            request.score.seed = seed;
            request.target.keepPerLayer = keep;
            requests.push_back(std::move(request));
        }
    }
    std::vector<plan::Plan> plans;
    for (const auto& request : requests) {
        ESPALIER_TRY(auto plan, planner.make(request));
        ESPALIER_CHECK(study.savePlan(plan.name, plan.toJson()));
        plans.push_back(std::move(plan));
    }
    return plans;
}

Result<engine::ValidateReport> compareAll(const model::OpenModel& model, const fs::path& demo,
                                          std::vector<plan::Plan> plans, const DemoOptions& options, Output& output)
{
    engine::ValidateRequest request;
    request.plans = std::move(plans);
    for (const char* name : kTexts)
        request.texts.push_back({name, demo / "tasks" / (std::string(name) + ".jsonl")});
    for (const char* name : kExactMatch)
        request.tasks.push_back({name, demo / "tasks" / (std::string(name) + ".jsonl")});
    request.context = kContext;
    request.maxTokens = TokenCount(options.quick ? 2000 : 0);
    request.maxItems = options.quick ? 50 : 0;
    request.engine = options.engine;
    return engine::runValidation(model, request, output.job());
}

Result<void> exportPlan(const model::OpenModel& model, const plan::Plan& plan, const base::OrderedJson& validation,
                        const base::OrderedJson& data, const DemoOptions& options, Output& output, DemoOutcome& outcome)
{
    bundle::ExportRequest request;
    request.plan = plan;
    request.out = outcome.bundle;
    request.command =
        fmt::format("espalier export resources/demo/model --plan {} --study demo.espalier --out bundle", plan.name);
    request.validation = validation;
    request.data = data;
    request.verify = [&](const fs::path& folder) -> Result<void> {
        ESPALIER_TRY(outcome.verification, bundle::verifyBundleAgainst(folder, model, options.engine, output.job()));
        for (const auto& check : outcome.verification.checks)
            if (!check.ok)
                return checkFailed(check.name + ": " + check.detail, outcome.bundle.string());
        return {};
    };
    ESPALIER_TRY(outcome.exported, bundle::exportBundle(model, request, output.job()));
    return {};
}

} // namespace

Result<DemoOutcome> walkDemo(const DemoOptions& options, Output& output)
{
    const auto begin = std::chrono::steady_clock::now();
    ESPALIER_TRY(const fs::path demo, base::resourceFolder("demo"));
    ESPALIER_CHECK(prepareFolder(options));
    DemoOutcome outcome;
    outcome.quick = options.quick;
    outcome.out = options.out;
    outcome.study = options.out / "demo.espalier";
    outcome.bundle = options.out / "bundle";
    ESPALIER_TRY(const auto model, model::openModel(demo / "model"));
    ESPALIER_TRY(const auto reference, base::readJsonFile(demo / "reference.json"));
    outcome.model = model.summary;
    output.say("1 of 5  Measuring what every expert does on twelve domains");
    ESPALIER_TRY(outcome.profile, profileAll(model, demo, outcome, options, output));
    output.say("2 of 5  Scores and plans: 16 and 8 of 32 experts, four methods, four domains, random controls");
    ESPALIER_TRY(auto study, study::Study::open(outcome.study, study::OpenMode::ReadWrite));
    ESPALIER_TRY(auto statistics, study.loadStatistics());
    const auto shared = std::make_shared<const stats::Statistics>(std::move(statistics));
    plan::Planner planner(model.summary, shared);
    ESPALIER_TRY(const auto plans, makePlans(study, planner));
    output.say(fmt::format("3 of 5  Comparing the base and {} plans on five texts and eight tasks", plans.size()));
    ESPALIER_TRY(outcome.validation, compareAll(model, demo, plans, options, output));
    ESPALIER_TRY([[maybe_unused]] const auto validation, study.addValidation(outcome.validation.toJson()));
    outcome.rows = demoRows(outcome.validation, reference);
    output.say(fmt::format("4 of 5  Exporting {} and verifying it from disk", kExportedPlan));
    base::OrderedJson data = base::OrderedJson::object();
    for (const auto& domain : shared->domains)
        data[domain.name] = {{"tokens", domain.tokens}, {"sha256", domain.dataSha256}};
    for (const auto& plan : plans)
        if (plan.name == kExportedPlan)
            ESPALIER_CHECK(exportPlan(model, plan, outcome.validation.toJson(), data, options, output, outcome));
    ESPALIER_TRY([[maybe_unused]] const auto exported, study.addExport(outcome.exported.toJson()));
    ESPALIER_CHECK(study.checkpointWal());
    output.say("5 of 5  Heatmap and report");
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    outcome.report = options.out / "report.html";
    outcome.heatmap = options.out / "heatmap.svg";
    ESPALIER_CHECK(writeDemoReport(outcome, *shared));
    return outcome;
}

} // namespace espalier::cli
