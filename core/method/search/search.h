// SPDX-License-Identifier: Apache-2.0
// What searches have in common: candidates that somebody else measures, and what is done with the answers. An optimiser
// is told the same answers in the same order and asks the same questions on every machine, so that a search goes on
// from its journal. No files, no models, any thread; one owner.
#pragma once

#include "core/method/mixing.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace espalier::method {

/// What a candidate does in one MoE layer.
struct LayerChoice {
    std::vector<std::int32_t> keep;             ///< ascending
    std::shared_ptr<const ExpertMixing> mixing; ///< null: the experts as they are
};
using Candidate = std::vector<LayerChoice>; ///< one entry per MoE layer

/// How far up the ladder of measurements a candidate came, and what was found; larger is better.
struct Fitness {
    std::vector<double> values; ///< one for each rung it stood on; empty = not measured
    bool operator==(const Fitness&) const = default;
};
/// The higher rung wins, then the value there, then those below.
[[nodiscard]] bool better(const Fitness& a, const Fitness& b);

class Optimiser {
public:
    virtual ~Optimiser() = default;
    /// Candidates to be measured next, in the order of their numbers, which count on over the search; empty = the
    /// search is over.
    [[nodiscard]] virtual std::vector<Candidate> ask() = 0;
    /// What was found of them, in order.
    virtual void tell(std::span<const Fitness> found) = 0;
    /// Numbers of the best `count`, best first; ties by number. `stock`: those alone that mix no experts.
    [[nodiscard]] virtual std::vector<std::size_t> best(std::size_t count, bool stock) const = 0;
    /// One of those.
    [[nodiscard]] virtual Candidate candidate(std::size_t number) const = 0;
    [[nodiscard]] virtual const Fitness& fitness(std::size_t number) const = 0;
    /// Candidates so far.
    [[nodiscard]] virtual std::size_t count() const = 0;
    /// "pruning", "merging": what ask() is about, for people.
    [[nodiscard]] virtual const char* phase() const = 0;
    /// Share of the search that is done, 0 to 1.
    [[nodiscard]] virtual double done() const = 0;
};

/// Numbers 0 … fitness.size() - 1 by better(), ties by number.
[[nodiscard]] std::vector<std::size_t> ranked(std::span<const Fitness> fitness);

} // namespace espalier::method
