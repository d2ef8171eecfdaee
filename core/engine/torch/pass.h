// SPDX-License-Identifier: Apache-2.0
// A pass over many sequences, layer-major: layers outside, batches of sequences inside, so that each layer's weights
// are asked for once however many texts there are. Price: the hidden states of all rows stay in memory.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/device.h"
#include "core/engine/engine.h"
#include "core/engine/torch/attention.h"
#include "core/engine/torch/block.h"
#include "core/engine/torch/observer.h"
#include "core/engine/torch/rotary.h"
#include "core/engine/torch/streams.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

using TokenSpan = std::span<const TokenId>;

/// Sequences that go through a layer together. Rows are stream-major: all rows of stream 0, then of stream 1 …
struct Batch {
    std::size_t first = 0;               ///< number of its first sequence
    std::vector<Span> sequences;         ///< of one stream
    std::int64_t rows = 0;               ///< of one stream
    std::vector<Span> spans;             ///< of all streams
    std::vector<std::int32_t> rotaryRow; ///< of all rows, in the rotary tables
    at::Tensor stream;                   ///< [rows · streams] int64, stream of a row
    at::Tensor hidden;                   ///< [rows · streams, H] residual stream
    std::size_t set = 0;                 ///< of its sequences
    std::size_t block = 0;               ///< of its sequences
};

[[nodiscard]] inline std::vector<TokenSpan> tokensOf(std::span<const tokenizer::Window> windows)
{
    std::vector<TokenSpan> sequences;
    for (const tokenizer::Window& window : windows)
        sequences.emplace_back(window.ids);
    return sequences;
}

/// A stretch of a job's progress that one pass fills.
struct ProgressPart {
    const base::JobContext* job = nullptr;
    std::string phase, unit;
    double from = 0, size = 0, total = 0;
    void report(double fraction) const { job->report({phase, from + fraction * size, total, unit}); }
};

class Pass {
public:
    /// Everything given must outlive the pass.
    Pass(const model::ModelSpec& spec, WeightSource& weights, Rotary& rotary, const Streams& streams);

    /// Told about every MoE layer when set: the one of a batch's set.
    std::vector<Observer*> observers;
    /// Set of each sequence, ascending: batches hold sequences of one set. Empty = all of one.
    std::vector<std::size_t> sets;
    /// Block of each sequence, ascending, see MoeObservation: batches hold sequences of one block. Empty = all of one.
    std::vector<std::size_t> blocks;
    /// Computes the routed experts when set.
    Device* device = nullptr;
    /// Layers that were run before.
    std::size_t firstLayer = 0;
    /// Keeps the batches' rows between layers when set.
    PassJournal* journal = nullptr;
    at::ScalarType rowType = at::kFloat; ///< of the rows in the journal
    /// Only there: batches' hidden is defined while a batch is in a layer. Needs layers whose experts come in one pack.
    bool spill = false;
    /// Behind the last layer to run.
    std::size_t endLayer = SIZE_MAX;
    /// Called after every layer, when the journal has its rows; spilled ones are not in the batches.
    std::function<Result<void>(std::size_t layer, std::span<const Batch> batches)> layerDone;
    /// Called for every batch when the last layer of the model is done, with its rows.
    std::function<Result<void>(const Batch& batch)> leaving;
    /// Called for every layer and batch with the keys and values of the rows that entered the layer.
    std::function<void(std::size_t layer, const Batch& batch, const Projections& projections)> keep;
    /// Takes the place of the feed-forward half of layers without experts, once per layer: all rows, as attention left
    /// them. It adds the half's output to each one's hidden.
    std::function<Result<void>(std::size_t layer, const LayerWeights& weights, std::span<const BlockRows> rows)> dense;
    /// The same for layers with experts, which it asks the source for itself.
    std::function<Result<void>(std::size_t layer, const LayerWeights& weights, std::span<const BlockRows> rows)> moe;
    /// Called once per MoE layer, before its experts are run, with all rows as attention left them.
    std::function<Result<void>(std::size_t layer, const LayerWeights& weights, std::span<const Batch> batches)>
        beforeExperts;

    /// Embeds the sequences and runs all layers. Batches' hidden is then the residual stream before the final norm.
    [[nodiscard]] Result<std::vector<Batch>> run(std::span<const TokenSpan> sequences, const ProgressPart& progress);
    /// The attention half of one more layer for rows that were run up to it.
    [[nodiscard]] Result<const LayerWeights*> attendOnly(std::size_t index, std::span<Batch> batches,
                                                         const base::JobContext& job);
    [[nodiscard]] double flops() const { return m_flops; }

private:
    void split(const LayerStreams& streams, Batch& batch) const;
    void attention(std::size_t index, const LayerWeights& weights, Batch& batch);
    [[nodiscard]] Result<void> runLayer(std::size_t index, std::span<Batch> batches, const ProgressPart& progress);
    [[nodiscard]] Result<std::vector<Batch>> begin(std::span<const TokenSpan> sequences, const base::JobContext& job);
    [[nodiscard]] Result<void> restore(std::size_t number, Batch& batch) const;
    /// The batch's rows into the journal and, when they are spilled, out of the memory.
    [[nodiscard]] Result<void> put(Batch& batch) const;
    [[nodiscard]] Result<void> beginRows(std::size_t layersDone, std::span<const Batch> batches) const;

    const model::ModelSpec& m_spec;
    WeightSource& m_weights;
    Rotary& m_rotary;
    const Streams& m_streams;
    double m_flops = 0;
};

} // namespace espalier::engine
