// SPDX-License-Identifier: Apache-2.0
// The sufficient statistics of one calibration pass: names, shapes and how they merge. All are fp64 sums (one is a
// maximum) over the tokens of a domain, taken from the layer's own forward, so shards, machines and restarts add up.
// Symbols: z router logit, p score over all experts before selection, g weight that multiplies the expert's output
// (after renormalisation and scaling), f expert output before multiplication, h residual stream before the FFN's norm,
// y routed output, E experts, k chosen per token, H hidden width.
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace espalier::stats {

enum class Stat : std::uint8_t {
    // S0, per expert
    Count,       ///< n_i, tokens routed to i
    Gate,        ///< sum g_i over routed tokens
    Gate2,       ///< sum g_i^2
    ProbAll,     ///< sum p_i over all tokens
    ProbAll2,    ///< sum p_i^2 over all tokens
    ProbChosen,  ///< sum p_i over routed tokens
    Top1,        ///< tokens whose largest selection score is i
    ProbTop1,    ///< sum p_i over those
    LogitAll,    ///< sum z_i over all tokens
    LogitTop1,   ///< sum z_i over tokens whose largest raw logit is i (TCESS, K_a = 1)
    LogitTop1Sq, ///< sum z_i^2 over those
    // S0a, per expert, routed tokens
    Norm,      ///< sum |f|
    Norm2,     ///< sum |f|^2
    Norm4,     ///< sum |f|^4
    GateNorm,  ///< sum g|f|
    GateNorm2, ///< sum (g|f|)^2
    ProbNorm,  ///< sum p|f|
    // S0b
    Turn,       ///< per expert: sum g|f| max(0, 1 - cos(h, h+y))
    Turn2,      ///< per expert: sum of its square
    LayerTurn,  ///< per layer: sum max(0, 1 - cos(h, h+y)) over all tokens
    LayerRatio, ///< per layer: sum |y|/|h| over all tokens
    // S0c
    MaxAbs, ///< per expert: max over tokens and channels of |f| (merges by maximum)
    // S1, histograms of 256 bins
    RatioHistogram,      ///< (k-1) x 256: w_j / w_1 for j = 2..k, bins over [0, 1]
    CumulativeHistogram, ///< (k-1) x 256: sum of the m largest g over their total, m = 1..k-1, bins over [0, 1]
    EntropyHistogram,    ///< 1 x 256: entropy of p in units of ln E, bins over [0, 1]
    // S2, S3, per pair of experts
    Coactivation, ///< E x E: tokens with both chosen (diagonal = Count)
    LogitGram,    ///< E x E: sum z z^T
    // S4, per expert and channel
    OutputSum,     ///< E x H: sum f_i over routed tokens
    ProbOutputSum, ///< E x H: sum p_i f_i over routed tokens
    // The bank: a sample of tokens that goes through all experts, whatever the router chose
    BankTokens,    ///< per layer: tokens of the sample (with any of S9 to S12)
    BankEnergy,    ///< per layer: sum |y|^2
    LeaveOutLoss,  ///< S9, per expert: sum |y - y'|^2, y' what the router makes without the expert
    LeaveOutLoss2, ///< S9, per expert: sum of its square
    OutputGram,    ///< S9, E x E: sum f_i . f_j
    GatedGram,     ///< S9, E x E: sum g_i g_j f_i . f_j, g = 0 for experts that were not chosen
    BankOutputSum, ///< S10, E x H: sum f_i
    OutputHsic,    ///< S11, E x E: sum over blocks of tokens of the unbiased HSIC of f_i and f_j with linear kernels
                   ///< (Nguyen et al. 2021, arXiv 2010.15327, eq. 3); CKA_ij = H_ij / sqrt(H_ii H_jj)
    TopKLoss,      ///< S12, 1 x k: sum |y - y(m)|^2 with m = 1..k experts a token
    // only from elsewhere: what no profile of ours collects
    InnerEnergy, ///< per expert: mean over routed tokens of |a|^2, a the input of the down projection (imatrix)
};
inline constexpr std::size_t kStatCount = static_cast<std::size_t>(Stat::InnerEnergy) + 1;

enum class StatShape : std::uint8_t {
    PerExpert,
    PerLayer,
    PerTopK,
    TopKHistogram,
    Histogram,
    ExpertPair,
    ExpertHidden
};
enum class StatMerge : std::uint8_t {
    Sum,
    Maximum,
    Never, ///< a mean whose number of tokens may be unknown: left out when parts are added
};

struct StatInfo {
    Stat stat;
    std::string_view id;    ///< "gate-norm", the name in the study file
    std::string_view group; ///< "S0", "S0a", ... as --statistics takes it; "imported": no profile collects it
    StatShape shape;
    StatMerge merge;
    std::string_view meaning; ///< one line for people
};
[[nodiscard]] const std::array<StatInfo, kStatCount>& statInfos();
[[nodiscard]] const StatInfo& statInfo(Stat stat);
[[nodiscard]] std::optional<Stat> statFromId(std::string_view id);

inline constexpr std::int32_t kHistogramBins = 256;

/// What the arrays of a layer are shaped by.
struct Topology {
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    std::int32_t hidden = 0;
    bool operator==(const Topology&) const = default;
};
/// Rows and columns of a statistic.
struct StatSize {
    std::size_t rows = 0, cols = 0;
};
[[nodiscard]] StatSize statSize(Stat stat, const Topology& topology);

/// Which groups a run collects, as --statistics names them ("basic" = S0, S0a, S0b, S0c; "bank" = S9, S10, S11, S12;
/// "samples" = S7, S8, S17).
struct StatSelection {
    std::uint32_t groups = 0; ///< bit i = i-th of statGroups()
    [[nodiscard]] bool has(Stat stat) const;
    [[nodiscard]] bool hasPool() const;
    [[nodiscard]] bool hasBank() const;
    [[nodiscard]] bool hasGroup(std::string_view group) const;
    [[nodiscard]] bool hasSamples() const; ///< any of S7, S8, S17
    /// Sums that the ordinary forward gives: without the bank, S5 and the samples.
    static StatSelection all();
    /// "all", "basic", "bank", "samples" or group names, separated by commas; S0 is always in. Usage error for an
    /// unknown name.
    [[nodiscard]] static Result<StatSelection> parse(std::string_view text);
    bool operator==(const StatSelection&) const = default;
};
/// S0, S0a, S0b, S0c, S1, S2, S3, S4, pool, S9, S10, S11, S12, S5, S7, S8, S17.
[[nodiscard]] const std::array<std::string_view, 17>& statGroups();

} // namespace espalier::stats
