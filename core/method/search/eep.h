// SPDX-License-Identifier: Apache-2.0
// EEP (Liu et al. 2024, arXiv 2407.00945, algorithm 1): which experts stay, by evolution with forward passes alone, one
// choice for each group of layers; then, from the best, how the dropped ones are mixed into those that stay and how the
// router's probabilities map to them.
//
// Rules and rates are the released program's, except where that departs from the paper or from its own purpose: groups
// of layers are what they are called (there all layers share one matrix); children cross over in both phases, as the
// paper has it; a row of both matrices comes from one parent, since a router's row means nothing without its expert;
// children that were measured already are drawn anew; ties go to the older candidate.
#pragma once

#include "core/method/search/random.h"
#include "core/method/search/search.h"

#include <set>

namespace espalier::method {

struct EepSettings {
    std::int32_t experts = 0, kept = 0;
    std::int32_t routerGroups = 1;    ///< every one of them keeps as many
    std::vector<std::size_t> groupOf; ///< per MoE layer, ascending from 0
    std::uint64_t seed = 0;
    std::int32_t initial = 30; ///< random candidates at the beginning, beside the given ones
    std::int32_t children = 8; ///< candidates of a generation, measured together
    std::int32_t pruning = 10; ///< generations of the first phase
    std::int32_t merging = 0;  ///< and of the second
    std::int32_t leastParents = 6;
    /// What one point of the released program's scores is on each rung: it mixes parents within 1 of the best and
    /// changes ones within 3.
    std::vector<double> point;
    double openGroup = 0.25, redrawRow = 0.15, changeElement = 0.25, sigma = 0.065;
    double crossover = 0.3, fromFirst = 0.6, normaliseRows = 0.1;
    /// [group][expert] how likely an expert is drawn in place of another, any positive numbers; empty = all alike, as
    /// the released program has it.
    std::vector<std::vector<double>> prior;
    /// Given candidates: [candidate][group] = ascending ids. Those that do not fit are left out.
    std::vector<std::vector<std::vector<std::int32_t>>> seeds;
};

class EepSearch : public Optimiser {
public:
    explicit EepSearch(EepSettings settings);

    [[nodiscard]] std::vector<Candidate> ask() override;
    void tell(std::span<const Fitness> found) override;
    [[nodiscard]] std::vector<std::size_t> best(std::size_t count, bool stock) const override;
    [[nodiscard]] Candidate candidate(std::size_t number) const override;
    [[nodiscard]] const Fitness& fitness(std::size_t number) const override { return m_fitness[number]; }
    [[nodiscard]] std::size_t count() const override { return m_archive.size(); }
    [[nodiscard]] const char* phase() const override;
    [[nodiscard]] double done() const override;

private:
    struct Group {
        std::vector<std::int32_t> keep;
        std::shared_ptr<const ExpertMixing> mixing;
    };
    using Individual = std::vector<Group>;

    [[nodiscard]] bool legal(const std::vector<std::int32_t>& keep) const;
    [[nodiscard]] std::int32_t routerGroupOf(std::int32_t expert) const;
    [[nodiscard]] Individual random(Random& random) const;
    [[nodiscard]] Individual childOf(Random& random) const;
    [[nodiscard]] Group crossed(const Group& a, const Group& b, Random& random) const;
    [[nodiscard]] Group pruned(const Group& parent, std::size_t group, Random& random) const;
    [[nodiscard]] Group mixed(const Group& parent, bool merge, bool router, Random& random) const;
    /// Archive numbers within so many points of the best, best first.
    [[nodiscard]] std::vector<std::size_t> parents(double points, std::size_t least) const;
    void forgetTheHopeless();

    EepSettings m_settings;
    std::size_t m_groups;
    std::int32_t m_generation = 0;     ///< 0 = the initial candidates
    std::vector<Individual> m_archive; ///< beyond m_fitness: those that wait for an answer
    std::vector<bool> m_mixed;         ///< of the archive; matrices of the worst are forgotten
    std::vector<Fitness> m_fitness;
    std::set<std::vector<std::vector<std::int32_t>>> m_known; ///< keep lists of candidates that mix nothing
};

} // namespace espalier::method
