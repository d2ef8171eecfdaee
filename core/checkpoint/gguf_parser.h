// SPDX-License-Identifier: Apache-2.0
// Private to the room: one pass over the head of a GGUF file.
#pragma once

#include "core/checkpoint/gguf.h"

namespace espalier::checkpoint {

/// Bytes of one element of a metadata type with a fixed size, 0 for strings and arrays.
[[nodiscard]] std::uint64_t ggufWidth(GgufType type);

class GgufParser {
public:
    /// `head` may be the beginning only; see wantsMore().
    GgufParser(std::shared_ptr<const std::string> head, std::uint64_t fileBytes, const std::string& file);

    [[nodiscard]] Result<GgufHeader> parse();
    /// parse() failed because the header reaches beyond `head`, though not beyond the file.
    [[nodiscard]] bool wantsMore() const { return m_wantsMore; }

private:
    [[nodiscard]] Result<std::string_view> take(std::uint64_t bytes);
    [[nodiscard]] Result<std::uint64_t> number(std::uint64_t bytes);
    [[nodiscard]] Result<std::string_view> text(std::uint64_t longest, std::string_view what);
    [[nodiscard]] Result<GgufType> type(std::string_view key);
    [[nodiscard]] Result<void> value(GgufEntry& entry);
    [[nodiscard]] Result<void> metadata(std::uint64_t count);
    [[nodiscard]] Result<void> alignment();
    [[nodiscard]] Result<void> tensors(std::uint64_t count);
    [[nodiscard]] Result<TensorInfo> tensor();
    [[nodiscard]] Result<void> layOut();
    [[nodiscard]] Error error(std::string message, std::string place, std::string remedy = {}) const;

    std::shared_ptr<const std::string> m_head;
    std::string m_file;
    std::uint64_t m_at = 0;
    bool m_wantsMore = false;
    GgufHeader m_header;
};

} // namespace espalier::checkpoint
