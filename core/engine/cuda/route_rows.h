// SPDX-License-Identifier: Apache-2.0
// The router in one kernel: mask, scores (softmax or sigmoid), correction bias, groups, the k largest with equal ones
// by lower id, renormalisation, scale. Same steps, types and roundings as core/engine/torch/router.cpp; sums in double,
// in the order of the experts.
#pragma once

#include "core/engine/cuda/numbers.h"
#include "core/engine/cuda/rules.h"

namespace espalier::engine::cuda {

/// One thread a row; the rows of a block lie in shared memory, so that all threads load them side by side.
/// T: the type that gate weights are rounded to.
template <typename T>
struct RouteRows {
    RouterRule rule;
    const float* logits;     ///< [rows, experts] as the model has them
    const float* correction; ///< [experts] added to the scores for the choice alone, or null
    const float* mask;       ///< [streams, experts] of 0 and -inf, or null
    /// [streams, k], or null: infinity from the first choice on that a row never gets; at the places before, by rank of
    /// weight, the share of the largest weight that a weight must reach for itself and those behind it to count.
    const float* limit;
    const int* stream; ///< [rows], or null: all of stream 0
    float* scores;     ///< [rows, experts]
    int* ids;          ///< [rows, k] largest first
    float* gates;      ///< [rows, k]
    int rows, experts;

    static constexpr float kLeftOut = -1; // no weight is negative
    static constexpr int kThreads = 64, kMostRows = 32;
    static constexpr std::size_t kShared = 40 << 10;

    [[nodiscard]] ESPALIER_HD int stride() const { return experts | 1; } // odd: rows begin in different banks
    [[nodiscard]] ESPALIER_HD int rowsOfBlock() const
    {
        const int fit = static_cast<int>(kShared / sizeof(float)) / stride();
        return most(1, least(fit, static_cast<int>(kMostRows)));
    }
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {1, ceilDivide(rows, rowsOfBlock()), kThreads}; }
    [[nodiscard]] ESPALIER_HD std::size_t sharedBytes() const
    {
        return sizeof(float) * static_cast<std::size_t>(rowsOfBlock() * stride());
    }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const int count = rowsOfBlock();
        const int first = block.row() * count;
        float* keys = block.template shared<float>(count * stride());
        block.each([&](int thread) { // selection logits
            for (int i = thread; i < count * experts; i += kThreads) {
                const int row = first + i / experts;
                const int e = i % experts;
                if (row < rows)
                    keys[i / experts * stride() + e] =
                        logits[place(row, e)] + (mask != nullptr ? mask[maskPlace(row, e)] : 0.0F);
            }
        });
        block.free([&](int thread) {
            if (thread < count && first + thread < rows)
                routeRow(first + thread, keys + thread * stride());
        });
    }

private:
    [[nodiscard]] ESPALIER_HD std::size_t place(int row, int e) const
    {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(experts) + static_cast<std::size_t>(e);
    }
    [[nodiscard]] ESPALIER_HD int streamOf(int row) const { return stream != nullptr ? stream[row] : 0; }
    [[nodiscard]] ESPALIER_HD std::size_t maskPlace(int row, int e) const { return place(streamOf(row), e); }

    /// `key` holds the selection logits of the row and may be written to.
    ESPALIER_HD void routeRow(int row, float* key) const
    {
        int* chosen = ids + static_cast<std::size_t>(row) * static_cast<std::size_t>(rule.topK);
        float* gate = gates + static_cast<std::size_t>(row) * static_cast<std::size_t>(rule.topK);
        writeScores(row, key);
        if (rule.kind == RouterKind::SparseMixer) {
            sparseMixer(key, chosen, gate);
            leaveOut(row, gate);
            for (int slot = 0; slot < rule.topK; ++slot)
                gate[slot] = gate[slot] < 0 ? 0 : gate[slot];
        } else if (rule.kind == RouterKind::SoftmaxChosen) {
            choose(key, chosen);
            softmaxOfChosen(row, chosen, gate);
        } else {
            for (int e = 0; e < experts; ++e)
                if (key[e] != minusInfinity())
                    key[e] = scores[place(row, e)] + (correction != nullptr ? correction[e] : 0.0F);
            if (rule.groups > 1)
                limitGroups(key);
            choose(key, chosen);
            weigh(row, chosen, gate);
        }
        for (int slot = 0; slot < rule.topK; ++slot)
            gate[slot] = rounded<T>(gate[slot]);
    }

    ESPALIER_HD void writeScores(int row, const float* selection) const
    {
        if (rule.kind == RouterKind::Sigmoid) {
            for (int e = 0; e < experts; ++e)
                scores[place(row, e)] = static_cast<float>(1 / (1 + exp(-static_cast<double>(selection[e]))));
            return;
        }
        float largest = minusInfinity();
        for (int e = 0; e < experts; ++e)
            largest = selection[e] > largest || isNan(selection[e]) ? selection[e] : largest;
        double sum = 0;
        for (int e = 0; e < experts; ++e)
            sum += exp(static_cast<double>(selection[e]) - static_cast<double>(largest));
        for (int e = 0; e < experts; ++e)
            scores[place(row, e)] =
                static_cast<float>(exp(static_cast<double>(selection[e]) - static_cast<double>(largest)) / sum);
    }

    /// -inf for the experts outside the groups that are worth most; equal ones by lower number.
    ESPALIER_HD void limitGroups(float* key) const
    {
        const int size = experts / rule.groups;
        float worth[kMostGroups];
        for (int g = 0; g < rule.groups; ++g) {
            float first = minusInfinity();
            float second = minusInfinity();
            for (int e = g * size; e < (g + 1) * size; ++e) {
                const float value = key[e];
                const float lower = value < first ? value : first;
                second = lower > second ? lower : second;
                first = value > first ? value : first;
            }
            worth[g] = rule.topTwoSum && second != minusInfinity() ? first + second : first;
        }
        for (int g = 0; g < rule.groups; ++g) {
            int better = 0;
            for (int other = 0; other < rule.groups; ++other)
                better += worth[other] > worth[g] || (other < g && worth[other] == worth[g]) ? 1 : 0;
            if (better >= rule.groupsUsed)
                for (int e = g * size; e < (g + 1) * size; ++e)
                    key[e] = minusInfinity();
        }
    }

    /// The k largest keys, equal ones by lower id; -inf is never chosen, NaN counts below every number. With fewer than
    /// k candidates the first choice is repeated.
    ESPALIER_HD void choose(const float* key, int* chosen) const
    {
        float best[kMostChoices];
        int filled = 0;
        for (int e = 0; e < experts; ++e) {
            if (key[e] == minusInfinity())
                continue;
            const float value = isNan(key[e]) ? -3.402823466e38F : key[e];
            if (filled == rule.topK && !(value > best[rule.topK - 1]))
                continue;
            int at = filled < rule.topK ? filled++ : rule.topK - 1;
            for (; at > 0 && value > best[at - 1]; --at) {
                best[at] = best[at - 1];
                chosen[at] = chosen[at - 1];
            }
            best[at] = value;
            chosen[at] = e;
        }
        for (; filled < rule.topK; ++filled)
            chosen[filled] = filled > 0 ? chosen[0] : 0;
    }

    /// Sets weights of choices that do not count to kLeftOut. Equal weights rank by choice.
    ESPALIER_HD void leaveOut(int row, float* weight) const
    {
        if (limit == nullptr)
            return;
        const float* share = limit + static_cast<std::size_t>(streamOf(row)) * static_cast<std::size_t>(rule.topK);
        int allowed = 0;
        while (allowed < rule.topK && share[allowed] < -minusInfinity())
            ++allowed;
        int ranked[kMostChoices];
        for (int slot = 0; slot < allowed; ++slot) {
            int at = slot;
            for (; at > 0 && weight[slot] > weight[ranked[at - 1]]; --at)
                ranked[at] = ranked[at - 1];
            ranked[at] = slot;
        }
        int counted = 0;
        while (counted < allowed && !(weight[ranked[counted]] < share[counted] * weight[ranked[0]]))
            ++counted;
        for (; counted < allowed; ++counted)
            weight[ranked[counted]] = kLeftOut;
        for (int slot = allowed; slot < rule.topK; ++slot)
            weight[slot] = kLeftOut;
    }

    ESPALIER_HD void weigh(int row, const int* chosen, float* gate) const
    {
        for (int slot = 0; slot < rule.topK; ++slot)
            gate[slot] = scores[place(row, chosen[slot])];
        leaveOut(row, gate);
        float sum = 0;
        for (int slot = 0; slot < rule.topK; ++slot) {
            gate[slot] = gate[slot] < 0 ? 0 : gate[slot];
            sum += gate[slot];
        }
        if (rule.normalize) {
            if (rule.floor > 0 && sum < rule.floor)
                sum = rule.floor;
            for (int slot = 0; slot < rule.topK; ++slot)
                gate[slot] /= sum + rule.addend;
        }
        if (rule.scale != 1)
            for (int slot = 0; slot < rule.topK; ++slot)
                gate[slot] *= rule.scale;
    }

    ESPALIER_HD void softmaxOfChosen(int row, const int* chosen, float* gate) const
    {
        for (int slot = 0; slot < rule.topK; ++slot)
            gate[slot] = scores[place(row, chosen[slot])];
        leaveOut(row, gate);
        double largest = minusInfinity();
        for (int slot = 0; slot < rule.topK; ++slot)
            if (!(gate[slot] < 0))
                largest = most(largest, static_cast<double>(logits[place(row, chosen[slot])]));
        double sum = 0;
        for (int slot = 0; slot < rule.topK; ++slot)
            if (!(gate[slot] < 0))
                sum += exp(static_cast<double>(logits[place(row, chosen[slot])]) - largest);
        for (int slot = 0; slot < rule.topK; ++slot)
            gate[slot] =
                gate[slot] < 0
                    ? 0.0F
                    : static_cast<float>(exp(static_cast<double>(logits[place(row, chosen[slot])]) - largest) / sum);
    }

    /// The largest logit with the softmax over logits near it, then the same without it (Abdin et al. 2024,
    /// Phi-3, 2.2).
    ESPALIER_HD void sparseMixer(const float* selection, int* chosen, float* gate) const
    {
        const auto taken = [&](int e, int before) {
            for (int i = 0; i < before; ++i)
                if (chosen[i] == e)
                    return true;
            return false;
        };
        for (int choice = 0; choice < rule.topK; ++choice) {
            int best = -1;
            for (int e = 0; e < experts; ++e)
                if (!taken(e, choice) && (best < 0 || selection[e] > selection[best]))
                    best = e;
            const float largest = selection[best];
            double sum = 0;
            for (int e = 0; e < experts; ++e) {
                if (selection[e] == minusInfinity() || taken(e, choice))
                    continue;
                const float size = selection[e] < 0 ? -selection[e] : selection[e];
                const float distance = (largest - selection[e]) / most(size, largest);
                if (!(distance > rule.margin))
                    sum += exp(static_cast<double>(selection[e]) - static_cast<double>(largest));
            }
            chosen[choice] = best;
            gate[choice] = static_cast<float>(1 / sum);
        }
    }
};

} // namespace espalier::engine::cuda
