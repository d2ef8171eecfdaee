// SPDX-License-Identifier: Apache-2.0
// Private to the room: one pass over a safetensors header's JSON without building a document. A header has exactly
// three levels, so the handler is a small state machine and everything it does not expect is an error.
#pragma once

#include "core/base/json.h"
#include "core/checkpoint/safetensors.h"

namespace espalier::checkpoint {

inline constexpr std::size_t kLargestRank = 8;
inline constexpr std::size_t kLongestName = 1024;      // bytes
inline constexpr std::size_t kMostTensors = 4'000'000; // the largest public models have 100 000

class HeaderSax : public nlohmann::json_sax<base::Json> {
public:
    bool null() override;
    bool boolean(bool value) override;
    bool number_integer(number_integer_t value) override;
    bool number_unsigned(number_unsigned_t value) override;
    bool number_float(number_float_t value, const string_t& text) override;
    bool string(string_t& value) override;
    bool binary(binary_t& value) override;
    bool start_object(std::size_t size) override;
    bool key(string_t& value) override;
    bool end_object() override;
    bool start_array(std::size_t size) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string& token,
                     const nlohmann::detail::exception& exception) override;

    std::vector<TensorInfo> tensors; ///< offset and bytes hold data_offsets' begin and end − begin
    std::map<std::string, std::string> metadata;
    std::string message; ///< why the parse ended, for people
    std::string place;   ///< "tensor x", "byte 12 of the header"

private:
    enum class State { Start, Top, Entry, Shape, Offsets, Metadata, Done };
    enum class Field { None, Dtype, Shape, Offsets };

    bool fail(std::string text);
    bool unexpected(std::string_view what);
    bool finishEntry();

    State m_state = State::Start;
    Field m_field = Field::None;
    std::string m_name; // of the tensor or metadata key in work
    TensorInfo m_tensor;
    std::vector<std::uint64_t> m_offsets;
    bool m_hasDtype = false, m_hasShape = false, m_hasOffsets = false, m_hasMetadata = false;
};

} // namespace espalier::checkpoint
