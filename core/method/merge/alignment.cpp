// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/alignment.h"

#include "core/base/split_mix.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::method {
namespace {

/// Rows scaled to length 1; rows of zeros, and what is no number, stay out of the comparison as zeros.
std::vector<float> unitRows(std::span<const float> rows, std::size_t count)
{
    const std::size_t width = count > 0 ? rows.size() / count : 0;
    std::vector<float> unit(rows.size(), 0.0F);
    for (std::size_t r = 0; r < count; ++r) {
        double squares = 0;
        for (std::size_t c = 0; c < width; ++c)
            squares += static_cast<double>(rows[r * width + c]) * rows[r * width + c];
        if (!(squares > 0) || !std::isfinite(squares))
            continue;
        const double scale = 1 / std::sqrt(squares);
        for (std::size_t c = 0; c < width; ++c)
            unit[r * width + c] = static_cast<float>(rows[r * width + c] * scale);
    }
    return unit;
}

void addDistances(std::span<const float> a, std::span<const float> b, std::size_t count, std::vector<double>& costs)
{
    const std::size_t width = count > 0 ? a.size() / count : 0;
    if (width == 0 || a.size() != b.size())
        return;
    const auto left = unitRows(a, count), right = unitRows(b, count);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) {
            float squares = 0;
            for (std::size_t c = 0; c < width; ++c) {
                const float d = left[i * width + c] - right[j * width + c];
                squares += d * d;
            }
            costs[i * count + j] += std::sqrt(static_cast<double>(squares));
        }
}

} // namespace

std::vector<std::int32_t> leastAssignment(std::span<const double> costs, std::size_t n)
{
    constexpr double kFar = std::numeric_limits<double>::infinity();
    // Potentials of rows and columns; place 0 is the row that is being assigned, real ones count from 1.
    std::vector<double> row(n + 1, 0.0), column(n + 1, 0.0), slack(n + 1);
    std::vector<std::size_t> rowOf(n + 1, 0), before(n + 1, 0);
    std::vector<bool> reached(n + 1);
    for (std::size_t start = 1; start <= n; ++start) {
        rowOf[0] = start;
        std::fill(slack.begin(), slack.end(), kFar);
        std::fill(reached.begin(), reached.end(), false);
        std::size_t at = 0;
        do {
            reached[at] = true;
            const std::size_t i = rowOf[at];
            double least = kFar;
            std::size_t next = 0;
            for (std::size_t j = 1; j <= n; ++j) {
                if (reached[j])
                    continue;
                const double reduced = costs[(i - 1) * n + j - 1] - row[i] - column[j];
                if (reduced < slack[j]) {
                    slack[j] = reduced;
                    before[j] = at;
                }
                if (slack[j] < least) {
                    least = slack[j];
                    next = j;
                }
            }
            for (std::size_t j = 0; j <= n; ++j)
                if (reached[j]) {
                    row[rowOf[j]] += least;
                    column[j] -= least;
                } else {
                    slack[j] -= least;
                }
            at = next;
        } while (rowOf[at] != 0);
        for (; at != 0; at = before[at])
            rowOf[at] = rowOf[before[at]];
    }
    std::vector<std::int32_t> columnOf(n);
    for (std::size_t j = 1; j <= n; ++j)
        columnOf[rowOf[j] - 1] = static_cast<std::int32_t>(j - 1);
    return columnOf;
}

std::vector<float> sketchNeurons(std::span<const float> gate, std::span<const float> up, std::span<const float> down,
                                 std::size_t neurons, std::size_t width)
{
    const std::size_t hidden = neurons > 0 ? gate.size() / neurons : 0;
    std::vector<float> sketch(neurons * width, 0.0F);
    for (std::size_t part = 0; part < 3; ++part)
        for (std::size_t c = 0; c < hidden; ++c) {
            const std::uint64_t hash = base::splitMix(part * hidden + c);
            const std::size_t bucket = hash % width;
            const float sign = (hash >> 63U) != 0 ? 1.0F : -1.0F;
            for (std::size_t i = 0; i < neurons; ++i) {
                const float value = part == 2   ? down[c * neurons + i]
                                    : part == 1 ? up[i * hidden + c]
                                                : gate[i * hidden + c];
                sketch[i * width + bucket] += sign * value;
            }
        }
    return sketch;
}

std::vector<std::int32_t> alignNeurons(const NeuronFeatures& reference, const NeuronFeatures& other)
{
    const std::size_t count = reference.neurons;
    std::vector<double> costs(count * count, 0.0);
    addDistances(reference.activations, other.activations, count, costs);
    addDistances(reference.weights, other.weights, count, costs);
    return leastAssignment(costs, count);
}

} // namespace espalier::method
