// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/pickle.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace espalier::exchange {
namespace {

using Value = std::shared_ptr<Pickled>;
using Kind = Pickled::Kind;

constexpr std::size_t kMostValues = 1U << 20U;
constexpr int kDeepest = 16; // values are freed by recursion

class Machine {
public:
    Machine(std::string_view bytes, const std::string& file) : m_bytes(bytes), m_file(file) {}

    Result<Value> run()
    {
        while (m_at < m_bytes.size()) {
            if (++m_steps > kMostValues || m_stack.size() > kMostValues)
                return error("is longer than any file of tensors");
            const char code = m_bytes[m_at++];
            if (code == '.') {
                if (m_stack.size() != 1)
                    return error("ends with more or less than one value");
                return m_stack.back();
            }
            ESPALIER_CHECK(step(code));
        }
        return error("ends early");
    }

private:
    [[nodiscard]] Error error(std::string message) const
    {
        return badInput(std::move(message), m_file, fmt::format("data.pkl, byte {}", m_at),
                        "Save it again with torch.save as a dictionary of tensors");
    }
    Result<std::string_view> take(std::size_t bytes)
    {
        if (bytes > m_bytes.size() - m_at)
            return error("ends early");
        const auto text = m_bytes.substr(m_at, bytes);
        m_at += bytes;
        return text;
    }
    Result<std::uint64_t> number(std::size_t bytes)
    {
        ESPALIER_TRY(const auto raw, take(bytes));
        std::uint64_t value = 0;
        std::memcpy(&value, raw.data(), bytes);
        return value;
    }
    Result<std::string> line()
    {
        const auto end = m_bytes.find('\n', m_at);
        if (end == std::string_view::npos)
            return error("ends early");
        std::string text(m_bytes.substr(m_at, end - m_at));
        m_at = end + 1;
        return text;
    }
    void push(Kind kind, std::int64_t value = 0, std::string text = {})
    {
        auto pushed = std::make_shared<Pickled>();
        pushed->kind = kind;
        pushed->number = value;
        pushed->text = std::move(text);
        m_stack.push_back(std::move(pushed));
    }
    Result<Value> pop()
    {
        if (m_stack.empty())
            return error("takes a value that is not there");
        Value value = std::move(m_stack.back());
        m_stack.pop_back();
        return value;
    }
    /// Everything above the last mark, the mark removed.
    Result<std::vector<Value>> popToMark()
    {
        std::size_t at = m_stack.size();
        while (at > 0 && m_stack[at - 1]->kind != Kind::Mark)
            --at;
        if (at == 0)
            return error("takes values up to a mark that is not there");
        std::vector<Value> values(m_stack.begin() + static_cast<std::ptrdiff_t>(at), m_stack.end());
        m_stack.resize(at - 1);
        return values;
    }
    Result<void> sequence(std::size_t count)
    {
        if (count > m_stack.size())
            return error("takes a value that is not there");
        std::vector<Value> parts(m_stack.end() - static_cast<std::ptrdiff_t>(count), m_stack.end());
        m_stack.resize(m_stack.size() - count);
        return pushSequence(std::move(parts));
    }
    Result<void> pushSequence(std::vector<Value> parts)
    {
        push(Kind::Sequence);
        for (const Value& part : parts)
            m_stack.back()->depth = std::max(m_stack.back()->depth, part->depth + 1);
        if (m_stack.back()->depth > kDeepest)
            return error("holds values in values too deep");
        m_stack.back()->parts = std::move(parts);
        return {};
    }
    Result<void> remember(std::uint64_t slot)
    {
        if (m_stack.empty())
            return error("remembers a value that is not there");
        m_memo[slot] = m_stack.back();
        return {};
    }
    Result<void> recall(std::uint64_t slot)
    {
        const auto found = m_memo.find(slot);
        if (found == m_memo.end())
            return error("recalls a value that was not remembered");
        m_stack.push_back(found->second);
        return {};
    }
    Result<void> fill(const std::vector<Value>& pairs)
    {
        if (pairs.size() % 2 != 0 || m_stack.empty() || m_stack.back()->kind != Kind::Dictionary)
            return error("fills something that is no dictionary");
        for (const Value& value : pairs) {
            if (value->kind == Kind::Dictionary)
                return error("holds dictionaries in dictionaries");
            m_stack.back()->depth = std::max(m_stack.back()->depth, value->depth + 1);
        }
        if (m_stack.back()->depth > kDeepest)
            return error("holds values in values too deep");
        auto& into = m_stack.back()->parts;
        into.insert(into.end(), pairs.begin(), pairs.end());
        return {};
    }

    Result<void> step(char code)
    {
        switch (code) {
        case '\x80': // PROTO
            return take(1).ok() ? Result<void>() : error("ends early");
        case '\x95': // FRAME
            return take(8).ok() ? Result<void>() : error("ends early");
        case '}':
            push(Kind::Dictionary);
            return {};
        case ')':
        case ']':
            push(Kind::Sequence);
            return {};
        case '(':
            push(Kind::Mark);
            return {};
        case 'N':
            push(Kind::None);
            return {};
        case '\x88':
        case '\x89':
            push(Kind::Bool, code == '\x88' ? 1 : 0);
            return {};
        case 'J':
        case 'K':
        case 'M':
            return integer(code == 'J' ? 4 : code == 'M' ? 2 : 1);
        case '\x8a': { // LONG1
            ESPALIER_TRY(const auto bytes, number(1));
            return bytes > 8 ? error("holds a number of more than 64 bits") : integer(bytes);
        }
        case 'X':
        case '\x8c':
            return text(code == 'X' ? 4 : 1);
        case 'q':
        case 'r':
        case 'h':
        case 'j': {
            ESPALIER_TRY(const auto slot, number(code == 'q' || code == 'h' ? 1 : 4));
            return code == 'q' || code == 'r' ? remember(slot) : recall(slot);
        }
        case '\x94': // MEMOIZE
            return remember(m_memo.size());
        case 't': {
            ESPALIER_TRY(auto parts, popToMark());
            return pushSequence(std::move(parts));
        }
        case '\x85':
        case '\x86':
        case '\x87':
            return sequence(static_cast<std::size_t>(static_cast<unsigned char>(code) - 0x84));
        case 's':
        case 'u': {
            if (code == 'u') {
                ESPALIER_TRY(const auto pairs, popToMark());
                return fill(pairs);
            }
            ESPALIER_TRY(auto value, pop());
            ESPALIER_TRY(auto key, pop());
            return fill({key, value});
        }
        case 'c': {
            ESPALIER_TRY(const auto module, line());
            ESPALIER_TRY(const auto name, line());
            push(Kind::Name, 0, module + " " + name);
            return {};
        }
        case '\x93': { // STACK_GLOBAL
            ESPALIER_TRY(const auto name, pop());
            ESPALIER_TRY(const auto module, pop());
            if (name->kind != Kind::Text || module->kind != Kind::Text)
                return error("names a function by something that is no text");
            push(Kind::Name, 0, module->text + " " + name->text);
            return {};
        }
        case 'Q':
            return storage();
        case 'R':
            return reduce();
        default:
            return error(fmt::format("holds the instruction 0x{:02x}, which tensors do not need",
                                     static_cast<unsigned char>(code)));
        }
    }

    Result<void> integer(std::size_t bytes)
    {
        ESPALIER_TRY(const auto raw, take(bytes));
        std::uint64_t value = 0;
        std::memcpy(&value, raw.data(), bytes);
        const bool extends = bytes == 4 || (bytes > 2 && bytes < 8); // BININT and LONG1 are signed, BININT1/2 are not
        if (extends && bytes > 0 && ((value >> (8 * bytes - 1)) & 1U) != 0)
            value |= ~std::uint64_t{0} << (8 * bytes);
        push(Kind::Integer, static_cast<std::int64_t>(value));
        return {};
    }

    Result<void> text(std::size_t width)
    {
        ESPALIER_TRY(const auto length, number(width));
        if (length > 1U << 16U)
            return error("holds a text longer than any name");
        ESPALIER_TRY(const auto raw, take(length));
        push(Kind::Text, 0, std::string(raw));
        return {};
    }

    /// ("storage", type, key, device, elements)
    Result<void> storage()
    {
        ESPALIER_TRY(const auto id, pop());
        const auto& p = id->parts;
        if (id->kind != Kind::Sequence || p.size() != 5 || p[0]->text != "storage" || p[1]->kind != Kind::Name ||
            p[2]->kind != Kind::Text || p[4]->kind != Kind::Integer)
            return error("refers to something that is no storage");
        push(Kind::Storage, 0, p[1]->text);
        m_stack.back()->key = p[2]->text;
        m_stack.back()->elements = p[4]->number;
        return {};
    }

    static bool numbers(const Pickled& from, std::vector<std::int64_t>& into)
    {
        for (const Value& part : from.parts) {
            if (part->kind != Kind::Integer)
                return false;
            into.push_back(part->number);
        }
        return from.kind == Kind::Sequence;
    }

    Result<void> reduce()
    {
        ESPALIER_TRY(const auto arguments, pop());
        ESPALIER_TRY(const auto function, pop());
        if (function->kind != Kind::Name || arguments->kind != Kind::Sequence)
            return error("calls something that is no function");
        const auto& p = arguments->parts;
        if (function->text == "collections OrderedDict" && p.empty()) {
            push(Kind::Dictionary);
            return {};
        }
        if (function->text != "torch._utils _rebuild_tensor_v2")
            return error(fmt::format("calls {}, and files from outside are never run", function->text));
        if (p.size() < 4 || p[0]->kind != Kind::Storage || p[1]->kind != Kind::Integer)
            return error("makes a tensor of something else than a storage");
        auto tensor = std::make_shared<Pickled>(*p[0]);
        tensor->kind = Kind::Tensor;
        tensor->offset = p[1]->number;
        if (!numbers(*p[2], tensor->shape) || !numbers(*p[3], tensor->strides) ||
            tensor->shape.size() != tensor->strides.size())
            return error("makes a tensor whose shape is no list of numbers");
        m_stack.push_back(std::move(tensor));
        return {};
    }

    std::string_view m_bytes;
    std::string m_file;
    std::size_t m_at = 0, m_steps = 0;
    std::vector<Value> m_stack;
    std::map<std::uint64_t, Value> m_memo;
};

} // namespace

Result<std::shared_ptr<Pickled>> parsePickle(std::string_view bytes, const std::string& file)
{
    return Machine(bytes, file).run();
}

} // namespace espalier::exchange
