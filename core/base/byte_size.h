// SPDX-License-Identifier: Apache-2.0
// Sizes as people write them: "8GiB", "15 MiB", "1000000". A plain number is bytes.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <string>
#include <string_view>

namespace espalier::base {

/// Units B, KiB, MiB, GiB, TiB (powers of 1024) and KB, MB, GB, TB (powers of 1000), case-insensitive, an optional
/// space before the unit, fractions allowed. Usage error for anything else, negative values or overflow.
[[nodiscard]] Result<ByteSize> parseByteSize(std::string_view text);

/// "22.27 MiB": binary unit that gives a number of 1 … 1023, two decimals ("512 B" without).
[[nodiscard]] std::string formatByteSize(ByteSize size);

/// a·b or a+b with overflow found instead of wrapped.
[[nodiscard]] bool multiplyOverflows(std::uint64_t a, std::uint64_t b, std::uint64_t& product);
[[nodiscard]] bool addOverflows(std::uint64_t a, std::uint64_t b, std::uint64_t& sum);

} // namespace espalier::base
