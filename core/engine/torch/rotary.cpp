// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/rotary.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace espalier::engine {

using model::RopeKind;
using model::RopeSpec;

namespace {

at::Tensor plain(double theta, std::int64_t dim)
{
    const at::Tensor exponent = at::arange(0, dim, 2, at::kLong).to(at::kFloat).div_(static_cast<double>(dim));
    return at::pow(at::Scalar(theta), exponent).reciprocal_();
}

/// Llama 3.1: long waves are stretched, short ones kept, those between blended.
at::Tensor llama3(const RopeSpec& rope, const at::Tensor& frequency)
{
    const at::Tensor wave = 2 * std::numbers::pi / frequency;
    const double longest = rope.originalPositions / rope.lowFrequency;
    const double shortest = rope.originalPositions / rope.highFrequency;
    const at::Tensor stretched = at::where(wave > longest, frequency / rope.factor, frequency);
    const at::Tensor smooth =
        (rope.originalPositions / wave - rope.lowFrequency) / (rope.highFrequency - rope.lowFrequency);
    const at::Tensor blended = (1 - smooth) * stretched / rope.factor + smooth * stretched;
    return at::where(at::logical_or(wave<shortest, wave> longest), stretched, blended);
}

/// Peng et al. 2023, section 3.2 and definition 2: between two numbers of turns over the trained length a ramp leads
/// from kept to stretched frequencies.
at::Tensor yarn(const RopeSpec& rope)
{
    const std::int64_t dim = rope.dim;
    const auto pairOf = [&](double turns) {
        return static_cast<double>(dim) * std::log(rope.originalPositions / (turns * 2 * std::numbers::pi)) /
               (2 * std::log(rope.theta));
    };
    double low = pairOf(rope.betaFast);
    double high = pairOf(rope.betaSlow);
    if (rope.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, static_cast<double>(dim - 1));
    if (low == high)
        high += 0.001;
    const at::Tensor ramp = at::clamp((at::arange(dim / 2, at::kFloat) - low) / (high - low), 0, 1);
    const at::Tensor wave =
        at::pow(at::Scalar(rope.theta), at::arange(0, dim, 2, at::kFloat).div_(static_cast<double>(dim)));
    return (1.0 / (rope.factor * wave)) * ramp + (1.0 / wave) * (1 - ramp);
}

at::Tensor longRope(const RopeSpec& rope, const std::vector<double>& factors)
{
    const at::Tensor stretch = at::tensor(at::ArrayRef<double>(factors), at::kDouble).to(at::kFloat);
    const at::Tensor exponent =
        at::arange(0, rope.dim, 2, at::kLong).to(at::kFloat).div_(static_cast<double>(rope.dim));
    return 1.0 / (stretch * at::pow(at::Scalar(rope.theta), exponent));
}

} // namespace

Rotary::Rotary(const RopeSpec& rope) : m_rope(rope)
{
}

std::int64_t Rotary::keyOf(std::int64_t length) const
{
    const bool grows = m_rope.kind == RopeKind::Dynamic || m_rope.kind == RopeKind::LongRope;
    if (!grows || length <= m_rope.originalPositions)
        return 0;
    return m_rope.kind == RopeKind::Dynamic ? length : 1;
}

at::Tensor Rotary::frequencies(std::int64_t key) const
{
    const at::Tensor frequency = plain(m_rope.theta, m_rope.dim);
    switch (m_rope.kind) {
    case RopeKind::Default:
        return frequency;
    case RopeKind::Linear:
        return frequency / m_rope.factor;
    case RopeKind::Dynamic: {
        if (key == 0 || m_rope.dim <= 2)
            return frequency;
        const double dim = m_rope.dim;
        const double growth = m_rope.factor * static_cast<double>(key) / m_rope.originalPositions - (m_rope.factor - 1);
        return plain(m_rope.theta * std::pow(growth, dim / (dim - 2)), m_rope.dim);
    }
    case RopeKind::Llama3:
        return llama3(m_rope, frequency);
    case RopeKind::Yarn:
        return yarn(m_rope);
    case RopeKind::LongRope:
        return longRope(m_rope, key == 0 ? m_rope.shortFactors : m_rope.longFactors);
    }
    return frequency;
}

void Rotary::reach(std::span<const std::int64_t> lengths)
{
    std::map<std::int64_t, std::int64_t> wanted;
    for (const std::int64_t length : lengths) {
        std::int64_t& longest = wanted[keyOf(length)];
        longest = std::max(longest, length);
    }
    const bool there = std::all_of(wanted.begin(), wanted.end(), [this](const auto& table) {
        const auto found = m_tables.find(table.first);
        return found != m_tables.end() && found->second.length >= table.second;
    });
    if (there)
        return;
    m_tables.clear();
    std::vector<at::Tensor> cosines, sines;
    std::int64_t row = 0;
    for (const auto& [key, longest] : wanted) {
        // Doubling, so that a generation that grows token by token remakes them rarely
        const auto length =
            static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(longest, 256))));
        const at::Tensor angle = at::outer(at::arange(length, at::kFloat), frequencies(key));
        const double scale = m_rope.kind == RopeKind::LongRope && key != 0 ? m_rope.scaleLong : m_rope.scale;
        cosines.push_back(scale == 1 ? angle.cos() : angle.cos() * scale);
        sines.push_back(scale == 1 ? angle.sin() : angle.sin() * scale);
        m_tables[key] = {row, length};
        row += length;
    }
    m_cos = at::cat(cosines);
    m_sin = at::cat(sines);
}

std::int64_t Rotary::firstRow(std::int64_t length) const
{
    return m_tables.at(keyOf(length)).row;
}

} // namespace espalier::engine
