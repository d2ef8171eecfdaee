// SPDX-License-Identifier: Apache-2.0
// A tensor in the zip form of torch.save: a pickle that rebuilds it, its bytes, and the form's version.
#include "core/base/file.h"
#include "core/exchange/torch_file.h"

#include <fmt/format.h>
#include <string_view>
#include <zlib.h>

namespace espalier::exchange {
namespace {

/// Of whole numbers, little-endian, so many bytes.
std::string little(std::uint64_t value, int bytes)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    return out;
}

/// Stored members one after the other, then the directory.
class ZipText {
public:
    void add(const std::string& name, const std::string& content)
    {
        const auto crc = crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
        // Version 2.0, no flags, stored, 1 January 1980, checksum, sizes, length of the name, no extra field
        const std::string facts = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(33, 2) +
                                  little(crc, 4) + little(content.size(), 4) + little(content.size(), 4) +
                                  little(name.size(), 2) + little(0, 2);
        m_directory += "PK\x01\x02" + little(20, 2) + facts + little(0, 2) + little(0, 2) + little(0, 2) +
                       little(0, 4) + little(m_text.size(), 4) + name;
        m_text += "PK\x03\x04" + facts + name + content;
        ++m_members;
    }
    [[nodiscard]] std::string text() const
    {
        return m_text + m_directory + "PK\x05\x06" + little(0, 4) + little(m_members, 2) + little(m_members, 2) +
               little(m_directory.size(), 4) + little(m_text.size(), 4) + little(0, 2);
    }

private:
    std::string m_text, m_directory;
    std::uint64_t m_members = 0;
};

std::string pickledName(std::string_view module, std::string_view name)
{
    return fmt::format("c{}\n{}\n", module, name);
}
std::string pickledText(const std::string& text)
{
    return "X" + little(text.size(), 4) + text;
}
std::string pickledTuple(const std::vector<std::int64_t>& values)
{
    std::string out = "(";
    for (const std::int64_t value : values)
        out += "J" + little(static_cast<std::uint64_t>(value), 4);
    return out + "t";
}

/// _rebuild_tensor_v2(storage 0 on the processor, offset 0, shape, strides, no gradient, no hooks)
std::string pickled(const std::vector<std::int64_t>& shape, std::int64_t count)
{
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
        strides[i - 1] = strides[i] * shape[i];
    std::string out("\x80\x02", 2);
    out += pickledName("torch._utils", "_rebuild_tensor_v2") + "((";
    out += pickledText("storage") + pickledName("torch", "LongStorage") + pickledText("0") + pickledText("cpu") + "J" +
           little(static_cast<std::uint64_t>(count), 4) + "tQ";
    out += "J" + little(0, 4) + pickledTuple(shape) + pickledTuple(strides) + "\x89";
    out += pickledName("collections", "OrderedDict") + ")Rt";
    return out + "R.";
}

} // namespace

Result<void> writeTorchTensor(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& values)
{
    std::string bytes;
    for (const std::int64_t value : values)
        bytes += little(static_cast<std::uint64_t>(value), 8);
    if (bytes.size() > std::size_t{1} << 30U)
        return badInput("is too large for one file", path.string());
    ZipText zip;
    zip.add("archive/data.pkl", pickled(shape, static_cast<std::int64_t>(values.size())));
    zip.add("archive/byteorder", "little");
    zip.add("archive/data/0", bytes);
    zip.add("archive/version", "3\n");
    return base::writeFileAtomically(path, zip.text());
}

} // namespace espalier::exchange
