// SPDX-License-Identifier: Apache-2.0
// EvoESAP (arXiv 2603.06003): how many experts each layer keeps, by evolution on measured candidates. Inside a layer
// the order of a score decides; a change moves experts from one layer's count to another's, so that the total stays.
// The measure meant for it is the expected acceptance of speculative sampling, sum over v of min(p_base(v), p_cut(v)).
#pragma once

#include "core/method/search/random.h"
#include "core/method/search/search.h"

#include <set>

namespace espalier::method {

struct EvoEsapSettings {
    std::vector<std::vector<std::int32_t>> order; ///< per MoE layer: all ids, best first
    std::vector<std::int32_t> lowest, highest;    ///< bounds of the counts
    std::int32_t step = 1;                        ///< counts are multiples of it (equal survivors per router group)
    std::int64_t total = 0;
    std::uint64_t seed = 0;
    std::int32_t population = 32, generations = 50, elite = 4;
    std::int32_t switches = 3, moved = 4;         ///< most exchanges of a change, most steps in one
    std::vector<std::vector<std::int32_t>> seeds; ///< counts to begin with, of other allocators
};

class EvoEsapSearch : public Optimiser {
public:
    explicit EvoEsapSearch(EvoEsapSettings settings);

    [[nodiscard]] std::vector<Candidate> ask() override;
    void tell(std::span<const Fitness> found) override;
    [[nodiscard]] std::vector<std::size_t> best(std::size_t count, bool stock) const override;
    [[nodiscard]] Candidate candidate(std::size_t number) const override;
    [[nodiscard]] const Fitness& fitness(std::size_t number) const override { return m_fitness[number]; }
    [[nodiscard]] std::size_t count() const override { return m_archive.size(); }
    [[nodiscard]] const char* phase() const override { return "evolving counts"; }
    [[nodiscard]] double done() const override;

    /// The four shapes that the paper begins with: even, rising, falling, most in the middle; of this total as far as
    /// the bounds allow.
    [[nodiscard]] static std::vector<std::vector<std::int32_t>> shapes(const EvoEsapSettings& settings);

private:
    using Counts = std::vector<std::int32_t>;
    [[nodiscard]] Counts changed(Counts counts, Random& random) const;

    EvoEsapSettings m_settings;
    std::int32_t m_generation = 0;
    std::vector<Counts> m_archive;
    std::vector<Fitness> m_fitness;
    std::vector<std::size_t> m_population; ///< archive numbers, best first
    std::set<Counts> m_known;
};

} // namespace espalier::method
