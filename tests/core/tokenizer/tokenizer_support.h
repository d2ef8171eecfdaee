// SPDX-License-Identifier: Apache-2.0
// JSON of the oracle, read without the limits of untrusted files.
#pragma once

#include "core/base/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/oracle.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace espalier::test {

namespace fs = std::filesystem;

inline std::string bytesOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline base::OrderedJson jsonOf(const fs::path& file)
{
    return base::OrderedJson::parse(bytesOf(file));
}

inline std::string shown(const std::vector<tokenizer::TokenId>& ids)
{
    std::string out;
    for (const auto id : ids)
        out += fmt::format("{} ", id);
    return out;
}

/// Empty when ids of all texts are equal, else the first text that differs and both ids.
inline std::string firstDifference(const tokenizer::Tokenizer& tokenizer, const base::OrderedJson& cases,
                                   const char* key, bool specialTokens)
{
    for (std::size_t i = 0; i < cases["texts"].size(); ++i) {
        const auto text = cases["texts"][i].get<std::string>();
        const auto wanted = cases[key][i].get<std::vector<tokenizer::TokenId>>();
        const auto ids = tokenizer.encode(text, specialTokens);
        if (!ids)
            return ids.error().text();
        if (*ids != wanted)
            return fmt::format("text {} ({}):\n  ours   {}\n  theirs {}", i, base::OrderedJson(text).dump(),
                               shown(*ids), shown(wanted));
    }
    return {};
}

} // namespace espalier::test

/// Evaluates the expression once.
#define QVERIFY_RESULT(expression)                                                                                     \
    do {                                                                                                               \
        const auto& checkedResult = (expression);                                                                      \
        QVERIFY2(checkedResult.ok(), checkedResult.ok() ? "" : checkedResult.error().text().c_str());                  \
    } while (false)
