// SPDX-License-Identifier: Apache-2.0
// What the three layouts share.
#include "core/checkpoint/quant/int_groups.h"

#include "core/checkpoint/quant/int_words.h"

namespace espalier::checkpoint {

bool groupsInRange(const IntGroups& weight)
{
    if (weight.groupOf.empty()) {
        const std::int64_t size = groupSizeOf(weight);
        return size > 0 && (weight.columns + size - 1) / size <= weight.groups;
    }
    for (std::int64_t column = 0; column < weight.columns; ++column) {
        const auto group = static_cast<std::int32_t>(wordAt(weight.groupOf, column));
        if (group < 0 || group >= weight.groups)
            return false;
    }
    return true;
}

} // namespace espalier::checkpoint
