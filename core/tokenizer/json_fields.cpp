// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/json_fields.h"

#include <fmt/format.h>

namespace espalier::tokenizer {

Error JsonFields::error(std::string message, std::string remedy) const
{
    return badInput(std::move(message), m_file, m_place, std::move(remedy));
}

Result<void> JsonFields::needObject() const
{
    if (!m_json.is_object())
        return error(fmt::format("an object was expected, this is a {}", m_json.type_name()));
    return {};
}

const base::OrderedJson* JsonFields::find(const char* key) const
{
    if (!m_json.is_object())
        return nullptr;
    const auto found = m_json.find(key);
    return found == m_json.end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> JsonFields::text(const char* key) const
{
    const auto* value = find(key);
    if (value == nullptr || !value->is_string())
        return error(fmt::format("the key {} must be a string", key));
    return value->get<std::string>();
}

Result<std::string> JsonFields::textOr(const char* key, std::string fallback) const
{
    return find(key) == nullptr ? Result<std::string>(std::move(fallback)) : text(key);
}

Result<bool> JsonFields::flagOr(const char* key, bool fallback) const
{
    const auto* value = find(key);
    if (value == nullptr)
        return fallback;
    if (!value->is_boolean())
        return error(fmt::format("the key {} must be true or false", key));
    return value->get<bool>();
}

Result<std::int64_t> JsonFields::integer(const char* key, std::int64_t low, std::int64_t high) const
{
    const auto* value = find(key);
    const bool small = value != nullptr && value->is_number_integer() &&
                       (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX);
    if (!small || value->get<std::int64_t>() < low || value->get<std::int64_t>() > high)
        return error(fmt::format("the key {} must be a whole number from {} to {}", key, low, high));
    return value->get<std::int64_t>();
}

Result<std::int64_t> JsonFields::integerOr(const char* key, std::int64_t low, std::int64_t high,
                                           std::int64_t fallback) const
{
    return find(key) == nullptr ? Result<std::int64_t>(fallback) : integer(key, low, high);
}

Result<const base::OrderedJson*> JsonFields::list(const char* key) const
{
    const auto* value = find(key);
    if (value == nullptr || !value->is_array())
        return error(fmt::format("the key {} must be a list", key));
    return value;
}

} // namespace espalier::tokenizer
