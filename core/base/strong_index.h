// SPDX-License-Identifier: Apache-2.0
// Strong integer types: swapping a layer and an expert must not compile.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace espalier::base {

template <typename Tag, typename Int = std::int32_t>
class Strong {
public:
    using Value = Int;
    constexpr Strong() = default;
    constexpr explicit Strong(Int value) : m_value(value) {}
    [[nodiscard]] constexpr Int value() const { return m_value; }
    /// For indexing standard containers; the value must not be negative.
    [[nodiscard]] constexpr std::size_t index() const { return static_cast<std::size_t>(m_value); }
    constexpr auto operator<=>(const Strong&) const = default;
    constexpr Strong& operator++()
    {
        ++m_value;
        return *this;
    }
    constexpr Strong& operator+=(Strong other)
    {
        m_value = static_cast<Int>(m_value + other.m_value);
        return *this;
    }
    friend constexpr Strong operator+(Strong a, Strong b) { return Strong(static_cast<Int>(a.m_value + b.m_value)); }
    friend constexpr Strong operator-(Strong a, Strong b) { return Strong(static_cast<Int>(a.m_value - b.m_value)); }

private:
    Int m_value{};
};

/// Decoder layer, N of model.layers.N (dense layers count too).
using LayerIndex = Strong<struct LayerTag>;
/// Routed expert inside one layer, 0 … E−1 of the checkpoint it belongs to.
using ExpertIndex = Strong<struct ExpertTag>;
/// Number of tokens.
using TokenCount = Strong<struct TokenCountTag, std::int64_t>;
/// Number of bytes. See byte_size.h for text forms.
using ByteSize = Strong<struct ByteSizeTag, std::uint64_t>;

} // namespace espalier::base

namespace espalier {
using base::ByteSize;
using base::ExpertIndex;
using base::LayerIndex;
using base::TokenCount;
} // namespace espalier

template <typename Tag, typename Int>
struct std::hash<espalier::base::Strong<Tag, Int>> {
    std::size_t operator()(espalier::base::Strong<Tag, Int> v) const noexcept { return std::hash<Int>{}(v.value()); }
};
