// SPDX-License-Identifier: Apache-2.0
// The texts of a job, read and cut: files of one name are one domain, its windows in the order of files and lines.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/model_spec.h"
#include "core/tokenizer/documents.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

struct DomainTexts {
    std::string name;
    std::vector<std::string> sha256;        ///< one per file
    std::vector<tokenizer::Window> windows; ///< document counts on over the files of the domain
    std::int64_t tokens = 0;

    [[nodiscard]] std::string joinedSha256() const; ///< joined by ','
};

/// Positions a window may have: `context`, at most what the model knows. Usage error below 1.
[[nodiscard]] Result<std::int64_t> usableContext(const model::ModelSpec& spec, std::int64_t context);

/// Domains in order of first appearance. `maxTokens` per domain, 0 = all. BadInput when a domain gives no token or a
/// token that the model's vocabulary does not have (a tokenizer of another model).
[[nodiscard]] Result<std::vector<DomainTexts>> readDomainTexts(std::span<const tokenizer::DataFile> files,
                                                               const tokenizer::Tokenizer& tokenizer,
                                                               const model::ModelSpec& spec, std::int64_t context,
                                                               TokenCount maxTokens);

/// [{domain, file, sha256}, ...]: what a run says about its data.
[[nodiscard]] base::OrderedJson describeData(std::span<const tokenizer::DataFile> files,
                                             std::span<const DomainTexts> domains);

} // namespace espalier::engine
