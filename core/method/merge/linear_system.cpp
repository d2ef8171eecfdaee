// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/linear_system.h"

#include <cmath>
#include <cstddef>
#include <utility>

namespace espalier::method {

bool solveLinear(std::vector<double>& matrix, std::vector<double>& right)
{
    const std::size_t n = right.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::abs(matrix[i * n + k]) > std::abs(matrix[pivot * n + k]))
                pivot = i;
        if (!(std::abs(matrix[pivot * n + k]) > 1e-300))
            return false;
        if (pivot != k) {
            for (std::size_t c = 0; c < n; ++c)
                std::swap(matrix[k * n + c], matrix[pivot * n + c]);
            std::swap(right[k], right[pivot]);
        }
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = matrix[i * n + k] / matrix[k * n + k];
            for (std::size_t c = k; c < n; ++c)
                matrix[i * n + c] -= factor * matrix[k * n + c];
            right[i] -= factor * right[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t c = k + 1; c < n; ++c)
            right[k] -= matrix[k * n + c] * right[c];
        right[k] /= matrix[k * n + k];
    }
    return true;
}

} // namespace espalier::method
