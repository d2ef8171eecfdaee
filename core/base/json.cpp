// SPDX-License-Identifier: Apache-2.0
#include "core/base/json.h"

#include "core/base/file.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <unordered_set>
#include <vector>

namespace espalier::base {

namespace {

/// Input iterator that counts what was consumed, so that handlers know where they are.
struct CountingIterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at = nullptr;
    const char** furthest = nullptr;

    reference operator*() const { return *at; }
    CountingIterator& operator++()
    {
        ++at;
        *furthest = at;
        return *this;
    }
    CountingIterator operator++(int)
    {
        CountingIterator old = *this;
        ++*this;
        return old;
    }
    bool operator==(const CountingIterator& other) const { return at == other.at; }
    bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

/// Builds the document iteratively. nlohmann's own builder accepts duplicate keys (the last wins) and any depth.
class Builder : public nlohmann::json_sax<OrderedJson> {
public:
    Builder(const char*& position, int maxDepth) : m_position(position), m_maxDepth(maxDepth) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(OrderedJson::object()); }
    bool start_array(std::size_t) override { return open(OrderedJson::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& value) override
    {
        if (!m_stack.back().keys.insert(value).second)
            return fail(fmt::format("key \"{}\" stands twice in the same object", value));
        m_stack.back().key = std::move(value);
        return true;
    }

    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& exception) override
    {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …": the tail is for people
        std::string_view what = exception.what();
        if (const auto at = what.find("column "); at != std::string_view::npos)
            if (const auto colon = what.find(": ", at); colon != std::string_view::npos)
                what.remove_prefix(colon + 2);
        if (const auto bracket = what.find("] "); what.starts_with("[json.") && bracket != std::string_view::npos)
            what.remove_prefix(bracket + 2);
        return fail(fmt::format("not valid JSON: {}", what));
    }

    OrderedJson root;
    std::string message;
    const char* errorAt = nullptr;

private:
    struct Frame {
        OrderedJson value;
        std::string key;
        std::unordered_set<std::string> keys;
    };

    template <typename T>
    bool add(T&& value)
    {
        if (m_stack.empty()) {
            root = std::forward<T>(value);
            return true;
        }
        Frame& frame = m_stack.back();
        if (frame.value.is_array())
            frame.value.push_back(std::forward<T>(value));
        else // ordered_map's own insertion searches all keys; they are known to be new here
            frame.value.template get_ref<OrderedJson::object_t&>().emplace_back(std::move(frame.key),
                                                                                std::forward<T>(value));
        return true;
    }

    bool open(OrderedJson empty)
    {
        if (std::cmp_greater_equal(m_stack.size(), m_maxDepth))
            return fail(fmt::format("nested deeper than {} levels", m_maxDepth));
        m_stack.push_back({std::move(empty), {}, {}});
        return true;
    }

    bool close()
    {
        OrderedJson value = std::move(m_stack.back().value);
        m_stack.pop_back();
        return add(std::move(value));
    }

    bool fail(std::string text)
    {
        message = std::move(text);
        errorAt = m_position;
        return false;
    }

    const char*& m_position;
    int m_maxDepth;
    std::vector<Frame> m_stack;
};

std::string lineOf(std::string_view text, const char* at)
{
    const auto length = std::min(static_cast<std::size_t>(at - text.data()), text.size());
    // The offending character was consumed already; a newline there still belongs to its own line.
    const std::string_view before = text.substr(0, length == 0 ? 0 : length - 1);
    return fmt::format("line {}", 1 + std::count(before.begin(), before.end(), '\n'));
}

} // namespace

Result<OrderedJson> parseJson(std::string_view text, const std::string& file, int maxDepth)
{
    if (std::size_t bad = 0; !isUtf8(text, &bad))
        return badInput(fmt::format("byte {} is not valid UTF-8", bad), file, lineOf(text, text.data() + bad + 1),
                        "Save the file as UTF-8");
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return badInput("empty, JSON was expected", file, "line 1");
    // The lexer takes a zero byte for the end of the text and would not look at what follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return badInput("not valid JSON: it holds a zero byte", file, lineOf(text, text.data() + zero + 1));
    const char* position = text.data();
    Builder builder(position, maxDepth);
    const CountingIterator begin{text.data(), &position};
    const CountingIterator end{text.data() + text.size(), &position};
    if (!OrderedJson::sax_parse(begin, end, &builder))
        return badInput(builder.message, file, lineOf(text, builder.errorAt));
    return std::move(builder.root);
}

Result<OrderedJson> readJsonFile(const std::filesystem::path& path, ByteSize limit)
{
    ESPALIER_TRY(const std::string text, readTextFile(path, limit));
    return parseJson(text, path.string());
}

} // namespace espalier::base
