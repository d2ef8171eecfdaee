// SPDX-License-Identifier: Apache-2.0
// GPT-2's byte alphabet: every byte has a printable character, so that any text can be written in a JSON vocabulary.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::tokenizer {

/// UTF-8 of the character that stands for a byte.
[[nodiscard]] const std::array<std::string, 256>& byteCharacters();
/// Every byte of `bytes` as its character.
[[nodiscard]] std::string bytesToAlphabet(std::string_view bytes);
/// Bytes of a vocabulary entry written in the alphabet; nothing when it has a character outside it.
[[nodiscard]] std::optional<std::string> alphabetToBytes(std::string_view entry);

} // namespace espalier::tokenizer
