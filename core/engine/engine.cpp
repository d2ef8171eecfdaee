// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

#include "core/engine/plugin.h"

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

Result<std::unique_ptr<Engine>> openEngine(const model::OpenModel& model, const EngineOptions& options)
{
    if (model.checkpoint.gguf() != nullptr)
        return badInput("computing from GGUF files is switched off until it is checked against llama.cpp",
                        model.checkpoint.path().string(), {},
                        "Use the model's Hugging Face folder; inspect reads the GGUF file");
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
