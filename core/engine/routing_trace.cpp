// SPDX-License-Identifier: Apache-2.0
#include "core/engine/routing_trace.h"

#include "core/base/file.h"

namespace espalier::engine {

namespace {

constexpr const char* kNoCharacter = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::size_t kLongestCharacter = 4;

/// Takes the whole characters from the front of `bytes`; bytes that begin none are replaced.
std::string takeCharacters(std::string& bytes)
{
    std::string out;
    std::size_t good = bytes.size();
    while (!base::isUtf8(bytes, &good)) {
        out += bytes.substr(0, good);
        bytes.erase(0, good);
        if (bytes.size() < kLongestCharacter && (static_cast<unsigned char>(bytes.front()) & 0xC0U) == 0xC0U)
            return out; // the rest may come
        out += kNoCharacter;
        bytes.erase(0, 1);
        good = bytes.size();
    }
    out += bytes;
    bytes.clear();
    return out;
}

} // namespace

std::vector<std::string> tokenTexts(const tokenizer::Tokenizer& tokenizer, std::span<const TokenId> ids)
{
    std::vector<std::string> texts;
    std::string rest;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        rest += tokenizer.decode(ids.subspan(i, 1), false,
                                 i == 0 ? tokenizer::DecodeAt::Start : tokenizer::DecodeAt::Inside);
        texts.push_back(takeCharacters(rest));
    }
    if (!rest.empty() && !texts.empty())
        texts.back() += kNoCharacter;
    return texts;
}

Result<stats::RoutingSample> sampleRouting(Engine& engine, const model::OpenModel& model,
                                           const tokenizer::Tokenizer& tokenizer, std::span<const DomainTexts> domains,
                                           std::span<const LayerIndex> layers, PlanPointer plan,
                                           const base::JobContext& job)
{
    stats::RoutingSample sample;
    sample.fingerprint = model.summary.fingerprint;
    sample.model = model.summary.name;
    sample.plan = plan == nullptr ? std::string() : plan->name.empty() ? "plan" : plan->name;
    sample.experts = model.summary.experts;
    sample.topK = model.summary.topK;
    sample.layers.assign(layers.begin(), layers.end());
    std::vector<TokenSequence> sequences;
    for (const DomainTexts& domain : domains)
        for (const tokenizer::Window& window : domain.windows) {
            stats::SampleText text;
            text.domain = domain.name;
            text.document = window.document;
            text.tokens = tokenTexts(tokenizer, window.ids);
            sample.texts.push_back(std::move(text));
            sequences.push_back(window.ids);
        }
    ESPALIER_TRY(auto traced, engine.trace(sequences, plan, job));
    for (std::size_t t = 0; t < traced.size(); ++t)
        for (const LayerIndex layer : layers) {
            RoutedTokens& routed = traced[t][static_cast<std::size_t>(model.summary.moePosition(layer))];
            sample.texts[t].experts.push_back(std::move(routed.ids));
            sample.texts[t].gates.push_back(std::move(routed.gates));
        }
    return sample;
}

} // namespace espalier::engine
