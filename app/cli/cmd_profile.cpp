// SPDX-License-Identifier: Apache-2.0
// profile: one calibration pass into a study.
#include "app/cli/command.h"
#include "app/cli/data_files.h"
#include "core/base/byte_size.h"
#include "core/base/machine.h"
#include "core/engine/profile_cost.h"
#include "core/engine/profile_job.h"

#include <chrono>
#include <fmt/format.h>
#include <thread>

namespace espalier::cli {

namespace {

/// Bytes per second of the ways that were probed; null for one that the file system refuses or that was not tried.
base::OrderedJson probeDocument(const checkpoint::ReadProbe& probe)
{
    base::OrderedJson document = base::OrderedJson::object();
    for (std::size_t i = 0; i < probe.speeds.size(); ++i) {
        const auto& speed = probe.speeds[i];
        document[std::string(checkpoint::readModeName(checkpoint::kReadModes[i]))] =
            speed.bytes > 0 ? base::OrderedJson(speed.bytesPerSecond()) : base::OrderedJson(nullptr);
    }
    return document;
}

std::string duration(double seconds)
{
    if (seconds < 120)
        return fmt::format("{:.0f} s", seconds);
    if (seconds < 7200)
        return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

void showCost(Output& output, const engine::ProfileCost& cost)
{
    const auto& estimate = cost.estimate;
    const auto bytes = [](std::uint64_t count) { return base::formatByteSize(ByteSize(count)); };
    base::OrderedJson tokens = base::OrderedJson::object();
    std::string text;
    for (const auto& [domain, count] : estimate.tokens) {
        tokens[domain] = count;
        text += fmt::format("  {:<24}{:>10} tokens in {} windows\n", domain, count, estimate.windows.at(domain));
    }
    const bool narrow = cost.settings.compute == engine::ComputeType::BFloat16;
    text += fmt::format("time    about {}: {} computing ({:.3g} operations at {:.0f} GFLOP/s, {}), {} reading {}{}\n",
                        duration(cost.seconds), duration(cost.secondsComputing), estimate.flops,
                        cost.flopsPerSecond / 1e9, narrow ? "bfloat16" : "float32", duration(cost.secondsReading),
                        bytes(cost.weightBytes), cost.passes > 1 ? fmt::format(" {} times", cost.passes) : "");
    text += fmt::format("memory  about {}, weights {}\n", bytes(cost.memoryBytes),
                        cost.settings.streamed ? "streamed (" + cost.settings.reading + " reads)" : "stay in it");
    text += fmt::format("disk    about {}, {} are free\n", bytes(cost.diskBytes), bytes(cost.diskFree));
    output.result({{"tokens", tokens},
                   {"study_bytes", estimate.studyBytes},
                   {"flops", estimate.flops},
                   {"seconds", cost.seconds},
                   {"seconds_computing", cost.secondsComputing},
                   {"seconds_reading", cost.secondsReading},
                   {"flops_per_second", cost.flopsPerSecond},
                   {"read_bytes_per_second", cost.readBytesPerSecond},
                   {"weight_bytes_total", cost.weightBytes},
                   {"passes", cost.passes},
                   {"streamed", cost.settings.streamed},
                   {"compute", narrow ? "bfloat16" : "float32"},
                   {"memory_bytes", cost.memoryBytes},
                   {"disk_bytes", cost.diskBytes},
                   {"disk_free_bytes", cost.diskFree}},
                  text);
}

/// An error in one of several processes. Those that do not know it wait for this one, so it ends them, too.
Error endAll(Error error, const engine::Team& team, Output& output)
{
    if (team.cluster == nullptr || team.agreed)
        return error;
    const int rank = team.cluster->rank();
    // An interrupt reaches all. Process 0 marks the run and ends the others, if it is given the time.
    if (error.code == ErrorCode::Cancelled && rank > 0)
        std::this_thread::sleep_for(std::chrono::seconds(5));
    error.message = fmt::format("process {}: {}", rank, error.message);
    output.error(error);
    team.cluster->abort(static_cast<int>(error.code));
    return error;
}

} // namespace

base::OrderedJson profileDocument(const std::string& study, const engine::ProfileReport& report)
{
    base::OrderedJson tokens = base::OrderedJson::object();
    for (const auto& [domain, count] : report.tokens)
        tokens[domain] = count;
    base::OrderedJson ranks = base::OrderedJson::array();
    for (const auto& rank : report.ranks)
        ranks.push_back({{"layers", {rank.firstLayer, rank.endLayer}}, {"weight_bytes_read", rank.weightBytesRead}});
    const auto& c = report.counters;
    const double busy = c.seconds > 0 ? c.seconds : 1;
    return {
        {"study", study},
        {"run", report.run},
        {"resumed", report.resumed},
        {"tokens", tokens},
        {"seconds", report.seconds},
        {"tokens_per_second", report.seconds > 0 ? static_cast<double>(report.tokensThisTime) / report.seconds : 0.0},
        {"weight_bytes_read", c.weightBytesRead},
        {"weight_bytes_total", c.weightBytesTotal},
        {"peak_rss_bytes", base::peakResidentSet().value()},
        {"compute", c.compute == engine::ComputeType::BFloat16 ? "bfloat16" : "float32"},
        {"streamed", c.streamed},
        {"seconds_waiting", c.secondsWaiting},
        {"seconds_computing", c.seconds - c.secondsWaiting},
        {"seconds_reading", c.streamed ? c.secondsReading : c.secondsWaiting},
        {"overlap", c.overlap()},
        {"read", {{"mode", c.streamed ? c.reading : "buffered"}, {"probe", probeDocument(c.probe)}}},
        {"device", c.device.empty() ? "cpu" : c.device},
        {"processes", ranks},
        {"roofline",
         {{"flops", c.flops},
          {"bytes_per_second", static_cast<double>(c.weightBytesRead) / busy},
          {"flops_per_second", c.flops / busy},
          {"fraction", report.seconds > 0 ? c.seconds / report.seconds : 0.0}}}};
}

void addProfile(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, study, statistics = "all", split = "documents";
        std::vector<std::string> data;
        std::int64_t context = 2048, maxTokens = 0, sampleTokens = 1024;
        bool resume = false, dryRun = false;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "profile", "Measure what every expert does on your texts",
                                "espalier profile MODEL --study my.espalier --data code=src.jsonl --data law=law.txt");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--study", options->study, "Study file to write to; made when it does not exist")->required();
    sub->add_option("--data", options->data, "DOMAIN=FILE, .txt or .jsonl with text or prompt and answer; repeatable")
        ->required();
    sub->add_option("--context", options->context, "Tokens per window")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens taken per domain (default: all)")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 40));
    sub->add_option("--statistics", options->statistics,
                    "What to collect, separated by commas: all (what the forward gives), bank (a sample through every "
                    "expert), samples (rows of single tokens), basic, S0, S0a, ...")
        ->capture_default_str();
    sub->add_option("--sample-tokens", options->sampleTokens, "Tokens of every domain that S7, S8 and S17 keep rows of")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 31))
        ->capture_default_str();
    sub->add_flag("--resume", options->resume, "Go on with the unfinished run of the same settings");
    sub->add_flag("--dry-run", options->dryRun, "Only say what would be done and what it costs");
    sub->add_option("--split", options->split,
                    "How processes started by mpirun or srun share the work: documents, or layers of the model")
        ->check(CLI::IsMember({"documents", "layers"}))
        ->capture_default_str();
    options->engine.addTo(sub);
    program.onRun(sub, [options](Output& output) -> Result<void> {
        engine::ProfileRequest request;
        ESPALIER_TRY(request.data, dataFiles(options->data));
        request.context = options->context;
        request.maxTokens = TokenCount(options->maxTokens);
        request.resume = options->resume;
        request.sampleTokens = options->sampleTokens;
        ESPALIER_TRY(request.statistics, stats::StatSelection::parse(options->statistics));
        ESPALIER_TRY(request.engine, options->engine.options());
        ESPALIER_TRY(const auto cluster, engine::joinCluster());
        const bool speaks = cluster == nullptr || cluster->rank() == 0;
        engine::Team team{cluster.get(), options->split == "layers" ? engine::Split::Layers : engine::Split::Documents};
        const auto opened = model::openModel(options->model);
        if (!opened)
            return endAll(opened.error(), team, output);
        if (options->dryRun && !speaks)
            return {};
        if (options->dryRun) {
            ESPALIER_TRY(const auto cost, engine::estimateCost(*opened, options->study, request, output.job()));
            showCost(output, cost);
            return {};
        }
        const auto job = speaks ? output.job() : base::JobContext{{}, {}, output.job().stop};
        const auto measured = engine::runProfile(*opened, options->study, request, job, team);
        if (!measured)
            return endAll(measured.error(), team, output);
        if (!speaks)
            return {};
        const engine::ProfileReport& report = *measured;
        const auto document = profileDocument(options->study, report);
        std::string text = fmt::format("Measured {} into {} (run {}{})\n", opened->summary.name, options->study,
                                       report.run, report.resumed ? ", resumed" : "");
        for (const auto& [domain, count] : report.tokens)
            text += fmt::format("  {:<24}{:>10} tokens\n", domain, count);
        const auto& c = report.counters;
        text += fmt::format("{:.1f} s, {:.0f} tokens/s, peak memory {}\n", report.seconds,
                            document["tokens_per_second"].get<double>(), base::formatByteSize(base::peakResidentSet()));
        text += fmt::format(
            "weights read {} of {}{}, {:.1f} s waiting for them, {:.1f} s computing{}\n",
            base::formatByteSize(ByteSize(c.weightBytesRead)), base::formatByteSize(ByteSize(c.weightBytesTotal)),
            c.streamed ? " (streamed, " + c.reading + " reads)" : "", c.secondsWaiting, c.seconds - c.secondsWaiting,
            c.streamed ? fmt::format(", overlap {:.0f} %", 100 * c.overlap()) : "");
        for (std::size_t rank = 0; rank < report.ranks.size(); ++rank) {
            const auto& one = report.ranks[rank];
            text += fmt::format("process {}: layers {} to {}, weights read {}\n", rank, one.firstLayer,
                                one.endLayer - 1, base::formatByteSize(ByteSize(one.weightBytesRead)));
        }
        output.result(document, text);
        return {};
    });
}

} // namespace espalier::cli
