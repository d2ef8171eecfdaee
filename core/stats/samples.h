// SPDX-License-Identifier: Apache-2.0
// What single tokens gave, kept row by row: unlike sums it grows with the texts, so it is collected only when asked for
// by name, for some tokens of every domain. Plain data; not thread-safe while being written.
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace espalier::stats {

enum class SampleKind : std::uint8_t {
    // S7, per layer: the first tokens of a domain, whole texts on end
    TraceToken,   ///< [n]: place of the token in its domain
    TraceExperts, ///< [n, k]: chosen experts, first choice first
    TraceGates,   ///< [n, k]: weights that multiply their outputs
    // S8, per layer: tokens of every text, spread over what the router is sure and unsure of
    BankToken,    ///< [n]
    BankInput,    ///< [n, H]: x, the normed rows that router and experts take
    BankResidual, ///< [n, H]: h, residual stream before the norm
    BankOutput,   ///< [n, H]: y, what the routed experts add
    // S17, per domain: tokens of every text, what the whole model says comes next
    NextToken, ///< [n]
    NextIds,   ///< [n, m]: the m likeliest tokens, likeliest first
    NextLogp,  ///< [n, m]: log p of them, nats
    NextTail,  ///< [n]: p of all others together
};
inline constexpr std::size_t kSampleKinds = static_cast<std::size_t>(SampleKind::NextTail) + 1;
/// m of S17, or the vocabulary where that is smaller.
inline constexpr std::int64_t kNextTokens = 256;

enum class SampleType : std::uint8_t { U16, U32, F32, BF16 };
[[nodiscard]] std::string_view sampleTypeId(SampleType type); ///< "U16", ... as safetensors names them
[[nodiscard]] std::optional<SampleType> sampleTypeFromId(std::string_view id);
[[nodiscard]] std::size_t sampleTypeBytes(SampleType type);

struct SampleInfo {
    SampleKind kind;
    std::string_view id;    ///< "bank-input", the name in the study file
    std::string_view group; ///< "S7", "S8", "S17"
};
[[nodiscard]] const std::array<SampleInfo, kSampleKinds>& sampleInfos();
[[nodiscard]] std::optional<SampleKind> sampleFromId(std::string_view id);

/// Rows of one kind.
struct SampleRows {
    SampleType type = SampleType::F32;
    std::int64_t cols = 0; ///< 0: nothing yet
    std::vector<std::byte> bytes;
    [[nodiscard]] std::int64_t rows() const
    {
        const auto row = sampleTypeBytes(type) * static_cast<std::size_t>(cols);
        return row == 0 ? 0 : static_cast<std::int64_t>(bytes.size() / row);
    }
    bool operator==(const SampleRows&) const = default;
};

/// Which tokens of a domain are kept.
struct SampleTokens {
    std::int64_t step = 0;   ///< S8, S17: one in so many; 0 = none
    std::int64_t first = 0;  ///< S7: so many from the beginning of the domain
    std::int64_t before = 0; ///< tokens of the domain that were measured before this part
    bool operator==(const SampleTokens&) const = default;
};

class Samples {
public:
    [[nodiscard]] const SampleRows& operator[](SampleKind kind) const { return m_rows[static_cast<std::size_t>(kind)]; }
    /// Adds rows of `cols` values; all rows of a kind have the type and width of the first ones.
    void add(SampleKind kind, SampleType type, std::int64_t cols, std::span<const std::byte> bytes);
    template <typename T>
    void add(SampleKind kind, SampleType type, std::int64_t cols, const std::vector<T>& values)
    {
        add(kind, type, cols, std::as_bytes(std::span(values)));
    }
    void append(const Samples& other);
    void clear() { m_rows = {}; }
    [[nodiscard]] bool empty() const;
    bool operator==(const Samples&) const = default;

private:
    std::array<SampleRows, kSampleKinds> m_rows;
};

/// S5: how many tokens chose exactly this set of experts. Sets ascending, each with its ids ascending.
struct Coalitions {
    bool collected = false;
    std::int32_t k = 0;
    std::vector<std::uint16_t> ids; ///< [sets, k]
    std::vector<double> tokens;     ///< [sets]

    void add(const Coalitions& other); ///< of the same k
    void settle();                     ///< sorts sets that were put behind each other, and adds equal ones
    bool operator==(const Coalitions&) const = default;
};

} // namespace espalier::stats
