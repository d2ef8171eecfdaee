// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/decoder.h"

#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/json_fields.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace espalier::tokenizer {
namespace {

constexpr std::string_view kMetaspace = "\u2581";

/// The byte of "<0xNN>".
std::optional<char> byteOf(std::string_view entry)
{
    unsigned value = 0;
    if (entry.size() != 6 || !entry.starts_with("<0x") || entry.back() != '>')
        return std::nullopt;
    const auto [end, error] = std::from_chars(entry.data() + 3, entry.data() + 5, value, 16);
    if (error != std::errc() || end != entry.data() + 5)
        return std::nullopt;
    return static_cast<char>(static_cast<unsigned char>(value));
}

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

} // namespace

Decoder Decoder::byteLevel()
{
    Decoder out;
    out.m_byteLevel = true;
    return out;
}

Decoder Decoder::sentencePiece(bool stripSpace)
{
    Decoder out;
    out.m_byteFallback = true;
    out.m_replace.emplace_back(kMetaspace, " ");
    out.m_strip = " ";
    out.m_stripCount = stripSpace ? 1 : 0;
    return out;
}

Result<Decoder> Decoder::fromJson(const base::OrderedJson& json, const std::string& file)
{
    Decoder out;
    if (!json.is_null())
        ESPALIER_CHECK(out.add(json, file));
    return out;
}

Result<void> Decoder::add(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, "decoder");
    ESPALIER_CHECK(fields.needObject());
    ESPALIER_TRY(const auto type, fields.text("type"));
    if (type == "Sequence") {
        ESPALIER_TRY(const auto* parts, fields.list("decoders"));
        for (const auto& part : *parts)
            ESPALIER_CHECK(add(part, file));
        return {};
    }
    if (type == "ByteLevel")
        m_byteLevel = true;
    else if (type == "ByteFallback")
        m_byteFallback = true;
    else if (type == "Fuse")
        return {}; // entries are joined anyway
    else if (type == "Replace") {
        const auto* pattern = fields.find("pattern");
        ESPALIER_TRY(auto from,
                     JsonFields(pattern == nullptr ? json : *pattern, file, "decoder pattern").text("String"));
        ESPALIER_TRY(auto to, fields.text("content"));
        if (to.size() > 64) // every entry is kept decoded
            return fields.error("the decoder Replace puts in more than 64 bytes");
        if (!from.empty())
            m_replace.emplace_back(std::move(from), std::move(to));
    } else if (type == "Strip") {
        ESPALIER_TRY(m_strip, fields.text("content"));
        ESPALIER_TRY(m_stripCount, fields.integerOr("start", 0, 1 << 20, 0));
        ESPALIER_TRY(const auto stop, fields.integerOr("stop", 0, 1 << 20, 0));
        if (stop != 0)
            return fields.error("the decoder Strip with stop is not supported");
    } else if (type == "Metaspace") {
        ESPALIER_TRY(auto replacement, fields.text("replacement"));
        ESPALIER_TRY(const auto scheme, fields.textOr("prepend_scheme", "always"));
        if (!replacement.empty())
            m_replace.emplace_back(std::move(replacement), " ");
        m_strip = " ";
        m_stripCount = scheme == "never" ? 0 : 1;
    } else {
        return fields.error(fmt::format("the decoder '{}' is not supported", type),
                            "Supported are ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace and Sequence");
    }
    return {};
}

std::string Decoder::bytes(std::string_view entry) const
{
    if (m_byteLevel)
        if (auto bytes = alphabetToBytes(entry))
            return std::move(*bytes);
    if (m_byteFallback)
        if (const auto byte = byteOf(entry))
            return std::string(1, *byte);
    std::string text(entry);
    for (const auto& [from, to] : m_replace)
        replaceAll(text, from, to);
    return text;
}

void Decoder::strip(std::string& text) const
{
    if (m_strip.empty())
        return;
    std::size_t at = 0;
    for (std::int64_t i = 0; i < m_stripCount && text.compare(at, m_strip.size(), m_strip) == 0; ++i)
        at += m_strip.size();
    text.erase(0, at);
}

} // namespace espalier::tokenizer
