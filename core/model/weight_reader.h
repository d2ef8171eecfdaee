// SPDX-License-Identifier: Apache-2.0
// Weights of a checkpoint as float32, by the names a ModelSpec has for them, one matrix at a time: plain floats, ggml's
// blocks and every quantised format that the spec knows. Thread-safe after construction.
#pragma once

#include "core/base/result.h"
#include "core/model/model_summary.h"

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::model {

class WeightReader {
public:
    /// `model` must outlive the reader.
    explicit WeightReader(const OpenModel& model);

    /// Matrix `index` of a stack [n, rows, columns], or the whole of any other weight with index 0, row-major in the
    /// stored layout. BadInput for bytes that cannot be read or make no sense; Internal for a name the model lacks.
    [[nodiscard]] Result<std::vector<float>> read(const std::string& name, std::int64_t index = 0);

    /// Stored bytes of one matrix of the weight, all its parts; 0 for a name the model lacks.
    [[nodiscard]] std::uint64_t bytesOf(const std::string& name) const;

private:
    [[nodiscard]] Result<checkpoint::StoredWeight> find(const std::string& name) const;
    const OpenModel& m_model;
    checkpoint::TensorReader m_reader;
};

} // namespace espalier::model
