// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/zip_archive.h"

#include "core/exchange/binary_file.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <set>
#include <zlib.h>

namespace espalier::exchange {
namespace {

constexpr std::uint64_t kMostMembers = 100000;

template <typename Number>
Number number(std::string_view bytes, std::size_t at)
{
    Number value{};
    std::memcpy(&value, bytes.data() + at, sizeof(Number));
    return value;
}

Error damaged(const std::string& path, std::string message, std::string place = {})
{
    return badInput(std::move(message), path, std::move(place),
                    "The file is cut off or damaged: make or load it again");
}

/// Where the directory of members is.
struct Directory {
    std::uint64_t offset = 0, bytes = 0, members = 0;
};

/// The end record lies within the last 64 KiB; large archives have a second one before it (zip64).
Result<Directory> findDirectory(BinaryFile& file)
{
    const std::uint64_t tail = std::min<std::uint64_t>(file.bytes(), 65557 + 20 + 56);
    ESPALIER_CHECK(file.seek(file.bytes() - tail, "end"));
    ESPALIER_TRY(const std::string text, file.take(tail, "end"));
    const auto end = text.rfind("PK\x05\x06");
    if (end == std::string::npos || text.size() - end < 22)
        return damaged(file.path(), "is no zip archive, or one whose end is missing");
    if (number<std::uint16_t>(text, end + 4) != 0 || number<std::uint16_t>(text, end + 6) != 0)
        return damaged(file.path(), "is one part of a split archive");
    Directory out;
    out.members = number<std::uint16_t>(text, end + 10);
    out.bytes = number<std::uint32_t>(text, end + 12);
    out.offset = number<std::uint32_t>(text, end + 16);
    const auto locator = end >= 20 ? end - 20 : std::string::npos;
    if (locator != std::string::npos && text.compare(locator, 4, "PK\x06\x07") == 0) {
        ESPALIER_CHECK(file.seek(number<std::uint64_t>(text, locator + 8), "zip64 end"));
        ESPALIER_TRY(const std::string record, file.take(56, "zip64 end"));
        if (record.compare(0, 4, "PK\x06\x06") != 0)
            return damaged(file.path(), "the zip64 end record is missing");
        out.members = number<std::uint64_t>(record, 32);
        out.bytes = number<std::uint64_t>(record, 40);
        out.offset = number<std::uint64_t>(record, 48);
    }
    return out;
}

/// Sizes of 0xffffffff stand in an extra field (zip64).
bool readZip64(std::string_view extra, ZipMember& member)
{
    while (extra.size() >= 4) {
        const auto id = number<std::uint16_t>(extra, 0);
        const std::size_t bytes = number<std::uint16_t>(extra, 2);
        if (bytes > extra.size() - 4)
            return false;
        std::string_view field = extra.substr(4, bytes);
        extra.remove_prefix(4 + bytes);
        if (id != 1)
            continue;
        for (std::uint64_t* value : {&member.bytes, &member.stored, &member.header})
            if (*value == 0xffffffffU) {
                if (field.size() < 8)
                    return false;
                *value = number<std::uint64_t>(field, 0);
                field.remove_prefix(8);
            }
    }
    return true;
}

} // namespace

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& path)
{
    ESPALIER_TRY(auto file, BinaryFile::open(path));
    ESPALIER_TRY(const Directory directory, findDirectory(file));
    if (directory.members > kMostMembers || directory.offset > file.bytes() ||
        directory.bytes > file.bytes() - directory.offset)
        return damaged(file.path(), fmt::format("claims {} members and a directory of {} bytes", directory.members,
                                                directory.bytes));
    ESPALIER_CHECK(file.seek(directory.offset, "directory"));
    ESPALIER_TRY(const std::string text, file.take(directory.bytes, "directory"));
    ZipArchive archive;
    archive.m_path = path;
    std::set<std::string> names;
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < directory.members; ++i) {
        const std::string place = fmt::format("member {}", i + 1);
        if (text.size() - at < 46 || text.compare(at, 4, "PK\x01\x02") != 0)
            return damaged(file.path(), "the directory ends early", place);
        ZipMember member;
        const auto flags = number<std::uint16_t>(text, at + 8);
        member.method = number<std::uint16_t>(text, at + 10);
        member.crc = number<std::uint32_t>(text, at + 16);
        member.stored = number<std::uint32_t>(text, at + 20);
        member.bytes = number<std::uint32_t>(text, at + 24);
        const std::size_t name = number<std::uint16_t>(text, at + 28), extra = number<std::uint16_t>(text, at + 30),
                          comment = number<std::uint16_t>(text, at + 32);
        member.header = number<std::uint32_t>(text, at + 42);
        at += 46;
        if (name + extra + comment > text.size() - at)
            return damaged(file.path(), "the directory ends early", place);
        member.name = text.substr(at, name);
        if (!readZip64(std::string_view(text).substr(at + name, extra), member))
            return damaged(file.path(), "its extra fields are damaged", place);
        at += name + extra + comment;
        if ((flags & 1U) != 0)
            return badInput("is encrypted", file.path(), place, "Unpack it first");
        if (member.header > file.bytes() || member.stored > file.bytes() - member.header)
            return damaged(file.path(), "lies outside the file", place);
        if (!names.insert(member.name).second)
            return damaged(file.path(), "a name stands twice", place);
        archive.m_members.push_back(std::move(member));
    }
    return archive;
}

const ZipMember* ZipArchive::find(std::string_view name) const
{
    const auto found =
        std::find_if(m_members.begin(), m_members.end(), [&](const ZipMember& member) { return member.name == name; });
    return found == m_members.end() ? nullptr : &*found;
}

Result<std::string> ZipArchive::read(const ZipMember& member, std::uint64_t limit) const
{
    const std::string place = "member " + member.name;
    if (member.bytes > limit)
        return badInput(fmt::format("has {} bytes, more than the {} that are read", member.bytes, limit),
                        m_path.string(), place, "Split it");
    ESPALIER_TRY(auto file, BinaryFile::open(m_path));
    ESPALIER_CHECK(file.seek(member.header, place));
    ESPALIER_TRY(const std::string head, file.take(30, place));
    if (head.compare(0, 4, "PK\x03\x04") != 0)
        return damaged(m_path.string(), "its header is missing", place);
    ESPALIER_CHECK(file.skip(std::uint64_t{number<std::uint16_t>(head, 26)} + number<std::uint16_t>(head, 28), place));
    ESPALIER_TRY(std::string packed, file.take(member.stored, place));
    std::string out;
    if (member.method == 0) {
        if (member.stored != member.bytes)
            return damaged(m_path.string(), "its sizes differ", place);
        out = std::move(packed);
    } else if (member.method == 8) {
        // Deflate makes at most 1032 times as much of its input: a larger claim is a lie, and no memory is asked for.
        if (member.bytes / 1032 > member.stored)
            return damaged(m_path.string(), "claims more than its data can hold", place);
        out.resize(member.bytes);
        z_stream stream{};
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
            return internalError("zlib did not start");
        stream.next_in = reinterpret_cast<Bytef*>(packed.data());
        stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        const int status = inflate(&stream, Z_FINISH);
        const bool whole = status == Z_STREAM_END && stream.total_out == out.size();
        inflateEnd(&stream);
        if (!whole)
            return damaged(m_path.string(), "cannot be unpacked", place);
    } else {
        return badInput(fmt::format("is packed by method {}", member.method), m_path.string(), place,
                        "Save it again with numpy.savez or torch.save");
    }
    if (crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())) != member.crc)
        return damaged(m_path.string(), "its checksum does not fit", place);
    return out;
}

} // namespace espalier::exchange
