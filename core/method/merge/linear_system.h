// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace espalier::method {

/// Solves matrix [n, n] x = right by elimination with row pivots; x is left in `right`, the matrix is used up. False
/// when it is singular.
[[nodiscard]] bool solveLinear(std::vector<double>& matrix, std::vector<double>& right);

} // namespace espalier::method
