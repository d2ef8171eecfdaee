// SPDX-License-Identifier: Apache-2.0
#include "core/base/hash.h"

#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace espalier::base {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

namespace {

// libcrypto fails here only without memory or with a broken installation; nothing sensible can go on after that.
void require(bool done)
{
    if (!done)
        throw std::runtime_error("libcrypto could not compute SHA-256");
}

} // namespace

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    require(m_state->context != nullptr && EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    require(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

void Sha256::add(std::string_view text)
{
    require(EVP_DigestUpdate(m_state->context, text.data(), text.size()) == 1);
}

std::string Sha256::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    require(EVP_DigestFinal_ex(m_state->context, digest.data(), &length) == 1);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    out.reserve(2U * length);
    for (unsigned int i = 0; i < length; ++i) {
        out += kHex[digest[i] >> 4U];
        out += kHex[digest[i] & 15U];
    }
    return out;
}

std::string sha256(std::string_view text)
{
    Sha256 hash;
    hash.add(text);
    return hash.finish();
}

Result<std::string> sha256File(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return systemError(path, "cannot open", errno);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    Sha256 hash;
    std::vector<std::byte> buffer(1U << 20U);
    for (;;) {
        const ssize_t got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            const int reason = errno;
            ::close(fd);
            return systemError(path, "cannot read", reason);
        }
        if (got == 0)
            break;
        hash.add(std::span(buffer).first(static_cast<std::size_t>(got)));
    }
    ::close(fd);
    return hash.finish();
}

} // namespace espalier::base
