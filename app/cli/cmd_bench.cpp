// SPDX-License-Identifier: Apache-2.0
// bench: how fast this machine is, and how much of that the engine uses.
#include "app/cli/command.h"
#include "core/base/machine.h"
#include "core/engine/bench.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

base::OrderedJson benchDocument(const engine::BenchReport& report)
{
    const auto machine = base::describeMachine();
    base::OrderedJson rows = base::OrderedJson::array();
    for (const auto& row : report.rows) {
        base::OrderedJson one{{"part", row.part}, {"name", row.name},       {"value", row.value},
                              {"unit", row.unit}, {"seconds", row.seconds}, {"processor_seconds", row.processor}};
        one["fraction"] = row.limit.empty() ? base::OrderedJson(nullptr) : base::OrderedJson(row.fraction);
        one["limit"] = row.limit;
        one["note"] = row.note;
        rows.push_back(std::move(one));
    }
    return {{"cpu", machine.cpu},
            {"isa", machine.isa},
            {"threads", report.threads},
            {"rows", rows},
            {"seconds", report.seconds}};
}

std::string benchText(const engine::BenchReport& report)
{
    std::string text = fmt::format("{}, {} threads\n", base::describeMachine().cpu, report.threads);
    std::string part;
    for (const auto& row : report.rows) {
        if (row.part != part)
            text += fmt::format("{}\n", part = row.part);
        std::string line =
            fmt::format("  {:<38}{:>11.{}f} {:<9}", row.name, row.value, row.value < 100 ? 2 : 0, row.unit);
        if (!row.limit.empty())
            line += fmt::format("{:>4.0f} % of {}", 100 * row.fraction, row.limit);
        if (!row.note.empty())
            line += (row.limit.empty() ? " " : "; ") + row.note;
        text += line + "\n";
    }
    return text + fmt::format("{:.0f} s\n", report.seconds);
}

} // namespace

void addBench(CLI::App& app, Program& program)
{
    struct Options {
        std::string parts, shapes, dtype = "bfloat16", folder;
        int threads = 0, repeats = 3;
        std::int64_t tokens = 4096;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "bench", "How fast this machine is, and how much of that the engine uses",
                                "espalier bench --parts gemm,dispatch,layers --shapes qwen3-30b-a3b");
    std::string parts, shapes;
    for (const auto& part : engine::benchParts())
        parts += (parts.empty() ? "" : ",") + part;
    for (const auto& shape : engine::benchShapes())
        shapes += (shapes.empty() ? "" : ",") + shape.id;
    sub->add_option("--parts", options->parts, "What to measure (default: " + parts + ")");
    sub->add_option("--shapes", options->shapes, "Layers to measure (default: " + shapes + ")");
    sub->add_option("--tokens", options->tokens, "Tokens through router, dispatch, layers and the generated checkpoint")
        ->check(within(std::int64_t{16}, std::int64_t{1} << 20))
        ->capture_default_str();
    sub->add_option("--repeats", options->repeats, "Repeats; the best counts")
        ->check(within(1, 100))
        ->capture_default_str();
    sub->add_option("--dtype", options->dtype, "Compute type: bfloat16 or float32")
        ->check(CLI::IsMember({"bfloat16", "float32"}))
        ->capture_default_str();
    sub->add_option("--threads", options->threads, "Threads (default: every core this process may use)")
        ->check(within(1, 1024));
    sub->add_option("--folder", options->folder,
                    "Where the generated checkpoint (0.4 GB) is written and removed again");
    program.onRun(sub, [options](Output& output) -> Result<void> {
        engine::BenchRequest request;
        request.parts = splitList(options->parts);
        request.shapes = splitList(options->shapes);
        request.threads = options->threads;
        request.tokens = options->tokens;
        request.repeats = options->repeats;
        request.float32 = options->dtype == "float32";
        request.folder = options->folder;
        ESPALIER_TRY(const auto report, engine::runBench(request, output.job()));
        output.result(benchDocument(report), benchText(report));
        return {};
    });
}

} // namespace espalier::cli
