// SPDX-License-Identifier: Apache-2.0
// Reading keys of tokenizer.json whose types are not trusted.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <string>

namespace espalier::tokenizer {

/// An object of tokenizer.json and where it stands. The errors name the key and the place.
class JsonFields {
public:
    JsonFields(const base::OrderedJson& json, const std::string& file, std::string place)
        : m_json(json), m_file(file), m_place(std::move(place))
    {
    }
    /// BadInput when it is no object.
    [[nodiscard]] Result<void> needObject() const;
    /// Null for absent keys and for JSON null.
    [[nodiscard]] const base::OrderedJson* find(const char* key) const;
    [[nodiscard]] Result<std::string> text(const char* key) const;
    [[nodiscard]] Result<std::string> textOr(const char* key, std::string fallback) const;
    [[nodiscard]] Result<bool> flagOr(const char* key, bool fallback) const;
    [[nodiscard]] Result<std::int64_t> integer(const char* key, std::int64_t low, std::int64_t high) const;
    [[nodiscard]] Result<std::int64_t> integerOr(const char* key, std::int64_t low, std::int64_t high,
                                                 std::int64_t fallback) const;
    /// The list under `key`; BadInput when it is absent or none.
    [[nodiscard]] Result<const base::OrderedJson*> list(const char* key) const;
    [[nodiscard]] Error error(std::string message, std::string remedy = {}) const;
    [[nodiscard]] const std::string& file() const { return m_file; }
    [[nodiscard]] const std::string& place() const { return m_place; }
    [[nodiscard]] const base::OrderedJson& json() const { return m_json; }

private:
    const base::OrderedJson& m_json;
    const std::string& m_file;
    std::string m_place;
};

/// Largest id that is accepted: far above any vocabulary in use, small enough to allocate.
inline constexpr std::int64_t kLargestId = (1 << 21) - 1;

} // namespace espalier::tokenizer
