// SPDX-License-Identifier: Apache-2.0
// The tensors that a merge changes. Names, shapes and types are those of the cut that keeps the
// experts which stand for groups; what is one expert's own keeps its bytes, others are summed in double, element by
// element, and rounded once to the stored type. One tensor is made at a time, from mapped files.
#pragma once

#include "core/bundle/tensor_slices.h"
#include "core/checkpoint/checkpoint.h"
#include "core/method/merge/merge_map.h"

#include <span>
#include <string_view>
#include <vector>

namespace espalier::bundle {

/// BadInput when experts or routers are not stored as plain floats, the router is not linear, or the model is a GGUF
/// file.
[[nodiscard]] Result<void> checkMergeable(const model::OpenModel& model);

/// BadInput when experts or routers are not stored as plain floats; "cannot be `done`".
[[nodiscard]] Result<void> checkExpertsPlain(const model::OpenModel& model, std::string_view done);

/// The plan whose cut has the merged model's names and shapes.
[[nodiscard]] plan::Plan mergedPlan(const model::OpenModel& model, const method::MergeMap& map);

class MergedTensors {
public:
    /// Both must outlive this; the map has passed checkMerge().
    MergedTensors(const model::OpenModel& model, const method::MergeMap& map);
    /// False: the slice's own bytes stand. Blocks that predict further tokens keep the experts that stand for groups.
    [[nodiscard]] bool changes(const TensorSlice& slice) const;
    /// The bytes of a slice that changes; valid until the next call.
    [[nodiscard]] Result<std::span<const std::byte>> make(const TensorSlice& slice);

private:
    /// One expert's part of a tensor; `outer` counts what stands before the dimension that runs over experts.
    struct Block {
        std::span<const std::byte> bytes;
        std::size_t rows = 1, elements = 1;
    };
    [[nodiscard]] Result<Block> blockOf(const TensorSlice& slice, std::size_t outer, std::int32_t expert);
    /// The group's expert, behind what was made before.
    [[nodiscard]] Result<void> append(const TensorSlice& slice, std::size_t outer, const method::ExpertGroup& group);
    [[nodiscard]] const method::LayerMerge* layerOf(const TensorSlice& slice) const;

    const model::OpenModel& m_model;
    const method::MergeMap& m_map;
    checkpoint::TensorReader m_reader;
    std::vector<std::byte> m_made;
};

} // namespace espalier::bundle
