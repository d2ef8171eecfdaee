// SPDX-License-Identifier: Apache-2.0
#include "core/stats/samples.h"

#include <algorithm>
#include <numeric>

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

namespace {

std::span<const std::uint16_t> setOf(const Coalitions& sets, std::size_t place)
{
    const auto width = static_cast<std::size_t>(sets.k);
    return std::span(sets.ids).subspan(place * width, width);
}

/// `order`: of the sets, equal ones beside each other.
Coalitions unified(const Coalitions& sets, const std::vector<std::size_t>& order)
{
    Coalitions sum{sets.collected, sets.k, {}, {}};
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto set = setOf(sets, order[place]);
        if (place > 0 && std::ranges::equal(set, setOf(sets, order[place - 1]))) {
            sum.tokens.back() += sets.tokens[order[place]];
            continue;
        }
        sum.ids.insert(sum.ids.end(), set.begin(), set.end());
        sum.tokens.push_back(sets.tokens[order[place]]);
    }
    return sum;
}

/// Places of the sets, and how they are ordered.
std::vector<std::size_t> places(const Coalitions& sets)
{
    std::vector<std::size_t> order(sets.tokens.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}
auto bySet(const Coalitions& sets)
{
    return [&sets](std::size_t a, std::size_t b) {
        return std::ranges::lexicographical_compare(setOf(sets, a), setOf(sets, b));
    };
}

} // namespace

void Coalitions::add(const Coalitions& other)
{
    if (other.tokens.empty())
        return;
    const auto middle = static_cast<std::ptrdiff_t>(tokens.size()); // both are sorted
    ids.insert(ids.end(), other.ids.begin(), other.ids.end());
    tokens.insert(tokens.end(), other.tokens.begin(), other.tokens.end());
    auto order = places(*this);
    std::inplace_merge(order.begin(), order.begin() + middle, order.end(), bySet(*this));
    *this = unified(*this, order);
}

void Coalitions::settle()
{
    auto order = places(*this);
    std::sort(order.begin(), order.end(), bySet(*this));
    *this = unified(*this, order);
}

} // namespace espalier::stats
