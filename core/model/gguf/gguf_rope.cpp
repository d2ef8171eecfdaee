// SPDX-License-Identifier: Apache-2.0
// Rotary positions of GGUF files, where they differ from what config.json says.
#include "core/checkpoint/quant/expand.h"
#include "core/model/spec_builder.h"

#include <algorithm>
#include <cmath>

namespace espalier::model {

Result<void> SpecBuilder::readGgufRope(const std::optional<ConfigReader>& source)
{
    RopeSpec& rope = spec.rope;
    ESPALIER_TRY(rope.interleaved, m_config.booleanOr("rope_interleaved", rope.interleaved));
    constexpr std::string_view kDivisors = "rope_freqs.weight";
    const checkpoint::TensorInfo* tensor = m_checkpoint.find(kDivisors);
    if (tensor == nullptr)
        return readScaling(source);
    const std::string name(kDivisors);
    ESPALIER_CHECK(claim(name, {rope.dim / 2}, {TensorRole::Norm, -1, -1, -1, {}, {}}));
    checkpoint::TensorReader reader(m_checkpoint);
    std::vector<std::byte> bytes(static_cast<std::size_t>(tensor->bytes));
    ESPALIER_CHECK(reader.read(*tensor, bytes));
    std::vector<float> divisors(static_cast<std::size_t>(rope.dim / 2));
    if (!checkpoint::canExpand(tensor->dtype))
        return base::badInput("its type cannot be computed with", m_checkpoint.configFile(), "tensor " + name);
    checkpoint::expand(tensor->dtype, bytes, divisors);
    if (std::any_of(divisors.begin(), divisors.end(), [](float d) { return !std::isfinite(d) || d <= 0; }))
        return base::badInput("a divisor is not greater than zero", m_checkpoint.configFile(), "tensor " + name);
    rope.kind = RopeKind::LongRope; // divisors of the frequencies, the same for texts of every length
    rope.shortFactors.assign(divisors.begin(), divisors.end());
    rope.longFactors = rope.shortFactors;
    rope.originalPositions = spec.maxPositions;
    return {};
}

} // namespace espalier::model
