// SPDX-License-Identifier: Apache-2.0
// Private to the room: tensors of a file made by torch.save (zip form). The pickle inside is a program; here it is
// read, never run: a small machine knows the few instructions that tensors, dictionaries and numbers need and refuses
// all else.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace espalier::exchange {

struct TorchTensor {
    std::string name; ///< key in the dictionary; empty when the file is one tensor
    std::vector<std::int64_t> shape;
    std::vector<double> values; ///< C order; of float32, float64, int32 or int64
    bool whole = false;         ///< stored as whole numbers
};

/// The tensors in the file's order, at most 64 MiB of data. Devices are ignored. BadInput for anything else than a
/// tensor or a dictionary of tensors.
[[nodiscard]] Result<std::vector<TorchTensor>> readTorchFile(const std::filesystem::path& path);

/// One int64 tensor as torch.save writes it (zip form, pickle protocol 2).
[[nodiscard]] Result<void> writeTorchTensor(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
                                            const std::vector<std::int64_t>& values);

} // namespace espalier::exchange
