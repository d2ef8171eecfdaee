// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/merged_tensors.h"

#include "core/checkpoint/quant/expand.h"
#include "core/plan/memory_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace espalier::bundle {
namespace {

using checkpoint::Dtype;
using method::ExpertGroup;
using model::TensorRole;

bool isPlain(Dtype dtype)
{
    return dtype == Dtype::F32 || dtype == Dtype::F16 || dtype == Dtype::BF16;
}

/// To the nearest half, ties to even.
std::uint16_t toHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U)
        return static_cast<std::uint16_t>(sign | 0x7E00U);
    if (magnitude >= 0x477FF000U) // rounds beyond the largest half
        return static_cast<std::uint16_t>(sign | 0x7C00U);
    if (magnitude < 0x38800000U) { // below the normal ones: a multiple of 2^-24
        const float scaled = std::bit_cast<float>(magnitude) * 16777216.0F;
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(scaled)));
    }
    const std::uint32_t rounded = magnitude - 0x38000000U + 0xFFFU + ((magnitude >> 13U) & 1U);
    return static_cast<std::uint16_t>(sign | (rounded >> 13U));
}

std::uint16_t toBfloat(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U)
        return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

void encode(Dtype dtype, std::span<const double> values, std::byte* out)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = static_cast<float>(values[i]);
        if (dtype == Dtype::F32) {
            std::memcpy(out + 4 * i, &value, 4);
        } else {
            const std::uint16_t narrow = dtype == Dtype::F16 ? toHalf(value) : toBfloat(value);
            std::memcpy(out + 2 * i, &narrow, 2);
        }
    }
}

/// Where the neurons of an expert lie in one of its tensors.
enum class Axis { None, Rows, Columns };
enum class Pairs { Single, Halves, Interleaved }; ///< gate and up in one
struct NeuronPlace {
    Axis axis = Axis::None;
    Pairs pairs = Pairs::Single;
};

NeuronPlace placeOf(const model::LayerSpec& layer, std::int32_t expert, const std::string& name)
{
    if (!layer.experts.empty()) {
        const auto& own = layer.experts[static_cast<std::size_t>(expert)];
        if (name == own.down.weight)
            return {Axis::Columns, Pairs::Single};
        return {name == own.down.bias ? Axis::None : Axis::Rows, Pairs::Single};
    }
    const auto& fused = layer.fused;
    if (name == fused.down.bias)
        return {};
    if (name == fused.down.weight)
        return {fused.transposed ? Axis::Rows : Axis::Columns, Pairs::Single};
    const Pairs pairs = !fused.up.weight.empty() ? Pairs::Single
                        : fused.interleaved      ? Pairs::Interleaved
                                                 : Pairs::Halves;
    const bool bias = name == fused.gateUp.bias || name == fused.up.bias;
    return {fused.transposed && !bias ? Axis::Columns : Axis::Rows, pairs};
}

/// Which place of a member's tensor meets place 0, 1 … of the merged one.
std::vector<std::size_t> placesOf(const std::vector<std::int32_t>& order, Pairs pairs)
{
    std::vector<std::size_t> places;
    const std::size_t neurons = order.size();
    if (pairs == Pairs::Interleaved) {
        for (const auto neuron : order)
            for (std::size_t part = 0; part < 2; ++part)
                places.push_back(2 * static_cast<std::size_t>(neuron) + part);
        return places;
    }
    for (std::size_t part = 0; part < (pairs == Pairs::Halves ? 2U : 1U); ++part)
        for (const auto neuron : order)
            places.push_back(part * neurons + static_cast<std::size_t>(neuron));
    return places;
}

struct Member {
    std::span<const std::byte> bytes; ///< [rows, columns]
    double share = 0;
    std::vector<std::size_t> rows, columns; ///< empty: as they are
};

/// Appends the shares' sum of the members.
void average(std::span<const Member> members, Dtype dtype, std::size_t rows, std::size_t columns,
             std::vector<std::byte>& out)
{
    const std::size_t element = checkpoint::blockSize(dtype).bytes;
    std::vector<double> sum(columns);
    std::vector<float> row(columns);
    const std::size_t begin = out.size();
    out.resize(begin + rows * columns * element);
    if (members.size() == 1 && members.front().share == 1) { // another order, no other number
        std::byte* to = out.data() + begin;
        const Member& member = members.front();
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c, to += element)
                std::memcpy(to,
                            member.bytes.data() + ((member.rows.empty() ? r : member.rows[r]) * columns +
                                                   (member.columns.empty() ? c : member.columns[c])) *
                                                      element,
                            element);
        return;
    }
    for (std::size_t r = 0; r < rows; ++r) {
        std::fill(sum.begin(), sum.end(), 0.0);
        for (const Member& member : members) {
            const std::size_t from = member.rows.empty() ? r : member.rows[r];
            checkpoint::expand(dtype, member.bytes.subspan(from * columns * element, columns * element), row);
            for (std::size_t c = 0; c < columns; ++c)
                sum[c] += member.share * row[member.columns.empty() ? c : member.columns[c]];
        }
        encode(dtype, sum, out.data() + begin + r * columns * element);
    }
}

/// The tensor of one expert as it stands: whose, -1 when it is a sum.
std::int32_t copyOf(const ExpertGroup& group, bool router)
{
    const auto& shares = router ? group.rows : group.weights;
    std::int32_t found = -1;
    for (std::size_t m = 0; m < shares.size(); ++m) {
        if (shares[m] == 0)
            continue;
        if (shares[m] != 1 || found >= 0 || (!router && !group.order.empty() && !group.order[m].empty()))
            return -1;
        found = group.members[m];
    }
    return found;
}

Member memberOf(const ExpertGroup& group, std::size_t m, std::span<const std::byte> bytes, double share,
                const NeuronPlace& place)
{
    Member member{bytes, share, {}, {}};
    if (!group.order.empty() && !group.order[m].empty() && place.axis != Axis::None)
        (place.axis == Axis::Rows ? member.rows : member.columns) = placesOf(group.order[m], place.pairs);
    return member;
}

} // namespace

Result<void> checkExpertsPlain(const model::OpenModel& model, std::string_view done)
{
    const auto& tensors = model.checkpoint.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& use = model.spec.uses[i];
        const bool changed =
            use.role == TensorRole::RoutedExpert || (use.role == TensorRole::Router && use.sliceDim >= 0);
        if (changed && !use.mtp && !isPlain(tensors[i].dtype))
            return badInput(
                fmt::format("experts stored as {} cannot be {}", checkpoint::dtypeLongName(tensors[i].dtype), done),
                model.checkpoint.path().string(), "tensor " + tensors[i].name,
                "Take the model's version in bfloat16, float16 or float32, and quantise the result");
    }
    return {};
}

Result<void> checkMergeable(const model::OpenModel& model)
{
    const std::string path = model.checkpoint.path().string();
    if (model.checkpoint.gguf() != nullptr)
        return badInput("GGUF files are not merged", path, {},
                        "Merge the model's Hugging Face folder, then convert it");
    if (model.spec.router.estimate != model::RouterEstimate::Linear ||
        model.spec.router.score == model::RouterScore::UnitGates)
        return badInput("the rows of its router cannot be averaged: they stand for neurons of the experts", path, {},
                        "Merge models with a linear router");
    if (model.spec.subExperts)
        return badInput("its experts are carved: the router inside each of them knows its own neurons only", path, {},
                        "Merge the model before it is carved");
    return checkExpertsPlain(model, "averaged");
}

plan::Plan mergedPlan(const model::OpenModel& model, const method::MergeMap& map)
{
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    plan.name = "merge";
    plan.method = map.method;
    plan.allocator = "uniform";
    plan.predicted = {};
    for (plan::PlanLayer& layer : plan.layers) {
        layer.order.clear();
        for (const method::LayerMerge& merge : map.layers)
            if (merge.layer == layer.layer) {
                layer.keep.clear();
                for (const ExpertGroup& group : merge.groups)
                    layer.keep.push_back(group.kept);
            }
    }
    plan.predicted.bytes = plan::predictBytes(model.summary, plan.layers);
    return plan;
}

MergedTensors::MergedTensors(const model::OpenModel& model, const method::MergeMap& map)
    : m_model(model), m_map(map), m_reader(model.checkpoint)
{
}

const method::LayerMerge* MergedTensors::layerOf(const TensorSlice& slice) const
{
    const auto& use = m_model.spec.uses[slice.source];
    if (use.mtp || (use.expert < 0 && use.sliceDim < 0))
        return nullptr;
    const auto found = std::find_if(m_map.layers.begin(), m_map.layers.end(),
                                    [&](const auto& layer) { return layer.layer.value() == use.layer; });
    return found == m_map.layers.end() ? nullptr : &*found;
}

bool MergedTensors::changes(const TensorSlice& slice) const
{
    const auto* layer = layerOf(slice);
    const std::int32_t expert = m_model.spec.uses[slice.source].expert;
    return layer != nullptr && std::any_of(layer->groups.begin(), layer->groups.end(), [&](const ExpertGroup& group) {
               const bool own = copyOf(group, false) == group.kept && copyOf(group, true) == group.kept;
               return !own && (expert < 0 || group.kept == expert);
           });
}

Result<MergedTensors::Block> MergedTensors::blockOf(const TensorSlice& slice, std::size_t outer, std::int32_t expert)
{
    const auto& use = m_model.spec.uses[slice.source];
    const auto& source = m_model.checkpoint.tensors()[slice.source];
    const auto* tensor = &source;
    std::vector<std::int64_t> shape = source.shape;
    Block block;
    if (use.expert >= 0) {
        tensor = m_model.checkpoint.find(fmt::format("{}{}{}", use.nameHead, expert, use.nameTail));
        if (tensor == nullptr || tensor->dtype != source.dtype || tensor->shape != source.shape)
            return badInput("experts of one layer are stored in different types", m_model.checkpoint.path().string(),
                            "tensor " + source.name);
    } else {
        shape.erase(shape.begin(), shape.begin() + use.sliceDim + 1);
    }
    for (const auto size : shape)
        block.elements *= static_cast<std::size_t>(size);
    block.rows = shape.empty() ? 1 : static_cast<std::size_t>(shape[0]);
    ESPALIER_TRY(const auto bytes, m_reader.bytes(*tensor));
    const std::size_t size = block.elements * checkpoint::blockSize(source.dtype).bytes;
    const std::size_t number =
        outer * static_cast<std::size_t>(m_model.spec.experts) + static_cast<std::size_t>(expert);
    block.bytes = bytes.subspan(use.expert >= 0 ? 0 : number * size, size);
    return block;
}

Result<void> MergedTensors::append(const TensorSlice& slice, std::size_t outer, const ExpertGroup& group)
{
    const auto& use = m_model.spec.uses[slice.source];
    const auto& source = m_model.checkpoint.tensors()[slice.source];
    const auto& layer = m_model.spec.layers[static_cast<std::size_t>(use.layer)];
    const bool router = use.role == TensorRole::Router;
    const bool ownBias = source.name == layer.correctionBias && layerOf(slice)->sums;
    if (const std::int32_t copied = ownBias ? group.kept : copyOf(group, router); copied >= 0) {
        ESPALIER_TRY(const Block block, blockOf(slice, outer, copied));
        m_made.insert(m_made.end(), block.bytes.begin(), block.bytes.end());
        return {};
    }
    const NeuronPlace place = router ? NeuronPlace{} : placeOf(layer, std::max(0, use.expert), source.name);
    std::vector<double> shares = router ? group.rows : group.weights;
    // What is added to scores is no logit: it has the scale of the members'
    if (const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
        source.name == layer.correctionBias && sum != 0)
        for (double& share : shares)
            share /= sum;
    std::vector<Member> members;
    std::size_t rows = 1, columns = 1;
    for (std::size_t m = 0; m < group.members.size(); ++m) {
        ESPALIER_TRY(const Block block, blockOf(slice, outer, group.members[m]));
        rows = place.axis == Axis::None ? 1 : block.rows;
        columns = block.elements / rows;
        if (shares[m] != 0)
            members.push_back(memberOf(group, m, block.bytes, shares[m], place));
    }
    average(members, source.dtype, rows, columns, m_made);
    return {};
}

Result<std::span<const std::byte>> MergedTensors::make(const TensorSlice& slice)
{
    const auto& use = m_model.spec.uses[slice.source];
    m_made.clear();
    std::size_t outer = 1; // what stands before the dimension that runs over experts
    for (std::int32_t d = 0; use.expert < 0 && d < use.sliceDim; ++d)
        outer *=
            static_cast<std::size_t>(m_model.checkpoint.tensors()[slice.source].shape[static_cast<std::size_t>(d)]);
    for (std::size_t o = 0; o < outer; ++o)
        for (const ExpertGroup& group : layerOf(slice)->groups)
            if (use.expert < 0 || group.kept == use.expert)
                ESPALIER_CHECK(append(slice, o, group));
    if (m_made.size() != slice.out.bytes)
        return internalError(
            fmt::format("{} has {} bytes, {} were announced", slice.out.name, m_made.size(), slice.out.bytes));
    return std::span<const std::byte>(m_made);
}

} // namespace espalier::bundle
