// SPDX-License-Identifier: Apache-2.0
#include "core/report/markup.h"

#include "core/bundle/picture.h"

#include <cstdint>

namespace espalier::report {

std::string markup(std::string_view text)
{
    std::string legal;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
        bool good = length > 0 && lead < 0xF5 && i + length <= text.size();
        std::uint32_t code = length <= 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t n = 1; good && n < length; ++n) {
            const auto next = static_cast<unsigned char>(text[i + n]);
            good = (next & 0xC0U) == 0x80;
            code = code << 6U | (next & 0x3FU);
        }
        const bool overlong = (length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF));
        const bool control = code < 0x20 && code != '\n' && code != '\t';
        if (!good || overlong || control || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF)
            legal += "\xEF\xBF\xBD";
        else
            legal += text.substr(i, length);
        i += good ? length : 1;
    }
    return bundle::escapeMarkup(legal);
}

} // namespace espalier::report
