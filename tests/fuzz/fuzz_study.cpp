// SPDX-License-Identifier: Apache-2.0
// Study files from other machines: whatever is in them, reading ends with values or with an error.
#include "tests/core/study/study_support.h"
#include "tests/fuzz/fuzz_target.h"

#include "core/plan/plan.h"

using namespace espalier;
namespace fs = std::filesystem;

std::vector<std::string> fuzz::fuzzSeeds()
{
    static const std::string seed = [] {
        const fs::path file = fuzz::scratchFolder() / "seed.espalier";
        test::makeStudy(file, {test::domainOf("law", 1, 8), test::domainOf("code", 2, 8)});
        auto study = fuzz::mustHold(study::Study::open(file, study::OpenMode::ReadWrite), "the seed");
        const auto saved = study.savePlan("p", plan::Plan::keepAll(study.model()).toJson());
        const auto journal = study.addJournal("step", {{"a", 1}});
        fuzz::require(saved.ok() && journal.ok() && study.checkpointWal().ok(), "the seed is not written");
        return test::bytesOf(file);
    }();
    return {seed};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fs::path file = fuzz::scratchFolder() / "input.espalier";
    for (const char* tail : {"", "-wal", "-shm", "-journal"})
        fs::remove(file.string() + tail);
    test::writeBytes(file, std::string(fuzz::viewOf(data, size)));
    const auto study = study::Study::open(file, study::OpenMode::ReadOnly);
    if (!study)
        return fuzz::refused(study.error());
    bool fine = true;
    const auto look = [&](const auto& result) {
        if (!result)
            (void)fuzz::refused(result.error());
        fine = fine && result.ok();
    };
    look(study->runs());
    look(study->plans());
    look(study->validations());
    look(study->exports());
    look(study->journal());
    look(study->check());
    const auto statistics = study->loadStatistics();
    look(statistics);
    if (!statistics)
        return fuzz::kRefused;
    // What was accepted is what scores index with
    for (const auto& domain : statistics->domains)
        for (const auto& layer : domain.layers) {
            fuzz::require(study->model().moePosition(layer.layer()) >= 0, "statistics of a layer that has no experts");
            for (const auto id : layer.pool().ids)
                fuzz::require(id < layer.topology().experts, "the pool names an expert that is not there");
        }
    return fine ? 0 : fuzz::kRefused;
}
