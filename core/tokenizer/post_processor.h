// SPDX-License-Identifier: Apache-2.0
// Tokens put around a text: the post-processors of tokenizer.json.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <string>
#include <vector>

namespace espalier::tokenizer {

struct PostProcessor {
    std::vector<TokenId> before, after;
    /// `json` may be null. BadInput names a component that is not implemented.
    [[nodiscard]] static Result<PostProcessor> fromJson(const base::OrderedJson& json, const std::string& file);
};

} // namespace espalier::tokenizer
