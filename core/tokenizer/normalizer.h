// SPDX-License-Identifier: Apache-2.0
// What happens to text before it is cut: the normalizers of tokenizer.json, in sequence. ICU's tables, limited to
// the Unicode versions that the reference library's own tables have; a test compares every code point.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

/// One step; const use is thread-safe.
class NormalizerStep {
public:
    virtual ~NormalizerStep() = default;
    [[nodiscard]] virtual Result<std::string> apply(std::string text) const = 0;
};

class Normalizer {
public:
    /// `json` is tokenizer.json's normalizer (may be null). BadInput names a component that is not implemented.
    [[nodiscard]] static Result<Normalizer> fromJson(const base::OrderedJson& json, const std::string& file);
    [[nodiscard]] Result<std::string> apply(std::string_view text) const;
    /// For tokenizers that are not read from JSON.
    Result<void> addForm(std::string_view form, const std::string& file);
    void addPrepend(std::string text);
    void addReplace(std::string from, std::string to);

private:
    Result<void> add(const base::OrderedJson& json, const std::string& file);
    std::vector<std::unique_ptr<NormalizerStep>> m_steps;
};

} // namespace espalier::tokenizer
