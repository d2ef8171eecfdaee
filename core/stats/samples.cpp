// SPDX-License-Identifier: Apache-2.0
#include "core/stats/samples.h"

#include <algorithm>

namespace espalier::stats {

namespace {

struct TypeInfo {
    SampleType type;
    std::string_view id;
    std::size_t bytes;
};
constexpr std::array<TypeInfo, 4> kTypes{{{SampleType::U16, "U16", 2},
                                          {SampleType::U32, "U32", 4},
                                          {SampleType::F32, "F32", 4},
                                          {SampleType::BF16, "BF16", 2}}};

} // namespace

std::string_view sampleTypeId(SampleType type)
{
    return kTypes[static_cast<std::size_t>(type)].id;
}

std::optional<SampleType> sampleTypeFromId(std::string_view id)
{
    for (const TypeInfo& info : kTypes)
        if (info.id == id)
            return info.type;
    return std::nullopt;
}

std::size_t sampleTypeBytes(SampleType type)
{
    return kTypes[static_cast<std::size_t>(type)].bytes;
}

const std::array<SampleInfo, kSampleKinds>& sampleInfos()
{
    static constexpr std::array<SampleInfo, kSampleKinds> infos{{
        {SampleKind::TraceToken, "trace-token", "S7"},
        {SampleKind::TraceExperts, "trace-experts", "S7"},
        {SampleKind::TraceGates, "trace-gates", "S7"},
        {SampleKind::BankToken, "bank-token", "S8"},
        {SampleKind::BankInput, "bank-input", "S8"},
        {SampleKind::BankResidual, "bank-residual", "S8"},
        {SampleKind::BankOutput, "bank-output", "S8"},
        {SampleKind::NextToken, "next-token", "S17"},
        {SampleKind::NextIds, "next-ids", "S17"},
        {SampleKind::NextLogp, "next-logp", "S17"},
        {SampleKind::NextTail, "next-tail", "S17"},
    }};
    return infos;
}

std::optional<SampleKind> sampleFromId(std::string_view id)
{
    for (const SampleInfo& info : sampleInfos())
        if (info.id == id)
            return info.kind;
    return std::nullopt;
}

void Samples::add(SampleKind kind, SampleType type, std::int64_t cols, std::span<const std::byte> bytes)
{
    SampleRows& rows = m_rows[static_cast<std::size_t>(kind)];
    rows.type = type;
    rows.cols = cols;
    rows.bytes.insert(rows.bytes.end(), bytes.begin(), bytes.end());
}

void Samples::append(const Samples& other)
{
    for (const SampleInfo& info : sampleInfos())
        if (const SampleRows& rows = other[info.kind]; rows.cols > 0)
            add(info.kind, rows.type, rows.cols, rows.bytes);
}

bool Samples::empty() const
{
    return std::all_of(m_rows.begin(), m_rows.end(), [](const SampleRows& rows) { return rows.bytes.empty(); });
}

void Coalitions::add(const Coalitions& other)
{
    const auto width = static_cast<std::size_t>(k);
    const auto setOf = [width](const Coalitions& from, std::size_t i) {
        return std::span(from.ids).subspan(i * width, width);
    };
    Coalitions sum{collected, k, {}, {}};
    const auto take = [&](std::span<const std::uint16_t> set, double count) {
        sum.ids.insert(sum.ids.end(), set.begin(), set.end());
        sum.tokens.push_back(count);
    };
    std::size_t i = 0, j = 0;
    while (i < tokens.size() || j < other.tokens.size()) {
        const bool mineLeft = i < tokens.size(), theirsLeft = j < other.tokens.size();
        const auto mine = mineLeft ? setOf(*this, i) : std::span<const std::uint16_t>();
        const auto theirs = theirsLeft ? setOf(other, j) : std::span<const std::uint16_t>();
        const bool less = mineLeft && (!theirsLeft || std::ranges::lexicographical_compare(mine, theirs));
        const bool more = theirsLeft && (!mineLeft || std::ranges::lexicographical_compare(theirs, mine));
        if (less)
            take(mine, tokens[i++]);
        else if (more)
            take(theirs, other.tokens[j++]);
        else
            take(mine, tokens[i++] + other.tokens[j++]);
    }
    *this = std::move(sum);
}

} // namespace espalier::stats
