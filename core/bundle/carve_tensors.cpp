// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_tensors.h"

#include "core/model/weight_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <memory>

namespace espalier::bundle {

namespace {

using checkpoint::Dtype;

bool isPlain(Dtype dtype)
{
    return dtype == Dtype::F32 || dtype == Dtype::F16 || dtype == Dtype::BF16;
}

/// A weight of the source as a matrix of whole elements: stored bytes, or float32 where those are blocks.
class Source {
public:
    explicit Source(const model::OpenModel& model) : m_model(model), m_bytes(model.checkpoint), m_numbers(model) {}

    [[nodiscard]] checkpoint::TensorInfo describe(const std::string& name) const
    {
        checkpoint::TensorInfo info = *m_model.checkpoint.find(name);
        if (!isPlain(info.dtype)) {
            info.dtype = Dtype::F32;
            info.bytes = static_cast<std::uint64_t>(info.elements()) * sizeof(float);
        }
        return info;
    }
    [[nodiscard]] Result<std::vector<std::byte>> read(const std::string& name)
    {
        const checkpoint::TensorInfo& info = *m_model.checkpoint.find(name);
        if (isPlain(info.dtype)) {
            ESPALIER_TRY(const auto stored, m_bytes.bytes(info));
            return std::vector<std::byte>(stored.begin(), stored.end());
        }
        ESPALIER_TRY(const std::vector<float> values, m_numbers.read(name));
        const auto bytes = std::as_bytes(std::span(values));
        return std::vector<std::byte>(bytes.begin(), bytes.end());
    }

private:
    const model::OpenModel& m_model;
    checkpoint::TensorReader m_bytes;
    model::WeightReader m_numbers;
};

/// Rows `order` of a matrix.
std::vector<std::byte> takeRows(std::span<const std::byte> matrix, std::size_t rowBytes,
                                std::span<const std::int32_t> order)
{
    std::vector<std::byte> out(order.size() * rowBytes);
    for (std::size_t i = 0; i < order.size(); ++i)
        std::memcpy(out.data() + i * rowBytes, matrix.data() + static_cast<std::size_t>(order[i]) * rowBytes, rowBytes);
    return out;
}

/// Columns `order` of a matrix of `rows` rows.
std::vector<std::byte> takeColumns(std::span<const std::byte> matrix, std::size_t rows, std::size_t elementBytes,
                                   std::span<const std::int32_t> order)
{
    const std::size_t rowBytes = matrix.size() / rows;
    std::vector<std::byte> out(rows * order.size() * elementBytes);
    std::byte* to = out.data();
    for (std::size_t row = 0; row < rows; ++row)
        for (const std::int32_t column : order) {
            std::memcpy(to, matrix.data() + row * rowBytes + static_cast<std::size_t>(column) * elementBytes,
                        elementBytes);
            to += elementBytes;
        }
    return out;
}

class Builder {
public:
    Builder(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format, bool routers)
        : m_model(model), m_carving(carving), m_format(format), m_routers(routers),
          m_source(std::make_shared<Source>(model))
    {
    }

    std::vector<MadeTensor> build()
    {
        const auto& tensors = m_model.checkpoint.tensors();
        for (std::size_t i = 0; i < tensors.size(); ++i)
            // GGUF files keep Llama 3's rotary divisors as a tensor, configurations as keys
            if (m_model.spec.uses[i].role != model::TensorRole::DenseFfn &&
                (m_model.spec.uses[i].role != model::TensorRole::Other || m_model.checkpoint.gguf() == nullptr))
                copy(tensors[i].name);
        for (std::size_t l = 0; l < m_carving.layers.size(); ++l)
            layer(m_model.spec.layers[l], m_carving.layers[l]);
        return std::move(m_tensors);
    }

private:
    void copy(const std::string& name)
    {
        MadeTensor tensor;
        tensor.out = m_source->describe(name);
        std::int64_t turned = 0; // elements of a head that turn, in neighbouring pairs
        for (const auto& layer : m_model.spec.layers)
            if (m_model.spec.rope.interleaved && (name == layer.q.weight || name == layer.k.weight))
                turned = m_model.spec.attention.headDim;
        tensor.make = [source = m_source, name, turned, rows = tensor.out.shape]() -> Result<std::vector<std::byte>> {
            ESPALIER_TRY(auto bytes, source->read(name));
            if (turned == 0)
                return bytes;
            // Pairs (0, 1), (2, 3) … become (0, d / 2), (1, d / 2 + 1) …, which is what configurations mean
            std::vector<std::int32_t> order;
            for (std::int64_t head = 0; head < rows[0] / turned; ++head)
                for (std::int64_t half = 0; half < 2; ++half)
                    for (std::int64_t i = 0; i < turned / 2; ++i)
                        order.push_back(static_cast<std::int32_t>(head * turned + 2 * i + half));
            return takeRows(bytes, bytes.size() / static_cast<std::size_t>(rows[0]), order);
        };
        m_tensors.push_back(std::move(tensor));
    }

    /// The neurons `order` of a layer as a feed-forward block of its own.
    void block(const model::FfnNames& from, const std::string& prefix, std::span<const std::int32_t> order)
    {
        const auto count = static_cast<std::int64_t>(order.size());
        for (const auto& [name, part] : {std::pair{from.gate.weight, "gate"}, std::pair{from.up.weight, "up"}}) {
            MadeTensor tensor;
            tensor.out = m_source->describe(name);
            const auto rowBytes =
                static_cast<std::size_t>(tensor.out.bytes) / static_cast<std::size_t>(tensor.out.shape[0]);
            tensor.out.bytes = order.size() * rowBytes;
            tensor.out.shape[0] = count;
            tensor.out.name = fmt::format("{}{}_proj.weight", prefix, part);
            tensor.make = [source = m_source, name = name, order, rowBytes]() -> Result<std::vector<std::byte>> {
                ESPALIER_TRY(const auto bytes, source->read(name));
                return takeRows(bytes, rowBytes, order);
            };
            m_tensors.push_back(std::move(tensor));
        }
        MadeTensor tensor;
        tensor.out = m_source->describe(from.down.weight);
        const auto rows = static_cast<std::size_t>(tensor.out.shape[0]);
        const std::size_t element = checkpoint::blockSize(tensor.out.dtype).bytes;
        tensor.out.shape[1] = count;
        tensor.out.bytes = rows * order.size() * element;
        tensor.out.name = prefix + "down_proj.weight";
        tensor.make = [source = m_source, name = from.down.weight, order, rows,
                       element]() -> Result<std::vector<std::byte>> {
            ESPALIER_TRY(const auto bytes, source->read(name));
            return takeColumns(bytes, rows, element, order);
        };
        m_tensors.push_back(std::move(tensor));
    }

    void layer(const model::LayerSpec& spec, const engine::CarvedLayer& carved)
    {
        const auto& shape = m_carving.settings.shape;
        const std::string prefix = fmt::format("model.layers.{}.mlp.", spec.index.value());
        const std::span<const std::int32_t> order(carved.split.order);
        const auto width = static_cast<std::size_t>(shape.expertWidth());
        const auto shared = order.first(static_cast<std::size_t>(shape.sharedWidth()));
        if (m_format == CarveFormat::Dense) {
            block(spec.dense, prefix, shared);
            return;
        }
        if (!shared.empty())
            block(spec.dense, prefix + "shared_experts.", shared);
        for (int e = 0; e < shape.routed(); ++e)
            block(spec.dense, fmt::format("{}experts.{}.", prefix, e),
                  order.subspan(shared.size() + static_cast<std::size_t>(e) * width, width));
        if (!m_routers)
            return;
        if (m_format == CarveFormat::Stock)
            stockRouter(prefix + "gate.", carved);
        else
            ownRouter(prefix + "gate.", carved.router);
    }

    void stockRouter(const std::string& prefix, const engine::CarvedLayer& carved)
    {
        const std::int64_t experts = m_carving.settings.shape.routed();
        // A power of two changes no number but its exponent
        const double scale = std::exp2(std::floor(std::log2(kStockLogit / std::max(carved.largestLogit, 1e-6))));
        std::vector<float> weight = carved.router.weight, bias = carved.router.bias;
        for (float& value : weight)
            value = static_cast<float>(value * scale);
        for (float& value : bias) // sigmoid(z) = 1/2 + z/4 to the first order
            value = static_cast<float>(value * scale / 4);
        m_tensors.push_back(madeOfFloats(prefix + "weight", {experts, m_model.spec.hidden}, std::move(weight)));
        m_tensors.push_back(madeOfFloats(prefix + "e_score_correction_bias", {experts}, std::move(bias)));
    }

    /// The names are those of family_carved.cpp. Gain and correction bias are there to be trained or balanced.
    void ownRouter(const std::string& prefix, const engine::CarvedRouter& router)
    {
        const std::int64_t experts = m_carving.settings.shape.routed();
        const std::int64_t hidden = m_model.spec.hidden;
        const std::int64_t rows = router.perExpert;
        const auto add = [&](const char* name, std::vector<std::int64_t> shape, const std::vector<float>& values) {
            m_tensors.push_back(madeOfFloats(prefix + name, std::move(shape), values));
        };
        const std::vector<float> zeros(static_cast<std::size_t>(experts), 0.0F);
        add("e_score_correction_bias", {experts}, zeros);
        add("gain", {experts}, zeros);
        if (router.kind == engine::RouterKind::Linear) {
            add("weight", {experts, hidden}, router.weight);
            add("bias", {experts}, router.bias);
            return;
        }
        add("gate_rows", {experts, rows, hidden}, router.gate);
        add("up_rows", {experts, rows, hidden}, router.up);
        if (router.kind == engine::RouterKind::LowRank) {
            const std::int64_t width = m_carving.settings.shape.expertWidth();
            add("gate_out", {experts, width, rows}, router.gateOut);
            add("up_out", {experts, width, rows}, router.upOut);
            return;
        }
        add("scale", {experts, rows}, router.scale);
        if (router.kind != engine::RouterKind::Paper)
            add("offset", {experts}, router.bias.empty() ? zeros : router.bias);
    }

    const model::OpenModel& m_model;
    const engine::Carving& m_carving;
    CarveFormat m_format;
    bool m_routers;
    std::shared_ptr<Source> m_source;
    std::vector<MadeTensor> m_tensors;
};

} // namespace

Result<std::vector<MadeTensor>> carvedTensors(const model::OpenModel& model, const engine::Carving& carving,
                                              CarveFormat format, bool routers)
{
    if (!model.spec.stored.empty())
        return badInput("the model's weights are quantised with scales in tensors of their own; their rows cannot be "
                        "moved one by one",
                        model.checkpoint.path().string(), "tensor " + model.spec.stored.begin()->first,
                        "Carve the model's version in bfloat16, float16 or float32, or a GGUF file");
    return Builder(model, carving, format, routers).build();
}

} // namespace espalier::bundle
