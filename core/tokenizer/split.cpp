// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/split.h"

#include <fmt/format.h>

namespace espalier::tokenizer {

Result<SplitBehavior> splitBehavior(const std::string& name, const std::string& file)
{
    if (name == "Removed")
        return SplitBehavior::Removed;
    if (name == "Isolated")
        return SplitBehavior::Isolated;
    if (name == "MergedWithPrevious")
        return SplitBehavior::MergedWithPrevious;
    if (name == "MergedWithNext")
        return SplitBehavior::MergedWithNext;
    if (name == "Contiguous")
        return SplitBehavior::Contiguous;
    return badInput(fmt::format("the split behavior '{}' is not supported", name), file, "pre_tokenizer");
}

std::vector<Pattern::Range> splitRanges(std::string_view text, const std::vector<Pattern::Range>& delimiters,
                                        SplitBehavior behavior, bool invert)
{
    struct Part {
        std::size_t begin, end;
        bool delimiter;
    };
    std::vector<Part> parts;
    std::size_t at = 0;
    for (const auto& d : delimiters) {
        if (d.begin > at)
            parts.push_back({at, d.begin, invert});
        parts.push_back({d.begin, d.end, !invert});
        at = d.end;
    }
    if (at < text.size())
        parts.push_back({at, text.size(), invert});

    std::vector<Pattern::Range> out;
    bool previous = false; // whether the part before was a delimiter
    switch (behavior) {
    case SplitBehavior::Isolated:
        for (const auto& p : parts)
            out.push_back({p.begin, p.end});
        break;
    case SplitBehavior::Removed:
        for (const auto& p : parts)
            if (!p.delimiter)
                out.push_back({p.begin, p.end});
        break;
    case SplitBehavior::Contiguous:
        for (const auto& p : parts) {
            if (!out.empty() && p.delimiter == previous)
                out.back().end = p.end;
            else
                out.push_back({p.begin, p.end});
            previous = p.delimiter;
        }
        break;
    case SplitBehavior::MergedWithPrevious:
        for (const auto& p : parts) {
            if (p.delimiter && !previous && !out.empty())
                out.back().end = p.end;
            else
                out.push_back({p.begin, p.end});
            previous = p.delimiter;
        }
        break;
    case SplitBehavior::MergedWithNext:
        for (const auto& p : parts) {
            if (!p.delimiter && previous)
                out.back().end = p.end;
            else
                out.push_back({p.begin, p.end});
            previous = p.delimiter;
        }
        break;
    }
    return out;
}

} // namespace espalier::tokenizer
