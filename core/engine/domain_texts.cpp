// SPDX-License-Identifier: Apache-2.0
#include "core/engine/domain_texts.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace espalier::engine {

std::string DomainTexts::joinedSha256() const
{
    return fmt::format("{}", fmt::join(sha256, ","));
}

Result<std::int64_t> usableContext(const model::ModelSpec& spec, std::int64_t context)
{
    if (context < 1)
        return usageError(fmt::format("a context of {} tokens is impossible", context), "Use --context 256 or more");
    return spec.maxPositions > 0 ? std::min<std::int64_t>(context, spec.maxPositions) : context;
}

Result<std::vector<DomainTexts>> readDomainTexts(std::span<const tokenizer::DataFile> files,
                                                 const tokenizer::Tokenizer& tokenizer, const model::ModelSpec& spec,
                                                 std::int64_t context, TokenCount maxTokens)
{
    std::vector<DomainTexts> domains;
    for (const auto& file : files) {
        ESPALIER_TRY(const auto data, tokenizer::readDocuments(file));
        auto domain = std::find_if(domains.begin(), domains.end(), [&](const auto& d) { return d.name == file.name; });
        if (domain == domains.end())
            domain = domains.insert(domain, DomainTexts{file.name, {}, {}, 0});
        const auto documentsBefore = domain->windows.empty() ? 0 : domain->windows.back().document + 1;
        domain->sha256.push_back(data.sha256);
        if (maxTokens.value() > 0 && domain->tokens >= maxTokens.value())
            continue;
        const TokenCount left(maxTokens.value() > 0 ? maxTokens.value() - domain->tokens : 0);
        ESPALIER_TRY(auto windows, tokenizer::cutIntoWindows(data, tokenizer, context, left));
        for (auto& window : windows) {
            for (const auto id : window.ids)
                if (id < 0 || id >= spec.vocabulary)
                    return badInput(fmt::format("the tokenizer gives token {} where the model knows {} tokens", id,
                                                spec.vocabulary),
                                    file.path.string(), {}, "Check that tokenizer.json belongs to the model");
            domain->tokens += static_cast<std::int64_t>(window.ids.size());
            window.document += documentsBefore;
            domain->windows.push_back(std::move(window));
        }
    }
    for (const auto& domain : domains)
        if (domain.tokens == 0) {
            const auto file =
                std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == domain.name; });
            return badInput(fmt::format("the texts of {} hold no token", domain.name), file->path.string());
        }
    return domains;
}

base::OrderedJson describeData(std::span<const tokenizer::DataFile> files, std::span<const DomainTexts> domains)
{
    base::OrderedJson all = base::OrderedJson::array();
    std::map<std::string, std::size_t> seen;
    for (const auto& file : files)
        for (const auto& domain : domains)
            if (domain.name == file.name)
                all.push_back({{"domain", file.name},
                               {"file", file.path.string()},
                               {"sha256", domain.sha256[seen[file.name]++]}});
    return all;
}

} // namespace espalier::engine
