// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/source_ahead.h"

#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

namespace espalier::bundle {
namespace {

constexpr std::uint64_t kAhead = std::uint64_t{64} << 20U;

/// A hint to the system: whole pages around the bytes. A system that refuses it reads them when they are used.
void willNeed(std::span<const std::byte> bytes)
{
    static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data()) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size());
    (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_WILLNEED);
}

} // namespace

SourceAhead::SourceAhead(const model::OpenModel& model, std::span<const TensorSlice> slices)
    : m_model(model), m_slices(slices), m_reader(model.checkpoint)
{
}

Result<void> SourceAhead::readAhead(std::size_t index)
{
    while (m_next < m_slices.size() && (m_next <= index || m_asked - m_used < kAhead)) {
        const TensorSlice& slice = m_slices[m_next++];
        ESPALIER_TRY(const auto source, m_reader.bytes(m_model.checkpoint.tensors()[slice.source]));
        for (const auto& run : slice.runs)
            willNeed(source.subspan(run.begin, run.bytes));
        m_asked += slice.out.bytes;
    }
    return {};
}

Result<std::span<const std::byte>> SourceAhead::take(std::size_t index)
{
    ESPALIER_CHECK(readAhead(index));
    const TensorSlice& slice = m_slices[index];
    m_used += slice.out.bytes;
    const auto& tensor = m_model.checkpoint.tensors()[slice.source];
    ESPALIER_TRY(const auto source, m_reader.bytes(tensor));
    if (slice.out.bytes == tensor.bytes)
        return source;
    gather(slice, source, m_gathered);
    return std::span<const std::byte>(m_gathered);
}

} // namespace espalier::bundle
