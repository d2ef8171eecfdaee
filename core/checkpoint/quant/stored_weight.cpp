// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/stored_weight.h"

#include "core/checkpoint/quant/expand.h"
#include "core/checkpoint/quant/int_groups.h"
#include "core/checkpoint/quant/mxfp4.h"
#include "core/checkpoint/quant/scaled.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace espalier::checkpoint {

namespace {

using Shape = std::vector<std::int64_t>;

std::int64_t ceilDiv(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

/// Finds the parts of one weight and checks them against its logical shape.
class Search {
public:
    Search(const Checkpoint& checkpoint, const QuantScheme& scheme, std::string_view name,
           std::span<const std::int64_t> shape)
        : m_checkpoint(checkpoint), m_scheme(scheme), m_name(name),
          m_stem(name.ends_with(".weight") ? name.substr(0, name.size() - 6) : name)
    {
        m_weight.shape.assign(shape.begin(), shape.end());
    }

    Result<std::optional<StoredWeight>> run()
    {
        const std::string stem(m_stem);
        if (take(std::string(m_name), m_weight.main))
            return isNarrow(tensor(m_weight.main).dtype) ? scaled() : plain();
        if (m_weight.shape.size() < 2)
            return std::optional<StoredWeight>();
        if (take(stem + "_blocks", m_weight.main))
            return mxfp4();
        if (take(stem + "weight_packed", m_weight.main))
            return packed();
        if (take(stem + "qweight", m_weight.main))
            return m_scheme.method == "awq" ? awq() : gptq();
        return std::optional<StoredWeight>();
    }

private:
    using Found = Result<std::optional<StoredWeight>>;

    static bool isNarrow(Dtype dtype) { return dtype == Dtype::F8E4M3 || dtype == Dtype::F8E5M2 || dtype == Dtype::I8; }
    [[nodiscard]] const TensorInfo& tensor(std::size_t index) const { return m_checkpoint.tensors()[index]; }
    bool take(const std::string& name, std::size_t& into) const
    {
        const TensorInfo* found = m_checkpoint.find(name);
        if (found != nullptr)
            into = static_cast<std::size_t>(found - m_checkpoint.tensors().data());
        return found != nullptr;
    }
    [[nodiscard]] Error error(std::size_t index, std::string message, std::string remedy) const
    {
        const TensorInfo& at = tensor(index);
        return base::badInput(std::move(message),
                              (m_checkpoint.folder() / m_checkpoint.shards()[at.shard].file).string(),
                              "tensor " + at.name, std::move(remedy));
    }
    [[nodiscard]] Error wrongShape(std::size_t index, const Shape& expected) const
    {
        return error(index,
                     fmt::format("the shape is [{}], by the config it must be [{}]",
                                 fmt::join(tensor(index).shape, ", "), fmt::join(expected, ", ")),
                     "Config and weights belong to different models");
    }
    /// The logical shape with other last dimensions.
    [[nodiscard]] Shape like(std::int64_t rows, std::int64_t columns,
                             std::initializer_list<std::int64_t> more = {}) const
    {
        Shape shape(m_weight.shape.begin(), m_weight.shape.end() - 2);
        shape.insert(shape.end(), {rows, columns});
        shape.insert(shape.end(), more);
        return shape;
    }
    [[nodiscard]] Result<void> check(std::size_t index, const Shape& shape, std::initializer_list<Dtype> types) const
    {
        if (tensor(index).shape != shape)
            return wrongShape(index, shape);
        if (std::find(types.begin(), types.end(), tensor(index).dtype) == types.end())
            return error(index, fmt::format("dtype {} was not expected here", dtypeName(tensor(index).dtype)),
                         "Use the model's version in bfloat16, float16 or float32");
        return {};
    }
    [[nodiscard]] Result<void> checkScale(const Shape& shape) const
    {
        return check(m_weight.scale, shape, {Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::F8E8M0});
    }
    [[nodiscard]] Result<void> need(const std::string& name, std::size_t& into) const
    {
        if (!take(name, into))
            return error(m_weight.main, fmt::format("its companion {} is missing", name), "Fetch the model again");
        return {};
    }

    Found plain()
    {
        m_weight.encoding = Encoding::Plain;
        if (tensor(m_weight.main).shape != m_weight.shape)
            return wrongShape(m_weight.main, m_weight.shape);
        return std::optional(m_weight);
    }

    Found scaled()
    {
        m_weight.encoding = Encoding::Scaled;
        if (tensor(m_weight.main).shape != m_weight.shape)
            return wrongShape(m_weight.main, m_weight.shape);
        const std::string name(m_name);
        if (!take(name + "_scale_inv", m_weight.scale) && !take(name + "_scale", m_weight.scale))
            return m_scheme.method.empty() && tensor(m_weight.main).dtype != Dtype::I8
                       ? plain() // 8-bit floats that stand for themselves
                       : Found(error(m_weight.main, fmt::format("its companion {}_scale_inv is missing", name),
                                     "Fetch the model again"));
        const std::int64_t rows = m_weight.rows();
        const std::int64_t columns = m_weight.columns();
        const TensorInfo& scale = tensor(m_weight.scale);
        const std::int64_t perMatrix = scale.elements() / std::max<std::int64_t>(1, m_weight.count());
        m_weight.blockRows = m_scheme.blockRows;
        m_weight.blockColumns = m_scheme.blockColumns;
        if (perMatrix == 1 &&
            (rows > m_weight.blockRows || columns > m_weight.blockColumns || scale.shape.size() < 2)) {
            m_weight.blockRows = rows; // one for the whole matrix
            m_weight.blockColumns = columns;
        } else if (m_weight.shape.size() > 1 && (scale.shape == like(rows, 1) || scale.shape == Shape{rows}) &&
                   rows != ceilDiv(rows, m_weight.blockRows)) {
            m_weight.blockRows = 1; // one for every output
            m_weight.blockColumns = columns;
        } else if (m_scheme.groupSize > 0 && scale.shape.size() > 1 &&
                   scale.shape == like(rows, ceilDiv(columns, m_scheme.groupSize))) {
            m_weight.blockRows = 1;
            m_weight.blockColumns = m_scheme.groupSize;
        } else if (m_weight.shape.size() > 1) {
            ESPALIER_CHECK(
                checkScale(like(ceilDiv(rows, m_weight.blockRows), ceilDiv(columns, m_weight.blockColumns))));
        } else {
            return wrongShape(m_weight.scale, {1});
        }
        ESPALIER_CHECK(checkScale(scale.shape));
        return std::optional(m_weight);
    }

    Found mxfp4()
    {
        m_weight.encoding = Encoding::Mxfp4;
        ESPALIER_CHECK(need(std::string(m_stem) + "_scales", m_weight.scale));
        const std::int64_t blocks = m_weight.columns() / 32;
        if (m_weight.columns() % 32 != 0)
            return error(m_weight.main, fmt::format("{} inputs do not divide into blocks of 32", m_weight.columns()),
                         {});
        ESPALIER_CHECK(check(m_weight.main, like(m_weight.rows(), blocks, {16}), {Dtype::U8}));
        ESPALIER_CHECK(check(m_weight.scale, like(m_weight.rows(), blocks), {Dtype::U8, Dtype::F8E8M0}));
        return std::optional(m_weight);
    }

    /// Bits of packed words: those that make `values` fill `words`; the config's where several would.
    [[nodiscard]] Result<void> findBits(std::int64_t values, std::int64_t words)
    {
        const std::array<int, 4> candidates{m_scheme.bits, 4, 8, 2};
        for (const int bits : candidates)
            if ((bits == 2 || bits == 4 || bits == 8) && ceilDiv(values * bits, 32) == words) {
                m_weight.bits = bits;
                return {};
            }
        return error(m_weight.main, fmt::format("{} values do not fit {} words of 32 bits", values, words),
                     "Widths of 2, 4 and 8 bits are known");
    }

    /// Scales' second dimension -> groups, and whether the config's size of a group leads to as many.
    [[nodiscard]] Result<void> setGroups(std::int64_t groups)
    {
        m_weight.groups = groups;
        m_weight.groupSize = m_scheme.groupSize;
        if (groups <= 0 || groups > m_weight.columns() ||
            (m_weight.groupSize > 0 && ceilDiv(m_weight.columns(), m_weight.groupSize) != groups && groups != 1))
            return error(
                m_weight.scale,
                fmt::format("{} scales for {} inputs in groups of {}", groups, m_weight.columns(), m_weight.groupSize),
                "Config and weights belong to different models");
        if (groups == 1)
            m_weight.groupSize = m_weight.columns();
        return {};
    }

    Found packed()
    {
        m_weight.encoding = Encoding::Packed;
        const std::string stem(m_stem);
        ESPALIER_CHECK(need(stem + "weight_scale", m_weight.scale));
        const TensorInfo& words = tensor(m_weight.main);
        const std::int64_t rows = m_weight.rows();
        if (words.dtype != Dtype::I32 || words.shape.size() != m_weight.shape.size())
            return error(m_weight.main, fmt::format("packed weights of dtype {} are not known", dtypeName(words.dtype)),
                         "Use the model's version in bfloat16, float16 or float32");
        ESPALIER_CHECK(findBits(m_weight.columns(), words.shape.back()));
        ESPALIER_CHECK(check(m_weight.main, like(rows, words.shape.back()), {Dtype::I32}));
        const TensorInfo& scale = tensor(m_weight.scale);
        ESPALIER_CHECK(setGroups(scale.shape.empty() ? 0 : scale.shape.back()));
        ESPALIER_CHECK(checkScale(like(rows, m_weight.groups)));
        if (take(stem + "weight_zero_point", m_weight.zero))
            ESPALIER_CHECK(
                check(m_weight.zero, like(ceilDiv(rows * m_weight.bits, 32), m_weight.groups), {Dtype::I32}));
        if (take(stem + "weight_g_idx", m_weight.groupOf))
            ESPALIER_CHECK(check(m_weight.groupOf, {m_weight.columns()}, {Dtype::I32}));
        return std::optional(m_weight);
    }

    [[nodiscard]] Result<void> qweight(std::int64_t wordRows, std::int64_t wordColumns)
    {
        const std::string stem(m_stem);
        const std::int64_t rows = m_weight.rows();
        ESPALIER_CHECK(need(stem + "scales", m_weight.scale));
        ESPALIER_CHECK(check(m_weight.main, like(wordRows, wordColumns), {Dtype::I32}));
        const TensorInfo& scale = tensor(m_weight.scale);
        ESPALIER_CHECK(setGroups(scale.shape.size() < 2 ? 0 : scale.shape[scale.shape.size() - 2]));
        ESPALIER_CHECK(checkScale(like(m_weight.groups, rows)));
        if (take(stem + "qzeros", m_weight.zero))
            ESPALIER_CHECK(
                check(m_weight.zero, like(m_weight.groups, ceilDiv(rows * m_weight.bits, 32)), {Dtype::I32}));
        return {};
    }

    Found gptq()
    {
        m_weight.encoding = Encoding::Gptq;
        m_weight.zeroOffset = m_scheme.zeroOffset;
        const Shape& words = tensor(m_weight.main).shape;
        ESPALIER_CHECK(findBits(m_weight.columns(), words.size() < 2 ? 0 : words[words.size() - 2]));
        ESPALIER_CHECK(qweight(words[words.size() - 2], m_weight.rows()));
        if (take(std::string(m_stem) + "g_idx", m_weight.groupOf))
            ESPALIER_CHECK(check(m_weight.groupOf, {m_weight.columns()}, {Dtype::I32}));
        return std::optional(m_weight);
    }

    Found awq()
    {
        m_weight.encoding = Encoding::Awq;
        m_weight.bits = 4;
        if (m_weight.rows() % 8 != 0)
            return error(m_weight.main, fmt::format("{} outputs do not divide into words of 8", m_weight.rows()), {});
        ESPALIER_CHECK(qweight(m_weight.columns(), m_weight.rows() / 8));
        return std::optional(m_weight);
    }

    const Checkpoint& m_checkpoint;
    const QuantScheme& m_scheme;
    std::string_view m_name, m_stem;
    StoredWeight m_weight;
};

} // namespace

Result<std::optional<StoredWeight>> findStoredWeight(const Checkpoint& checkpoint, const QuantScheme& scheme,
                                                     std::string_view name, std::span<const std::int64_t> shape)
{
    return Search(checkpoint, scheme, name, shape).run();
}

std::vector<std::size_t> companionsOf(const Checkpoint& checkpoint, std::string_view name)
{
    // Suffixes seen in the wild; those of experts are found by their prefix alone
    constexpr std::string_view kTails[] = {"weight_scale_inv",
                                           "weight_scale",
                                           "weight_scale_2",
                                           "weight_zero_point",
                                           "weight_g_idx",
                                           "weight_shape",
                                           "weight_packed",
                                           "weight_global_scale",
                                           "input_scale",
                                           "input_global_scale",
                                           "input_zero_point",
                                           "output_scale",
                                           "activation_scale",
                                           "qweight",
                                           "qzeros",
                                           "scales",
                                           "g_idx",
                                           "k_scale",
                                           "v_scale"};
    std::vector<std::size_t> found;
    if (!name.ends_with(".weight"))
        return found;
    const std::string stem(name.substr(0, name.size() - 6));
    for (const std::string_view tail : kTails)
        if (const TensorInfo* tensor = checkpoint.find(stem + std::string(tail)))
            found.push_back(static_cast<std::size_t>(tensor - checkpoint.tensors().data()));
    return found;
}

TensorInfo partOf(const TensorInfo& tensor, const StoredWeight& weight, std::int64_t index)
{
    TensorInfo part = tensor;
    const auto count = static_cast<std::uint64_t>(weight.count());
    part.bytes = tensor.bytes / count;
    part.offset += static_cast<std::uint64_t>(index) * part.bytes;
    if (weight.shape.size() == 3 && !part.shape.empty())
        part.shape.erase(part.shape.begin());
    return part;
}

Result<void> checkGroups(const StoredWeight& weight, const WeightBytes& bytes)
{
    if (weight.encoding != Encoding::Packed && weight.encoding != Encoding::Gptq && weight.encoding != Encoding::Awq)
        return {};
    IntGroups groups;
    groups.rows = weight.rows();
    groups.columns = weight.columns();
    groups.groups = weight.groups;
    groups.groupOf = bytes.groupOf;
    groups.groupSize = weight.groupSize;
    if (!groupsInRange(groups))
        return base::badInput("an input's group is outside the scales");
    return {};
}

void expandWeight(const StoredWeight& weight, Dtype main, Dtype scale, const WeightBytes& bytes, std::span<float> out)
{
    const std::int64_t rows = weight.rows();
    const std::int64_t columns = weight.columns();
    std::vector<float> scales;
    if (!bytes.scale.empty() && weight.encoding != Encoding::Mxfp4) {
        scales.resize(bytes.scale.size() * blockSize(scale).elements / blockSize(scale).bytes);
        expand(scale, bytes.scale, scales);
    }
    const IntGroups groups{rows,   columns,    weight.bits,   weight.groups,   bytes.main,
                           scales, bytes.zero, bytes.groupOf, weight.groupSize};
    switch (weight.encoding) {
    case Encoding::Plain:
        expand(main, bytes.main, out);
        break;
    case Encoding::Scaled:
        expandScaled(main, bytes.main, rows, columns, {scales, weight.blockRows, weight.blockColumns}, out);
        break;
    case Encoding::Mxfp4:
        expandMxfp4(bytes.main, bytes.scale, out);
        break;
    case Encoding::Packed:
        expandPacked(groups, out);
        break;
    case Encoding::Gptq:
        expandGptq(groups, weight.zeroOffset, out);
        break;
    case Encoding::Awq:
        expandAwq(groups, out);
        break;
    }
}

} // namespace espalier::checkpoint
