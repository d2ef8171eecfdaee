// SPDX-License-Identifier: Apache-2.0
// The tokenizer that belongs to a model: tokenizer.json of its folder, or what a GGUF file carries in its metadata.
#pragma once

#include "core/checkpoint/checkpoint.h"
#include "core/tokenizer/tokenizer_source.h"

#include <filesystem>

namespace espalier::tokenizer {

/// Errors as Tokenizer::load() and makeTokenizer() have them.
[[nodiscard]] Result<Tokenizer> tokenizerOf(const checkpoint::Checkpoint& checkpoint);
/// The same by what stands for the model: a folder with tokenizer.json (weights need not be there), a .gguf file, or a
/// folder that holds one.
[[nodiscard]] Result<Tokenizer> tokenizerAt(const std::filesystem::path& path);

/// The keys tokenizer.ggml.*, with llama.cpp's defaults for absent ones. BadInput, naming the key, for other models
/// than "gpt2" (byte-level) and "llama" (SentencePiece), for arrays that are missing or of wrong types, token types out
/// of range and tokens that are not UTF-8.
[[nodiscard]] Result<TokenizerSource> ggufTokenizerSource(const checkpoint::GgufMetadata& metadata,
                                                          const std::string& file);

} // namespace espalier::tokenizer
