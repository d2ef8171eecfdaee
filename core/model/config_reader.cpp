// SPDX-License-Identifier: Apache-2.0
#include "core/model/config_reader.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace espalier::model {

namespace {

/// Whole number in a JSON value; also 8.0, which some tools write. Nothing for anything else.
std::optional<std::int64_t> wholeNumber(const base::OrderedJson& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::floor(number) == number && std::fabs(number) < 1e15)
            return static_cast<std::int64_t>(number);
    }
    return std::nullopt;
}

std::string shown(const base::OrderedJson& value)
{
    std::string text = value.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
    if (text.size() > 60)
        text = text.substr(0, 57) + "...";
    return text;
}

} // namespace

ConfigReader::ConfigReader(const base::OrderedJson& json, std::string file, std::string prefix)
    : m_json(&json), m_file(std::move(file)), m_prefix(std::move(prefix))
{
}

const base::OrderedJson* ConfigReader::find(std::string_view key) const
{
    const auto found = m_json->find(std::string(key));
    return found == m_json->end() || found->is_null() ? nullptr : &*found;
}

Error ConfigReader::error(std::string_view key, std::string message, std::string remedy) const
{
    return base::badInput(std::move(message), m_file, fmt::format("key {}{}", m_prefix, key), std::move(remedy));
}

Result<int> ConfigReader::integer(std::string_view key, int smallest, int largest) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return error(key, "the key is missing");
    const auto number = wholeNumber(*value);
    if (!number)
        return error(key, fmt::format("{} is not a whole number", shown(*value)));
    if (*number < smallest || *number > largest)
        return error(key, fmt::format("{} lies outside {} to {}", *number, smallest, largest));
    return static_cast<int>(*number);
}

Result<int> ConfigReader::integerOr(std::string_view key, int fallback, int smallest, int largest) const
{
    return has(key) ? integer(key, smallest, largest) : Result<int>(fallback);
}

Result<int> ConfigReader::integerAlias(std::initializer_list<std::string_view> keys, int smallest, int largest) const
{
    std::optional<int> agreed;
    std::string_view from;
    for (const std::string_view key : keys) {
        if (!has(key))
            continue;
        ESPALIER_TRY(const int number, integer(key, smallest, largest));
        if (agreed && *agreed != number)
            return error(key, fmt::format("{} contradicts {} = {}", number, from, *agreed),
                         "Both names mean the same number; correct the stale one");
        agreed = number;
        from = key;
    }
    if (!agreed)
        return error(*keys.begin(), "the key is missing");
    return *agreed;
}

Result<double> ConfigReader::positiveOr(std::string_view key, double fallback) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return fallback;
    if (!value->is_number())
        return error(key, fmt::format("{} is not a number", shown(*value)));
    const double number = value->get<double>();
    if (!std::isfinite(number) || number <= 0)
        return error(key, fmt::format("{} is not greater than zero", shown(*value)));
    return number;
}

Result<double> ConfigReader::numberOr(std::string_view key, double fallback) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return fallback;
    if (!value->is_number() || !std::isfinite(value->get<double>()))
        return error(key, fmt::format("{} is not a number", shown(*value)));
    return value->get<double>();
}

Result<std::vector<double>> ConfigReader::numbers(std::string_view key) const
{
    std::vector<double> result;
    const auto* value = find(key);
    if (value == nullptr)
        return result;
    if (!value->is_array())
        return error(key, fmt::format("{} is not a list", shown(*value)));
    for (const auto& item : *value) {
        if (!item.is_number() || !std::isfinite(item.get<double>()) || item.get<double>() <= 0)
            return error(key, fmt::format("{} is not a number greater than zero", shown(item)));
        result.push_back(item.get<double>());
    }
    return result;
}

Result<bool> ConfigReader::booleanOr(std::string_view key, bool fallback) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return fallback;
    if (!value->is_boolean())
        return error(key, fmt::format("{} is neither true nor false", shown(*value)));
    return value->get<bool>();
}

Result<std::string> ConfigReader::textOr(std::string_view key, std::string_view fallback) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return std::string(fallback);
    if (!value->is_string())
        return error(key, fmt::format("{} is not text", shown(*value)));
    return value->get<std::string>();
}

Result<std::vector<int>> ConfigReader::integers(std::string_view key) const
{
    std::vector<int> numbers;
    const auto* value = find(key);
    if (value == nullptr)
        return numbers;
    if (!value->is_array())
        return error(key, fmt::format("{} is not a list", shown(*value)));
    for (const auto& item : *value) {
        const auto number = wholeNumber(item);
        if (!number || *number < 0 || *number > std::numeric_limits<int>::max())
            return error(key, fmt::format("{} is not a whole number from 0", shown(item)));
        numbers.push_back(static_cast<int>(*number));
    }
    return numbers;
}

Result<std::optional<ConfigReader>> ConfigReader::object(std::string_view key) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return std::optional<ConfigReader>();
    if (!value->is_object())
        return error(key, fmt::format("{} is not an object", shown(*value)));
    return std::optional<ConfigReader>(ConfigReader(*value, m_file, fmt::format("{}{}.", m_prefix, key)));
}

} // namespace espalier::model
