// SPDX-License-Identifier: Apache-2.0
#include "app/cli/sequence_merge.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

/// Of the output's energy; 0 where there is none.
double share(double lost, const engine::SequenceMergeFigures& figures)
{
    return figures.energy > 0 ? lost / figures.energy : 0;
}

base::OrderedJson figuresJson(const engine::SequenceMergeFigures& figures)
{
    return {{"tokens", figures.tokens},
            {"groups", figures.groups},
            {"error", share(figures.merged, figures)},
            {"error_averaged", share(figures.averaged, figures)},
            {"error_top1", share(figures.first, figures)}};
}

std::string row(const std::string& layer, const std::string& domain, const engine::SequenceMergeFigures& figures)
{
    return fmt::format("{:>5}   {:<20}{:>8}   {:>8.2f}   {:>15.2f}   {:>7.2f}\n", layer, domain, figures.groups,
                       100 * share(figures.merged, figures), 100 * share(figures.averaged, figures),
                       100 * share(figures.first, figures));
}

} // namespace

Result<void> showSequenceMerging(const model::OpenModel& model, const engine::SequenceMergeRequest& request,
                                 Output& output)
{
    ESPALIER_TRY(const auto merging, engine::runSequenceMerging(model, request, output.job()));
    const std::string group =
        request.groupTokens > 0 ? fmt::format("{} neighbouring tokens", request.groupTokens) : "a window's tokens";
    std::string text = fmt::format("meo: {} share one expert merged from {}; change of the routed output %\n"
                                   "layer   domain              groups     merged   outputs averaged   one own\n",
                                   group, model.spec.router.topK);
    base::OrderedJson layers = base::OrderedJson::array();
    for (const auto& layer : merging.layers) {
        const auto pooled = layer.pooled();
        base::OrderedJson domains = base::OrderedJson::object();
        for (const auto& [name, figures] : layer.domains) {
            domains[name] = figuresJson(figures);
            if (layer.domains.size() > 1)
                text += row("", name, figures);
        }
        text += row(fmt::format("{}", layer.layer.value()),
                    layer.domains.size() > 1 ? "all" : layer.domains.begin()->first, pooled);
        base::OrderedJson entry{{"layer", layer.layer.value()}, {"predicted_error", share(pooled.merged, pooled)}};
        entry.update(figuresJson(pooled));
        entry["domains"] = std::move(domains);
        layers.push_back(std::move(entry));
    }
    output.result({{"method", engine::kSequenceMerge},
                   {"group_tokens", request.groupTokens > 0 ? base::OrderedJson(request.groupTokens) : nullptr},
                   {"tokens", merging.tokens},
                   {"layers", std::move(layers)},
                   {"seconds", merging.seconds}},
                  text);
    return {};
}

} // namespace espalier::cli
