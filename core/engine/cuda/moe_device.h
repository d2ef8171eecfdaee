// SPDX-License-Identifier: Apache-2.0
// The device's side of a MoE layer, written once for CUDA and for the emulated device of the tests: which buffers,
// which kernels, which order. Experts go through two slots: one is computed with while the next is copied (and
// expanded) along the other lane.
#pragma once

#include "core/engine/cuda/combine_rows.h"
#include "core/engine/cuda/device_buffer.h"
#include "core/engine/cuda/expand_weights.h"
#include "core/engine/cuda/expert_gemm.h"
#include "core/engine/cuda/output_sums.h"
#include "core/engine/cuda/route_rows.h"
#include "core/engine/cuda/router_logits.h"
#include "core/engine/cuda/sort_rows.h"
#include "core/engine/cuda/staging_ring.h"
#include "core/engine/device.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace espalier::engine::cuda {

/// T: float or Bf16.
template <class Backend, typename T>
class MoeDevice : public Device {
    template <typename U>
    using Buffer = DeviceBuffer<Backend, U>;

public:
    static constexpr std::size_t kPinnedBytes = std::size_t{16} << 20U;

    MoeDevice(std::unique_ptr<Backend> backend, DeviceInfo info)
        : m_backend(std::move(backend)), m_info(std::move(info)), m_ring(*m_backend, kPinnedBytes)
    {
    }
    ~MoeDevice() override { m_backend->waitAll(); }

    [[nodiscard]] const DeviceInfo& info() const override { return m_info; }

    [[nodiscard]] Result<std::int32_t> beginLayer(const DeviceLayer& layer, std::int64_t rows) override
    {
        ESPALIER_CHECK(makeEvents());
        ESPALIER_CHECK(join(Lane::Copy, Lane::Compute)); // the layer before may still be computing: its memory is
        m_slots = {};                                    // taken back in order, not now
        m_raw = {};
        m_layer = layer;
        m_staged = m_current = 0;
        const std::uint64_t perExpert = sizeof(T) * (matrixElements() + biasElements()) + sizeof(ExpertMatrices<T>);
        const std::uint64_t perRow = static_cast<std::uint64_t>(layer.hidden) * (2 * sizeof(T) + sizeof(float)) +
                                     static_cast<std::uint64_t>(layer.experts) * sizeof(float);
        const std::uint64_t waiting = perRow * static_cast<std::uint64_t>(rows);
        ESPALIER_TRY(const std::uint64_t free, m_backend->memoryFree());
        // A third stays for what the rows have between the two GEMMs.
        const std::uint64_t room = free > waiting ? (free - waiting) / 3 : 0;
        if (room < perExpert)
            return noResources("the device has " + std::to_string(free >> 20U) +
                                   " MiB free, a layer of this model needs " +
                                   std::to_string((waiting + 3 * perExpert) >> 20U) + " MiB for these texts",
                               "Measure fewer tokens at a time (--memory), or use --device cpu");
        const auto fit = static_cast<std::int64_t>(room / perExpert);
        // Four chunks at least, so that copying hides behind computing, unless there are few experts.
        m_chunk =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(fit, 1, std::max(1, ceilDivide(layer.experts, 4))));
        for (Slot& slot : m_slots) {
            ESPALIER_TRY(slot.weights, Buffer<T>::make(*m_backend, matrixElements() * chunkSize()));
            ESPALIER_TRY(slot.biases, Buffer<T>::make(*m_backend, biasElements() * chunkSize()));
            ESPALIER_TRY(slot.table, Buffer<ExpertMatrices<T>>::make(*m_backend, chunkSize()));
        }
        ESPALIER_CHECK(join(Lane::Compute, Lane::Copy)); // memory is given out in the order of the compute lane
        return m_chunk;
    }

    [[nodiscard]] Result<std::unique_ptr<DeviceRows>> route(const RouteCall& call) override
    {
        auto made = std::make_unique<Rows>();
        Rows& rows = *made;
        rows.count = call.rows;
        rows.topK = call.rule.topK;
        const auto n = static_cast<std::size_t>(call.rows);
        const auto experts = static_cast<std::size_t>(call.experts);
        const auto hidden = static_cast<std::size_t>(call.hidden);
        const std::size_t choices = n * static_cast<std::size_t>(call.rule.topK);
        ESPALIER_TRY(rows.x, uploaded(static_cast<const T*>(call.x), n * hidden));
        ESPALIER_TRY(rows.scores, Buffer<float>::make(*m_backend, n * experts));
        ESPALIER_TRY(auto logits, Buffer<float>::make(*m_backend, n * experts));
        if (call.weightFloat32)
            ESPALIER_CHECK(logitsOf<float>(call, rows.x.data(), logits.data()));
        else
            ESPALIER_CHECK(logitsOf<T>(call, rows.x.data(), logits.data()));

        const auto streams = static_cast<std::size_t>(call.streams);
        ESPALIER_TRY(const auto correction, uploaded(call.correction, experts));
        ESPALIER_TRY(const auto mask, uploaded(call.mask, streams * experts));
        ESPALIER_TRY(const auto limit, uploaded(call.limit, streams * static_cast<std::size_t>(call.rule.topK)));
        ESPALIER_TRY(const auto stream, uploaded(call.stream, n));
        ESPALIER_TRY(auto ids, Buffer<int>::make(*m_backend, choices));
        ESPALIER_TRY(auto gates, Buffer<float>::make(*m_backend, choices));
        ESPALIER_CHECK(
            m_backend->launch(Lane::Compute, RouteRows<T>{call.rule, logits.data(), correction.data(), mask.data(),
                                                          limit.data(), stream.data(), rows.scores.data(), ids.data(),
                                                          gates.data(), call.rows, call.experts}));
        ESPALIER_CHECK(sort(call, ids.data(), gates.data(), rows));

        std::vector<int> chosen(choices);
        rows.hostBegin.resize(experts + 1);
        ESPALIER_CHECK(m_backend->download(call.logits, logits.data(), n * experts * sizeof(float)));
        ESPALIER_CHECK(m_backend->download(call.scores, rows.scores.data(), n * experts * sizeof(float)));
        ESPALIER_CHECK(m_backend->download(chosen.data(), ids.data(), choices * sizeof(int)));
        ESPALIER_CHECK(m_backend->download(call.gates, gates.data(), choices * sizeof(float)));
        ESPALIER_CHECK(m_backend->download(rows.hostBegin.data(), rows.begin_.data(), (experts + 1) * sizeof(int)));
        std::copy(chosen.begin(), chosen.end(), call.ids);
        ESPALIER_TRY(rows.sum, zeros<float>(n * hidden));
        ESPALIER_TRY(rows.norms, zeros<double>(choices));
        ESPALIER_TRY(rows.maxima, zeros<float>(experts));
        return std::unique_ptr<DeviceRows>(std::move(made));
    }

    [[nodiscard]] Result<void> stage(std::int32_t first, std::span<const DeviceExpert> experts) override
    {
        if (experts.size() > chunkSize() || m_staged > m_current)
            return internalError("a chunk of experts was staged that has no place");
        Slot& slot = m_slots[m_staged % m_slots.size()];
        if (m_staged >= m_slots.size())
            ESPALIER_CHECK(m_backend->wait(Lane::Copy, m_computed[m_staged % m_slots.size()]));
        slot.first = first;
        slot.count = static_cast<std::int32_t>(experts.size());
        std::vector<ExpertMatrices<T>> table;
        for (std::size_t i = 0; i < experts.size(); ++i) {
            T* gateUp = slot.weights.data() + i * matrixElements();
            T* down = gateUp + 2 * innerElements();
            T* bias = slot.biases.data() + i * biasElements();
            ESPALIER_CHECK(stageExpert(experts[i], gateUp, down, bias));
            table.push_back({gateUp, down, experts[i].gateUpBias != nullptr ? bias : nullptr,
                             experts[i].downBias != nullptr ? bias + 2 * m_layer.width : nullptr});
        }
        ESPALIER_CHECK(m_ring.copy(slot.table.data(), std::as_bytes(std::span(table))));
        ESPALIER_CHECK(m_backend->record(Lane::Copy, m_ready[m_staged % m_slots.size()]));
        ++m_staged;
        return {};
    }

    [[nodiscard]] Result<void> advance() override
    {
        if (m_staged == m_current)
            return internalError("no chunk of experts was staged");
        if (m_current > 0)
            ESPALIER_CHECK(m_backend->record(Lane::Compute, m_computed[(m_current - 1) % m_slots.size()]));
        ++m_current;
        return m_backend->wait(Lane::Compute, m_ready[(m_current - 1) % m_slots.size()]);
    }

    [[nodiscard]] Result<void> run(DeviceRows& given, bool sums) override
    {
        Rows& rows = static_cast<Rows&>(given);
        const Slot& slot = currentSlot();
        const auto firstExpert = static_cast<std::size_t>(slot.first);
        const auto count = static_cast<std::size_t>(slot.count);
        const auto hidden = static_cast<std::size_t>(m_layer.hidden);
        if (sums && rows.outputSum.data() == nullptr) {
            ESPALIER_TRY(rows.outputSum, zeros<double>(static_cast<std::size_t>(m_layer.experts) * hidden));
            ESPALIER_TRY(rows.probOutputSum, zeros<double>(static_cast<std::size_t>(m_layer.experts) * hidden));
        }
        const int first = rows.hostBegin[firstExpert];
        const int end = rows.hostBegin[firstExpert + count];
        if (first == end)
            return {};
        std::vector<GemmTask> tasks;
        std::vector<int> firstTask;
        for (std::size_t i = 0; i < count; ++i) {
            firstTask.push_back(static_cast<int>(tasks.size()));
            const int last = rows.hostBegin[firstExpert + i + 1];
            for (int at = rows.hostBegin[firstExpert + i]; at < last; at += GateUpRows<T>::Core::kRows)
                tasks.push_back({static_cast<int>(i), at, std::min(last, at + GateUpRows<T>::Core::kRows)});
        }
        firstTask.push_back(static_cast<int>(tasks.size()));
        const auto taskCount = static_cast<int>(tasks.size());
        const auto places = static_cast<std::size_t>(end - first);
        ESPALIER_TRY(const auto taskList, uploaded(tasks.data(), tasks.size()));
        ESPALIER_TRY(const auto firstTasks, uploaded(firstTask.data(), firstTask.size()));
        ESPALIER_TRY(auto inner, Buffer<T>::make(*m_backend, places * static_cast<std::size_t>(m_layer.width)));
        ESPALIER_TRY(auto outputs, Buffer<T>::make(*m_backend, places * hidden));
        ESPALIER_CHECK(
            m_backend->launch(Lane::Compute, GateUpRows<T>{rows.x.data(), rows.row.data(), taskList.data(),
                                                           slot.table.data(), inner.data(), taskCount, first,
                                                           m_layer.hidden, m_layer.width, m_layer.activation}));
        DownRows<T> down{inner.data(), taskList.data(), slot.table.data(), outputs.data(), nullptr, nullptr,
                         taskCount,    first,           m_layer.hidden,    m_layer.width};
        const auto parts = static_cast<std::size_t>(down.columnBlocks());
        ESPALIER_TRY(auto squares, Buffer<double>::make(*m_backend, places * parts));
        ESPALIER_TRY(auto largest, Buffer<float>::make(*m_backend, tasks.size() * parts));
        down.squares = squares.data();
        down.largest = largest.data();
        ESPALIER_CHECK(m_backend->launch(Lane::Compute, down));
        ESPALIER_CHECK(
            m_backend->launch(Lane::Compute, RowNorms{squares.data(), rows.row.data(), rows.slot.data(),
                                                      rows.norms.data(), first, end, down.columnBlocks(), rows.topK}));
        ESPALIER_CHECK(
            m_backend->launch(Lane::Compute, ExpertMaxima{largest.data(), firstTasks.data(), rows.maxima.data(),
                                                          slot.first, slot.count, down.columnBlocks()}));
        if (sums)
            ESPALIER_CHECK(m_backend->launch(
                Lane::Compute, OutputSums<T>{outputs.data(), rows.begin_.data(), rows.row.data(), rows.scores.data(),
                                             rows.outputSum.data() + firstExpert * hidden,
                                             rows.probOutputSum.data() + firstExpert * hidden, slot.first, slot.count,
                                             m_layer.experts, m_layer.hidden}));
        return m_backend->launch(Lane::Compute,
                                 AddOutputs<T>{outputs.data(), rows.gate.data(), rows.place.data(), rows.sum.data(),
                                               rows.count, rows.topK, m_layer.hidden, first, end});
    }

    [[nodiscard]] Result<void> finish(DeviceRows& given, const FinishCall& call) override
    {
        Rows& rows = static_cast<Rows&>(given);
        const auto n = static_cast<std::size_t>(rows.count);
        const auto hidden = static_cast<std::size_t>(m_layer.hidden);
        ESPALIER_TRY(const auto residual, uploaded(static_cast<const T*>(call.residual), n * hidden));
        ESPALIER_TRY(auto routed, Buffer<T>::make(*m_backend, n * hidden));
        ESPALIER_TRY(auto turn, Buffer<double>::make(*m_backend, n));
        ESPALIER_TRY(auto ratio, Buffer<double>::make(*m_backend, n));
        ESPALIER_CHECK(
            m_backend->launch(Lane::Compute, FinishRows<T>{rows.sum.data(), residual.data(), routed.data(), turn.data(),
                                                           ratio.data(), rows.count, m_layer.hidden}));
        const auto give = [this](auto* to, const auto& buffer, std::size_t count) -> Result<void> {
            if (to == nullptr || buffer.data() == nullptr)
                return {};
            return m_backend->download(to, buffer.data(), count * sizeof(*buffer.data()));
        };
        const auto experts = static_cast<std::size_t>(m_layer.experts);
        ESPALIER_CHECK(give(call.routed, routed, n * hidden));
        if (call.residual != nullptr) {
            ESPALIER_CHECK(give(call.turn, turn, n));
            ESPALIER_CHECK(give(call.ratio, ratio, n));
        }
        ESPALIER_CHECK(give(call.norms, rows.norms, n * static_cast<std::size_t>(rows.topK)));
        ESPALIER_CHECK(give(call.maxima, rows.maxima, experts));
        ESPALIER_CHECK(give(call.outputSum, rows.outputSum, experts * hidden));
        return give(call.probOutputSum, rows.probOutputSum, experts * hidden);
    }

private:
    struct Slot {
        Buffer<T> weights, biases;
        Buffer<ExpertMatrices<T>> table;
        std::int32_t first = 0, count = 0;
    };
    struct Rows : DeviceRows {
        std::int32_t count = 0, topK = 0;
        std::vector<std::int32_t> hostBegin;
        Buffer<T> x;
        Buffer<float> scores, gate, sum, maxima;
        Buffer<int> begin_, row, slot, place;
        Buffer<double> norms, outputSum, probOutputSum;
        [[nodiscard]] std::span<const std::int32_t> begin() const override { return hostBegin; }
    };

    [[nodiscard]] std::size_t innerElements() const
    {
        return static_cast<std::size_t>(m_layer.width) * static_cast<std::size_t>(m_layer.hidden);
    }
    /// Multiples of 128 bytes, so that every matrix may be read in whole vectors.
    [[nodiscard]] std::size_t matrixElements() const { return (3 * innerElements() + 127) / 128 * 128; }
    [[nodiscard]] std::size_t biasElements() const
    {
        return static_cast<std::size_t>(2 * m_layer.width + m_layer.hidden);
    }
    [[nodiscard]] std::size_t chunkSize() const { return static_cast<std::size_t>(m_chunk); }
    [[nodiscard]] Slot& currentSlot() { return m_slots[(m_current - 1) % m_slots.size()]; }

    [[nodiscard]] Result<void> makeEvents()
    {
        if (m_hasEvents)
            return {};
        for (auto* event : {&m_ready[0], &m_ready[1], &m_computed[0], &m_computed[1], &m_joined}) {
            ESPALIER_TRY(*event, m_backend->makeEvent());
        }
        m_hasEvents = true;
        return {};
    }
    /// `second` goes on when `first` has done what it was given so far.
    [[nodiscard]] Result<void> join(Lane first, Lane second)
    {
        ESPALIER_CHECK(m_backend->record(first, m_joined));
        return m_backend->wait(second, m_joined);
    }
    template <typename U>
    [[nodiscard]] Result<Buffer<U>> uploaded(const U* from, std::size_t count)
    {
        if (from == nullptr)
            return Buffer<U>();
        ESPALIER_TRY(auto buffer, Buffer<U>::make(*m_backend, count));
        ESPALIER_CHECK(m_backend->upload(buffer.data(), from, count * sizeof(U)));
        return Result<Buffer<U>>(std::move(buffer));
    }
    template <typename U>
    [[nodiscard]] Result<Buffer<U>> zeros(std::size_t count)
    {
        ESPALIER_TRY(auto buffer, Buffer<U>::make(*m_backend, count));
        ESPALIER_CHECK(m_backend->zero(buffer.data(), count * sizeof(U)));
        return Result<Buffer<U>>(std::move(buffer));
    }
    template <typename W>
    [[nodiscard]] Result<void> logitsOf(const RouteCall& call, const T* x, float* logits)
    {
        const auto experts = static_cast<std::size_t>(call.experts);
        ESPALIER_TRY(const auto weight,
                     uploaded(static_cast<const W*>(call.weight), experts * static_cast<std::size_t>(call.hidden)));
        ESPALIER_TRY(const auto bias, uploaded(static_cast<const W*>(call.bias), experts));
        return m_backend->launch(Lane::Compute, RouterLogits<T, W>{x, weight.data(), bias.data(), logits, call.rows,
                                                                   call.experts, call.hidden, call.narrowLogits});
    }
    [[nodiscard]] Result<void> sort(const RouteCall& call, const int* ids, const float* gates, Rows& rows)
    {
        const std::size_t choices = static_cast<std::size_t>(call.rows) * static_cast<std::size_t>(call.rule.topK);
        ChoiceTable table{ids,     gates,   call.rows, call.rule.topK, call.experts, nullptr,
                          nullptr, nullptr, nullptr,   nullptr,        nullptr};
        ESPALIER_TRY(auto counts, Buffer<int>::make(*m_backend, static_cast<std::size_t>(table.chunks()) *
                                                                    static_cast<std::size_t>(call.experts)));
        ESPALIER_TRY(rows.begin_, Buffer<int>::make(*m_backend, static_cast<std::size_t>(call.experts) + 1));
        ESPALIER_TRY(rows.row, Buffer<int>::make(*m_backend, choices));
        ESPALIER_TRY(rows.slot, Buffer<int>::make(*m_backend, choices));
        ESPALIER_TRY(rows.gate, Buffer<float>::make(*m_backend, choices));
        ESPALIER_TRY(rows.place, Buffer<int>::make(*m_backend, choices));
        table.counts = counts.data();
        table.begin = rows.begin_.data();
        table.row = rows.row.data();
        table.slot = rows.slot.data();
        table.gate = rows.gate.data();
        table.place = rows.place.data();
        ESPALIER_CHECK(m_backend->launch(Lane::Compute, CountChoices{table}));
        ESPALIER_CHECK(m_backend->launch(Lane::Compute, ScanChoices{table}));
        return m_backend->launch(Lane::Compute, ScatterChoices{table});
    }

    [[nodiscard]] Result<void> stageExpert(const DeviceExpert& expert, T* gateUp, T* down, T* bias)
    {
        T* to = gateUp;
        std::int32_t rows = 0;
        for (const DeviceMatrix& matrix : expert.gateUp) {
            ESPALIER_CHECK(stageMatrix(matrix, {matrix.rows, expert.interleaved}, m_layer.hidden, to));
            to += static_cast<std::size_t>(matrix.rows) * static_cast<std::size_t>(m_layer.hidden);
            rows += matrix.rows;
        }
        if (rows != 2 * m_layer.width || expert.down.rows != m_layer.hidden)
            return internalError("an expert's matrices do not have the layer's shape");
        ESPALIER_CHECK(stageMatrix(expert.down, {expert.down.rows, false}, m_layer.width, down));
        const auto width = 2 * static_cast<std::size_t>(m_layer.width);
        if (expert.gateUpBias != nullptr)
            ESPALIER_CHECK(m_ring.copy(bias, {static_cast<const std::byte*>(expert.gateUpBias), sizeof(T) * width}));
        if (expert.downBias != nullptr)
            ESPALIER_CHECK(m_ring.copy(bias + width, {static_cast<const std::byte*>(expert.downBias),
                                                      sizeof(T) * static_cast<std::size_t>(m_layer.hidden)}));
        return {};
    }
    [[nodiscard]] Result<void> stageMatrix(const DeviceMatrix& matrix, RowPlaces places, std::int32_t columns, T* to)
    {
        using Form = DeviceMatrix::Form;
        const auto count = static_cast<std::size_t>(matrix.rows) * static_cast<std::size_t>(columns);
        if (count == 0)
            return {};
        const std::size_t bytes = matrix.form == Form::Compute ? count * sizeof(T)
                                  : matrix.form == Form::Mxfp4 ? count / 2
                                                               : count;
        if (matrix.columns != columns || matrix.bytes.size() != bytes ||
            (matrix.form == Form::Compute && places.interleaved) ||
            (matrix.form == Form::Mxfp4 && (columns % 32 != 0 || matrix.exponents.size() != count / 32)))
            return internalError("a matrix of an expert does not have the size of its shape");
        if (matrix.form == Form::Compute)
            return m_ring.copy(to, matrix.bytes);
        const auto scales = matrix.form == Form::Mxfp4 ? matrix.exponents : std::as_bytes(matrix.scales);
        const std::size_t scalesAt = (bytes + 255) / 256 * 256;
        ESPALIER_CHECK(reserveRaw(scalesAt + scales.size()));
        ESPALIER_CHECK(m_ring.copy(m_raw.data(), matrix.bytes));
        ESPALIER_CHECK(m_ring.copy(m_raw.data() + scalesAt, scales));
        if (matrix.form == Form::Mxfp4)
            return m_backend->launch(Lane::Copy,
                                     ExpandMxfp4<T>{m_raw.data(), m_raw.data() + scalesAt, to, places, columns});
        const auto grid = static_cast<std::size_t>(ceilDivide(matrix.rows, std::max(1, matrix.blockRows))) *
                          static_cast<std::size_t>(ceilDivide(columns, std::max(1, matrix.blockColumns)));
        if (matrix.blockRows < 1 || matrix.blockColumns < 1 || matrix.scales.size() != grid)
            return internalError("an 8-bit matrix of an expert has another number of scales than blocks");
        return m_backend->launch(Lane::Copy,
                                 ExpandFloat8<T>{m_raw.data(), reinterpret_cast<const float*>(m_raw.data() + scalesAt),
                                                 to, places, columns, matrix.blockRows, matrix.blockColumns,
                                                 matrix.form == Form::Float8E4M3 ? Float8::E4M3 : Float8::E5M2});
    }
    /// Place on the device for a matrix as stored; used along the copy lane alone.
    [[nodiscard]] Result<void> reserveRaw(std::size_t bytes)
    {
        if (bytes <= m_rawBytes && m_raw.data() != nullptr)
            return {};
        ESPALIER_CHECK(join(Lane::Copy, Lane::Compute));
        m_raw = {};
        ESPALIER_TRY(m_raw, Buffer<std::uint8_t>::make(*m_backend, bytes));
        m_rawBytes = bytes;
        return join(Lane::Compute, Lane::Copy);
    }

    std::unique_ptr<Backend> m_backend;
    DeviceInfo m_info;
    StagingRing<Backend> m_ring;
    DeviceLayer m_layer;
    std::int32_t m_chunk = 0;
    std::array<Slot, 2> m_slots;
    std::array<typename Backend::Event, 2> m_ready{}, m_computed{}; ///< of the slots
    typename Backend::Event m_joined{};
    bool m_hasEvents = false;
    std::size_t m_staged = 0, m_current = 0; ///< chunks of the layer
    Buffer<std::uint8_t> m_raw;
    std::size_t m_rawBytes = 0;
};

} // namespace espalier::engine::cuda
