// SPDX-License-Identifier: Apache-2.0
// The rows' k choices in expert order, without comparisons: histograms of chunks of rows, a scan over experts and
// chunks, a scatter. Stable: within an expert rows ascend. Three kernels, launched one after the other.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// Rows of a chunk, so that its choices fill a block's shared memory well.
[[nodiscard]] ESPALIER_HD constexpr int rowsOfChunk(int topK)
{
    return most(1, 1024 / topK);
}

/// What the three share. Places of expert e are begin[e] … begin[e + 1] - 1.
struct ChoiceTable {
    const int* ids;     ///< [rows, k]
    const float* gates; ///< [rows, k]
    int rows, topK, experts;
    int* counts; ///< [chunks, experts]: choices, then the first place of each chunk's choices
    int* begin;  ///< [experts + 1]
    int* row;    ///< [rows k] by place: the row
    int* slot;   ///< [rows k] by place: which of the row's choices
    float* gate; ///< [rows k] by place
    int* place;  ///< [rows, k] places of each row, ascending

    [[nodiscard]] ESPALIER_HD int chunks() const { return ceilDivide(rows, rowsOfChunk(topK)); }
    [[nodiscard]] ESPALIER_HD int firstChoice(int chunk) const { return chunk * rowsOfChunk(topK) * topK; }
    [[nodiscard]] ESPALIER_HD int choicesOf(int chunk) const
    {
        return least(rowsOfChunk(topK), rows - chunk * rowsOfChunk(topK)) * topK;
    }
};

struct CountChoices {
    ChoiceTable table;
    static constexpr int kThreads = 256;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {table.chunks(), 1, kThreads}; }
    [[nodiscard]] ESPALIER_HD std::size_t sharedBytes() const
    {
        return sizeof(int) * static_cast<std::size_t>(table.experts);
    }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        int* count = block.template shared<int>(table.experts);
        const int chunk = block.column();
        block.each([&](int thread) {
            for (int e = thread; e < table.experts; e += kThreads)
                count[e] = 0;
        });
        block.each([&](int thread) {
            const int* ids = table.ids + table.firstChoice(chunk);
            for (int i = thread; i < table.choicesOf(chunk); i += kThreads)
                block.add(count + ids[i], 1);
        });
        block.free([&](int thread) {
            for (int e = thread; e < table.experts; e += kThreads)
                table.counts[static_cast<std::size_t>(chunk) * static_cast<std::size_t>(table.experts) +
                             static_cast<std::size_t>(e)] = count[e];
        });
    }
};

struct ScanChoices {
    ChoiceTable table;
    static constexpr int kThreads = 256;
    [[nodiscard]] ESPALIER_HD static Grid grid() { return {1, 1, kThreads}; }
    [[nodiscard]] ESPALIER_HD std::size_t sharedBytes() const
    {
        return sizeof(int) * static_cast<std::size_t>(table.experts + 1);
    }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        int* first = block.template shared<int>(table.experts + 1);
        const auto at = [this](int chunk, int e) {
            return static_cast<std::size_t>(chunk) * static_cast<std::size_t>(table.experts) +
                   static_cast<std::size_t>(e);
        };
        block.each([&](int thread) {
            for (int e = thread; e < table.experts; e += kThreads) {
                int total = 0;
                for (int chunk = 0; chunk < table.chunks(); ++chunk)
                    total += table.counts[at(chunk, e)];
                first[e + 1] = total;
            }
        });
        block.each([&](int thread) { // some hundred additions: not worth a parallel scan
            if (thread != 0)
                return;
            first[0] = 0;
            for (int e = 0; e < table.experts; ++e)
                first[e + 1] += first[e];
        });
        block.free([&](int thread) {
            for (int e = thread; e <= table.experts; e += kThreads)
                table.begin[e] = first[e];
            for (int e = thread; e < table.experts; e += kThreads) {
                int next = first[e];
                for (int chunk = 0; chunk < table.chunks(); ++chunk) {
                    const int count = table.counts[at(chunk, e)];
                    table.counts[at(chunk, e)] = next;
                    next += count;
                }
            }
        });
    }
};

struct ScatterChoices {
    ChoiceTable table;
    static constexpr int kThreads = 256;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {table.chunks(), 1, kThreads}; }
    [[nodiscard]] ESPALIER_HD std::size_t sharedBytes() const
    {
        return 128 + 2 * sizeof(int) * static_cast<std::size_t>(rowsOfChunk(table.topK) * table.topK);
    }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const int size = rowsOfChunk(table.topK) * table.topK;
        int* expert = block.template shared<int>(size);
        int* place = block.template shared<int>(size);
        const int chunk = block.column();
        const int first = table.firstChoice(chunk);
        const int count = table.choicesOf(chunk);
        block.each([&](int thread) {
            for (int i = thread; i < count; i += kThreads)
                expert[i] = table.ids[first + i];
        });
        block.each([&](int thread) { // a thread has experts of its own, so places need no atomics and are stable
            for (int e = thread; e < table.experts; e += kThreads) {
                int next = table.counts[static_cast<std::size_t>(chunk) * static_cast<std::size_t>(table.experts) +
                                        static_cast<std::size_t>(e)];
                for (int i = 0; i < count; ++i)
                    if (expert[i] == e)
                        place[i] = next++;
            }
        });
        block.each([&](int thread) {
            for (int i = thread; i < count; i += kThreads) {
                table.row[place[i]] = (first + i) / table.topK;
                table.slot[place[i]] = (first + i) % table.topK;
                table.gate[place[i]] = table.gates[first + i];
            }
        });
        block.free([&](int thread) { // ascending, so that outputs are added in expert order
            for (int r = thread; r < count / table.topK; r += kThreads) {
                int* own = place + r * table.topK;
                for (int i = 1; i < table.topK; ++i) {
                    const int value = own[i];
                    int at = i;
                    for (; at > 0 && own[at - 1] > value; --at)
                        own[at] = own[at - 1];
                    own[at] = value;
                }
                for (int i = 0; i < table.topK; ++i)
                    table.place[first + r * table.topK + i] = own[i];
            }
        });
    }
};

} // namespace espalier::engine::cuda
