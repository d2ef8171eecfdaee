// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/mutate.h"

#include "core/base/json.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace espalier::fuzz {

namespace {

using base::OrderedJson;

std::size_t below(Random& random, std::size_t end)
{
    return end == 0 ? 0 : static_cast<std::size_t>(random() % end);
}

/// Mostly one: what is changed often is refused early.
std::uint64_t fewTimes(Random& random)
{
    return random() % 4 == 0 ? 2 + random() % 3 : 1;
}

constexpr std::array<std::string_view, 28> kTexts{"0",
                                                  "-1",
                                                  "1e999",
                                                  "18446744073709551615",
                                                  "9223372036854775808",
                                                  "4294967296",
                                                  "2147483648",
                                                  "1.5",
                                                  "null",
                                                  "true",
                                                  "[]",
                                                  "{}",
                                                  "\"\"",
                                                  "[[[[[[[[[[",
                                                  ",",
                                                  "\"\"",
                                                  "\\u0000",
                                                  "\\ud800",
                                                  "\xff",
                                                  "\xed\xa0\x80",
                                                  "\xf4\x90\x80\x80",
                                                  "../",
                                                  "\\",
                                                  "\n",
                                                  "NaN",
                                                  "-0",
                                                  ":",
                                                  "}"};
constexpr std::array<std::uint64_t, 12> kNumbers{0,
                                                 1,
                                                 0x7f,
                                                 0xff,
                                                 0xffff,
                                                 0x7fffffff,
                                                 0x80000000,
                                                 0xffffffff,
                                                 0x7fffffffffffffff,
                                                 0x8000000000000000,
                                                 0xffffffffffffffff,
                                                 0x2000000000000001};

void changeBytes(std::string& text, const std::string& other, Random& random)
{
    // Binary files begin with what is parsed and end with data
    const std::size_t at = below(random, random() % 2 == 0 ? text.size() : std::min<std::size_t>(text.size(), 1500));
    const std::size_t length = 1 + below(random, std::min<std::size_t>(text.size() - at, 64));
    switch (random() % 9) {
    case 0:
        text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << random() % 8));
        break;
    case 1:
        text[at] = static_cast<char>(random() % 256);
        break;
    case 2:
        text.erase(at, length);
        break;
    case 3:
        text.insert(below(random, text.size() + 1), text.substr(at, length));
        break;
    case 4:
        text.resize(at);
        break;
    case 5:
        text.insert(at, kTexts[below(random, kTexts.size())]);
        break;
    case 6: { // a number where digits stand, else somewhere
        const std::size_t digit = text.find_first_of("0123456789", at);
        const std::size_t from = digit == std::string::npos ? at : digit;
        const std::size_t end = std::min(text.find_first_not_of("0123456789", from), text.size());
        text.replace(from, end - from, kTexts[below(random, 12)]);
        break;
    }
    case 7: { // little-endian, as binary headers have them
        const std::uint64_t number = kNumbers[below(random, kNumbers.size())];
        const std::size_t width = random() % 2 == 0 ? 4 : 8;
        std::memcpy(text.data() + at, &number, std::min(width, text.size() - at));
        break;
    }
    default:
        if (!other.empty())
            text.replace(at, length, other.substr(below(random, other.size()), length));
    }
}

OrderedJson oddValue(Random& random)
{
    switch (random() % 16) {
    case 0:
        return nullptr;
    case 1:
        return true;
    case 2:
        return -1;
    case 3:
        return 0;
    case 4:
        return kNumbers[below(random, kNumbers.size())];
    case 5:
        return 1e308;
    case 6:
        return -0.5;
    case 7:
        return "";
    case 8:
        return std::string(1000, 'x');
    case 9:
        return OrderedJson::array();
    case 10:
        return OrderedJson::object();
    case 11:
        return {1, 2, 3};
    case 12:
        return {{"a", 1}};
    case 13:
        return "\xf0\x9f\x8d\x87\xe2\x96\x81";
    case 14:
        return 7;
    default:
        return 65;
    }
}

/// Pointers to all values, so that each is as likely.
void collect(OrderedJson& value, std::vector<OrderedJson*>& all)
{
    all.push_back(&value);
    for (auto& inner : value)
        if (value.is_structured())
            collect(inner, all);
}

void changeContainer(OrderedJson& value, Random& random)
{
    const std::size_t at = below(random, value.size());
    if (value.is_array()) {
        if (random() % 2 == 0)
            value.erase(at);
        else
            value.insert(value.begin(), OrderedJson(value[at]));
        return;
    }
    const std::string key =
        std::next(value.get_ref<const OrderedJson::object_t&>().begin(), static_cast<std::ptrdiff_t>(at))->first;
    if (random() % 2 == 0) {
        value.erase(key);
    } else {
        OrderedJson moved = value[key];
        value.erase(key);
        value[random() % 2 == 0 ? key + "_" : key.substr(0, key.size() / 2)] = std::move(moved);
    }
}

void changeJson(OrderedJson& root, Random& random)
{
    std::vector<OrderedJson*> all;
    collect(root, all);
    OrderedJson& value = *all[below(random, all.size())];
    const auto kind = random() % 6;
    if (kind == 0 && value.is_structured() && !value.empty())
        changeContainer(value, random);
    else if (kind == 1 && value.is_number_integer())
        value = static_cast<std::int64_t>(value.get<std::uint64_t>() + random() % 5 - 2); // wraps around at the ends
    else if (kind == 2 && value.is_string())
        value = value.get<std::string>() + std::string(kTexts[below(random, kTexts.size() - 10)]);
    else if (kind == 3)
        value = OrderedJson(*all[below(random, all.size())]);
    else
        value = oddValue(random);
}

} // namespace

std::string mutate(const std::vector<std::string>& seeds, std::size_t which, Random& random)
{
    std::string text = seeds[which];
    const std::size_t brace = text.find('{');
    if (random() % 2 == 0 && brace < 2) {
        auto json = OrderedJson::parse(text.substr(brace), nullptr, false);
        if (!json.is_discarded()) {
            for (auto changes = fewTimes(random); changes > 0; --changes)
                changeJson(json, random);
            return text.substr(0, brace) + json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
        }
    }
    const std::string& other = seeds[below(random, seeds.size())];
    for (auto changes = fewTimes(random); changes > 0 && !text.empty(); --changes)
        changeBytes(text, other, random);
    return text;
}

} // namespace espalier::fuzz
