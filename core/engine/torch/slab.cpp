// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/slab.h"

#include <ATen/ATen.h>
#include <new>
#include <sys/mman.h>

namespace espalier::engine {

namespace {

constexpr std::size_t kAlignment = 64;
/// Parts of a piece do not end at multiples of the alignment; unused pages of a mapping cost nothing.
constexpr std::size_t kSlack = std::size_t{1} << 20U;

struct Mapping {
    std::shared_ptr<std::byte> begin;
    std::size_t bytes = 0, used = 0;
};
thread_local Mapping t_slab;

} // namespace

Slab::Slab(std::uint64_t bytes)
{
    const std::size_t size = static_cast<std::size_t>(bytes) + kSlack;
    void* place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        throw std::bad_alloc();
    t_slab = {{static_cast<std::byte*>(place), [size](std::byte* begin) { ::munmap(begin, size); }}, size, 0};
}

Slab::~Slab()
{
    t_slab = {};
}

std::shared_ptr<std::byte> weightBytes(std::size_t bytes)
{
    const std::size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (t_slab.begin && rounded >= bytes && rounded <= t_slab.bytes - t_slab.used) {
        std::byte* const place = t_slab.begin.get() + t_slab.used;
        t_slab.used += rounded;
        return {t_slab.begin, place}; // keeps the whole mapping
    }
    auto* const place = static_cast<std::byte*>(::operator new(bytes, std::align_val_t(kAlignment)));
    return {place, [](std::byte* begin) { ::operator delete(begin, std::align_val_t(kAlignment)); }};
}

at::Tensor weightTensor(at::IntArrayRef shape, at::ScalarType type)
{
    std::size_t bytes = at::elementSize(type);
    for (const std::int64_t size : shape)
        bytes *= static_cast<std::size_t>(size);
    const std::shared_ptr<std::byte> place = weightBytes(bytes);
    return at::from_blob(
        place.get(), shape, [place](void*) {}, at::TensorOptions(type));
}

} // namespace espalier::engine
