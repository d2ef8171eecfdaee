// SPDX-License-Identifier: Apache-2.0
// model.safetensors.index.json beside two shards.
#include "core/checkpoint/checkpoint.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/tiny_checkpoint.h"

using namespace espalier;
namespace fs = std::filesystem;

namespace {

const fs::path& modelFolder()
{
    static const fs::path folder = [] {
        test::TinyOptions options;
        options.layers = 1;
        options.shards = 2;
        const fs::path path = fuzz::scratchFolder() / "model";
        test::writeTinyCheckpoint(path, options);
        return path;
    }();
    return folder;
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    static const std::string seed = test::readText(modelFolder() / "model.safetensors.index.json");
    return {seed, base::OrderedJson::parse(seed).dump()};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    test::writeText(modelFolder() / "model.safetensors.index.json", fuzz::viewOf(data, size));
    const auto opened = checkpoint::Checkpoint::open(modelFolder());
    if (!opened)
        return fuzz::refused(opened.error());
    fuzz::require(opened->shards().size() == 2, "a shard is lost");
    for (const auto& tensor : opened->tensors())
        fuzz::require(opened->find(tensor.name) == &tensor, "a tensor is not found by its name");
    return 0;
}
