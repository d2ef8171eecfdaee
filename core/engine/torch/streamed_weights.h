// SPDX-License-Identifier: Apache-2.0
// Weights of a model larger than the memory it may use: each layer's attention, router and dense parts, then its
// experts in packs, are read by threads of their own ahead of the arithmetic and dropped behind it. What is in memory
// at a time, read or being read, stays within `window` bytes; a pass reads every stored byte once.
#pragma once

#include "core/engine/torch/tensor_loader.h"
#include "core/engine/torch/weight_footprint.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_summary.h"

#include <memory>
#include <vector>

namespace espalier::engine {

struct StreamSettings {
    std::uint64_t window = 0; ///< bytes of layers held at a time; at least leastWindow()
    bool keepEnds = false;    ///< embedding and head stay in memory, beside the window
    checkpoint::WeightReading reading;
    checkpoint::ReadProbe probe; ///< why it is read so
    LayerRange layers{};         ///< that are read
};

class StreamedWeights : public WeightSource {
public:
    /// `model` must outlive the source.
    StreamedWeights(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                    const StreamSettings& settings);
    ~StreamedWeights() override;

    /// The smallest window that computes: the largest layer's parts beside the experts, and two experts.
    [[nodiscard]] static std::uint64_t leastWindow(const WeightFootprint& footprint, int experts);
    /// Beyond this a larger window gains nothing: a layer and the one that is read ahead.
    [[nodiscard]] static std::uint64_t bestWindow(const WeightFootprint& footprint);

    [[nodiscard]] Result<void> prepare(bool head, const base::JobContext& job) override;
    [[nodiscard]] Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) override;
    [[nodiscard]] std::size_t packs(std::size_t index) const override;
    [[nodiscard]] Result<ExpertPack> experts(std::size_t index, std::size_t pack, const base::JobContext& job) override;
    [[nodiscard]] Result<const EndWeights*> ends(End which, const base::JobContext& job) override;
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_loader.bytesRead() + m_head.bytesRead(); }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return m_bytesTotal; }
    [[nodiscard]] double secondsWaiting() const override { return m_secondsWaiting; }
    [[nodiscard]] double secondsReading() const override;

private:
    /// What is read in one go: a layer's parts beside its experts, or a pack of its experts.
    struct Piece {
        std::size_t layer = 0;
        std::int64_t first = -1, count = 0; ///< experts; first < 0 = the other parts
        std::uint64_t bytes = 0;            ///< in memory
    };
    struct Loaded {
        LayerWeights layer;
        std::vector<FfnWeights> experts;
    };
    class ReadAhead;

    [[nodiscard]] Result<Loaded> load(const Piece& piece);
    [[nodiscard]] Result<std::shared_ptr<const Loaded>> take(std::size_t piece, const base::JobContext& job);

    const model::OpenModel& m_model;
    TensorLoader m_loader;
    TensorLoader m_head; // float32
    StreamSettings m_settings;
    std::vector<Piece> m_pieces;
    std::vector<std::size_t> m_firstPiece; ///< per layer, and one behind the last
    std::shared_ptr<const Loaded> m_layer, m_pack;
    std::size_t m_packPiece = 0; ///< of m_pack
    EndWeights m_ends;
    std::uint64_t m_bytesTotal, m_headBytes; ///< stored; the head's are added when it is asked for
    double m_secondsWaiting = 0;
    std::unique_ptr<ReadAhead> m_ahead; // last: its threads use the rest
};

} // namespace espalier::engine
