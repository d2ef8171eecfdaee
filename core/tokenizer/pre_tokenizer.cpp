// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/tokenizer/pre_tokenizer.h"

#include <fmt/format.h>
#include <pcre2.h>

namespace espalier::tokenizer {

struct Pattern::Code {
    pcre2_code* code = nullptr;
    pcre2_match_context* context = nullptr;
    ~Code()
    {
        pcre2_match_context_free(context);
        pcre2_code_free(code);
    }
};

Pattern::Pattern(std::unique_ptr<Code> code) : m_code(std::move(code))
{
}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(const std::string& expression, const std::string& file)
{
    auto code = std::make_unique<Code>();
    int error = 0;
    PCRE2_SIZE offset = 0;
    code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                               PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (code->code == nullptr) {
        PCRE2_UCHAR text[256];
        pcre2_get_error_message(error, text, sizeof text);
        return badInput(fmt::format("the pattern '{}' is not understood at character {}: {}", expression, offset,
                                    reinterpret_cast<const char*>(text)),
                        file, "pre_tokenizer");
    }
    // Without JIT (not on every machine) matching is slower but the same, so its result is not checked.
    pcre2_jit_compile(code->code, PCRE2_JIT_COMPLETE);
    code->context = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(code->context, 10'000'000);
    pcre2_set_depth_limit(code->context, 100'000);
    return Pattern(std::move(code));
}

Result<std::vector<Pattern::Range>> Pattern::matches(std::string_view text) const
{
    std::vector<Range> out;
    const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
        pcre2_match_data_create_from_pattern(m_code->code, nullptr), pcre2_match_data_free);
    std::size_t from = 0;
    std::uint32_t options = 0;
    while (from <= text.size()) {
        const int found = pcre2_match(m_code->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                                      options | PCRE2_NOTEMPTY, data.get(), m_code->context);
        options = PCRE2_NO_UTF_CHECK; // checked by the first call
        if (found == PCRE2_ERROR_NOMATCH)
            break;
        if (found < 0)
            return badInput(fmt::format("the tokenizer's pattern gave up on the text (PCRE2 error {})", found));
        const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
        if (ends[1] <= ends[0])
            break;
        out.push_back({ends[0], ends[1]});
        from = ends[1];
    }
    return out;
}

namespace {

/// GPT-2's own pattern, which ByteLevel uses when use_regex is true.
constexpr const char* kByteLevelPattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/// Pieces of `text` after one split; `ranges` are the delimiters.
void applySplit(std::string_view text, const std::vector<Pattern::Range>& ranges, const SplitStep& step,
                std::vector<std::string>& out)
{
    struct Part {
        std::size_t begin, end;
        bool delimiter;
    };
    std::vector<Part> parts;
    std::size_t at = 0;
    for (const auto& r : ranges) {
        if (r.begin > at)
            parts.push_back({at, r.begin, step.invert});
        parts.push_back({r.begin, r.end, !step.invert});
        at = r.end;
    }
    if (at < text.size())
        parts.push_back({at, text.size(), step.invert});
    const auto take = [&](std::size_t begin, std::size_t end) { out.emplace_back(text.substr(begin, end - begin)); };
    switch (step.behavior) {
    case SplitBehavior::Isolated:
        for (const auto& p : parts)
            take(p.begin, p.end);
        return;
    case SplitBehavior::Removed:
        for (const auto& p : parts)
            if (!p.delimiter)
                take(p.begin, p.end);
        return;
    case SplitBehavior::Contiguous:
        for (std::size_t i = 0; i < parts.size();) {
            std::size_t j = i + 1;
            while (j < parts.size() && parts[j].delimiter == parts[i].delimiter)
                ++j;
            take(parts[i].begin, parts[j - 1].end);
            i = j;
        }
        return;
    case SplitBehavior::MergedWithPrevious: {
        bool open = false; // the piece before ends with text, so a delimiter may join it
        for (const auto& p : parts) {
            if (p.delimiter && open)
                out.back().append(text.substr(p.begin, p.end - p.begin));
            else
                take(p.begin, p.end);
            open = !p.delimiter;
        }
        return;
    }
    case SplitBehavior::MergedWithNext: {
        std::size_t pending = std::string_view::npos;
        for (const auto& p : parts) {
            if (p.delimiter) {
                if (pending != std::string_view::npos)
                    take(pending, p.begin);
                pending = p.begin;
                continue;
            }
            take(pending == std::string_view::npos ? p.begin : pending, p.end);
            pending = std::string_view::npos;
        }
        if (pending != std::string_view::npos)
            take(pending, text.size());
        return;
    }
    }
}

std::string quoted(const std::string& literal)
{
    std::string out;
    for (const char c : literal) {
        if (std::string_view("\\^$.[]|()?*+{}-#/").find(c) != std::string_view::npos)
            out += '\\';
        out += c;
    }
    return out;
}

Result<SplitBehavior> behavior(const std::string& name, const std::string& file)
{
    if (name == "Removed")
        return SplitBehavior::Removed;
    if (name == "Isolated")
        return SplitBehavior::Isolated;
    if (name == "MergedWithPrevious")
        return SplitBehavior::MergedWithPrevious;
    if (name == "MergedWithNext")
        return SplitBehavior::MergedWithNext;
    if (name == "Contiguous")
        return SplitBehavior::Contiguous;
    return badInput(fmt::format("the split behavior '{}' is not supported", name), file, "pre_tokenizer");
}

} // namespace

Result<PreTokenizer> PreTokenizer::fromJson(const base::OrderedJson& json, const std::string& file)
{
    PreTokenizer out;
    if (!json.is_null())
        ESPALIER_CHECK(out.add(json, file));
    return out;
}

Result<void> PreTokenizer::add(const base::OrderedJson& json, const std::string& file)
{
    const std::string type = json.is_object() ? json.value("type", std::string()) : std::string();
    if (type == "Sequence") {
        for (const auto& part : json.value("pretokenizers", base::OrderedJson::array()))
            ESPALIER_CHECK(add(part, file));
        return {};
    }
    if (type == "Split") {
        const auto pattern = json.value("pattern", base::OrderedJson::object());
        std::string expression;
        if (pattern.contains("Regex") && pattern["Regex"].is_string())
            expression = pattern["Regex"].get<std::string>();
        else if (pattern.contains("String") && pattern["String"].is_string())
            expression = quoted(pattern["String"].get<std::string>());
        else
            return badInput("a Split needs a pattern with Regex or String", file, "pre_tokenizer");
        ESPALIER_TRY(auto compiled, Pattern::compile(expression, file));
        ESPALIER_TRY(const auto kind, behavior(json.value("behavior", std::string()), file));
        m_steps.push_back({std::move(compiled), kind, json.value("invert", false), false, true});
        return {};
    }
    if (type == "Digits") {
        const bool individual = json.value("individual_digits", false);
        ESPALIER_TRY(auto compiled, Pattern::compile(individual ? "\\p{N}" : "\\p{N}+", file));
        m_steps.push_back({std::move(compiled), SplitBehavior::Isolated, false, false, true});
        return {};
    }
    if (type == "ByteLevel") {
        m_byteLevel = true;
        ESPALIER_TRY(auto compiled, Pattern::compile(kByteLevelPattern, file));
        m_steps.push_back({std::move(compiled), SplitBehavior::Isolated, false, json.value("add_prefix_space", true),
                           json.value("use_regex", true)});
        return {};
    }
    return badInput(fmt::format("the pre-tokenizer '{}' is not supported", type), file, "pre_tokenizer",
                    "Supported are Split, Digits, ByteLevel and Sequence");
}

Result<std::vector<std::string>> PreTokenizer::pieces(std::string_view text) const
{
    std::vector<std::string> current{std::string(text)};
    for (const auto& step : m_steps) {
        std::vector<std::string> next;
        for (auto& piece : current) {
            if (step.prefixSpace && !piece.empty() && piece.front() != ' ')
                piece.insert(piece.begin(), ' ');
            if (!step.split) {
                next.push_back(std::move(piece));
                continue;
            }
            ESPALIER_TRY(const auto ranges, step.pattern.matches(piece));
            applySplit(piece, ranges, step, next);
        }
        current = std::move(next);
    }
    return current;
}

} // namespace espalier::tokenizer
