// SPDX-License-Identifier: Apache-2.0
// A device that computes the routed experts of a layer: its face, free of CUDA and of libtorch. The implementation is
// the plug-in espalier_cuda (core/engine/cuda), opened by openDevice() only where a driver and a device are. Pointers
// are to the host's memory unless a name says otherwise; a call returns when it has read what it was given. One Device
// belongs to one thread.
#pragma once

#include "core/base/result.h"
#include "core/engine/cuda/rules.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

/// Of hidden states, and of weights when they are multiplied.
enum class DeviceType { Float32, BFloat16 };

/// Router of a layer over some rows. `x` [rows, hidden] is what the router sees.
struct RouteCall {
    cuda::RouterRule rule;
    std::int32_t rows = 0, hidden = 0, experts = 0;
    const void* x = nullptr;
    const void* weight = nullptr; ///< [experts, hidden]
    const void* bias = nullptr;   ///< [experts] or null
    bool weightFloat32 = false;   ///< weight and bias are float32 whatever x is
    bool narrowLogits = false;    ///< logits are rounded to x's type
    const float* correction = nullptr;
    const float* mask = nullptr;          ///< [streams, experts] of 0 and -inf, or null
    const float* limit = nullptr;         ///< [streams, k], see cuda::RouteRows, or null
    const std::int32_t* stream = nullptr; ///< [rows], or null: all of stream 0
    std::int32_t streams = 1;
    // results
    float* logits = nullptr;     ///< [rows, experts]
    float* scores = nullptr;     ///< [rows, experts]
    std::int64_t* ids = nullptr; ///< [rows, k]
    float* gates = nullptr;      ///< [rows, k]
};

/// A matrix as it is stored.
struct DeviceMatrix {
    enum class Form { Compute, Float8E4M3, Float8E5M2, Mxfp4 };
    Form form = Form::Compute;
    std::int32_t rows = 0, columns = 0;
    std::span<const std::byte> bytes;
    std::span<const float> scales; ///< Float8: [ceil(rows / blockRows), ceil(columns / blockColumns)]
    std::int32_t blockRows = 0, blockColumns = 0;
    std::span<const std::byte> exponents; ///< Mxfp4: [rows, columns / 32]
};
struct DeviceExpert {
    std::array<DeviceMatrix, 2> gateUp; ///< [2I, H] and an empty one, or gate and up
    DeviceMatrix down;                  ///< [H, I]
    bool interleaved = false;           ///< rows gate, up, gate, up … of a single gateUp
    const void* gateUpBias = nullptr;   ///< [2I]
    const void* downBias = nullptr;     ///< [H]
};

struct DeviceLayer {
    std::int32_t hidden = 0, width = 0, experts = 0;
    cuda::ActivationRule activation;
};

/// What the experts gave: host memory for it, null where it is not wanted.
struct FinishCall {
    const void* residual = nullptr;  ///< [rows, hidden]: input of turns
    void* routed = nullptr;          ///< [rows, hidden]: sum of gate · f
    double* turn = nullptr;          ///< [rows], see cuda::FinishRows
    double* ratio = nullptr;         ///< [rows]
    double* norms = nullptr;         ///< [rows, k]: |f|
    float* maxima = nullptr;         ///< [experts]: largest |element| of f
    double* outputSum = nullptr;     ///< [experts, hidden]: sum of f
    double* probOutputSum = nullptr; ///< [experts, hidden]: sum of p f
};

/// Rows that were routed and wait for experts, on the device.
class DeviceRows {
public:
    virtual ~DeviceRows() = default;
    /// [experts + 1]: choices of an expert, in expert order.
    [[nodiscard]] virtual std::span<const std::int32_t> begin() const = 0;
};

struct DeviceInfo {
    std::string name;
    int major = 0, minor = 0; ///< compute capability
    std::uint64_t memory = 0, memoryFree = 0;
};

/// Order of calls for a layer: beginLayer, route for every batch of rows; then stage a chunk of experts, in ascending
/// order; advance; run every batch; stage the next chunk meanwhile … ; finish for every batch.
class Device {
public:
    virtual ~Device() = default;
    [[nodiscard]] virtual const DeviceInfo& info() const = 0;
    /// Makes room for the experts of a layer, `batches · rows` of which will be in memory; returns how many experts
    /// are staged at a time. NoResources when not even one fits.
    [[nodiscard]] virtual Result<std::int32_t> beginLayer(const DeviceLayer& layer, std::int64_t rows) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<DeviceRows>> route(const RouteCall& call) = 0;
    /// Copies experts first, first + 1 … to the device, while it computes what was started before.
    [[nodiscard]] virtual Result<void> stage(std::int32_t first, std::span<const DeviceExpert> experts) = 0;
    /// The chunk staged last is the one that run() takes from now on.
    [[nodiscard]] virtual Result<void> advance() = 0;
    /// Starts the rows on their way through the chunk. `sums`: outputSum and probOutputSum will be asked for.
    [[nodiscard]] virtual Result<void> run(DeviceRows& rows, bool sums) = 0;
    /// Waits for the rows and gives their results.
    [[nodiscard]] virtual Result<void> finish(DeviceRows& rows, const FinishCall& call) = 0;
};

/// The plug-in's only exported symbol, "espalier_device_entry".
struct DeviceEntry {
    int abi; ///< must equal kDeviceAbi
    /// Devices that can be opened; BadInput with the driver's reason.
    Result<std::vector<DeviceInfo>> (*devices)();
    Result<std::unique_ptr<Device>> (*open)(int number, DeviceType type);
};
inline constexpr int kDeviceAbi = 2;

} // namespace espalier::engine
