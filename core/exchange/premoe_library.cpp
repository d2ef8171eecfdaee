// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/premoe_library.h"

#include "core/base/file.h"
#include "core/exchange/plan_parts.h"
#include "core/exchange/torch_file.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace espalier::exchange {
namespace {

template <typename Number>
void append(std::string& bytes, Number value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::vector<std::int32_t> rankingOf(const std::vector<double>& scores)
{
    method::LayerScores layer;
    for (const double score : scores)
        layer.experts.push_back({score, 0, 0});
    return method::rankExperts(layer);
}

/// TCESS of the first layer, as the index holds it.
std::vector<float> keyOf(const method::PatternLibrary& library, const method::Pattern& pattern)
{
    const auto& key = library.key == method::PatternKey::Tcess ? pattern.signature.front() : pattern.scores.front();
    std::vector<float> row;
    for (const double score : key)
        row.push_back(static_cast<float>(score));
    return row;
}

/// Flat L2 index: width, rows, two unused numbers, trained, metric 1 = L2, count of floats, floats.
std::string indexOf(const method::PatternLibrary& library)
{
    std::string bytes = "IxF2";
    append(bytes, library.experts);
    append(bytes, static_cast<std::int64_t>(library.patterns.size()));
    append(bytes, std::int64_t{1} << 20);
    append(bytes, std::int64_t{1} << 20);
    bytes.push_back(1);
    append(bytes, std::int32_t{1});
    append(bytes, static_cast<std::uint64_t>(library.patterns.size()) * static_cast<std::uint64_t>(library.experts));
    for (const auto& pattern : library.patterns)
        for (const float score : keyOf(library, pattern))
            append(bytes, score);
    return bytes;
}

} // namespace

Result<method::PatternLibrary> readPremoeLibrary(const std::filesystem::path& index,
                                                 const std::filesystem::path& tensor,
                                                 std::span<const std::string> names, const model::ModelSummary& model)
{
    ESPALIER_TRY(const auto tasks, premoeTasks(index));
    method::PatternLibrary library;
    library.fingerprint = model.fingerprint;
    library.family = model.family;
    library.method = "tcess";
    library.key = method::PatternKey::Tcess;
    library.source = index.filename().string();
    library.experts = model.experts;
    library.topK = model.topK;
    library.signatureLayers = 1;
    for (const auto& layer : model.moeLayers)
        library.layers.push_back(layer.layer);
    const auto experts = static_cast<std::size_t>(model.experts);
    library.generalist.name = "generalist";
    library.generalist.scores.assign(model.moeLayers.size(), std::vector<double>(experts, 0.0));
    for (std::int64_t task = 0; task < tasks; ++task) {
        ESPALIER_TRY(const auto orders, readPremoeOrders(index, tensor, task, model));
        auto& pattern = library.patterns.emplace_back();
        const auto number = static_cast<std::size_t>(task);
        pattern.name = number < names.size() ? names[number] : fmt::format("task {}", task);
        pattern.signature = {{orders.first.begin(), orders.first.end()}};
        for (const auto& order : orders.order) {
            auto& scores = pattern.scores.emplace_back(experts, 0.0);
            for (std::size_t rank = 0; rank < experts; ++rank)
                scores[static_cast<std::size_t>(order[rank])] = static_cast<double>(experts - rank);
        }
        for (std::size_t l = 0; l < pattern.scores.size(); ++l)
            for (std::size_t e = 0; e < experts; ++e)
                library.generalist.scores[l][e] += pattern.scores[l][e] / static_cast<double>(tasks);
    }
    library.generalist.signature = {std::vector<double>(experts, 0.0)};
    for (const auto& pattern : library.patterns)
        for (std::size_t e = 0; e < experts; ++e)
            library.generalist.signature.front()[e] += pattern.signature.front()[e] / static_cast<double>(tasks);
    return library;
}

Result<void> writePremoeLibrary(const method::PatternLibrary& library, const std::filesystem::path& index,
                                const std::filesystem::path& tensor)
{
    if (library.method != "tcess")
        return usageError(
            fmt::format("the library's scores are {}, PreMoe compares prompts with tcess", library.method),
            "Build it with --method tcess");
    std::vector<std::int64_t> orders;
    for (const auto& pattern : library.patterns) {
        const auto key = keyOf(library, pattern); // ranked as a reader of the file will
        const auto first = rankingOf({key.begin(), key.end()});
        for (std::size_t l = 1; l < pattern.scores.size(); ++l) {
            const auto order = rankingOf(pattern.scores[l]);
            std::vector<std::int64_t> entry(order.size());
            for (std::size_t rank = 0; rank < order.size(); ++rank)
                entry[static_cast<std::size_t>(first[rank])] = order[rank];
            orders.insert(orders.end(), entry.begin(), entry.end());
        }
    }
    ESPALIER_CHECK(base::writeFileAtomically(index, indexOf(library)));
    return writeTorchTensor(tensor,
                            {static_cast<std::int64_t>(library.patterns.size()),
                             static_cast<std::int64_t>(library.layers.size()) - 1, library.experts},
                            orders);
}

} // namespace espalier::exchange
