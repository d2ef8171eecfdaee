// SPDX-License-Identifier: Apache-2.0
#include "core/plan/device_split.h"

#include "core/base/byte_size.h"
#include "core/plan/planner.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace espalier::plan {
namespace {

constexpr int kHalvings = 60; ///< of the share of memory that is searched for

/// What one decoder layer takes along to its device.
struct LayerNeed {
    model::BytesByPart bytes;
    std::uint64_t cache = 0;
    [[nodiscard]] std::uint64_t total() const { return bytes.total() + cache; }
};

std::uint64_t even(std::uint64_t sum, std::size_t index, std::size_t parts)
{
    return parts == 0 ? 0 : sum / parts + (index < sum % parts ? 1 : 0);
}

/// Layers without their experts, for a study that does not say what each holds.
model::StageFacts assumedStages(const model::ModelSummary& model)
{
    model::StageFacts stages;
    const auto count = static_cast<std::size_t>(std::max(model.layers, 1));
    for (std::size_t l = 0; l < count; ++l) {
        model::LayerFacts facts{0, 0, even(model.bytes.attention, l, count), even(model.bytes.other, l, count), {}};
        facts.cache = {even(model.cache.perToken, l, count), even(model.cache.perWindowToken, l, count),
                       even(model.cache.perSequence, l, count)};
        stages.layers.push_back(facts);
    }
    for (std::size_t i = 0; i < model.moeLayers.size(); ++i) {
        auto& facts = stages.layers[static_cast<std::size_t>(model.moeLayers[i].layer.value())];
        facts.sharedExperts = even(model.bytes.sharedExperts, i, model.moeLayers.size());
        facts.router = even(model.bytes.router, i, model.moeLayers.size());
    }
    stages.embedding = model.bytes.embedding;
    return stages;
}

std::vector<LayerNeed> needsOf(const model::ModelSummary& model, const model::StageFacts& stages,
                               std::span<const PlanLayer> layers, const Deployment& deployment)
{
    std::vector<LayerNeed> needs;
    for (const auto& facts : stages.layers)
        needs.push_back({{0, facts.sharedExperts, facts.router, facts.attention, 0, facts.other},
                         kvCacheBytes(facts.cache, model.slidingWindow, deployment)});
    std::uint64_t held = 0;
    for (const auto& facts : model.moeLayers)
        for (const auto bytes : facts.expertBytes) {
            needs[static_cast<std::size_t>(facts.layer.value())].bytes.routedExperts += bytes;
            held += bytes;
        }
    for (const auto& layer : layers) {
        const int position = model.moePosition(layer.layer);
        if (position < 0)
            continue;
        const auto& facts = model.moeLayers[static_cast<std::size_t>(position)];
        auto& bytes = needs[static_cast<std::size_t>(layer.layer.value())].bytes;
        bytes.routedExperts = 0;
        for (const auto id : layer.keep)
            bytes.routedExperts += facts.expertBytes[static_cast<std::size_t>(id)];
        bytes.router -= std::min<std::uint64_t>(
            bytes.router, facts.routerBytesPerExpert * (static_cast<std::uint64_t>(facts.experts) - layer.keep.size()));
    }
    // What all experts share (scales of a format) stays whatever is cut.
    needs.back().bytes.routedExperts += model.bytes.routedExperts - std::min(model.bytes.routedExperts, held);
    return needs;
}

/// What the ends of the chain hold besides layers.
struct Ends {
    model::BytesByPart first, last;
    std::uint64_t activations = 0; ///< on every device that has layers
    std::uint64_t logits = 0;      ///< on the last one
};

class Splitter {
public:
    Splitter(std::vector<LayerNeed> needs, Ends ends, std::span<const Device> devices)
        : m_needs(std::move(needs)), m_ends(std::move(ends)), m_devices(devices)
    {
    }

    /// Layers per device when none may be fuller than `share` of its memory; nothing when that cannot be.
    [[nodiscard]] std::optional<std::vector<std::int32_t>> layersAt(double share) const
    {
        std::vector<std::int32_t> counts;
        std::size_t next = 0;
        for (std::size_t d = 0; d < m_devices.size(); ++d) {
            const double room = share * static_cast<double>(std::max<std::uint64_t>(m_devices[d].bytes, 1));
            const bool isLast = d + 1 == m_devices.size();
            auto used = static_cast<double>(fixed(d));
            const std::size_t begin = next;
            while (next < m_needs.size()) {
                const double more = static_cast<double>(m_needs[next].total()) +
                                    (next == begin ? static_cast<double>(m_ends.activations) : 0.0);
                if (!isLast && used + more > room)
                    break;
                used += more;
                ++next;
            }
            if (used > room)
                return std::nullopt;
            counts.push_back(static_cast<std::int32_t>(next - begin));
        }
        return counts;
    }

    [[nodiscard]] std::vector<std::int32_t> emptiest() const
    {
        double low = 0, high = 1;
        while (!layersAt(high))
            high *= 2; // ends: the last device takes whatever is left
        for (int i = 0; i < kHalvings; ++i) {
            const double middle = (low + high) / 2;
            (layersAt(middle) ? high : low) = middle;
        }
        return *layersAt(high);
    }

    [[nodiscard]] DeviceLoad load(std::size_t device, std::int32_t firstLayer, std::int32_t count) const
    {
        DeviceLoad load{firstLayer, count, {}, {}};
        const auto add = [&](const model::BytesByPart& part) {
            load.bytes.routedExperts += part.routedExperts;
            load.bytes.sharedExperts += part.sharedExperts;
            load.bytes.router += part.router;
            load.bytes.attention += part.attention;
            load.bytes.embedding += part.embedding;
            load.bytes.other += part.other;
        };
        for (std::int32_t l = firstLayer; l < firstLayer + count; ++l) {
            add(m_needs[static_cast<std::size_t>(l)].bytes);
            load.memory.kvCache += m_needs[static_cast<std::size_t>(l)].cache;
        }
        if (device == 0)
            add(m_ends.first);
        if (device + 1 == m_devices.size())
            add(m_ends.last);
        load.memory.weights = load.bytes.total();
        load.memory.workspace =
            (count > 0 ? m_ends.activations : 0) + (device + 1 == m_devices.size() ? m_ends.logits : 0);
        return load;
    }

private:
    [[nodiscard]] std::uint64_t fixed(std::size_t device) const
    {
        return (device == 0 ? m_ends.first.total() : 0) +
               (device + 1 == m_devices.size() ? m_ends.last.total() + m_ends.logits : 0);
    }

    std::vector<LayerNeed> m_needs;
    Ends m_ends;
    std::span<const Device> m_devices;
};

} // namespace

std::string DeviceSplit::layerList() const
{
    std::string text;
    for (const auto& load : loads)
        text += (text.empty() ? "" : ",") + std::to_string(load.layers);
    return text;
}

DeviceSplit splitOverDevices(const model::ModelSummary& model, std::span<const PlanLayer> layers,
                             const Deployment& deployment, std::span<const Device> devices)
{
    DeviceSplit split;
    split.assumed = model.stages.layers.empty();
    const model::StageFacts stages = split.assumed ? assumedStages(model) : model.stages;
    Ends ends;
    ends.first.embedding = stages.embedding;
    ends.last.embedding = stages.head;
    ends.last.other = stages.other;
    if (!split.assumed && stages.head == 0 && devices.size() > 1)
        ends.last.embedding = split.copied = stages.embedding;
    ends.logits = logitsBytes(model, deployment);
    ends.activations = workspaceBytes(model, deployment) - ends.logits;
    const Splitter splitter(needsOf(model, stages, layers, deployment), ends, devices);
    std::int32_t next = 0;
    for (const auto count : splitter.emptiest()) {
        const std::size_t device = split.loads.size();
        split.loads.push_back(splitter.load(device, next, count));
        if (!split.tooFull && split.loads.back().memory.total() > devices[device].bytes)
            split.tooFull = device;
        next += count;
    }
    return split;
}

std::optional<std::int32_t> largestCountThatFits(const model::ModelSummary& model, std::span<const Device> devices,
                                                 const Deployment& deployment)
{
    std::vector<std::int32_t> counts; // legal ones, ascending
    for (std::int32_t count = legalCount(model, 1); count <= model.experts;
         count = count < model.experts ? legalCount(model, count + 1) : model.experts + 1)
        counts.push_back(count);
    const auto fits = [&](std::int32_t count) {
        Plan all = Plan::keepAll(model);
        for (auto& layer : all.layers)
            layer.keep.resize(std::min(layer.keep.size(), static_cast<std::size_t>(count)));
        return splitOverDevices(model, all.layers, deployment, devices).fits();
    };
    const auto above = std::partition_point(counts.begin(), counts.end(), fits);
    return above == counts.begin() ? std::nullopt : std::optional(*std::prev(above));
}

Result<std::vector<Device>> parseDevices(std::string_view text)
{
    constexpr std::size_t kMost = 64;
    const auto refuse = [&](const std::string& why) {
        return usageError(fmt::format("\"{}\" is no list of devices: {}", text, why),
                          "For example 24GB,24GB or 2x24GB");
    };
    std::vector<Device> devices;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        std::string_view entry = text.substr(at, comma - at);
        at = comma + 1;
        std::size_t count = 1;
        if (const auto times = entry.find('x'); times != std::string_view::npos) {
            const auto* end = entry.data() + times;
            if (const auto read = std::from_chars(entry.data(), end, count);
                read.ec != std::errc() || read.ptr != end || count == 0)
                return refuse("a whole number is expected before x");
            entry.remove_prefix(times + 1);
        }
        const auto bytes = base::parseByteSize(entry);
        if (!bytes)
            return refuse(bytes.error().message);
        if (bytes->value() == 0)
            return refuse("a device has memory");
        if (count > kMost - devices.size())
            return refuse(fmt::format("at most {} devices", kMost));
        devices.insert(devices.end(), count, Device{{}, bytes->value()});
    }
    return devices;
}

} // namespace espalier::plan
