// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a MoE layer as plain values: what model::RouterSpec and model::ActivationSpec say, without their
// libraries, so that kernels can be built by themselves.
#pragma once

namespace espalier::engine::cuda {

enum class RouterKind : int { SoftmaxAll, SoftmaxChosen, Sigmoid, SparseMixer };

/// How gate weights come from logits; model::RouterSpec without its library.
struct RouterRule {
    RouterKind kind = RouterKind::SoftmaxAll;
    int topK = 1;
    bool normalize = false;
    float floor = 0, addend = 0, scale = 1;
    int groups = 1, groupsUsed = 1;
    bool topTwoSum = false; ///< a group is worth the sum of its two largest, else its largest
    float margin = 0;       ///< of SparseMixer
};
/// What a kernel has room for; a model beyond it is computed on the CPU.
inline constexpr int kMostChoices = 32, kMostGroups = 64;

/// silu(gate) · up, or with `clamped` gate · sigmoid(alpha · gate) · (up + 1) of clamped values (gpt-oss).
struct ActivationRule {
    bool clamped = false;
    float alpha = 1, limit = 0;
};

} // namespace espalier::engine::cuda
