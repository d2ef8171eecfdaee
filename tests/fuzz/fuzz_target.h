// SPDX-License-Identifier: Apache-2.0
// One fuzz target per parser of files from outside. A target is one source file with LLVMFuzzerTestOneInput() and
// fuzzSeeds(). With driver.cpp it becomes a program that runs a fixed number of deterministic mutations in the test
// suite; with clang's -fsanitize=fuzzer (ESPALIER_FUZZ) a libFuzzer program for long runs.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Parses the input. Returns 0 when it was accepted, kRefused when it was refused as it should be. Throws, or crashes,
/// when the parser is wrong: another code than "bad input", a message without a file, a value that cannot be right.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace espalier::fuzz {

/// libFuzzer would forget inputs that give −1, and with them the way to what lies behind them.
#if defined(ESPALIER_LIBFUZZER)
inline constexpr int kRefused = 0;
#else
inline constexpr int kRefused = -1;
#endif

/// Inputs to begin with; each must be accepted as it is.
[[nodiscard]] std::vector<std::string> fuzzSeeds();

inline std::string_view viewOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// Refusal as it is promised: exit code 3, what and where.
inline int refused(const Error& error)
{
    if (error.code != ErrorCode::BadInput)
        throw std::runtime_error(
            fmt::format("an input is refused with code {}: {}", static_cast<int>(error.code), error.text()));
    if (error.message.empty() || error.file.empty())
        throw std::runtime_error("the refusal names no reason or no file: " + error.text());
    return kRefused;
}

/// The rest of an accepted input must hold, too.
template <typename T>
T mustHold(Result<T> result, const char* what)
{
    if (!result)
        throw std::runtime_error(fmt::format("{}: {}", what, result.error().text()));
    return *std::move(result);
}
inline void require(bool holds, const char* what)
{
    if (!holds)
        throw std::runtime_error(what);
}

/// A folder of this process that is removed at its end.
[[nodiscard]] const std::filesystem::path& scratchFolder();

} // namespace espalier::fuzz
