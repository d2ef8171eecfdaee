// SPDX-License-Identifier: Apache-2.0
#include "core/method/search/naee.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace espalier::method {

namespace {

/// Sets that are measured in one call.
constexpr std::size_t kSetsAtOnce = 1024;

KeepSet without(const KeepSet& set, std::int32_t id)
{
    KeepSet rest;
    std::copy_if(set.begin(), set.end(), std::back_inserter(rest), [&](std::int32_t other) { return other != id; });
    return rest;
}

/// The next set in lexicographic order; false after the last.
bool advance(KeepSet& set, std::int32_t experts)
{
    const auto size = static_cast<std::int32_t>(set.size());
    for (std::int32_t place = size; place-- > 0;) {
        auto& id = set[static_cast<std::size_t>(place)];
        if (id >= experts - size + place)
            continue;
        ++id;
        std::iota(set.begin() + place + 1, set.end(), id + 1);
        return true;
    }
    return false;
}

class Search {
public:
    Search(const NaeeSettings& settings, const KeepLosses& losses) : m_settings(settings), m_losses(losses) {}

    NaeeChoice run()
    {
        m_choice.keep.resize(static_cast<std::size_t>(m_settings.experts));
        std::iota(m_choice.keep.begin(), m_choice.keep.end(), 0);
        std::vector<std::int32_t> gone; // worst first
        if (m_settings.routerGroups == 1 &&
            countSets(m_settings.experts, m_settings.kept, m_settings.mostEnumerated) <= m_settings.mostEnumerated)
            gone = enumerate();
        else
            gone = eliminate();
        m_choice.loss = measure({&m_choice.keep, 1}).front();
        m_choice.order = keptOrder();
        m_choice.order.insert(m_choice.order.end(), gone.rbegin(), gone.rend());
        return std::move(m_choice);
    }

private:
    std::vector<double> measure(std::span<const KeepSet> sets)
    {
        m_choice.measured += static_cast<std::int64_t>(sets.size());
        return m_losses(sets);
    }

    /// The best set; who is gone, worst first: by what the layer loses when that one alone comes back.
    std::vector<std::int32_t> enumerate()
    {
        KeepSet set(static_cast<std::size_t>(m_settings.kept)), best;
        std::iota(set.begin(), set.end(), 0);
        double least = 0;
        std::vector<KeepSet> sets;
        for (bool more = true; more;) {
            sets.push_back(set);
            more = advance(set, m_settings.experts);
            if (more && sets.size() < kSetsAtOnce)
                continue;
            const auto found = measure(sets);
            for (std::size_t i = 0; i < sets.size(); ++i)
                if (best.empty() || found[i] < least) {
                    best = sets[i];
                    least = found[i];
                }
            sets.clear();
        }
        std::vector<std::int32_t> gone;
        std::set_difference(m_choice.keep.begin(), m_choice.keep.end(), best.begin(), best.end(),
                            std::back_inserter(gone));
        m_choice.keep = best;
        for (const std::int32_t id : gone) {
            auto& with = sets.emplace_back(best);
            with.insert(std::upper_bound(with.begin(), with.end(), id), id);
        }
        return gone.empty() ? gone : sorted(gone, measure(sets), true);
    }

    /// Ids by their losses; ties: the higher id first.
    static std::vector<std::int32_t> sorted(std::vector<std::int32_t> ids, const std::vector<double>& loss,
                                            bool largestFirst)
    {
        std::vector<std::size_t> place(ids.size());
        std::iota(place.begin(), place.end(), 0);
        std::sort(place.begin(), place.end(), [&](std::size_t a, std::size_t b) {
            if (loss[a] != loss[b])
                return largestFirst ? loss[a] > loss[b] : loss[a] < loss[b];
            return ids[a] > ids[b];
        });
        std::vector<std::int32_t> out;
        for (const std::size_t p : place)
            out.push_back(ids[p]);
        return out;
    }

    /// Rounds: in each the experts whose loss alone is least are gone, as many as the round is coarse, equally many of
    /// every router group.
    std::vector<std::int32_t> eliminate()
    {
        const std::int64_t all = m_settings.experts, kept = m_settings.kept;
        const bool coarse = (all - kept) * (all + kept + 1) / 2 > m_settings.mostEliminations;
        m_choice.search = coarse ? NaeeSearch::Coarse : NaeeSearch::Greedy;
        const std::int32_t groups = m_settings.routerGroups, size = m_settings.experts / groups;
        std::vector<std::int32_t> gone;
        while (std::cmp_greater(m_choice.keep.size(), kept)) {
            std::vector<KeepSet> sets;
            for (const std::int32_t id : m_choice.keep)
                sets.push_back(without(m_choice.keep, id));
            const auto least = sorted(m_choice.keep, measure(sets), false);
            const auto left = static_cast<std::int64_t>(m_choice.keep.size()) - kept; // an eighth of it at a time
            const std::int64_t each = coarse ? std::max<std::int64_t>(1, left / (8 * groups)) : 1;
            std::vector<std::int64_t> taken(static_cast<std::size_t>(groups), 0);
            for (const std::int32_t id : least)
                if (taken[static_cast<std::size_t>(id / size)] < each) {
                    ++taken[static_cast<std::size_t>(id / size)];
                    gone.push_back(id);
                    m_choice.keep = without(m_choice.keep, id);
                }
        }
        return gone;
    }

    std::vector<std::int32_t> keptOrder()
    {
        if (std::cmp_less_equal(m_choice.keep.size(), m_settings.smallest))
            return m_choice.keep;
        std::vector<KeepSet> sets;
        for (const std::int32_t id : m_choice.keep)
            sets.push_back(without(m_choice.keep, id));
        auto order = sorted(m_choice.keep, measure(sets), false);
        std::reverse(order.begin(), order.end());
        return order;
    }

    const NaeeSettings& m_settings;
    const KeepLosses& m_losses;
    NaeeChoice m_choice;
};

} // namespace

std::int64_t countSets(std::int64_t experts, std::int64_t kept, std::int64_t limit)
{
    std::int64_t sets = 1;
    const std::int64_t few = std::min(kept, experts - kept);
    for (std::int64_t i = 1; i <= few; ++i) {
        sets = sets * (experts - few + i) / i;
        if (sets > limit)
            return limit + 1;
    }
    return sets;
}

NaeeChoice chooseByReconstruction(const NaeeSettings& settings, const KeepLosses& losses)
{
    return Search(settings, losses).run();
}

} // namespace espalier::method
