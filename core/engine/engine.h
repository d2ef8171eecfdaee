// SPDX-License-Identifier: Apache-2.0
// The engine's face, free of libtorch. The implementation is the plug-in library espalier_engine (core/engine/torch),
// opened by openEngine() only when something is computed: libtorch costs 0.4 s and 114 MB at start. One Engine belongs
// to one thread. Masks are -inf on the selection logits, so a masked preview equals the exported slice.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/checkpoint/io_probe.h"
#include "core/engine/carve.h"
#include "core/model/model_summary.h"
#include "core/plan/plan.h"
#include "core/stats/statistics.h"
#include "core/tokenizer/documents.h"
#include "core/tokenizer/tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::method {
struct LayerEvidence;
}

namespace espalier::engine {

struct EvidenceSettings; // core/engine/merge.h, with LayerEvidence

using tokenizer::TokenId;
using TokenSequence = std::vector<TokenId>;

enum class ComputeType { Auto, Float32, BFloat16 };
/// "auto", "float32", "bfloat16"; Usage error otherwise.
[[nodiscard]] Result<ComputeType> parseComputeType(std::string_view text);

struct EngineOptions {
    ComputeType compute =
        ComputeType::Auto; ///< Auto: bfloat16 where weights are <= 16 bit and the machine is fast at it
    int threads = 0;       ///< 0 = all cores allowed
    ByteSize memory{};     ///< bound on the peak resident set, 0 = none: weights that do not fit are streamed
    ByteSize window{};     ///< > 0: stream through at least so many bytes of layers even when all would fit
    std::optional<checkpoint::ReadMode> reading{}; ///< of streamed weights; none = probed when the engine is opened
};

/// What was read and computed since the engine was opened.
struct PassCounters {
    std::uint64_t weightBytesRead = 0;
    std::uint64_t weightBytesTotal = 0;         ///< tensors the pass needs
    double flops = 0;                           ///< multiply and add count two
    double seconds = 0;                         ///< inside passes
    double secondsWaiting = 0;                  ///< of those, for weights to come from files
    ComputeType compute = ComputeType::Float32; ///< what Auto became
    bool streamed = false;                      ///< weights pass through the memory instead of staying in it
    double secondsReading = 0;                  ///< in which streamed weights were read, computing or not
    std::string reading{};                      ///< how streamed weights are read, "" when they are not streamed
    checkpoint::ReadProbe probe{};              ///< why so; no bytes where nothing was probed
    /// max(reading, computing) / all: 1 = the slower of the two hides the other completely.
    [[nodiscard]] double overlap() const
    {
        const double computing = seconds - secondsWaiting;
        return seconds > 0 ? std::min(1.0, std::max(secondsReading, computing) / seconds) : 0;
    }
};

/// Keep lists to mask with; nullptr = the whole model.
using PlanPointer = const plan::Plan*;

/// Logits of one sequence: row-major [positions, vocabulary], float32.
using LogitsSink =
    std::function<Result<void>(std::size_t sequence, std::span<const float> logits, std::int64_t positions)>;

/// Base and plans on the same texts.
struct DomainComparison {
    std::int64_t tokens = 0; ///< predicted positions
    double perplexity = 0;
    double perplexityBase = 0;
    double klMean = 0; ///< KL(base || plan), nats, over every predicted position
    double klP99 = 0;
    double top1Agreement = 0;
    double perplexityRatioLow = 0, perplexityRatioHigh = 0; ///< 95 % of perplexity/base, windows as units;
                                                            ///< NaN with fewer than two windows
};
struct TextSet {
    std::string name;
    std::vector<tokenizer::Window> windows;
};
/// result[plan][text set]; the base itself is given for each text set in perplexityBase.
using TextComparison = std::vector<std::vector<DomainComparison>>;

struct GenerateRequest {
    std::vector<TokenSequence> prompts;
    std::vector<PlanPointer> variants; ///< every prompt is answered once per variant; nullptr = base
    std::int32_t maxTokens = 64;
    std::vector<TokenId> stopTokens; ///< end of sequence
    /// Called after every new token with (variant, prompt, ids so far); true ends that answer.
    std::function<bool(std::size_t variant, std::size_t prompt, std::span<const TokenId> ids)> stop;
};
/// result[variant][prompt] = new ids, the stopping token included when `stop` ended it, an end-of-sequence id excluded.
using Generated = std::vector<std::vector<TokenSequence>>;

/// A text whose end is judged: how likely the model thinks ids[from …] after what stands before.
struct Ending {
    TokenSequence ids;
    std::size_t from = 1; ///< 1 … size − 1
};
/// result[variant][ending] = sum of log p(ids[t] | ids[< t]) over t >= from, nats.
using EndingLikelihoods = std::vector<std::vector<double>>;

/// Texts that are measured together, and where their sums go.
struct ProfileSet {
    std::span<const tokenizer::Window> windows;
    stats::DomainStats* into = nullptr;
};

/// Where a pass leaves its state after every layer, so that another one can go on there.
class PassJournal {
public:
    virtual ~PassJournal() = default;
    /// Layers that are done; the sums of their MoE layers are in the sets already.
    [[nodiscard]] virtual std::size_t layersDone() const = 0;
    /// Rows of one batch as they left the last of those layers, into a place of their size.
    [[nodiscard]] virtual Result<void> load(std::size_t batch, std::span<std::byte> rows) = 0;
    /// `layer` is done; `rows[b]` are those of batch b. The sums of its MoE layer, if it is one, are complete.
    [[nodiscard]] virtual Result<void> layerDone(std::size_t layer,
                                                 std::span<const std::span<const std::byte>> rows) = 0;
};

/// Gets what was measured of one MoE layer after the other, in ascending order, as soon as it is complete; an error
/// ends the pass.
using EvidenceSink = std::function<Result<void>(method::LayerEvidence&& evidence)>;

class Engine {
public:
    virtual ~Engine() = default;

    /// Sequences may differ in length; `sink` gets them in order. This and all other calls: BadInput for empty
    /// sequences, ids outside the vocabulary, more tokens than the model has positions, plans that do not fit the
    /// model.
    [[nodiscard]] virtual Result<void> logits(std::span<const TokenSequence> sequences, PlanPointer plan,
                                              const LogitsSink& sink, const base::JobContext& job) = 0;

    /// Runs the windows of all sets through the whole model, layer by layer, and adds what they show to each set's
    /// sums (their layers exist and say by their arrays what to collect). On an error or cancellation they are
    /// unchanged. With a journal the pass is one whatever the number of tokens (keep to tokensAtOnce()), begins after
    /// the layers that are done, and leaves the sums of the layers it finished also when it ends early.
    [[nodiscard]] virtual Result<void> profileSets(std::span<const ProfileSet> sets, PassJournal* journal,
                                                   const base::JobContext& job) = 0;
    [[nodiscard]] Result<void> profile(std::span<const tokenizer::Window> windows, stats::DomainStats& into,
                                       const base::JobContext& job)
    {
        const ProfileSet set{windows, &into};
        return profileSets({&set, 1}, nullptr, job);
    }
    /// Tokens whose hidden states the memory holds: what one pass over the weights can measure.
    [[nodiscard]] virtual std::int64_t tokensAtOnce() const = 0;

    /// Base and all plans in one pass over the texts: rows of all variants that meet the same expert share one GEMM;
    /// exact KL from both distributions, no logits stored.
    [[nodiscard]] virtual Result<TextComparison>
    compare(std::span<const TextSet> texts, std::span<const PlanPointer> plans, const base::JobContext& job) = 0;

    /// Base (nullptr) and plans on the same endings, in one pass; the head is computed for the endings alone.
    [[nodiscard]] virtual Result<EndingLikelihoods> likelihoods(std::span<const Ending> endings,
                                                                std::span<const PlanPointer> variants,
                                                                const base::JobContext& job) = 0;

    /// Greedy, batched, with KV cache.
    [[nodiscard]] virtual Result<Generated> generate(const GenerateRequest& request, const base::JobContext& job) = 0;

    [[nodiscard]] virtual PassCounters counters() const = 0;

    /// Carves every layer of a dense model in one pass over the windows, see carve.h. BadInput for layers that cannot
    /// be carved (routed experts, biases, other activations), Usage for a shape that does not fit.
    [[nodiscard]] virtual Result<std::vector<CarvedLayer>>
    carve(std::span<const tokenizer::Window> windows, const CarveSettings& settings, const base::JobContext& job) = 0;

    /// One pass over the windows that measures every MoE layer for merging, see merge.h. All rows stay in memory.
    [[nodiscard]] virtual Result<void> mergeEvidence(std::span<const tokenizer::Window> windows,
                                                     const EvidenceSettings& settings, const EvidenceSink& sink,
                                                     const base::JobContext& job) = 0;
};

/// BadInput naming the first tensor whose numbers cannot be computed with: such models are described, planned and cut
/// only.
[[nodiscard]] Result<void> checkComputable(const model::OpenModel& model);

/// Finds and opens the plug-in (beside the program, ../lib/espalier, or ESPALIER_ENGINE), then makes an engine for the
/// model, which must outlive it. BadInput with remedy when the library or libtorch is missing.
[[nodiscard]] Result<std::unique_ptr<Engine>> openEngine(const model::OpenModel& model, const EngineOptions& options);

/// What doctor prints about the engine: path and libtorch version, or the reason it cannot be opened.
struct EngineDescription {
    bool available = false;
    std::string library;
    std::string detail; ///< "libtorch 2.11.0, AVX512" or why not
};
[[nodiscard]] EngineDescription describeEngine();

/// The plug-in's only exported symbol, "espalier_engine_entry".
struct EngineEntry {
    int abi; ///< must equal kEngineAbi
    Result<std::unique_ptr<Engine>> (*open)(const model::OpenModel&, const EngineOptions&);
    std::string (*describe)();
};
inline constexpr int kEngineAbi = 9;

} // namespace espalier::engine
