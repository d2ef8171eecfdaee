// SPDX-License-Identifier: Apache-2.0
// What a GGUF file's tokenizer.ggml.pre stands for: the patterns of the model's own tokenizer.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

struct PreTokenizerPreset {
    std::vector<std::string_view> ids;
    std::vector<std::string> patterns; ///< Isolated splits one after the other, Oniguruma's syntax
    bool ignoreMerges = false;
    bool nfc = false;
    bool addsBos = false; ///< texts begin with BOS unless the file says otherwise
};

[[nodiscard]] const std::vector<PreTokenizerPreset>& preTokenizerPresets();
/// Null for an unknown id.
[[nodiscard]] const PreTokenizerPreset* findPreTokenizerPreset(std::string_view id);

} // namespace espalier::tokenizer
