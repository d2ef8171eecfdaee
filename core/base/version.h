// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace espalier::base {
/// Version of the program, from the CMake project.
inline constexpr std::string_view kVersion = ESPALIER_VERSION;
} // namespace espalier::base
