// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/hashed_file.h"

#include <memory>

namespace espalier::bundle {
namespace {

constexpr std::size_t kWorthAThread = std::size_t{256} << 10U; // hashing that takes longer than starting a thread

} // namespace

Result<void> waitFor(DiskSyncs& syncs)
{
    Result<void> first;
    for (auto& sync : syncs)
        if (auto done = sync.get(); !done && first)
            first = std::move(done);
    syncs.clear();
    return first;
}

Result<HashedFile> HashedFile::create(const std::filesystem::path& folder, const std::string& name)
{
    ESPALIER_TRY(auto writer, base::FileWriter::create(folder / name));
    return HashedFile(std::move(writer), name);
}

Result<void> HashedFile::write(std::span<const std::byte> bytes)
{
    m_bytes += bytes.size();
    if (bytes.size() < kWorthAThread) {
        m_hash.add(bytes);
        return m_writer.write(bytes);
    }
    const auto hashed = std::async(std::launch::async, [&] { m_hash.add(bytes); });
    auto written = m_writer.write(bytes);
    hashed.wait();
    return written;
}

Result<void> HashedFile::write(std::string_view text)
{
    return write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<BundleFile> HashedFile::finish(DiskSyncs* syncs)
{
    BundleFile file{m_name, m_bytes, m_hash.finish()};
    if (syncs == nullptr) {
        ESPALIER_CHECK(m_writer.finish());
        return file;
    }
    auto writer = std::make_shared<base::FileWriter>(std::move(m_writer));
    syncs->push_back(std::async(std::launch::async, [writer] { return writer->finish(); }));
    return file;
}

} // namespace espalier::bundle
