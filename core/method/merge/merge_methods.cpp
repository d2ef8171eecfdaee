// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/merge_methods.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace espalier::method {

const std::vector<MergeMethod>& mergeMethods()
{
    static const std::vector<MergeMethod> methods{
        {"hc-smoe",
         "HC-SMoE",
         "Chen et al. 2024, arXiv 2410.08589",
         "average linkage on |mu_i - mu_j|, mu = mean output over all tokens; W = sum n_i W_i / sum n_i",
         "mean outputs of all experts over all tokens",
         "a pass with every expert on every token",
         {.everyToken = true},
         Alignment::None,
         &groupHcSmoe},
        {"diversifying",
         "Diversifying, by outputs",
         "Zhang et al. 2024, arXiv 2407.09590",
         "average linkage on 1 - linear CKA of the outputs; plain means, router rows too",
         "outputs of all experts on a sample of tokens",
         "a pass, and every expert on the sample",
         {.cka = true},
         Alignment::None,
         &groupDiversifying},
        {"diversifying-weights",
         "Diversifying, by weights",
         "Zhang et al. 2024, arXiv 2407.09590",
         "average linkage on 1 - cosine of sketches of W_down W_gate and W_down W_up; plain means, router rows too",
         "the weights alone; texts serve the prediction",
         "one read of every expert",
         {.weightCosine = true, .texts = false},
         Alignment::None,
         &groupDiversifyingWeights},
        {"uncurl",
         "UNCURL",
         "Sarkar et al. 2024, arXiv 2409.01483",
         "average linkage on 1 - correlation of router logits; W and router row = sum n_i (.)_i / sum n_i",
         "sums of products of router logits",
         "a pass",
         {},
         Alignment::None,
         &groupUncurl},
        {"m-smoe",
         "M-SMoE",
         "Li et al. 2024, arXiv 2310.01334",
         "the most used experts stay, others join the one with the highest cosine of router logits; neurons matched by "
         "weights; W = sum n_i W_i / sum n_i; its own router row",
         "sums of products of router logits",
         "a pass, and one assignment of neurons per merged expert",
         {},
         Alignment::Weights,
         &groupMSmoe},
        {"ream",
         "REAM",
         "REAM, 2026, arXiv 2604.04356",
         "the most salient (mean p |f|) stay, each in turn takes the most similar others, up to 16; neurons matched by "
         "activations and weights; shares by saliency; its own router row",
         "saliency, gated mean outputs over all tokens, activations on a sample",
         "a pass with every expert on every token, and one assignment of neurons per merged expert",
         {.everyToken = true, .activations = true},
         Alignment::ActivationsAndWeights,
         &groupReam},
        {"least-error",
         "Least predicted error",
         "after Lasby et al. 2025, arXiv 2510.13999, section 3",
         "average linkage on the sum of (g_i + g_j)^2 (r - a)^2 |f_i - f_j|^2, r = g_i / (g_i + g_j), a its best "
         "constant; shares by least squares; router rows by use",
         "outputs of all experts on a sample of tokens",
         "a pass, and every expert on the sample",
         {},
         Alignment::None,
         &groupByError},
    };
    return methods;
}

Result<const MergeMethod*> findMergeMethod(std::string_view id)
{
    std::string known;
    for (const MergeMethod& method : mergeMethods()) {
        if (method.id == id)
            return &method;
        known += fmt::format("{}{}", known.empty() ? "" : ", ", method.id);
    }
    return usageError(fmt::format("there is no merging method '{}'", id), "Methods: " + known);
}

std::vector<ExpertGroup> inOrder(std::vector<ExpertGroup> groups)
{
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.kept < b.kept; });
    return groups;
}

std::int32_t strongest(const std::vector<std::int32_t>& members, std::span<const double> amounts)
{
    return *std::max_element(members.begin(), members.end(), [&](std::int32_t a, std::int32_t b) {
        return amounts[static_cast<std::size_t>(a)] < amounts[static_cast<std::size_t>(b)];
    });
}

std::vector<std::int32_t> ranked(std::span<const double> amounts)
{
    std::vector<std::int32_t> ids(amounts.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(), [&](std::int32_t a, std::int32_t b) {
        return amounts[static_cast<std::size_t>(a)] > amounts[static_cast<std::size_t>(b)];
    });
    return ids;
}

std::vector<double> ownRow(const ExpertGroup& group)
{
    std::vector<double> rows;
    for (const auto member : group.members)
        rows.push_back(member == group.kept ? 1.0 : 0.0);
    return rows;
}

namespace {

/// Experts first, first + 1 … of the evidence.
class Range {
public:
    Range(const LayerEvidence& whole, std::size_t first, std::size_t count)
        : m_all(whole.count()), m_first(first), m_count(count)
    {
    }
    /// Rows of an array whose first dimension runs over experts.
    template <typename T>
    [[nodiscard]] std::vector<T> rows(const std::vector<T>& all) const
    {
        const std::size_t width = all.size() / m_all;
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(m_first * width);
        return {begin, begin + static_cast<std::ptrdiff_t>(m_count * width)};
    }
    /// The square of rows and columns of [n, E, E].
    template <typename T>
    [[nodiscard]] std::vector<T> squares(const std::vector<T>& all) const
    {
        std::vector<T> out;
        for (std::size_t from = 0; from < all.size(); from += m_all * m_all)
            for (std::size_t i = 0; i < m_count; ++i) {
                const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from + (m_first + i) * m_all + m_first);
                out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(m_count));
            }
        return out;
    }
    /// Columns of [n, E].
    [[nodiscard]] std::vector<float> columns(const std::vector<float>& all) const
    {
        std::vector<float> out;
        for (std::size_t from = m_first; from < all.size(); from += m_all)
            out.insert(out.end(), all.begin() + static_cast<std::ptrdiff_t>(from),
                       all.begin() + static_cast<std::ptrdiff_t>(from + m_count));
        return out;
    }

private:
    std::size_t m_all, m_first, m_count;
};

/// What methods look at, of some experts.
LayerEvidence partOf(const LayerEvidence& whole, std::size_t first, std::size_t count)
{
    const Range range(whole, first, count);
    LayerEvidence part;
    part.layer = whole.layer;
    part.experts = static_cast<std::int32_t>(count);
    part.hidden = whole.hidden;
    part.tokens = whole.tokens;
    part.chosen = range.rows(whole.chosen);
    part.saliency = range.rows(whole.saliency);
    part.logitSum = range.rows(whole.logitSum);
    part.logitGram = range.squares(whole.logitGram);
    part.mean = range.rows(whole.mean);
    part.gatedMean = range.rows(whole.gatedMean);
    part.bank = whole.bank;
    part.bankGates = range.columns(whole.bankGates);
    part.outputGram = range.squares(whole.outputGram);
    part.cka = range.squares(whole.cka);
    part.weightCosine = range.squares(whole.weightCosine);
    return part;
}

} // namespace

std::vector<ExpertGroup> groupExperts(const MergeMethod& method, const LayerEvidence& evidence, std::size_t groups,
                                      std::size_t routerGroups)
{
    if (routerGroups <= 1)
        return method.group(evidence, groups);
    std::vector<ExpertGroup> all;
    const std::size_t size = evidence.count() / routerGroups;
    for (std::size_t r = 0; r < routerGroups; ++r)
        for (ExpertGroup& group : method.group(partOf(evidence, r * size, size), groups / routerGroups)) {
            const auto shift = static_cast<std::int32_t>(r * size);
            group.kept += shift;
            for (auto& member : group.members)
                member += shift;
            all.push_back(std::move(group));
        }
    return inOrder(std::move(all));
}

} // namespace espalier::method
