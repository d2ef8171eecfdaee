// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

#include "core/checkpoint/quant/expand.h"
#include "core/engine/plugin.h"

#include <charconv>
#include <fmt/format.h>

namespace espalier::engine {

Result<ComputeType> parseComputeType(std::string_view text)
{
    if (text == "auto")
        return ComputeType::Auto;
    if (text == "float32")
        return ComputeType::Float32;
    if (text == "bfloat16")
        return ComputeType::BFloat16;
    return base::usageError(fmt::format("\"{}\" is not a compute type", text),
                            "Possible values: auto, float32, bfloat16");
}

Result<std::optional<int>> parseDevice(std::string_view text)
{
    if (text == "cpu")
        return std::optional<int>();
    constexpr std::string_view name = "cuda";
    std::string_view number = text.substr(0, name.size()) == name ? text.substr(name.size()) : std::string_view("?");
    int device = 0;
    if (number.empty())
        return std::optional(device);
    number.remove_prefix(1);
    const char* end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, device);
    if (text.starts_with("cuda:") && read.ec == std::errc() && read.ptr == end && device >= 0)
        return std::optional(device);
    return base::usageError(fmt::format("\"{}\" is not a device", text),
                            "Possible values: cpu, cuda, cuda:1 for the second device, and so on");
}

Result<void> checkComputable(const model::OpenModel& model)
{
    const auto& tensors = model.checkpoint.tensors();
    const auto& stored = model.checkpoint.storedTensors(); // by the names that the file has
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const model::TensorUse& use = model.spec.uses[i];
        // Converters write nothing that the model does not need, so what has no place here changes the result
        if (model.checkpoint.gguf() != nullptr && use.role == model::TensorRole::Other && !use.mtp)
            return badInput("belongs to no part of the architecture as it is known here, so the model is not computed "
                            "with; planning from imported statistics and export work",
                            model.checkpoint.path().string(), "tensor " + stored[i].name,
                            "Use the model's Hugging Face folder");
        if (use.role != model::TensorRole::Other && !use.mtp && model.spec.parameters[i] > 0 &&
            tensors[i].dtype >= checkpoint::Dtype::Q4_0 && !checkpoint::canExpand(tensors[i].dtype))
            return badInput(fmt::format("weights stored as {} cannot be computed with; planning from imported "
                                        "statistics and export work",
                                        checkpoint::dtypeLongName(tensors[i].dtype)),
                            model.checkpoint.path().string(), "tensor " + stored[i].name,
                            "Use the model's version in bfloat16, float16, Q8_0 or a type Q2_K to Q6_K");
    }
    return {};
}

Result<std::unique_ptr<Engine>> openEngine(const model::OpenModel& model, const EngineOptions& options)
{
    ESPALIER_CHECK(checkComputable(model));
    ESPALIER_TRY(const Plugin* plugin, loadPlugin());
    return plugin->entry->open(model, options);
}

EngineDescription describeEngine()
{
    const auto plugin = loadPlugin();
    EngineDescription description;
    if (!plugin) {
        description.library = plugin.error().file;
        description.detail = plugin.error().text();
        return description;
    }
    description.available = true;
    description.library = (*plugin)->library.string();
    description.detail = (*plugin)->entry->describe();
    return description;
}

} // namespace espalier::engine
