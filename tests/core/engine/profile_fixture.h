// SPDX-License-Identifier: Apache-2.0
// A tiny model with a real tokenizer and two domains of made-up texts, and comparison of studies to the bit.
#pragma once

#include "core/engine/profile_job.h"
#include "core/study/study.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTest>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <random>
#include <string>

namespace espalier::test {

namespace fs = std::filesystem;

inline void writeModelWithTokenizer(const fs::path& folder)
{
    TinyOptions options;
    options.vocabulary = 2048; // of the tokenizer
    writeTinyCheckpoint(folder, options);
    fs::copy_file(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model/tokenizer.json", folder / "tokenizer.json");
}

inline void writeTexts(const fs::path& file, unsigned seed, int documents)
{
    std::mt19937 random(seed);
    std::string text;
    for (int d = 0; d < documents; ++d) {
        base::OrderedJson line;
        std::string words;
        const auto count = 5 + random() % 60;
        for (auto w = count; w > 0; --w)
            words += fmt::format("{}{} ", static_cast<char>('a' + random() % 26), random() % 1000);
        line["text"] = words;
        text += line.dump() + "\n";
    }
    writeText(file, text);
}

/// Settings of small groups, so that a run has many commits.
inline engine::ProfileRequest smallRequest(const fs::path& texts)
{
    engine::ProfileRequest request;
    request.data = {{"words", texts / "words.jsonl"}, {"numbers", texts / "numbers.jsonl"}};
    request.context = 48;
    request.groupTokens = 256;
    request.engine.compute = engine::ComputeType::Float32;
    request.engine.threads = 1;
    request.statistics = *stats::StatSelection::parse("all,S5,samples");
    request.sampleTokens = 150;
    return request;
}

template <typename Numbers>
bool sameBits(const Numbers& a, const Numbers& b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0);
}

/// Empty when all arrays of all domains are the same to the bit, else what differs first.
inline std::string firstDifference(const stats::Statistics& a, const stats::Statistics& b)
{
    if (a.domains.size() != b.domains.size() || a.context != b.context ||
        a.tokenizerFingerprint != b.tokenizerFingerprint || a.modelFingerprint != b.modelFingerprint)
        return "domains, context or fingerprints";
    for (const auto& domain : a.domains) {
        const auto* other = b.find(domain.name);
        if (other == nullptr || other->tokens != domain.tokens || other->windows != domain.windows ||
            other->documents != domain.documents || other->dataSha256 != domain.dataSha256 ||
            other->layers.size() != domain.layers.size())
            return "counts of domain " + domain.name;
        if (other->samples != domain.samples)
            return "rows of tokens of domain " + domain.name;
        for (std::size_t l = 0; l < domain.layers.size(); ++l) {
            const auto &mine = domain.layers[l], &theirs = other->layers[l];
            if (mine.tokens() != theirs.tokens() || !sameBits(mine.pool().ids, theirs.pool().ids) ||
                !sameBits(mine.pool().logits, theirs.pool().logits))
                return fmt::format("pool of {} layer {}", domain.name, l);
            if (mine.coalitions() != theirs.coalitions() || mine.samples() != theirs.samples())
                return fmt::format("sets or rows of tokens of {} layer {}", domain.name, l);
            for (const auto& info : stats::statInfos())
                if (!sameBits(mine[info.stat], theirs[info.stat]))
                    return fmt::format("{} of {} layer {}", info.id, domain.name, l);
        }
    }
    return {};
}

inline stats::Statistics load(const fs::path& study)
{
    auto file = study::Study::open(study, study::OpenMode::ReadOnly);
    if (!file)
        throw std::runtime_error(file.error().text());
    auto statistics = file->loadStatistics(study::Pools::LoadSamples);
    if (!statistics)
        throw std::runtime_error(statistics.error().text());
    return *statistics;
}

} // namespace espalier::test

#define QVERIFY_RESULT(result) QVERIFY2((result).ok(), (result).ok() ? "" : (result).error().text().c_str())
