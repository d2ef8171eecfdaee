// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. Used for everything that can be expected to fail (files, options, memory);
// exceptions stay inside a translation unit. Thread rule: plain values, no shared state.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace espalier::base {

/// What kind of failure it is. The numbers are the exit codes of the command line contract.
enum class ErrorCode : int {
    CheckFailed = 1, ///< a check was made and failed (verify, validate --gate, study check)
    Usage = 2,       ///< wrong option or combination of options
    BadInput = 3,    ///< unreadable, corrupt or unsupported input, unwritable output place
    NoResources = 4, ///< not enough memory or disk for what was asked
    Internal = 70,   ///< a fault of the program itself (EX_SOFTWARE)
    Cancelled = 130, ///< interrupted by the user; partial work is kept
};

/// An error says what failed, in which file, at which place, why, and what to do about it.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message; ///< what went wrong and why, one sentence without a final full stop
    std::string file;    ///< path concerned, empty when there is none
    std::string place;   ///< place inside the file: "line 7", "tensor model.embed_tokens.weight", "key num_experts"
    std::string remedy;  ///< what the user can do, empty when nothing sensible is known

    /// "file: place: message. Remedy" as shown to people.
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] Error badInput(std::string message, std::string file = {}, std::string place = {},
                             std::string remedy = {});
[[nodiscard]] Error usageError(std::string message, std::string remedy = {});
[[nodiscard]] Error noResources(std::string message, std::string remedy = {});
[[nodiscard]] Error checkFailed(std::string message, std::string file = {}, std::string place = {});
[[nodiscard]] Error cancelledError(std::string message = "interrupted");
[[nodiscard]] Error internalError(std::string message);

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace espalier::base

namespace espalier {
using base::badInput;
using base::cancelledError;
using base::checkFailed;
using base::Error;
using base::ErrorCode;
using base::internalError;
using base::noResources;
using base::Result;
using base::usageError;
} // namespace espalier

/// Evaluates an expression giving Result<...>; on failure returns its error from the enclosing function.
#define ESPALIER_CONCAT_INNER(a, b) a##b
#define ESPALIER_CONCAT(a, b) ESPALIER_CONCAT_INNER(a, b)
#define ESPALIER_CHECK(expression)                                                                                     \
    do {                                                                                                               \
        auto espalierCheck = (expression);                                                                             \
        if (!espalierCheck)                                                                                            \
            return espalierCheck.error();                                                                              \
    } while (false)
/// ESPALIER_TRY(auto x, f()); declares x with the value of f() or returns the error.
#define ESPALIER_TRY(declaration, expression)                                                                          \
    auto ESPALIER_CONCAT(espalierTry, __LINE__) = (expression);                                                        \
    if (!ESPALIER_CONCAT(espalierTry, __LINE__))                                                                       \
        return ESPALIER_CONCAT(espalierTry, __LINE__).error();                                                         \
    declaration = std::move(ESPALIER_CONCAT(espalierTry, __LINE__)).value()
