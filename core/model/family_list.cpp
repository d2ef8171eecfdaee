// SPDX-License-Identifier: Apache-2.0
#include "core/model/family_list.h"

#include "core/model/config_reader.h"

#include <fmt/format.h>

namespace espalier::model {

const std::vector<Family>& families()
{
    static const std::vector<Family> all{
        qwen3MoeFamily(),   qwen3Family(),      mixtralFamily(),          olmoeFamily(),      qwen2MoeFamily(),
        deepseekV2Family(), deepseekV3Family(), kimiK2Family(),           glm4MoeFamily(),    gptOssFamily(),
        minimaxM2Family(),  graniteMoeFamily(), graniteMoeSharedFamily(), ernie45MoeFamily(), phimoeFamily(),
        qwen3NextFamily(),  qwen35MoeFamily(),  qwen35MoeTextFamily(),    llamaFamily(),      mistralFamily(),
        qwen2Family(),      carvedFamily()};
    return all;
}

Result<ModelSpec> describeModel(const checkpoint::Checkpoint& checkpoint)
{
    const ConfigReader config(checkpoint.config(), checkpoint.configFile());
    std::string supported;
    for (const Family& family : families())
        supported += fmt::format("{}{} ({})", supported.empty() ? "" : ", ", family.modelType, family.title);
    const std::string remedy = "Supported: " + supported;
    if (!config.has("model_type"))
        return config.error("model_type", "the key is missing", remedy);
    ESPALIER_TRY(const std::string type, config.textOr("model_type", ""));
    for (const Family& family : families())
        if (family.modelType == type)
            return family.build(checkpoint);
    return config.error("model_type", fmt::format("model type \"{}\" is not supported", type.substr(0, 100)), remedy);
}

} // namespace espalier::model
