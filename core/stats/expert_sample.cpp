// SPDX-License-Identifier: Apache-2.0
// What the tokens of a sample say about one expert.
#include "core/stats/routing_sample.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace espalier::stats {

ExpertSample expertSample(const RoutingSample& sample, std::size_t layer, std::int32_t expert, std::size_t kinds,
                          std::size_t occurrences)
{
    ExpertSample found;
    found.tokens = sample.tokens();
    std::map<std::string, TakenToken> byText;
    std::vector<Occurrence> all;
    const auto k = static_cast<std::size_t>(sample.topK);
    for (std::size_t t = 0; t < sample.texts.size(); ++t) {
        const SampleText& text = sample.texts[t];
        for (std::size_t i = 0; i < text.tokens.size(); ++i) {
            TakenToken& kind = byText[text.tokens[i]];
            ++kind.seen;
            for (std::size_t j = 0; j < k; ++j) {
                const float gate = text.gates[layer][i * k + j];
                if (text.experts[layer][i * k + j] != expert || gate == 0)
                    continue;
                ++kind.taken;
                ++found.taken;
                all.push_back({t, i, gate});
                break;
            }
        }
    }
    for (auto& [text, kind] : byText)
        if (kind.taken > 0 && !text.empty()) // bytes inside a character say nothing alone
            found.kinds.push_back({text, kind.taken, kind.seen});
    std::stable_sort(found.kinds.begin(), found.kinds.end(), [](const TakenToken& a, const TakenToken& b) {
        // taken / seen compared without division
        return std::tuple(-a.taken, -a.taken * b.seen) < std::tuple(-b.taken, -b.taken * a.seen);
    });
    if (found.kinds.size() > kinds)
        found.kinds.resize(kinds);
    std::stable_sort(all.begin(), all.end(), [](const Occurrence& a, const Occurrence& b) { return a.gate > b.gate; });
    std::set<std::string_view> shown; // the same word ten times tells less than ten words
    for (const Occurrence& place : all) {
        if (found.strongest.size() == occurrences)
            break;
        const std::string& text = sample.texts[place.text].tokens[place.token];
        if (!text.empty() && shown.insert(text).second)
            found.strongest.push_back(place);
    }
    return found;
}

} // namespace espalier::stats
