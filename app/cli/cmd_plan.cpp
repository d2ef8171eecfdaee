// SPDX-License-Identifier: Apache-2.0
// plan: from a study to keep lists with predictions. Never opens the model.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/byte_size.h"
#include "core/plan/device_split.h"
#include "core/plan/planner.h"
#include "core/study/study.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <optional>

namespace espalier::cli {
namespace {

struct Options {
    std::string study, name, method, domains, allocator = "uniform", protect, budget, devices, out, kvType = "bfloat16",
                                              exponents = "0,1,1";
    std::optional<int> keep, topK;
    std::optional<double> ratio, meanTopK, skip;
    std::uint64_t seed = 0;
    bool oneCount = false;
    std::vector<std::string> lock, drop;
    plan::Deployment deployment;
};

/// "L3E9" as --lock and --drop take it.
Result<method::Lock> parseLock(const std::string& text, bool keep)
{
    int layer = -1, expert = -1, read = 0;
    if (std::sscanf(text.c_str(), "L%dE%d%n", &layer, &expert, &read) != 2 || read != static_cast<int>(text.size()) ||
        layer < 0 || expert < 0)
        return usageError(fmt::format("'{}' is no expert", text), "Write layer and expert as L3E9");
    return method::Lock{LayerIndex(layer), ExpertIndex(expert), keep};
}

Result<plan::PlanRequest> makeRequest(const Options& o)
{
    plan::PlanRequest request;
    request.name = o.name;
    request.score.method = o.method;
    request.score.seed = o.seed;
    ESPALIER_TRY(request.score.exponents, parseExponents(o.exponents));
    for (const auto& domain : splitList(o.domains))
        request.score.domains.push_back({domain, 1.0});
    request.allocator = o.allocator;
    request.protectors = splitList(o.protect);
    request.oneCount = o.oneCount;
    request.topK = o.topK;
    request.meanTopK = o.meanTopK;
    request.skip = o.skip;
    request.deployment = o.deployment;
    request.deployment.kvBytes = o.kvType == "float32" ? 4 : o.kvType == "fp8" ? 1 : 2;
    const int targets = (o.keep ? 1 : 0) + (o.ratio ? 1 : 0) + (o.budget.empty() ? 0 : 1) + (o.devices.empty() ? 0 : 1);
    if (targets != 1)
        return usageError(
            fmt::format("exactly one of --keep, --ratio, --budget and --devices is needed, {} were given", targets),
            "For example --ratio 0.5 removes half of the experts");
    request.target.keepPerLayer = o.keep;
    request.target.ratio = o.ratio;
    if (!o.budget.empty()) {
        ESPALIER_TRY(const auto budget, base::parseByteSize(o.budget));
        request.target.budget = budget.value();
    }
    for (const auto& text : o.lock) {
        ESPALIER_TRY(const auto lock, parseLock(text, true));
        request.locks.push_back(lock);
    }
    for (const auto& text : o.drop) {
        ESPALIER_TRY(const auto lock, parseLock(text, false));
        request.locks.push_back(lock);
    }
    return request;
}

/// The largest count whose layers fit the devices in order.
Result<std::int32_t> countFor(const model::ModelSummary& model, const std::vector<plan::Device>& devices,
                              const plan::Deployment& deployment)
{
    if (const auto count = plan::largestCountThatFits(model, devices, deployment))
        return *count;
    auto smallest = plan::Plan::keepAll(model).layers;
    const auto count = plan::legalCount(model, 1);
    for (auto& layer : smallest)
        layer.keep.resize(static_cast<std::size_t>(count));
    const auto split = plan::splitOverDevices(model, smallest, deployment, devices);
    const std::size_t full = split.tooFull.value_or(0);
    return noResources(fmt::format("the smallest legal plan ({} experts per layer) needs {} on device {} but it has {}",
                                   count, base::formatByteSize(ByteSize(split.loads[full].memory.total())), full + 1,
                                   base::formatByteSize(ByteSize(devices[full].bytes))),
                       "Name more or larger devices, or lower --context and --sequences");
}

std::string describeDevices(const plan::Plan& plan, const model::ModelSummary& model,
                            const plan::Deployment& deployment, const std::vector<plan::Device>& devices)
{
    const auto size = [](std::uint64_t bytes) { return base::formatByteSize(ByteSize(bytes)); };
    const auto split = plan::splitOverDevices(model, plan.layers, deployment, devices);
    std::string out = fmt::format("  over {} devices, layers {}\n", devices.size(), split.layerList());
    for (std::size_t d = 0; d < devices.size(); ++d) {
        const auto& load = split.loads[d];
        out += fmt::format("    device {:<3}{:>12} of {} ({} layers, experts {}, other weights {}, cache {}, workspace "
                           "about {}){}\n",
                           d + 1, size(load.memory.total()), size(devices[d].bytes), load.layers,
                           size(load.bytes.routedExperts), size(load.bytes.total() - load.bytes.routedExperts),
                           size(load.memory.kvCache), size(load.memory.workspace),
                           load.memory.total() > devices[d].bytes ? " does not fit" : "");
    }
    if (split.assumed)
        out += "  Caution: the study does not say what each layer holds; all but the experts is taken as equal in all "
               "layers. Profile with this version, or open the model in the window, for exact numbers.\n";
    return out;
}

} // namespace

std::string describePlan(const plan::Plan& plan, const model::ModelSummary& model, const stats::Statistics* statistics)
{
    const auto size = [](std::uint64_t bytes) { return base::formatByteSize(ByteSize(bytes)); };
    std::string out =
        fmt::format("Plan {}: {} of {} experts kept, method {}, allocator {}\n", plan.name, plan.keptTotal(),
                    static_cast<std::int64_t>(model.experts) * static_cast<std::int64_t>(model.moeLayers.size()),
                    plan.method, plan.allocator);
    out += "  kept per layer   ";
    for (const auto& layer : plan.layers)
        out += fmt::format(" {}:{}", layer.layer.value(), layer.keep.size());
    if (const auto active = plan.activeExperts(model); active != model.topK)
        out += fmt::format("\n  experts per token  {} instead of {}",
                           active > 0 ? fmt::format("{}", active) : "differing", model.topK);
    if (plan.skips()) {
        out += "\n  skipped below      ";
        for (const auto& layer : plan.layers) // the last choice's threshold is the smallest
            if (!layer.skip.empty())
                out += fmt::format(" {}:{:.2f}", layer.layer.value(), layer.skip.front()) +
                       (layer.skip.size() > 1 ? fmt::format("-{:.2f}", layer.skip.back()) : "");
        out += " of a token's largest weight";
    }
    const auto& p = plan.predicted;
    out +=
        fmt::format("\n  predicted bytes   {} (routed experts {}, router {}, attention {}, embedding {}, other {})\n",
                    size(p.bytes.total()), size(p.bytes.routedExperts), size(p.bytes.router), size(p.bytes.attention),
                    size(p.bytes.embedding), size(p.bytes.other + p.bytes.sharedExperts));
    out += fmt::format("  predicted memory  {} (weights {}, cache {}, workspace about {})\n", size(p.memory.total()),
                       size(p.memory.weights), size(p.memory.kvCache), size(p.memory.workspace));
    if (!p.massKept.empty())
        out += "  gate mass kept, per domain (worst layer)\n";
    for (const auto& [domain, mass] : p.massKept) {
        const auto worst = p.massKeptWorst.find(domain);
        out += fmt::format("    {:<24}{:>7.2f} %  ({:.2f} %)\n", domain, 100 * mass,
                           100 * (worst == p.massKeptWorst.end() ? mass : worst->second));
    }
    if (statistics != nullptr)
        for (const auto& domain : statistics->domains)
            if (!p.massKept.contains(domain.name))
                out += fmt::format("  gate mass kept for {} is not known: {} holds no gate weights\n", domain.name,
                                   domain.importedFrom.empty() ? "the profile" : domain.importedFrom);
    const auto* info = method::findScoreMethod(plan.method);
    if (info != nullptr && info->isMean && statistics != nullptr) {
        std::int64_t thin = 0;
        for (std::size_t i = 0; i < plan.layers.size(); ++i)
            for (const auto id : plan.layers[i].keep) {
                double tokens = 0;
                bool known = true;
                for (const auto& domain : statistics->domains)
                    if (plan.domains.empty() ||
                        std::find(plan.domains.begin(), plan.domains.end(), domain.name) != plan.domains.end()) {
                        tokens += domain.layers[i].at(stats::Stat::Count, ExpertIndex(id));
                        known = known && domain.layers[i].has(stats::Stat::Count);
                    }
                thin += known && tokens < method::kThinTokens ? 1 : 0;
            }
        if (thin > 0)
            out += fmt::format("  Caution: {} kept experts were seen by fewer than {:.0f} tokens; {} is a mean and may "
                               "overrate them. Compare with reap-sum or reap-shrunk.\n",
                               thin, method::kThinTokens, plan.method);
    }
    if (!plan.uniform())
        out += "  Caution: counts differ between layers; stock engines need one count (use --allocate uniform).\n";
    return out;
}

void addPlan(CLI::App& app, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "plan", "Choose the experts to keep against a count, a ratio or a memory budget",
                                "espalier plan my.espalier --name half --method reap-sum --ratio 0.5 --out half.json");
    sub->add_option("STUDY", options->study, "Study file")->required();
    sub->add_option("--name", options->name, "Name of the plan, stored in the study")->required();
    sub->add_option("--method", options->method, "Score, see `espalier methods`")->required();
    sub->add_option("--keep", options->keep, "Experts kept per layer");
    sub->add_option("--top-k", options->topK, "Experts per token, fewer than the model's own");
    sub->add_option("--mean-top-k", options->meanTopK, "Mean experts per token over the layers, spread to lose least");
    sub->add_option(
        "--skip", options->skip,
        "Share of tokens, 0 to 1, that leave out each expert behind their first, where its weight is small");
    sub->add_option("--ratio", options->ratio, "Share of routed experts removed, 0 <= R < 1");
    sub->add_option("--budget", options->budget, "Device memory, for example 15GiB");
    sub->add_option("--devices", options->devices,
                    "Memory of several devices in order, for example 24GB,24GB or 2x24GB");
    sub->add_option("--domain", options->domains, "Domains, separated by commas (default: all)");
    sub->add_option("--allocate", options->allocator, "uniform, global, coverage or knapsack")->capture_default_str();
    sub->add_option("--protect", options->protect,
                    "Protectors, separated by commas, some with a number (domain-floor:0.8), see `espalier methods`");
    sub->add_flag("--one-count", options->oneCount, "Fill every layer to the fullest one's count, for stock engines");
    sub->add_option("--lock", options->lock, "Expert that must stay, as L3E9; repeatable");
    sub->add_option("--drop", options->drop, "Expert that must go, as L3E9; repeatable");
    sub->add_option("--seed", options->seed, "Seed of random")->capture_default_str();
    sub->add_option("--exponents", options->exponents, "a,b,c of unified: n^a, mean of g^b |f|^c")
        ->capture_default_str();
    sub->add_option("--context", options->deployment.context, "Tokens per sequence on the device")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--sequences", options->deployment.sequences, "Sequences at the same time")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 20))
        ->capture_default_str();
    sub->add_option("--kv-dtype", options->kvType, "Type of the cache: bfloat16, float16, float32 or fp8")
        ->check(CLI::IsMember({"bfloat16", "float16", "float32", "fp8"}))
        ->capture_default_str();
    sub->add_option("--out", options->out, "Write the plan to this file, too");
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(auto request, makeRequest(*options));
        std::vector<plan::Device> devices;
        if (!options->devices.empty()) {
            ESPALIER_TRY(devices, plan::parseDevices(options->devices));
        }
        ESPALIER_TRY(auto study, study::Study::open(options->study, study::OpenMode::ReadWrite));
        ESPALIER_TRY(auto statistics, study.loadStatistics(poolsFor(options->method)));
        auto shared = std::make_shared<const stats::Statistics>(std::move(statistics));
        plan::Planner planner(study.model(), shared);
        if (!devices.empty()) {
            ESPALIER_TRY(request.target.keepPerLayer, countFor(study.model(), devices, request.deployment));
        }
        ESPALIER_TRY(auto plan, planner.make(request));
        for (const auto& device : devices)
            plan.settings["devices"].push_back(device.bytes);
        if (!options->out.empty())
            ESPALIER_CHECK(plan.write(options->out));
        const auto document = plan.toJson();
        ESPALIER_CHECK(study.savePlan(plan.name, document));
        std::string text = describePlan(plan, study.model(), shared.get());
        if (!devices.empty())
            text += describeDevices(plan, study.model(), request.deployment, devices);
        output.result(document, text);
        return {};
    });
}

} // namespace espalier::cli
