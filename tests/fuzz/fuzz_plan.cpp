// SPDX-License-Identifier: Apache-2.0
// Plans: what is accepted can be stored, read again, and counted.
#include "core/plan/memory_model.h"
#include "core/plan/plan.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/made_up_model.h"

using namespace espalier;

namespace {

const model::ModelSummary& made()
{
    static const model::ModelSummary summary = test::madeUpModel(3, 6, 2);
    return summary;
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    plan::Plan plan = plan::Plan::keepAll(made());
    plan.name = "fuzz";
    plan.domains = {"law", "code"};
    plan.predicted.massKept = {{"law", 0.5}};
    plan.layers[1].keep = {0, 2, 5};
    plan::Plan mixes = plan;
    auto mixing = method::ExpertMixing::selection(mixes.layers[1].keep, 6);
    mixing.merge[1] = 0.25F;
    mixing.router[4] = -0.5F;
    mixes.layers[1].mixing = std::make_shared<const method::ExpertMixing>(mixing);
    mixes.layers[2].skip = {0.25};
    return {plan.toJson().dump(), mixes.toJson().dump(),
            R"({"schema": "espalier.plan/1", "layers": [{"layer": 1, "keep": [0, 3]}, {"layer": 2, "keep": [1, 2]},
                {"layer": 3, "keep": [4, 5]}]})"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto json = base::parseJson(fuzz::viewOf(data, size), "plan.json");
    if (!json)
        return fuzz::refused(json.error());
    const auto plan = plan::Plan::fromJson(*json, "plan.json", made());
    if (!plan)
        return fuzz::refused(plan.error());
    for (const auto& layer : plan->layers)
        fuzz::require(layer.keep.size() >= 2 && layer.keep.size() <= 6 && layer.keep.front() >= 0 &&
                          layer.keep.back() < 6,
                      "a keep list does not fit the model");
    for (const auto& layer : plan->layers)
        for (const double threshold : layer.skip)
            fuzz::require(threshold >= 0 && threshold <= 1000 && layer.topK != 1, "a threshold makes no sense");
    fuzz::require(plan::predictBytes(made(), plan->layers).total() <= made().bytes.total(), "a cut makes it larger");
    const auto again = fuzz::mustHold(plan::Plan::fromJson(plan->toJson(), "again", made()), "the plan written again");
    fuzz::require(again.layers == plan->layers && again.name == plan->name, "the plan changes when it is written");
    return 0;
}
