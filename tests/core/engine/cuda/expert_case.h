// SPDX-License-Identifier: Apache-2.0
// Random rows and experts with a given number of rows each, and the outputs by definition: plain loops in double, with
// the roundings that a GEMM in T and the operations after it have.
#pragma once

#include "core/engine/cuda/expert_gemm.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace espalier::test {

using engine::cuda::ActivationRule;
using engine::cuda::ExpertMatrices;
using engine::cuda::GemmTask;

struct ExpertShape {
    int rows = 0, hidden = 0, width = 0;
    std::vector<int> rowsOfExpert;
    bool bias = false;
    ActivationRule activation;
};

template <typename T>
struct ExpertCase {
    ExpertShape shape;
    std::vector<T> x;
    std::vector<std::vector<T>> gateUp, down, gateUpBias, downBias;
    std::vector<ExpertMatrices<T>> matrices;
    std::vector<int> row;   ///< by place
    std::vector<int> begin; ///< of experts
    std::vector<GemmTask> tasks;

    explicit ExpertCase(const ExpertShape& made) : shape(made)
    {
        std::mt19937 random(11);
        std::normal_distribution<float> normal;
        const auto fill = [&](int count, double spread) {
            std::vector<T> values(static_cast<std::size_t>(count));
            for (T& value : values)
                engine::cuda::narrow(value, static_cast<float>(spread) * normal(random));
            return values;
        };
        x = fill(shape.rows * shape.hidden, 1);
        begin.push_back(0);
        for (const int count : shape.rowsOfExpert) {
            gateUp.push_back(fill(2 * shape.width * shape.hidden, 1 / std::sqrt(shape.hidden)));
            down.push_back(fill(shape.hidden * shape.width, 1 / std::sqrt(shape.width)));
            gateUpBias.push_back(fill(2 * shape.width, 0.5));
            downBias.push_back(fill(shape.hidden, 0.5));
            std::vector<int> all(static_cast<std::size_t>(shape.rows));
            for (std::size_t i = 0; i < all.size(); ++i)
                all[i] = static_cast<int>(i);
            std::shuffle(all.begin(), all.end(), random);
            std::sort(all.begin(), all.begin() + count);
            row.insert(row.end(), all.begin(), all.begin() + count);
            const int first = begin.back();
            for (int at = 0; at < count; at += 128)
                tasks.push_back({static_cast<int>(begin.size()) - 1, first + at, first + std::min(count, at + 128)});
            begin.push_back(first + count);
        }
        for (std::size_t e = 0; e < gateUp.size(); ++e)
            matrices.push_back({gateUp[e].data(), down[e].data(), shape.bias ? gateUpBias[e].data() : nullptr,
                                shape.bias ? downBias[e].data() : nullptr});
    }

    [[nodiscard]] int places() const { return begin.back(); }

    /// [places, width] and [places, hidden].
    [[nodiscard]] std::vector<double> innerByDefinition() const
    {
        std::vector<double> inner;
        for (std::size_t e = 0; e < gateUp.size(); ++e)
            for (int at = begin[e]; at < begin[e + 1]; ++at) {
                const auto project = [&](int line) {
                    double sum = 0;
                    for (int h = 0; h < shape.hidden; ++h)
                        sum += wide(x, row[static_cast<std::size_t>(at)] * shape.hidden + h) *
                               wide(gateUp[e], line * shape.hidden + h);
                    return sum + (shape.bias ? wide(gateUpBias[e], line) : 0.0);
                };
                for (int i = 0; i < shape.width; ++i)
                    inner.push_back(activate(project(i), project(shape.width + i)));
            }
        return inner;
    }
    /// From inner values as a kernel left them, so that roundings before do not count twice.
    [[nodiscard]] std::vector<double> outputsByDefinition(const std::vector<T>& inner) const
    {
        std::vector<double> out;
        for (std::size_t e = 0; e < down.size(); ++e)
            for (int at = begin[e]; at < begin[e + 1]; ++at)
                for (int h = 0; h < shape.hidden; ++h) {
                    double sum = 0;
                    for (int i = 0; i < shape.width; ++i)
                        sum += wide(inner, at * shape.width + i) * wide(down[e], h * shape.width + i);
                    out.push_back(sum + (shape.bias ? wide(downBias[e], h) : 0.0));
                }
        return out;
    }

private:
    [[nodiscard]] static double wide(const std::vector<T>& values, int at)
    {
        return engine::cuda::widen(values[static_cast<std::size_t>(at)]);
    }
    [[nodiscard]] double activate(double gate, double up) const
    {
        const ActivationRule& a = shape.activation;
        if (!a.clamped)
            return gate / (1 + std::exp(-gate)) * up;
        gate = std::min(gate, double{a.limit});
        up = std::clamp(up, -double{a.limit}, double{a.limit});
        return (up + 1) * gate / (1 + std::exp(-gate * double{a.alpha}));
    }
};

} // namespace espalier::test
