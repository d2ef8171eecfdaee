// SPDX-License-Identifier: Apache-2.0
// JSON from untrusted files: size limit, depth limit, duplicate keys refused, UTF-8 checked, line of an error named.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace espalier::base {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

inline constexpr ByteSize kConfigLimit{10U << 20U}; ///< 10 MiB, the most a configuration file may have

/// `file` is only for messages. Keeps the order of keys.
[[nodiscard]] Result<OrderedJson> parseJson(std::string_view text, const std::string& file, int maxDepth = 64);
[[nodiscard]] Result<OrderedJson> readJsonFile(const std::filesystem::path& path, ByteSize limit = kConfigLimit);

} // namespace espalier::base
