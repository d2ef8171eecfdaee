// SPDX-License-Identifier: Apache-2.0
// A block of a CUDA grid as kernels see it (grid.h). Matrix tiles run on the tensor cores where the device has them for
// the element type: bfloat16 from compute capability 8.0, float16 from 7.5; else on the ordinary cores.
#pragma once

#include "core/engine/cuda/grid.h"
#include "core/engine/cuda/numbers.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>

#include <type_traits>

namespace espalier::engine::cuda {

/// 16 x 16 sums of a warp on its tensor cores. T as stored, Native as the matrix unit calls it.
template <typename T, typename Native>
class TensorTile {
public:
    __device__ void clear() { nvcuda::wmma::fill_fragment(m_sum, 0.0F); }
    __device__ void multiply(const T* a, int strideA, const T* b, int strideB)
    {
        namespace wmma = nvcuda::wmma;
        wmma::fragment<wmma::matrix_a, 16, 16, 16, Native, wmma::row_major> left;
        wmma::fragment<wmma::matrix_b, 16, 16, 16, Native, wmma::col_major> right;
        wmma::load_matrix_sync(left, reinterpret_cast<const Native*>(a), static_cast<unsigned>(strideA));
        wmma::load_matrix_sync(right, reinterpret_cast<const Native*>(b), static_cast<unsigned>(strideB));
        wmma::mma_sync(m_sum, left, right, m_sum);
    }
    __device__ void store(float* to, int stride) const
    {
        nvcuda::wmma::store_matrix_sync(to, m_sum, static_cast<unsigned>(stride), nvcuda::wmma::mem_row_major);
    }

private:
    nvcuda::wmma::fragment<nvcuda::wmma::accumulator, 16, 16, 16, float> m_sum;
};

/// The same on ordinary cores: each lane has 2 x 4 of the sums.
template <typename T>
class CoreTile {
public:
    __device__ void clear()
    {
        for (float& sum : m_sum)
            sum = 0;
    }
    __device__ void multiply(const T* a, int strideA, const T* b, int strideB)
    {
        const int m = firstRow();
        const int n = firstColumn();
#pragma unroll 2 // more would hold more than the registers
        for (int k = 0; k < 16; ++k) {
            float right[4];
#pragma unroll
            for (int j = 0; j < 4; ++j)
                right[j] = widen(b[(n + j) * strideB + k]);
#pragma unroll
            for (int i = 0; i < 2; ++i) {
                const float left = widen(a[(m + i) * strideA + k]);
#pragma unroll
                for (int j = 0; j < 4; ++j)
                    m_sum[4 * i + j] = fmaf(left, right[j], m_sum[4 * i + j]);
            }
        }
    }
    __device__ void store(float* to, int stride) const
    {
        for (int i = 0; i < 2; ++i)
            for (int j = 0; j < 4; ++j)
                to[(firstRow() + i) * stride + firstColumn() + j] = m_sum[4 * i + j];
    }

private:
    static __device__ int firstRow()
    {
        return 2 * (static_cast<int>(threadIdx.x) % kWarp / 4);
    }
    static __device__ int firstColumn()
    {
        return 4 * (static_cast<int>(threadIdx.x) % 4);
    }
    float m_sum[8];
};

template <typename T>
struct TileOf {
    using Type = CoreTile<T>;
};
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 750
template <>
struct TileOf<F16> {
    using Type = TensorTile<F16, __half>;
};
#endif
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
template <>
struct TileOf<Bf16> {
    using Type = TensorTile<Bf16, __nv_bfloat16>;
};
#endif

class DeviceBlock {
public:
    __device__ explicit DeviceBlock(unsigned char* shared) : m_shared(shared) {}

    [[nodiscard]] __device__ static int column() { return static_cast<int>(blockIdx.y); }
    [[nodiscard]] __device__ static int row() { return static_cast<int>(blockIdx.x); }
    [[nodiscard]] __device__ static int threads() { return static_cast<int>(blockDim.x); }

    template <typename T>
    [[nodiscard]] __device__ T* shared(int count)
    {
        constexpr unsigned kAlign = 128;
        const unsigned begin = (m_used + kAlign - 1) / kAlign * kAlign;
        m_used = begin + static_cast<unsigned>(sizeof(T)) * static_cast<unsigned>(count);
        return reinterpret_cast<T*>(m_shared + begin);
    }
    template <typename F>
    __device__ void each(const F& f)
    {
        f(static_cast<int>(threadIdx.x));
        __syncthreads();
    }
    template <typename F>
    __device__ void free(const F& f)
    {
        f(static_cast<int>(threadIdx.x));
    }
    template <typename F>
    __device__ void eachWarp(const F& f)
    {
        f(static_cast<int>(threadIdx.x) / kWarp);
        __syncthreads();
    }
    template <typename F>
    __device__ void eachLane(int, const F& f)
    {
        __syncwarp(); // what the warp stored before is there for every lane
        f(static_cast<int>(threadIdx.x) % kWarp);
        __syncwarp();
    }
    __device__ static int add(int* to, int value) { return atomicAdd(to, value); }

    template <typename T>
    class PerThread {
    public:
        __device__ explicit PerThread(const DeviceBlock&) {}
        __device__ T& operator[](int) { return m_value; }

    private:
        T m_value;
    };
    template <typename T>
    using PerWarp = PerThread<T>;
    template <typename T>
    using Tile = typename TileOf<T>::Type;

private:
    unsigned char* m_shared;
    unsigned m_used = 0;
};

inline constexpr int kMostThreads = 256;
template <typename Kernel>
__global__ __launch_bounds__(kMostThreads) void runKernel(const Kernel kernel)
{
    extern __shared__ __align__(128) unsigned char sharedMemory[];
    DeviceBlock block(sharedMemory);
    kernel(block);
}

} // namespace espalier::engine::cuda
