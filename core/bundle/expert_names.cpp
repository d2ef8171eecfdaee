// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/expert_names.h"

#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace espalier::bundle {
namespace {

constexpr std::string_view kLayers = "layers.";
constexpr std::string_view kExperts = ".experts.";

/// The number that begins at `begin`, and where it ends; nothing when there is none.
std::optional<std::size_t> numberAt(std::string_view text, std::size_t begin, std::int32_t& number)
{
    const auto end = std::min(text.find_first_not_of("0123456789", begin), text.size());
    return base::parseIndex(text.substr(begin, end - begin), number) ? std::optional(end) : std::nullopt;
}

/// "…layers.N….experts.J…": both numbers, and where the second one lies.
struct ExpertName {
    std::int32_t layer = -1, expert = -1;
    std::size_t begin = 0, end = 0;
};

std::optional<ExpertName> parse(std::string_view name)
{
    ExpertName parsed;
    const auto layers = name.find(kLayers);
    const auto experts = name.find(kExperts);
    if (layers == std::string_view::npos || experts == std::string_view::npos ||
        !numberAt(name, layers + kLayers.size(), parsed.layer))
        return std::nullopt;
    parsed.begin = experts + kExperts.size();
    const auto end = numberAt(name, parsed.begin, parsed.expert);
    if (!end)
        return std::nullopt;
    parsed.end = *end;
    return parsed;
}

/// The name after the cut; nothing when the expert is gone. Blocks for further tokens, numbered behind the decoder's
/// layers, follow the last MoE layer.
std::optional<std::string> renamed(const std::string& name, const plan::Plan& plan)
{
    const auto parsed = parse(name);
    if (!parsed)
        return name;
    const auto layer = std::find_if(plan.layers.begin(), plan.layers.end(),
                                    [&](const auto& one) { return one.layer.value() >= parsed->layer; });
    const auto& keep = (layer == plan.layers.end() ? plan.layers.back() : *layer).keep;
    const auto kept = std::lower_bound(keep.begin(), keep.end(), parsed->expert);
    if (kept == keep.end() || *kept != parsed->expert)
        return std::nullopt;
    return fmt::format("{}{}{}", name.substr(0, parsed->begin), kept - keep.begin(), name.substr(parsed->end));
}

} // namespace

Result<void> renumberExpertNames(base::OrderedJson& block, const plan::Plan& plan, const std::string& file,
                                 const std::string& place)
{
    if (block.is_object()) {
        for (auto& [key, value] : block.items()) {
            if (parse(key))
                return badInput(fmt::format("settings of the single expert '{}' cannot be renumbered", key), file,
                                "key " + place, "Cut the model before it is quantised");
            ESPALIER_CHECK(renumberExpertNames(value, plan, file, place));
        }
        return {};
    }
    if (!block.is_array())
        return {};
    base::OrderedJson kept = base::OrderedJson::array();
    for (auto& item : block) {
        if (!item.is_string()) {
            ESPALIER_CHECK(renumberExpertNames(item, plan, file, place));
            kept.push_back(item);
        } else if (const auto name = renamed(item.get<std::string>(), plan)) {
            kept.push_back(*name);
        }
    }
    block = std::move(kept);
    return {};
}

std::optional<std::string> expertNameBeyond(const base::OrderedJson& block, std::int32_t experts)
{
    if (block.is_string()) {
        const auto parsed = parse(block.get_ref<const std::string&>());
        return parsed && parsed->expert >= experts ? std::optional(block.get<std::string>()) : std::nullopt;
    }
    if (!block.is_structured())
        return std::nullopt;
    for (const auto& [key, value] : block.items()) {
        const auto parsed = block.is_object() ? parse(key) : std::nullopt;
        if (parsed && parsed->expert >= experts)
            return key;
        if (auto beyond = expertNameBeyond(value, experts))
            return beyond;
    }
    return std::nullopt;
}

} // namespace espalier::bundle
