// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/layer_insights.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace espalier::views {
namespace {

using stats::Stat;

constexpr int kCurvePoints = 41;
constexpr double kLeastDrawn = 16; ///< the curve begins here
constexpr double kShownRange = 8;  ///< the map's colours end at 8 times and an eighth

/// The sums of the chosen domains in one layer.
struct Pooled {
    int layer = 0, experts = 0, topK = 0;
    double tokens = 0;
    std::vector<double> counts; ///< NaN where a domain does not know them
    std::vector<double> pairs;  ///< row-major; empty when a domain has none
};

std::optional<Pooled> pool(const stats::Statistics& statistics, const std::string& domain, int row)
{
    Pooled sums;
    bool pairs = true;
    for (const auto& each : statistics.domains) {
        if (!domain.empty() && each.name != domain)
            continue;
        if (row < 0 || static_cast<std::size_t>(row) >= each.layers.size())
            return std::nullopt;
        const stats::LayerStats& layer = each.layers[static_cast<std::size_t>(row)];
        if (layer.empty())
            continue;
        sums.layer = layer.layer().value();
        sums.experts = layer.topology().experts;
        sums.topK = layer.topology().topK;
        sums.tokens += layer.tokens();
        sums.counts.resize(static_cast<std::size_t>(sums.experts));
        for (std::size_t e = 0; e < sums.counts.size(); ++e)
            sums.counts[e] += layer.has(Stat::Count) ? layer[Stat::Count][e] : std::nan("");
        const auto together = layer[Stat::Coactivation];
        pairs = pairs && !together.empty();
        if (!pairs)
            continue;
        sums.pairs.resize(together.size());
        for (std::size_t i = 0; i < together.size(); ++i)
            sums.pairs[i] += together[i];
    }
    if (sums.experts == 0)
        return std::nullopt;
    if (!pairs)
        sums.pairs.clear();
    return sums;
}

UseVerdict verdictOf(const UsePoint& point, double thinBelow)
{
    if (!std::isfinite(point.ratio.value) || !std::isfinite(point.tokens))
        return UseVerdict::Unknown;
    if (point.tokens < thinBelow || !std::isfinite(point.ratio.half))
        return UseVerdict::Thin;
    if (point.ratio.value - point.ratio.half > 1)
        return UseVerdict::More;
    return point.ratio.value + point.ratio.half < 1 ? UseVerdict::Less : UseVerdict::Alike;
}

double logChoose(double n, double k)
{
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

} // namespace

int LayerUse::count(UseVerdict verdict) const
{
    return static_cast<int>(std::count_if(points.begin(), points.end(),
                                          [verdict](const UsePoint& point) { return point.verdict == verdict; }));
}

LayerUse layerUse(const stats::Statistics& statistics, const std::string& domain, int row, double thinBelow)
{
    LayerUse use;
    const auto sums = pool(statistics, domain, row);
    if (!sums)
        return use;
    use.layer = sums->layer;
    use.experts = sums->experts;
    use.topK = sums->topK;
    use.tokens = sums->tokens;
    for (int e = 0; e < sums->experts; ++e) {
        UsePoint point;
        point.expert = e;
        point.tokens = sums->counts[static_cast<std::size_t>(e)];
        point.ratio = ratioToUniform(point.tokens, sums->tokens, sums->experts, sums->topK);
        point.verdict = verdictOf(point, thinBelow);
        use.points.push_back(point);
    }
    std::stable_sort(use.points.begin(), use.points.end(), [](const UsePoint& a, const UsePoint& b) {
        return a.ratio.value > b.ratio.value; // not known: all are, none moves
    });
    return use;
}

Together chosenTogether(const stats::Statistics& statistics, const std::string& domain, int row, std::size_t strongest)
{
    Together out;
    const auto sums = pool(statistics, domain, row);
    if (!sums || sums->pairs.empty() || sums->topK < 2)
        return out;
    out.known = true;
    const auto n = static_cast<std::size_t>(sums->experts);
    double observed = 0, product = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            observed += sums->pairs[i * n + j];
            product += sums->counts[i] * sums->counts[j];
        }
    const double scale = product > 0 ? observed / product : 0;
    out.map.columns = sums->experts;
    out.map.logarithmic = out.map.powersOfTwo = true;
    out.map.low = 1 / kShownRange;
    out.map.high = kShownRange;
    out.map.unit = QCoreApplication::translate("espalier::views::Together", "× expected");
    out.map.rowTitle = QCoreApplication::translate("espalier::views::Together", "expert");
    out.map.deadName = QCoreApplication::translate("espalier::views::Together", "never together");
    out.map.values.assign(n * n, std::nan(""));
    out.map.marks.assign(n * n, static_cast<std::uint8_t>(CellMark::NotMeasured));
    for (std::size_t i = 0; i < n; ++i) {
        out.map.layers.push_back(static_cast<int>(i));
        for (std::size_t j = 0; j < n; ++j) {
            const double expected = scale * sums->counts[i] * sums->counts[j], pairs = sums->pairs[i * n + j];
            if (i == j || !(expected > 0))
                continue;
            const double ratio = pairs / expected;
            out.map.values[i * n + j] = ratio;
            std::uint8_t mark = pairs > 0 ? 0 : static_cast<std::uint8_t>(CellMark::Dead);
            if (expected < kThinPairs)
                mark |= static_cast<std::uint8_t>(CellMark::Thin);
            else if (i < j)
                out.strongest.push_back({static_cast<int>(i), static_cast<int>(j), pairs, expected, ratio});
            out.map.marks[i * n + j] = mark;
        }
    }
    const std::size_t most = std::min(strongest, out.strongest.size());
    std::partial_sort(out.strongest.begin(), out.strongest.begin() + static_cast<std::ptrdiff_t>(most),
                      out.strongest.end(), [](const Together::Pair& a, const Together::Pair& b) {
                          return std::tuple(-a.ratio, a.first, a.second) < std::tuple(-b.ratio, b.first, b.second);
                      });
    out.strongest.resize(most);
    return out;
}

double hypergeometricBelow(double least, double good, double all, double draws)
{
    const double low = std::max(0.0, draws - (all - good)), high = std::min(good, draws);
    const double last = least - 1; // the largest that counts
    if (last < low)
        return 0;
    if (last >= high)
        return 1;
    // From the largest term of those summed to both sides, so that nothing overflows and what is left out is nothing.
    const double mode = std::floor((draws + 1) * (good + 1) / (all + 2));
    const double start = std::clamp(std::min(last, mode), low, high);
    const double first = logChoose(good, start) + logChoose(all - good, draws - start) - logChoose(all, draws);
    const auto ratio = [&](double k) { // P(k + 1) / P(k)
        return (good - k) * (draws - k) / ((k + 1) * (all - good - draws + k + 1));
    };
    double sum = 1, term = 1;
    for (double k = start; k > low && term > 1e-17 * sum; --k)
        sum += term /= ratio(k - 1);
    term = 1;
    for (double k = start; k < last && term > 1e-17 * sum; ++k)
        sum += term *= ratio(k);
    return std::clamp(sum * std::exp(first), 0.0, 1.0);
}

Coverage coverageOf(const stats::Statistics& statistics, const std::string& domain, int row, double enough)
{
    Coverage out;
    const auto sums = pool(statistics, domain, row);
    if (!sums)
        return out;
    out.layer = sums->layer;
    out.experts = sums->experts;
    out.enough = enough;
    if (!(sums->tokens >= 1) ||
        std::any_of(sums->counts.begin(), sums->counts.end(), [](double count) { return !std::isfinite(count); }))
        return out;
    out.known = true;
    const double all = std::floor(sums->tokens);
    for (int i = 0; i < kCurvePoints; ++i) {
        const double share = static_cast<double>(i) / (kCurvePoints - 1);
        const double drawn =
            std::floor(std::exp(std::log(std::min(kLeastDrawn, all)) * (1 - share) + std::log(all) * share) + 1e-9);
        if (!out.tokens.empty() && drawn <= out.tokens.back())
            continue;
        double once = 0, judged = 0;
        for (const double each : sums->counts) {
            const double count = std::clamp(std::round(each), 0.0, all); // counts of other programs may be means
            once += 1 - hypergeometricBelow(1, count, all, drawn);
            judged += 1 - hypergeometricBelow(std::max(1.0, std::ceil(enough)), count, all, drawn);
        }
        out.tokens.push_back(drawn);
        out.once.push_back(once);
        out.judged.push_back(judged);
    }
    return out;
}

} // namespace espalier::views
