// SPDX-License-Identifier: Apache-2.0
// What the tests of imports share: made-up models, files written byte by byte, and checks of refusals.
#pragma once

#include "core/exchange/import.h"
#include "tests/core/study/study_support.h"

#include <cstring>
#include <string>
#include <vector>

namespace espalier::test {

/// The made-up model of 64 experts, top-6, 26 layers of 27 (the shape of DeepSeek-V2-Lite).
inline model::ModelSummary liteModel()
{
    auto model = madeUpModel(26, 64, 6);
    model.name = "lite";
    return model;
}

template <typename Number>
std::string raw(const std::vector<Number>& values)
{
    std::string bytes(values.size() * sizeof(Number), '\0');
    if (!values.empty())
        std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

/// numpy.save of these values.
template <typename Number>
std::string npy(const std::string& descr, const std::string& shape, const std::vector<Number>& values,
                const std::string& order = "False")
{
    std::string header = "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
    header.append(63 - (10 + header.size()) % 64, ' ');
    header += '\n';
    std::string out("\x93NUMPY\x01\x00", 8);
    out += static_cast<char>(header.size() & 0xffU);
    out += static_cast<char>(header.size() >> 8U);
    return out + header + raw(values);
}

/// Sum of an array.
inline double total(std::span<const double> values)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum;
}

} // namespace espalier::test
