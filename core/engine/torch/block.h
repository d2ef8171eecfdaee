// SPDX-License-Identifier: Apache-2.0
// The feed-forward half of a decoder layer, and what a layer costs.
#pragma once

#include "core/engine/torch/attention.h"
#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/mixing.h"
#include "core/engine/torch/observer.h"
#include "core/engine/torch/streams.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>

namespace espalier::engine {

/// Place of a layer: what feedForward() needs besides rows.
struct BlockContext {
    const model::ModelSpec* spec = nullptr;
    const model::LayerSpec* layer = nullptr;
    const LayerWeights* weights = nullptr;
    int moePosition = 0;
    at::Tensor mask;   ///< see route()
    at::Tensor limit;  ///< see route()
    at::Tensor stream; ///< [N] int64, see route()
    Observer* observer = nullptr;
    LayerMixing* mixing = nullptr; ///< of the layer, when some stream mixes experts
    std::size_t block = 0;         ///< of the rows, see MoeObservation
    std::span<const Span> texts{}; ///< of the rows, see MoeObservation
};

/// What every token gets besides the routed experts: [N, H], undefined when the layer has no shared experts.
[[nodiscard]] at::Tensor sharedExpert(const model::ModelSpec& spec, const LayerWeights& weights, const at::Tensor& x);

/// Adds the output of a layer without experts to the residual stream `hidden` [N, H] in place.
void denseFeedForward(const BlockContext& context, const at::Tensor& hidden);

/// Some rows on their way through the experts of a layer, which come pack by pack. What they weigh, and so the result,
/// does not depend on the packs.
class MoeRows {
public:
    /// `hidden` [N, H] is a view into the residual stream: the batch's rows from `first` on.
    MoeRows(const BlockContext& context, at::Tensor hidden, const at::Tensor& stream, std::int64_t first);
    /// In ascending order.
    void run(const ExpertPack& pack);
    /// Experts that some row chose, ascending.
    [[nodiscard]] std::vector<std::int64_t> chosen() const;
    /// After the last pack: adds the output to the residual stream.
    void finish();

    /// Rows to take together, so that their outputs before the sum stay small.
    [[nodiscard]] static std::int64_t most(const model::ModelSpec& spec);

private:
    BlockContext m_context;
    at::Tensor m_hidden, m_x;
    MoeObservation m_observation;
    Dispatch m_dispatch;
    at::Tensor m_sum; ///< [N, H] float32; undefined when the first pack is the only one
    at::Tensor m_routed;
};

/// A batch at the feed-forward half of a layer; `hidden` [N, H] is the residual stream it changes.
struct BlockRows {
    BlockContext context;
    at::Tensor hidden;
};
/// Batches through the feed-forward half of layer `index`, whatever its kind, with the experts of `source`: all of them
/// through each pack of experts before the next one comes. `done` hears the finished share, 0 to 1.
[[nodiscard]] Result<void> feedForward(std::span<const BlockRows> batches, WeightSource& source, std::size_t index,
                                       const base::JobContext& job, const std::function<void(double)>& done = {});

/// Floating-point operations of one layer over `rows` rows whose attention spans are given; multiply and add count two.
[[nodiscard]] double layerFlops(const model::ModelSpec& spec, const model::LayerSpec& layer, std::int64_t rows,
                                std::span<const Span> sequences);

} // namespace espalier::engine
