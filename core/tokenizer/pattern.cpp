// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/tokenizer/pattern.h"

#include <fmt/format.h>
#include <pcre2.h>

namespace espalier::tokenizer {

struct Pattern::Code {
    pcre2_code* code = nullptr;
    pcre2_match_context* context = nullptr;
    Code() = default;
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
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

Result<Pattern> Pattern::compile(std::string_view expression, const std::string& file, const std::string& place)
{
    if (expression.empty())
        return badInput("the pattern is empty", file, place);
    if (expression.size() > 65536)
        return badInput("the pattern is longer than 64 KiB", file, place);
    ESPALIER_TRY(const auto translated, translateOniguruma(expression, file, place));
    return compilePcre(translated, expression, file, place);
}

Result<Pattern> Pattern::literal(std::string_view text, const std::string& file, const std::string& place)
{
    if (text.empty())
        return badInput("the pattern is empty", file, place);
    std::string quoted;
    for (const char c : text) {
        if (std::string_view("\\^$.[]|()?*+{}-#/").find(c) != std::string_view::npos)
            quoted += '\\';
        quoted += c;
    }
    return compilePcre(quoted, text, file, place);
}

Result<Pattern> Pattern::compilePcre(const std::string& expression, std::string_view shown, const std::string& file,
                                     const std::string& place)
{
    auto code = std::make_unique<Code>();
    const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
        pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF); // what '.' and '$' mean does not depend on the machine
    int error = 0;
    PCRE2_SIZE offset = 0;
    code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                               PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, context.get());
    if (code->code == nullptr) {
        PCRE2_UCHAR text[256];
        pcre2_get_error_message(error, text, sizeof text);
        return badInput(
            fmt::format("the pattern '{}' is not understood: {}", shown, reinterpret_cast<const char*>(text)), file,
            place);
    }
    // Without JIT (not on every machine) matching is slower but the same, so its result is not checked.
    pcre2_jit_compile(code->code, PCRE2_JIT_COMPLETE);
    code->context = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(code->context, 50'000'000);
    pcre2_set_depth_limit(code->context, 50'000'000);
    pcre2_set_heap_limit(code->context, 1U << 20U); // KiB: a long run of one group needs a frame per repetition
    return Pattern(std::move(code));
}

Result<std::vector<Pattern::Range>> Pattern::matches(std::string_view text) const
{
    std::vector<Range> out;
    const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
        pcre2_match_data_create_from_pattern(m_code->code, nullptr), pcre2_match_data_free);
    for (std::size_t from = 0; from < text.size();) {
        const auto match = [&](std::uint32_t options) {
            return pcre2_match(m_code->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                               options | PCRE2_NOTEMPTY | PCRE2_NO_UTF_CHECK, data.get(), m_code->context);
        };
        int found = match(0);
        if (found == PCRE2_ERROR_JIT_STACKLIMIT)
            found = match(PCRE2_NO_JIT); // the interpreter keeps its state on the heap
        if (found == PCRE2_ERROR_NOMATCH)
            break;
        if (found < 0)
            return badInput(fmt::format("the tokenizer's pattern gave up on the text (PCRE2 error {})", found));
        const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
        if (ends[1] <= ends[0] || ends[1] <= from) // look-behind tricks such as \K
            break;
        out.push_back({ends[0], ends[1]});
        from = ends[1];
    }
    return out;
}

} // namespace espalier::tokenizer
