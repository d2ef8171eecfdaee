// SPDX-License-Identifier: Apache-2.0
#include "core/method/mixing.h"

namespace espalier::method {

ExpertMixing ExpertMixing::selection(std::span<const std::int32_t> keep, std::int32_t experts)
{
    ExpertMixing mixing;
    mixing.kept = static_cast<std::int32_t>(keep.size());
    mixing.experts = experts;
    mixing.merge.assign(keep.size() * static_cast<std::size_t>(experts), 0.0F);
    for (std::size_t row = 0; row < keep.size(); ++row)
        mixing.merge[row * static_cast<std::size_t>(experts) + static_cast<std::size_t>(keep[row])] = 1.0F;
    mixing.router = mixing.merge;
    return mixing;
}

bool ExpertMixing::selects(std::span<const std::int32_t> keep) const
{
    if (keep.size() != static_cast<std::size_t>(kept))
        return false;
    for (std::size_t row = 0; row < keep.size(); ++row)
        if (copied(mergeRow(row)) != keep[row] || copied(routerRow(row)) != keep[row])
            return false;
    return true;
}

std::int32_t ExpertMixing::copied(std::span<const float> row)
{
    std::int32_t found = -1;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] == 0.0F)
            continue;
        if (row[i] != 1.0F || found >= 0)
            return -1;
        found = static_cast<std::int32_t>(i);
    }
    return found;
}

} // namespace espalier::method
