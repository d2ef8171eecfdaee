// SPDX-License-Identifier: Apache-2.0
// recipe.json of a bundle, as `verify` reads it.
#include "core/bundle/export.h"
#include "core/bundle/verify.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/tiny_checkpoint.h"

#include <algorithm>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

const fs::path& bundleFolder()
{
    static const fs::path folder = [] {
        const fs::path source = fuzz::scratchFolder() / "source";
        test::writeTinyCheckpoint(source, {});
        const auto model = fuzz::mustHold(model::openModel(source), "the source");
        bundle::ExportRequest request;
        request.plan = plan::Plan::keepAll(model.summary);
        request.plan.predicted = {};
        for (auto& layer : request.plan.layers) {
            layer.keep = {0, 2, 3, 5};
            layer.order.clear();
        }
        request.out = fuzz::scratchFolder() / "bundle";
        (void)fuzz::mustHold(bundle::exportBundle(model, request, {}), "the bundle");
        return request.out;
    }();
    return folder;
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    static const std::string seed = test::readText(bundleFolder() / "recipe.json");
    return {seed, base::OrderedJson::parse(seed).dump()};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    test::writeText(bundleFolder() / "recipe.json", fuzz::viewOf(data, size));
    const auto report = bundle::verifyBundle(bundleFolder(), {});
    if (!report)
        return fuzz::refused(report.error());
    bool fine = true;
    for (const auto& check : report->checks) {
        fuzz::require(!check.name.empty() && !check.detail.empty(), "a check says nothing");
        // The sums see every change; here the others have to stand it
        fine = fine && (check.ok || check.name == "checksums");
    }
    return fine ? 0 : fuzz::kRefused;
}
