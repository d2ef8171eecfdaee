// SPDX-License-Identifier: Apache-2.0
// Studies made up for tests, and comparison of statistics to the bit.
#pragma once

#include "core/study/study.h"
#include "tests/core/method/synthetic.h"
#include "tests/support/made_up_model.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

/// Evaluates the expression once.
#define QVERIFY_RESULT(expression)                                                                                     \
    do {                                                                                                               \
        const auto& checkedResult = (expression);                                                                      \
        QVERIFY2(checkedResult.ok(), checkedResult.ok() ? "" : checkedResult.error().text().c_str());                  \
    } while (false)
/// The expression failed with this exit code and its message, place or file holds `says`.
#define QVERIFY_ERROR(expression, exitCode, says)                                                                      \
    do {                                                                                                               \
        const auto checkedRefusal = (expression);                                                                      \
        QVERIFY2(!checkedRefusal.ok(), "was accepted: " #expression);                                                  \
        QVERIFY2(static_cast<int>(checkedRefusal.error().code) == (exitCode), checkedRefusal.error().text().c_str());  \
        QVERIFY2(checkedRefusal.error().text().find(says) != std::string::npos,                                        \
                 checkedRefusal.error().text().c_str());                                                               \
    } while (false)

namespace espalier::test {

namespace fs = std::filesystem;

inline constexpr int kLayers = 3, kExperts = 6, kTopK = 2;

/// One domain measured on the made-up model.
inline stats::DomainStats domainOf(const std::string& name, std::uint64_t seed, int tokens = 40)
{
    auto domain = sumTokens(makeTokens(name, kLayers, tokens, kExperts, kTopK, seed), kTopK, 1);
    for (auto& layer : domain.layers)
        layer.editPool().k = kTopK;
    domain.windows = tokens / 8;
    domain.documents = 3;
    domain.dataSha256 = "ab" + std::to_string(seed);
    return domain;
}

template <typename Numbers>
bool sameBits(const Numbers& a, const Numbers& b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0);
}

/// Empty when both are the same to the bit, else what differs first.
inline std::string difference(const stats::DomainStats& a, const stats::DomainStats& b)
{
    if (a.name != b.name || a.tokens != b.tokens || a.windows != b.windows || a.documents != b.documents ||
        a.dataSha256 != b.dataSha256 || a.layers.size() != b.layers.size())
        return "counts of " + a.name;
    if (a.samples != b.samples)
        return "rows of tokens of " + a.name;
    for (std::size_t l = 0; l < a.layers.size(); ++l) {
        const auto &x = a.layers[l], &y = b.layers[l];
        if (x.layer() != y.layer() || x.tokens() != y.tokens() || x.topology() != y.topology())
            return fmt::format("head of layer {}", l);
        if (x.pool().k != y.pool().k || !sameBits(x.pool().logits, y.pool().logits) ||
            !sameBits(x.pool().ids, y.pool().ids))
            return fmt::format("pool of layer {}", l);
        if (x.coalitions() != y.coalitions() || x.samples() != y.samples())
            return fmt::format("sets or rows of tokens of layer {}", l);
        for (const auto& info : stats::statInfos())
            if (!sameBits(x[info.stat], y[info.stat]))
                return fmt::format("{} of layer {}", info.id, l);
    }
    return {};
}

inline std::string difference(const stats::Statistics& a, const std::vector<stats::DomainStats>& wanted)
{
    if (a.domains.size() != wanted.size())
        return fmt::format("{} domains instead of {}", a.domains.size(), wanted.size());
    for (std::size_t d = 0; d < wanted.size(); ++d)
        if (auto text = difference(a.domains[d], wanted[d]); !text.empty())
            return text;
    return {};
}

inline base::OrderedJson runSettings(const std::string& key = "key")
{
    return {{"resume_key", key}, {"context", 64}, {"tokenizer_fingerprint", "tok"}};
}

/// A study with one finished run of these domains.
inline void makeStudy(const fs::path& file, const std::vector<stats::DomainStats>& domains,
                      const model::ModelSummary& model = madeUpModel(kLayers, kExperts, kTopK))
{
    const auto check = [](const auto& result) {
        if (!result)
            throw std::runtime_error(result.error().text());
    };
    auto study = study::Study::create(file, model);
    check(study);
    const auto run = study->beginRun(runSettings(), static_cast<std::int64_t>(domains.size()));
    check(run);
    std::int64_t done = 0;
    for (const auto& domain : domains)
        check(study->commitProgress(*run, domain, ++done, 0.5));
    check(study->finishRun(*run, "finished"));
}

inline std::string bytesOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void writeBytes(const fs::path& file, const std::string& bytes)
{
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// What check() found wrong, "name: detail" joined.
inline std::string faults(const study::Study& study)
{
    const auto findings = study.check();
    if (!findings)
        return findings.error().text();
    std::string out;
    for (const auto& finding : *findings)
        if (!finding.ok)
            out += fmt::format("{}: {}\n", finding.name, finding.detail);
    return out;
}

} // namespace espalier::test
