// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_items.h"

#include "core/base/hash.h"
#include "core/engine/domain_texts.h"
#include "core/method/search/random.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

/// Items of one document, which must not be divided.
using Documents = std::vector<std::vector<std::size_t>>;

Result<void> divide(SearchSet& set, Documents documents, std::uint64_t seed, std::uint64_t stream)
{
    if (documents.size() < 4)
        return badInput(fmt::format("{} has {} documents; a search needs some to search with, some to choose by and "
                                    "some to judge by",
                                    set.name, documents.size()),
                        {}, {}, "Give at least four");
    method::Random random(seed, stream);
    random.shuffle(documents);
    const std::size_t dev = documents.size() / 4, test = documents.size() / 4;
    for (std::size_t d = 0; d < documents.size(); ++d) {
        const ItemPart which = d < dev ? ItemPart::Dev : d < dev + test ? ItemPart::Test : ItemPart::Train;
        auto& into = set.split[static_cast<std::size_t>(which)];
        into.insert(into.end(), documents[d].begin(), documents[d].end());
    }
    return {};
}

SearchSet textSet(DomainTexts texts, Documents& documents)
{
    SearchSet set;
    set.name = std::move(texts.name);
    std::int32_t last = -1;
    for (auto& window : texts.windows) {
        if (window.ids.size() < 2)
            continue;
        if (documents.empty() || window.document != last)
            documents.emplace_back();
        last = window.document;
        documents.back().push_back(set.endings.size());
        set.endings.push_back({std::move(window.ids), 1});
    }
    return set;
}

Result<SearchSet> taskSet(Task task, const tokenizer::Tokenizer& tokenizer, Documents& documents)
{
    SearchSet set;
    set.name = task.name;
    for (const ChoiceItem& item : task.choices)
        set.endings.push_back(item.endings[item.gold]);
    for (const TaskItem& item : task.items) {
        // The end of the line may be one token with what stands before it, as it is when the answer is generated. A
        // token of its own says nothing about the answer: models end answers in different ways.
        ESPALIER_TRY(auto answer, tokenizer.encode(item.expected + "\n"));
        if (!answer.empty() && tokenizer.decode(std::span(answer).last(1), true) == "\n")
            answer.pop_back();
        if (answer.empty())
            return badInput("an answer is empty", {}, task.name);
        Ending ending{item.ids, item.ids.size()};
        ending.ids.insert(ending.ids.end(), answer.begin(), answer.end());
        set.endings.push_back(std::move(ending));
    }
    for (std::size_t i = 0; i < set.endings.size(); ++i)
        documents.push_back({i});
    set.task = std::move(task);
    return set;
}

} // namespace

std::vector<std::size_t> SearchSet::part(ItemPart which, double share) const
{
    const auto& all = split[static_cast<std::size_t>(which)];
    const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size())));
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(count, 1, all.size()))};
}

bool SearchData::onlyTasks() const
{
    return std::all_of(sets.begin(), sets.end(), [](const SearchSet& set) { return set.task.has_value(); });
}

Result<SearchData> readSearchData(const ValidateRequest& request, const tokenizer::Tokenizer& tokenizer,
                                  const model::ModelSpec& spec, std::uint64_t seed)
{
    SearchData data;
    data.description = base::OrderedJson::array();
    if (request.texts.empty() && request.tasks.empty())
        return usageError("nothing to search on", "Give at least one --task or --text");
    ESPALIER_TRY(const auto context, usableContext(spec, request.context));
    ESPALIER_TRY(auto texts, readDomainTexts(request.texts, tokenizer, spec, context, request.maxTokens));
    ESPALIER_TRY(auto tasks, readTasks(request, tokenizer, spec));
    for (auto& text : texts) {
        Documents documents;
        auto set = textSet(std::move(text), documents);
        ESPALIER_CHECK(divide(set, std::move(documents), seed, data.sets.size()));
        data.sets.push_back(std::move(set));
    }
    for (auto& task : tasks) {
        Documents documents;
        ESPALIER_TRY(auto set, taskSet(std::move(task), tokenizer, documents));
        ESPALIER_CHECK(divide(set, std::move(documents), seed, data.sets.size()));
        data.sets.push_back(std::move(set));
    }
    for (const auto* files : {&request.texts, &request.tasks})
        for (const auto& file : *files) {
            ESPALIER_TRY(const auto hash, base::sha256File(file.path));
            data.description.push_back({{"kind", files == &request.texts ? "text" : "task"},
                                        {"name", file.name},
                                        {"file", file.path.filename().string()},
                                        {"sha256", hash}});
        }
    return data;
}

} // namespace espalier::engine
