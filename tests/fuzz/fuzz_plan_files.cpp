// SPDX-License-Identifier: Apache-2.0
// Plans of other programs. The first byte says the form: lists, a profile, a mask, a tensor's archive as it is, or the
// program in it with the archive made honest around it.
#include "core/exchange/plan_files.h"
#include "tests/core/exchange/exchange_bytes.h"
#include "tests/fuzz/fuzz_target.h"

using namespace espalier;
using namespace espalier::test;

namespace {

/// Four kept of four in both layers: an identity matrix.
std::string storage()
{
    std::vector<float> values(16, 0);
    for (std::size_t i = 0; i < 4; ++i)
        values[5 * i] = 1;
    return raw(values);
}

/// {"others": tensor [4, 4]} as torch.save writes it.
std::string program()
{
    const auto text = [](const std::string& t) { return "X" + int32(static_cast<std::int32_t>(t.size())) + t; };
    return "\x80\x02}" + text("others") + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
           "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\x10tQ" + std::string("K\0K\x04K\x04\x86", 7) +
           "K\x04K\x01\x86\x89" + "ccollections\nOrderedDict\n)RtRs.";
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    return {"a{\"1\":[0,1,2,3]}\n{\"2\":[3,1,0,2]}\n",
            R"(v{"version": 1, "model": "m", "workload": "w", "pruned_experts": [[1, 0], [2, 3]]})",
            "m[[1, 1, 0, 1], [1, 1, 1, 1]]", "t" + torchFile(program(), storage()), "p" + program()};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const model::ModelSummary model = madeUpModel(2, 4, 2);
    const char form = size > 0 ? static_cast<char>(*data) : ' ';
    if (std::string_view("avmtp").find(form) == std::string_view::npos)
        return fuzz::kRefused;
    const auto file = fuzz::scratchFolder() / (form == 'a'                  ? "a.jsonl"
                                               : form == 't' || form == 'p' ? "a.pth"
                                                                            : "a.json");
    const std::string content(fuzz::viewOf(data + 1, size - 1));
    writeBytes(file, form == 'p' ? torchFile(content, storage()) : content);
    exchange::PlanImport options;
    if (form == 'a') {
        options.form = exchange::PlanForm::VllmAscend; // a ranking; of other forms a count would be wrong usage
        options.keep = 2;
    }
    const auto read = exchange::importPlan({file}, options, model);
    if (!read)
        return fuzz::refused(read.error());
    for (const auto& layer : read->plan.layers)
        fuzz::require(layer.keep.size() >= 2 && layer.keep.size() <= 4 && layer.keep.front() >= 0 &&
                          layer.keep.back() < 4,
                      "a keep list does not fit the model");
    return 0;
}
