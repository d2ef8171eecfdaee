// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/answers.h"

#include <algorithm>
#include <utility>

namespace espalier::engine {

void Answers::start(const Streams& streams, std::size_t begin, std::size_t end)
{
    m_live.clear();
    for (std::int64_t stream = 0; stream < streams.count(); ++stream)
        for (std::size_t prompt = begin; prompt < end; ++prompt) {
            AnswerRow row;
            row.stream = stream;
            row.prompt = prompt;
            row.place = m_live.size();
            row.position = static_cast<std::int32_t>(m_request.prompts[prompt].size()) - 1;
            for (std::size_t variant = 0; variant < m_request.variants.size(); ++variant)
                if (streams.ofVariant(variant) == stream)
                    row.open.push_back(variant);
            m_live.push_back(std::move(row));
        }
}

void Answers::close(std::size_t variant, const AnswerRow& row)
{
    m_into[variant][row.prompt] = row.ids;
    ++m_ended;
}

void Answers::take(AnswerRow& row, TokenId id)
{
    const auto closeAll = [&] {
        for (const std::size_t variant : row.open)
            close(variant, row);
        row.open.clear();
    };
    if (std::find(m_request.stopTokens.begin(), m_request.stopTokens.end(), id) != m_request.stopTokens.end())
        return closeAll();
    row.ids.push_back(id);
    ++row.position;
    if (m_request.stop)
        std::erase_if(row.open, [&](std::size_t variant) {
            const bool ends = m_request.stop(variant, row.prompt, row.ids);
            if (ends)
                close(variant, row);
            return ends;
        });
    if (std::cmp_greater_equal(row.ids.size(), m_request.maxTokens) || row.position + 1 >= m_maxPositions)
        closeAll();
}

void Answers::advance(const std::vector<TokenId>& next)
{
    for (std::size_t i = 0; i < m_live.size(); ++i)
        take(m_live[i], next[i]);
    std::erase_if(m_live, [](const AnswerRow& row) { return row.open.empty(); });
}

} // namespace espalier::engine
