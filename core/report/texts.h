// SPDX-License-Identifier: Apache-2.0
// The words of a report: English, or what a reader's catalogue says instead. Patterns are those of fmt; a translation
// may name its places {0}, {1} in another order. Numbers, names, commands and messages of the core stay as they are.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

namespace espalier::report {

class Texts {
public:
    /// The translation of an English text; the text itself where there is none. Called in makeReport's thread.
    using Lookup = std::function<std::string(std::string_view english)>;

    Texts() = default;
    explicit Texts(Lookup lookup) : m_lookup(std::move(lookup)) {}

    [[nodiscard]] std::string operator()(std::string_view english) const
    {
        return m_lookup ? m_lookup(english) : std::string(english);
    }
    /// A translation whose places do not fit gives way to the English pattern.
    template <typename First, typename... More>
    [[nodiscard]] std::string operator()(std::string_view pattern, const First& first, const More&... more) const
    {
        return fill(pattern, fmt::make_format_args(first, more...));
    }

private:
    [[nodiscard]] std::string fill(std::string_view pattern, fmt::format_args values) const
    {
        try {
            return fmt::vformat((*this)(pattern), values);
        } catch (const fmt::format_error&) {
            return fmt::vformat(pattern, values);
        }
    }

    Lookup m_lookup;
};

} // namespace espalier::report
