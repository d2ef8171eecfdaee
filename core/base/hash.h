// SPDX-License-Identifier: Apache-2.0
// SHA-256 (OpenSSL's libcrypto) of buffers and files, as lower-case hex.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace espalier::base {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    /// 64 hex digits; the object must not be used afterwards.
    [[nodiscard]] std::string finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

[[nodiscard]] std::string sha256(std::string_view text);
[[nodiscard]] Result<std::string> sha256File(const std::filesystem::path& path);

} // namespace espalier::base
