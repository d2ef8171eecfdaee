// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/expert_matrices.h"

#include "core/method/merge/cluster.h"

#include <random>

namespace espalier::method {
namespace {

constexpr std::size_t kSketch = 128; ///< buckets per neuron
constexpr std::size_t kProbes = 16;  ///< columns of R

std::vector<float> transposed(const std::vector<float>& matrix, std::size_t rows)
{
    const std::size_t columns = rows > 0 ? matrix.size() / rows : 0;
    std::vector<float> out(matrix.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            out[c * rows + r] = matrix[r * columns + c];
    return out;
}

/// Gate and up out of [2I, H].
void split(const std::vector<float>& both, bool interleaved, ExpertMatrices& into)
{
    const std::size_t h = into.hidden;
    into.gate.resize(into.neurons * h);
    into.up.resize(into.neurons * h);
    for (std::size_t i = 0; i < into.neurons; ++i) {
        const std::size_t gate = interleaved ? 2 * i : i, up = interleaved ? 2 * i + 1 : into.neurons + i;
        std::copy_n(both.begin() + static_cast<std::ptrdiff_t>(gate * h), h,
                    into.gate.begin() + static_cast<std::ptrdiff_t>(i * h));
        std::copy_n(both.begin() + static_cast<std::ptrdiff_t>(up * h), h,
                    into.up.begin() + static_cast<std::ptrdiff_t>(i * h));
    }
}

/// a [rows, inner] times b [inner, columns].
std::vector<float> product(const std::vector<float>& a, const std::vector<float>& b, std::size_t inner,
                           std::size_t columns)
{
    const std::size_t rows = inner > 0 ? a.size() / inner : 0;
    std::vector<float> out(rows * columns, 0.0F);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t k = 0; k < inner; ++k) {
            const float scale = a[r * inner + k];
            for (std::size_t c = 0; c < columns; ++c)
                out[r * columns + c] += scale * b[k * columns + c];
        }
    return out;
}

} // namespace

Result<ExpertMatrices> readExpert(model::WeightReader& reader, const model::ModelSpec& spec,
                                  const model::LayerSpec& layer, std::int32_t expert)
{
    ExpertMatrices out;
    out.neurons = static_cast<std::size_t>(spec.expertWidth);
    out.hidden = static_cast<std::size_t>(spec.hidden);
    if (!layer.experts.empty()) {
        const auto& names = layer.experts[static_cast<std::size_t>(expert)];
        ESPALIER_TRY(out.gate, reader.read(names.gate.weight));
        ESPALIER_TRY(out.up, reader.read(names.up.weight));
        ESPALIER_TRY(out.down, reader.read(names.down.weight));
        return out;
    }
    const model::FusedExperts& fused = layer.fused;
    ESPALIER_TRY(auto first, reader.read(fused.gateUp.weight, expert));
    ESPALIER_TRY(out.down, reader.read(fused.down.weight, expert));
    if (fused.transposed) {
        first = transposed(first, out.hidden);
        out.down = transposed(out.down, out.neurons);
    }
    if (fused.up.weight.empty()) {
        split(first, fused.interleaved, out);
        return out;
    }
    out.gate = std::move(first);
    ESPALIER_TRY(out.up, reader.read(fused.up.weight, expert));
    if (fused.transposed)
        out.up = transposed(out.up, out.hidden);
    return out;
}

NeuronFeatures featuresOf(const ExpertMatrices& expert)
{
    return {expert.neurons, {}, sketchNeurons(expert.gate, expert.up, expert.down, expert.neurons, kSketch)};
}

Result<std::vector<double>> weightSurrogates(model::WeightReader& reader, const model::ModelSpec& spec,
                                             const model::LayerSpec& layer, const base::JobContext& job)
{
    const auto hidden = static_cast<std::size_t>(spec.hidden);
    std::mt19937 random(409); // any fixed number: the same probes for all experts and machines
    std::vector<float> probes(hidden * kProbes);
    for (float& value : probes)
        value = (random() & 1U) != 0 ? 1.0F : -1.0F;
    std::vector<float> surrogates;
    for (std::int32_t e = 0; e < spec.experts; ++e) {
        if (job.stopRequested())
            return cancelledError();
        ESPALIER_TRY(const ExpertMatrices expert, readExpert(reader, spec, layer, e));
        for (const auto* matrix : {&expert.gate, &expert.up}) {
            const auto inner = product(*matrix, probes, hidden, kProbes);
            const auto outer = product(expert.down, inner, expert.neurons, kProbes);
            surrogates.insert(surrogates.end(), outer.begin(), outer.end());
        }
    }
    return rowCosines(surrogates, static_cast<std::size_t>(spec.experts));
}

} // namespace espalier::method
