// SPDX-License-Identifier: Apache-2.0
// The pass that carves: attention as always, then the feed-forward half of each layer is measured, cut and run as it
// will be in the carved model.
#include "core/engine/torch/carve_layer.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

Result<void> checkCarvable(const model::OpenModel& model)
{
    const auto wrong = [&](int layer, const char* why) {
        return badInput(fmt::format("layer {} {}", layer, why), model.checkpoint.path().string(), {},
                        "Dense SwiGLU models can be carved: Llama, Mistral, Qwen2, Qwen3 and what is stored as them");
    };
    const model::ModelSpec& spec = model.spec;
    for (const model::LayerSpec& layer : spec.layers) {
        const int index = layer.index.value();
        if (layer.moe)
            return wrong(index, "has routed experts already");
        if (!layer.dense.gate.bias.empty() || !layer.dense.down.bias.empty())
            return wrong(index, "has biases in its feed-forward part");
        if (spec.activation.kind != model::ActivationKind::Silu)
            return wrong(index, "has another activation than SiLU");
        if (!layer.postFfnNorm.weight.empty() || layer.isDelta)
            return wrong(index, "is not a plain decoder layer");
    }
    return {};
}

} // namespace

Result<std::vector<CarvedLayer>> TorchEngine::runCarve(std::span<const tokenizer::Window> windows,
                                                       const CarveSettings& settings, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    ESPALIER_CHECK(checkCarvable(m_model));
    std::vector<TokenSpan> sequences;
    ProgressPart progress{&job, "carving", "tokens"};
    for (const tokenizer::Window& window : windows) {
        sequences.emplace_back(window.ids);
        progress.total += static_cast<double>(window.ids.size());
    }
    progress.size = progress.total;
    ESPALIER_CHECK(checkSequences(sequences));
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(spec, base));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    Pass pass(spec, *m_weights, m_rotary, streams);
    std::vector<CarvedLayer> carved;
    pass.dense = [&](std::size_t index, const LayerWeights& weights, std::span<const BlockRows> rows) -> Result<void> {
        std::vector<at::Tensor> inputs;
        for (const BlockRows& part : rows)
            inputs.push_back(norm(spec, weights.ffnNorm, part.hidden).to(at::kFloat));
        LayerCarver carver(settings, weights.dense, at::cat(inputs));
        inputs.clear();
        ESPALIER_TRY(CarvedLayer layer, carver.carve(spec.layers[index].index, job));
        carved.push_back(std::move(layer));
        std::int64_t from = 0;
        for (const BlockRows& part : rows) {
            at::Tensor hidden = part.hidden;
            const at::Tensor added = carver.outputs().narrow(0, from, hidden.size(0)).to(hidden.scalar_type());
            addToResidual(spec, weights.postFfnNorm, added, hidden);
            from += hidden.size(0);
        }
        return {};
    };
    ESPALIER_TRY([[maybe_unused]] const auto batches, pass.run(sequences, progress));
    m_flops += pass.flops();
    return carved;
}

} // namespace espalier::engine
