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
#include <numeric>
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

/// "cpu" (nothing), "cuda" (device 0), "cuda:N"; Usage error otherwise.
[[nodiscard]] Result<std::optional<int>> parseDevice(std::string_view text);

/// Layers begin … end - 1 of the model.
struct LayerRange {
    std::size_t begin = 0, end = SIZE_MAX;
    [[nodiscard]] bool contains(std::size_t layer) const { return layer >= begin && layer < end; }
};

struct EngineOptions {
    ComputeType compute =
        ComputeType::Auto; ///< Auto: bfloat16 where weights are <= 16 bit and the machine is fast at it
    int threads = 0;       ///< 0 = all cores allowed
    ByteSize memory{};     ///< bound on the peak resident set, 0 = none: weights that do not fit are streamed
    ByteSize window{};     ///< > 0: stream through at least so many bytes of layers even when all would fit
    std::optional<checkpoint::ReadMode> reading{}; ///< of streamed weights; none = probed when the engine is opened
    std::optional<int> device{}; ///< number of the CUDA device that computes routed experts; none = the CPU does
    LayerRange layers{};         ///< for profileSets() alone: weights of other layers are neither read nor counted
    /// > 0: routed experts are read from disk when rows choose them, or hold() names them; so many bytes of them stay
    /// in memory, at least one layer's and what hold() named. Nothing is streamed then.
    ByteSize expertCache{};
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
    std::string device{};                       ///< that computes routed experts, "" = the CPU
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
    /// Experts that a token gets in each MoE layer, mean over the texts' tokens; only of plans that skip some.
    std::vector<double> activeExperts{};
    [[nodiscard]] double meanActiveExperts() const
    {
        return activeExperts.empty() ? 0
                                     : std::accumulate(activeExperts.begin(), activeExperts.end(), 0.0) /
                                           static_cast<double>(activeExperts.size());
    }
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

/// A variant beside the base on one ending: sums over its tokens.
struct EndingFigures {
    double logLikelihood = 0; ///< nats
    double kl = 0;            ///< KL(base || variant), nats
    double acceptance = 0;    ///< sum over v of min(p_base(v), p_variant(v)): 1 less the total variation
};
/// result[variant][ending]
using EndingJudgements = std::vector<std::vector<EndingFigures>>;

/// What prompts' tokens want of the experts, layer by layer.
struct PromptRouting {
    std::vector<stats::LogitPool> layers; ///< the first MoE layers, rows in the order of the prompts' tokens
};

/// Routed experts that are read when they are needed (EngineOptions::expertCache); sums since the engine was opened.
struct ExpertCacheCounters {
    std::uint64_t wanted = 0, hits = 0; ///< experts that were asked for; those of them that were in memory
    std::uint64_t loadedExperts = 0, loadedBytes = 0, evictedExperts = 0; ///< bytes as stored
    std::uint64_t heldExperts = 0, heldBytes = 0, capacity = 0;           ///< now, bytes in memory
};

/// Experts that a layer is left with, and how many of them a token gets.
struct ExpertChoice {
    std::vector<std::int32_t> keep; ///< ascending; empty = all
    std::int32_t topK = 0;          ///< 0 = the model's
};
struct ReconstructionRequest {
    /// Inputs of the layers are those of these texts; none: normal draws in place of the normed rows (LExI, arXiv
    /// 2509.02753).
    std::span<const TokenSequence> texts;
    PlanPointer before = nullptr; ///< cuts the layers before; the aim stays the whole model's output
    std::int32_t layer = -1;      ///< among the MoE layers; -1 = all of them, which needs `before` = nullptr
    std::int64_t tokens = 512;    ///< spread over the texts; fewer where all experts' outputs would not fit in 1 GiB
    std::uint64_t seed = 0;       ///< of the draws
};
/// One layer under choices of its experts (NAEE, arXiv 2402.14800, equation 2, with squared norms).
struct LayerReconstruction {
    std::int32_t layer = 0; ///< among the MoE layers
    std::int64_t tokens = 0;
    double energy = 0; ///< sum over tokens of |z|^2, z = what the whole layer's experts add
    /// Per choice the sum over tokens of |z - z_choice|^2. The router chooses anew among what is kept, as a masked pass
    /// has it. Valid while the sink is called.
    std::function<std::vector<double>(std::span<const ExpertChoice> choices)> losses;
};
using ReconstructionSink = std::function<Result<void>(const LayerReconstruction& layer)>;

/// Texts that are measured together, and where their sums go.
struct ProfileSet {
    std::span<const tokenizer::Window> windows;
    stats::DomainStats* into = nullptr;
    /// Windows are summed in blocks of at most so many tokens (0 = all together), the blocks' sums in their order: cut
    /// at the ends of blocks, the texts give the same sums to the bit.
    std::int64_t blockTokens = 0;
};

/// What the router chose for the tokens of one sequence in one MoE layer. A choice beyond a plan's experts per token
/// has gate 0.
struct RoutedTokens {
    std::vector<std::int32_t> ids; ///< [tokens, top-k of the model], first choice first
    std::vector<float> gates;      ///< [tokens, top-k], the weights that multiply the outputs
};
/// result[sequence][MoE position]
using RoutingTrace = std::vector<std::vector<RoutedTokens>>;

/// Where a pass leaves its state after every layer, so that another one can go on there.
class PassJournal {
public:
    virtual ~PassJournal() = default;
    /// Layers that are done; the sums of their MoE layers are in the sets already.
    [[nodiscard]] virtual std::size_t layersDone() const = 0;
    /// Rows of one batch as they left the last of those layers (or entered the first), into a place of their size.
    [[nodiscard]] virtual Result<void> load(std::size_t batch, std::span<std::byte> rows) = 0;
    /// Rows of all batches follow in their order, with so many bytes each, as they are when so many layers are done
    /// (0: embedded).
    [[nodiscard]] virtual Result<void> beginRows(std::size_t layersDone, std::span<const std::uint64_t> bytes) = 0;
    [[nodiscard]] virtual Result<void> addRows(std::span<const std::byte> rows) = 0;
    /// All were added, and the sums of the last of those layers, if it is a MoE layer, are complete: load() gives them
    /// from now on.
    [[nodiscard]] virtual Result<void> endRows() = 0;
    /// True when load() gives rows of this pass as often as they are asked for, so that they need not stay in memory.
    [[nodiscard]] virtual bool keepsRows() const { return false; }
};

/// Gets what was measured of one MoE layer after the other, in ascending order, as soon as it is complete; an error
/// ends the pass.
using EvidenceSink = std::function<Result<void>(method::LayerEvidence&& evidence)>;

/// A layer whose tokens share merged experts by groups (MEO, He et al. 2023, arXiv 2310.09832, section 3.2), over the
/// tokens of one text set. y: what the layer's routed experts give a token. g_i: the gates of the k experts that the
/// router chooses for the mean of the group's inputs, s_i = g_i / sum of g.
struct SequenceMergeFigures {
    std::int64_t tokens = 0, groups = 0;
    double energy = 0;   ///< sum of |y|^2
    double merged = 0;   ///< sum of |y - (sum of g) f(x)|^2, f the expert of weights and biases sum of s_i W_i
    double averaged = 0; ///< sum of |y - sum of g_i f_i(x)|^2: the group's gates on outputs, weights not merged
    double first = 0;    ///< sum of |y - top-1 of the token's own|^2, which costs as much as one merged expert
};
using SequenceMergeSink = std::function<Result<void>(LayerIndex layer, std::span<const SequenceMergeFigures> sets)>;

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
    /// unchanged. With a journal the pass is one whatever the number of tokens (keep to tokensAtOnce() unless the
    /// engine spills), begins after the layers that are done, and leaves the sums of the layers it finished also when
    /// it ends early.
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
    /// A pass with a journal that keeps rows holds the hidden states of one batch and leaves the others there, so it
    /// can measure any number of tokens. Not where a layer's experts come in packs: all rows wait for the next pack,
    /// and reading them back for each would cost more than another pass over the weights.
    [[nodiscard]] virtual bool spills() const { return false; }

    /// Base and all plans in one pass over the texts: rows of all variants that meet the same expert share one GEMM;
    /// exact KL from both distributions, no logits stored.
    [[nodiscard]] virtual Result<TextComparison>
    compare(std::span<const TextSet> texts, std::span<const PlanPointer> plans, const base::JobContext& job) = 0;

    /// Base (nullptr) and plans on the same endings, in one pass; the head is computed for the endings alone.
    [[nodiscard]] virtual Result<EndingLikelihoods> likelihoods(std::span<const Ending> endings,
                                                                std::span<const PlanPointer> variants,
                                                                const base::JobContext& job) = 0;

    /// The same with the base beside every variant: exact KL and acceptance, no logits stored.
    [[nodiscard]] virtual Result<EndingJudgements>
    judge(std::span<const Ending> endings, std::span<const PlanPointer> variants, const base::JobContext& job) = 0;

    /// Output of MoE layers under any choice of experts, without running one choice: all experts' outputs are taken
    /// once for a sample of tokens and kept as their inner products. `sink` gets the layers in order.
    [[nodiscard]] virtual Result<void> reconstruct(const ReconstructionRequest& request, const ReconstructionSink& sink,
                                                   const base::JobContext& job) = 0;

    /// Runs the prompts as far as the router of the `layers`-th MoE layer and no further: what a signature needs.
    [[nodiscard]] virtual Result<PromptRouting> routePrompts(std::span<const TokenSequence> prompts,
                                                             std::int32_t layers, const base::JobContext& job) = 0;

    /// Reads the experts that `plan` keeps and that are not in memory, and forgets others where there is no room.
    /// BadInput for plans that mix experts, NoResources when they do not fit, Usage for an engine without expertCache.
    [[nodiscard]] virtual Result<void> hold(PlanPointer plan, const base::JobContext& job) = 0;
    [[nodiscard]] virtual ExpertCacheCounters expertCache() const = 0;

    /// Greedy, batched, with KV cache.
    [[nodiscard]] virtual Result<Generated> generate(const GenerateRequest& request, const base::JobContext& job) = 0;

    [[nodiscard]] virtual PassCounters counters() const = 0;

    /// Which experts every token chose, in every MoE layer, of the base or under a plan.
    [[nodiscard]] virtual Result<RoutingTrace> trace(std::span<const TokenSequence> sequences, PlanPointer plan,
                                                     const base::JobContext& job) = 0;

    /// Carves every layer of a dense model, or every routed expert of one that has some (entries by layer, then
    /// expert), in one pass over the windows, see carve.h. BadInput for layers that cannot be carved (biases, other
    /// activations, experts that are carved already), Usage for a shape that does not fit.
    [[nodiscard]] virtual Result<std::vector<CarvedLayer>>
    carve(std::span<const tokenizer::Window> windows, const CarveSettings& settings, const base::JobContext& job) = 0;

    /// One pass over the windows that measures every MoE layer for merging, see merge.h. All rows stay in memory.
    [[nodiscard]] virtual Result<void> mergeEvidence(std::span<const tokenizer::Window> windows,
                                                     const EvidenceSettings& settings, const EvidenceSink& sink,
                                                     const base::JobContext& job) = 0;

    /// The unmerged model on the texts, and beside every MoE layer what it would give if `groupTokens` neighbours (0 =
    /// all of a window) shared one merged expert. `sink` gets the layers in order, one entry per text set. All rows
    /// stay in memory.
    [[nodiscard]] virtual Result<void> mergeSequences(std::span<const TextSet> texts, std::int64_t groupTokens,
                                                      const SequenceMergeSink& sink, const base::JobContext& job) = 0;
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
inline constexpr int kEngineAbi = 11;

} // namespace espalier::engine
