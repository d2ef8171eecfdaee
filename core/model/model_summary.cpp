// SPDX-License-Identifier: Apache-2.0
#include "core/model/model_summary.h"

#include "core/model/family.h"
#include "core/model/gguf/gguf_model.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace espalier::model {

namespace {

std::string describeRouter(const ModelSpec& spec)
{
    if (!spec.isMoe())
        return "none, every layer is dense";
    const RouterSpec& router = spec.router;
    const bool corrected = std::any_of(spec.layers.begin(), spec.layers.end(),
                                       [](const LayerSpec& layer) { return !layer.correctionBias.empty(); });
    std::string text;
    switch (router.score) {
    case RouterScore::SoftmaxAll:
        text = "softmax over all";
        break;
    case RouterScore::SoftmaxChosen:
        return fmt::format("top-{}, softmax over the chosen", router.topK);
    case RouterScore::Sigmoid:
        text = "sigmoid";
        break;
    case RouterScore::SparseMixer:
        return fmt::format("sparse mixer, {} choices one after the other", router.topK);
    case RouterScore::UnitGates:
        return fmt::format("{}, top-{} in full",
                           router.estimate == RouterEstimate::Linear       ? "estimated energies"
                           : router.estimate == RouterEstimate::Magnitudes ? "a neuron of each expert"
                           : router.estimate == RouterEstimate::Energies   ? "energies of neurons"
                                                                           : "energies at low rank",
                           router.topK);
    }
    if (corrected)
        text += " with correction bias";
    text += fmt::format(", top-{}", router.topK);
    if (router.groups > 1)
        text += fmt::format(" within {} of {} groups", router.groupsUsed, router.groups);
    text += router.normalizeTopK ? ", renormalised" : ", not renormalised";
    if (spec.router.scale != 1.0)
        text += fmt::format(", scaled by {}", spec.router.scale);
    return text;
}

CacheFacts cacheOf(const AttentionSpec& attention, const LayerSpec& layer)
{
    const auto elements = [](auto... factors) { return (static_cast<std::uint64_t>(factors) * ...); };
    CacheFacts cache;
    if (layer.isDelta) {
        const DeltaSpec& delta = *attention.delta;
        const auto channels = elements(2, delta.keyHeads, delta.keyDim) + elements(delta.valueHeads, delta.valueDim);
        cache.perSequence =
            channels * elements(delta.kernel - 1) + elements(delta.valueHeads, delta.keyDim, delta.valueDim);
    } else if (attention.latent) {
        cache.perToken = elements(attention.latent->keyValueRank + attention.latent->ropeDim);
    } else {
        (layer.window > 0 ? cache.perWindowToken : cache.perToken) = elements(2, attention.kvHeads, attention.headDim);
    }
    return cache;
}

std::string describeAttention(const ModelSpec& spec)
{
    const AttentionSpec& attention = spec.attention;
    const auto layers = spec.layers.size();
    const auto count = [&](auto has) { return std::count_if(spec.layers.begin(), spec.layers.end(), has); };
    std::string text = attention.latent ? fmt::format("latent, {} + {} elements per token",
                                                      attention.latent->keyValueRank, attention.latent->ropeDim)
                       : attention.kvHeads == attention.heads
                           ? fmt::format("{} heads", attention.heads)
                           : fmt::format("{} heads share {} keys", attention.heads, attention.kvHeads);
    if (const auto windowed = count([](const LayerSpec& layer) { return layer.window > 0; }); windowed > 0)
        text += fmt::format(", {} of {} layers see {} tokens", windowed, layers, attention.slidingWindow);
    if (const auto delta = count([](const LayerSpec& layer) { return layer.isDelta; }); delta > 0)
        text += fmt::format(", {} of {} layers by the gated delta rule", delta, layers);
    return text;
}

std::string folderName(const std::filesystem::path& folder)
{
    std::error_code code;
    std::filesystem::path path = std::filesystem::weakly_canonical(folder, code);
    if (code || path.empty())
        path = folder;
    // In a Hugging Face cache the folder is called by its revision; models--owner--name is what people know
    if (path.parent_path().filename() == "snapshots") {
        const std::string cached = path.parent_path().parent_path().filename().string();
        if (cached.starts_with("models--"))
            return cached.substr(cached.rfind("--") + 2);
    }
    const std::filesystem::path named = path.has_filename() ? path : path.parent_path();
    // A folder that is just called "model" is told apart by the folder it lies in.
    const std::string parent = named.parent_path().filename().string();
    return named.filename() == "model" && !parent.empty() ? parent : named.filename().string();
}

std::uint64_t& partOf(BytesByPart& parts, TensorRole role)
{
    switch (role) {
    case TensorRole::RoutedExpert:
        return parts.routedExperts;
    case TensorRole::SharedExpert:
        return parts.sharedExperts;
    case TensorRole::Router:
        return parts.router;
    case TensorRole::Attention:
        return parts.attention;
    case TensorRole::Embedding:
    case TensorRole::LmHead:
        return parts.embedding;
    case TensorRole::Norm:
    case TensorRole::DenseFfn:
    case TensorRole::Other:
        break;
    }
    return parts.other;
}

/// Where a tensor that is no routed expert lies when the model is cut into stages.
std::uint64_t& stageOf(StageFacts& stages, const TensorUse& use)
{
    if (use.layer < 0 || static_cast<std::size_t>(use.layer) >= stages.layers.size())
        return use.role == TensorRole::Embedding ? stages.embedding
               : use.role == TensorRole::LmHead  ? stages.head
                                                 : stages.other;
    LayerFacts& layer = stages.layers[static_cast<std::size_t>(use.layer)];
    switch (use.role) {
    case TensorRole::SharedExpert:
        return layer.sharedExperts;
    case TensorRole::Router:
        return layer.router;
    case TensorRole::Attention:
        return layer.attention;
    default:
        return layer.other;
    }
}

} // namespace

int ModelSummary::moePosition(LayerIndex layer) const
{
    const auto found = std::lower_bound(moeLayers.begin(), moeLayers.end(), layer,
                                        [](const MoeLayerFacts& facts, LayerIndex l) { return facts.layer < l; });
    return found == moeLayers.end() || found->layer != layer ? -1 : static_cast<int>(found - moeLayers.begin());
}

ModelSummary summarize(const checkpoint::Checkpoint& checkpoint, const ModelSpec& spec)
{
    ModelSummary summary;
    // A file that is just called "model" is told apart by the folder it lies in
    const std::string stem = checkpoint.path().stem().string();
    summary.name = checkpoint.gguf() != nullptr && stem != "model" ? stem : folderName(checkpoint.folder());
    summary.fingerprint = checkpoint.fingerprint();
    summary.family = spec.family;
    summary.layers = static_cast<std::int32_t>(spec.layers.size());
    summary.experts = spec.experts;
    summary.topK = spec.router.topK;
    summary.sharedExperts = spec.sharedExperts;
    summary.vocabulary = spec.vocabulary;
    summary.hidden = spec.hidden;
    summary.expertWidth = spec.expertWidth;
    summary.heads = spec.attention.heads;
    summary.kvHeads = spec.attention.kvHeads;
    summary.headDim = spec.attention.headDim;
    summary.slidingWindow = spec.attention.slidingWindow;
    for (const LayerSpec& layer : spec.layers) {
        const CacheFacts cache = cacheOf(spec.attention, layer);
        summary.cache.perToken += cache.perToken;
        summary.cache.perWindowToken += cache.perWindowToken;
        summary.cache.perSequence += cache.perSequence;
        summary.stages.layers.push_back({0, 0, 0, 0, cache});
    }
    summary.attentionKind = describeAttention(spec);
    summary.maxPositions = spec.maxPositions;
    summary.routerGroups = spec.router.groups;
    summary.routerGroupsUsed = spec.router.groupsUsed;
    summary.routerArithmetic = describeRouter(spec);
    summary.warnings = checkpoint.warnings();
    summary.warnings.insert(summary.warnings.end(), spec.warnings.begin(), spec.warnings.end());

    for (const LayerSpec& layer : spec.layers)
        if (layer.moe)
            summary.moeLayers.push_back(
                {layer.index, spec.experts, std::vector<std::uint64_t>(static_cast<std::size_t>(spec.experts)), 0});

    std::uint64_t routedParameters = 0;
    for (std::size_t i = 0; i < spec.uses.size(); ++i) {
        const TensorUse& use = spec.uses[i];
        const checkpoint::TensorInfo& tensor = checkpoint.tensors()[i];
        partOf(summary.bytes, use.role) += tensor.bytes;
        if (use.role != TensorRole::RoutedExpert)
            stageOf(summary.stages, use) += tensor.bytes;
        summary.dtypes[std::string(checkpoint::dtypeLongName(tensor.dtype))] += tensor.bytes;
        const auto elements = spec.parameters[i];
        // A head that is stored although it is tied, blocks for further tokens and unknown tensors take bytes but no
        // part in the model
        const bool counted =
            use.role != TensorRole::Other && !use.mtp && !(use.role == TensorRole::LmHead && spec.tiedEmbedding);
        if (counted)
            summary.parameters += elements;
        if (counted && use.role == TensorRole::RoutedExpert)
            routedParameters += elements;
        const int position = use.layer < 0 ? -1 : summary.moePosition(LayerIndex(use.layer));
        if (position < 0)
            continue;
        MoeLayerFacts& facts = summary.moeLayers[static_cast<std::size_t>(position)];
        if (use.role == TensorRole::RoutedExpert && use.expert >= 0)
            facts.expertBytes[static_cast<std::size_t>(use.expert)] += tensor.bytes;
        else if (use.sliceDim >= 0 && use.role == TensorRole::RoutedExpert)
            for (std::uint64_t& bytes : facts.expertBytes)
                bytes += tensor.bytes / static_cast<std::uint64_t>(spec.experts);
        else if (use.sliceDim >= 0)
            facts.routerBytesPerExpert += tensor.bytes / static_cast<std::uint64_t>(spec.experts);
    }
    // Embeddings count in full, as in published figures (Qwen3-30B-A3B: 3.3 B active)
    summary.activeParameters = summary.parameters;
    if (spec.isMoe()) {
        const auto experts = static_cast<std::uint64_t>(spec.experts);
        const std::uint64_t visited = routedParameters / experts * static_cast<std::uint64_t>(spec.router.topK);
        summary.activeParameters -= routedParameters - visited;
    }
    return summary;
}

Result<OpenModel> openModel(const std::filesystem::path& folder)
{
    ESPALIER_TRY(checkpoint::Checkpoint checkpoint, checkpoint::Checkpoint::open(folder));
    if (checkpoint.gguf() != nullptr)
        ESPALIER_CHECK(describeGguf(checkpoint));
    ESPALIER_TRY(ModelSpec spec, describeModel(checkpoint));
    ModelSummary summary = summarize(checkpoint, spec);
    return OpenModel{std::move(checkpoint), std::move(spec), std::move(summary)};
}

} // namespace espalier::model
