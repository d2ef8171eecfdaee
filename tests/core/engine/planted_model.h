// SPDX-License-Identifier: Apache-2.0
// A model whose right experts are known: a coordinate that is the same for every token turns the router away from all
// but the planted experts, so a cut to those changes nothing and any other cut does.
#pragma once

#include "tests/core/engine/profile_fixture.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace espalier::test {

struct PlantedModel {
    TinyOptions options;
    std::vector<std::vector<std::int32_t>> right; ///< per layer

    PlantedModel()
    {
        options.vocabulary = 2048; // of the tokenizer
        options.layers = 2;
        options.experts = 8;
        options.topK = 2;
        options.weightScale = 0.5;
        right = {{1, 4, 6}, {0, 3, 7}};
    }

    [[nodiscard]] std::vector<RawTensor> tensors() const
    {
        auto tensors = tinyTensors(options);
        for (RawTensor& tensor : tensors) {
            std::vector<float> values(tensor.data.size() / sizeof(float));
            std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
            const auto width = static_cast<std::size_t>(tensor.shape.back());
            const auto ends = [&](const char* end) { return tensor.name.ends_with(end); };
            if (ends("embed_tokens.weight"))
                for (std::size_t row = 0; row < values.size(); row += width)
                    values[row] = 3; // the coordinate
            else if (ends("o_proj.weight") || ends("down_proj.weight"))
                std::fill_n(values.begin(), width, 0.0F); // nothing is added to it
            else if (ends("post_attention_layernorm.weight"))
                values.front() = 1;
            else if (ends("mlp.gate.weight"))
                plant(tensor.name, values, width);
            std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
        }
        return tensors;
    }
    void write(const fs::path& folder) const
    {
        writeCheckpoint(folder, tinyConfig(options), tensors());
        fs::copy_file(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model/tokenizer.json", folder / "tokenizer.json");
    }

private:
    void plant(const std::string& name, std::vector<float>& values, std::size_t width) const
    {
        const auto layer = static_cast<std::size_t>(name[std::strlen("model.layers.")] - '0');
        for (std::size_t e = 0; e * width < values.size(); ++e) {
            const auto row = values.begin() + static_cast<std::ptrdiff_t>(e * width);
            *row = 0;
            if (std::find(right[layer].begin(), right[layer].end(), static_cast<std::int32_t>(e)) != right[layer].end())
                continue;
            std::fill_n(row, width, 0.0F);
            *row = -100; // of a router that the coordinate alone decides
        }
    }
};

} // namespace espalier::test
