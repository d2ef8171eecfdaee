// SPDX-License-Identifier: Apache-2.0
// What plans are worth on the items of a search: the rungs of its ladder, cheap ones first. Larger is better.
#pragma once

#include "core/engine/search_items.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

enum class Measure : std::uint8_t {
    Likelihood, ///< mean log p of the items' tokens, nats
    Kl,         ///< less the mean KL(model || plan) at them, nats
    Acceptance, ///< mean of sum over v of min(p, q) at them (EvoESAP)
    Accuracy    ///< share of the tasks' items answered right
};
[[nodiscard]] const char* measureName(Measure measure);
/// "likelihood,kl,accuracy"; Usage error for others and for an empty list.
[[nodiscard]] Result<std::vector<Measure>> parseMeasures(const std::string& text);

/// One plan on one set.
struct SetFigures {
    std::int64_t items = 0, tokens = 0;
    double likelihood = 0, kl = 0, acceptance = 0;
    std::optional<double> accuracy;
    std::vector<bool> right; ///< per item of a task, for paired tests
};

/// Measures with one engine; the parts of a model that candidates share are computed once for all of them.
class SearchMeter {
public:
    /// Everything must outlive the meter.
    SearchMeter(const model::OpenModel& model, Engine& engine, const tokenizer::Tokenizer& tokenizer,
                const SearchData& data, std::int32_t maxAnswer)
        : m_model(model), m_engine(engine), m_tokenizer(tokenizer), m_data(data), m_maxAnswer(maxAnswer)
    {
    }

    /// One number per plan: the mean over the sets, of each the first `share` of its split. Accuracy leaves texts out.
    [[nodiscard]] Result<std::vector<double>> values(std::span<const PlanPointer> plans, Measure measure,
                                                     ItemPart split, double share, const base::JobContext& job);
    /// [plan][set], everything there is to say of the whole split.
    [[nodiscard]] Result<std::vector<std::vector<SetFigures>>> figures(std::span<const PlanPointer> plans,
                                                                       ItemPart split, const base::JobContext& job);
    [[nodiscard]] const std::string& setName(std::size_t set) const { return m_data.sets[set].name; }
    /// Plans measured so far, times the items.
    [[nodiscard]] std::int64_t itemsMeasured() const { return m_items; }

private:
    [[nodiscard]] Result<std::vector<std::vector<bool>>> right(std::span<const PlanPointer> plans, const SearchSet& set,
                                                               std::span<const std::size_t> items,
                                                               const base::JobContext& job);

    const model::OpenModel& m_model;
    Engine& m_engine;
    const tokenizer::Tokenizer& m_tokenizer;
    const SearchData& m_data;
    std::int32_t m_maxAnswer;
    std::int64_t m_items = 0;
};

} // namespace espalier::engine
