// SPDX-License-Identifier: Apache-2.0
// Texts from users: .txt (one document) and .jsonl (one document a line: `text`, `prompt`+`answer`, or
// `query`+`choices`+`gold`, read as the right choice behind the query). UTF-8 is
// checked; a broken line is BadInput with its number. Documents are cut into windows; they are never packed together.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/tokenizer/tokenizer.h"

#include <filesystem>
#include <string>
#include <vector>

namespace espalier::tokenizer {

struct Document {
    std::string text;   ///< for prompt+answer: both joined without a separator
    std::string prompt; ///< empty for plain text
    std::string answer;
    bool task = false;                ///< has prompt and answer
    std::vector<std::string> choices; ///< of a multiple choice item, else empty; `answer` is the right one
    std::int32_t gold = 0;            ///< index of the right one
    std::int64_t line = 1;
};

/// A named file of texts, as --data DOMAIN=FILE gives it.
struct DataFile {
    std::string name;
    std::filesystem::path path;
};
/// "json=calibration/json.jsonl"; Usage error when there is no '=' or the name is empty or has odd characters.
[[nodiscard]] Result<DataFile> parseDataArgument(std::string_view argument);

struct DataSet {
    std::string name;
    std::string sha256; ///< of the file
    std::vector<Document> documents;
};
/// Refuses empty files, files without any document, non-UTF-8 text, unknown endings.
[[nodiscard]] Result<DataSet> readDocuments(const DataFile& file);

/// A run of tokens that goes through the model on its own.
struct Window {
    std::int32_t document = 0; ///< index into DataSet::documents
    std::vector<TokenId> ids;
};

/// Cuts every document into windows of at most `context` tokens, in order, until `maxTokens` tokens are taken
/// (the last window may be cut; 0 = no limit). Special tokens only as the tokenizer's post-processor adds them.
[[nodiscard]] Result<std::vector<Window>> cutIntoWindows(const DataSet& data, const Tokenizer& tokenizer,
                                                         std::int64_t context, TokenCount maxTokens);

} // namespace espalier::tokenizer
