// SPDX-License-Identifier: Apache-2.0
// Private to the room: arrays in NumPy's .npy format, versions 1 to 3, whole numbers only.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exchange {

struct NumpyIntegers {
    std::vector<std::int64_t> shape;
    int width = 0; ///< bytes of an element: 1, 2, 4, 8
    bool isSigned = true;
    std::string_view data; ///< little-endian, C order; a view into what was parsed

    /// Values over 2^63 - 1 come out negative, which is out of every range here.
    [[nodiscard]] std::int64_t at(std::uint64_t index) const;
};

/// BadInput for another kind of elements, Fortran order, a header that is no header, or a length that does not fit.
[[nodiscard]] Result<NumpyIntegers> parseNumpy(std::string_view bytes, const std::string& file,
                                               const std::string& place);

} // namespace espalier::exchange
