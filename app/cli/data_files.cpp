// SPDX-License-Identifier: Apache-2.0
#include "app/cli/data_files.h"

namespace espalier::cli {

Result<std::vector<tokenizer::DataFile>> dataFiles(std::span<const std::string> arguments)
{
    std::vector<tokenizer::DataFile> files;
    for (const auto& argument : arguments) {
        ESPALIER_TRY(auto file, tokenizer::parseDataArgument(argument));
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace espalier::cli
