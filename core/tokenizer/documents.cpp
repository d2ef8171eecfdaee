// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/documents.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <utility>

namespace espalier::tokenizer {
namespace {

constexpr ByteSize kDataLimit{std::uint64_t{4} << 30U}; // texts are held in memory while they are cut
constexpr ByteSize kLineLimit{std::uint64_t{256} << 20U};

/// String value of `key`, empty optional when absent; BadInput when it is something else.
Result<std::optional<std::string>> textValue(const base::OrderedJson& object, const char* key, const std::string& file,
                                             const std::string& place)
{
    const auto found = object.find(key);
    if (found == object.end())
        return std::optional<std::string>();
    if (!found->is_string())
        return badInput(fmt::format("\"{}\" is a {}, not a string", key, found->type_name()), file, place);
    return std::optional<std::string>(found->get<std::string>());
}

/// `query`, `choices` and `gold`; the right choice becomes the answer, with the space between that lm-eval writes.
Result<void> readChoices(const base::OrderedJson& object, Document& document, const std::string& file,
                         const std::string& place)
{
    const auto& choices = object["choices"];
    const auto refuse = [&](std::string why) -> Result<void> {
        return badInput(std::move(why), file, place,
                        R"(Write {"query": "...", "choices": ["...", "..."], "gold": 0}; gold counts from 0)");
    };
    const char* key = object.contains("query") ? "query" : "prompt";
    ESPALIER_TRY(const auto query, textValue(object, key, file, place));
    if (!query || query->empty())
        return refuse("\"choices\" has no \"query\"");
    if (!choices.is_array() || choices.size() < 2)
        return refuse("\"choices\" is no list of at least two texts");
    for (const auto& choice : choices) {
        if (!choice.is_string() || choice.get_ref<const std::string&>().empty())
            return refuse("\"choices\" holds something else than texts");
        document.choices.push_back(choice.get<std::string>());
    }
    const auto gold = object.find("gold");
    if (gold == object.end() || !gold->is_number_integer() || gold->get<std::int64_t>() < 0 ||
        std::cmp_greater_equal(gold->get<std::int64_t>(), document.choices.size()))
        return refuse("\"gold\" names none of the choices");
    document.gold = gold->get<std::int32_t>();
    document.prompt = *query;
    document.answer = " " + document.choices[static_cast<std::size_t>(document.gold)];
    document.text = document.prompt + document.answer;
    return {};
}

Result<Document> documentOf(std::string_view line, std::int64_t number, const std::string& file)
{
    const std::string place = fmt::format("line {}", number);
    if (line.size() > kLineLimit.value())
        return badInput("the line is longer than 256 MiB", file, place, "Split it into several documents");
    auto json = base::parseJson(line, file);
    if (!json) {
        Error error = json.error();
        error.place = place; // of the file; the parser counted inside this line
        error.remedy = R"(Every line is one JSON object: {"text": "..."} or {"prompt": "...", "answer": "..."})";
        return error;
    }
    const auto& object = json.value();
    if (!object.is_object())
        return badInput(fmt::format("the line holds a JSON {}, not an object", object.type_name()), file, place,
                        R"(Write {"text": "..."} or {"prompt": "...", "answer": "..."})");
    Document document;
    document.line = number;
    ESPALIER_TRY(const auto text, textValue(object, "text", file, place));
    ESPALIER_TRY(const auto prompt, textValue(object, "prompt", file, place));
    ESPALIER_TRY(const auto answer, textValue(object, "answer", file, place));
    if (prompt && answer) {
        document.prompt = *prompt;
        document.answer = *answer;
        document.text = *prompt + *answer;
        document.task = true;
    } else if (object.contains("choices")) {
        ESPALIER_CHECK(readChoices(object, document, file, place));
    } else if (text) {
        document.text = *text;
    } else if (object.contains("messages")) {
        return badInput(
            "the line holds chat \"messages\", which need the model's own chat template, and templates are "
            "not run here",
            file, place,
            "Render them once with transformers, tokenizer.apply_chat_template(messages, tokenize=False), "
            "and store each result as {\"text\": ...}; the manual has the whole command under File formats");
    } else {
        return badInput(prompt   ? "\"prompt\" has no \"answer\""
                        : answer ? "\"answer\" has no \"prompt\""
                                 : "there is neither \"text\" nor \"prompt\" with \"answer\"",
                        file, place);
    }
    if (document.text.empty())
        return badInput("the document is empty", file, place, "Remove the line");
    return document;
}

} // namespace

Result<DataFile> parseDataArgument(std::string_view argument)
{
    const auto equals = argument.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == argument.size())
        return usageError(fmt::format("'{}' is not NAME=FILE", argument), "Write a name, '=' and a file: law=law.txt");
    const std::string_view name = argument.substr(0, equals);
    const auto fine = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '+' ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    if (!std::all_of(name.begin(), name.end(), fine) || !base::isUtf8(name))
        return usageError(fmt::format("'{}' cannot be a domain's name", name),
                          "Use letters, digits, '-', '_', '.' and '+'");
    return DataFile{std::string(name), std::string(argument.substr(equals + 1))};
}

Result<DataSet> readDocuments(const DataFile& file)
{
    const std::string path = file.path.string();
    const std::string ending = file.path.extension().string();
    if (ending != ".txt" && ending != ".jsonl")
        return badInput(fmt::format("files ending in '{}' are not read as texts", ending), path, {},
                        "Use .txt (one document) or .jsonl (one document a line)");
    ESPALIER_TRY(const std::string content, base::readTextFile(file.path, kDataLimit));
    std::size_t bad = 0;
    if (!base::isUtf8(content, &bad)) {
        const auto line = 1 + std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
        return badInput("the text is not UTF-8", path, fmt::format("line {}, byte {}", line, bad),
                        "Convert it, for example with iconv -t UTF-8");
    }
    DataSet data;
    data.name = file.name;
    data.sha256 = base::sha256(content);
    if (ending == ".txt") {
        if (!content.empty())
            data.documents.push_back({content, {}, {}, false, {}, 0, 1});
    } else {
        std::int64_t number = 0;
        for (std::size_t begin = 0; begin < content.size();) {
            const auto end = std::min(content.find('\n', begin), content.size());
            const std::string_view line = std::string_view(content).substr(begin, end - begin);
            begin = end + 1;
            ++number;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos)
                continue;
            ESPALIER_TRY(auto document, documentOf(line, number, path));
            data.documents.push_back(std::move(document));
        }
    }
    if (data.documents.empty())
        return badInput("the file holds no text", path, {}, "Give a file with at least one document");
    return data;
}

Result<std::vector<Window>> cutIntoWindows(const DataSet& data, const Tokenizer& tokenizer, std::int64_t context,
                                           TokenCount maxTokens)
{
    if (context < 1)
        return usageError(fmt::format("windows of {} tokens are not possible", context));
    std::vector<Window> windows;
    std::int64_t left = maxTokens.value() > 0 ? maxTokens.value() : INT64_MAX;
    for (std::size_t d = 0; d < data.documents.size() && left > 0; ++d) {
        ESPALIER_TRY(const auto ids, tokenizer.encode(data.documents[d].text, true));
        for (std::size_t begin = 0; begin < ids.size() && left > 0;) {
            const auto take = std::min<std::int64_t>({context, left, static_cast<std::int64_t>(ids.size() - begin)});
            const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
            windows.push_back({static_cast<std::int32_t>(d), {first, first + static_cast<std::ptrdiff_t>(take)}});
            begin += static_cast<std::size_t>(take);
            left -= take;
        }
    }
    return windows;
}

} // namespace espalier::tokenizer
