// SPDX-License-Identifier: Apache-2.0
// Book-keeping of greedy generation: which answers are still being written, and when each ends.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/torch/streams.h"

#include <cstdint>
#include <vector>

namespace espalier::engine {

/// One row of the decoder: a prompt continued by one stream, for all variants of that stream.
struct AnswerRow {
    std::int64_t stream = 0;
    std::size_t prompt = 0;
    std::size_t place = 0;         ///< row of the KV cache
    std::int32_t position = 0;     ///< of the newest token
    TokenSequence ids;             ///< new tokens
    std::vector<std::size_t> open; ///< variants whose answer has not ended
};

class Answers {
public:
    /// `request` and `into` must outlive this. `into` has a place for every variant and prompt.
    Answers(const GenerateRequest& request, std::int32_t maxPositions, Generated& into)
        : m_request(request), m_maxPositions(maxPositions), m_into(into)
    {
    }

    /// A row for every stream and every prompt of [begin, end); position is that of the prompt's last token.
    void start(const Streams& streams, std::size_t begin, std::size_t end);
    /// One new token for each live row, in order; ended rows leave live().
    void advance(const std::vector<TokenId>& next);

    [[nodiscard]] const std::vector<AnswerRow>& live() const { return m_live; }
    /// Answers that have ended so far, all variants together.
    [[nodiscard]] std::size_t ended() const { return m_ended; }

private:
    void take(AnswerRow& row, TokenId id);
    void close(std::size_t variant, const AnswerRow& row);

    const GenerateRequest& m_request;
    std::int32_t m_maxPositions;
    Generated& m_into;
    std::vector<AnswerRow> m_live;
    std::size_t m_ended = 0;
};

} // namespace espalier::engine
