// SPDX-License-Identifier: Apache-2.0
// What the engines that a bundle is written for accept, held against one model and plan before anything is written.
// Rules come from the engines' sources and from what our tests ran with them; nothing here opens a tensor. Any thread.
#pragma once

#include "core/model/model_summary.h"
#include "core/plan/plan.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace espalier::bundle {

enum class Target : std::uint8_t {
    Transformers,
    Vllm,
    Sglang,
    LlamaCpp,
    KeepList, ///< no weights: a pruning profile for builds of vLLM that mask experts while they load
};

enum class TargetFinding : std::uint8_t {
    SameCounts,      ///< the configuration's one count holds for every layer
    CountsDiffer,    ///< and the engine reads one count for all layers
    AnyCounts,       ///< the engine does not mind
    ReadsFiles,      ///< the files as they are written
    ConvertsFiles,   ///< with the engine's own converter first
    OtherFormat,     ///< reads safetensors; a GGUF file stays one
    KnownRouter,     ///< computes the model's router
    RemoteCode,      ///< needs the modelling file that travels with the model
    UnknownRouter,   ///< has no such router
    OtherMixer,      ///< takes SparseMixer for a renormalised softmax: answers differ from the model's
    OtherGroupScore, ///< ranks groups by their two best where the model takes the best: answers differ
    TestedHere,      ///< our tests load such bundles with this engine
    NotRunHere,      ///< by its source only
};

enum class Judgement : std::uint8_t { Accepts, Caveat, Refuses };
[[nodiscard]] Judgement judgementOf(TargetFinding finding);

struct TargetReport {
    Target target = Target::Transformers;
    std::vector<TargetFinding> findings; ///< counts, files, router, tests: one of each, in this order
    [[nodiscard]] Judgement overall() const;
};

/// Name the engine gives itself.
[[nodiscard]] std::string_view targetName(Target target);
/// One report per target, in the order of the enumeration.
[[nodiscard]] std::vector<TargetReport> judgeTargets(const model::OpenModel& model, const plan::Plan& plan);

} // namespace espalier::bundle
