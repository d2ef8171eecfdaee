// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/tensor_slices.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>

namespace espalier::bundle {
namespace {

/// Runs of `keep` along dimension `dim`: outer × kept × inner, neighbours joined.
Result<std::vector<TensorSlice::Run>> runsAlong(const checkpoint::TensorInfo& tensor, std::int32_t dim,
                                                const std::vector<std::int32_t>& keep)
{
    std::uint64_t outer = 1;
    for (std::int32_t d = 0; d < dim; ++d)
        outer *= static_cast<std::uint64_t>(tensor.shape[static_cast<std::size_t>(d)]);
    const auto experts = static_cast<std::uint64_t>(tensor.shape[static_cast<std::size_t>(dim)]);
    if (outer == 0 || experts == 0 || tensor.bytes % (outer * experts) != 0)
        return badInput("the elements of one expert do not end on a byte", {}, "tensor " + tensor.name);
    const std::uint64_t inner = tensor.bytes / (outer * experts);
    std::vector<TensorSlice::Run> runs;
    for (std::uint64_t o = 0; o < outer; ++o)
        for (const auto id : keep) {
            const std::uint64_t begin = (o * experts + static_cast<std::uint64_t>(id)) * inner;
            if (!runs.empty() && runs.back().begin + runs.back().bytes == begin)
                runs.back().bytes += inner;
            else
                runs.push_back({begin, inner});
        }
    return runs;
}

} // namespace

Result<std::vector<TensorSlice>> sliceTensors(const model::OpenModel& model, const plan::Plan& plan, bool dropMtp)
{
    std::map<std::int32_t, const std::vector<std::int32_t>*> keepOf;
    for (const auto& layer : plan.layers)
        keepOf[layer.layer.value()] = &layer.keep;
    for (const auto& facts : model.summary.moeLayers)
        if (!keepOf.contains(facts.layer.value()))
            return badInput("the plan says nothing about a layer with experts", plan.name,
                            fmt::format("layer {}", facts.layer.value()));
    std::vector<TensorSlice> slices;
    const auto& tensors = model.checkpoint.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& use = model.spec.uses[i];
        if (use.mtp && dropMtp)
            continue;
        TensorSlice slice;
        slice.out = tensors[i];
        slice.source = i;
        slice.runs = {{0, tensors[i].bytes}};
        const auto keep = keepOf.find(use.layer);
        if (keep != keepOf.end() && use.expert >= 0) {
            const auto& ids = *keep->second;
            const auto at = std::lower_bound(ids.begin(), ids.end(), use.expert);
            if (at == ids.end() || *at != use.expert)
                continue;
            slice.out.name = fmt::format("{}{}{}", use.nameHead, at - ids.begin(), use.nameTail);
        } else if (keep != keepOf.end() && use.sliceDim >= 0) {
            ESPALIER_TRY(slice.runs, runsAlong(tensors[i], use.sliceDim, *keep->second));
            slice.out.shape[static_cast<std::size_t>(use.sliceDim)] = static_cast<std::int64_t>(keep->second->size());
            slice.out.bytes = 0;
            for (const auto& run : slice.runs)
                slice.out.bytes += run.bytes;
        }
        slices.push_back(std::move(slice));
    }
    return slices;
}

void gather(const TensorSlice& slice, std::span<const std::byte> source, std::vector<std::byte>& into)
{
    into.resize(slice.out.bytes);
    std::size_t at = 0;
    for (const auto& run : slice.runs) {
        std::memcpy(into.data() + at, source.data() + run.begin, run.bytes);
        at += run.bytes;
    }
}

} // namespace espalier::bundle
