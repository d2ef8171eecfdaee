// SPDX-License-Identifier: Apache-2.0
// Headers of safetensors files. What is accepted must describe bytes inside the file, one behind the other.
#include "core/checkpoint/safetensors.h"
#include "tests/fuzz/fuzz_target.h"

using namespace espalier;

std::vector<std::string> fuzz::fuzzSeeds()
{
    using checkpoint::Dtype;
    const auto make = [](std::vector<checkpoint::TensorInfo> tensors, std::map<std::string, std::string> metadata) {
        std::uint64_t bytes = 0;
        for (auto& tensor : tensors) {
            tensor.bytes = static_cast<std::uint64_t>(tensor.elements()) *
                           static_cast<std::uint64_t>(checkpoint::bitsPerElement(tensor.dtype)) / 8;
            bytes += tensor.bytes;
        }
        return checkpoint::makeSafetensorsHeader(tensors, metadata) + std::string(bytes, '\1');
    };
    return {make({{"model.embed_tokens.weight", Dtype::BF16, {7, 4}},
                  {"scalar", Dtype::F32, {}},
                  {"empty", Dtype::I64, {0, 3}},
                  {"narrow", Dtype::F8E4M3, {3, 5}}},
                 {{"format", "pt"}, {"made by", "h\xc3\xa4nd"}}),
            make({{"a", Dtype::F4, {2, 8}}, {"b", Dtype::Bool, {1}}, {"c", Dtype::F64, {1, 1, 2}}}, {}),
            make({}, {{"format", "pt"}})};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto header = checkpoint::parseSafetensorsHeader(fuzz::viewOf(data, size), size, "input.safetensors");
    if (!header)
        return fuzz::refused(header.error());
    std::uint64_t end = header->tensors.empty() ? size : header->tensors.front().offset;
    for (const auto& tensor : header->tensors) {
        fuzz::require(tensor.offset == end && tensor.bytes <= size - end, "a tensor lies outside or on another one");
        fuzz::require(tensor.elements() >= 0, "a tensor has fewer than no elements");
        end += tensor.bytes;
    }
    fuzz::require(end == size, "bytes belong to no tensor");
    return 0;
}
