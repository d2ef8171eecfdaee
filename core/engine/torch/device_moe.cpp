// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/device_moe.h"

#include "core/engine/torch/element.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/stored_matrix.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <deque>
#include <optional>

namespace espalier::engine {

namespace {

cuda::RouterRule ruleOf(const model::RouterSpec& spec)
{
    cuda::RouterRule rule;
    rule.kind = spec.score == model::RouterScore::Sigmoid         ? cuda::RouterKind::Sigmoid
                : spec.score == model::RouterScore::SoftmaxChosen ? cuda::RouterKind::SoftmaxChosen
                : spec.score == model::RouterScore::SparseMixer   ? cuda::RouterKind::SparseMixer
                                                                  : cuda::RouterKind::SoftmaxAll;
    rule.topK = spec.topK;
    rule.normalize = spec.normalizeTopK;
    rule.floor = static_cast<float>(spec.normFloor);
    rule.addend = static_cast<float>(spec.normAddend);
    rule.scale = static_cast<float>(spec.scale);
    rule.groups = spec.groups;
    rule.groupsUsed = spec.groupsUsed;
    rule.topTwoSum = spec.groupScore == model::GroupScore::TopTwoSum;
    rule.margin = static_cast<float>(spec.margin);
    return rule;
}

const void* pointer(const at::Tensor& tensor)
{
    return tensor.defined() ? tensor.const_data_ptr() : nullptr;
}

/// Rows on their way through a layer: the host's half.
struct Waiting {
    const BlockContext* context = nullptr;
    at::Tensor hidden; ///< a view into the residual stream
    at::Tensor x;
    MoeObservation observation;
    std::unique_ptr<DeviceRows> rows;
};

Result<Waiting> routed(Device& device, const BlockContext& context, const at::Tensor& hidden, const at::Tensor& stream)
{
    const model::ModelSpec& spec = *context.spec;
    const LayerWeights& weights = *context.weights;
    Waiting made{&context, hidden, norm(spec, weights.ffnNorm, hidden).contiguous(), {}, nullptr};
    const std::int64_t n = hidden.size(0);
    const at::TensorOptions float32 = hidden.options().dtype(at::kFloat);
    const at::Tensor weight = weights.router.weight.contiguous();
    const at::Tensor bias = weights.router.bias.defined() ? weights.router.bias.contiguous() : at::Tensor();
    const at::Tensor mask = context.mask.defined() ? context.mask.contiguous() : at::Tensor();
    const at::Tensor limit = context.limit.defined() ? context.limit.contiguous() : at::Tensor();
    const at::Tensor streams = mask.defined() || limit.defined() ? stream.to(at::kInt).contiguous() : at::Tensor();
    MoeObservation& seen = made.observation;
    seen.moePosition = context.moePosition;
    seen.block = context.block;
    seen.residual = hidden;
    seen.stream = stream;
    seen.logits = at::empty({n, spec.experts}, float32);
    seen.scores = at::empty({n, spec.experts}, float32);
    seen.ids = at::empty({n, spec.router.topK}, float32.dtype(at::kLong));
    seen.gates = at::empty({n, spec.router.topK}, float32);
    RouteCall call;
    call.rule = ruleOf(spec.router);
    call.rows = static_cast<std::int32_t>(n);
    call.hidden = spec.hidden;
    call.experts = spec.experts;
    call.x = pointer(made.x);
    call.weight = pointer(weight);
    call.bias = pointer(bias);
    call.weightFloat32 = weight.scalar_type() == at::kFloat;
    call.narrowLogits = made.x.scalar_type() != at::kFloat && !spec.router.float32Logits;
    call.correction = static_cast<const float*>(pointer(weights.correctionBias));
    call.mask = static_cast<const float*>(pointer(mask));
    call.limit = static_cast<const float*>(pointer(limit));
    call.stream = static_cast<const std::int32_t*>(pointer(streams));
    call.streams = static_cast<std::int32_t>(mask.defined() ? mask.size(0) : limit.defined() ? limit.size(0) : 1);
    call.logits = data<float>(seen.logits);
    call.scores = data<float>(seen.scores);
    call.ids = data<std::int64_t>(seen.ids);
    call.gates = data<float>(seen.gates);
    ESPALIER_TRY(made.rows, device.route(call));
    return made;
}

/// What stageable matrices point to while they are copied.
struct Held {
    std::deque<FfnWeights> weights;
    std::deque<std::vector<float>> scales;
};

DeviceMatrix computeMatrix(const at::Tensor& matrix)
{
    DeviceMatrix made;
    made.rows = static_cast<std::int32_t>(matrix.size(0));
    made.columns = static_cast<std::int32_t>(matrix.size(1));
    made.bytes = {static_cast<const std::byte*>(matrix.const_data_ptr()), matrix.nbytes()};
    return made;
}

/// Stored bytes where the device expands them itself, else matrices of the compute type.
DeviceExpert expertOf(const FfnWeights& weights, at::ScalarType type, Held& held)
{
    DeviceExpert expert;
    expert.gateUpBias = pointer(weights.gateUpBias);
    expert.downBias = pointer(weights.downBias);
    const StoredFfn* stored = weights.stored.get();
    bool known = stored != nullptr && !stored->transposed && stored->gateUp.size() <= 2 &&
                 (!stored->interleaved || stored->gateUp.size() == 1);
    for (std::size_t i = 0; known && i < stored->gateUp.size(); ++i) {
        const auto matrix = stored->gateUp[i].forDevice(held.scales.emplace_back());
        known = matrix.has_value();
        if (known)
            expert.gateUp[i] = *matrix;
    }
    if (known) {
        const auto matrix = stored->down.forDevice(held.scales.emplace_back());
        known = matrix.has_value();
        if (known)
            expert.down = *matrix;
    }
    if (known) {
        expert.interleaved = stored->interleaved;
        return expert;
    }
    FfnWeights& own = held.weights.emplace_back(inUse(weights, type));
    own.gateUp = own.gateUp.contiguous();
    own.down = own.down.contiguous();
    expert.gateUp = {computeMatrix(own.gateUp), DeviceMatrix{}};
    expert.down = computeMatrix(own.down);
    return expert;
}

Result<void> finish(Device& device, Waiting& waiting)
{
    const BlockContext& context = *waiting.context;
    const model::ModelSpec& spec = *context.spec;
    MoeObservation& seen = waiting.observation;
    Observer* observer = context.observer;
    // While the device is busy: what every token gets besides the routed experts.
    const at::Tensor shared = sharedExpert(spec, *context.weights, waiting.x);
    const auto n = static_cast<std::size_t>(waiting.hidden.size(0));
    const auto experts = static_cast<std::size_t>(spec.experts);
    seen.routed = at::empty_like(waiting.x);
    const at::Tensor residual = waiting.hidden.contiguous();
    ExpertSums sums;
    FinishCall call;
    call.routed = seen.routed.mutable_data_ptr();
    if (observer != nullptr) {
        seen.norms.resize(n * static_cast<std::size_t>(spec.router.topK));
        seen.turns.resize(n);
        seen.ratios.resize(n);
        sums.maxima.resize(experts);
        call.residual = residual.const_data_ptr();
        call.norms = seen.norms.data();
        call.turn = seen.turns.data();
        call.ratio = seen.ratios.data();
        call.maxima = sums.maxima.data();
        if (observer->wantsOutputSums(seen.moePosition)) {
            sums.outputSum.resize(experts * static_cast<std::size_t>(spec.hidden));
            sums.probOutputSum.resize(sums.outputSum.size());
            call.outputSum = sums.outputSum.data();
            call.probOutputSum = sums.probOutputSum.data();
        }
    }
    ESPALIER_CHECK(device.finish(*waiting.rows, call));
    waiting.rows.reset();
    if (observer != nullptr) {
        observer->observeSums(seen, sums);
        observer->observeLayer(seen);
    }
    addToResidual(spec, context.weights->postFfnNorm, shared.defined() ? seen.routed + shared : seen.routed,
                  waiting.hidden);
    return {};
}

} // namespace

bool deviceComputes(const model::ModelSpec& spec, const LayerWeights& weights, at::ScalarType type)
{
    const model::RouterSpec& router = spec.router;
    const at::Tensor& weight = weights.router.weight;
    return !spec.subExperts && router.estimate == model::RouterEstimate::Linear &&
           router.score != model::RouterScore::UnitGates && router.topK <= cuda::kMostChoices &&
           router.groups <= cuda::kMostGroups && weight.defined() &&
           (weight.scalar_type() == at::kFloat || weight.scalar_type() == type);
}

Result<void> deviceFeedForward(Device& device, std::span<const BlockRows> batches, WeightSource& source,
                               std::size_t index, const base::JobContext& job, const std::function<void(double)>& done)
{
    const BlockContext& first = batches.front().context;
    const model::ModelSpec& spec = *first.spec;
    std::int64_t rows = 0;
    for (const BlockRows& batch : batches)
        rows += batch.hidden.size(0);
    DeviceLayer layer{spec.hidden, spec.expertWidth, spec.experts, {}};
    layer.activation = {spec.activation.kind == model::ActivationKind::ClampedSwiglu,
                        static_cast<float>(spec.activation.alpha), static_cast<float>(spec.activation.limit)};
    ESPALIER_TRY(const std::int64_t chunk, device.beginLayer(layer, rows));
    std::vector<Waiting> waiting;
    const std::int64_t most = MoeRows::most(spec);
    for (const BlockRows& batch : batches)
        for (std::int64_t begin = 0; begin < batch.hidden.size(0); begin += most) {
            const std::int64_t count = std::min(most, batch.hidden.size(0) - begin);
            const at::Tensor& stream = batch.context.stream;
            ESPALIER_TRY(auto made, routed(device, batch.context, batch.hidden.narrow(0, begin, count),
                                           stream.defined() ? stream.narrow(0, begin, count) : stream));
            waiting.push_back(std::move(made));
        }
    const std::size_t packs = source.packs(index);
    for (std::size_t p = 0; p < packs; ++p) {
        ESPALIER_TRY(const ExpertPack pack, source.experts(index, p, job));
        const auto all = static_cast<std::int64_t>(pack.experts.size());
        for (std::int64_t begin = 0; begin < all; begin += chunk) {
            if (job.stopRequested())
                return base::cancelledError();
            const std::int64_t count = std::min(chunk, all - begin);
            Held held;
            std::vector<DeviceExpert> experts;
            for (std::int64_t i = begin; i < begin + count; ++i)
                experts.push_back(
                    expertOf(pack.experts[static_cast<std::size_t>(i)], waiting.front().x.scalar_type(), held));
            ESPALIER_CHECK(device.stage(static_cast<std::int32_t>(pack.first + begin), experts));
            ESPALIER_CHECK(device.advance());
            for (Waiting& part : waiting) {
                const Observer* observer = part.context->observer;
                ESPALIER_CHECK(device.run(*part.rows, observer != nullptr &&
                                                          observer->wantsOutputSums(part.observation.moePosition)));
            }
            if (done)
                done((static_cast<double>(p) + static_cast<double>(begin + count) / static_cast<double>(all)) /
                     static_cast<double>(packs));
        }
    }
    for (Waiting& part : waiting)
        ESPALIER_CHECK(finish(device, part));
    return {};
}

} // namespace espalier::engine
