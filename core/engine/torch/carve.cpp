// SPDX-License-Identifier: Apache-2.0
// The pass that carves: attention as always, then the feed-forward half of each layer, or each of its experts, is
// measured, cut and run as it will be in the carved model.
#include "core/engine/torch/carve_layer.h"
#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// An expert that fewer tokens chose is measured on some of the others, too: enough to leave a part out of the fit.
constexpr std::int64_t kLeastTokens = 256;

Result<void> checkCarvable(const model::OpenModel& model)
{
    const auto wrong = [&](int layer, const char* why) {
        return badInput(fmt::format("layer {} {}", layer, why), model.checkpoint.path().string(), {},
                        "SwiGLU models can be carved: Llama, Mistral, Qwen2, Qwen3, what is stored as them, and models "
                        "whose experts are SwiGLU without biases");
    };
    const model::ModelSpec& spec = model.spec;
    if (spec.subExperts)
        return badInput("its experts are carved already", model.checkpoint.path().string(), {},
                        "Carve the model it was made from");
    for (const model::LayerSpec& layer : spec.layers) {
        const int index = layer.index.value();
        if (spec.isMoe() ? !layer.fused.gateUp.bias.empty()
                         : !layer.dense.gate.bias.empty() || !layer.dense.down.bias.empty())
            return wrong(index, "has biases in its feed-forward part");
        if (spec.activation.kind != model::ActivationKind::Silu)
            return wrong(index, "has another activation than SiLU");
        if (!spec.isMoe() && (!layer.postFfnNorm.weight.empty() || layer.isDelta))
            return wrong(index, "is not a plain decoder layer");
    }
    return {};
}

/// A dense layer's feed-forward half, measured, cut, and added to the rows as the carved model will.
Result<CarvedLayer> carveDense(const model::ModelSpec& spec, std::size_t index, const CarveSettings& settings,
                               const LayerWeights& weights, std::span<const BlockRows> rows,
                               const base::JobContext& job)
{
    std::vector<at::Tensor> inputs;
    for (const BlockRows& part : rows)
        inputs.push_back(norm(spec, weights.ffnNorm, part.hidden).to(at::kFloat));
    LayerCarver carver(settings, weights.dense, at::cat(inputs));
    inputs.clear();
    ESPALIER_TRY(CarvedLayer layer, carver.carve(spec.layers[index].index, job));
    std::int64_t from = 0;
    for (const BlockRows& part : rows) {
        at::Tensor hidden = part.hidden;
        const at::Tensor added = carver.outputs().narrow(0, from, hidden.size(0)).to(hidden.scalar_type());
        addToResidual(spec, weights.postFfnNorm, added, hidden);
        from += hidden.size(0);
    }
    return layer;
}

/// The routed experts of a layer, each cut on the rows that chose it.
class ExpertCarver {
public:
    ExpertCarver(const model::ModelSpec& spec, const CarveSettings& settings, const LayerWeights& weights,
                 std::span<const BlockRows> rows)
        : m_spec(spec), m_settings(settings), m_weights(weights), m_rows(rows)
    {
        std::vector<at::Tensor> inputs, ids, gates;
        for (const BlockRows& part : rows) {
            const at::Tensor x = norm(spec, weights.ffnNorm, part.hidden);
            const Routing routing = route(spec.router, weights, x, {}, {}, {});
            inputs.push_back(x.to(at::kFloat));
            ids.push_back(routing.ids);
            gates.push_back(routing.gates);
        }
        m_x = at::cat(inputs);
        m_ids = at::cat(ids);
        m_gates = at::cat(gates);
        m_added = at::zeros_like(m_x);
    }

    [[nodiscard]] Result<CarvedLayer> carve(LayerIndex layer, std::int64_t expert, const FfnWeights& stored,
                                            const base::JobContext& job)
    {
        const at::Tensor chosen = m_ids.eq(expert);
        const at::Tensor any = chosen.any(1);
        const at::Tensor own = any.nonzero().view(-1);
        LayerCarver carver(m_settings, inUse(stored, at::kFloat), m_x.index_select(0, withOthers(own, any)));
        ESPALIER_TRY(CarvedLayer carved, carver.carve(layer, job));
        carved.expert = static_cast<std::int32_t>(expert);
        carved.tokens = own.numel();
        const at::Tensor gate = (m_gates * chosen.to(at::kFloat)).sum(1).index_select(0, own).unsqueeze(1);
        m_added.index_add_(0, own, carver.outputs().narrow(0, 0, own.numel()) * gate);
        return carved;
    }

    /// Adds what the carved layer gives.
    void finish() const
    {
        std::int64_t from = 0;
        for (const BlockRows& part : m_rows) {
            at::Tensor hidden = part.hidden;
            at::Tensor added = m_added.narrow(0, from, hidden.size(0)).to(hidden.scalar_type());
            if (const at::Tensor shared = sharedExpert(m_spec, m_weights, norm(m_spec, m_weights.ffnNorm, hidden));
                shared.defined())
                added = added + shared;
            addToResidual(m_spec, m_weights.postFfnNorm, added, hidden);
            from += hidden.size(0);
        }
    }

private:
    /// An expert's own rows first, then others, evenly spread, where they are few.
    [[nodiscard]] static at::Tensor withOthers(const at::Tensor& own, const at::Tensor& any)
    {
        const std::int64_t missing = kLeastTokens - own.numel();
        const at::Tensor others = any.logical_not().nonzero().view(-1);
        if (missing <= 0 || others.numel() == 0)
            return own;
        const std::int64_t step = std::max<std::int64_t>(1, others.numel() / missing);
        return at::cat({own, others.slice(0, 0, std::min(others.numel(), step * missing), step)});
    }

    const model::ModelSpec& m_spec;
    const CarveSettings& m_settings;
    const LayerWeights& m_weights;
    std::span<const BlockRows> m_rows;
    at::Tensor m_x, m_ids, m_gates, m_added; ///< [q, H] float32, [q, k], [q, k], [q, H]
};

} // namespace

Result<std::vector<CarvedLayer>> TorchEngine::runCarve(std::span<const tokenizer::Window> windows,
                                                       const CarveSettings& settings, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    ESPALIER_CHECK(checkCarvable(m_model));
    std::vector<CarvedLayer> carved;
    const auto experts = [&](std::size_t index, const LayerWeights& weights,
                             std::span<const BlockRows> rows) -> Result<void> {
        ExpertCarver carver(spec, settings, weights, rows);
        for (std::size_t p = 0; p < m_weights->packs(index); ++p) {
            ESPALIER_TRY(const ExpertPack pack, m_weights->experts(index, p, job));
            for (std::size_t i = 0; i < pack.experts.size(); ++i) {
                ESPALIER_TRY(CarvedLayer one,
                             carver.carve(spec.layers[index].index, pack.first + static_cast<std::int64_t>(i),
                                          pack.experts[i], job));
                carved.push_back(std::move(one));
            }
        }
        carver.finish();
        return {};
    };
    const auto dense = [&](std::size_t index, const LayerWeights& weights,
                           std::span<const BlockRows> rows) -> Result<void> {
        ESPALIER_TRY(CarvedLayer layer, carveDense(spec, index, settings, weights, rows, job));
        carved.push_back(std::move(layer));
        return {};
    };
    ESPALIER_CHECK(runLayers(tokensOf(windows), "carving", job, [&](Pass& pass, const Group&) {
        if (spec.isMoe())
            pass.moe = experts;
        else
            pass.dense = dense;
    }));
    return carved;
}

} // namespace espalier::engine
