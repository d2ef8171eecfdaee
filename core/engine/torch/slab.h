// SPDX-License-Identifier: Apache-2.0
// Memory of the weights that are streamed. What is read together is dropped together, so it lies in one mapping of its
// own: the system gets it back at once, and no heap grows fragments beside the arithmetic's temporaries.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace espalier::engine {

class Slab {
public:
    /// While it lives, weightBytes() of this thread come from a mapping of `bytes`, as long as that lasts.
    explicit Slab(std::uint64_t bytes);
    Slab(const Slab&) = delete;
    Slab& operator=(const Slab&) = delete;
    ~Slab();
};

/// Room for a weight, aligned to 64 bytes; from the thread's slab when it has one, else from the heap.
[[nodiscard]] std::shared_ptr<std::byte> weightBytes(std::size_t bytes);
/// The same as an uninitialised tensor.
[[nodiscard]] at::Tensor weightTensor(at::IntArrayRef shape, at::ScalarType type);

} // namespace espalier::engine
