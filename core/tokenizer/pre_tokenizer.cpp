// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/pre_tokenizer.h"

#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/json_fields.h"

#include <fmt/format.h>

namespace espalier::tokenizer {
namespace {

constexpr const char* kPlace = "pre_tokenizer";
/// GPT-2's own pattern, which ByteLevel uses when use_regex is true.
constexpr std::string_view kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

} // namespace

Result<PreTokenizer> PreTokenizer::fromJson(const base::OrderedJson& json, const std::string& file)
{
    PreTokenizer out;
    if (!json.is_null())
        ESPALIER_CHECK(out.add(json, file));
    return out;
}

Result<PreTokenizer> PreTokenizer::fromPatterns(const std::vector<std::string>& patterns, const std::string& file)
{
    PreTokenizer out;
    for (const auto& pattern : patterns) {
        ESPALIER_TRY(auto compiled, Pattern::compile(pattern, file, kPlace));
        Step step;
        step.pattern.emplace(std::move(compiled));
        out.m_steps.push_back(std::move(step));
    }
    ESPALIER_CHECK(out.addByteLevel(false, false, file));
    return out;
}

Result<void> PreTokenizer::add(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, kPlace);
    ESPALIER_CHECK(fields.needObject());
    ESPALIER_TRY(const auto type, fields.text("type"));
    if (type == "Sequence") {
        ESPALIER_TRY(const auto* parts, fields.list("pretokenizers"));
        for (const auto& part : *parts)
            ESPALIER_CHECK(add(part, file));
        return {};
    }
    if (type == "Split")
        return addSplit(json, file);
    if (type == "Metaspace")
        return addMetaspace(json, file);
    if (type == "Digits") {
        ESPALIER_TRY(const bool individual, fields.flagOr("individual_digits", false));
        const std::string digits = fmt::format("[\\p{{N}}{}]{}", newerCharacters("digits"), individual ? "" : "+");
        ESPALIER_TRY(auto compiled, Pattern::compilePcre(digits, "Digits", file, kPlace));
        Step step;
        step.pattern.emplace(std::move(compiled));
        m_steps.push_back(std::move(step));
        return {};
    }
    if (type == "ByteLevel") {
        ESPALIER_TRY(const bool prefix, fields.flagOr("add_prefix_space", true));
        ESPALIER_TRY(const bool split, fields.flagOr("use_regex", true));
        return addByteLevel(prefix, split, file);
    }
    return fields.error(fmt::format("the pre-tokenizer '{}' is not supported", type),
                        "Supported are Split, Digits, ByteLevel, Metaspace and Sequence");
}

Result<void> PreTokenizer::addSplit(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, kPlace);
    const auto* pattern = fields.find("pattern");
    const JsonFields inner(pattern == nullptr ? json : *pattern, file, "pre_tokenizer pattern");
    Step step;
    if (inner.find("Regex") != nullptr) {
        ESPALIER_TRY(const auto expression, inner.text("Regex"));
        ESPALIER_TRY(auto compiled, Pattern::compile(expression, file, kPlace));
        step.pattern.emplace(std::move(compiled));
    } else {
        ESPALIER_TRY(const auto text, inner.text("String"));
        ESPALIER_TRY(auto compiled, Pattern::literal(text, file, kPlace));
        step.pattern.emplace(std::move(compiled));
    }
    ESPALIER_TRY(const auto behavior, fields.text("behavior"));
    ESPALIER_TRY(step.behavior, splitBehavior(behavior, file));
    ESPALIER_TRY(step.invert, fields.flagOr("invert", false));
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PreTokenizer::addMetaspace(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, kPlace);
    Step step;
    ESPALIER_TRY(step.space, fields.text("replacement"));
    step.prefixText = step.space;
    ESPALIER_TRY(const bool legacy, fields.flagOr("add_prefix_space", true));
    ESPALIER_TRY(const auto scheme, fields.textOr("prepend_scheme", legacy ? "always" : "never"));
    if (scheme == "always")
        step.prefix = Prefix::Always;
    else if (scheme == "first")
        step.prefix = Prefix::First;
    else if (scheme != "never")
        return fields.error(fmt::format("the prepend_scheme '{}' is not supported", scheme));
    ESPALIER_TRY(const bool split, fields.flagOr("split", true));
    if (split) {
        ESPALIER_TRY(auto compiled, Pattern::literal(step.space, file, kPlace));
        step.pattern.emplace(std::move(compiled));
        step.behavior = SplitBehavior::MergedWithNext;
    }
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PreTokenizer::addByteLevel(bool prefixSpace, bool split, const std::string& file)
{
    Step step;
    step.prefix = prefixSpace ? Prefix::Always : Prefix::Never;
    step.prefixText = " ";
    step.bytes = true;
    if (split) {
        ESPALIER_TRY(auto compiled, Pattern::compile(kByteLevelPattern, file, kPlace));
        step.pattern.emplace(std::move(compiled));
    }
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PreTokenizer::run(const Step& step, Piece piece, std::vector<Piece>& out)
{
    if (!step.space.empty() && piece.text.find(' ') != std::string::npos) {
        std::string replaced;
        for (const char c : piece.text)
            c == ' ' ? replaced.append(step.space) : replaced.append(1, c);
        piece.text = std::move(replaced);
    }
    const bool wanted = step.prefix == Prefix::Always || (step.prefix == Prefix::First && piece.first);
    if (wanted && !piece.text.starts_with(step.prefixText))
        piece.text.insert(0, step.prefixText);
    const auto take = [&](std::string_view text, bool first) {
        if (!text.empty())
            out.push_back({step.bytes ? bytesToAlphabet(text) : std::string(text), first});
    };
    if (!step.pattern) {
        take(piece.text, piece.first);
        return {};
    }
    ESPALIER_TRY(const auto matches, step.pattern->matches(piece.text));
    for (const auto& range : splitRanges(piece.text, matches, step.behavior, step.invert))
        take(std::string_view(piece.text).substr(range.begin, range.end - range.begin),
             piece.first && range.begin == 0);
    return {};
}

Result<std::vector<std::string>> PreTokenizer::pieces(std::string_view text, bool atStart) const
{
    std::vector<Piece> current;
    if (!text.empty())
        current.push_back({std::string(text), atStart});
    for (const auto& step : m_steps) {
        std::vector<Piece> next;
        for (auto& piece : current)
            ESPALIER_CHECK(run(step, std::move(piece), next));
        current = std::move(next);
    }
    std::vector<std::string> out;
    out.reserve(current.size());
    for (auto& piece : current)
        out.push_back(std::move(piece.text));
    return out;
}

} // namespace espalier::tokenizer
