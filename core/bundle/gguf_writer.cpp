// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/gguf_writer.h"

#include "core/bundle/source_ahead.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::bundle {
namespace {

/// The slice under the names and in the order of dimensions that the file has.
checkpoint::TensorInfo asStored(const model::OpenModel& model, const TensorSlice& slice)
{
    const checkpoint::TensorInfo& described = model.checkpoint.tensors()[slice.source];
    const model::TensorUse& use = model.spec.uses[slice.source];
    checkpoint::TensorInfo out = model.checkpoint.storedTensors()[slice.source];
    out.bytes = slice.out.bytes;
    if (use.expert >= 0) { // files with one tensor per expert: "blk.0.ffn_gate.7.weight"
        const std::string old = fmt::format(".{}.", use.expert);
        const std::size_t length = slice.out.name.size() - use.nameHead.size() - use.nameTail.size();
        const std::string id = slice.out.name.substr(use.nameHead.size(), length);
        if (const auto at = out.name.rfind(old); at != std::string::npos)
            out.name.replace(at + 1, old.size() - 2, id);
    } else if (use.sliceDim >= 0 && slice.out.bytes != described.bytes) {
        // Dimensions that the description put in front are not in the file
        const auto dim = static_cast<std::size_t>(use.sliceDim) + out.shape.size() - described.shape.size();
        out.shape[dim] = slice.out.shape[static_cast<std::size_t>(use.sliceDim)];
    }
    return out;
}

/// Bytes from the end of a tensor to where the next one begins.
std::uint64_t paddingBehind(std::uint64_t bytes, std::uint64_t alignment)
{
    return checkpoint::paddedTo(bytes, alignment) - bytes;
}

} // namespace

Result<std::string> ggufHead(const model::OpenModel& model, const plan::Plan& plan, std::span<const TensorSlice> slices,
                             bool dropMtp)
{
    if (plan.layers.empty())
        return badInput("the plan keeps no experts of any layer", plan.name);
    const checkpoint::GgufMetadata& metadata = *model.checkpoint.gguf();
    const std::string prefix = std::string(metadata.text("general.architecture").value_or("")) + ".";
    checkpoint::GgufEdits edits;
    edits.removed = {"split.no", "split.count", "split.tensors.count"};
    edits.integers.emplace_back(prefix + "expert_count", plan.layers.front().keep.size());
    const std::string further = prefix + "nextn_predict_layers";
    if (dropMtp && metadata.integer(further).value_or(0) > 0) { // they are counted as blocks
        const std::int64_t blocks = metadata.integer(prefix + "block_count").value_or(0);
        for (const auto& entry : metadata.entries())
            if (entry.type == checkpoint::GgufType::Array && entry.key.starts_with(prefix) &&
                std::cmp_equal(entry.count, blocks))
                return badInput("has an entry for every block, so blocks cannot be dropped",
                                model.checkpoint.configFile(), "key " + std::string(entry.key),
                                "Keep the blocks that predict further tokens (--mtp keep)");
        edits.integers.emplace_back(prefix + "block_count", model.summary.layers);
        edits.integers.emplace_back(further, 0);
    }
    std::vector<checkpoint::TensorInfo> tensors;
    tensors.reserve(slices.size());
    for (const TensorSlice& slice : slices)
        tensors.push_back(asStored(model, slice));
    auto head = checkpoint::makeGgufHeader(metadata, edits, tensors, model.checkpoint.alignment());
    if (!head && head.error().file.empty()) {
        Error error = head.error();
        error.file = model.checkpoint.configFile();
        return error;
    }
    return head;
}

Result<BundleFile> writeGguf(const model::OpenModel& model, const plan::Plan& plan, std::span<const TensorSlice> slices,
                             bool dropMtp, const std::filesystem::path& folder, const base::JobContext& job,
                             DiskSyncs* syncs)
{
    ESPALIER_TRY(const std::string head, ggufHead(model, plan, slices, dropMtp));
    std::uint64_t total = 0, done = 0;
    for (const TensorSlice& slice : slices)
        total += slice.out.bytes;
    SourceAhead source(model, slices);
    ESPALIER_TRY(auto writer, HashedFile::create(folder, kGgufFile));
    ESPALIER_CHECK(writer.write(head));
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (job.stopRequested())
            return cancelledError();
        ESPALIER_TRY(const auto data, source.take(i));
        const std::string padding(paddingBehind(data.size(), model.checkpoint.alignment()), '\0');
        ESPALIER_CHECK(writer.write(data));
        ESPALIER_CHECK(writer.write(padding));
        done += data.size();
        job.report({"writing tensors", static_cast<double>(done), static_cast<double>(total), "bytes"});
    }
    return writer.finish(syncs);
}

} // namespace espalier::bundle
