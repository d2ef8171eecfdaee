// SPDX-License-Identifier: Apache-2.0
#include "core/model/model_summary.h"

#include "core/model/family.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace espalier::model {

namespace {

std::string describeRouter(const ModelSpec& spec)
{
    if (!spec.isMoe())
        return "none, every layer is dense";
    std::string text = fmt::format("softmax over all, top-{}", spec.router.topK);
    if (spec.router.groups > 1)
        text += fmt::format(" within {} of {} groups", spec.router.groupsUsed, spec.router.groups);
    text += spec.router.normalizeTopK ? ", renormalised" : ", not renormalised";
    if (spec.router.scale != 1.0)
        text += fmt::format(", scaled by {}", spec.router.scale);
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
    summary.name = folderName(checkpoint.folder());
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
        summary.dtypes[std::string(checkpoint::dtypeLongName(tensor.dtype))] += tensor.bytes;
        const auto elements = static_cast<std::uint64_t>(tensor.elements());
        // A head that is stored although it is tied, and unknown tensors, take bytes but no part in the model
        const bool counted = use.role != TensorRole::Other && !(use.role == TensorRole::LmHead && spec.tiedEmbedding);
        if (counted)
            summary.parameters += elements;
        if (use.role == TensorRole::RoutedExpert)
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
    ESPALIER_TRY(ModelSpec spec, describeModel(checkpoint));
    ModelSummary summary = summarize(checkpoint, spec);
    return OpenModel{std::move(checkpoint), std::move(spec), std::move(summary)};
}

} // namespace espalier::model
