// SPDX-License-Identifier: Apache-2.0
// MoNE (arXiv 2507.00390): an expert whose output hardly varies is replaced by the mean of its output, a constant. The
// router stays as it is, so no token is sent elsewhere. Pure, any thread.
#pragma once

#include "core/method/merge/evidence.h"

namespace espalier::method {

struct ConstantExperts {
    std::vector<double> score; ///< [E] sqrt(mean |f|² - |mean f|²) · sum of gates / tokens; 0 without tokens
    std::vector<std::int32_t> replaced; ///< ascending: the E - keep lowest scores
    std::vector<float> constants;       ///< [replaced, H] what each gives instead, before its gate
};
[[nodiscard]] ConstantExperts constantExperts(const LayerEvidence& evidence, std::size_t keep);

/// Sum over the bank's tokens of |sum over replaced experts of g_i (f_i - m_i)|² divided by that of |y|²: nothing else
/// changes, so this is exact on those tokens.
[[nodiscard]] double constantError(const LayerEvidence& evidence, const std::vector<std::int32_t>& replaced);

} // namespace espalier::method
