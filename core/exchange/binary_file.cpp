// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/binary_file.h"

#include "core/base/file.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace espalier::exchange {

static_assert(std::endian::native == std::endian::little); // numbers are taken as they lie in the file

Result<BinaryFile> BinaryFile::open(const std::filesystem::path& path)
{
    BinaryFile file;
    file.m_path = path.string();
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return base::systemError(path, "cannot be read", error ? error.value() : ENOENT);
    if (!std::filesystem::is_regular_file(status))
        return badInput("is no ordinary file", file.m_path);
    file.m_bytes = std::filesystem::file_size(path, error);
    errno = 0;
    file.m_stream.open(path, std::ios::binary);
    if (error || !file.m_stream)
        return base::systemError(path, "cannot be read", errno != 0 ? errno : EIO);
    return file;
}

Result<void> BinaryFile::need(std::uint64_t bytes, const std::string& place) const
{
    if (bytes > left())
        return badInput(fmt::format("the file ends: {} bytes are needed and {} are left", bytes, left()), m_path, place,
                        "It is cut off or damaged: make or load it again");
    return {};
}

Result<void> BinaryFile::seek(std::uint64_t offset, const std::string& place)
{
    if (offset > m_bytes)
        return badInput(fmt::format("byte {} lies behind the end of the file", offset), m_path, place,
                        "It is cut off or damaged: make or load it again");
    m_stream.clear();
    m_stream.seekg(static_cast<std::streamoff>(offset));
    m_at = offset;
    return {};
}

Result<std::string> BinaryFile::take(std::uint64_t bytes, const std::string& place)
{
    ESPALIER_CHECK(need(bytes, place));
    std::string out(bytes, '\0');
    if (!m_stream.read(out.data(), static_cast<std::streamsize>(bytes)))
        return base::systemError(m_path, "cannot be read", errno != 0 ? errno : EIO);
    m_at += bytes;
    return out;
}

Result<void> BinaryFile::skip(std::uint64_t bytes, const std::string& place)
{
    ESPALIER_CHECK(need(bytes, place));
    return seek(m_at + bytes, place);
}

Result<std::int32_t> BinaryFile::int32(const std::string& place)
{
    ESPALIER_TRY(const std::string raw, take(4, place));
    std::int32_t value = 0;
    std::memcpy(&value, raw.data(), 4);
    return value;
}

Result<std::vector<float>> BinaryFile::floats(std::uint64_t count, const std::string& place)
{
    if (count > left() / 4)
        return badInput(fmt::format("the file ends: {} numbers are needed and {} are left", count, left() / 4), m_path,
                        place, "It is cut off or damaged: make or load it again");
    ESPALIER_TRY(const std::string raw, take(4 * count, place));
    std::vector<float> values(count);
    std::memcpy(values.data(), raw.data(), raw.size());
    return values;
}

} // namespace espalier::exchange
