// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/torch_file.h"

#include "core/exchange/pickle.h"
#include "core/exchange/zip_archive.h"

#include <cstring>
#include <fmt/format.h>
#include <set>

namespace espalier::exchange {
namespace {

constexpr std::uint64_t kLimit = 64ULL << 20U;

template <typename Number>
void convert(const std::string& bytes, std::size_t first, std::size_t count, std::vector<double>& into)
{
    for (std::size_t i = 0; i < count; ++i) {
        Number value{};
        std::memcpy(&value, bytes.data() + (first + i) * sizeof(Number), sizeof(Number));
        into.push_back(static_cast<double>(value));
    }
}

class Reader {
public:
    Reader(const ZipArchive& archive, std::string folder, std::string file)
        : m_archive(archive), m_folder(std::move(folder)), m_file(std::move(file))
    {
    }

    Result<TorchTensor> tensor(const Pickled& pickled, const std::string& name)
    {
        const std::string place = name.empty() ? "tensor" : "tensor " + name.substr(0, 80);
        TorchTensor out;
        out.name = name;
        out.shape = pickled.shape;
        std::size_t width = 0;
        for (const auto& [type, bytes] : {std::pair{"torch FloatStorage", 4U}, std::pair{"torch DoubleStorage", 8U},
                                          std::pair{"torch LongStorage", 8U}, std::pair{"torch IntStorage", 4U}})
            if (pickled.text == type)
                width = bytes;
        if (width == 0)
            return badInput(fmt::format("is of type {}; float32, float64, int32 and int64 are read", pickled.text),
                            m_file, place, "Convert it before torch.save");
        out.whole = pickled.text == "torch LongStorage" || pickled.text == "torch IntStorage";
        std::uint64_t count = 1;
        for (std::size_t i = pickled.shape.size(); i-- > 0;) {
            if (pickled.shape[i] < 1 || pickled.shape[i] > static_cast<std::int64_t>(kLimit))
                return badInput(fmt::format("a dimension of {}", pickled.shape[i]), m_file, place);
            if (pickled.shape[i] != 1 && pickled.strides[i] != static_cast<std::int64_t>(count))
                return badInput("is not laid out row by row", m_file, place, "Save tensor.contiguous()");
            count *= static_cast<std::uint64_t>(pickled.shape[i]);
            if (count > kLimit)
                return badInput("is larger than any pattern", m_file, place);
        }
        const auto* member = m_archive.find(m_folder + "data/" + pickled.key);
        if (member == nullptr)
            return badInput("its data is missing", m_file, place, "The file is damaged: load it again");
        ESPALIER_TRY(const std::string bytes, m_archive.read(*member, kLimit));
        m_total += count * width;
        if (pickled.offset < 0 || static_cast<std::uint64_t>(pickled.offset) > bytes.size() / width ||
            count > bytes.size() / width - static_cast<std::uint64_t>(pickled.offset))
            return badInput(fmt::format("needs {} elements, its data holds {}", count, bytes.size() / width), m_file,
                            place, "The file is cut off or damaged: load it again");
        if (m_total > kLimit)
            return badInput("the tensors are larger than any pattern", m_file);
        const auto first = static_cast<std::size_t>(pickled.offset);
        if (pickled.text == "torch FloatStorage")
            convert<float>(bytes, first, count, out.values);
        else if (pickled.text == "torch DoubleStorage")
            convert<double>(bytes, first, count, out.values);
        else if (pickled.text == "torch LongStorage")
            convert<std::int64_t>(bytes, first, count, out.values);
        else
            convert<std::int32_t>(bytes, first, count, out.values);
        return out;
    }

private:
    const ZipArchive& m_archive;
    std::string m_folder, m_file;
    std::uint64_t m_total = 0;
};

} // namespace

Result<std::vector<TorchTensor>> readTorchFile(const std::filesystem::path& path)
{
    ESPALIER_TRY(const auto archive, ZipArchive::open(path));
    const ZipMember* program = nullptr;
    for (const auto& member : archive.members())
        if (member.name.ends_with("/data.pkl"))
            program = &member;
    const std::string file = path.string();
    if (program == nullptr)
        return badInput("holds no data.pkl", file, {}, "Give a file made by torch.save (PyTorch 1.6 or newer)");
    ESPALIER_TRY(const std::string bytes, archive.read(*program, 16U << 20U));
    ESPALIER_TRY(const auto root, parsePickle(bytes, file));
    Reader reader(archive, program->name.substr(0, program->name.size() - std::strlen("data.pkl")), file);
    std::vector<TorchTensor> out;
    if (root->kind == Pickled::Kind::Tensor) {
        ESPALIER_TRY(auto one, reader.tensor(*root, {}));
        out.push_back(std::move(one));
        return out;
    }
    if (root->kind != Pickled::Kind::Dictionary || root->parts.empty())
        return badInput("is neither a tensor nor a dictionary of tensors", file);
    std::set<std::string> names;
    for (std::size_t i = 0; i + 1 < root->parts.size(); i += 2) {
        const Pickled &key = *root->parts[i], &value = *root->parts[i + 1];
        if (key.kind != Pickled::Kind::Text || value.kind != Pickled::Kind::Tensor)
            return badInput("holds something else than tensors by name", file, fmt::format("entry {}", i / 2 + 1));
        if (!names.insert(key.text).second)
            return badInput("a name stands twice", file, "entry " + key.text.substr(0, 80));
        ESPALIER_TRY(auto one, reader.tensor(value, key.text));
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace espalier::exchange
