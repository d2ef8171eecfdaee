// SPDX-License-Identifier: Apache-2.0
// Private to the room: typed access to config.json. Every failure names the file and the key.
// JSON null counts as absent, as in transformers.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::model {

class ConfigReader {
public:
    /// `json` must be an object and outlive the reader; `file` and `prefix` ("rope_parameters.") are for messages.
    ConfigReader(const base::OrderedJson& json, std::string file, std::string prefix = {});

    /// Null when the key is absent or null.
    [[nodiscard]] const base::OrderedJson* find(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    /// Required whole number in [smallest, largest].
    [[nodiscard]] Result<int> integer(std::string_view key, int smallest, int largest) const;
    [[nodiscard]] Result<int> integerOr(std::string_view key, int fallback, int smallest, int largest) const;
    /// One number under several names: at least one must be present and all that are must agree.
    [[nodiscard]] Result<int> integerAlias(std::initializer_list<std::string_view> keys, int smallest,
                                           int largest) const;
    /// Finite and greater than zero.
    [[nodiscard]] Result<double> positiveOr(std::string_view key, double fallback) const;
    /// Any finite number.
    [[nodiscard]] Result<double> numberOr(std::string_view key, double fallback) const;
    [[nodiscard]] Result<bool> booleanOr(std::string_view key, bool fallback) const;
    [[nodiscard]] Result<std::string> textOr(std::string_view key, std::string_view fallback) const;
    /// A list of whole numbers, empty when absent.
    [[nodiscard]] Result<std::vector<int>> integers(std::string_view key) const;
    /// A list of numbers greater than zero, empty when absent.
    [[nodiscard]] Result<std::vector<double>> numbers(std::string_view key) const;
    /// The object under `key`; nothing when absent.
    [[nodiscard]] Result<std::optional<ConfigReader>> object(std::string_view key) const;

    [[nodiscard]] Error error(std::string_view key, std::string message, std::string remedy = {}) const;
    [[nodiscard]] const std::string& file() const { return m_file; }

private:
    const base::OrderedJson* m_json;
    std::string m_file;
    std::string m_prefix;
};

} // namespace espalier::model
