// SPDX-License-Identifier: Apache-2.0
// inspect: what a checkpoint is, from headers alone.
#include "app/cli/command.h"
#include "core/base/byte_size.h"
#include "core/model/model_summary.h"
#include "core/plan/memory_model.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

std::string describe(const model::ModelSummary& m, const plan::Deployment& deployment)
{
    const auto size = [](std::uint64_t bytes) { return base::formatByteSize(ByteSize(bytes)); };
    std::string out = fmt::format("{}  ({}, fingerprint {})\n", m.name, m.family, m.fingerprint);
    out += fmt::format("  layers            {} ({} with experts)\n", m.layers, m.moeLayers.size());
    if (m.experts > 0) {
        out += fmt::format("  experts           {} per layer, top-{}, {} shared\n", m.experts, m.topK, m.sharedExperts);
        out += fmt::format("  router            {}\n", m.routerArithmetic);
    }
    out += fmt::format("  attention         {}\n", m.attentionKind);
    out += fmt::format("  vocabulary        {}\n  positions         {}\n", m.vocabulary, m.maxPositions);
    out += fmt::format("  parameters        {} ({} active per token)\n", m.parameters, m.activeParameters);
    out += "Bytes by part\n";
    const std::pair<const char*, std::uint64_t> parts[] = {{"routed experts", m.bytes.routedExperts},
                                                           {"shared experts", m.bytes.sharedExperts},
                                                           {"router", m.bytes.router},
                                                           {"attention", m.bytes.attention},
                                                           {"embedding", m.bytes.embedding},
                                                           {"other", m.bytes.other},
                                                           {"total", m.bytes.total()}};
    for (const auto& [name, bytes] : parts)
        out += fmt::format("  {:<16}{:>14}  {:>15}\n", name, size(bytes), bytes);
    out += "Stored as\n";
    for (const auto& [name, bytes] : m.dtypes)
        out += fmt::format("  {:<16}{:>14}\n", name, size(bytes));
    const auto memory = plan::predictMemory(m, m.bytes, deployment);
    out += fmt::format("Needs {} to run as it is, {} tokens x {} sequence{}\n", size(memory.total()),
                       deployment.context, deployment.sequences, deployment.sequences == 1 ? "" : "s");
    const std::pair<const char*, std::uint64_t> needs[] = {
        {"weights", memory.weights}, {"cache", memory.kvCache}, {"workspace, about", memory.workspace}};
    for (const auto& [name, bytes] : needs)
        out += fmt::format("  {:<16}{:>14}  {:>15}\n", name, size(bytes), bytes);
    for (const auto& warning : m.warnings)
        out += "Warning: " + warning + "\n";
    return out;
}

} // namespace

void addInspect(CLI::App& app, Program& program)
{
    struct Options {
        std::string model;
        plan::Deployment deployment;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "inspect", "Say what a model is and what it needs, from headers alone",
                                "espalier inspect Qwen3-30B-A3B --context 8192");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--context", options->deployment.context, "Tokens per sequence")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--sequences", options->deployment.sequences, "Sequences at the same time")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 20))
        ->capture_default_str();
    program.onRun(sub, [options](Output& output) -> Result<void> {
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        auto document = opened.summary.toJson();
        const auto memory = plan::predictMemory(opened.summary, opened.summary.bytes, options->deployment);
        document["moe_layers"] = opened.summary.moeLayers.size();
        document["memory"] = {{"weights", memory.weights},
                              {"kv_cache", memory.kvCache},
                              {"workspace", memory.workspace},
                              {"total", memory.total()},
                              {"context", options->deployment.context},
                              {"sequences", options->deployment.sequences}};
        output.result(document, describe(opened.summary, options->deployment));
        return {};
    });
}

} // namespace espalier::cli
