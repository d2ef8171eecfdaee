// SPDX-License-Identifier: Apache-2.0
// Traces: JSON of `espalier trace`, which the window opens.
#include "core/stats/routing_sample.h"
#include "tests/fuzz/fuzz_target.h"

using namespace espalier;

std::vector<std::string> fuzz::fuzzSeeds()
{
    return {R"({"schema":"espalier.trace/1","model":{"fingerprint":"f","name":"m"},"plan":null,"experts":4,"top_k":2,
                "layers":[1,3],"texts":[{"domain":"law","document":0,"tokens":["a"," b"],
                "experts":[[0,1,2,3],[3,2,1,0]],"gates":[[0.5,0.5,0.6,0.4],[1,0,0.25,0.75]]}]})",
            R"({"schema":"espalier.trace/1","model":{"fingerprint":"f"},"plan":"half","experts":1,"top_k":1,
                "layers":[0],"texts":[{"domain":"d","tokens":["x"],"experts":[[0]],"gates":[[1]]}]})"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto json = base::parseJson(fuzz::viewOf(data, size), "trace.json");
    if (!json)
        return fuzz::refused(json.error());
    const auto sample = stats::RoutingSample::fromJson(*json, "trace.json");
    if (!sample)
        return fuzz::refused(sample.error());
    for (std::size_t l = 0; l < sample->layers.size(); ++l) {
        const auto found = stats::expertSample(*sample, l, 0, 5, 5);
        fuzz::require(found.taken <= found.tokens, "an expert takes a token once");
        for (const auto& kind : found.kinds)
            fuzz::require(kind.taken <= kind.seen, "an expert takes no more than there are");
    }
    // What was accepted comes back; gates only to the decimals that are written.
    const auto again = fuzz::mustHold(stats::RoutingSample::fromJson(sample->toJson(), "again"), "written and read");
    fuzz::require(again.toJson() == sample->toJson() && again.tokens() == sample->tokens(), "the same after reading");
    return 0;
}
