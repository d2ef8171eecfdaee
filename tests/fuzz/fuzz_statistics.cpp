// SPDX-License-Identifier: Apache-2.0
// Statistics of other programs. The first byte says the form; what is accepted can be stored and read again.
#include "tests/core/exchange/exchange_bytes.h"
#include "tests/fuzz/fuzz_target.h"

#include <array>

using namespace espalier;
using namespace espalier::test;

namespace {

constexpr std::array<std::pair<char, const char*>, 8> kFiles{{{'g', "a.gguf"},
                                                              {'d', "a.dat"},
                                                              {'e', "expert_weights_1.txt"},
                                                              {'n', "a.npy"},
                                                              {'z', "a.npz"},
                                                              {'Z', "a.npz"}, // the archive is honest, its array is not
                                                              {'j', "a.json"},
                                                              {'c', "a.csv"}}};

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    const std::string down = "blk.1.ffn_down_exps.weight";
    const std::string array = npy("<i4", "2, 2, 2", std::vector<std::int32_t>{0, 1, 2, 3, 1, 0, 3, 1});
    return {"g" + imatrix({2, 1, 1, 0}),
            "d" + int32(1) + legacyEntry(down, 1, std::vector<float>(24, 1.5F)) + int32(3) + int32(1) + "t",
            "e0\t1\t2\t3\t\t0.5\t0.25\t0.5\t0.125\n",
            "n" + array,
            "z" + zip({honest("first.npy", array), honest("second.npy", array)}),
            "Z" + array,
            R"(j{"d": {"1": [2, 1, 1, 0], "2": {"0": 2, "3": 2}}})",
            "clayer,expert,count,domain\n1,0,2,law\n1,1,1,law\n1,2,1,law\n1,3,0,law\n"};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const model::ModelSummary model = madeUpModel(2, 4, 2);
    const auto form = std::find_if(kFiles.begin(), kFiles.end(), [&](const auto& known) {
        return size > 0 && known.first == static_cast<char>(*data);
    });
    if (form == kFiles.end())
        return fuzz::kRefused;
    const auto file = fuzz::scratchFolder() / form->second;
    std::string content(fuzz::viewOf(data + 1, size - 1));
    if (form->first == 'Z')
        content = zip({honest("a.npy", content)});
    writeBytes(file, content);
    const auto read = exchange::readStatistics({file}, {}, model);
    if (!read)
        return fuzz::refused(read.error());
    for (const auto& domain : read->domains)
        for (const auto& layer : domain.layers) {
            if (!layer.has(stats::Stat::Count))
                continue;
            for (const double count : layer[stats::Stat::Count])
                fuzz::require(count >= 0 && count <= static_cast<double>(domain.tokens),
                              "an expert was chosen more often than there are tokens");
        }
    return 0;
}
