// SPDX-License-Identifier: Apache-2.0
// Private to the room: the part of Python's pickle (protocols 2 to 5) that torch.save writes for tensors, as plain
// data. Names of functions are kept as text; only the two that make tensors and ordered dictionaries mean something.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exchange {

struct Pickled {
    enum class Kind : std::uint8_t { None, Bool, Integer, Text, Sequence, Dictionary, Name, Storage, Tensor, Mark };
    Kind kind = Kind::None;
    std::int64_t number = 0;
    std::string text;                            ///< Text; Name: "module name"; Storage, Tensor: type of the storage
    std::string key;                             ///< Storage, Tensor: which storage
    std::vector<std::shared_ptr<Pickled>> parts; ///< Sequence; Dictionary: key, value, key, value …
    int depth = 0;                               ///< of values in values
    std::int64_t elements = 0;                   ///< Storage, Tensor: of the storage
    std::int64_t offset = 0;                     ///< Tensor: in elements
    std::vector<std::int64_t> shape, strides;    ///< Tensor
};

/// BadInput with the byte for every instruction that is not understood.
[[nodiscard]] Result<std::shared_ptr<Pickled>> parsePickle(std::string_view bytes, const std::string& file);

} // namespace espalier::exchange
