// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/header_sax.h"

#include <fmt/format.h>
#include <limits>

namespace espalier::checkpoint {

bool HeaderSax::fail(std::string text)
{
    message = std::move(text);
    if (m_state == State::Metadata)
        place = "__metadata__";
    else if (m_state != State::Start && !m_name.empty())
        place = "tensor " + m_name.substr(0, 200); // a hostile name may be a megabyte long
    else
        place = "header";
    return false;
}

bool HeaderSax::unexpected(std::string_view what)
{
    switch (m_state) {
    case State::Start:
    case State::Top:
    case State::Done:
        return fail(fmt::format("{} where an object describing a tensor was expected", what));
    case State::Metadata:
        return fail(fmt::format("\"{}\" is {}, only text is allowed", m_name.substr(0, 200), what));
    case State::Shape:
        return fail(fmt::format("shape holds {}, whole numbers from 0 were expected", what));
    case State::Offsets:
        return fail(fmt::format("data_offsets holds {}, whole numbers from 0 were expected", what));
    case State::Entry:
        break;
    }
    const std::string_view field = m_field == Field::Dtype   ? "dtype"
                                   : m_field == Field::Shape ? "shape"
                                                             : "data_offsets";
    return fail(fmt::format("{} is {}", field, what));
}

bool HeaderSax::null()
{
    return unexpected("null");
}

bool HeaderSax::boolean(bool)
{
    return unexpected("a truth value");
}

bool HeaderSax::number_integer(number_integer_t)
{
    return unexpected("a negative number"); // nlohmann reports everything without a sign as unsigned
}

bool HeaderSax::number_float(number_float_t, const string_t& text)
{
    return unexpected(fmt::format("the number {}", text.substr(0, 40)));
}

bool HeaderSax::binary(binary_t&)
{
    return unexpected("binary data");
}

bool HeaderSax::number_unsigned(number_unsigned_t value)
{
    if (m_state == State::Shape) {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return fail(fmt::format("dimension {} is too large", value));
        if (m_tensor.shape.size() >= kLargestRank)
            return fail(fmt::format("more than {} dimensions", kLargestRank));
        m_tensor.shape.push_back(static_cast<std::int64_t>(value));
        return true;
    }
    if (m_state == State::Offsets) {
        if (m_offsets.size() >= 2)
            return fail("data_offsets holds more than two numbers");
        m_offsets.push_back(value);
        return true;
    }
    return unexpected("a number");
}

bool HeaderSax::string(string_t& value)
{
    if (m_state == State::Metadata) {
        if (!metadata.emplace(m_name, std::move(value)).second)
            return fail(fmt::format("key \"{}\" stands twice", m_name.substr(0, 200)));
        return true;
    }
    if (m_state != State::Entry || m_field != Field::Dtype)
        return unexpected("text");
    const auto dtype = dtypeFromName(value);
    if (!dtype)
        return fail(fmt::format("unknown dtype \"{}\"", value.substr(0, 40)));
    m_tensor.dtype = *dtype;
    return true;
}

bool HeaderSax::start_object(std::size_t)
{
    if (m_state == State::Start) {
        m_state = State::Top;
        return true;
    }
    if (m_state != State::Top)
        return unexpected("an object");
    if (m_name == "__metadata__") {
        if (m_hasMetadata)
            return fail("__metadata__ stands twice");
        m_hasMetadata = true;
        m_state = State::Metadata;
        return true;
    }
    if (tensors.size() >= kMostTensors)
        return fail(fmt::format("more than {} tensors", kMostTensors));
    m_state = State::Entry;
    m_field = Field::None;
    m_tensor = {};
    m_offsets.clear();
    m_hasDtype = m_hasShape = m_hasOffsets = false;
    return true;
}

bool HeaderSax::key(string_t& value)
{
    if (m_state == State::Entry) {
        bool* seen = nullptr;
        if (value == "dtype") {
            m_field = Field::Dtype;
            seen = &m_hasDtype;
        } else if (value == "shape") {
            m_field = Field::Shape;
            seen = &m_hasShape;
        } else if (value == "data_offsets") {
            m_field = Field::Offsets;
            seen = &m_hasOffsets;
        } else {
            return fail(fmt::format("unknown key \"{}\"", value.substr(0, 40)));
        }
        if (*seen)
            return fail(fmt::format("key \"{}\" stands twice", value));
        *seen = true;
        return true;
    }
    m_name = std::move(value);
    if (m_state == State::Top) {
        if (m_name.empty())
            return fail("a tensor has an empty name");
        if (m_name.size() > kLongestName)
            return fail(fmt::format("a name of {} bytes is longer than the {} allowed", m_name.size(), kLongestName));
    }
    return true;
}

bool HeaderSax::finishEntry()
{
    if (!m_hasDtype || !m_hasShape || !m_hasOffsets)
        return fail(fmt::format("{} is missing", !m_hasDtype ? "dtype" : !m_hasShape ? "shape" : "data_offsets"));
    if (m_offsets.size() != 2)
        return fail("data_offsets must hold two numbers");
    if (m_offsets[1] < m_offsets[0])
        return fail(fmt::format("data_offsets end ({}) before they begin ({})", m_offsets[1], m_offsets[0]));
    m_tensor.offset = m_offsets[0];
    m_tensor.bytes = m_offsets[1] - m_offsets[0];
    m_tensor.name = std::move(m_name);
    tensors.push_back(std::move(m_tensor));
    m_name.clear();
    return true;
}

bool HeaderSax::end_object()
{
    if (m_state == State::Entry && !finishEntry())
        return false;
    m_state = m_state == State::Top ? State::Done : State::Top;
    return true;
}

bool HeaderSax::start_array(std::size_t)
{
    if (m_state != State::Entry || (m_field != Field::Shape && m_field != Field::Offsets))
        return unexpected("a list");
    m_state = m_field == Field::Shape ? State::Shape : State::Offsets;
    return true;
}

bool HeaderSax::end_array()
{
    m_state = State::Entry;
    return true;
}

bool HeaderSax::parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&)
{
    message = "the header is not valid JSON";
    place = fmt::format("byte {} of the header", position);
    return false;
}

} // namespace espalier::checkpoint
