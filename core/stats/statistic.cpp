// SPDX-License-Identifier: Apache-2.0
#include "core/stats/statistic.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace espalier::stats {

const std::array<StatInfo, kStatCount>& statInfos()
{
    using enum StatShape;
    constexpr auto sum = StatMerge::Sum;
    static constexpr std::array<StatInfo, kStatCount> infos{{
        {Stat::Count, "count", "S0", PerExpert, sum, "tokens routed to the expert"},
        {Stat::Gate, "gate", "S0", PerExpert, sum, "sum of gate weights over routed tokens"},
        {Stat::Gate2, "gate-squared", "S0", PerExpert, sum, "sum of squared gate weights over routed tokens"},
        {Stat::ProbAll, "prob-all", "S0", PerExpert, sum, "sum of router probabilities over all tokens"},
        {Stat::ProbAll2, "prob-all-squared", "S0", PerExpert, sum, "sum of their squares"},
        {Stat::ProbChosen, "prob-chosen", "S0", PerExpert, sum, "sum of router probabilities over routed tokens"},
        {Stat::Top1, "top1", "S0", PerExpert, sum, "tokens for which the expert is the first choice"},
        {Stat::ProbTop1, "prob-top1", "S0", PerExpert, sum, "sum of router probabilities over those"},
        {Stat::LogitAll, "logit-all", "S0", PerExpert, sum, "sum of router logits over all tokens"},
        {Stat::LogitTop1, "logit-top1", "S0", PerExpert, sum, "sum of raw logits over tokens where it is the largest"},
        {Stat::LogitTop1Sq, "logit-top1-squared", "S0", PerExpert, sum, "sum of their squares"},
        {Stat::Norm, "norm", "S0a", PerExpert, sum, "sum of output norms over routed tokens"},
        {Stat::Norm2, "norm-squared", "S0a", PerExpert, sum, "sum of squared output norms"},
        {Stat::Norm4, "norm-fourth", "S0a", PerExpert, sum, "sum of fourth powers of output norms"},
        {Stat::GateNorm, "gate-norm", "S0a", PerExpert, sum, "sum of gate weight times output norm"},
        {Stat::GateNorm2, "gate-norm-squared", "S0a", PerExpert, sum, "sum of its square"},
        {Stat::ProbNorm, "prob-norm", "S0a", PerExpert, sum, "sum of router probability times output norm"},
        {Stat::Turn, "turn", "S0b", PerExpert, sum, "sum of gate times norm times turn of the residual stream"},
        {Stat::Turn2, "turn-squared", "S0b", PerExpert, sum, "sum of its square"},
        {Stat::LayerTurn, "layer-turn", "S0b", PerLayer, sum, "sum over tokens of 1 - cos(h, h + y), not below 0"},
        {Stat::LayerRatio, "layer-ratio", "S0b", PerLayer, sum, "sum over tokens of |y| / |h|"},
        {Stat::MaxAbs, "max-abs", "S0c", PerExpert, StatMerge::Maximum, "largest absolute output channel"},
        {Stat::RatioHistogram, "ratio-histogram", "S1", TopKHistogram, sum, "w_j / w_1 for j = 2..k, 256 bins"},
        {Stat::CumulativeHistogram, "cumulative-histogram", "S1", TopKHistogram, sum, "share of the m largest gates"},
        {Stat::EntropyHistogram, "entropy-histogram", "S1", Histogram, sum, "router entropy in units of ln E"},
        {Stat::Coactivation, "coactivation", "S2", ExpertPair, sum, "tokens with both experts chosen"},
        {Stat::LogitGram, "logit-gram", "S3", ExpertPair, sum, "sum of z z^T over all tokens"},
        {Stat::OutputSum, "output-sum", "S4", ExpertHidden, sum, "sum of expert outputs over routed tokens"},
        {Stat::ProbOutputSum, "prob-output-sum", "S4", ExpertHidden, sum, "sum of probability times output"},
        {Stat::BankTokens, "bank-tokens", "bank", PerLayer, sum, "tokens that went through all experts"},
        {Stat::BankEnergy, "bank-energy", "bank", PerLayer, sum, "sum over those of |y|^2"},
        {Stat::LeaveOutLoss, "leave-out-loss", "S9", PerExpert, sum, "sum of |y - y'|^2, y' without the expert"},
        {Stat::LeaveOutLoss2, "leave-out-loss-squared", "S9", PerExpert, sum, "sum of its square"},
        {Stat::OutputGram, "output-gram", "S9", ExpertPair, sum, "sum of products of two experts' outputs"},
        {Stat::GatedGram, "gated-gram", "S9", ExpertPair, sum, "the same, each output times its gate weight"},
        {Stat::BankOutputSum, "bank-output-sum", "S10", ExpertHidden, sum, "sum of outputs, chosen or not"},
        {Stat::OutputHsic, "output-hsic", "S11", ExpertPair, sum, "sum of unbiased HSIC of two experts' outputs"},
        {Stat::TopKLoss, "top-k-loss", "S12", PerTopK, sum, "sum of |y - y(m)|^2 with m = 1..k experts a token"},
        {Stat::InnerEnergy, "inner-energy", "imported", PerExpert, StatMerge::Never,
         "mean squared norm of the down projection's input, over routed tokens"},
    }};
    return infos;
}

const StatInfo& statInfo(Stat stat)
{
    return statInfos()[static_cast<std::size_t>(stat)];
}

std::optional<Stat> statFromId(std::string_view id)
{
    for (const auto& info : statInfos())
        if (info.id == id)
            return info.stat;
    return std::nullopt;
}

StatSize statSize(Stat stat, const Topology& topology)
{
    const auto experts = static_cast<std::size_t>(topology.experts);
    const auto hidden = static_cast<std::size_t>(topology.hidden);
    const auto rows = static_cast<std::size_t>(std::max(topology.topK - 1, 0));
    switch (statInfo(stat).shape) {
    case StatShape::PerExpert:
        return {1, experts};
    case StatShape::PerLayer:
        return {1, 1};
    case StatShape::PerTopK:
        return {1, static_cast<std::size_t>(std::max(topology.topK, 0))};
    case StatShape::TopKHistogram:
        return {rows, static_cast<std::size_t>(kHistogramBins)};
    case StatShape::Histogram:
        return {1, static_cast<std::size_t>(kHistogramBins)};
    case StatShape::ExpertPair:
        return {experts, experts};
    case StatShape::ExpertHidden:
        return {experts, hidden};
    }
    return {};
}

const std::array<std::string_view, 17>& statGroups()
{
    static constexpr std::array<std::string_view, 17> groups{"S0", "S0a", "S0b", "S0c", "S1", "S2", "S3", "S4", "pool",
                                                             "S9", "S10", "S11", "S12", "S5", "S7", "S8", "S17"};
    return groups;
}

namespace {

constexpr std::uint32_t kBank = 0b1111U << 9U;
constexpr std::uint32_t kCoalitions = 1U << 13U;
constexpr std::uint32_t kSamples = 0b111U << 14U;

std::optional<std::uint32_t> groupBit(std::string_view group)
{
    const auto& groups = statGroups();
    const auto found = std::find(groups.begin(), groups.end(), group);
    if (found == groups.end())
        return std::nullopt;
    return 1U << static_cast<std::uint32_t>(found - groups.begin());
}

} // namespace

bool StatSelection::has(Stat stat) const
{
    if (statInfo(stat).group == "bank")
        return hasBank();
    return (groups & groupBit(statInfo(stat).group).value_or(0)) != 0;
}

bool StatSelection::hasPool() const
{
    return (groups & groupBit("pool").value_or(0)) != 0;
}

bool StatSelection::hasBank() const
{
    return (groups & kBank) != 0;
}

bool StatSelection::hasGroup(std::string_view group) const
{
    return (groups & groupBit(group).value_or(0)) != 0;
}

bool StatSelection::hasSamples() const
{
    return (groups & kSamples) != 0;
}

StatSelection StatSelection::all()
{
    return {((1U << statGroups().size()) - 1) & ~(kBank | kCoalitions | kSamples)};
}

Result<StatSelection> StatSelection::parse(std::string_view text)
{
    StatSelection selection;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto word = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (word == "all")
            selection.groups |= all().groups;
        else if (word == "basic")
            selection.groups |= 0b1111;
        else if (word == "bank")
            selection.groups |= kBank;
        else if (word == "samples")
            selection.groups |= kSamples;
        else if (const auto bit = groupBit(word))
            selection.groups |= *bit;
        else
            return usageError(fmt::format("'{}' is no group of statistics", word),
                              "Known are all, basic (S0, S0a, S0b, S0c), bank (S9, S10, S11, S12), samples (S7, S8, "
                              "S17), S0, S0a, S0b, S0c, S1, S2, S3, S4, S5, S7, S8, S9, S10, S11, S12, S17, pool");
    }
    if (selection.groups == 0)
        return usageError("no statistics were chosen", "Use --statistics all or basic");
    selection.groups |= 1; // counts are the ground everything stands on
    return selection;
}

} // namespace espalier::stats
