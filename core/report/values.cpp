// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_size.h"
#include "core/report/sections.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace espalier::report {

std::string sizeText(std::uint64_t bytes)
{
    return base::formatByteSize(ByteSize(bytes));
}

std::string numberText(double value, int digits)
{
    return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : kUnknown;
}

std::string percentText(double share, int digits)
{
    return std::isfinite(share) ? fmt::format("{:.{}f} %", 100 * share, digits) : kUnknown;
}

std::string rangeText(const Texts& t, double low, double high, int digits)
{
    return std::isfinite(low) && std::isfinite(high) ? t("{} to {}", numberText(low, digits), numberText(high, digits))
                                                     : kUnknown;
}

std::string whenText(const std::string& stamp)
{
    constexpr std::size_t kLength = 20, kMinutes = 16;
    if (stamp.size() != kLength || stamp[10] != 'T' || stamp.back() != 'Z')
        return stamp;
    return stamp.substr(0, 10) + " " + stamp.substr(11, kMinutes - 11);
}

std::string rangesOf(const std::vector<std::int32_t>& ids)
{
    std::string out;
    for (std::size_t i = 0; i < ids.size();) {
        std::size_t end = i;
        while (end + 1 < ids.size() && ids[end + 1] == ids[end] + 1)
            ++end;
        out += out.empty() ? "" : ", ";
        out += end == i       ? fmt::format("{}", ids[i])
               : end == i + 1 ? fmt::format("{}, {}", ids[i], ids[end])
                              : fmt::format("{}–{}", ids[i], ids[end]);
        i = end + 1;
    }
    return out;
}

std::string shortened(const std::string& name, std::size_t most)
{
    std::size_t characters = 0;
    for (std::size_t i = 0; i < name.size(); ++i)
        if ((static_cast<unsigned char>(name[i]) & 0xC0U) != 0x80 && ++characters > most)
            return name.substr(0, i) + "…";
    return name;
}

double numberAt(const base::OrderedJson& json, std::string_view key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_number() ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string textAt(const base::OrderedJson& json, std::string_view key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const base::OrderedJson& objectAt(const base::OrderedJson& json, std::string_view key)
{
    static const base::OrderedJson none = base::OrderedJson::object();
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_object() ? *found : none;
}

const base::OrderedJson& listAt(const base::OrderedJson& json, std::string_view key)
{
    static const base::OrderedJson none = base::OrderedJson::array();
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_array() ? *found : none;
}

} // namespace espalier::report
