// SPDX-License-Identifier: Apache-2.0
// Vocabulary entries back to bytes: the decoders of tokenizer.json.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace espalier::tokenizer {

class Decoder {
public:
    /// `json` may be null (entries are joined as they are). BadInput names a component that is not implemented.
    [[nodiscard]] static Result<Decoder> fromJson(const base::OrderedJson& json, const std::string& file);
    [[nodiscard]] static Decoder byteLevel();
    /// U+2581 to spaces, <0xNN> to bytes; one space at the beginning of a text goes when `stripSpace`.
    [[nodiscard]] static Decoder sentencePiece(bool stripSpace);

    /// Bytes of one entry.
    [[nodiscard]] std::string bytes(std::string_view entry) const;
    /// Takes off what the tokenizer put before the beginning of a text.
    void strip(std::string& text) const;

private:
    Result<void> add(const base::OrderedJson& json, const std::string& file);
    bool m_byteLevel = false, m_byteFallback = false;
    std::vector<std::pair<std::string, std::string>> m_replace;
    std::string m_strip; ///< taken off the left up to m_stripCount times
    std::int64_t m_stripCount = 0;
};

} // namespace espalier::tokenizer
